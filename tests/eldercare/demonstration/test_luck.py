"""Draws are reproducible, fair, and shares add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eldercare.demonstration.luck import Luck, Weighted, apportioned


def test_a_stream_depends_on_nothing_but_its_words() -> None:
    """The first numbers are written out: another machine or Python version that differs is noticed."""
    luck = Luck(20200519, "person", 1)
    assert [luck.below(1000) for _ in range(6)] == FIRST


def test_another_word_opens_another_stream() -> None:
    """Two people do not share their luck."""
    assert Luck(1, "person", 1).bits() != Luck(1, "person", 2).bits()


def test_draws_are_even() -> None:
    """A thousand draws in each of ten classes come out near a thousand each."""
    luck = Luck(7)
    counts = [0] * 10
    for _ in range(10_000):
        counts[luck.below(10)] += 1
    assert all(900 < count < 1100 for count in counts)


def test_weights_are_followed() -> None:
    """Three to one is three to one."""
    weighted = Weighted({"often": 3.0, "seldom": 1.0})
    luck = Luck(7)
    often = sum(luck.of(weighted) == "often" for _ in range(10_000))
    assert 7_300 < often < 7_700


@given(st.lists(st.integers(), max_size=30), st.integers(0, 2**32))
def test_mixing_loses_nobody(values: list[int], seed: int) -> None:
    """The same values come out, whatever their order."""
    assert sorted(Luck(seed).mixed(values)) == sorted(values)


@given(st.lists(st.floats(0.1, 10), min_size=1, max_size=40), st.integers(0, 5000))
def test_shares_add_up_and_are_near_their_weights(weights: list[float], total: int) -> None:
    """Largest remainders: nobody is more than one away from the exact share."""
    parts = apportioned(total, weights)
    exact = [weight * total / sum(weights) for weight in weights]
    assert sum(parts) == total
    assert all(abs(part - share) < 1 + 1e-6 for part, share in zip(parts, exact, strict=True))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30), st.data())
def test_shares_stay_within_their_limits(most: list[int], data: st.DataObject) -> None:
    """However the weights fall, no part exceeds its limit and nothing is lost."""
    total = data.draw(st.integers(0, sum(most)))
    parts = apportioned(total, [1.0] * len(most), most=most)
    assert sum(parts) == total
    assert all(0 <= part <= limit for part, limit in zip(parts, most, strict=True))


def test_shares_that_cannot_be_are_refused() -> None:
    """Ten people do not fit into nine beds."""
    with pytest.raises(ValueError, match="10 cannot be shared out"):
        apportioned(10, [1.0, 2.0], most=[4, 5])


FIRST = [142, 541, 444, 360, 775, 354]
