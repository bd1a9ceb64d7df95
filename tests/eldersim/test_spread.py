"""Tests of quantiles, equity, screening and timelines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eldersim.equity import equity, gini
from eldersim.errors import NoAnswer
from eldersim.quantiles import quantile, resampled_quantile, weighted_quantile
from eldersim.screening import morris_design, morris_effects, one_way, rank
from eldersim.search import fewest_beds
from eldersim.timeline import Timeline

amounts = st.lists(st.floats(0, 1e6), min_size=1, max_size=20)


@given(amounts, st.floats(0, 1))
def test_a_quantile_lies_within_its_values(values, share):
    assert min(values) <= quantile(values, share) <= max(values)


def test_weights_move_a_quantile():
    assert weighted_quantile([10.0, 20.0], [1.0, 9.0], 0.5) == 20.0


def test_weights_of_zero_weigh_nothing():
    with pytest.raises(NoAnswer, match="all zero"):
        weighted_quantile([1.0], [0.0], 0.5)


def test_resampling_gives_the_same_interval_for_the_same_seed():
    values = [float(i * i % 37) for i in range(60)]
    assert resampled_quantile(values, 0.9, seed=3) == resampled_quantile(values, 0.9, seed=3)


@given(amounts)
def test_gini_is_a_share(values):
    assert -1e-9 <= gini(values) <= 1


def test_the_worst_served_division_is_named():
    found = equity({"north": 30.0, "south": 10.0, "west": 20.0}, {"north": 100.0, "south": 50.0, "west": 100.0})
    assert (found.worst, found.minimum, found.lower_decile) == ("south", 10.0, 10.0)


def test_the_wider_swing_comes_first():
    swings = one_way(lambda x: x["beds"] * 2 + x["stay"], {"beds": 1, "stay": 1}, {"stay": (0, 1), "beds": (0, 1)})
    assert [(swing.factor, swing.width) for swing in swings] == [("beds", 2), ("stay", 1)]


def test_morris_finds_that_one_input_does_nothing():
    ranges = {"beds": (0.0, 10.0), "colour": (0.0, 1.0)}
    design = morris_design(ranges, trajectories=6, seed=1)
    answers = [[3 * point["beds"] for point in walk] for walk in design]
    effects = {effect.factor: effect for effect in morris_effects(design, answers, ranges)}
    assert effects["beds"].mean == pytest.approx(30.0)
    assert effects["beds"].spread == pytest.approx(0.0, abs=1e-9)
    assert effects["colour"].mean_size == 0.0


def test_scenarios_that_chance_cannot_tell_apart_share_the_first_place():
    rows = rank({"a": [1.0, 2.0, 3.0, 4.0], "b": [1.1, 1.9, 3.1, 4.0], "c": [9.0, 9.5, 9.1, 9.2]})
    assert [row.tied_with_best for row in rows] == [True, True, False]


def test_the_fewest_beds_are_found_through_noise():
    def noisy(beds, precision):
        return 10.0 / beds + 0.3 * precision, precision

    found = fewest_beds(noisy, target=0.35, guess=3)
    assert (found.beds, found.certain) == (29, True)


def test_a_step_function_is_averaged_over_time():
    line = Timeline.of_steps([(0, 0), (1.5, 1), (2, 2), (4, 1), (4.5, 2), (7, 3), (9, 2)], end=10)
    assert (line.average(), line.average(since=4), line.peak(), line.time_at_least(2)) == (1.8, 2.25, 3.0, 7.5)


def test_steps_out_of_order_are_refused():
    with pytest.raises(NoAnswer, match="order of time"):
        Timeline.of_steps([(2, 1), (1, 0)], end=3)
