"""The notice of the ministry: pilots in five batches, summaries and typical experiences (rows N1 to N12 of the coverage)."""

from datetime import datetime
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.registry import Division, ExperienceCase
from eldercare.registry.division import Level

BATCHES = (26, 28, 36, 54, 59)
SHANGHAI_END = "2021-01-30T00:00:00+08:00"


def sent(tell: Asker, field: str, **given: Any) -> dict[str, Any]:
    """What a mutation with one input answered: the record's id and what was refused."""
    kind = f"{field[0].upper()}{field[1:]}Input!"
    noun = {"submitPilotSummary": "pilotSummary"}.get(field, "experienceCase")
    if field.startswith("create"):
        noun = f"{field[6].lower()}{field[7:]}"
    document = f"mutation M($input: {kind}) {{ {field}(input: $input) {{ {noun} {{ id }} errors {{ code remedy }} }} }}"
    answer = tell(document, {"input": given})
    assert "errors" not in answer, answer
    return {"id": (answer["data"][field][noun] or {}).get("id"), "errors": answer["data"][field]["errors"]}


def made(tell: Asker, field: str, **given: Any) -> str:
    """The id of what a mutation made; nothing may be refused."""
    answer = sent(tell, field, **given)
    assert answer["errors"] == [], answer
    return str(answer["id"])


def codes(answer: dict[str, Any]) -> list[str]:
    assert all(error["remedy"] for error in answer["errors"])
    return [error["code"] for error in answer["errors"]]


@pytest.fixture
def province(engine: Engine) -> str:
    """The id of a province."""
    with Session(engine) as session:
        key = make.division(make.writer(session), level=Level.PROVINCE, name="浙江省").id
        session.commit()
    return f"Division_{key}"


@pytest.fixture
def call(tell: Asker) -> str:
    """The id of the call for experiences, under the pilot in five batches."""
    notice = made(
        tell, "createPolicyDocument", code="MZB-2020-39", number="民办发〔2020〕39号", kind="NOTICE", level="NATION"
    )
    pilot = made(tell, "createPilot", code="HOME-2016", theme="HOME_COMMUNITY", name="居家和社区养老服务改革试点")
    for number, claimed in enumerate(BATCHES, start=1):
        made(tell, "createPilotBatch", pilotId=pilot, number=number, regionsClaimed=claimed)
    return made(
        tell,
        "createExperienceCall",
        pilotId=pilot,
        documentId=notice,
        deadline=SHANGHAI_END,
        least=3,
        most=5,
        longest=3000,
        selects=50,
        title="{province}居家和社区养老服务改革试点典型经验",
    )


def case(tell: Asker, call: str, province: str, **given: Any) -> str:
    """A work experience with all its sections and both stamps."""
    text = dict.fromkeys(("basicInformation", "mainMethods", "results", "enlightenment"), "文" * 10)
    values = {"kind": "WORK_EXPERIENCE", "headline": "农村养老", **text, **given}
    key = made(tell, "createExperienceCase", callId=call, divisionId=province, **values)
    for side in ("CIVIL_AFFAIRS", "FINANCE"):
        made(tell, "approveCase", caseId=key, side=side, approver="办公厅")
    return key


def handed_in(tell: Asker, key: str, at: str = "2021-01-28T09:00:00+08:00") -> list[str]:
    return codes(sent(tell, "submitCase", caseId=key, at=at))


def test_n1_five_batches_claim_203_regions_and_a_region_is_in_one_only(tell: Asker, call: str, province: str) -> None:
    found = tell("{ pilotBatches { nodes { id number regionsClaimed knownRegions } } }")["data"]["pilotBatches"][
        "nodes"
    ]
    assert [row["regionsClaimed"] for row in found] == list(BATCHES)
    assert sum(row["regionsClaimed"] for row in found) == 203
    first, second = found[0]["id"], found[1]["id"]
    made(tell, "createPilotRegion", batchId=first, name="杭州市", divisionId=province)
    made(tell, "createPilotRegion", batchId=first, name="一个还不清楚的地区")
    again = sent(tell, "createPilotRegion", batchId=second, name="杭州", divisionId=province)
    assert codes(again) == ["REGION_IN_TWO_BATCHES"]
    unknown = sent(tell, "createPilotRegion", batchId=second, name="一个还不清楚的地区")
    assert codes(unknown) == ["REGION_IN_TWO_BATCHES"]
    counted = tell("{ pilotBatches(first: 1) { nodes { regionsClaimed knownRegions } } }")["data"]
    assert counted["pilotBatches"]["nodes"] == [{"regionsClaimed": 26, "knownRegions": 2}]


