"""Small cells: which counts in a tree of territories are withheld, so that no small one follows from those that are shown.

A count from 1 to `smallest - 1` is never shown. It would still follow from its parent and its siblings if they were, so more
is withheld until, wherever a parent is shown, at least two of its parts are not, and what is known of them leaves each of them
as many possible values as there are small counts. The same holds between a group and one it contains: where their difference
is small, not both are shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Tree:
    """Territories by their place in a list: `parents` holds the place of the one above, which stands before; -1 above all.

    What lies in a territory but in none of its parts is a part of its own, which `with_rest` adds: nobody prints it, but it
    follows from what is printed.
    """

    parents: Sequence[int]
    rests: Mapping[int, int] = field(default_factory=dict)

    def children(self) -> list[list[int]]:
        """The places of the parts of each territory."""
        found: list[list[int]] = [[] for _ in self.parents]
        for place, parent in enumerate(self.parents):
            if parent >= 0:
                found[parent].append(place)
        return found

    def totals(self, own: Sequence[int]) -> list[int]:
        """The count of each territory with all its parts, from the counts that lie in it directly."""
        found = list(own)
        for place in range(len(found) - 1, -1, -1):
            if self.parents[place] >= 0:
                found[self.parents[place]] += found[place]
        return found


def with_rest(parents: Sequence[int]) -> Tree:
    """The tree in which every territory that has parts has one more, for what lies in none of the others."""
    whole = [place for place, above in enumerate(parents) if above >= 0]
    upper = sorted({parents[place] for place in whole})
    rests = {place: len(parents) + n for n, place in enumerate(upper)}
    return Tree((*parents, *upper), rests)


@dataclass(frozen=True)
class Shown:
    """The counts of another group in the same tree, and the places where they are withheld."""

    totals: Sequence[int]
    withheld: set[int] = field(default_factory=set)


def withheld(
    tree: Tree,
    own: Sequence[int],
    *,
    smallest: int,
    inner: Sequence[Shown] = (),
    outer: Sequence[Sequence[int]] = (),
) -> set[int]:
    """The places whose count must not be shown.

    `own` are the counts that lie directly in each territory, the rests included. `inner` are groups that this one contains,
    already decided; `outer` the totals of groups that contain this one.

    >>> sorted(withheld(Tree((-1, 0, 0, 0)), (0, 3, 9, 40), smallest=5))
    [1, 2]
    """
    found = _Withholding(tree, tree.totals(own), smallest, inner, outer)
    for place in range(len(tree.parents) - 1, -1, -1):
        found.settle(place)
    return found.hidden


class _Withholding:
    """The places withheld so far; parts are settled before what they are part of.

    A reader knows of a withheld count that it lies between bounds: somebody is there, everybody of an inner group is, nobody
    who is not in an outer one. `up` and `down` say how far a count can be from the truth within its bounds and those of its
    parts. The other groups are taken as if they were known, so that what is safe then is safe anyhow.
    """

    def __init__(
        self,
        tree: Tree,
        totals: list[int],
        smallest: int,
        inner: Sequence[Shown],
        outer: Sequence[Sequence[int]],
    ) -> None:
        self.children, self.totals, self.smallest = tree.children(), totals, smallest
        self.inner, self.outer = inner, outer
        self.hidden: set[int] = set()
        self.up: dict[int, int] = {}
        self.down: dict[int, int] = {}

    def settle(self, place: int) -> None:
        """Decide whether a place is shown, and withhold more of its parts if it is and they would tell too much."""
        if self._is_secret(place):
            self._hide(place)
            return
        while self._tells(place):
            more = self._next(place)
            if more is None:
                self._hide(place)
                return
            self._hide(more)

    def _is_secret(self, place: int) -> bool:
        """Whether a count is small itself, or by what it adds to an inner group that is shown."""
        total = self.totals[place]
        if 0 < total < self.smallest:
            return True
        shown = (each.totals[place] for each in self.inner if place not in each.withheld)
        return any(0 < total - each < self.smallest for each in shown)

    def _tells(self, place: int) -> bool:
        """Whether the count of a place, shown, tells too much of a secret one below it."""
        return not self._is_vague(self._parts(place), 0, 0)

    def _is_vague(self, parts: list[int], up: int, down: int) -> bool:
        """Whether each secret among withheld parts can be many numbers; their sum can move by `up` and `down`."""
        most, least = sum(self.up[each] for each in parts), sum(self.down[each] for each in parts)
        for each in parts:
            further, back = least - self.down[each] + up, most - self.up[each] + down
            if self._is_secret(each) and not self._is_wide(each, further, back):
                return False
            above, below = self._bounds(each)
            if not self._is_vague(self._parts(each), min(further, above), min(back, below)):
                return False
        return True

    def _is_wide(self, place: int, further: int, back: int) -> bool:
        width = min(self.up[place], further) + min(self.down[place], back)
        return width >= min(self.smallest - 1, sum(self._bounds(place)))

    def _parts(self, place: int) -> list[int]:
        return [each for each in self.children[place] if each in self.hidden]

    def _next(self, place: int) -> int | None:
        """The smallest part that is still shown and counts somebody."""
        shown = [each for each in self.children[place] if each not in self.hidden and self.totals[each] > 0]
        return min(shown, key=lambda each: (self.totals[each], each), default=None)

    def _hide(self, place: int) -> None:
        """Withhold a place, and one of its parts if none is: else it would be their sum."""
        if self.children[place] and not self._parts(place):
            part = self._next(place)
            if part is not None:
                self._hide(part)
        self.hidden.add(place)
        above, below = self._bounds(place)
        if parts := self._parts(place):
            above = min(above, sum(self.up[each] for each in parts))
            below = min(below, sum(self.down[each] for each in parts))
        self.up[place], self.down[place] = above, below

    def _bounds(self, place: int) -> tuple[int, int]:
        """How far a count lies below the most and above the least that a reader must think it can be."""
        total = self.totals[place]
        least = max(1, *(each.totals[place] for each in self.inner)) if self.inner else 1
        larger = [each[place] for each in self.outer if each[place] >= self.smallest]
        return min(larger, default=UNBOUNDED) - total, total - least


UNBOUNDED = 1 << 60
