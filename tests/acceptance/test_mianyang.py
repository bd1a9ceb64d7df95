"""Mianyang: one person from two systems, and rewards for day-care centres (rows Y5 and Y11 of the coverage)."""

from typing import Any

from asker import Asker
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import factories as make
from eldercare.registry.division import Level

IMPORT = """mutation ($system: String!, $rows: [PersonImportRow!]!) {
  importPeople(input: {system: $system, document: "people", rows: $rows}) { errors { code message } importBatch {
    system created linked unchanged refused rows { nodes { number outcome code person { id } } } } } }"""


def test_y5_one_person_from_two_systems_is_one_person_with_two_source_links(tell: Asker, engine: Engine) -> None:
    """Y5: integrating existing information resources: the same person from two sources is one Person, two SourceLinks."""
    with Session(engine) as session:
        make.division(make.writer(session), code="990101001001", level=Level.VILLAGE)
        session.commit()

    def bring(system: str, **row: Any) -> Any:
        found = tell(IMPORT, {"system": system, "rows": [row]})["data"]["importPeople"]
        assert found["errors"] == []
        return found["importBatch"]

    number, home = "990101194503122747", "990101001001"
    first = bring("Civil affairs", sourceRecord="MZ-1", name="李桂兰", idNumber=number, division=home)
    second = bring("Health", sourceRecord="77", name="李桂兰", idNumber=number.lower(), phone="13800000000")
    assert (first["created"], second["created"], second["linked"]) == (1, 0, 1)
    assert first["rows"]["nodes"][0]["person"] == second["rows"]["nodes"][0]["person"]
    again = bring("Civil affairs", sourceRecord="MZ-1", name="李桂兰", idNumber=number, division=home, sex="FEMALE")
    assert again["unchanged"] == 1
    found = tell("""{ people(first: 5) { totalCount nodes { name sex birthDate phone sourceLinks { totalCount nodes {
      system sourceRecord firstSeenOn source { collectionMethod } lastBatch { document sourceLinks { totalCount } } } } } } }""")
    assert found["data"]["people"]["totalCount"] == 1
    person = found["data"]["people"]["nodes"][0]
    assert (person["sex"], person["birthDate"], person["phone"]) == ("FEMALE", "1945-03-12", "13800000000")
    links = person["sourceLinks"]
    assert links["totalCount"] == 2
    assert [(link["system"], link["sourceRecord"]) for link in links["nodes"]] == [
        ("Civil affairs", "MZ-1"),
        ("Health", "77"),
    ]
    assert links["nodes"][1]["source"] == {"collectionMethod": "IMPORT"}
    assert links["nodes"][1]["lastBatch"] == {"document": "people", "sourceLinks": {"totalCount": 1}}


def test_y11_600000_yuan_to_12_of_21_day_care_centres(city: Asker) -> None:
    """Y11: rewards instead of subsidies: 50,000 yuan on average, 57.1 % of the centres that social forces run."""
    answer = city("""{
      grantSummary(filter: {scheme: {code: {eq: "MY-REWARD"}}}) { count facilities amount }
      subsidySchemes(filter: {code: {eq: "MY-REWARD"}}) { nodes { kind } }
      fundAllocations(filter: {scheme: {code: {eq: "MY-REWARD"}}}) { nodes { amount spent remaining } }
      facilitySummary(groupBy: [OPERATOR_TYPE], filter: {kind: {eq: DAY_CARE_CENTER}, within: "510700000000"},
        asOf: "2018-10-12") { operatorType count } }""")
    inside = """{ grants(filter: {scheme: {code: {eq: "MY-REWARD"}}}, first: 20, asOf: "2018-10-12") { nodes {
      facility { code kind operator { kind } } } } }"""
    found, answered = answer["data"], city(inside)["data"]
    assert found["grantSummary"] == [{"count": 12, "facilities": 12, "amount": "600000.00"}]
    assert found["subsidySchemes"]["nodes"] == [{"kind": "OPERATION_REWARD"}]
    assert found["fundAllocations"]["nodes"] == [{"amount": "600000.00", "spent": "600000.00", "remaining": "0.00"}]
    run_by = {row["operatorType"]: row["count"] for row in found["facilitySummary"]}
    assert run_by == {"SOCIAL_SERVICE_ORG": 11, "ENTERPRISE": 10}
    paid = answered["grants"]["nodes"]
    assert len({row["facility"]["code"] for row in paid}) == 12
    assert {row["facility"]["kind"] for row in paid} == {"DAY_CARE_CENTER"}
    operators = {row["facility"]["operator"]["kind"] for row in paid}
    assert operators <= {"SOCIAL_SERVICE_ORG", "ENTERPRISE"}, "the 12 are among the 21 that social forces run"
    assert 600_000 / 12 == 50_000
    assert round(12 / sum(run_by.values()) * 100, 1) == 57.1