def test_n2_the_notice_is_addressed_to_31_provinces_and_the_corps(tell: Asker, call: str) -> None:
    document = "{ policyDocuments { nodes { id number addressees { totalCount } } } }"
    notice = tell(document)["data"]["policyDocuments"]["nodes"][0]
    assert notice["number"] == "民办发〔2020〕39号"
    for number in range(31):
        made(
            tell,
            "createPolicyAddressee",
            documentId=notice["id"],
            name=f"第{number + 1}个省(区、市)民政厅(局)、财政厅(局)",
        )
    made(tell, "createPolicyAddressee", documentId=notice["id"], name="新疆生产建设兵团民政局、财政局")
    assert tell(document)["data"]["policyDocuments"]["nodes"][0]["addressees"]["totalCount"] == 32


def test_n3_a_summary_without_one_of_its_four_sections_is_not_taken(tell: Asker, call: str, province: str) -> None:
    pilot = tell("{ pilots { nodes { id } } }")["data"]["pilots"]["nodes"][0]["id"]
    sections = {"practices": "做法", "achievements": "成效", "difficulties": "困难"}
    key = made(tell, "createPilotSummary", pilotId=pilot, divisionId=province, year=2020, **sections)
    assert codes(sent(tell, "submitPilotSummary", summaryId=key)) == ["SECTION_MISSING"]
    correct = 'mutation C($id: ID!) { correctPilotSummary(id: $id, input: {nextSteps: "思路"}) { errors { code } } }'
    assert tell(correct, {"id": key})["data"]["correctPilotSummary"]["errors"] == []
    assert codes(sent(tell, "submitPilotSummary", summaryId=key, at="2021-01-20T09:00:00+08:00")) == []
    assert tell(correct.replace("思路", "别的"), {"id": key})["data"]["correctPilotSummary"]["errors"] == [
        {"code": "HANDED_IN"}
    ]


def test_n4_two_are_too_few_three_to_five_are_enough_and_a_sixth_is_refused(
    tell: Asker, call: str, province: str
) -> None:
    seen = []
    for number in range(1, 7):
        refused = handed_in(tell, case(tell, call, province))
        found = tell("query($c: ID!) { experienceSubmissions(call: $c) { submitted completeness } }", {"c": call})
        row = found["data"]["experienceSubmissions"][0]
        seen.append((number, refused, row["submitted"], row["completeness"]))
    assert seen == [
        (1, [], 1, "INCOMPLETE"),
        (2, [], 2, "INCOMPLETE"),
        (3, [], 3, "COMPLETE"),
        (4, [], 4, "COMPLETE"),
        (5, [], 5, "COMPLETE"),
        (6, ["TOO_MANY_EXPERIENCES"], 5, "COMPLETE"),
    ]


def test_n5_a_typical_case_is_from_one_of_the_regions_of_the_pilot(tell: Asker, call: str, province: str) -> None:
    batch = tell("{ pilotBatches(first: 1) { nodes { id } } }")["data"]["pilotBatches"]["nodes"][0]["id"]
    own = made(tell, "createPilotRegion", batchId=batch, name="杭州市")
    other = made(tell, "createPilot", code="RURAL", theme="RURAL", name="另一个试点")
    others = made(tell, "createPilotBatch", pilotId=other, number=1)
    foreign = made(tell, "createPilotRegion", batchId=others, name="不在试点中的地区")
    common = {"callId": call, "divisionId": province, "kind": "TYPICAL_CASE", "headline": "典型"}
    assert codes(sent(tell, "createExperienceCase", **common, regionId=foreign)) == ["REGION_NOT_IN_PILOT"]
    assert len(codes(sent(tell, "createExperienceCase", **common))) == 1
    assert handed_in(tell, case(tell, call, province, kind="TYPICAL_CASE", regionId=own)) == []


