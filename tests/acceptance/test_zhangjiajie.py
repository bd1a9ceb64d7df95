"""Zhangjiajie: dynamic update of groups, the base number, full inclusion (rows J1 to J12 of the coverage)."""

from datetime import date, datetime
from typing import Any

from asker import Asker
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import factories as make
import service_factories as services
import subsidies as money
from eldercare.registry import Device, Residence, ServiceRequest

REPORT = """mutation R($input: ReportChangeInput!) { reportChange(input: $input) {
  changeReport { id status duplicateOf { id } } errors { code message remedy path } notices { code } } }"""
VERIFY = """mutation V($id: ID!) { verifyChangeReport(input: {reportId: $id}) {
  changeReport { id status } errors { code message } } }"""
APPLY = """mutation A($id: ID!) { applyChangeReport(input: {reportId: $id}) {
  changeReport { id status decidedOn } errors { code message } } }"""
OUTLOOK = """query C($id: ID!) { consequences(report: $id) {
  applied refusal { code } steps { kind noun record on columns } } }"""


def data(answer: dict[str, Any], field: str) -> Any:
    """What a root field answered, when nothing was refused."""
    assert "errors" not in answer, answer
    found = answer["data"][field]
    assert not (isinstance(found, dict) and found.get("errors")), found
    return found


