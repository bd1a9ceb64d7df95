"""A baseline refuses what cannot be, and comes back whole from its bytes."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from worlds import baselines

from eldersim.baseline import Applicant, Baseline, Division, Facility, Place, Resident
from eldersim.errors import InvalidInput

TOWN: dict[str, Any] = {
    "name": "town",
    "date": date(2020, 5, 19),
    "divisions": (Division("1"),),
    "facilities": (Facility("A", "1"),),
    "places": (Place("A", "NURSING", 9),),
}


@pytest.mark.parametrize(
    "part",
    [
        {"facilities": (Facility("A", "2"),)},
        {"facilities": (Facility("A", "1"), Facility("A", "1"))},
        {"places": (Place("B", "NURSING", 9),)},
        {"places": (Place("A", "NURSERY", 9),)},
        {"places": (Place("A", "NURSING", -1),)},
        {"residents": (Resident("A", "NURSING", -5),)},
        {"residents": (Resident("A", "NURSING", 5, level=7),)},
        {"residents": (Resident("A", "NURSING", 5, price=2),)},
        {"waiting": (Applicant(3, 9),)},
        {"waiting": (Applicant(3, facilities=("Z",)),)},
    ],
)
def test_what_cannot_be_is_refused_with_its_place(part: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as told:
        Baseline(**{**TOWN, **part})
    assert told.value.path[0] == next(iter(part))


def test_beds_without_staff_are_licensed_and_not_usable() -> None:
    assert (Place("A", "NURSING", 9, usable=4).open, Place("A", "NURSING", 9).open) == (4, 9)


@settings(deadline=None, max_examples=25)
@given(baselines())
def test_bytes_bring_back_the_same_baseline(baseline: Baseline) -> None:
    again = Baseline.from_json(baseline.to_json())
    assert (again.digest, again.residents, again.waiting) == (baseline.digest, baseline.residents, baseline.waiting)


def test_one_resident_more_is_another_digest() -> None:
    assert Baseline(**TOWN).digest != Baseline(**TOWN, residents=(Resident("A", "NURSING", 5),)).digest


def test_bytes_of_something_else_are_told() -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        Baseline.from_json(b"{}")
