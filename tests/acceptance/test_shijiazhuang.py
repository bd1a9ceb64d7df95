"""Shijiazhuang's subsidies, Z10 to Z15: six kinds, 100 to 500 yuan of service credit, purchases, the year, and the inspection."""

from typing import Any

import pytest
from asker import Asker
from fund_story import refused, told
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import factories as make
import service_factories as services
import subsidies as money
from subsidies import Place

YEAR = """query ($scheme: ID!) { subsidyReturn(year: 2017, scheme: $scheme) {
    basis people services consumed minimum gap perService perPerson perPersonMonth servicesPerPerson shareOfMinimum
    entitled credited explanation explanationZh } }"""


@pytest.fixture
def where(engine: Engine) -> Place:
    """A scheme of 100 to 500 yuan in a county of its own."""
    with Session(engine) as session:
        found = money.place(session)
        session.commit()
        return found


@pytest.fixture
def elder(engine: Engine, where: Place) -> int:
    """Somebody of the county on minimum living guarantee, entitled to 300 yuan since January."""
    with Session(engine) as session:
        w = make.writer(session)
        found = money.elder(w, where)
        money.entitled(w, where, found.id)
        session.commit()
        return found.id


def data(answer: Any) -> Any:
    assert "errors" not in answer, answer
    return answer["data"]


def recharge(city: Asker, shows: str) -> Any:
    query = f'{{ subsidySchemes(filter: {{code: {{eq: "SJZ-RECHARGE"}}}}, first: 1) {{ nodes {{ {shows} }} }} }}'
    return data(city(query))["subsidySchemes"]["nodes"][0]


def paid(tell: Asker, where: Place, month: str) -> str:
    """The id of a batch that was computed, approved by two people, and paid."""
    given = f'schemeId: "SubsidyScheme_{where.scheme}", divisionId: "Division_{where.county}", month: "{month}"'
    batch = told(tell, "calculateBatch", f'{given}, allocationId: "FundAllocation_{where.allocation}"')["id"]
    for step, by in {"VILLAGE_PUBLICISED": "v", "TOWN_REVIEWED": "t", "COUNTY_APPROVED": "c", "PAID": "c"}.items():
        told(tell, "advanceBatch", f'batchId: "{batch}", status: {step}, on: "2026-05-05"', by=by)
    return str(batch)


def test_z10_six_kinds_of_people(city: Asker) -> None:
    """Z10: three-without, low income, kinless under both labels, severely disabled, 90 and over, only child lost."""
    found = recharge(
        city,
        "tiers(first: 9) { nodes { quality rules(first: 9) { nodes { code name nameZh category note quality } } } }",
    )
    rules = {rule["code"]: rule for tier in found["tiers"]["nodes"] for rule in tier["rules"]["nodes"]}
    assert sorted(rules) == [
        "AGED_90",
        "LOW_INCOME",
        "ONLY_CHILD_LOST",
        "SEVERE_DISABILITY",
        "SOCIAL_KINLESS",
        "THREE_WITHOUT",
    ]
    kinless = rules["SOCIAL_KINLESS"]
    assert (kinless["name"], kinless["nameZh"]) == ('socially kinless (printed as "socially isolated")', "社会孤老")
    assert kinless["category"] == "SOCIAL_KINLESS", "not those who live alone, a group of its own"
    terms = data(city('{ vocabulary(name: "GroupCategory") { terms { code } } }'))["vocabulary"]["terms"]
    assert {"SOCIAL_KINLESS", "LIVING_ALONE"} <= {term["code"] for term in terms}
    assert {rule["quality"] for rule in rules.values()} == {"ESTIMATED"}
    assert "示例" in rules["AGED_90"]["note"]


def test_z11_one_hundred_to_five_hundred_yuan_in_the_main_urban_area(city: Asker) -> None:
    """Z11: the scheme's bounds, and the ten districts it holds in."""
    found = recharge(city, "kind amountMin amountMax divisions(first: 20) { totalCount }")
    bounds = {"kind": "SERVICE_RECHARGE", "amountMin": "100.00", "amountMax": "500.00"}
    assert found == {**bounds, "divisions": {"totalCount": 10}}


def test_z11_a_tier_outside_is_rejected(tell: Asker, where: Place) -> None:
    """Z11: any tier outside 100 to 500 is rejected by the scheme's own bounds."""
    given = f'schemeId: "SubsidyScheme_{where.scheme}", code: "X", name: "x", nameZh: "档", validFrom: "2026-01-01", amount:'
    for amount in ('"99.99"', '"500.01"'):
        assert refused(tell, "createSubsidyTier", f"{given} {amount}") == "TIER_OUTSIDE_SCHEME"
    made = told(tell, "createSubsidyTier", f'{given} "500.00"', "amount amountMax")
    assert made == {"amount": "500.00", "amountMax": "500.00"}


