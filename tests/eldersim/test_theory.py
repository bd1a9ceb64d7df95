"""Tests of the closed forms: textbook values, and laws that hold between them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eldersim import theory
from eldersim.errors import NoAnswer

loads = st.floats(0.1, 80.0)


@pytest.mark.parametrize(
    ("beds", "load", "lost"), [(3, 2.0, 0.21052632), (20, 18.0, 0.10921285), (200, 192.5, 0.03387496)]
)
def test_erlang_b_of_the_textbooks(beds, load, lost):
    assert theory.erlang_b(beds, load) == pytest.approx(lost, rel=1e-7)


@given(st.integers(1, 100), loads)
def test_one_more_bed_never_loses_more_people(beds, load):
    assert theory.erlang_b(beds + 1, load) <= theory.erlang_b(beds, load)


@given(st.integers(1, 60), st.floats(0.05, 0.97))
def test_who_may_wait_waits_more_often_than_who_may_not_is_lost(beds, share):
    assert theory.erlang_c(beds, share * beds) >= theory.erlang_b(beds, share * beds)


def test_a_96_percent_full_home_of_200_beds():
    found = theory.delay(0.32, 600.0, 200)
    assert found.mean_wait == pytest.approx(34.323988)
    assert found.probability_of_waiting_beyond(90) == pytest.approx(0.13784249)
    assert found.wait_quantile(0.8) == pytest.approx(62.08457)
    assert found.wait_quantile(0.1) == 0.0


def test_too_few_beds_have_no_steady_state_and_the_remedy_says_how_many():
    with pytest.raises(NoAnswer, match="waiting list grows without end") as refused:
        theory.delay(2.0, 10.0, 20)
    assert "21 beds" in refused.value.remedy


def test_priority_moves_waits_between_classes_but_not_their_mean():
    rates = [0.02, 0.05, 0.09]
    waits = theory.priority_waits(rates, 600.0, 100)
    mean = math.fsum(rate * wait for rate, wait in zip(rates, waits, strict=True)) / math.fsum(rates)
    assert waits == sorted(waits)
    assert mean == pytest.approx(theory.delay(0.16, 600.0, 100).mean_wait)


def test_displacement_spares_the_urgent_from_the_others():
    urgent, _ = theory.displacing_times([0.3, 0.5], [1.0, 1.0], [1.0, 1.0])
    assert urgent == pytest.approx(theory.delay(0.3, 1.0, 1).mean_time_in_system)


def test_exponential_patience_is_erlang_a():
    found = theory.erlang_a(6.0, 1.0, 5, 2.0)
    assert found.probability_of_abandoning == pytest.approx(0.22638661, rel=1e-6)
    assert found.mean_queue == pytest.approx(2.7166393, rel=1e-6)


def test_weibull_patience_of_zeltyn_and_mandelbaum():
    found = theory.patient_queue(0.36, 30.0, 10, survival=lambda t: math.exp(-((t / 40) ** 2)), reach=40.0)
    assert found.probability_of_abandoning == pytest.approx(0.12577309, rel=1e-5)
    assert found.mean_wait == pytest.approx(10.578522, rel=1e-5)


def test_seasonal_referrals_are_followed_with_a_lag():
    def rate(time):
        return 20 + 8 * math.sin(2 * math.pi * time)

    def survival(age):
        return math.exp(-age / 0.25)

    found = theory.residents_without_limit(rate, survival, 10.25, since=0.0)
    assert found == pytest.approx(5.5768009, rel=1e-6)


def test_people_who_come_back_count_at_each_place_they_come_to():
    routing = {
        "assessment": {"home": 0.6, "ward": 0.25, "exit": 0.15},
        "home": {"ward": 0.1, "exit": 0.9},
        "ward": {"home": 0.15, "exit": 0.85},
    }
    rates = theory.network_rates({"assessment": 2.0, "home": 0.3, "ward": 0.1}, routing)
    assert rates["home"] == pytest.approx(1.6142132)
    assert rates["ward"] == pytest.approx(0.76142132)


def test_a_network_nobody_leaves_has_no_answer():
    with pytest.raises(NoAnswer, match="Nobody ever leaves"):
        theory.network_rates({"a": 1.0}, {"a": {"a": 1.0}})


def test_large_pools_need_less_slack():
    assert [theory.smallest_beds(load, target=0.02) for load in (5, 50, 500)] == [10, 61, 514]
