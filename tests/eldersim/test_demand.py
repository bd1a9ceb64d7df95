"""Applications follow people, and a change of their number is explained to the last application."""

import pytest

from eldersim.ability import fitted
from eldersim.demand import Demand, applications, waterfall
from eldersim.demography import from_bands, project
from eldersim.errors import InvalidInput
from eldersim.parameters import load

HAZARDS = fitted(load())
BANDS = {sex: {60: 9000.0, 65: 8000.0, 70: 5000.0, 75: 3000.0, 80: 2000.0, 85: 1000.0} for sex in ("male", "female")}
SHARES = {"OTHER": 0.95, "EXTREMELY_POOR": 0.05}


@pytest.fixture(scope="module")
def demand() -> Demand:
    """Ten years of applications in one county."""
    people = from_bands({"330109": BANDS}, HAZARDS, year=2020, group_shares=SHARES)
    return applications(project(people, HAZARDS, first_year=2020, years=10), load())


def test_the_first_year_has_the_stated_rate(demand: Demand) -> None:
    people = (demand.projection.aged(60)[0] + demand.projection.aged(60)[1]) / 2
    assert demand.total()[0] == pytest.approx(0.0041 * people, rel=1e-9)


def test_about_half_of_the_applicants_are_disabled(demand: Demand) -> None:
    levels = demand.by_level()[0]
    assert 0.4 < levels[1:].sum() / levels.sum() < 0.65


def test_a_baseline_in_balance_fixes_the_first_year() -> None:
    people = from_bands({"330109": BANDS}, HAZARDS, year=2020)
    found = applications(project(people, HAZARDS, first_year=2020, years=2), load(), first_year_total=123.0)
    assert found.total()[0] == pytest.approx(123.0, rel=1e-12)


def test_supported_groups_apply_more_often(demand: Demand) -> None:
    assert demand.propensity[20, 0, 1] == pytest.approx(6 * demand.propensity[20, 0, 0])


def test_the_waterfall_adds_up_to_the_change(demand: Demand) -> None:
    steps = waterfall(demand, 9)
    assert [step.cause for step in steps] == ["number", "age", "ability", "group"]
    assert sum(step.change for step in steps) == pytest.approx(demand.total()[9] - demand.total()[0], rel=1e-9)


def test_the_ceiling_is_never_crossed(demand: Demand) -> None:
    assert (demand.intensity <= demand.ceiling()).all()


def test_demand_from_nobody_is_refused() -> None:
    nobody = {sex: dict.fromkeys(found, 0.0) for sex, found in BANDS.items()}
    people = from_bands({"a": nobody}, HAZARDS, year=2020)
    with pytest.raises(InvalidInput, match="Nobody"):
        applications(project(people, HAZARDS, first_year=2020, years=1), load(), first_year_total=5.0)
