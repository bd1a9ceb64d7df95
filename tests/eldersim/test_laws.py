"""Tests of distributions and rates: means, tails, wrong input."""

import numpy as np
import pytest

from eldersim.errors import InvalidInput
from eldersim.laws import law
from eldersim.rates import rate, steps

WORDS = np.random.Philox(key=[7, 7]).random_raw(200_000)


@pytest.mark.parametrize(
    ("given", "mean", "deviation"),
    [
        ({"dist": "exponential", "mean": 30}, 30, 30),
        ({"dist": "lognormal", "mean": 30, "sd": 36}, 30, 36),
        ({"dist": "lognormal_mu_sigma", "mu": 0, "sigma": 0.5}, 1.133148, 0.603901),
        ({"dist": "erlang", "k": 4, "mean": 8}, 8, 4),
        ({"dist": "gamma", "shape": 2, "scale": 3}, 6, 4.242641),
        ({"dist": "weibull", "shape": 2, "scale": 40}, 35.449077, 18.530056),
        ({"dist": "hyperexponential", "probs": [0.3, 0.7], "means": [1, 10]}, 7.3, 9.342912),
        ({"dist": "gompertz", "a": 0.01, "b": 0.1}, 20.146425, 9.112676),
        ({"dist": "uniform", "low": 1, "high": 3}, 2, 0.57735),
        ({"dist": "empirical", "values": [1, 2, 5], "probs": [0.2, 0.3, 0.5]}, 3.3, 1.734935),
        ({"dist": "triangular", "low": 1, "mode": 2, "high": 6}, 3, 1.080123),
    ],
)
def test_draws_have_the_mean_and_the_spread_of_their_law(given, mean, deviation):
    drawn = law(given).draw(WORDS)
    assert law(given).mean == pytest.approx(mean, rel=1e-4)
    assert drawn.mean() == pytest.approx(mean, rel=0.02)
    assert drawn.std() == pytest.approx(deviation, rel=0.03)


def test_the_table_follows_the_exact_quantile_into_the_tails():
    words = np.array([1 << 20, 1 << 40, 1 << 63, (1 << 64) - (1 << 30)], dtype=np.uint64)
    shares = (words >> np.uint64(11)).astype(float) * 2.0**-53
    assert law({"dist": "exponential", "mean": 1.0}).draw(words) == pytest.approx(-np.log1p(-shares), rel=2e-4)


def test_equal_words_give_equal_durations():
    stay = law({"dist": "lognormal", "mean": 600, "sd": 700})
    assert (stay.draw(WORDS[:50]) == stay.draw(WORDS)[:50]).all()


def test_an_unknown_distribution_names_the_known_ones():
    with pytest.raises(InvalidInput, match="no distribution 'gauss'") as refused:
        law({"dist": "gauss"}, path=("service",))
    assert "normal" in refused.value.remedy
    assert refused.value.path == ("service",)


def test_a_missing_parameter_is_named():
    with pytest.raises(InvalidInput, match="lacks 'mean'"):
        law({"dist": "lognormal", "sd": 3})


def test_a_rate_is_arithmetic_in_t():
    assert rate("60*exp(0.05*t)").at(np.array([0.0, 20.0])) == pytest.approx([60.0, 60 * np.e])


def test_a_rate_never_falls_below_zero():
    assert rate("1-t").at(np.array([5.0])).tolist() == [0.0]


def test_a_rate_may_change_in_steps():
    assert rate({"t<2": 10, "t>=2": 30}).at(np.array([1.9, 2.0])).tolist() == [10.0, 30.0]


@pytest.mark.parametrize("text", ["__import__('os')", "t.real", "open", "60*", "[1]"])
def test_a_rate_that_is_no_arithmetic_is_refused(text):
    with pytest.raises(InvalidInput, match="not an expression"):
        rate(text)


def test_steps_begin_at_the_start():
    assert steps({"t<3": 100, "3<=t<7": 120, "t>=7": 130}) == ((0.0, 100.0), (3.0, 120.0), (7.0, 130.0))
