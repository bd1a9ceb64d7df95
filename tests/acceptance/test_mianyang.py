"""Mianyang: rewards instead of subsidies for day-care centres (row Y11 of the coverage)."""

from asker import Asker


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