def test_z11_recharge_is_for_residents_and_no_cash(tell: Asker, engine: Engine, where: Place, elder: int) -> None:
    """Z11: only residents of the scheme's divisions; nothing pays credit out."""
    with Session(engine) as session:
        w = make.writer(session)
        stranger = make.person(w)
        make.residence(w, stranger.id, make.division(w).id)
        make.membership(w, stranger.id, category="DIBAO")
        session.commit()
        key = stranger.id
    grant = f'schemeId: "SubsidyScheme_{where.scheme}", on: "2026-05-01", personId:'
    assert refused(tell, "grantEntitlement", f'{grant} "Person_{key}"') == "NOT_ELIGIBLE"
    assert refused(tell, "grantEntitlement", f'{grant} "Person_{elder}"') == "ENTITLED_ALREADY"
    paid(tell, where, "2026-05-01")
    found = data(tell("{ serviceAccounts { nodes { balance credited transactions { nodes { kind amount } } } } }"))
    credit = {"kind": "CREDIT", "amount": "300.00"}
    account = {"balance": "300.00", "credited": "300.00", "transactions": {"nodes": [credit]}}
    assert found["serviceAccounts"]["nodes"] == [account]
    assert not [
        name
        for name in tell.executor.api.schema.mutation_type.fields
        if "withdraw" in name.lower() and "ccount" in name
    ]  # type: ignore[union-attr]
    adjust = 'accountId: "ServiceAccount_1", on: "2026-05-11", reason: "cash", change:'
    assert refused(tell, "adjustAccount", f'{adjust} "-300.01"') == "BALANCE_BELOW_ZERO"


def order(engine: Engine, where: Place, person: int, *, kind: str = "PURCHASE", **values: Any) -> int:
    """An order of 15.00 yuan served on 6 May, paid from the account."""
    with Session(engine) as session:
        w = make.writer(session)
        provider = services.provider(w, where.county)
        agreement = services.agreement(w, provider.id, where.county, kind=kind, valid_to=values.pop("until", None))
        found = services.served(w, person, where.county, agreement, item="MEAL", funding="ACCOUNT", **values)
        session.commit()
        return found.id


def test_z12_six_purchased_kinds(tell: Asker, engine: Engine, where: Place, elder: int) -> None:
    """Z12: what an account pays is one of six kinds; each trade item is counted under one of them, or cannot be paid so."""
    kinds = data(tell('{ vocabulary(name: "PurchasedKind") { terms { zh } } }'))["vocabulary"]["terms"]
    assert [kind["zh"] for kind in kinds] == ["生活照料", "康复护理", "法律维权", "文化娱乐", "精神慰藉", "紧急救援"]
    items = data(tell("{ serviceItems { kind purchasedKind } }"))["serviceItems"]
    mapped = {row["purchasedKind"]: set[str]() for row in items if row["purchasedKind"]}
    for row in items:
        mapped.get(row["purchasedKind"], set()).add(row["kind"])
    five = {"EMERGENCY_AID", "HOME_CARE", "DAILY_CARE", "HOUSEKEEPING", "INFORMATION"}
    assert len(mapped) == 6, "each of the six is counted under some of the five kinds of the hotline"
    assert all(kinds and kinds <= five for kinds in mapped.values())
    given = f'personId: "Person_{elder}", divisionId: "Division_{where.county}", orderedAt: "2026-05-06T09:00:00+08:00"'
    assert refused(tell, "createServiceOrder", f"{given}, item: REPAIR, funding: ACCOUNT") == "NOT_PURCHASED"
    paid(tell, where, "2026-05-01")
    key = order(engine, where, elder)
    shown = told(tell, "payOrder", f'orderId: "ServiceOrder_{key}"', "status purchasedKind")
    assert shown == {"status": "SETTLED", "purchasedKind": "LIFE_CARE"}
    assert data(tell("{ serviceAccounts { nodes { balance consumed } } }"))["serviceAccounts"]["nodes"] == [
        {"balance": "285.00", "consumed": "15.00"}
    ]
    assert refused(tell, "payOrder", f'orderId: "ServiceOrder_{key}"') == "SETTLED_ALREADY"


def test_z13_only_under_a_purchase_contract_valid_on_the_day(engine: Engine, where: Place, elder: int) -> None:
    """Z13: a franchise is not enough, nor a contract that ended before the service."""
    with make.refused("NO_PURCHASE_CONTRACT"):
        order(engine, where, elder, kind="FRANCHISE")
    with make.refused("AGREEMENT_NOT_VALID"):
        order(engine, where, elder, until=make.date(2026, 5, 6))


