"""Luck belongs to a person: it does not depend on how many others there are."""

import numpy as np

from eldersim.preferences import FEWEST_ROWS, Sites, luck, rows_for, wishes
from eldersim.streams import ONE, counts, high, low, threshold, words


def test_a_row_depends_on_nothing_but_its_own_number() -> None:
    assert (words(5, 2, 1, rows=1000, width=9)[:10] == words(5, 2, 1, rows=10, width=9)).all()


def test_another_replication_has_other_luck() -> None:
    assert (words(5, 2, 1, rows=10, width=9) != words(5, 3, 1, rows=10, width=9)).all()


def test_the_first_words_are_the_same_on_every_machine() -> None:
    assert [int(word) for word in words(1, 0, 1, rows=1, width=2)[0]] == [15165783666128461664, 8337274141139346277]


def test_halves_of_a_word_put_it_together_again() -> None:
    whole = words(1, 0, 1, rows=5, width=1)[:, 0]
    assert ((high(whole) << 32) + low(whole)).astype(np.uint64).tolist() == whole.tolist()


def test_daily_numbers_have_the_mean_asked_for() -> None:
    found = counts(1, 0, 4, days=20_000, mean=3.0)
    assert abs(found.mean() - 3.0) < 4 * np.sqrt(3.0 / 20_000)
    assert abs(found.var() - 3.0) < 0.15


def test_a_large_daily_mean_is_split_and_keeps_its_mean() -> None:
    assert abs(counts(1, 0, 4, days=500, mean=900.0).mean() - 900) < 4 * np.sqrt(900 / 500)


def test_thresholds_stay_inside_the_unit() -> None:
    assert (threshold(-1), threshold(0.5), threshold(2)) == (0, ONE // 2, ONE)


def sites(number: int) -> Sites:
    ones = np.zeros(number, np.int64)
    return Sites(division=ones, price=ones, group=np.arange(number), identity=np.arange(100, 100 + number))


def test_one_more_home_changes_lists_only_where_it_stands() -> None:
    few, more = (
        wishes(sites(n), np.ones((n, 5)), np.zeros((1, 1), np.int64), drawn=luck(sites(n), rows=64), own=3, bands=1)
        for n in (6, 7)
    )
    for before, after in zip(few.choice[0, 0, 0].tolist(), more.choice[0, 0, 0].tolist(), strict=True):
        assert 6 in after or before == after


def test_every_home_stands_on_some_list() -> None:
    rows = rows_for(370)
    there = sites(370)
    found = wishes(there, np.ones((370, 5)), np.zeros((1, 1), np.int64), drawn=luck(there, rows=rows), own=3, bands=1)
    assert rows > FEWEST_ROWS
    assert len(set(found.choice[0, 0, 0].reshape(-1).tolist()) - {-1}) == 370
