"""Zhangjiajie, a visit on 6 December: the places for old and young, and what the bottom line means (rows J1 to J6, J8)."""

from datetime import date
from typing import Any

import pytest
from asker import Asker
from graphql import GraphQLInputObjectType, GraphQLObjectType
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import factories as make
from demonstrated import Ask, Place
from eldercare.api.schema import Api
from eldercare.registry.admission import AdmissionRule
from eldercare.registry.facility import FacilityKind, Sector

DAY = "2018-12-06"


@pytest.fixture(scope="session")
def zhangjiajie(territory: Place) -> str:
    """The city's id."""
    return territory("4308")


def test_j1_the_day_of_the_visit_has_no_year_and_is_marked_incomplete(ask: Ask) -> None:
    query = """{ reportedFigures(filter: {code: {eq: "zjj_date"}}) {
      nodes { quality periodFrom value quote note division { code } } } }"""
    (visit,) = ask(query)["reportedFigures"]["nodes"]
    assert (visit["quality"], visit["periodFrom"], visit["value"]) == ("INCOMPLETE", None, None)
    assert visit["quote"] == "December 6"
    assert visit["division"]["code"] == "430800000000"


def test_j2_the_sector_of_small_children_has_the_two_centres(ask: Ask, zhangjiajie: str) -> None:
    query = """query ($in: ID, $day: Date) {
      facilities(filter: {within: $in, sector: {eq: CHILDCARE}}, asOf: $day) { nodes { name kind } } }"""
    found = ask(query, **{"in": zhangjiajie, "day": DAY})["facilities"]["nodes"]
    assert {row["kind"] for row in found} == {"CHILDCARE"}
    assert sorted(row["name"].split(" ")[0] for row in found) == ["Aileqi", "Yuzu"]


def test_j3_places_and_enrolment_are_sums(ask: Ask, zhangjiajie: str) -> None:
    query = """query ($in: ID, $day: Date) {
      childcarePeriods(filter: {within: $in}, asOf: $day) { nodes { places enrolled facility { name } } }
      childcarePeriodSummary(filter: {within: $in}, asOf: $day) { count places inclusivePlaces enrolled use } }"""
    data = ask(query, **{"in": zhangjiajie, "day": DAY})
    assert all(row["enrolled"] <= row["places"] for row in data["childcarePeriods"]["nodes"])
    (whole,) = data["childcarePeriodSummary"]
    assert whole == {
        "count": 2,
        "places": 165,
        "inclusivePlaces": 105,
        "enrolled": 101,
        "use": pytest.approx(101 / 165),
    }


def test_j3_more_children_than_places_and_any_child_are_refused(tell: Asker, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        centre = make.facility(w, kind=FacilityKind.CHILDCARE, sector=Sector.CHILDCARE)
        elder = make.person(w)
        session.commit()
        ids = {"centre": f"Facility_{centre.id}", "elder": f"Person_{elder.id}"}
    refused = {
        "CHECK_ENROLLED_WITHIN_PLACES": "createChildcarePeriod(input: {facilityId: $centre, places: 60, enrolled: 61, "
        'validFrom: "2024-01-01"})',
        "CHILD_NOT_RECORDED": 'createPerson(input: {name: "小明", sex: MALE, birthDate: "2023-04-05"})',
        "NO_CHILD_RECORDS": "createStay(input: {personId: $elder, facilityId: $centre, bedType: DAY, "
        'admittedOn: "2025-01-01"})',
    }
    for code, mutation in refused.items():
        used = [f"${name}: ID!" for name in ids if f"${name}" in mutation]
        head = f"mutation ({', '.join(used)})" if used else "mutation"
        answer = tell(f"{head} {{ done: {mutation} {{ errors {{ code }} }} }}", ids)["data"]["done"]
        assert [error["code"] for error in answer["errors"]] == [code]


def test_j3_no_field_of_childcare_can_hold_a_child(api: Api) -> None:
    """Only numbers, days and the facility: no name, no free text, no reference to a person."""
    provenance = {"id", "version", "recordedAt", "sourceRecord", "quality", "verifiedOn", "source"}
    told = {"facility": "Facility", "places": "Int", "inclusivePlaces": "Int", "enrolled": "Int"}
    told |= {"validFrom": "Date", "validTo": "Date"}
    shown: Any = api.schema.type_map["ChildcarePeriod"]
    sent: Any = api.schema.type_map["CreateChildcarePeriodInput"]
    assert isinstance(shown, GraphQLObjectType)
    assert isinstance(sent, GraphQLInputObjectType)
    named = {name: str(field.type).strip("!") for name, field in shown.fields.items() if name not in provenance}
    assert named == told
    assert set(sent.fields) - provenance == {name for name in told if name != "facility"} | {"facilityId"}


def test_j5_the_four_places_of_the_visit(ask: Ask, zhangjiajie: str) -> None:
    query = """query ($in: ID, $day: Date) { facilities(filter: {within: $in, sector: {eq: ELDERLY}}, asOf: $day) {
      nodes { name kind code division { code } } } }"""
    found = ask(query, **{"in": zhangjiajie, "day": DAY})["facilities"]["nodes"]
    where = {row["kind"]: row["division"]["code"][:6] for row in found}
    assert where == {
        "CITY_CENTER": "430800",
        "HOME_CARE_CENTER": "430802",
        "SOCIAL_WELFARE_INSTITUTE": "430802",
        "TOWN_HOME": "430802",
    }
    assert all(row["code"] for row in found)


def test_j6_the_community_centre_is_run_privately_and_brings_meals(ask: Ask, zhangjiajie: str) -> None:
    query = """query ($in: ID, $day: Date) {
      facilities(asOf: $day, filter: {within: $in, operatingMode: {eq: PUBLIC_BUILT_PRIVATE_RUN},
        capabilities: {some: {capability: {eq: MEAL_POINT}}}}) { nodes { kind public } }
      meals: serviceOrders(asOf: $day, filter: {within: $in, item: {eq: MEAL}}) { totalCount }
      unproved: facilities(asOf: $day, filter: {within: $in, public: {eq: true}, fireStatus: {ne: MET}}) { totalCount } }"""
    data = ask(query, **{"in": zhangjiajie, "day": DAY})
    assert data["facilities"]["nodes"] == [{"kind": "HOME_CARE_CENTER", "public": True}]
    assert data["meals"]["totalCount"] > 0
    assert data["unproved"]["totalCount"] == 2, "public facilities whose fire safety nobody has proved"


def test_j8_the_extremely_poor_come_before_everybody_who_pays(tell: Asker, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        county = make.division(w)
        paying, poor = make.person(w), make.person(w)
        for elder in (paying, poor):
            make.residence(w, elder.id, county.id)
        make.membership(w, poor.id)
        begun = {"valid_from": date(2018, 1, 1)}
        for order, category in ((1, "EXTREMELY_POOR"), (8, None)):
            w.create(AdmissionRule, {"priority_class": order, "category": category, **begun})
        session.commit()
        people = [f"Person_{elder.id}" for elder in (paying, poor)]
    query = """mutation ($person: ID!, $on: Date!) { submitApplication(input: {personId: $person, on: $on, bedType: NURSING}) {
      application { priorityClass } errors { code message } } }"""
    days = ("2026-01-01", "2026-05-01")
    answers = [tell(query, {"person": person, "on": day}) for person, day in zip(people, days, strict=True)]
    classes = [answer["data"]["submitApplication"]["application"]["priorityClass"] for answer in answers]
    assert classes[1] < classes[0], "whoever came first"
