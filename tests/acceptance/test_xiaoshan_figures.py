"""Xiaoshan as of 2020-05-19: the district's published figures come out of the records, row by row of the coverage table."""

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.demonstration.table import settings
from eldercare.kit.errors import RuleViolation
from eldercare.registry import Facility, Source
from eldercare.registry.bedding import set_capacity
from eldercare.registry.capacity import BedType
from eldercare.registry.change import Writer
from eldercare.registry.membership import GroupCategory
from eldercare.security.cipher import KeyRing
from eldercare.security.principal import Principal, Role

Ask = Callable[..., Any]
Place = Callable[[str], str]

DAY = "2020-05-19"
LOW_INCOME_AND_SEVERE = {
    "and": [
        {"memberships": {"some": {"category": {"in": ["DIBAO", "DIBAO_MARGINAL"]}}}},
        {"memberships": {"some": {"category": {"eq": "SEVERE_DISABILITY_CERT"}}}},
    ]
}
COUNT_PEOPLE = (
    "query ($filter: PersonFilter, $day: Date) { people(filter: $filter, asOf: $day, first: 1) { totalCount } }"
)
COUNT_GROUPS = """query ($place: ID, $groups: [GroupCategory!], $day: Date) {
  groupCounts(division: $place, categories: $groups, asOf: $day) { category people } }"""


@pytest.fixture(scope="session")
def xiaoshan(territory: Place) -> str:
    """The district's id."""
    return territory("330109")


def belongs(category: str) -> dict[str, Any]:
    """The filter for people with a membership of a category."""
    return {"memberships": {"some": {"category": {"eq": category}}}}


def count(ask: Ask, place: str, wanted: dict[str, Any]) -> int:
    """How many people of a place are in a group on the day."""
    data = ask(COUNT_PEOPLE, filter={"within": place, **wanted}, day=DAY)
    return int(data["people"]["totalCount"])


def test_x3_385_people_are_extremely_poor(ask: Ask, xiaoshan: str) -> None:
    """X3: by the count of groups, and by counting the people."""
    data = ask(COUNT_GROUPS, place=xiaoshan, groups=["EXTREMELY_POOR"], day=DAY)
    assert data["groupCounts"] == [{"category": "EXTREMELY_POOR", "people": 385}]
    assert count(ask, xiaoshan, belongs("EXTREMELY_POOR")) == 385


def test_x4_2404_people_have_a_low_income_and_a_severe_disability(ask: Ask, xiaoshan: str) -> None:
    """X4: both at once, by certificate; more have the certificate alone, so the condition is compound indeed."""
    assert count(ask, xiaoshan, LOW_INCOME_AND_SEVERE) == 2404
    assert count(ask, xiaoshan, belongs("SEVERE_DISABILITY_CERT")) > 2404


def test_x4_the_definition_of_severe_is_kept_with_the_figure(ask: Ask) -> None:
    """X4: the label is ambiguous and stored as such, not mapped to a level."""
    data = ask("""{ reportedFigures(filter: {code: {eq: "xs_severe_disability_low_income"}}) {
        nodes { value quality labelZh note } } }""")
    (figure,) = data["reportedFigures"]["nodes"]
    assert (figure["value"], figure["quality"]) == (2404, "AMBIGUOUS")
    assert "重度残疾" in figure["note"]
    assert "重度失能" in figure["note"]


def test_x5_2010_people_are_of_special_family_planning_families(ask: Ask, xiaoshan: str) -> None:
    """X5: the number is a head count, not a year."""
    assert count(ask, xiaoshan, belongs("FAMILY_PLANNING_SPECIAL")) == 2010


def test_x5_a_worker_of_another_village_sees_nobody_and_a_town_only_who_is_assigned(
    tell: Asker, engine: Engine
) -> None:
    """X5: the most restricted group: no village worker sees who belongs to it, in a town only who is assigned to it."""
    with Session(engine) as session:
        w = make.writer(session)
        town, villages = make.town(w)
        elder = make.person(w)
        make.residence(w, elder.id, villages[0].id)
        make.membership(w, elder.id, category="FAMILY_PLANNING_SPECIAL")
        session.commit()
        above, own, other = town.id, *(each.id for each in villages)
    query = "{ people { totalCount } groupMemberships { totalCount } }"
    asking = {
        "other village": Principal("1", Role.VILLAGE_WORKER, other, special_family=True),
        "own village": Principal("2", Role.VILLAGE_WORKER, own, special_family=True),
        "town": Principal("3", Role.TOWN_OFFICER, above),
        "town, assigned": Principal("4", Role.TOWN_OFFICER, above, special_family=True),
    }
    seen = {}
    for who, viewer in asking.items():
        found = tell(query, viewer=viewer)["data"]
        seen[who] = (found["people"]["totalCount"], found["groupMemberships"]["totalCount"])
    assert seen == {"other village": (0, 0), "own village": (1, 0), "town": (1, 0), "town, assigned": (1, 1)}


