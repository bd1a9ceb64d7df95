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
        self.children, self.parents = tree.children(), tree.parents
        self.totals, self.smallest = totals, smallest
        self.inner, self.outer = inner, outer
        self.hidden: set[int] = set()
        self.up: dict[int, int] = {}
        self.down: dict[int, int] = {}
        self.reach: dict[int, tuple[int, int]] = {}

    def settle(self, place: int) -> None:
        """Decide whether a place is shown, and withhold more of its parts if it is and they would tell too much."""
        if self._is_secret(place):
            self._hide(place)
            return
        while (narrow := self._narrow(self._parts(place), 0, 0)) is not None:
            more = self._more(place, narrow)
            if more is None or self.totals[more] > DOMINANT * self.totals[place]:
                self._hide(place)
                return
            self._hide(more)
            self._refresh(self.parents[more], place)

    def _is_secret(self, place: int) -> bool:
        """Whether a count is small itself, or by what it adds to an inner group that is shown."""
        total = self.totals[place]
        if 0 < total < self.smallest:
            return True
        shown = (each.totals[place] for each in self.inner if place not in each.withheld)
        return any(0 < total - each < self.smallest for each in shown)

    def _narrow(self, parts: list[int], up: int, down: int, *, done: bool = False) -> int | None:
        """The first secret among withheld parts that cannot be many numbers; their sum can move by `up` and `down`.

        `done` says that nothing more can be withheld beside them and that the other groups hold their sum: it is as vague
        as it can be made.
        """
        most, least = sum(self.up[each] for each in parts), sum(self.down[each] for each in parts)
        for each in parts:
            further, back = least - self.down[each] + up, most - self.up[each] + down
            if self._is_secret(each) and not done and not self._is_wide(each, further, back):
                return each
            above, below = self._bounds(each)
            full = (above < further or below < back) and self._next(each) is None
            found = self._narrow(self._parts(each), min(further, above), min(back, below), done=full)
            if found is not None:
                return found
        return None

    def _more(self, place: int, narrow: int) -> int | None:
        """What to withhold next: a part of the narrow secret where its parts hold it, else the nearest beside it."""
        held = self.up[narrow] + self.down[narrow] < self._need(narrow)
        where = narrow if held else self.parents[narrow]
        while (found := self._next(where)) is None and where != place:
            where = self.parents[where]
        return found

    def _refresh(self, place: int, top: int) -> None:
        """Work out anew how far the withheld places between a part and the place above them all can move."""
        while place != top:
            self._measure(place)
            place = self.parents[place]

    def _is_wide(self, place: int, further: int, back: int) -> bool:
        width = min(self.up[place], further) + min(self.down[place], back)
        return width >= self._need(place)

    def _need(self, place: int) -> int:
        """How many numbers a secret must be able to be, besides its own: all small ones, or as many as it ever can."""
        return min(self.smallest - 1, sum(self._reach(place)))

    def _reach(self, place: int) -> tuple[int, int]:
        """How far a count could move if all its parts were withheld."""
        if place not in self.reach:
            above, below = self._bounds(place)
            parts = [self._reach(each) for each in self.children[place] if self.totals[each] > 0]
            if parts:
                above, below = min(above, sum(up for up, _ in parts)), min(below, sum(down for _, down in parts))
            self.reach[place] = above, below
        return self.reach[place]

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
        self._measure(place)

    def _measure(self, place: int) -> None:
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
DOMINANT = 0.95
"""Of a part that is nearly the whole, the whole is withheld instead: people look for the part."""
