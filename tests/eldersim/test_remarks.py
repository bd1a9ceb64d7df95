"""A list that grows without end is told in words."""

from datetime import date

import numpy as np
import pytest

from eldersim.baseline import Applicant, Baseline, Division, Facility, Place, Resident
from eldersim.engine import simulate
from eldersim.remarks import remarks
from eldersim.scenario import BASE, Scenario, read

TOWN = Baseline(
    "town",
    date(2020, 5, 19),
    (Division("1"),),
    (Facility("A", "1"),),
    (Place("A", "ORDINARY", 60), Place("A", "NURSING", 100)),
    (Resident("A", "NURSING", 100, level=3),) * 100,
    (Applicant(10, 8, 3, bed_type="NURSING"),) * 5,
)
CROWD = read({"name": "crowd", "measures": [{"kind": "demand", "factor": 3.0}]})


def codes(scenario: Scenario) -> list[str]:
    return [remark.code for remark in simulate(TOWN, scenario, seed=1, years=6).remarks]


def test_a_list_that_only_giving_up_keeps_from_growing_is_told() -> None:
    assert codes(CROWD) == ["LIST_OF_THE_GIVEN_UP"]
    assert "护理型床位" in simulate(TOWN, CROWD, seed=1, years=6).remarks[0].zh


def test_a_town_in_balance_has_nothing_to_remark() -> None:
    assert codes(BASE) == []


@pytest.mark.parametrize(
    ("lists", "used", "told"),
    [
        ([0, 40, 90], 36_500, ["LIST_WITHOUT_END"]),
        ([40, 40, 41], 36_500, ["LIST_OF_THE_GIVEN_UP"]),
        ([0, 40, 90], 30_000, []),
        ([0, 2, 9], 36_500, []),
    ],
)
def test_full_beds_and_a_growing_list_are_told_apart(lists: list[int], used: int, told: list[str]) -> None:
    waiting = np.zeros((3, 8, 5))
    waiting[:, 0, 1] = lists
    days = np.zeros((2, 1, 5))
    days[:, 0, 1] = used
    there = np.zeros((2, 1, 5))
    there[:, 0, 1] = 36_525
    assert [remark.code for remark in remarks(waiting, days, there)] == told


def test_people_who_wait_for_beds_that_are_not_there_are_told() -> None:
    waiting = np.zeros((2, 8, 5))
    waiting[1, 3, 2] = 30
    assert [remark.code for remark in remarks(waiting, np.zeros((1, 1, 5)), np.zeros((1, 1, 5)))] == ["NO_BEDS"]