@pytest.mark.parametrize(("length", "refused"), [(2970, []), (2971, ["TOO_LONG"])])
def test_n6_three_thousand_characters_are_taken_and_one_more_is_not(
    tell: Asker, call: str, province: str, length: int, refused: list[str]
) -> None:
    # ten characters in each of the other three sections; a run of Latin letters and spaces add as the rule says
    key = case(tell, call, province, mainMethods=f" {'养' * (length - 2)} \n，2020 ")
    count = tell("query($id: ID!) { experienceCase(id: $id) { characters } }", {"id": key})["data"]["experienceCase"]
    assert count["characters"] == 30 + length
    assert handed_in(tell, key) == refused


def test_n7_a_work_experience_has_four_sections(tell: Asker, call: str, province: str) -> None:
    assert handed_in(tell, case(tell, call, province, enlightenment=None)) == ["SECTION_MISSING"]


def test_n8_a_reviewer_is_not_the_unit_that_wrote_the_case(tell: Asker, call: str, province: str) -> None:
    author = made(tell, "createOrganisation", name="撰写单位", kind="GOVERNMENT")
    judge = made(tell, "createOrganisation", name="评审单位", kind="GOVERNMENT")
    key = case(tell, call, province, authorId=author)
    marks = {"reviewedOn": "2021-02-10", "facts": 90, "demonstrative": 80, "replicable": 85, "innovative": 75}
    assert codes(sent(tell, "createCaseReview", caseId=key, reviewerId=judge, **marks)) == ["NOT_HANDED_IN"]
    assert handed_in(tell, key) == []
    assert codes(sent(tell, "createCaseReview", caseId=key, reviewerId=author, **marks)) == ["REVIEWS_OWN_WORK"]
    made(tell, "createCaseReview", caseId=key, reviewerId=judge, **marks)
    found = tell("query($id: ID!) { experienceCase(id: $id) { score } }", {"id": key})
    assert found["data"]["experienceCase"] == {"score": 8250}


def load_cases(engine: Engine, call: str, provinces: range, cases: range, selected: int = 0) -> None:
    """Cases that were handed in: so many from each of the provinces under the nation, which is made first; some selected."""
    with Session(engine) as session:
        w = make.writer(session)
        nation = session.scalar(select(Division.id).where(Division.level == Level.NATION))
        if nation is None:
            nation = make.division(w, code="000000000000", level=Level.NATION, name="全国").id
            for number in provinces:
                code = f"{number:02}0000000000"
                make.division(w, code=code, level=Level.PROVINCE, parent_id=nation, name=f"第{number}个省")
        listed = session.scalars(select(Division.id).where(Division.parent_id == nation).order_by(Division.id))
        handed_in = {"call_id": int(call.rpartition("_")[2]), "kind": "WORK_EXPERIENCE", "status": "SUBMITTED"}
        at = datetime.fromisoformat("2021-01-28T09:00:00+08:00")
        texts = dict.fromkeys(("basic_information", "main_methods", "results", "enlightenment"), "文")
        rows = [
            {**handed_in, **texts, "division_id": place, "headline": f"经验{n}", "submitted_at": at}
            for place in listed
            for n in cases
        ]
        for row in rows[:selected]:
            row["status"] = "SELECTED"
        w.load(ExperienceCase, rows)
        session.commit()


RATE = """{ indicatorValues(codes: [SELECT_RATE], divisions: ["000000000000"], asOf: "2021-06-01") {
  numerator denominator value } }"""


