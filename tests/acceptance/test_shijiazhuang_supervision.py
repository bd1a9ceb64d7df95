"""Shijiazhuang: acceptance, training, ratings, the 55 indicators, brands and the park (rows Z5 to Z8, Z17 and Z18)."""

from collections.abc import Callable
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import factories as make
from eldercare.registry import ChecklistItem, ChecklistTemplate, Rating

Data = Callable[..., Any]


@pytest.fixture
def ask(tell: Asker) -> Data:
    """The data of an answer; an error of the request fails the test, a refusal does not."""

    def asked(query: str, **variables: Any) -> Any:
        answer = tell(query, variables)
        assert "errors" not in answer, answer
        return answer["data"]

    return asked


def home(engine: Engine, **values: Any) -> str:
    """A facility of this kind, by its id."""
    with Session(engine) as session:
        found = make.facility(make.writer(session), **values)
        session.commit()
        return f"Facility_{found.id}"


INSPECT = """mutation M($home: ID!, $kind: InspectionKind!, $with: ID) { createInspection(input: {facilityId: $home, kind: $kind,
  templateId: $with, plannedOn: "2018-03-01"}) { inspection { id state items } errors { code } } }"""
NAME = """mutation M($id: ID!, $name: String!) { createInspector(input: {inspectionId: $id, name: $name}) { errors { code } } }"""
START = (
    'mutation M($id: ID!) { startInspection(input: {inspectionId: $id, on: "2018-03-01"}) { errors { code message } } }'
)


def visit(ask: Data, at: str, kind: str, template: str | None = None) -> str:
    """An inspection under way."""
    found: str = ask(INSPECT, home=at, kind=kind, **{"with": template})["createInspection"]["inspection"]["id"]
    ask(NAME, id=found, name="李明")
    assert ask(START, id=found)["startInspection"]["errors"] == []
    return found


def test_z5_a_new_centre_operates_only_after_its_construction_was_accepted(ask: Data, engine: Engine) -> None:
    centre = home(engine, kind="HOME_CARE_COMPREHENSIVE", established_on="2017-01-01")
    turn = """mutation M($home: ID!, $to: FacilityStatus!, $on: Date!) { changeFacilityStatus(input: {facilityId: $home, status: $to,
      on: $on}) { facility { status } errors { code remedy } } }"""
    for to, on in (("BUILDING", "2017-01-01"), ("REGISTERED", "2018-01-01")):
        assert ask(turn, home=centre, to=to, on=on)["changeFacilityStatus"]["errors"] == []
    refused = ask(turn, home=centre, to="OPERATING", on="2018-03-05")["changeFacilityStatus"]["errors"]
    assert [each["code"] for each in refused] == ["NOT_ACCEPTED"]
    assert "CONSTRUCTION_ACCEPTANCE" in refused[0]["remedy"]
    accepted = visit(ask, centre, "CONSTRUCTION_ACCEPTANCE")
    done = """mutation M($id: ID!, $what: InspectionOutcome) { completeInspection(input: {inspectionId: $id, on: "2018-03-02",
      outcome: $what}) { inspection { state outcome } errors { code } } }"""
    assert ask(done, id=accepted)["completeInspection"]["errors"] == [{"code": "OUTCOME_MISSING"}]
    assert ask(done, id=accepted, what="PASSED")["completeInspection"]["inspection"] == {
        "state": "COMPLETED",
        "outcome": "PASSED",
    }
    early = ask(turn, home=centre, to="OPERATING", on="2018-03-01")["changeFacilityStatus"]["errors"]
    assert [each["code"] for each in early] == ["NOT_ACCEPTED"]
    assert ask(turn, home=centre, to="OPERATING", on="2018-03-02")["changeFacilityStatus"]["facility"] == {
        "status": "OPERATING"
    }
    fail = "mutation M($id: ID!) { correctInspection(id: $id, input: {outcome: FAILED}) { errors { code } } }"
    assert ask(fail, id=accepted)["correctInspection"]["errors"] == [{"code": "NOT_ACCEPTED"}]
    # a home that was there before the registry was never planned here
    old = home(engine)
    assert ask(turn, home=old, to="OPERATING", on="2018-03-01")["changeFacilityStatus"]["errors"] == []


