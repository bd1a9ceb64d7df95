"""Reads a network run: who was refused, waited, gave up, stayed, and how full each place was, as exact sums over visits.

Every measure is a numerator and a denominator, so that replications are pooled by sums and not by means of ratios.
People present at the start count towards occupancy, never towards arrivals or waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from eldersim.network_rules import DIVERTED, GAVE_UP, REFUSED
from eldersim.network_run import NetworkRun
from eldersim.timeline import Timeline

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Ratio(NamedTuple):
    """A measure as a numerator over a denominator."""

    above: float
    below: float = 1.0


@dataclass(frozen=True, slots=True)
class Where:
    """Which visits a measure is about: places and groups by number; None for all of them."""

    places: tuple[int, ...] | None = None
    groups: tuple[int, ...] | None = None


class Observed:
    """The visits of a run within its observed window, in units of time."""

    def __init__(self, run: NetworkRun, *, until: float | None = None) -> None:
        self.run = run
        self.start = run.start
        self.end = run.end if until is None else until

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
        found = self.window if within else self.asked < np.inf
        if where.places is not None and len(self.run.network.places) > 1:
            found = found & np.isin(self.run.visits["place"], where.places)
        if where.groups is not None and len(self.run.network.groups) > 1:
            found = found & np.isin(self.run.journeys.group, where.groups)
        return found

    def length(self) -> float:
        """The length of the window."""
        return self.end - self.start

    def area(self, came: Floats, left: Floats, chosen: Mask) -> float:
        """Person-time between two moments of each visit that falls into the window."""
        spans = np.minimum(left[chosen], self.end) - np.maximum(came[chosen], self.start)
        return float(np.maximum(spans, 0.0).sum())

    def timeline(self, came: Floats, left: Floats, chosen: Mask) -> Timeline:
        """How many are between two moments, over the window."""
        present = chosen & (came < self.end) & (left > self.start) & (left > came)
        return Timeline.of_stays(came[present], np.minimum(left[present], self.end), start=self.start, end=self.end)

    def mean_paused(self, where: Where) -> float:
        """Person-time in the window during which displaced people wait for their bed to be free again."""
        pauses = self.run.pauses
        if not len(pauses):
            return 0.0
        order = np.lexsort((pauses[:, 1], pauses[:, 0]))
        visit, time = pauses[order, 0], pauses[order, 1] / self.run.ticks
        again = np.append(visit[1:] == visit[:-1], False)
        rank = np.arange(len(visit)) - np.searchsorted(visit, visit)
        stops = rank % 2 == 0
        until = np.where(again, np.append(time[1:], np.inf), np.inf)
        mine = stops & self.chosen(where, within=False)[visit]
        return float(np.maximum(np.minimum(until[mine], self.end) - np.maximum(time[mine], self.start), 0.0).sum())

    def _moment(self, name: str) -> Floats:
        ticks = self.run.visits[name]
        found = ticks / self.run.ticks
        found[ticks < 0] = np.inf
        return np.asarray(found)


def count(seen: Observed, chosen: Mask) -> float:
    """How many visits."""
    return float(np.count_nonzero(chosen))


def arrivals(seen: Observed, where: Where) -> Ratio:
    """Arrivals per unit of time."""
    return Ratio(count(seen, seen.chosen(where)), seen.length())


def throughput(seen: Observed, where: Where) -> Ratio:
    """People who get a bed per unit of time."""
    return Ratio(count(seen, _began_within(seen, where)), seen.length())


def refusals(seen: Observed, where: Where) -> Ratio:
    """Refused people per unit of time."""
    return Ratio(count(seen, seen.chosen(where) & _refused(seen)), seen.length())


def abandonments(seen: Observed, where: Where) -> Ratio:
    """People who give up per unit of time."""
    return Ratio(count(seen, seen.chosen(where) & _gave_up(seen)), seen.length())


def share_refused(seen: Observed, where: Where) -> Ratio:
    """Refused arrivals among all arrivals."""
    chosen = seen.chosen(where)
    return Ratio(count(seen, chosen & _refused(seen)), count(seen, chosen))


def share_giving_up(seen: Observed, where: Where) -> Ratio:
    """Arrivals who give up among all arrivals whose fate is known."""
    chosen = seen.chosen(where) & _known(seen)
    return Ratio(count(seen, chosen & _gave_up(seen)), count(seen, chosen))


def share_waiting(seen: Observed, where: Where) -> Ratio:
    """Arrivals who join a waiting list among all arrivals (refused ones included in the denominator)."""
    chosen = seen.chosen(where)
    return Ratio(count(seen, chosen & (seen.began > seen.asked) & ~_refused(seen)), count(seen, chosen))


def share_finding_full(seen: Observed, where: Where) -> Ratio:
    """Arrivals who do not get a bed at once among all arrivals."""
    chosen = seen.chosen(where)
    return Ratio(count(seen, chosen & (seen.began > seen.asked)), count(seen, chosen))


def share_admitted_waiting(seen: Observed, where: Where) -> Ratio:
    """Those who joined a waiting list among those not refused."""
    chosen = seen.chosen(where) & ~_refused(seen)
    return Ratio(count(seen, chosen & (seen.began > seen.asked)), count(seen, chosen))


def wait_of_admitted(seen: Observed, where: Where) -> Ratio:
    """The mean wait of those who got a bed, zeros included."""
    waits = waits_of(seen, where)
    return Ratio(float(waits.sum()), float(len(waits)))


def wait_of_delayed(seen: Observed, where: Where) -> Ratio:
    """The mean wait of those who got a bed and had to wait."""
    waits = waits_of(seen, where)
    return Ratio(float(waits.sum()), float(np.count_nonzero(waits)))


def wait_of_gone(seen: Observed, where: Where) -> Ratio:
    """The mean wait of those who gave up."""
    chosen = seen.chosen(where) & _gave_up(seen)
    return Ratio(float((seen.left - seen.asked)[chosen].sum()), count(seen, chosen))


def wait_of_all(seen: Observed, where: Where) -> Ratio:
    """The mean wait of all who were not refused, those who gave up included."""
    admitted, gone = wait_of_admitted(seen, where), wait_of_gone(seen, where)
    return Ratio(admitted.above + gone.above, admitted.below + gone.below)


def wait_until_admission(seen: Observed, where: Where) -> Ratio:
    """The mean wait of those admitted within the window, whenever they came."""
    chosen = _began_within(seen, where)
    return Ratio(float((seen.began - seen.asked)[chosen].sum()), count(seen, chosen))


def waits_of(seen: Observed, where: Where) -> Floats:
    """The waits of those who asked in the window and got a bed."""
    chosen = seen.chosen(where) & (seen.began < np.inf)
    return (seen.began - seen.asked)[chosen]


def wait_offered(seen: Observed, where: Where) -> Ratio:
    """The mean wait that arrivals would have had with endless patience, one list, first come first served.

    Who gave up would have got the first bed freed after everybody ahead had left the list.
    """
    chosen = np.flatnonzero(seen.chosen(where, within=False))
    order = chosen[np.argsort(seen.asked[chosen], kind="stable")]
    asked, gone = seen.asked[order], _gave_up(seen)[order]
    off_list = np.where(gone, seen.left[order], seen.began[order])
    cleared = np.maximum.accumulate(np.where(off_list < np.inf, off_list, 0.0))
    freed = np.sort(seen.left[order][(seen.began[order] < np.inf) & (seen.left[order] < np.inf)])
    place = np.searchsorted(freed, cleared, side="right")
    start = np.where(gone, np.append(freed, np.inf)[place], seen.began[order])
    kept = seen.window[order] & (start < np.inf)
    return Ratio(float((start - asked)[kept].sum()), float(np.count_nonzero(kept)))


def occupied(seen: Observed, where: Where) -> Ratio:
    """The time average of people in beds, those who keep a bed while blocked included."""
    held = seen.area(seen.began, seen.left, seen.chosen(where, within=False))
    return Ratio(held - seen.mean_paused(where), seen.length())


def queue(seen: Observed, where: Where) -> Ratio:
    """The time average of people on waiting lists, displaced people included."""
    chosen = seen.chosen(where, within=False)
    waited = seen.area(seen.queued_since, np.minimum(seen.began, seen.left), chosen)
    return Ratio(waited + seen.mean_paused(where), seen.length())


def in_system(seen: Observed, where: Where) -> Ratio:
    """The time average of people waiting or in beds."""
    return Ratio(occupied(seen, where).above + queue(seen, where).above, seen.length())


def blocked(seen: Observed, where: Where) -> Ratio:
    """The time average of people who keep a bed because the next place has none."""
    return Ratio(seen.area(seen.ended, seen.left, seen.chosen(where, within=False)), seen.length())


def in_service(seen: Observed, where: Where) -> Ratio:
    """The time average of people in beds whose stay is not over."""
    return Ratio(occupied(seen, where).above - blocked(seen, where).above, seen.length())


def utilisation(seen: Observed, where: Where) -> Ratio:
    """Occupied bed time over the bed time there is; a bed marked for closing counts until its resident leaves."""
    return Ratio(occupied(seen, where).above, open_beds(seen, where).above)


def open_beds(seen: Observed, where: Where) -> Ratio:
    """The time average of open beds; a bed marked for closing counts until its resident leaves."""
    total = 0.0
    for number in where.places if where.places is not None else range(len(seen.run.network.places)):
        steps = seen.run.network.places[number].beds
        if steps is None:
            return Ratio(np.inf, seen.length())
        fixed = len(steps) == 1
        total += steps[0][1] * seen.length() if fixed else _open_area(seen, steps, Where((number,)))
    return Ratio(total, seen.length())


def time_in_system(seen: Observed, where: Where) -> Ratio:
    """The mean time from the first arrival to the last departure of people who came in the window, were let in and have left."""
    journeys = seen.run.journeys
    first = np.flatnonzero(journeys.first & seen.chosen(where))
    then, other = seen.run.visits["then"], seen.run.visits["other"]
    came, at, last = seen.asked[first], first, seen.left[first]
    turned = np.isin(seen.run.visits["fate"][at], (REFUSED,))
    while True:
        fate = seen.run.visits["fate"][at]
        following = np.where(fate == DIVERTED, other[at], then[at])
        moving = (following >= 0) & (seen.asked[following] < np.inf)
        if not moving.any():
            break
        at = np.where(moving, following, at)
        last = seen.left[at]
    done = (last < np.inf) & ~turned
    return Ratio(float((last - came)[done].sum()), float(np.count_nonzero(done)))


def time_here(seen: Observed, where: Where) -> Ratio:
    """The mean time from asking at a place to leaving it, of those who got a bed and have left."""
    chosen = seen.chosen(where) & (seen.began < np.inf) & (seen.left < np.inf)
    return Ratio(float((seen.left - seen.asked)[chosen].sum()), count(seen, chosen))


def length_of_stay(seen: Observed, where: Where) -> Ratio:
    """The mean time in bed, blocked time included, of stays begun in the window and over."""
    chosen = _began_within(seen, where) & (seen.left < np.inf)
    return Ratio(float((seen.left - seen.began)[chosen].sum()), count(seen, chosen))


def blocking_time(seen: Observed, where: Where) -> Ratio:
    """The mean time a bed is kept after the stay, of those who move on from these places."""
    chosen = seen.chosen(where, within=False) & (seen.ended >= seen.start) & (seen.ended < seen.end)
    moved = chosen & (seen.run.visits["then"] >= 0) & (seen.left < np.inf)
    return Ratio(float((seen.left - seen.ended)[moved].sum()), count(seen, moved))


def blocking_time_of_all(seen: Observed, where: Where) -> Ratio:
    """The mean time a bed is kept after the stay, of everybody whose stay ends here."""
    chosen = (
        seen.chosen(where, within=False) & (seen.ended >= seen.start) & (seen.ended < seen.end) & (seen.left < np.inf)
    )
    return Ratio(float((seen.left - seen.ended)[chosen].sum()), count(seen, chosen))


def load_offered(seen: Observed, where: Where) -> Ratio:
    """The beds the arrivals would fill if none were refused and none gave up: their drawn stays over time."""
    return Ratio(float(seen.run.visits["service"][seen.chosen(where)].sum()) / seen.run.ticks, seen.length())


def variance_occupied(seen: Observed, where: Where) -> Ratio:
    """The variance over time of the people in beds."""
    return Ratio(_bed_timeline(seen, where).variance())


def share_of_time_full(seen: Observed, where: Where) -> Ratio:
    """The share of time with every bed of these places occupied (beds being made ready do not count as occupied)."""
    beds = seen.run.network.places[_only(where)].beds
    return Ratio(_bed_timeline(seen, where).time_at_least(beds[0][1]) if beds else 0.0, seen.length())


def share_of_time_empty(seen: Observed, where: Where) -> Ratio:
    """The share of time with nobody in bed."""
    line = _bed_timeline(seen, where)
    return Ratio(seen.length() - line.time_at_least(1), seen.length())


def peak_queue(seen: Observed, where: Where) -> Ratio:
    """The longest waiting list."""
    chosen = seen.chosen(where, within=False)
    return Ratio(seen.timeline(seen.queued_since, np.minimum(seen.began, seen.left), chosen).peak())


def peak_occupied(seen: Observed, where: Where) -> Ratio:
    """The most people in bed at one time."""
    return Ratio(_bed_timeline(seen, where).peak())


def discharges(seen: Observed, where: Where) -> Ratio:
    """People who leave a bed per unit of time."""
    chosen = seen.chosen(where, within=False) & (seen.began < np.inf)
    return Ratio(count(seen, chosen & (seen.left >= seen.start) & (seen.left < seen.end)), seen.length())


def _bed_timeline(seen: Observed, where: Where) -> Timeline:
    return seen.timeline(seen.began, seen.left, seen.chosen(where, within=False))


def _open_area(seen: Observed, steps: Sequence[tuple[float, int]], where: Where) -> float:
    """The area under the larger of the beds there are and the people in them."""
    line = _bed_timeline(seen, where)
    times = np.unique(np.concatenate([line.times, [t for t, _ in steps if seen.start < t < seen.end]]))
    held = line.values[np.searchsorted(line.times, times, side="right") - 1]
    planned = np.array([b for _, b in steps])[np.searchsorted([t for t, _ in steps], times, side="right") - 1]
    spans = np.diff(np.append(times, seen.end))
    return float((np.maximum(held, planned) * spans).sum())


def _only(where: Where) -> int:
    return 0 if where.places is None else where.places[0]


def _began_within(seen: Observed, where: Where) -> Mask:
    present = seen.run.journeys.present
    return seen.chosen(where, within=False) & (seen.began >= seen.start) & (seen.began < seen.end) & ~present


def _refused(seen: Observed) -> Mask:
    fate = seen.run.visits["fate"]
    return np.asarray((fate == REFUSED) | (fate == DIVERTED))


def _gave_up(seen: Observed) -> Mask:
    return np.asarray(seen.run.visits["fate"] == GAVE_UP)


def _known(seen: Observed) -> Mask:
    return np.asarray((seen.began < np.inf) | (seen.left < np.inf))
