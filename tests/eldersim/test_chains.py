"""Tests of the exact chains: against closed forms, and against published numbers."""

import math

import pytest

from eldersim import chains, theory
from eldersim.errors import NoAnswer


def test_a_full_loss_chain_is_erlang_b():
    assert chains.queue_at_rest(2.0, 1.0, 3, places_to_wait=0)[-1] == pytest.approx(theory.erlang_b(3, 2.0))


def test_kept_beds_protect_the_urgent_at_the_cost_of_the_others():
    urgent, others = chains.kept_beds(0.04, 0.08, 400.0, beds=50, kept=5)
    assert (urgent, others) == pytest.approx((0.00056285169, 0.20781468), rel=1e-7)


def test_a_growing_demand_with_new_beds_in_year_three():
    found = chains.over_time(
        lambda t: 60 * math.exp(0.05 * t), 1.6, [(0.0, 100), (3.0, 130)], times=[3.0, 5.0], residents=90, states=300
    )
    assert found[0].waiting == pytest.approx(9.8795952, rel=1e-5)
    assert found[1].waiting == pytest.approx(0.83629958, rel=1e-4)
    assert found[1].arrivals == pytest.approx(340.8305, rel=1e-6)


def test_people_who_give_up_are_counted_over_time():
    found = chains.over_time(
        lambda t: 50 * (1 + 0.3 * math.sin(2 * math.pi * t)), 1.2, [(0.0, 64)],
        times=[1.0], residents=60, mean_patience=10 / 3, states=200,
    )[0]  # fmt: skip
    assert found.gave_up == pytest.approx(0.46936266, rel=1e-4)


def test_blocking_between_two_wards():
    found = chains.tandem(0.12, (90.0, 150.0), (12, 6), places_to_wait=5, moving=0.3)
    assert found.refused == pytest.approx(0.10660197, rel=1e-6)
    assert found.share_after_full == pytest.approx(0.50402029, rel=1e-6)


def test_a_chain_too_large_to_solve_says_so():
    with pytest.raises(NoAnswer, match="states"):
        chains.tandem(1.0, (1.0, 1.0), (50, 50), places_to_wait=500)


def test_a_finite_population_asks_less_when_many_are_in():
    assert chains.finite_population(4, 0.5, 1.0, 2)[-1] < chains.queue_at_rest(2.0, 1.0, 2, places_to_wait=0)[-1]
