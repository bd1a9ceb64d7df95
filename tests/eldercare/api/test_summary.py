"""Summaries and reports: sums, rates and counts as Python computes them from the rows."""

from collections import Counter
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from eldercare.registry import Facility, Person


def data(ask: Asker, query: str, variables: Any = None) -> Any:
    """The data of an answer without errors."""
    answer = ask(query, variables)
    assert "errors" not in answer, answer
    return answer["data"]


def test_groups_count_what_a_page_lists(ask: Asker) -> None:
    found = data(ask, "{ facilitySummary(groupBy: [KIND]) { kind count } facilities(first: 500) { nodes { kind } } }")
    expected = Counter(node["kind"] for node in found["facilities"]["nodes"])
    assert {group["kind"]: group["count"] for group in found["facilitySummary"]} == expected


def test_totals_and_rates_come_from_sums_over_known_rows(ask: Asker) -> None:
    figures = "residents filedBeds occupancy"
    found = data(
        ask,
        f"{{ facilitySummary(groupBy: [OWNERSHIP], history: true) {{ ownership {figures} }}"
        f" facilities(first: 500, history: true) {{ nodes {{ ownership {figures} }} }} }}",
    )
    for group in found["facilitySummary"]:
        rows = [row for row in found["facilities"]["nodes"] if row["ownership"] == group["ownership"]]
        known = [row for row in rows if row["filedBeds"] is not None]
        beds = sum(row["filedBeds"] for row in known)
        assert group["residents"] == sum(row["residents"] for row in rows)
        assert group["filedBeds"] == (beds if known else None)
        expected = None if not beds else round(sum(row["residents"] for row in known) / beds, 6)
        assert group["occupancy"] == pytest.approx(expected, abs=1.1e-6)


def test_without_groups_there_is_one_total_even_of_nothing(ask: Asker) -> None:
    query = '{ facilitySummary(filter: {name: {eq: "nobody has this name"}}) { count residents occupancy kind } }'
    assert data(ask, query)["facilitySummary"] == [{"count": 0, "residents": None, "occupancy": None, "kind": None}]


def test_having_order_and_first_apply_to_groups(ask: Asker) -> None:
    whole = data(ask, "{ facilitySummary(groupBy: [KIND]) { kind count } }")["facilitySummary"]
    query = "{ facilitySummary(groupBy: [KIND], having: {count: {gte: 2}}, orderBy: [{field: COUNT, direction: DESC}], first: 2) { kind count } }"
    found = data(ask, query)["facilitySummary"]
    expected = sorted((g for g in whole if g["count"] >= 2), key=lambda g: (-g["count"], g["kind"]))
    assert found == expected[:2]


def test_territories_group_by_the_division_above(ask: Asker, planted_engine: Engine) -> None:
    found = data(ask, "{ facilitySummary(groupBy: [COUNTY], history: true) { county { id } count } }")[
        "facilitySummary"
    ]
    with Session(planted_engine) as session:
        places = [f.division_id for f in session.scalars(select(Facility))]
    answer = data(ask, "{ divisions(first: 500, history: true) { nodes { id level parent { id level } } } }")
    counties: dict[str, str | None] = {}
    for division in answer["divisions"]["nodes"]:
        up = division if division["level"] == "COUNTY" else division["parent"]
        counties[division["id"]] = up["id"] if up and up["level"] == "COUNTY" else None
    expected = Counter(counties[f"Division_{place}"] for place in places)
    assert {group["county"] and group["county"]["id"]: group["count"] for group in found} == expected


def test_people_of_all_ages_are_in_one_band_each(ask: Asker, planted_engine: Engine) -> None:
    found = data(
        ask,
        "{ personSummary(groupBy: [AGE_BAND]) { ageBand count } people(first: 500, filter: {alive: {eq: true}}) { nodes { age } } }",
    )

    def band(age: int) -> str:
        return "0-59" if age < 60 else "100+" if age >= 100 else f"{age // 5 * 5}-{age // 5 * 5 + 4}"

    expected = Counter(band(node["age"]) for node in found["people"]["nodes"])
    assert {group["ageBand"]: group["count"] for group in found["personSummary"]} == expected
    with Session(planted_engine) as session:
        assert session.scalars(select(Person.id)).first() is not None


