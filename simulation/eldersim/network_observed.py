"""What is seen of a network run: the moments of its visits in units of time, sums over them and numbers present.

Every measure is a numerator and a denominator for each copy, so that replications are pooled by sums and not by means
of ratios.
People present at the start count towards occupancy, never towards arrivals or waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from eldersim.network_rules import DIVERTED, GAVE_UP, REFUSED
from eldersim.network_run import NetworkRun

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Ratio(NamedTuple):
    """A measure as a numerator over a denominator, one each for every copy."""

    above: Floats
    below: Floats


@dataclass(frozen=True, slots=True)
class Where:
    """Which visits a measure is about: places and groups by number; None for all of them."""

    places: tuple[int, ...] | None = None
    groups: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Levels:
    """Step functions of all copies: each step's copy, time, value and duration."""

    copy: Integers
    time: Floats
    value: Floats
    duration: Floats


class Observed:
    """The visits of a run within its observed window, in units of time."""

    def __init__(self, run: NetworkRun, *, until: float | None = None) -> None:
        self.run = run
        self.start = run.start
        self.end = run.end if until is None else until
        self.copies = run.journeys.copies
        self._chosen: dict[tuple[Where, bool], Mask] = {}
        self._levels: dict[tuple[str, Where], Levels] = {}

    @cached_property
    def asked(self) -> Floats:
        """When each visit began to ask for a bed; infinite for visits that never came to it."""
        return self._moment("asked")

    @cached_property
    def began(self) -> Floats:
        """When each visit got its bed; infinite if never."""
        return self._moment("began")

    @cached_property
    def ended(self) -> Floats:
        """When each stay was over, though the bed may have been kept; infinite if never."""
        return self._moment("ended")

    @cached_property
    def left(self) -> Floats:
        """When each visit gave up its bed or its wait; infinite if never."""
        return self._moment("left")

    @cached_property
    def window(self) -> Mask:
        """Visits that asked within the window, people present at the start left out."""
        return (self.asked >= self.start) & (self.asked < self.end) & ~self.run.journeys.present

    @cached_property
    def queued_since(self) -> Floats:
        """When each visit joined a waiting list: when it asked, or when it left the bed in which it was blocked."""
        origin = self.run.visits["origin"]
        since = self.asked.copy()
        blocked = np.flatnonzero(origin >= 0)
        since[blocked] = np.maximum(since[blocked], self.left[origin[blocked]])
        return since

    def chosen(self, where: Where, *, within: bool = True) -> Mask:
        """The visits at these places by these groups, in the window or in the whole run."""
        if (where, within) not in self._chosen:
            self._chosen[where, within] = self._choose(where, within)
        return self._chosen[where, within]

    def arriving(self, where: Where) -> Mask:
        """The visits of the window; without a place only those of people who come from outside."""
        chosen = self.chosen(where)
        return (
            chosen
            if where.places is not None or len(self.run.network.places) == 1
            else chosen & self.run.journeys.first
        )

    @cached_property
    def internal(self) -> Mask:
        """Visits that follow a stay elsewhere."""
        found = np.zeros(len(self.run.visits), dtype=bool)
        then = self.run.visits["then"]
        found[then[then >= 0]] = True
        return found

    def _choose(self, where: Where, within: bool) -> Mask:
        found = self.window if within else self.asked < np.inf
        if where.places is not None and len(self.run.network.places) > 1:
            found = found & np.isin(self.run.journeys.place, where.places)
        if where.groups is not None and len(self.run.network.groups) > 1:
            found = found & np.isin(self.run.journeys.group, where.groups)
        return found

    def total(self, values: Floats, chosen: Mask) -> Floats:
        """The sum of a value over the chosen visits, for each copy."""
        return weigh(self.run.journeys.copy[chosen], values[chosen], self.copies)

    def count(self, chosen: Mask) -> Floats:
        """How many visits, for each copy."""
        return np.bincount(self.run.journeys.copy[chosen], minlength=self.copies).astype(np.float64)

    def between(self, earlier: Floats, later: Floats) -> Floats:
        """The time from one moment of each visit to another; not a number where neither came."""
        with np.errstate(invalid="ignore"):
            return later - earlier

    def each(self, value: float) -> Floats:
        """The same value for each copy."""
        return np.full(self.copies, value)

    def length(self) -> Floats:
        """The length of the window, for each copy."""
        return self.each(self.end - self.start)

    def area(self, came: Floats, left: Floats, chosen: Mask) -> Floats:
        """Person-time between two moments of each visit that falls into the window, for each copy."""
        spans = np.minimum(left, self.end) - np.maximum(came, self.start)
        return self.total(np.maximum(spans, 0.0), chosen)

    def levels(self, came: Floats, left: Floats, chosen: Mask, *, steps: Floats | None = None) -> Levels:
        """How many are between two moments, over the window, for each copy; ``steps`` lets a visit count other than 1."""
        present = np.flatnonzero(chosen & (came < self.end) & (left > self.start) & (left > came))
        copies = np.arange(self.copies)
        copy = np.concatenate([copies, np.tile(self.run.journeys.copy[present], 2)])
        edges = (
            np.full(self.copies, self.start),
            np.maximum(came[present], self.start),
            np.minimum(left[present], self.end),
        )
        moments = np.concatenate(edges)
        sizes = np.ones(len(present)) if steps is None else steps[present]
        changes = np.concatenate([np.zeros(self.copies), sizes, -sizes])
        order = np.lexsort((moments, copy))
        copy, moments, values = copy[order], moments[order], np.cumsum(changes[order])
        ends = np.append(moments[1:], self.end)
        ends[np.append(copy[1:] != copy[:-1], True)] = self.end
        return Levels(copy, moments, values, ends - moments)

    def in_beds(self, where: Where) -> Levels:
        """How many are in bed, over the window, for each copy."""
        if ("beds", where) not in self._levels:
            self._levels["beds", where] = self.levels(self.began, self.left, self.chosen(where, within=False))
        return self._levels["beds", where]

    @cached_property
    def pauses(self) -> tuple[Integers, Floats, Floats]:
        """Every stay that was interrupted: its visit, and when the person had to leave the bed and got one again."""
        order = np.lexsort((self.run.pauses[:, 1], self.run.pauses[:, 0]))
        visit, time = self.run.pauses[order, 0], self.run.pauses[order, 1] / self.run.ticks
        again = np.append(visit[1:] == visit[:-1], False)
        until = np.where(again, np.append(time[1:], np.inf), np.inf)
        stops = (np.arange(len(visit)) - np.searchsorted(visit, visit)) % 2 == 0
        return visit[stops], time[stops], until[stops]

    def paused(self, where: Where) -> Floats:
        """Person-time in the window during which displaced people wait for their bed to be free again."""
        if not len(self.run.pauses):
            return self.each(0.0)
        visit, since, until = self.pauses
        mine = self.chosen(where, within=False)[visit]
        spans = np.maximum(np.minimum(until, self.end) - np.maximum(since, self.start), 0.0)
        return weigh(self.run.journeys.copy[visit[mine]], spans[mine], self.copies)

    @cached_property
    def waited(self) -> Floats:
        """How long each visit waited for a bed, displaced time included; not a number where neither moment came."""
        waits = self.between(self.asked, self.began)
        if len(self.run.pauses):
            visit, since, until = self.pauses
            over = until < np.inf
            waits = waits + np.bincount(visit[over], weights=(until - since)[over], minlength=len(waits))
        return waits

    def _moment(self, name: str) -> Floats:
        ticks = self.run.visits[name]
        found = ticks / self.run.ticks
        found[ticks < 0] = np.inf
        return np.asarray(found)


def weigh(copy: Integers, values: npt.NDArray[np.generic], copies: int) -> Floats:
    """The sum of the values of each copy."""
    return np.bincount(copy, weights=np.asarray(values, dtype=np.float64), minlength=copies).astype(np.float64)


def began_within(seen: Observed, where: Where) -> Mask:
    """Visits that got their bed within the window, people present at the start left out."""
    present = seen.run.journeys.present
    return seen.chosen(where, within=False) & (seen.began >= seen.start) & (seen.began < seen.end) & ~present


def refused(seen: Observed) -> Mask:
    """Visits that were turned away."""
    fate = seen.run.visits["fate"]
    return np.asarray((fate == REFUSED) | (fate == DIVERTED))


def gave_up(seen: Observed) -> Mask:
    """Visits whose patience was used up."""
    return np.asarray(seen.run.visits["fate"] == GAVE_UP)


def fate_known(seen: Observed) -> Mask:
    """Visits that got a bed or left."""
    return np.asarray((seen.began < np.inf) | (seen.left < np.inf))