def test_z14_the_year_2017(city: Asker) -> None:
    """Z14: 28.31 a service, 13.40 services and 379.28 yuan a person; 31.6 % of the least entitlement, with the reason."""
    rows = data(city(YEAR, {"scheme": recharge(city, "id")["id"]}))["subsidyReturn"]
    records, reported = (next(row for row in rows if row["basis"] == basis) for basis in ("RECORDS", "REPORTED"))
    told_in_words = reported.pop("explanation"), reported.pop("explanationZh")
    assert reported == {
        "basis": "REPORTED",
        "people": 15_273,
        "services": 204_623,
        "consumed": "5792700.00",
        "minimum": "18327600.00",
        "gap": "12534900.00",
        "perService": "28.31",
        "perPerson": "379.28",
        "perPersonMonth": "31.61",
        "servicesPerPerson": 13.4,
        "shareOfMinimum": 31.6,
        "entitled": None,
        "credited": None,
    }
    assert "31.6 % of 18327600.00 yuan" in told_in_words[0]
    assert "3.79 months" in told_in_words[0]
    assert "31.6%" in told_in_words[1]
    assert (records["people"], records["entitled"] == records["credited"]) == (54, True)
    assert float(records["consumed"]) < float(records["credited"])


def test_z14_the_indicators_say_the_same_on_each_basis(city: Asker) -> None:
    """Z14: 28.31 yuan a service and 13.40 services a person are reported; records give their own, and nothing is mixed."""
    query = """{ indicatorValues(codes: [COST_PER_SERVICE, SERVICES_PER_CAPITA], divisions: ["130100000000"],
      asOf: "2017-12-31") { code basis value } }"""
    values = {(row["code"], row["basis"]): row["value"] for row in data(city(query))["indicatorValues"]}
    assert values["COST_PER_SERVICE", "REPORTED"] == 28.31
    assert values["SERVICES_PER_CAPITA", "REPORTED"] == 13.4
    assert 20 < values["COST_PER_SERVICE", "RECORDS"] < 35


def test_z15_the_inspection_of_three_years(city: Asker) -> None:
    """Z15: window [asOf - 3 years, asOf); each kind is found, explained, and outside the window nothing is."""
    query = """query ($on: Date) { fundInspection(asOf: $on, division: "130100000000") { kind amount happenedOn explanationZh } }"""
    found = data(city(query, {"on": "2018-09-27"}))["fundInspection"]
    assert sorted({row["kind"] for row in found}) == [
        "ABOVE_ALLOCATION",
        "DOUBLE_ENROLMENT",
        "DUPLICATE_SETTLEMENT",
        "OVER_TIER",
        "PAID_AFTER_DEATH",
        "SERVICE_IN_HOSPITAL",
        "SERVICE_IN_INSTITUTION",
        "UNPAID_SETTLEMENT",
    ]
    late = [(row["amount"], row["happenedOn"]) for row in found if row["kind"] == "PAID_AFTER_DEATH"]
    assert late == [("300.00", "2017-09-10"), ("300.00", "2017-10-10")]
    assert all("2017" in row["explanationZh"] for row in found)
    assert data(city(query, {"on": "2020-10-10"}))["fundInspection"] == [
        row for row in found if row["happenedOn"] >= "2017-10-10"
    ]
    assert data(city(query, {"on": "2017-03-10"}))["fundInspection"] == []


def test_z15_a_finding_is_an_issue_once_with_a_state_and_what_came_back(
    tell: Asker, engine: Engine, where: Place, elder: int
) -> None:
    """Z15: inspected twice, recorded once; recovered step by step; the report of three years tells it by year and source."""
    paid(tell, where, "2026-04-01")
    paid(tell, where, "2026-05-01")
    told(tell, "reportDeath", f'personId: "Person_{elder}", on: "2026-03-31"')
    first = told(tell, "recordFundIssues", 'on: "2026-05-31"', "found foundNew amount windowFrom windowTo")
    window = {"windowFrom": "2023-05-31", "windowTo": "2026-05-31"}
    assert first == {"found": 2, "foundNew": 2, "amount": "600.00", **window}
    again = told(tell, "recordFundIssues", 'on: "2026-05-31"', "found foundNew")
    assert again == {"found": 2, "foundNew": 0}
    issue = data(tell("{ fundIssues(orderBy: [{field: HAPPENED_ON}]) { nodes { id kind status recovered } } }"))[
        "fundIssues"
    ]["nodes"][0]
    step = f'issueId: "{issue["id"]}", on: "2026-05-20", status:'
    assert refused(tell, "advanceIssue", f"{step} CORRECTED") == "TRANSITION"
    told(tell, "advanceIssue", f"{step} CONFIRMED")
    told(tell, "advanceIssue", f'{step} RECOVERING, recovered: "120.50"')
    done = told(tell, "advanceIssue", f'{step} CORRECTED, recovered: "300.00"', "status recovered correctedOn")
    assert done == {"status": "CORRECTED", "recovered": "300.00", "correctedOn": "2026-05-20"}
    report = data(
        tell('{ fundReport(asOf: "2026-05-31") { year source { kind } allocated paid issues issueAmount recovered } }')
    )
    assert report["fundReport"] == [
        {
            "year": 2026,
            "source": {"kind": "CITY"},
            "allocated": "1000.00",
            "paid": "600.00",
            "issues": 2,
            "issueAmount": "600.00",
            "recovered": "300.00",
        }
    ]