def test_x6_the_groups_add_up_to_4799_and_hold_fewer_people(ask: Ask, xiaoshan: str) -> None:
    """X6: by category 4,799; somebody in two groups counts once among the distinct people."""
    groups = [belongs("EXTREMELY_POOR"), LOW_INCOME_AND_SEVERE, belongs("FAMILY_PLANNING_SPECIAL")]
    by_category = [count(ask, xiaoshan, group) for group in groups]
    distinct = count(ask, xiaoshan, {"or": groups})
    people = settings("xiaoshan.yaml")["people"]
    overlap = people["poor"]["special"] + people["low_income_severe"]["special"]
    assert sum(by_category) == 4799
    assert 2404 <= distinct == 4799 - overlap


def test_x6_group_counts_know_both_ways_of_counting(ask: Ask, xiaoshan: str) -> None:
    """X6: the same with the registry's own counter."""
    query = """query ($place: ID, $day: Date) {
      each: groupCounts(division: $place, categories: [EXTREMELY_POOR, FAMILY_PLANNING_SPECIAL], asOf: $day) { people }
      once: groupCounts(division: $place, categories: [EXTREMELY_POOR, FAMILY_PLANNING_SPECIAL], distinct: true, asOf: $day) {
        people } }"""
    data = ask(query, place=xiaoshan, day=DAY)
    both = settings("xiaoshan.yaml")["people"]["poor"]["special"]
    assert sum(row["people"] for row in data["each"]) == 385 + 2010
    assert [row["people"] for row in data["once"]] == [385 + 2010 - both]


def test_x7_five_town_level_support_centres(ask: Ask, xiaoshan: str) -> None:
    """X7: five facilities of the kind, each in a real town, marked ambiguous because the text is."""
    data = ask(
        """query ($place: ID, $day: Date) {
        facilities(filter: {within: $place, kind: {eq: RURAL_SUPPORT_CENTER}}, asOf: $day) {
          totalCount nodes { quality division { level kind } } } }""",
        place=xiaoshan,
        day=DAY,
    )
    centres = data["facilities"]
    assert centres["totalCount"] == 5
    assert {centre["quality"] for centre in centres["nodes"]} == {"AMBIGUOUS"}
    assert {centre["division"]["kind"] for centre in centres["nodes"]} == {"镇"}