def test_n9_about_50_are_selected_of_96_to_160(tell: Asker, engine: Engine, call: str) -> None:
    """N9: 32 provinces send 3 to 5 each, so that 50 are 52.1 % of the fewest and 31.3 % of the most."""
    load_cases(engine, call, range(11, 43), range(3), selected=44)
    query = """query($n: Int!) { experienceCases(first: $n, filter: {status: {eq: SUBMITTED}}) { nodes { id } }
      experienceCalls { nodes { selects } } }"""
    found = tell(query, {"n": 100})["data"]
    cases = [row["id"] for row in found["experienceCases"]["nodes"]]
    assert (44 + len(cases), found["experienceCalls"]["nodes"]) == (96, [{"selects": 50}])
    for key in cases[:6]:
        assert codes(sent(tell, "decideCase", caseId=key, selected=True)) == []
    assert tell(RATE)["data"]["indicatorValues"] == [{"numerator": 50, "denominator": 96, "value": 52.1}]
    load_cases(engine, call, range(0), range(3, 5))
    assert tell(RATE)["data"]["indicatorValues"] == [{"numerator": 50, "denominator": 160, "value": 31.3}]
    summed = "query($c: ID!) { experienceSubmissions(call: $c) { submitted selected completeness } }"
    rows = tell(summed, {"c": call})["data"]["experienceSubmissions"]
    assert (len(rows), {(row["submitted"], row["completeness"]) for row in rows}) == (32, {(5, "COMPLETE")})
    assert sum(row["selected"] for row in rows) == 50


def test_n12_a_selected_case_is_promoted_and_others_are_not(tell: Asker, call: str, province: str) -> None:
    chosen, passed = case(tell, call, province), case(tell, call, province)
    assert codes(sent(tell, "decideCase", caseId=chosen, selected=True)) == ["TRANSITION"]
    for key, selected in ((chosen, True), (passed, False)):
        assert handed_in(tell, key) == []
        assert codes(sent(tell, "decideCase", caseId=key, selected=selected)) == []
    assert codes(sent(tell, "promoteCase", caseId=passed, way="会议交流")) == ["TRANSITION"]
    assert codes(sent(tell, "promoteCase", caseId=chosen, way="会议交流", on="2021-06-01")) == []
    shown = "query($id: ID!) { experienceCase(id: $id) { status promotions { nodes { way promotedOn } } } }"
    assert tell(shown, {"id": chosen})["data"]["experienceCase"] == {
        "status": "PROMOTED",
        "promotions": {"nodes": [{"way": "会议交流", "promotedOn": "2021-06-01"}]},
    }
    assert tell(shown, {"id": passed})["data"]["experienceCase"]["status"] == "NOT_SELECTED"
    found = tell("query($c: ID!) { experienceSubmissions(call: $c) { submitted selected } }", {"c": call})
    assert found["data"]["experienceSubmissions"] == [{"submitted": 2, "selected": 1}]


def test_n10_both_stamps_are_needed(tell: Asker, call: str, province: str) -> None:
    key = made(
        tell,
        "createExperienceCase",
        callId=call,
        divisionId=province,
        kind="WORK_EXPERIENCE",
        headline="一份",
        **dict.fromkeys(("basicInformation", "mainMethods", "results", "enlightenment"), "文"),
    )
    made(tell, "approveCase", caseId=key, side="CIVIL_AFFAIRS", approver="民政厅")
    assert handed_in(tell, key) == ["STAMP_MISSING"]
    made(tell, "approveCase", caseId=key, side="FINANCE", approver="财政厅")
    assert handed_in(tell, key) == []


def test_n11_the_deadline_is_the_end_of_29_january_in_china_and_the_title_is_made(
    tell: Asker, call: str, province: str
) -> None:
    late, timely = case(tell, call, province), case(tell, call, province)
    assert handed_in(tell, late, at="2021-01-30T00:00:00+08:00") == ["TOO_LATE"]
    assert handed_in(tell, timely, at="2021-01-29T15:59:59Z") == []
    found = tell("query($id: ID!) { experienceCase(id: $id) { title } }", {"id": timely})["data"]["experienceCase"]
    assert found["title"] == "浙江省居家和社区养老服务改革试点典型经验"
