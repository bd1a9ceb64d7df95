"""A change of the number of applications is explained to the last application."""

import pytest

from eldersim.ability import fitted
from eldersim.demand import applications, total
from eldersim.demography import Projection, from_bands, project
from eldersim.drivers import drivers, whole_change
from eldersim.parameters import load

HAZARDS = fitted(load())
BANDS = {sex: {60: 9000.0, 65: 8000.0, 70: 5000.0, 75: 3000.0, 80: 2000.0, 85: 1000.0} for sex in ("male", "female")}
SHARES = {"OTHER": 0.95, "EXTREMELY_POOR": 0.05}


@pytest.fixture(scope="module")
def later() -> Projection:
    """Ten years of a county."""
    people = from_bands({"330109": BANDS}, HAZARDS, year=2020, group_shares=SHARES)
    return project(people, HAZARDS, first_year=2020, years=10)


def test_the_drivers_add_up_to_the_change(later: Projection) -> None:
    asked = applications(later.people, load(), later.groups)
    found = drivers(later.people, load(), later.groups, year=10)
    assert whole_change(found) == pytest.approx(total(asked[10]) / total(asked[0]) - 1, rel=1e-9)


def test_without_time_nothing_changes(later: Projection) -> None:
    assert all(abs(each.change) < 1e-12 for each in drivers(later.people, load(), later.groups, year=0))


def test_a_population_that_only_grows_has_one_driver(later: Projection) -> None:
    grown = later.people[[0, 0]] * [[[[[[1.0]]]]], [[[[[1.3]]]]]]
    found = {each.cause: each.change for each in drivers(grown, load(), later.groups, year=1)}
    assert found == pytest.approx({"number": 0.3, "age": 0, "ability": 0, "group": 0}, abs=1e-12)


def test_about_half_of_the_applicants_are_disabled(later: Projection) -> None:
    levels = applications(later.people, load(), later.groups)[0].sum(axis=(0, 1, 2, 4))
    assert 0.4 < levels[1:].sum() / levels.sum() < 0.65