def test_z6_training_is_covered_facility_by_facility(ask: Data, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        county = make.division(w)
        first, second = (make.facility(w, name=name, division_id=county.id) for name in ("甲院", "乙院"))
        session.commit()
        within, homes = f"Division_{county.id}", [f"Facility_{each.id}" for each in (first, second)]
    body = """mutation { createOrganisation(input: {name: "石家庄市养老服务行业协会", kind: ASSOCIATION}) { organisation { id kind } } }"""
    association = ask(body)["createOrganisation"]["organisation"]["id"]
    post = """mutation M($home: ID!, $role: StaffRole!, $n: Int!) { createStaffPost(input: {facilityId: $home, role: $role, headcount: $n,
      validFrom: "2017-01-01"}) { errors { code } } }"""
    for at, role, n in ((0, "CAREGIVER", 8), (0, "MANAGER", 2), (1, "CAREGIVER", 5)):
        assert ask(post, home=homes[at], role=role, n=n)["createStaffPost"]["errors"] == []
    carer = 'mutation { createCaregiver(input: {name: "王护理", skillLevel: LEVEL_4}) { caregiver { id } } }'
    somebody = ask(carer)["createCaregiver"]["caregiver"]["id"]
    teach = """mutation M($home: ID!, $to: TrainingAudience!, $n: Int, $who: ID, $by: ID!, $on: Date!) { createTrainingRecord(input: {
      facilityId: $home, audience: $to, people: $n, caregiverId: $who, organiserId: $by, course: "养老护理", hours: 24, heldOn: $on}) {
      errors { code } } }"""
    taught = {"home": homes[0], "by": association}
    ask(teach, **taught, to="CAREGIVER", n=5, on="2018-05-01")
    for on in ("2018-03-01", "2018-06-01"):  # the same caregiver twice counts once
        assert ask(teach, **taught, to="CAREGIVER", n=1, who=somebody, on=on)["createTrainingRecord"]["errors"] == []
    ask(teach, **taught, to="LEADER", n=1, on="2018-04-01")
    ask(teach, **taught, to="LEADER", n=2, on="2016-04-01")  # too long ago
    query = """query Q($in: ID!) { trainingCoverage(division: $in, asOf: "2018-09-27") { facility { name } caregivers
      caregiversTrained coverage leaders leadersTrained } }"""
    assert ask(query, **{"in": within})["trainingCoverage"] == [
        {
            "facility": {"name": "甲院"},
            "caregivers": 8,
            "caregiversTrained": 6,
            "coverage": 0.75,
            "leaders": 2,
            "leadersTrained": 1,
        },
        {
            "facility": {"name": "乙院"},
            "caregivers": 5,
            "caregiversTrained": 0,
            "coverage": 0.0,
            "leaders": None,
            "leadersTrained": None,
        },
    ]


def test_z7_a_scheme_takes_its_subjects_levels_and_issuers_alone(ask: Data, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        province = make.division(w, level="PROVINCE", code="980000000000")
        city = make.division(w, level="CITY", code="980100000000", parent_id=province.id)
        session.commit()
        places = {"city": f"Division_{city.id}", "province": f"Division_{province.id}"}
    institution = home(engine)
    centre = home(engine, kind="HOME_CARE_COMPREHENSIVE")
    carer = 'mutation { createCaregiver(input: {name: "王护理"}) { caregiver { id } } }'
    somebody = ask(carer)["createCaregiver"]["caregiver"]["id"]
    rate = """mutation M($home: ID, $who: ID, $scheme: RatingScheme!, $level: Int!, $by: ID) { createRating(input: {facilityId: $home,
      caregiverId: $who, scheme: $scheme, level: $level, issuerId: $by, issuedOn: "2018-01-10"}) { rating { levelNameZh validTo }
      errors { code } } }"""

    def given(scheme: str, level: int, by: str, **whom: str) -> Any:
        return ask(rate, scheme=scheme, level=level, by=places[by], **whom)["createRating"]

    for level in (4, 5):
        by_city = given("INSTITUTION_STAR", level, "city", home=institution)
        assert by_city["errors"] == [{"code": "RATING_TOO_HIGH"}]
    assert given("INSTITUTION_STAR", 4, "province", home=institution)["rating"] == {
        "levelNameZh": "四星级",
        "validTo": "2021-01-10",
    }
    assert given("HOME_CARE_A", 5, "city", home=institution)["errors"] == [{"code": "RATING_OF_ANOTHER_KIND"}]
    assert given("HOME_CARE_A", 5, "city", home=centre)["rating"]["levelNameZh"] == "5A级"
    assert given("CAREGIVER_MEDAL", 3, "city", home=centre)["errors"] == [{"code": "RATING_SUBJECT"}]
    assert given("INSTITUTION_STAR", 3, "city", who=somebody)["errors"] == [{"code": "RATING_SUBJECT"}]
    assert given("CAREGIVER_MEDAL", 4, "city", who=somebody)["errors"] == [{"code": "RATING_LEVEL"}]
    award = """mutation M($who: ID!, $level: Int!, $by: ID!, $on: Date!) { awardMedal(input: {caregiverId: $who, level: $level,
      issuerId: $by, on: $on}) { rating { levelName levelNameZh } errors { code } } }"""
    medals = []
    for level, on in ((1, "2016-01-01"), (2, "2017-01-01"), (3, "2018-01-01")):
        found = ask(award, who=somebody, level=level, by=places["city"], on=on)["awardMedal"]
        medals.append(found["rating"]["levelNameZh"])
    assert medals == ["铜牌", "银牌", "金牌"]
    query = 'query Q($id: ID!) { caregiver(id: $id, asOf: "2017-06-01") { ratings { nodes { levelName status } } } }'
    assert ask(query, id=somebody)["caregiver"]["ratings"]["nodes"] == [{"levelName": "silver", "status": "VALID"}]
    levels = "{ ratingLevels { scheme subject level nameZh givenFrom years } }"
    found = {(row["scheme"], row["level"]): row for row in ask(levels)["ratingLevels"]}
    assert len(found) == 18
    assert found["INSTITUTION_STAR", 4]["givenFrom"] == "PROVINCE"
    assert (found["CAREGIVER_MEDAL", 3]["nameZh"], found["CAREGIVER_MEDAL", 3]["subject"]) == ("金牌", "CAREGIVER")


def checklist(engine: Engine, *, optional: int = 0, items: int = 55) -> str:
    """A checklist of numbered rows whose text is still to be supplied; the last ones may be not applicable."""
    with Session(engine) as session:
        w = make.writer(session)
        values = {"code": "BASIC_55", "edition": "2018", "name": "Basic indicators", "name_zh": "基本指标"}
        template = w.create(ChecklistTemplate, {**values, "valid_from": "2018-01-01"})
        for number in range(1, items + 1):
            item = {"template_id": template.id, "number": number, "may_not_apply": number > items - optional}
            w.create(ChecklistItem, item)
        session.commit()
        return f"ChecklistTemplate_{template.id}"


RECORD = """mutation M($id: ID!, $n: Int!, $verdict: Verdict!) { recordResult(input: {inspectionId: $id, number: $n, verdict: $verdict}) {
  inspectionResult { verdict } errors { code } } }"""
REST = "mutation M($id: ID!) { passTheRest(input: {inspectionId: $id}) { inspection { passed } errors { code } } }"
DONE = """mutation M($id: ID!) { completeInspection(input: {inspectionId: $id, on: "2018-03-02"}) { inspection { outcome items passed
  failed notApplicable passRate allPassed } errors { code } } }"""


def test_z8_all_55_means_55_passed_unless_the_checklist_lets_items_not_apply(ask: Data, engine: Engine) -> None:
    institution, template = home(engine), checklist(engine, optional=1)
    good, bad = (visit(ask, institution, "ROUTINE", template) for _ in range(2))
    assert ask(DONE, id=good)["completeInspection"]["errors"] == [{"code": "RESULTS_MISSING"}]
    assert ask(RECORD, id=good, n=1, verdict="NOT_APPLICABLE")["recordResult"]["errors"] == [{"code": "ITEM_APPLIES"}]
    assert ask(RECORD, id=good, n=56, verdict="PASS")["recordResult"]["errors"] == [{"code": "NO_SUCH_ITEM"}]
    assert ask(RECORD, id=good, n=55, verdict="NOT_APPLICABLE")["recordResult"]["errors"] == []
    assert ask(REST, id=good)["passTheRest"]["inspection"] == {"passed": 54}
    assert ask(DONE, id=good)["completeInspection"]["inspection"] == {
        "outcome": "PASSED",
        "items": 55,
        "passed": 54,
        "failed": 0,
        "notApplicable": 1,
        "passRate": 1.0,
        "allPassed": True,
    }
    for number in (3, 17):
        ask(RECORD, id=bad, n=number, verdict="FAIL")
    ask(REST, id=bad)
    found = ask(DONE, id=bad)["completeInspection"]["inspection"]
    assert (found["outcome"], found["passed"], found["failed"], found["allPassed"]) == ("FAILED", 53, 2, False)
    assert found["passRate"] == pytest.approx(53 / 55, abs=1e-6)
    claim = "mutation M($id: ID!) { correctInspection(id: $id, input: {outcome: PASSED}) { errors { code } } }"
    assert ask(claim, id=bad)["correctInspection"]["errors"] == [{"code": "OUTCOME_CONTRADICTED"}]
    ledger = """{ inspectionLedger(begins: "2018-03-01", ends: "2018-03-31") { kind completed passed failed itemsFailed passRate } }"""
    row = ask(ledger)["inspectionLedger"][0]
    assert (row["completed"], row["passed"], row["failed"], row["itemsFailed"]) == (2, 1, 1, 2)
    assert row["passRate"] == pytest.approx(107 / 109, abs=1e-6)
    texts = "query Q($id: ID!) { checklistTemplate(id: $id) { items(first: 60) { totalCount nodes { number text } } } }"
    rows = ask(texts, id=template)["checklistTemplate"]["items"]
    assert (rows["totalCount"], {row["text"] for row in rows["nodes"]}) == (55, {None})


def test_z8_two_officers_go_where_the_lot_sends_them(ask: Data, engine: Engine) -> None:
    found = ask(INSPECT, home=home(engine), kind="DOUBLE_RANDOM")["createInspection"]["inspection"]["id"]
    ask(NAME, id=found, name="李明")
    refused = ask(START, id=found)["startInspection"]["errors"]
    assert refused == [{"code": "INSPECTORS_MISSING", "message": "This inspection has 1 inspectors and needs 2."}]
    ask(NAME, id=found, name="张华")
    assert ask(START, id=found)["startInspection"]["errors"] == []


def test_z17_a_brand_counts_facilities_beds_and_stars_against_the_aim(ask: Data, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        city = make.division(w, level="CITY")
        group = make.organisation(w, name="石家庄养老集团", kind="ENTERPRISE")
        homes = [make.facility(w, division_id=city.id) for _ in range(3)]
        for each, beds in zip(homes, (100, 200, 50), strict=True):
            make.capacity(w, each.id, open=beds, filed=beds, designed=beds)
            for level in [3] if beds > 60 else []:
                given = {"facility_id": each.id, "scheme": "INSTITUTION_STAR", "level": level}
                w.create(Rating, {**given, "issued_on": "2018-01-01"})
        session.commit()
        place, owner, ids = f"Division_{city.id}", f"Organisation_{group.id}", [f"Facility_{each.id}" for each in homes]
    found = """mutation M($name: String!, $group: ID!, $in: ID!) { createBrand(input: {name: $name, groupId: $group, divisionId: $in,
      validFrom: "2017-01-01"}) { brand { id } errors { code } } }"""
    brands = [ask(found, name=f"品牌{n}", group=owner, **{"in": place})["createBrand"]["brand"]["id"] for n in range(2)]
    use = """mutation M($home: ID!, $brand: ID!) { createFacilityBrand(input: {facilityId: $home, brandId: $brand,
      validFrom: "2017-06-01"}) { errors { code } } }"""
    for each in ids:
        assert ask(use, home=each, brand=brands[0])["createFacilityBrand"]["errors"] == []
    assert ask(use, home=ids[0], brand=brands[1])["createFacilityBrand"]["errors"] == [{"code": "OVERLAP"}]
    query = (
        """query Q($id: ID!, $on: Date) { brand(id: $id, asOf: $on) { facilityCount beds residents rated stars } }"""
    )
    whole = {"facilityCount": 3, "beds": 350, "residents": 0, "rated": 2, "stars": 6}
    assert ask(query, id=brands[0], on="2018-09-27")["brand"] == whole
    assert ask(query, id=brands[0], on="2017-12-31")["brand"] == {**whole, "rated": 0, "stars": 0}
    nobody = {"facilityCount": 0, "beds": 0, "residents": 0, "rated": 0, "stars": 0}
    assert ask(query, id=brands[1], on="2018-09-27")["brand"] == nobody
    aim = "query Q($in: ID!) { brandTarget(division: $in) { brands least most met } }"
    assert ask(aim, **{"in": place})["brandTarget"] == {"brands": 2, "least": 3, "most": 5, "met": False}
    ask(found, name="品牌3", group=owner, **{"in": place})
    assert ask(aim, **{"in": place})["brandTarget"]["met"] is True


def test_z18_the_park_is_a_project_in_the_mining_area(ask: Data, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        mining = make.division(w, code="130107000000", name="井陉矿区")
        session.commit()
        place = f"Division_{mining.id}"
    found = """mutation M($in: ID!) { createProject(input: {name: "康复辅助器具产业园", kind: INDUSTRIAL_PARK, divisionId: $in,
      dueOn: "2020-12-31"}) { project { id state overdue } errors { code } } }"""
    project = ask(found, **{"in": place})["createProject"]["project"]
    assert (project["state"], project["overdue"]) == ("PLANNED", True)
    start = 'mutation M($id: ID!) { startProject(input: {projectId: $id, on: "2018-05-01"}) { project { state } } }'
    assert ask(start, id=project["id"])["startProject"]["project"] == {"state": "UNDER_WAY"}
    query = """query Q($on: Date) { projects(asOf: $on, filter: {division: {code: {eq: "130107000000"}}}) { nodes { state overdue } } }"""
    assert ask(query, on="2018-04-30")["projects"]["nodes"] == [{"state": "PLANNED", "overdue": False}]
    assert ask(query, on="2018-09-27")["projects"]["nodes"] == [{"state": "UNDER_WAY", "overdue": False}]