def test_x8_occupancy_is_34_87_percent(ask: Ask, xiaoshan: str) -> None:
    """X8: 575 residents in 1,649 beds, filed or open alike."""
    data = ask(
        """query ($place: ID, $day: Date) {
        filed: occupancy(division: $place, asOf: $day) { residents beds occupancy }
        open: occupancy(division: $place, denominator: OPEN, asOf: $day) { residents beds } }""",
        place=xiaoshan,
        day=DAY,
    )
    assert (data["filed"]["residents"], data["filed"]["beds"]) == (575, 1649)
    assert data["open"] == {"residents": 575, "beds": 1649}
    shown = (Decimal(str(data["filed"]["occupancy"])) * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert shown == Decimal("34.87")


def test_x8_nursing_beds_are_nearly_full_and_ordinary_beds_nearly_empty(ask: Ask, xiaoshan: str) -> None:
    """X8 with X1: the shortage is of nursing, not of beds."""
    data = ask(
        """query ($place: ID, $day: Date) {
        nursing: occupancy(division: $place, bedTypes: [NURSING], asOf: $day) { residents beds }
        ordinary: occupancy(division: $place, bedTypes: [ORDINARY], asOf: $day) { residents beds } }""",
        place=xiaoshan,
        day=DAY,
    )
    assert data["nursing"] == {"residents": 117, "beds": 120}
    assert data["ordinary"] == {"residents": 458, "beds": 1529}


def test_x10_the_town_ran_each_centre_before_the_group(ask: Ask, xiaoshan: str) -> None:
    """X10: before the group's contract the operator is the town, after it the group; the history is kept."""
    query = """query ($place: ID, $day: Date) {
      facilities(filter: {within: $place, kind: {eq: RURAL_SUPPORT_CENTER}}, asOf: $day) {
        nodes { operator { kind brand } } } }"""
    before = ask(query, place=xiaoshan, day="2019-12-31")["facilities"]["nodes"]
    after = ask(query, place=xiaoshan, day="2020-01-01")["facilities"]["nodes"]
    assert [row["operator"]["kind"] for row in before] == ["GOVERNMENT"] * 5
    assert {(row["operator"]["kind"], row["operator"]["brand"]) for row in after} == {
        ("STATE_ENTERPRISE", "萧颐(示例)")
    }


def test_x11_an_extremely_poor_applicant_comes_before_any_who_pays(ask: Ask, xiaoshan: str) -> None:
    """X11: among those who wait for a nursing bed the classes decide, whoever came first."""
    data = ask(
        """query ($place: ID, $day: Date) {
        applications(filter: {within: $place, status: {eq: QUEUED}, bedType: {eq: NURSING}}, asOf: $day, first: 100,
                     orderBy: [{field: PRIORITY_CLASS}, {field: APPLIED_ON}]) {
          nodes { priorityClass appliedOn person { memberships { nodes { category } } } } } }""",
        place=xiaoshan,
        day=DAY,
    )
    queue = data["applications"]["nodes"]
    groups = [{row["category"] for row in entry["person"]["memberships"]["nodes"]} for entry in queue]
    poor = [place for place, each in enumerate(groups) if "EXTREMELY_POOR" in each]
    paying = [place for place, each in enumerate(groups) if not each]
    assert (len(queue), len(poor), len(paying)) == (24, 2, 10)
    assert max(poor) < min(paying)


def test_x11_a_fifth_of_the_beds_is_kept_for_the_extremely_poor(ask: Ask, xiaoshan: str) -> None:
    """X11: every centre keeps at least the share its contract asks for."""
    data = ask(
        """query ($place: ID, $day: Date) {
        facilities(filter: {within: $place, kind: {eq: RURAL_SUPPORT_CENTER}}, asOf: $day, first: 5) { nodes {
          openBeds contracts(first: 2) { nodes { reservedShareMin } }
          capacity(first: 7) { nodes { reserves(first: 9) { nodes { category beds } } } } } } }""",
        place=xiaoshan,
        day=DAY,
    )
    for centre in data["facilities"]["nodes"]:
        (contract,) = centre["contracts"]["nodes"]
        kept = [row for period in centre["capacity"]["nodes"] for row in period["reserves"]["nodes"]]
        assert {row["category"] for row in kept} == {"EXTREMELY_POOR"}
        assert sum(row["beds"] for row in kept) / centre["openBeds"] >= contract["reservedShareMin"] == 0.2


def test_x12_all_four_kinds_of_operators_are_there(ask: Ask, xiaoshan: str) -> None:
    """X12: public institutions, state-owned enterprises, private enterprises and social organisations."""
    data = ask(
        """query ($place: ID, $day: Date) {
        facilitySummary(groupBy: [OPERATOR_TYPE], filter: {within: $place}, asOf: $day) { operatorType count } }""",
        place=xiaoshan,
        day=DAY,
    )
    counts = {row["operatorType"]: row["count"] for row in data["facilitySummary"]}
    assert counts == {"PUBLIC_INSTITUTION": 1, "STATE_ENTERPRISE": 5, "ENTERPRISE": 1, "SOCIAL_SERVICE_ORG": 1}


def test_x11_no_centre_may_keep_fewer_beds_than_its_contract_asks(
    demonstration_engine: Engine, demonstration_keys: KeyRing
) -> None:
    """X11: a reserve under a fifth of the beds is refused, and nothing of the attempt stays."""
    with Session(demonstration_engine) as session:
        centre = session.scalars(select(Facility.id).where(Facility.code == "SYN-XS-001")).one()
        source = session.scalars(select(Source.id)).first()
        writer = Writer(session, author="test", source=source, keys=demonstration_keys)
        with pytest.raises(RuleViolation) as refused:
            set_capacity(
                writer,
                facility_id=centre,
                bed_type=BedType.ORDINARY,
                on=date(2020, 6, 1),
                open=372,
                reserved={GroupCategory.EXTREMELY_POOR: 10},
            )
        session.rollback()
    assert refused.value.code == "RESERVED_TOO_FEW"


def test_x18_the_bureau_is_the_source_of_every_figure_of_the_district(ask: Ask) -> None:
    """X18: each of the figures of X3 to X8 names the bureau that published it."""
    codes = ["xs_extremely_poor", "xs_severe_disability_low_income", "xs_family_planning_special"]
    codes += ["xs_centres", "xs_occupancy", "xs_residents"]
    query = """query ($codes: [String!]) { reportedFigures(filter: {code: {in: $codes}}) {
      nodes { code value source { system collectionMethod } } } }"""
    found = {row["code"]: row for row in ask(query, codes=codes)["reportedFigures"]["nodes"]}
    assert [found[code]["value"] for code in codes] == [385, 2404, 2010, 5, 34.87, 575]
    bureau = "Xiaoshan District Civil Affairs Bureau 杭州市萧山区民政局"
    assert {(row["source"]["system"], row["source"]["collectionMethod"]) for row in found.values()} == {
        (bureau, "SEED_TEXT")
    }
