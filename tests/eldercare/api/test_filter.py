"""Filters: each operator against its meaning written in Python; what is empty or unknown fails closed."""

from collections.abc import Callable
from typing import Any

import pytest
from asker import Asker
from planted import TODAY
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from eldercare.registry import Division, Facility, Residence, Stay

Meaning = Callable[[Any], bool]
CASES: list[tuple[dict[str, Any], Meaning]] = [
    ({"name": {"contains": "OB"}}, lambda f: "ob" in f.name.lower()),
    ({"name": {"contains": "%"}}, lambda f: "%" in f.name),
    ({"name": {"contains": "_"}}, lambda f: "_" in f.name),
    ({"name": {"startsWith": "b%"}}, lambda f: f.name.startswith("b%")),
    ({"name": {"startsWith": "王"}}, lambda f: f.name.startswith("王")),
    ({"kind": {"eq": "NURSING_HOME"}}, lambda f: f.kind == "NURSING_HOME"),
    ({"kind": {"in": ["MEAL_POINT", "MUTUAL_AID"]}}, lambda f: f.kind in ("MEAL_POINT", "MUTUAL_AID")),
    ({"kind": {"notIn": ["MEAL_POINT"]}}, lambda f: f.kind != "MEAL_POINT"),
    ({"filedOn": {"gte": "2026-11-01"}}, lambda f: f.filed_on is not None and f.filed_on >= TODAY),
    ({"filedOn": {"ne": "2026-11-01"}}, lambda f: f.filed_on != TODAY),
    ({"filedOn": {"isNull": True}}, lambda f: f.filed_on is None),
    ({"filedOn": {"isNull": False}}, lambda f: f.filed_on is not None),
    ({"filedOn": {"notIn": ["2026-11-01"]}}, lambda f: f.filed_on != TODAY),
    ({"not": {"filedOn": {"gt": "2026-11-01"}}}, lambda f: not (f.filed_on is not None and f.filed_on > TODAY)),
    (
        {"buildingArea": {"gt": 10.25, "lte": 20}},
        lambda f: f.building_area is not None and 10.25 < f.building_area <= 20,
    ),
    ({"regionalCentre": {"eq": True}}, lambda f: f.regional_centre),
    ({"regionalCentre": {"ne": True}}, lambda f: not f.regional_centre),
    ({"acceptsNonLocal": {"eq": False}}, lambda f: f.accepts_non_local is False),
    (
        {"or": [{"name": {"contains": "a"}}, {"filedOn": {"isNull": True}}]},
        lambda f: "a" in f.name.lower() or f.filed_on is None,
    ),
    (
        {"and": [{"name": {"contains": "1"}}, {"not": {"and": [{"name": {"contains": "2"}}]}}]},
        lambda f: "1" in f.name and "2" not in f.name,
    ),
    ({"bedFeeLow": {"in": [0, 3]}}, lambda f: f.bed_fee_low in (0, 3)),
    ({"public": {"ne": False}}, lambda f: f.ownership in ("GOVERNMENT", "COLLECTIVE", "STATE_ENTERPRISE")),
    ({"public": {"eq": True}}, lambda f: f.ownership in ("GOVERNMENT", "COLLECTIVE", "STATE_ENTERPRISE")),
]


def found(ask: Asker, condition: Any, noun: str = "facilities", kind: str = "FacilityFilter") -> set[int]:
    """The keys of the records that a filter finds."""
    answer = ask(
        f"query F($f: {kind}) {{ {noun}(filter: $f, first: 500, history: true) {{ nodes {{ id }} }} }}",
        {"f": condition},
    )
    assert "errors" not in answer, answer
    return {int(node["id"].split("_")[1]) for node in answer["data"][noun]["nodes"]}


@pytest.fixture(scope="module")
def facilities(planted_engine: Engine) -> list[Facility]:
    """Every facility."""
    with Session(planted_engine) as session:
        return list(session.scalars(select(Facility)))


@pytest.mark.parametrize(("condition", "meaning"), CASES, ids=[str(case[0]) for case in CASES])
def test_an_operator_means_what_it_says(
    ask: Asker, facilities: list[Facility], condition: dict[str, Any], meaning: Meaning
) -> None:
    assert found(ask, condition) == {f.id for f in facilities if meaning(f)}


def test_a_filter_reaches_through_a_reference(ask: Asker, facilities: list[Facility], planted_engine: Engine) -> None:
    with Session(planted_engine) as session:
        towns = {d.id for d in session.scalars(select(Division)) if d.level == "TOWN"}
    assert found(ask, {"division": {"level": {"eq": "TOWN"}}}) == {f.id for f in facilities if f.division_id in towns}