def test_group_counts_count_nobody_twice_when_asked(ask: Asker) -> None:
    found = data(
        ask,
        "{ each: groupCounts(categories: [ADVANCED_AGE_80, ADVANCED_AGE_90]) { category people } "
        "once: groupCounts(categories: [ADVANCED_AGE_80, ADVANCED_AGE_90], distinct: true) { category people } "
        "people(filter: {age: {gte: 80}, alive: {eq: true}}) { totalCount } }",
    )
    assert found["once"] == [{"category": None, "people": found["people"]["totalCount"]}]
    assert [row["category"] for row in found["each"]] == ["ADVANCED_AGE_80", "ADVANCED_AGE_90"]
    assert found["each"][0]["people"] == found["people"]["totalCount"]


def test_group_counts_of_counties_add_up_to_the_city(ask: Asker) -> None:
    found = data(
        ask,
        "{ low: groupCounts(level: COUNTY, categories: [ADVANCED_AGE_80], base: RESIDENT) { division { level } under { level } people } "
        "high: groupCounts(level: CITY, categories: [ADVANCED_AGE_80]) { people } "
        "all: groupCounts(categories: [ADVANCED_AGE_80]) { people } }",
    )
    assert {row["division"]["level"] for row in found["low"] if row["division"]} <= {"COUNTY"}
    assert {row["under"]["level"] for row in found["low"] if row["under"]} <= {"CITY", "PROVINCE", "NATION"}
    assert all(row["division"] is None or row["under"] is None for row in found["low"])
    total = found["all"][0]["people"]
    assert sum(row["people"] for row in found["low"]) == sum(row["people"] for row in found["high"]) == total


def test_classes_of_beds_are_never_mixed(ask: Asker) -> None:
    answer = ask("{ occupancy(bedTypes: [ORDINARY, DAY]) { beds } sources { totalCount } }")
    assert answer["errors"][0]["extensions"]["code"] == "MIXED_BED_CLASSES"
    assert answer["data"]["sources"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("groupBy: []", "BAD_GROUP_BY"),
        ("groupBy: [KIND, KIND]", "BAD_GROUP_BY"),
        ("first: 5001", "PAGE_SIZE"),
        ("first: -1", "PAGE_SIZE"),
        ("having: {}", "EMPTY_FILTER"),
        ("having: {count: {}}", "EMPTY_FILTER"),
        ("filter: {}", "EMPTY_FILTER"),
        ("orderBy: []", "EMPTY_ORDER"),
    ],
)
def test_a_bad_summary_is_a_coded_error(ask: Asker, arguments: str, code: str) -> None:
    answer = ask(f"{{ facilitySummary({arguments}) {{ count }} }}")
    assert answer["data"] == {"facilitySummary": None}
    assert answer["errors"][0]["extensions"]["code"] == code


def test_as_of_holds_at_every_depth(ask: Asker) -> None:
    query = """query A($day: Date!) {
      facilities(asOf: $day, first: 200) { totalCount nodes { stays(first: 100) { totalCount nodes { admittedOn dischargedOn } } } }
      facilitySummary(asOf: $day) { count residents }
      some: facilities(asOf: $day, filter: {stays: {some: {admittedOn: {lte: $day}}}}) { totalCount } }"""
    for day in ("2020-01-01", "2026-11-01", "2026-12-24"):
        found = data(ask, query, {"day": day})
        stays = [s for node in found["facilities"]["nodes"] for s in node["stays"]["nodes"]]
        assert all(s["admittedOn"] <= day and (s["dischargedOn"] is None or s["dischargedOn"] > day) for s in stays)
        assert found["facilitySummary"][0]["count"] == found["facilities"]["totalCount"]
        occupied = sum(node["stays"]["totalCount"] > 0 for node in found["facilities"]["nodes"])
        assert found["some"]["totalCount"] == occupied
