"""Means, intervals and paired differences over replications."""

from eldercare.planning.comparison import Estimate, compared
from eldercare.planning.indicator import Indicator, indicators

WAITING = Indicator("waiting", "Waiting", "轮候", "people", "level", "down", True, "", "")
PLACED = Indicator("placed", "Placed", "安置", "people", "flow", "up", True, "", "")


def sample(base: list[float | None], more: list[float | None]) -> dict[str, dict[str, list[float | None]]]:
    """One replication of two scenarios with one series each."""
    return {"base": {"waiting": base, "placed": base}, "more": {"waiting": more, "placed": more}}


def test_a_level_stands_for_its_last_year_and_a_flow_for_the_sum() -> None:
    base, _ = compared([sample([0, 2, 5], [0, 0, 0]), sample([0, 2, 5], [0, 0, 0])], [WAITING, PLACED])
    assert base.curve("waiting").whole == Estimate(mean=5, low=5, high=5, p10=5, p90=5)
    assert base.curve("placed").whole == Estimate(mean=7, low=7, high=7, p10=7, p90=7)


def test_a_difference_is_paired_so_that_shared_luck_cancels() -> None:
    samples = [sample([0, float(luck)], [0, float(luck) + 3]) for luck in (10, 20, 30)]
    base, more = compared(samples, [WAITING])
    difference = more.difference("waiting")
    assert difference is not None
    assert difference.whole == Estimate(mean=3, low=3, high=3, p10=3, p90=3)
    assert difference.certain
    assert base.curve("waiting").whole.high != base.curve("waiting").whole.low


def test_the_base_has_no_difference() -> None:
    base, _ = compared([sample([0, 1], [0, 1])] * 2, [WAITING])
    assert base.difference("waiting") is None


def test_no_difference_at_all_is_not_certain() -> None:
    _, more = compared([sample([0, 4], [0, 4]), sample([0, 6], [0, 6])], [WAITING])
    difference = more.difference("waiting")
    assert difference is not None
    assert not difference.certain


def test_a_year_without_anything_to_measure_is_empty_and_leaves_the_others_alone() -> None:
    samples = [sample([None, 4], [None, 4]), sample([None, 6], [None, 8])]
    base, more = compared(samples, [WAITING])
    assert base.curve("waiting").years[0] == Estimate()
    assert base.curve("waiting").years[1].mean == 5
    difference = more.difference("waiting")
    assert difference is not None
    assert difference.start == Estimate()


def test_one_replication_gives_a_number_without_an_interval() -> None:
    base, more = compared([sample([0, 4], [0, 7])], [WAITING])
    assert base.curve("waiting").whole == Estimate(mean=4)
    difference = more.difference("waiting")
    assert difference is not None
    assert difference.whole == Estimate(mean=3)
    assert not difference.certain


def test_several_scenarios_widen_the_intervals_of_their_differences() -> None:
    alone = [{"base": {"waiting": [b]}, "one": {"waiting": [b + d]}} for b, d in ((1.0, 2.0), (2.0, 3.0), (5.0, 1.0))]
    both = [{**each, "two": each["base"]} for each in alone]
    one = compared(alone, [WAITING])[1].difference("waiting")
    with_two = compared(both, [WAITING])[1].difference("waiting")
    assert one is not None
    assert with_two is not None
    assert one.whole.mean == with_two.whole.mean
    assert (one.whole.high or 0) < (with_two.whole.high or 0)


def test_the_waiting_list_has_an_indicator_for_each_priority_class() -> None:
    codes = {each.code: each for each in indicators({1: ("extremely poor", "特困"), 2: ("others", "其他")})}
    assert codes["waiting_class_1"].en == "Waiting, class 1: extremely poor"
    assert codes["waiting_class_2"].zh == "轮候第2类：其他"
    assert "waiting_class" not in codes


def test_the_spread_of_single_runs_is_told_beside_the_interval_of_their_mean() -> None:
    samples = [sample([float(luck)], [0.0]) for luck in range(11)]
    base, more = compared(samples, [WAITING])
    whole = base.curve("waiting").whole
    assert (whole.p10, whole.p90) == (1, 9)
    assert 1 < (whole.low or 0) < (whole.high or 0) < 9
    difference = more.difference("waiting")
    assert difference is not None
    assert (difference.whole.p10, difference.whole.p90) == (-9, -1)
