"""Scenarios are read strictly, and every mistake is told with the nearest thing that would have been right."""

from datetime import date

import pytest

from eldersim.baseline import Baseline, Division, Facility, Place
from eldersim.errors import InvalidInput
from eldersim.measures import KINDS
from eldersim.scenario import BASE, Scenario, check, day_of, read, schema

TOWN = Baseline(
    "town", date(2020, 5, 19), (Division("330109"),), (Facility("A1", "330109"),), (Place("A1", "NURSING", 9),)
)
ADD = {"kind": "add_beds", "bed_type": "NURSING", "beds": 5}


@pytest.mark.parametrize(
    ("change", "near", "path"),
    [
        ({"kind": "add_bed"}, "add_beds", ("measures", 0)),
        ({"bed_typ": "NURSING"}, "bed_type", ("measures", 0, "bed_typ")),
        ({"bed_type": "NURSERY"}, "NURSING", ("measures", 0, "bed_type")),
        ({"facility": "A2"}, "A1", ("measures", 0, "facility")),
        ({"division": "330108"}, "330109", ("measures", 0, "division")),
    ],
)
def test_a_mistake_is_told_with_its_place_and_the_nearest_name(
    change: dict[str, str], near: str, path: tuple[str | int, ...]
) -> None:
    with pytest.raises(InvalidInput) as told:
        read({"name": "x", "measures": [{**ADD, **change}]}, baseline=TOWN)
    assert near in told.value.remedy
    assert told.value.path == path


def test_beds_below_one_are_refused() -> None:
    with pytest.raises(InvalidInput, match="greater than 0"):
        read({"name": "x", "measures": [{**ADD, "beds": 0}]})


def test_a_date_becomes_a_day() -> None:
    assert day_of(date(2020, 6, 19), TOWN.date) == 31


def test_a_measure_before_the_start_is_refused() -> None:
    early = read({"name": "x", "measures": [{**ADD, "from": "2019-01-01"}]})
    with pytest.raises(InvalidInput, match="before the baseline"):
        check(early, TOWN)


def test_a_facility_opened_by_a_measure_is_known_to_those_after_it() -> None:
    opened = {"kind": "open_facility", "facility": "N", "division": "330109", "beds": {"NURSING": 3}}
    assert len(read({"name": "x", "measures": [opened, {**ADD, "facility": "N"}]}, baseline=TOWN).measures) == 2


def test_the_schema_names_every_kind_of_measure() -> None:
    text = str(schema())
    assert all(str(kind.model_fields["kind"].default) in text for kind in KINDS)


def test_a_scenario_grows_under_a_new_name_and_the_other_stays() -> None:
    more = BASE.with_measures(KINDS[0].model_validate(ADD), name="more")
    assert (more.base, len(more.measures), len(BASE.measures)) == ("base", 1, 0)


def test_scenarios_read_from_their_own_json_are_equal() -> None:
    scenario = read({"name": "x", "measures": [{**ADD, "from": 30}]})
    assert Scenario.model_validate_json(scenario.model_dump_json(by_alias=True)) == scenario
