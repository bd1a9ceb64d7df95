"""The main job: nursing beds in Xiaoshan, computed from the demonstration registry, on both databases."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from eldercare.planning.reading import replicate
from eldercare.planning.request import preset
from eldercare.planning.run import run_study
from eldercare.planning.scenario import plans
from eldercare.planning.table import number
from eldercare.planning.world import Frozen, freeze
from eldersim.engine import simulate
from eldersim.scenario import BASE

DAY = date(2020, 5, 19)


@pytest.fixture(scope="module")
def xiaoshan(demonstration_engine: Engine) -> Frozen:
    """The district as the registry has it on the day of the published figures."""
    with Session(demonstration_engine.execution_options(readonly=True)) as session:
        return freeze(session, "330109", DAY)


def test_the_start_holds_the_published_beds_and_residents(xiaoshan: Frozen) -> None:
    start = xiaoshan.world.baseline
    assert sum(place.open for place in start.places) == 1649
    assert len(start.residents) == 575
    assert len(start.facilities) == 5
    assert round(start.population.total if start.population else 0) == 373_747


def test_at_time_zero_occupancy_is_the_published_one_and_what_the_measures_make_of_it(xiaoshan: Frozen) -> None:
    shown = {
        plan.planned.name: number(
            replicate(xiaoshan.world, plan.scenario, seed=1, replication=0, years=1)["occupancy"][0], "share"
        )
        for plan in plans(preset("xiaoshan"), xiaoshan.world)
    }
    assert shown == {"as-it-is": "34.87 %", "add-100": "32.88 %", "convert-100": "34.87 %"}


def test_converting_adds_a_share_of_nursing_beds_and_no_bed(xiaoshan: Frozen) -> None:
    base, _, converted = (
        replicate(xiaoshan.world, plan.scenario, seed=1, replication=0, years=1)
        for plan in plans(preset("xiaoshan"), xiaoshan.world)
    )
    shares = [(each["nursing_beds"][0] or 0) / (each["beds"][0] or 1) for each in (base, converted)]
    assert round((shares[1] - shares[0]) * 100, 2) == 6.06
    assert base["beds"][0] == converted["beds"][0]


def test_people_are_conserved_every_year(xiaoshan: Frozen) -> None:
    for replication in range(5):
        run = simulate(xiaoshan.world.baseline, BASE, seed=9, replication=replication, years=10)
        lost = run.placed + run.died + run.withdrew + run.hospital + run.diverted
        assert (np.diff(run.waiting.sum(axis=(1, 2))) == (run.applied - lost).sum(axis=(1, 2))).all()
        assert (np.diff(run.residents.sum(axis=(1, 2))) == (run.placed - run.left).sum(axis=(1, 2))).all()
        assert (run.residents <= run.beds).all()


def test_without_growth_and_measures_occupancy_stays_within_two_points(xiaoshan: Frozen) -> None:
    steady = replace(xiaoshan.world.baseline, population=None)
    runs = [simulate(steady, BASE, seed=3, replication=number, years=6) for number in range(30)]
    rates = np.mean([run.residents.sum(axis=(1, 2)) / run.beds.sum(axis=(1, 2)) for run in runs], axis=0)
    assert np.abs(rates - 575 / 1649).max() < 0.02


def test_more_nursing_beds_place_more_people_and_let_fewer_die_waiting(demonstration_engine: Engine) -> None:
    outcome = run_study(demonstration_engine, preset("xiaoshan", replications=12), processes=1)
    for scenario in ("add-100", "convert-100"):
        placed, died = (outcome.of(scenario).difference(code) for code in ("placed", "died_waiting"))
        assert placed is not None
        assert died is not None
        assert placed.certain
        assert died.certain
        assert (placed.whole.low or 0) > 0 > (died.whole.high or 0)
    warned = [text.en for text in outcome.findings if "misleads" in text.en]
    assert len(warned) == 1
    assert warned[0].startswith("+100 nursing beds")


def test_uncertain_parameters_spread_the_runs_and_keep_the_start(xiaoshan: Frozen) -> None:
    plan = plans(preset("xiaoshan"), xiaoshan.world)[0]

    def ends(*, uncertain: bool) -> list[float]:
        runs = [
            replicate(xiaoshan.world, plan.scenario, seed=1, replication=n, years=8, uncertain=uncertain)
            for n in range(12)
        ]
        assert {each["occupancy"][0] for each in runs} == {575 / 1649}
        return [each["residents"][-1] or 0.0 for each in runs]

    assert np.std(ends(uncertain=True)) > np.std(ends(uncertain=False))


def test_a_city_is_frozen_county_by_county(demonstration_engine: Engine) -> None:
    with Session(demonstration_engine.execution_options(readonly=True)) as session:
        city = freeze(session, "1301", date(2018, 9, 27)).world.baseline
    assert sum(place.open for place in city.places) == 32_916
    assert len(city.residents) == 15_872
    assert len(city.divisions) > 15
    assert {facility.division for facility in city.facilities} <= {division.code for division in city.divisions}
