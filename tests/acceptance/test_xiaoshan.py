"""Xiaoshan: small and scattered homes, their defects, and the group that takes them over (rows X1 and X9 to X18)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.jobs import Worker
from eldercare.planning.run import tasks
from eldercare.registry import CapacityPeriod
from eldercare.registry.capacity import BedType
from small_county import DAY, fill

CENTRES = ("瓜沥镇", "临浦镇", "党湾镇", "楼塔镇", "河上镇")
UNIFIED = ("BRAND", "MANAGEMENT_STANDARDS", "PERSONNEL", "FINANCE_PROCUREMENT", "HARDWARE")
Data = Callable[..., Any]


@pytest.fixture
def ask(tell: Asker) -> Data:
    """The data of an answer; an error of the request fails the test, a refusal does not."""

    def asked(query: str, **variables: Any) -> Any:
        answer = tell(query, variables)
        assert "errors" not in answer, answer
        return answer["data"]

    return asked


@pytest.fixture
def place(engine: Engine) -> dict[str, Any]:
    """A district with five support centres that their towns run, and the group that is to run them."""
    with Session(engine) as session:
        w = make.writer(session)
        district = make.division(w, name="萧山区")
        town = make.organisation(w, name="瓜沥镇人民政府", kind="GOVERNMENT")
        group = make.organisation(w, name="萧山区养老集团", kind="STATE_ENTERPRISE", brand="萧颐")
        found = []
        for name in CENTRES:
            values = {"name": f"{name}农村五保供养服务中心", "kind": "RURAL_SUPPORT_CENTER", "division_id": district.id}
            centre = make.facility(w, **values)
            make.phase(w, centre.id)
            make.capacity(w, centre.id, open=100, filed=100, designed=100)
            make.contract(w, centre.id, town.id, valid_from="2015-01-01", valid_to="2020-01-01")
            make.contract(w, centre.id, group.id, valid_from="2020-01-01", group_operation=True)
            found.append(f"Facility_{centre.id}")
        session.commit()
        return {
            "district": f"Division_{district.id}",
            "town": f"Organisation_{town.id}",
            "group": f"Organisation_{group.id}",
            "centres": found,
        }


def test_x1_small_and_empty_homes_are_listed_as_candidates_for_a_merger(ask: Data, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        district = make.division(w)
        for name, beds, people in (("小院", 39, 2), ("满院", 39, 10), ("大院", 40, 2), ("空院", 12, 0)):
            home = make.facility(w, name=name, kind="RURAL_SUPPORT_CENTER", division_id=district.id)
            make.capacity(w, home.id, open=beds, filed=beds, designed=beds)
            for _ in range(people):
                make.stay(w, make.person(w).id, home.id)
        session.commit()
        within = f"Division_{district.id}"
    rows = "facility { name } beds residents"
    found = ask(f"query Q($in: ID!) {{ smallFacilities(division: $in) {{ {rows} }} }}", **{"in": within})
    assert [(row["facility"]["name"], row["beds"], row["residents"]) for row in found["smallFacilities"]] == [
        ("空院", 12, 0),
        ("小院", 39, 2),
    ]
    wider = "query Q($in: ID!) { smallFacilities(division: $in, bedsBelow: 41, residentsBelow: 11) { beds } }"
    assert len(ask(wider, **{"in": within})["smallFacilities"]) == 4


STUDY = (
    """mutation ($input: CreateStudyInput!) { createStudy(input: $input) { study { id } errors { code message } } }"""
)
OUTCOME = """query ($id: ID!) { study(id: $id) { state failure { code } outcome { scenarios { name changes { en }
  curves(indicators: ["residents", "beds"]) { indicator years { mean } } } } } }"""


def test_x1_a_study_from_the_registry_merges_them_and_keeps_everybody(
    ask: Data, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eldercare.jobs.worker.make_executor", ThreadPoolExecutor)
    with Session(engine) as session, session.begin():
        county = fill(session)
        large = county.home
        county.home = county.facility("T2", "Small home")
        small = session.scalars(select(CapacityPeriod).where(CapacityPeriod.facility_id == county.home)).all()
        for period in small:
            period.open = period.filed = 12 if period.bed_type is BedType.ORDINARY else 4
        for number in range(7):
            county.stay(BedType.ORDINARY, DAY.replace(year=2018), age=75 + number, level=1)
        small_id, large_id = f"Facility_{county.home}", f"Facility_{large}"
    listed = ask('{ smallFacilities(asOf: "2020-05-19") { facility { id } beds residents } }')["smallFacilities"]
    assert listed == [{"facility": {"id": small_id}, "beds": 16, "residents": 7}]
    query = 'query Q($id: ID!) { facility(id: $id, asOf: "2020-05-19") { residents openBeds } }'
    receiver = ask(query, id=large_id)["facility"]
    assert listed[0]["residents"] <= receiver["openBeds"] - receiver["residents"]
    scenarios = [
        {"name": "as-it-is", "title": {"en": "As it is", "zh": "维持现状"}},
        {
            "name": "merged",
            "title": {"en": "Small homes merged", "zh": "低小散整合"},
            "measures": [{"kind": "merge_small", "from": 0, "beds_below": 40, "residents_below": 10}],
        },
    ]
    wanted = {"territory": "990101", "asOf": "2020-05-19", "years": 1, "replications": 4, "seed": 3}
    asked_for = ask(STUDY, input={**wanted, "scenarios": scenarios})["createStudy"]
    assert asked_for["errors"] == []
    Worker(engine, tasks(), processes=1).run(once=True)
    study = ask(OUTCOME, id=asked_for["study"]["id"])["study"]
    assert (study["state"], study["failure"]) == ("DONE", None)
    base, merged = study["outcome"]["scenarios"]
    first = [{each["indicator"]: each["years"][0]["mean"] for each in one["curves"]} for one in (base, merged)]
    assert [each["residents"] for each in first] == [41, 41]
    assert first[1]["residents"] <= first[1]["beds"] <= first[0]["beds"]


def test_x9_the_four_defects_are_findings_of_an_inspection(ask: Data, place: dict[str, Any]) -> None:
    home = place["centres"][0]
    visit = """mutation M($home: ID!) { createInspection(input: {facilityId: $home, kind: SPECIAL, startedOn: "2020-03-02"}) {
      inspection { id state } errors { code } } }"""
    inspection = ask(visit, home=home)["createInspection"]["inspection"]
    assert inspection["state"] == "UNDER_WAY"
    note = """mutation M($home: ID!, $visit: ID!, $what: FindingCategory!) { createFinding(input: {facilityId: $home,
      inspectionId: $visit, category: $what, foundOn: "2020-03-02"}) { errors { code } } }"""
    defects = (
        "BACKWARD_INFRASTRUCTURE",
        "EXTENSIVE_MANAGEMENT",
        "WEAK_PROFESSIONAL_SERVICES",
        "WEAK_SUPPORT_CAPACITY",
    )
    for what in defects:
        assert ask(note, home=home, visit=inspection["id"], what=what)["createFinding"]["errors"] == []
    listed = "query Q($id: ID!) { facility(id: $id) { findings { nodes { category inspection { kind } } } } }"
    rows = ask(listed, id=home)["facility"]["findings"]["nodes"]
    assert [(row["category"], row["inspection"]["kind"]) for row in rows] == [(each, "SPECIAL") for each in defects]
    elsewhere = ask(note, home=place["centres"][1], visit=inspection["id"], what="OTHER")["createFinding"]["errors"]
    assert elsewhere == [{"code": "INSPECTION_OF_ANOTHER"}]


def test_x10_before_the_contract_the_town_runs_a_centre_and_after_it_the_group(
    ask: Data, place: dict[str, Any]
) -> None:
    query = """query Q($id: ID!, $on: Date) { facilities(asOf: $on, filter: {id: {eq: $id}}) { nodes { operator { name } 
      contracts { nodes { groupOperation } } } } }"""
    before = ask(query, id=place["centres"][0], on="2019-12-31")["facilities"]["nodes"][0]
    after = ask(query, id=place["centres"][0], on="2020-01-01")["facilities"]["nodes"][0]
    assert (before["operator"]["name"], after["operator"]["name"]) == ("瓜沥镇人民政府", "萧山区养老集团")
    assert (before["contracts"]["nodes"], after["contracts"]["nodes"]) == (
        [{"groupOperation": False}],
        [{"groupOperation": True}],
    )
    history = "query Q($id: ID!) { facilities(filter: {id: {eq: $id}}) { nodes { contracts(history: true) { totalCount } } } }"
    assert ask(history, id=place["centres"][0])["facilities"]["nodes"][0]["contracts"]["totalCount"] == 2


def test_x11_less_than_the_contract_demands_cannot_be_reserved(ask: Data, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        home = make.facility(w)
        make.capacity(w, home.id, open=100, filed=100, designed=100)
        make.contract(w, home.id, make.organisation(w).id, reserved_share_min="0.20")
        session.commit()
        home_id = f"Facility_{home.id}"
    period = ask("query Q($id: ID!) { facility(id: $id) { capacity { nodes { id } } } }", id=home_id)
    within = period["facility"]["capacity"]["nodes"][0]["id"]
    keep = """mutation M($in: ID!, $beds: Int!) { createCapacityReserve(input: {capacityPeriodId: $in, 
      category: EXTREMELY_POOR, beds: $beds}) { capacityReserve { id } errors { code remedy } } }"""
    refused = ask(keep, **{"in": within}, beds=19)["createCapacityReserve"]
    assert [each["code"] for each in refused["errors"]] == ["RESERVED_TOO_FEW"]
    kept = ask(keep, **{"in": within}, beds=20)["createCapacityReserve"]
    assert kept["errors"] == []
    key = kept["capacityReserve"]["id"]
    fewer = "mutation M($id: ID!) { correctCapacityReserve(id: $id, input: {beds: 5}) { errors { code } } }"
    assert ask(fewer, id=key)["correctCapacityReserve"]["errors"] == [{"code": "RESERVED_TOO_FEW"}]
    none = 'mutation M($id: ID!) { annulCapacityReserve(id: $id, reason: "x") { errors { code } } }'
    assert ask(none, id=key)["annulCapacityReserve"]["errors"] == [{"code": "RESERVED_TOO_FEW"}]
    more = """mutation M($home: ID!, $kept: Int!) { setCapacity(input: {facilityId: $home, bedType: ORDINARY, on: "2026-05-01",
      open: 150, filed: 150, reserved: [{category: EXTREMELY_POOR, beds: $kept}]}) { capacityPeriod { open } errors { code } } }"""
    assert ask(more, home=home_id, kept=29)["setCapacity"]["errors"] == [{"code": "RESERVED_TOO_FEW"}]
    assert ask(more, home=home_id, kept=30)["setCapacity"]["capacityPeriod"] == {"open": 150}


def test_x13_five_unifications_of_five_centres_are_25_cells(ask: Data, place: dict[str, Any]) -> None:
    set_one = """mutation M($home: ID!, $item: Unification!, $state: UnificationState!, $on: Date!) { setUnification(input:
      {facilityId: $home, item: $item, state: $state, on: $on}) { errors { code } } }"""
    for home in place["centres"]:
        for item in UNIFIED[:2]:
            given = {"home": home, "item": item, "on": "2020-02-01"}
            assert ask(set_one, **given, state="UNDER_WAY")["setUnification"]["errors"] == []
    done = {"home": place["centres"][0], "item": "BRAND", "state": "DONE", "on": "2020-06-01"}
    assert ask(set_one, **done)["setUnification"]["errors"] == []
    query = """query Q($group: ID!, $on: Date) { groupDashboard(group: $group, asOf: $on) { item state since }
      groupFigures(group: $group, asOf: $on) { facilities beds cells cellsDone } }"""
    found = ask(query, group=place["group"], on="2020-06-01")
    states = [cell["state"] for cell in found["groupDashboard"]]
    assert (len(states), states.count("DONE"), states.count("UNDER_WAY"), states.count("NOT_STARTED")) == (25, 1, 9, 15)
    assert found["groupFigures"] == {"facilities": 5, "beds": 500, "cells": 25, "cellsDone": 1}
    before = ask(query, group=place["group"], on="2020-05-31")["groupDashboard"]
    assert [cell["state"] for cell in before].count("UNDER_WAY") == 10
    assert ask(query, group=place["group"], on="2019-12-31")["groupDashboard"] == []


def test_x14_a_centre_shows_two_stars_only_with_a_rating_valid_on_the_date(ask: Data, place: dict[str, Any]) -> None:
    home = place["centres"][0]
    apply = """mutation M($home: ID!) { applyForRating(input: {facilityId: $home, scheme: INSTITUTION_STAR, level: 2,
      on: "2020-06-01"}) { rating { id status levelName levelNameZh } errors { code } } }"""
    rating = ask(apply, home=home)["applyForRating"]["rating"]
    assert (rating["status"], rating["levelName"], rating["levelNameZh"]) == ("APPLIED", "two stars", "二星级")
    give = """mutation M($id: ID!, $by: ID!) { issueRating(input: {ratingId: $id, issuerId: $by, on: "2020-09-15"}) {
      rating { status validTo } errors { code } } }"""
    early = ask(give, id=rating["id"], by=place["district"])["issueRating"]
    assert early == {"rating": None, "errors": [{"code": "NOT_PUBLICISED"}]}
    step = """mutation M($id: ID!, $to: RatingStatus!, $on: Date!) { advanceRating(input: {ratingId: $id, status: $to, on: $on}) {
      rating { status } errors { code } } }"""
    skipped = ask(step, id=rating["id"], to="REVIEWED", on="2020-07-01")["advanceRating"]["errors"]
    assert skipped == [{"code": "TRANSITION"}]
    for to, on in (("SELF_ASSESSED", "2020-07-01"), ("REVIEWED", "2020-08-01"), ("PUBLICISED", "2020-09-01")):
        assert ask(step, id=rating["id"], to=to, on=on)["advanceRating"]["rating"] == {"status": to}
    given = ask(give, id=rating["id"], by=place["district"])["issueRating"]["rating"]
    # valid for three years, so that on 1 June 2026 it has expired
    assert given == {"status": "EXPIRED", "validTo": "2023-09-15"}
    shown = "query Q($id: ID!, $on: Date) { facility(id: $id, asOf: $on) { stars } rating(id: $rated, asOf: $on) { status } }"
    shown = shown.replace("$id: ID!", "$id: ID!, $rated: ID!")
    days = {"2020-08-15": "REVIEWED", "2020-09-14": "PUBLICISED", "2020-09-15": "VALID", "2023-09-15": "EXPIRED"}
    for on, status in days.items():
        found = ask(shown, id=home, rated=rating["id"], on=on)
        assert (found["rating"]["status"], found["facility"]["stars"]) == (status, 2 if status == "VALID" else None)


@pytest.mark.parametrize("closes", ["a rehabilitation room", "a medical institution"])
def test_x15_either_of_two_things_closes_the_gap(ask: Data, place: dict[str, Any], closes: str) -> None:
    home = place["centres"][0]
    begin = """mutation M($home: ID!) { createStarUpgradeProject(input: {facilityId: $home, targetLevel: 2,
      startedOn: "2020-05-19", dueOn: "2020-12-31"}) { starUpgradeProject { id } errors { code } } }"""
    upgrade = ask(begin, home=home)["createStarUpgradeProject"]["starUpgradeProject"]["id"]
    add = """mutation M($id: ID!) { openGap(input: {upgradeId: $id, text: "康复护理室或医疗机构"}) { upgradeGap { id number } } }"""
    gap = ask(add, id=upgrade)["openGap"]["upgradeGap"]["id"]
    option = "mutation M($gap: ID!) { createGapOption(input: {gapId: $gap, %s}) { errors { code } } }"
    for kind in ("kind: CAPABILITY, capability: REHAB_ROOM", "kind: MEDICAL_CARE"):
        assert ask(option % kind, gap=gap)["createGapOption"]["errors"] == []
    done = """mutation M($id: ID!) { completeUpgrade(input: {upgradeId: $id, on: "2020-11-01"}) { errors { code message } } }"""
    refused = ask(done, id=upgrade)["completeUpgrade"]["errors"]
    assert refused == [{"code": "GAPS_OPEN", "message": "Gap 1 is still open on 2020-11-01."}]
    record = {
        "a rehabilitation room": "createFacilityCapability(input: {facilityId: $home, capability: REHAB_ROOM, %s",
        "a medical institution": "createMedicalIntegration(input: {facilityId: $home, mode: CONTRACTED_HOSPITAL, %s",
    }[closes] % 'validFrom: "2020-10-01"}) { errors { code } }'
    ask(f"mutation M($home: ID!) {{ {record} }}", home=home)
    look = """query Q($id: ID!, $on: Date) { starUpgradeProject(id: $id, asOf: $on) { gapsOpen gapsClosed state overdue
      gaps { nodes { closed options { nodes { met } } } } } }"""
    before, after = (ask(look, id=upgrade, on=on)["starUpgradeProject"] for on in ("2020-09-30", "2020-10-01"))
    assert (before["gapsOpen"], after["gapsOpen"], after["gapsClosed"]) == (1, 0, 1)
    assert [each["met"] for each in after["gaps"]["nodes"][0]["options"]["nodes"]].count(True) == 1
    assert [each["code"] for each in ask(done, id=upgrade)["completeUpgrade"]["errors"]] == ["LEVEL_NOT_RATED"]


def test_x17_a_support_point_not_completed_in_time_is_overdue_on_new_years_day(
    ask: Data, place: dict[str, Any]
) -> None:
    make_one = """mutation M($name: String!, $in: ID!) { createProject(input: {name: $name, kind: SUPPORT_POINT, divisionId: $in,
      startedOn: "2020-03-01", dueOn: "2020-12-31"}) { project { id } errors { code } } }"""
    names = ("东片集中供养点", "南片集中供养点", "中片集中供养点")
    points = [ask(make_one, name=name, **{"in": place["district"]})["createProject"]["project"]["id"] for name in names]
    done = 'mutation M($id: ID!) { completeProject(input: {projectId: $id, on: "2020-12-20"}) { project { state } errors { code } } }'
    assert ask(done, id=points[0])["completeProject"]["project"] == {"state": "COMPLETED"}
    assert ask(done, id=points[0])["completeProject"]["errors"] == [{"code": "ALREADY_ENDED"}]
    query = """query Q($on: Date) { projects(asOf: $on, filter: {overdue: {eq: true}}) { nodes { name state overdueDays } }
      projectSummary(asOf: $on, groupBy: [KIND]) { kind count overdue } }"""
    assert ask(query, on="2020-12-31")["projects"]["nodes"] == []
    late = ask(query, on="2021-01-01")
    assert late["projects"]["nodes"] == [{"name": name, "state": "UNDER_WAY", "overdueDays": 1} for name in names[1:]]
    assert late["projectSummary"] == [{"kind": "SUPPORT_POINT", "count": 3, "overdue": 2}]


def test_x18_what_the_bureau_said_names_it_as_its_source(ask: Data) -> None:
    who = """mutation { createSource(input: {system: "萧山区民政局", document: "萧山区农村养老机构改革材料", collectionMethod: SEED_TEXT,
      recordedBy: "业务科"}) { source { id } errors { code } } }"""
    source = ask(who)["createSource"]["source"]["id"]
    bureau = """mutation M($from: ID!) { createOrganisation(source: $from, input: {name: "杭州市萧山区民政局", kind: GOVERNMENT}) {
      organisation { name source { system document recordedBy } } errors { code } } }"""
    found = ask(bureau, **{"from": source})["createOrganisation"]["organisation"]
    assert found["source"] == {
        "system": "萧山区民政局",
        "document": "萧山区农村养老机构改革材料",
        "recordedBy": "业务科",
    }
