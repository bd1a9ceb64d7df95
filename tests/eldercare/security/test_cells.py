"""Small cells are withheld so that nobody can compute them: attacked with linear programs over everything that is shown."""

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from eldercare.security.cells import Shown, Tree, with_rest, withheld

SMALLEST = 5


def test_a_small_part_takes_another_with_it() -> None:
    assert withheld(Tree((-1, 0, 0, 0)), (0, 3, 9, 40), smallest=SMALLEST) == {1, 2}


def test_two_small_parts_that_leave_only_one_way_take_a_third() -> None:
    # 1 + 1 = 2 would tell both
    assert withheld(Tree((-1, 0, 0, 0, 0)), (0, 1, 1, 20, 20), smallest=SMALLEST) == {1, 2, 3}


def test_a_total_that_tells_its_only_part_is_withheld_too() -> None:
    assert withheld(Tree((-1, 0, 0)), (0, 3, 0), smallest=SMALLEST) == {0, 1}


def test_nothing_is_withheld_where_nothing_is_small() -> None:
    assert withheld(Tree((-1, 0, 0)), (0, 5, 0), smallest=SMALLEST) == set()


def test_people_in_no_village_are_a_part_that_follows_from_the_others() -> None:
    tree = with_rest((-1, 0, 0))
    assert tree.rests == {0: 3}
    assert withheld(tree, (0, 10, 30, 2), smallest=SMALLEST) == {1, 3}


def test_a_withheld_town_has_a_withheld_village() -> None:
    # county 0, towns 1 and 2, villages 3 and 4 in town 2: town 1 is small, town 2 would tell it, its villages would tell town 2
    assert withheld(Tree((-1, 0, 0, 2, 2)), (0, 3, 0, 9, 20), smallest=SMALLEST) == {1, 2, 3}


def test_a_group_and_the_group_in_it_are_not_both_shown_where_they_differ_by_few() -> None:
    tree = Tree((-1, 0, 0, 0))
    inner = tree.totals((0, 20, 30, 40))
    assert withheld(tree, (0, 22, 30, 46), smallest=SMALLEST, inner=[Shown(inner)]) >= {1}


def test_of_a_part_that_is_nearly_all_the_total_is_withheld_instead() -> None:
    assert withheld(Tree((-1, 0, 0)), (0, 3, 900), smallest=SMALLEST) == {0, 1}


@st.composite
def territories(draw: st.DrawFn) -> tuple[Tree, list[int], list[int]]:
    """A tree of up to three levels with the counts of a group and of a group in it."""
    parents = [-1]
    for _ in range(draw(st.integers(1, 4))):
        town = len(parents)
        parents.append(0)
        parents += [town] * draw(st.integers(0, 4))
    tree = with_rest(parents)
    size = len(tree.parents)
    leaf = [not below for below in tree.children()]
    counts = draw(st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 30]), min_size=size, max_size=size))
    outer = [count if leaf[place] else 0 for place, count in enumerate(counts)]
    parts = draw(st.lists(st.integers(0, 4), min_size=size, max_size=size))
    inner = [count * part // 4 for count, part in zip(outer, parts, strict=True)]
    return tree, outer, inner


def possible(tree: Tree, groups: list[tuple[list[int], set[int]]], which: int, place: int) -> tuple[int, int]:
    """The least and the most that a count can be for somebody who knows all that is shown, and that withheld ones are not 0.

    The groups contain each other, the inner one first. Unknown are the counts of the places that have no parts.
    """
    size, children = len(tree.parents), tree.children()
    below = [np.zeros(size) for _ in range(size)]
    for each in range(size - 1, -1, -1):
        if not children[each]:
            below[each][each] = 1
        if tree.parents[each] >= 0:
            below[tree.parents[each]] += below[each]
    equal, sums, less, bounds = [], [], [], []
    for group, (totals, hidden) in enumerate(groups):
        for each in range(size):
            row = np.concatenate([below[each] if n == group else np.zeros(size) for n in range(len(groups))])
            printed = each not in tree.rests.values()
            if printed and each in hidden:
                less.append(-row)
                bounds.append(-1.0)
            elif printed:
                equal.append(row)
                sums.append(float(totals[each]))
            if group:
                inner = np.concatenate([below[each] if n == group - 1 else np.zeros(size) for n in range(len(groups))])
                less.append(inner - row)
                bounds.append(0.0)
    aim = np.concatenate([below[place] if n == which else np.zeros(size) for n in range(len(groups))])
    ends = [
        linprog(
            sign * aim, A_ub=np.array(less), b_ub=bounds, A_eq=np.array(equal) if equal else None, b_eq=sums or None
        )
        for sign in (1, -1)
    ]
    least = round(ends[0].fun)
    return least, 10**6 if ends[1].status == 3 else round(-ends[1].fun)


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(territories())
def test_no_small_count_follows_from_all_that_is_shown(case: tuple[Tree, list[int], list[int]]) -> None:
    tree, outer, inner = case
    less, more = tree.totals(inner), tree.totals(outer)
    inner_hidden = withheld(tree, inner, smallest=SMALLEST, outer=[more])
    hidden = withheld(tree, outer, smallest=SMALLEST, inner=[Shown(less, inner_hidden)])
    groups = [(less, inner_hidden), (more, hidden)]
    for which, (totals, secret) in enumerate(groups):
        for place in secret:
            if 0 < totals[place] < SMALLEST:
                low, high = possible(tree, groups, which, place)
                assert high - low >= SMALLEST - 1, (place, low, high)
    for place in range(len(tree.parents)):
        shown = place not in hidden and place not in inner_hidden
        assert not (shown and 0 < more[place] - less[place] < SMALLEST)
