"""Tests of the estimators over replications: intervals, comparisons, batch means, when to stop."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eldersim.errors import NoAnswer
from eldersim.statistics import (
    autocorrelation,
    batch_means,
    compare,
    holm,
    interval,
    paired,
    replications_needed,
    truncation_point,
    variance_ratio,
    welch,
)

REPLICATIONS = [10.4, 12.1, 9.8, 11.5, 10.9, 13.2, 10.1, 11.8, 12.6, 10.7]
numbers = st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=30)


def test_the_interval_of_ten_replications_is_student_s():
    found = interval(REPLICATIONS)
    assert found.mean == pytest.approx(11.31)
    assert found.half_width == pytest.approx(0.79975779)
    assert (found.low, found.high) == pytest.approx((10.510242, 12.109758))


@given(numbers)
def test_the_order_of_replications_changes_no_bit(values):
    assert interval(values) == interval(values[::-1])


@given(numbers, st.floats(-1e3, 1e3))
def test_a_paired_shift_is_found_exactly(values, shift):
    found = paired(values, [value + shift for value in values])
    assert found.mean == pytest.approx(shift, abs=1e-6)


def test_one_value_is_too_few_for_an_interval():
    with pytest.raises(NoAnswer, match="at least 2"):
        interval([1.0])


def test_unequal_lengths_cannot_be_paired():
    with pytest.raises(NoAnswer, match="3 against 2"):
        paired([1.0, 2.0, 3.0], [1.0, 2.0])


def test_welch_weighs_unequal_variances():
    found = welch([20.0, 21.0, 19.0, 20.0], [30.0, 10.0, 50.0, 20.0, 40.0])
    assert found.mean == pytest.approx(10.0)
    assert 4.0 < found.degrees < 4.1


def test_holm_never_makes_a_p_value_smaller():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])


def test_many_comparisons_widen_the_interval():
    base = REPLICATIONS
    others = {name: [value + step for value in reversed(base)] for step, name in enumerate("abcd")}
    alone = compare(base, {"a": others["a"]})[0]
    among = compare(base, others)[0]
    assert among.interval.half_width > alone.interval.half_width
    assert among.adjusted_p >= alone.adjusted_p


def test_stopping_waits_until_the_precision_stays():
    values = [4.1, 5.0, 4.6, 4.4, 4.9, 4.7, 4.5, 4.8, 4.62, 4.71, 4.66, 4.58]
    assert replications_needed(values, target=0.05) == 9
    assert replications_needed(values, target=0.05, look_ahead=3) == 9
    assert replications_needed(values, target=0.05, look_ahead=4) is None


def test_batch_means_leave_out_the_warm_up():
    found = batch_means([100.0, *[1.0, 3.0] * 6], batches=3, discard=1)
    assert found.means == (2.0, 2.0, 2.0)
    assert found.interval.half_width == 0


def test_more_batches_than_values_are_refused():
    with pytest.raises(NoAnswer, match="do not make 5 batches"):
        batch_means([1.0, 2.0, 3.0], batches=5)


def test_an_alternating_series_is_its_own_opposite():
    assert autocorrelation([1.0, 2.0] * 6) == pytest.approx(-1.0)


def test_the_warm_up_ends_where_the_transient_ends():
    assert truncation_point([80.0, 60.0, 40.0, 30.0, 20.0] + [10.0, 12.0, 8.0, 11.0, 9.0] * 8) == 5


def test_shared_luck_is_worth_what_it_removes_from_the_variance():
    base = [1.0, 5.0, 9.0, 3.0]
    assert variance_ratio(base, [value + 1 for value in base]) == math.inf
    assert variance_ratio(base, base[::-1]) < 2
