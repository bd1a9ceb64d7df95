"""The projected population keeps the books, follows the United Nations and keeps ability and deaths apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eldersim.ability import DEAD, fitted, mortality, national_share, spread, year_step
from eldersim.demography import Projection, from_bands, nation_2020, project
from eldersim.errors import InvalidInput
from eldersim.parameters import load, table
from eldersim.population import AGES, Population, old_bands, single_ages, split_ages
from eldersim.transitions import survival

HAZARDS = fitted(load())


@pytest.fixture(scope="module")
def nation() -> Projection:
    """China from 2020 to 2051."""
    return project(nation_2020(HAZARDS), HAZARDS, first_year=2020, years=31)


@pytest.mark.parametrize("year", range(2025, 2051))
def test_china_60_plus_stays_within_four_percent_of_the_united_nations(nation: Projection, year: int) -> None:
    un = next(1000 * float(row["aged_60"]) for row in table("projection") if int(row["year"]) == year)
    assert nation.aged(60)[year - 2020] == pytest.approx(un, rel=0.04)


def test_the_census_is_the_start(nation: Projection) -> None:
    assert nation.aged(60)[0] == pytest.approx(264_018_217, abs=1)


def test_people_change_by_those_who_turn_sixty_and_those_who_die(nation: Projection) -> None:
    aged = nation.aged(60)
    for year in range(nation.years):
        expected = aged[year] + nation.entrants[year].sum() - nation.deaths[year].sum()
        assert aged[year + 1] == pytest.approx(expected, rel=1e-12)


def test_onset_is_fitted_to_the_stated_prevalence() -> None:
    assert national_share(HAZARDS) == pytest.approx(0.116, abs=1e-6)


def test_disability_is_not_an_artefact_of_the_start(nation: Projection) -> None:
    """At a given age the share of disabled people stays what it was: growth comes from ageing."""
    at_eighty = nation.people[:, 0, :, 20].sum(axis=(1, 3))
    share = at_eighty[:, 1:].sum(axis=1) / at_eighty.sum(axis=1)
    assert np.abs(share / share[0] - 1).max() < 0.15


def test_deaths_are_those_of_the_united_nations_at_every_age() -> None:
    people = spread(HAZARDS, year=2020)
    target, _ = mortality(2030)
    step = year_step(HAZARDS, people, target)
    dying = (people * step.chances[..., :DEAD, DEAD]).sum(axis=-1)
    assert dying == pytest.approx(1 - survival(target), rel=1e-5)


def test_the_disabled_die_sooner_than_the_intact_of_their_age() -> None:
    target, _ = mortality(2030)
    chances = year_step(HAZARDS, spread(HAZARDS, year=2020), target).chances
    assert (chances[..., 1:DEAD, DEAD] > chances[..., :1, DEAD])[:, :30].all()


def test_the_factor_on_deaths_is_reported(nation: Projection) -> None:
    assert 0.3 < nation.mean_factor(30) < nation.mean_factor(0) < 1


@settings(max_examples=20, deadline=None)
@given(st.lists(st.floats(0, 1e5), min_size=9, max_size=9))
def test_single_ages_add_up_to_their_bands(bands: list[float]) -> None:
    ages = single_ages(bands)
    assert (ages >= 0).all()
    assert [ages[5 * i : 5 * i + 5].sum() for i in range(8)] == pytest.approx(bands[:8], abs=1e-6)
    assert ages[-1] == bands[-1]


def test_an_open_last_band_is_cut_as_in_the_nation() -> None:
    bands = old_bands({60: 50.0, 65: 40.0, 70: 30.0, 75: 20.0, 80: 10.0, 85: 8.0}, sex="female")
    assert len(bands) == 9
    assert sum(bands[5:]) == pytest.approx(8.0)
    assert bands[5] > bands[6] > bands[7] > bands[8] > 0


def test_two_divisions_keep_their_own_people() -> None:
    bands = {sex: {60: 1000.0, 65: 800.0, 70: 500.0, 75: 300.0, 80: 200.0, 85: 100.0} for sex in ("male", "female")}
    half = {sex: {age: n / 2 for age, n in found.items()} for sex, found in bands.items()}
    people = from_bands({"a": bands, "b": half}, HAZARDS, year=2020, group_shares={"OTHER": 0.9, "EXTREMELY_POOR": 0.1})
    later = project(people, HAZARDS, first_year=2020, years=5)
    by_division = later.people[-1].sum(axis=(1, 2, 3, 4))
    assert by_division[0] == pytest.approx(2 * by_division[1], rel=1e-9)
    assert later.people[-1][..., 1].sum() == pytest.approx(0.1 * by_division.sum(), rel=1e-9)


def test_people_moving_in_are_added() -> None:
    people = nation_2020(HAZARDS)
    still = project(people, HAZARDS, first_year=2020, years=1)
    moving = project(people, HAZARDS, first_year=2020, years=1, migration=np.full((1, 2, len(AGES)), 0.01))
    assert moving.aged(60)[1] == pytest.approx(1.01 * still.aged(60)[1], rel=1e-12)


def test_a_year_without_mortality_is_refused() -> None:
    with pytest.raises(InvalidInput, match="no mortality for 2090"):
        project(nation_2020(HAZARDS), HAZARDS, first_year=2090, years=1)


def test_a_population_of_the_wrong_shape_is_refused() -> None:
    with pytest.raises(InvalidInput, match="shape"):
        Population(("a",), ("OTHER",), np.zeros((1, 2, 3, 5, 1)), np.zeros((1, 2, 30)))


def test_bands_keep_their_slope() -> None:
    ages = split_ages([100.0, 50.0])
    assert ages[0] > ages[4] > ages[9]