def test_j9_a_death_reported_by_the_village_ends_everything_under_one_report(tell: Asker, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        town, (village, _) = make.town(w)
        elder = make.person(w, name="田桂英")
        make.residence(w, elder.id, village.id)
        make.living(w, elder.id)
        make.membership(w, elder.id)
        make.membership(w, elder.id, category="LONELY")
        stay = make.stay(w, elder.id, make.home(w))
        session.commit()
        person, place, lived = f"Person_{elder.id}", f"Division_{town.id}", f"Stay_{stay.id}"
        told = {"kind": "DEATH", "on": "2026-06-01", "personId": person, "divisionId": f"Division_{village.id}"}
    groups = """query G($in: ID!, $day: Date!) { groupCounts(division: $in, asOf: $day, categories: [EXTREMELY_POOR, LONELY,
      LIVING_ALONE, ADVANCED_AGE_80]) { category people } }"""
    report = data(tell(REPORT, {"input": told | {"evidence": "死亡医学证明"}}), "reportChange")["changeReport"]
    foreseen = data(tell(OUTLOOK, {"id": report["id"]}), "consequences")
    assert (foreseen["applied"], foreseen["refusal"]) == (False, None)
    assert [row["people"] for row in data(tell(groups, {"in": place, "day": "2026-06-01"}), "groupCounts")] == [
        1,
        1,
        1,
        1,
    ]
    data(tell(VERIFY, {"id": report["id"]}), "verifyChangeReport")
    done = data(tell(APPLY, {"id": report["id"]}), "applyChangeReport")["changeReport"]
    assert done == {"id": report["id"], "status": "APPLIED", "decidedOn": "2026-06-01"}
    after = {day: data(tell(groups, {"in": place, "day": day}), "groupCounts") for day in ("2026-05-31", "2026-06-01")}
    assert [row["people"] for row in after["2026-05-31"]] == [1, 1, 1, 1]
    assert [row["people"] for row in after["2026-06-01"]] == [0, 0, 0, 0]
    left = data(
        tell("query S($id: ID!) { stay(id: $id) { dischargedOn dischargeReason status } }", {"id": lived}), "stay"
    )
    assert left == {"dischargedOn": "2026-06-01", "dischargeReason": "DECEASED", "status": "DECEASED"}
    steps = data(tell(OUTLOOK, {"id": report["id"]}), "consequences")
    assert steps["applied"]
    assert steps["steps"] == foreseen["steps"]
    ended = [(step["noun"], step["on"]) for step in steps["steps"]]
    assert ended.count(("GroupMembership", "2026-06-01")) == 2
    assert ("Stay", "2026-06-01") in ended
    assert {step["record"] for step in steps["steps"]} >= {lived, person}


def test_j9_services_and_subsidy_of_the_dead_end_on_the_day_their_rule_says(tell: Asker, engine: Engine) -> None:
    """The subsidy is paid until the month is over; orders, requests and the terminal end that day; the account stays."""
    with Session(engine) as session:
        where = money.place(session)
        w = make.writer(session)
        elder = money.elder(w, where)
        right, account = money.entitled(w, where, elder.id), money.account(w, where, elder.id)
        agreement = services.agreement(w, services.provider(w, where.county).id, where.county)
        services.served(w, elder.id, where.county, agreement, item="MEAL")
        waiting = services.order(w, elder.id, where.county, item="MEAL")
        by = {"provider_id": agreement.provider_id, "agreement_id": agreement.id}
        given = services.order(w, elder.id, where.county, item="MEAL", dispatched_at=services.at(5), **by)
        told = {"person_id": elder.id, "division_id": where.county, "channel": "PHONE_12349", "item": "CLEAN"}
        w.create(ServiceRequest, {**told, "requested_at": datetime.fromisoformat("2026-05-30T09:00:00+08:00")})
        w.create(Device, {"person_id": elder.id, "serial": "T-1", "installed_on": date(2026, 1, 1)})
        session.commit()
        death = {"kind": "DEATH", "on": "2026-05-31", "personId": f"Person_{elder.id}"}
        keys = [
            f"Entitlement_{right.id}",
            f"ServiceAccount_{account.id}",
            f"ServiceOrder_{waiting.id}",
            f"ServiceOrder_{given.id}",
        ]
    report = data(tell(REPORT, {"input": death}), "reportChange")["changeReport"]
    foreseen = data(tell(OUTLOOK, {"id": report["id"]}), "consequences")
    data(tell(VERIFY, {"id": report["id"]}), "verifyChangeReport")
    data(tell(APPLY, {"id": report["id"]}), "applyChangeReport")
    steps = data(tell(OUTLOOK, {"id": report["id"]}), "consequences")["steps"]
    assert steps == foreseen["steps"], "one report carries all of it, and it was foreseen"
    assert {step["noun"] for step in steps} == {
        "Entitlement", "GroupMembership", "Residence", "ServiceOrder", "ServiceRequest", "Device", "Person",
    }  # fmt: skip
    assert {step["on"] for step in steps if step["noun"] != "ServiceRequest"} == {"2026-05-31"}
    query = """query Q($right: ID!, $account: ID!) { entitlement(id: $right) { validTo paidTo endEvent }
      serviceOrders { nodes { id status endReason } } serviceRequests { nodes { outcome } }
      devices(history: true) { nodes { removedOn } } serviceAccount(id: $account) { closedOn } }"""
    left = tell(query, {"right": keys[0], "account": keys[1]})["data"]
    assert left["entitlement"] == {"validTo": "2026-05-31", "paidTo": "2026-06-01", "endEvent": "DEATH"}
    states = {row["id"]: (row["status"], row["endReason"]) for row in left["serviceOrders"]["nodes"]}
    assert {states.pop(key) for key in keys[2:]} == {("CANCELLED", "death")}
    assert [status for status, _ in states.values()] == ["SERVICE_COMPLETED"], "what was served stays to be paid"
    assert left["serviceRequests"]["nodes"] == [{"outcome": "WITHDRAWN"}]
    assert left["devices"]["nodes"] == [{"removedOn": "2026-05-31"}]
    assert left["serviceAccount"] == {"closedOn": None}


def test_j9_the_same_death_found_by_matching_registers_changes_nothing_more(tell: Asker, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        elder = make.person(w)
        make.residence(w, elder.id, make.division(w).id)
        session.commit()
        person = f"Person_{elder.id}"
    told = {"kind": "DEATH", "on": "2026-05-30", "personId": person}
    first = data(tell(REPORT, {"input": told}), "reportChange")["changeReport"]
    again = data(tell(REPORT, {"input": told | {"channel": "BIG_DATA", "on": "2026-05-31"}}), "reportChange")
    assert again["changeReport"]["status"] == "DUPLICATE"
    assert again["changeReport"]["duplicateOf"] == {"id": first["id"]}
    assert [notice["code"] for notice in again["notices"]] == ["TOLD_BEFORE"]
    refused = tell(APPLY, {"id": again["changeReport"]["id"]})["data"]["applyChangeReport"]
    assert [error["code"] for error in refused["errors"]] == ["TRANSITION"]
    with Session(engine) as session:
        assert session.scalars(select(Residence.valid_to)).all() == [None]


def test_j1_the_day_of_the_visit_is_kept_as_month_and_day_and_incomplete(tell: Asker, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        city = make.division(w, code="430800000000", level="CITY", name="张家界市")
        home = make.facility(w, division_id=city.id, name="永定区社会福利院")
        session.commit()
        place, seen = f"Division_{city.id}", f"Facility_{home.id}"
    new = """mutation V($input: CreateFieldVisitInput!) { createFieldVisit(input: $input) {
      fieldVisit { id monthDay visitedOn quality ledBy } errors { code path } } }"""
    told = {"divisionId": place, "ledBy": "市委副书记、市长", "accompaniedBy": "市政府秘书长", "monthDay": "12-06"}
    made = data(tell(new, {"input": told}), "createFieldVisit")["fieldVisit"]
    assert (made["monthDay"], made["visitedOn"], made["quality"]) == ("12-06", None, "INCOMPLETE")
    stop = """mutation S($input: CreateFieldVisitStopInput!) { createFieldVisitStop(input: $input) {
      fieldVisitStop { place fieldVisit { monthDay } facility { name } } errors { code } } }"""
    data(tell(stop, {"input": {"fieldVisitId": made["id"], "facilityId": seen, "place": 1}}), "createFieldVisitStop")
    read = """{ fieldVisits(filter: {quality: {eq: INCOMPLETE}, within: "430800000000"}) { nodes { monthDay ledBy
      stops { nodes { place facility { name } } } } } }"""
    [found] = data(tell(read), "fieldVisits")["nodes"]
    assert found["stops"]["nodes"] == [{"place": 1, "facility": {"name": "永定区社会福利院"}}]
    for wrong, code in (({"monthDay": "02-30"}, "MONTH_DAY"), ({"monthDay": None}, "CHECK_A_DAY_IS_KNOWN")):
        refused = tell(new, {"input": told | wrong})["data"]["createFieldVisit"]
        assert [error["code"] for error in refused["errors"]] == [code]


COUNTS = """query C($in: ID!, $day: Date!, $groups: [GroupCategory!]) {
  whole: groupCounts(division: $in, asOf: $day, categories: $groups) { category people }
  villages: groupCounts(division: $in, asOf: $day, categories: $groups, level: VILLAGE) {
    category people division { name } under { name } } }"""
FIVE = ["LIVING_ALONE", "LONELY", "DISABLED_ABILITY", "DEMENTIA", "EXTREMELY_POOR"]


def base_number(session: Session) -> tuple[int, list[int], list[int]]:
    """A town of three villages with nine people of the five groups; one of them at home in the town, nobody knows where."""
    w = make.writer(session)
    town, villages = make.town(w, villages=3)
    people = [make.person(w).id for _ in range(9)]
    places = [*[villages[n % 3].id for n in range(8)], town.id]
    for elder, place in zip(people, places, strict=True):
        make.residence(w, elder, place)
    for elder in people[:4]:
        make.living(w, elder)
    for elder in people[3:6]:
        make.assessment(w, elder)
    for elder, category in zip(people[4:], ["LONELY", "DEMENTIA", "EXTREMELY_POOR", "LONELY", "DEMENTIA"], strict=True):
        make.membership(w, elder, category=category)
    for elder, day in ((people[0], "2026-03-03"), (people[1], "2026-03-04"), (people[2], "2026-06-01")):
        make.visit(w, elder, visited_on=date.fromisoformat(day))
    session.commit()
    return town.id, [each.id for each in villages], people


def test_j10_the_base_number_adds_up_from_the_villages_at_every_date(tell: Asker, engine: Engine) -> None:
    with Session(engine) as session:
        town, _, people = base_number(session)
        make.residence(make.writer(session), people[0], town, base="HUKOU")
        move = {"personId": f"Person_{people[0]}", "on": "2026-05-20", "toDivisionId": f"Division_{town}"}
        session.commit()
    moved = "mutation M($input: MovePersonInput!) { movePerson(input: $input) { person { id } errors { code } } }"
    data(tell(moved, {"input": move}), "movePerson")
    expected = dict(zip(FIVE, (4, 2, 3, 2, 1), strict=True))
    for day, unassigned in (("2026-05-19", 1), ("2026-05-20", 2)):
        found = tell(COUNTS, {"in": f"Division_{town}", "day": day, "groups": FIVE})["data"]
        assert {row["category"]: row["people"] for row in found["whole"]} == expected
        sums = {group: sum(r["people"] for r in found["villages"] if r["category"] == group) for group in FIVE}
        assert sums == expected
        rest = [row for row in found["villages"] if row["division"] is None]
        assert sum(row["people"] for row in rest) == unassigned
        assert all(row["under"] for row in rest)


def test_j10_who_was_verified_lately_and_who_is_overdue_are_told(tell: Asker, engine: Engine) -> None:
    with Session(engine) as session:
        town, villages, people = base_number(session)
    query = """query F($in: ID!) {
      freshness(division: $in, days: 90) { people verified overdue share }
      villages: freshness(division: $in, days: 90, level: VILLAGE) { division { id } under { id } people verified }
      people(filter: {within: $in, alive: {eq: true}, or: [{lastVerifiedOn: {lt: "2026-03-04"}}, {lastVerifiedOn: {isNull: true}}]},
             orderBy: [{field: LAST_VERIFIED_ON, nulls: FIRST}]) { totalCount nodes { id lastVerifiedOn } } }"""
    found = tell(query, {"in": f"Division_{town}"})["data"]
    assert found["freshness"] == [{"people": 9, "verified": 2, "overdue": 7, "share": 0.222222}]
    by_village = {(r["division"] or r["under"])["id"]: (r["people"], r["verified"]) for r in found["villages"]}
    first, second, third = (f"Division_{key}" for key in villages)
    assert by_village == {first: (3, 0), second: (3, 1), third: (2, 1), f"Division_{town}": (1, 0)}
    assert found["people"]["totalCount"] == 7
    assert found["people"]["nodes"][-1] == {"id": f"Person_{people[0]}", "lastVerifiedOn": "2026-03-03"}


def test_j11_full_inclusion_tells_the_placed_the_unwilling_and_why_each_other_is_not(
    tell: Asker, engine: Engine
) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        town, (village, _) = make.town(w)
        home = make.facility(w, division_id=village.id)
        make.phase(w, home.id)
        make.capacity(w, home.id, bed_type="NURSING", open=3, filed=3, designed=3)
        people = [make.person(w).id for _ in range(6)]
        for elder in people:
            make.residence(w, elder, village.id)
            make.membership(w, elder)
        for elder in people[:2]:
            make.stay(w, elder, home.id, bed_type="NURSING")
        make.application(w, people[4], division_id=town.id)
        session.commit()
        place, ids = f"Division_{town.id}", [f"Person_{elder}" for elder in people]
    refuse = """mutation W($input: StateWillingnessInput!) { stateWillingness(input: $input) {
      willingness { willing reason validFrom } errors { code } } }"""
    said = {"personId": ids[2], "willing": False, "on": "2026-05-06", "reason": "HOME", "witness": "村主任"}
    data(tell(refuse, {"input": said}), "stateWillingness")
    said = {"personId": ids[3], "willing": True, "on": "2026-05-06", "refusedBedType": "ORDINARY", "reason": "BED_TYPE"}
    data(tell(refuse, {"input": said}), "stateWillingness")
    query = """query I($in: ID!, $day: Date) {
      inclusion(division: $in, asOf: $day) { eligible unwilling willing placed gap rate }
      inclusionGap(division: $in, asOf: $day) { person { id } reason since }
      next: inclusionGap(division: $in, asOf: $day, first: 1, after: "%s") { person { id } }
      people(asOf: $day, filter: {within: $in, inclusionGap: {isNull: false}}) { totalCount } }"""
    found = tell(query % ids[3], {"in": place})["data"]
    assert found["inclusion"] == [{"eligible": 6, "unwilling": 1, "willing": 5, "placed": 2, "gap": 3, "rate": 0.4}]
    assert found["inclusionGap"] == [
        {"person": {"id": ids[3]}, "reason": "REFUSED_BED", "since": None},
        {"person": {"id": ids[4]}, "reason": "WAITING", "since": "2026-02-01"},
        {"person": {"id": ids[5]}, "reason": "NO_APPLICATION", "since": None},
    ]
    assert (found["next"], found["people"]["totalCount"]) == ([{"person": {"id": ids[4]}}], 3)
    before = tell(query % ids[3], {"in": place, "day": "2026-05-05"})["data"]
    assert before["inclusion"] == [
        {"eligible": 6, "unwilling": 0, "willing": 6, "placed": 2, "gap": 4, "rate": 0.333333}
    ]
    assert len(before["inclusionGap"]) == 4


def test_j10_a_census_tells_its_progress_by_village(tell: Asker, engine: Engine) -> None:
    with Session(engine) as session:
        town, villages, people = base_number(session)
    new = """mutation C($input: CreateCensusInput!) { createCensus(input: $input) { census { id } errors { code } } }"""
    campaign = {"name": "摸清底数", "divisionId": f"Division_{town}", "beginsOn": "2026-06-01", "endsOn": "2026-06-30"}
    key = data(tell(new, {"input": campaign}), "createCensus")["census"]["id"]
    visit = """mutation V($input: CreateVisitInput!) { createVisit(input: $input) { visit { id } errors { code } } }"""
    for elder, result in ((people[1], "CONFIRMED"), (people[3], "CHANGED"), (people[4], "ABSENT")):
        seen = {"personId": f"Person_{elder}", "visitedOn": "2026-06-01", "result": result, "censusId": key}
        data(tell(visit, {"input": seen}), "createVisit")
    query = "query P($census: ID!) { censusProgress(census: $census, level: VILLAGE) { division { id } people visited toVisit } }"
    found = data(tell(query, {"census": key}), "censusProgress")
    rows = {r["division"] and r["division"]["id"]: (r["people"], r["visited"], r["toVisit"]) for r in found}
    first, second, third = (f"Division_{key}" for key in villages)
    assert rows == {first: (3, 1, 2), second: (3, 1, 2), third: (2, 1, 1), None: (1, 0, 1)}