def test_conditions_on_related_records_apply_to_one_of_them(ask: Asker, planted_engine: Engine) -> None:
    condition = {"stays": {"some": {"bedType": {"eq": "NURSING"}, "payer": {"eq": "SELF"}}}}
    with Session(planted_engine) as session:
        stays = list(session.scalars(select(Stay)))
    expected = {s.facility_id for s in stays if s.bed_type == "NURSING" and s.payer == "SELF"}
    assert found(ask, condition) == expected
    assert found(ask, {"stays": {"none": condition["stays"]["some"]}}).isdisjoint(expected)


def test_every_related_record_must_meet_every(ask: Asker, facilities: list[Facility], planted_engine: Engine) -> None:
    with Session(planted_engine) as session:
        stays = list(session.scalars(select(Stay)))
    broken = {s.facility_id for s in stays if s.trial_until is None or s.trial_until < TODAY}
    expected = {f.id for f in facilities} - broken
    assert found(ask, {"stays": {"every": {"trialUntil": {"gte": str(TODAY)}}}}) == expected


def test_within_takes_an_id_or_a_code_and_everything_below(ask: Asker, planted_engine: Engine) -> None:
    with Session(planted_engine) as session:
        county = session.scalars(select(Division).where(Division.code == "990101000000")).one()
        inside = set(session.scalars(select(Division.id).where(Division.path.startswith(county.path))))
        expected = set(session.scalars(select(Facility.id).where(Facility.division_id.in_(inside))))
        people = set(session.scalars(select(Residence.person_id).where(Residence.division_id.in_(inside))))
    assert found(ask, {"within": f"Division_{county.id}"}) == found(ask, {"within": county.code}) == expected
    assert found(ask, {"within": county.code}, "people", "PersonFilter") <= people
    assert found(ask, {"within": "000000000000"}) == found(ask, {"id": {"notIn": ["Facility_999"]}})


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ({}, "EMPTY_FILTER"),
        (None, "EMPTY_FILTER"),
        ({"name": {}}, "EMPTY_FILTER"),
        ({"name": None}, "EMPTY_FILTER"),
        ({"name": {"eq": None}}, "NULL_FILTER"),
        ({"name": {"isNull": None}}, "NULL_FILTER"),
        ({"name": {"in": []}}, "EMPTY_LIST"),
        ({"name": {"in": None}}, "NULL_FILTER"),
        ({"and": []}, "EMPTY_FILTER"),
        ({"or": [{}]}, "EMPTY_FILTER"),
        ({"not": {}}, "EMPTY_FILTER"),
        ({"stays": {}}, "EMPTY_FILTER"),
        ({"stays": {"some": {}}}, "EMPTY_FILTER"),
        ({"division": {}}, "EMPTY_FILTER"),
        ({"within": None}, "NULL_FILTER"),
        ({"within": "nowhere"}, "BAD_ID"),
        ({"within": "Facility_1"}, "WRONG_TYPE_OF_ID"),
        ({"id": {"eq": "Stay_1"}}, "WRONG_TYPE_OF_ID"),
        ({"id": {"in": ["Facility_1", "x"]}}, "BAD_ID"),
    ],
    ids=str,
)
def test_what_is_empty_or_wrong_fails_closed(ask: Asker, condition: Any, code: str) -> None:
    answer = ask("query F($f: FacilityFilter) { facilities(filter: $f) { totalCount } }", {"f": condition})
    assert answer["data"] == {"facilities": None}
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]


@pytest.mark.parametrize(
    "condition", [{"nonsense": 1}, {"name": {"like": "x"}}, {"kind": {"eq": "PALACE"}}, {"idNumber": {"eq": "1"}}]
)
def test_what_the_schema_does_not_know_is_not_executed(ask: Asker, condition: Any) -> None:
    answer = ask.answer("query F($f: PersonFilter) { people(filter: $f) { totalCount } }", {"f": condition})
    assert not answer.executed


@pytest.mark.parametrize("text", ["'; DROP TABLE facility; --", '"', "\\", "%' OR 1=1 --", "$1", ":p0", "{}"])
def test_text_is_never_part_of_the_statement(ask: Asker, text: str) -> None:
    assert found(ask, {"name": {"eq": text}}) == set()
    assert found(ask, {"name": {"contains": text}}) is not None


def test_text_that_no_database_holds_is_refused(ask: Asker) -> None:
    answer = ask("query F($f: FacilityFilter) { facilities(filter: $f) { totalCount } }", {"f": {"name": {"eq": "\0"}}})
    assert answer["errors"][0]["extensions"]["code"] == "BAD_TEXT"


def test_one_plan_serves_all_values(ask: Asker) -> None:
    query = "query F($f: FacilityFilter, $n: Int) { facilities(filter: $f, first: $n) { nodes { id name } } }"
    for i in range(5):
        ask(query, {"f": {"name": {"in": ["a"] * (i + 1)}, "kind": {"eq": ["MEAL_POINT", "CHILDCARE"][i % 2]}}, "n": i})
    assert len(ask.executor.documents.operation(query, None).plans) == 1
