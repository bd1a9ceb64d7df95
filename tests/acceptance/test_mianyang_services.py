"""Mianyang, 2018-10-12: the hotline 12349, its platforms and providers, day care and rural centres (rows Y1 to Y16)."""

from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import factories as make
from demonstrated import Ask, Place
from eldercare.registry import Device
from eldercare.registry.division import Level
from eldercare.registry.facility import FacilityKind

DAY = "2018-10-12"


@pytest.fixture(scope="session")
def mianyang(territory: Place) -> str:
    """The city's id."""
    return territory("5107")


def figures(ask: Ask, *codes: str) -> dict[str, Any]:
    """Published figures by code."""
    query = """query ($codes: [String!]) { reportedFigures(filter: {code: {in: $codes}}) {
      nodes { code value valueText unit qualifier quality note } } }"""
    return {row["code"]: row for row in ask(query, codes=list(codes))["reportedFigures"]["nodes"]}


def test_y1_a_button_of_the_terminal_makes_a_request_and_an_order(tell: Asker, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        county, elder = make.division(w), make.person(w)
        device = w.create(Device, {"person_id": elder.id, "serial": "T-1", "installed_on": make.TODAY})
        session.commit()
        where, button = f"Division_{county.id}", f"Device_{device.id}"
    made = tell(
        """mutation ($where: ID!, $button: ID!) { requestService(input: {channel: ONE_BUTTON_12349, divisionId: $where,
        deviceId: $button, item: MEAL, at: "2026-06-01T09:00:00+08:00"}) { errors { code } serviceRequest {
          id channel hotline requestedAt person { name } division { id } } } }""",
        {"where": where, "button": button},
    )["data"]["requestService"]
    asked = made["serviceRequest"]
    assert made["errors"] == []
    assert (asked["person"]["name"], asked["division"]["id"]) == ("王秀英", where)
    assert (asked["channel"], asked["requestedAt"]) == ("ONE_BUTTON_12349", "2026-06-01T01:00:00.000000Z")
    assert asked["hotline"] == "12349", "a number that is text"
    order = tell(
        """mutation ($asked: ID!) { placeServiceOrder(input: {requestId: $asked, at: "2026-06-01T09:01:00+08:00"}) {
        errors { code } serviceOrder { channel kind status person { name } division { id } orderedAt } } }""",
        {"asked": asked["id"]},
    )["data"]["placeServiceOrder"]
    assert order["errors"] == []
    assert order["serviceOrder"] == {
        "channel": "ONE_BUTTON_12349",
        "kind": "DAILY_CARE",
        "status": "CREATED",
        "person": {"name": "王秀英"},
        "division": {"id": where},
        "orderedAt": "2026-06-01T01:01:00.000000Z",
    }


def test_y2_every_order_is_of_one_of_five_kinds_and_emergencies_have_a_target(ask: Ask, mianyang: str) -> None:
    data = ask(
        """query ($in: ID, $day: Date) {
        serviceOrderSummary(groupBy: [KIND], filter: {within: $in}, asOf: $day) { kind count }
        all: serviceOrders(filter: {within: $in}, asOf: $day, first: 1) { totalCount }
        urgent: serviceOrders(filter: {within: $in, kind: {eq: EMERGENCY_AID}}, asOf: $day, first: 100) {
          nodes { targetSeconds dispatchedAt } }
        vocabulary(name: "ServiceKind") { terms { code } }
        serviceItems { item kind } }""",
        **{"in": mianyang, "day": DAY},
    )
    kinds = {"EMERGENCY_AID", "HOME_CARE", "DAILY_CARE", "HOUSEKEEPING", "INFORMATION"}
    assert {term["code"] for term in data["vocabulary"]["terms"]} == kinds
    assert {row["kind"] for row in data["serviceOrderSummary"]} == kinds
    assert sum(row["count"] for row in data["serviceOrderSummary"]) == data["all"]["totalCount"]
    assert {row["targetSeconds"] for row in data["urgent"]["nodes"]} == {60}
    assert {row["kind"] for row in data["serviceItems"]} == kinds


def test_y3_ten_million_people_reached_is_not_believed(ask: Ask, mianyang: str) -> None:
    data = ask(
        """query ($in: ID!, $day: Date) {
        reportedFigures(filter: {quality: {eq: IMPLAUSIBLE}}) { nodes { code value } }
        indicatorValues(codes: [PEOPLE_60], divisions: [$in], basis: REPORTED, asOf: $day) { numerator value } }""",
        **{"in": mianyang, "day": DAY},
    )
    assert {"code": "my_elderly_reach", "value": 10_000_000} in data["reportedFigures"]["nodes"]
    assert all((row["value"] or 0) < 5_000_000 for row in data["indicatorValues"])


def test_y6_seven_of_nine_counties_have_a_platform_and_one_town_tries(ask: Ask, mianyang: str) -> None:
    data = ask(
        """query ($in: ID!, $day: Date) {
        platforms(filter: {within: $in, level: {eq: COUNTY}, status: {eq: ACTIVE}}, asOf: $day) { totalCount }
        platformSummary(groupBy: [LEVEL], filter: {within: $in, status: {eq: ACTIVE}}, asOf: $day) { level count }
        pilot: platforms(filter: {within: $in, pilot: {eq: true}}, asOf: $day) { nodes { level division { level } } }
        platformCoverage(division: $in, level: COUNTY, asOf: $day) { divisions covered coverage }
        indicatorValues(codes: [PLATFORM_COVERAGE], divisions: [$in], variants: ["COUNTY"], asOf: $day) {
          numerator denominator value } }""",
        **{"in": mianyang, "day": DAY},
    )
    assert data["platforms"]["totalCount"] == 7
    levels = {row["level"]: row["count"] for row in data["platformSummary"]}
    assert (set(levels), levels["COUNTY"], levels["TOWN"]) == ({"CITY", "COUNTY", "TOWN", "VILLAGE"}, 7, 1)
    assert data["pilot"]["nodes"] == [{"level": "TOWN", "division": {"level": "TOWN"}}]
    coverage = data["platformCoverage"]
    assert (coverage["covered"], coverage["divisions"]) == (7, 9)
    assert round(coverage["coverage"] * 100, 1) == 77.8
    assert data["indicatorValues"] == [{"numerator": 7, "denominator": 9, "value": 77.8}]


def test_y7_franchisees_are_counted_on_a_date_and_nearly_1000_stays_nearly(ask: Ask, mianyang: str) -> None:
    query = """query ($in: ID, $day: Date) {
      serviceProviders(filter: {within: $in, affiliation: {eq: FRANCHISEE}, status: {eq: ACTIVE}}, asOf: $day) {
        totalCount } }"""
    counted = {day: ask(query, **{"in": mianyang, "day": day}) for day in ("2016-12-31", DAY)}
    assert [each["serviceProviders"]["totalCount"] for each in counted.values()] == [0, 36]
    figure = figures(ask, "my_franchisees")["my_franchisees"]
    assert (figure["value"], figure["qualifier"]) == (1000, "APPROX_BELOW")


def test_y8_people_served_and_services_given_are_two_numbers(ask: Ask, mianyang: str) -> None:
    data = ask(
        """query ($in: ID, $day: Date!) { serviceReturn(division: $in, firstDay: "2017-10-13", lastDay: $day, asOf: $day) {
        people services servicesPerPerson franchisees } }""",
        **{"in": mianyang, "day": DAY},
    )["serviceReturn"]
    assert 0 < data["people"] < data["services"]
    assert data["servicesPerPerson"] == pytest.approx(data["services"] / data["people"])
    said = figures(ask, "my_served_per_year", "my_franchisees")
    assert (said["my_served_per_year"]["unit"], said["my_served_per_year"]["quality"]) == ("person/year", "AMBIGUOUS")
    assert said["my_served_per_year"]["value"] / said["my_franchisees"]["value"] == 100


def test_y9_social_forces_run_21_day_care_centres(ask: Ask, mianyang: str) -> None:
    data = ask(
        """query ($in: ID, $day: Date) {
        facilitySummary(groupBy: [OPERATOR_TYPE, OPERATING_MODE], asOf: $day,
          filter: {within: $in, kind: {eq: DAY_CARE_CENTER}}) { operatorType operatingMode count }
        vocabulary(name: "OperatingMode") { terms { code } } }""",
        **{"in": mianyang, "day": DAY},
    )
    assert {row["operatorType"] for row in data["facilitySummary"]} == {"SOCIAL_SERVICE_ORG", "ENTERPRISE"}
    assert sum(row["count"] for row in data["facilitySummary"]) == 21
    assert {row["operatingMode"] for row in data["facilitySummary"]} == {"PUBLIC_BUILT_PRIVATE_RUN"}
    assert "PRIVATE_SUPPORTED" in {term["code"] for term in data["vocabulary"]["terms"]}


def test_y10_one_centre_can_offer_all_three_settings(ask: Ask, mianyang: str) -> None:
    query = """query ($in: ID, $day: Date, $has: [FacilityFilter!]) { facilities(asOf: $day,
      filter: {within: $in, kind: {eq: DAY_CARE_CENTER}, and: $has}) { totalCount } }"""
    settings = ("DAY_CARE", "HOME_SERVICE", "SHORT_STAY")
    found = []
    for count in (1, 2, 3):
        has = [{"capabilities": {"some": {"capability": {"eq": each}}}} for each in settings[:count]]
        found.append(ask(query, has=has, **{"in": mianyang, "day": DAY})["facilities"]["totalCount"])
    assert found == [21, 7, 1]


def test_y14_32_regional_centres_serve_towns_of_their_own(ask: Ask, mianyang: str) -> None:
    data = ask(
        """query ($in: ID, $day: Date) { facilities(asOf: $day, first: 50,
          filter: {within: $in, kind: {eq: RURAL_REGIONAL_CENTER}}) {
          totalCount nodes { serviceAreas { nodes { division { code level } } } } } }""",
        **{"in": mianyang, "day": DAY},
    )["facilities"]
    areas = [[area["division"] for area in centre["serviceAreas"]["nodes"]] for centre in data["nodes"]]
    towns = [town["code"] for area in areas for town in area]
    assert data["totalCount"] == 32
    assert min(len(area) for area in areas) == 1
    assert max(len(area) for area in areas) == 2
    assert {town["level"] for area in areas for town in area} == {"TOWN"}
    assert len(towns) == len(set(towns)) == 40


def test_y14_a_second_centre_cannot_take_the_same_town(tell: Asker, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        county = make.division(w)
        town = make.division(w, level=Level.TOWN, parent_id=county.id)
        kind = FacilityKind.RURAL_REGIONAL_CENTER
        centres = [make.facility(w, division_id=county.id, kind=kind).id for _ in range(2)]
        session.commit()
        where = f"Division_{town.id}"
    query = """mutation ($centre: ID!, $town: ID!, $from: Date!) {
      createFacilityArea(input: {facilityId: $centre, divisionId: $town, validFrom: $from}) { errors { code } } }"""

    def serve(centre: int, day: str) -> list[str]:
        given = {"centre": f"Facility_{centre}", "town": where, "from": day}
        return [error["code"] for error in tell(query, given)["data"]["createFacilityArea"]["errors"]]

    assert serve(centres[0], "2016-01-01") == []
    assert serve(centres[1], "2018-01-01") == ["SERVED_BY_TWO"]


def test_y16_full_medical_coverage_is_a_claim_beside_the_share_of_the_records(ask: Ask, mianyang: str) -> None:
    claim = figures(ask, "my_medical_coverage")["my_medical_coverage"]
    assert (claim["value"], claim["qualifier"], claim["quality"]) == (100, "CLAIM", "INCOMPLETE")
    query = """query ($in: ID, $day: Date) { facilitySummary(asOf: $day,
      filter: {within: $in, kind: {eq: RURAL_REGIONAL_CENTER}}) { count withMedical medicalShare } }"""
    (found,) = ask(query, **{"in": mianyang, "day": DAY})["facilitySummary"]
    assert (found["count"], found["withMedical"], found["medicalShare"]) == (32, 20, 20 / 32)
