"""How full the places of a network run were: distribution over time, shares of time, peaks, open beds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from eldersim.network_observed import Floats, Levels, Observed, Ratio, Where, weigh
from eldersim.network_outcome import occupied


def variance_occupied(seen: Observed, where: Where) -> Ratio:
    """The variance over time of the people in beds."""
    levels = seen.in_beds(where)
    first, second = (_over_time(seen, levels, levels.value**power) / seen.length() for power in (1, 2))
    return Ratio(second - first**2, seen.each(1.0))


def peakedness(seen: Observed, where: Where) -> Ratio:
    """The variance over time of the people in beds, over their mean."""
    return Ratio(variance_occupied(seen, where).above, occupied(seen, where).above / seen.length())


def share_of_time_full(seen: Observed, where: Where) -> Ratio:
    """The share of time with every bed of a place occupied (beds being made ready do not count as occupied)."""
    beds = seen.run.network.places[_only(where)].beds
    full = np.inf if beds is None else beds[0][1]
    levels = seen.in_beds(where)
    return Ratio(_over_time(seen, levels, levels.value >= full), seen.length())


def share_of_time_empty(seen: Observed, where: Where) -> Ratio:
    """The share of time with nobody in bed."""
    return share_of_time_at(seen, where, 0)


def share_of_time_at(seen: Observed, where: Where, number: float) -> Ratio:
    """The share of time with exactly so many people in bed."""
    levels = seen.in_beds(where)
    return Ratio(_over_time(seen, levels, levels.value == number), seen.length())


def loss_seen(seen: Observed, where: Where, number: float) -> Ratio:
    """The time with exactly so many in bed over the time with at most so many: what a place of that size would refuse."""
    levels = seen.in_beds(where)
    return Ratio(_over_time(seen, levels, levels.value == number), _over_time(seen, levels, levels.value <= number))


def peak_queue(seen: Observed, where: Where) -> Ratio:
    """The longest waiting list that lasted."""
    return Ratio(_highest(seen, _in_queue(seen, where)), seen.each(1.0))


def peak_occupied(seen: Observed, where: Where) -> Ratio:
    """The most people in bed at one time."""
    return Ratio(_highest(seen, seen.in_beds(where)), seen.each(1.0))


def open_beds(seen: Observed, where: Where) -> Ratio:
    """The time average of open beds; a bed marked for closing counts until its resident leaves."""
    total = seen.each(0.0)
    for number in where.places if where.places is not None else range(len(seen.run.network.places)):
        steps = seen.run.network.places[number].beds
        if steps is None:
            return Ratio(seen.each(np.inf), seen.length())
        total += steps[0][1] * seen.length() if len(steps) == 1 else _open_area(seen, steps, Where((number,)))
    return Ratio(total, seen.length())


def utilisation(seen: Observed, where: Where) -> Ratio:
    """Occupied bed time over the bed time there is; a bed marked for closing counts until its resident leaves."""
    return Ratio(occupied(seen, where).above, open_beds(seen, where).above)


def _in_queue(seen: Observed, where: Where) -> Levels:
    return seen.levels(seen.queued_since, np.minimum(seen.began, seen.left), seen.chosen(where, within=False))


def _over_time(seen: Observed, levels: Levels, values: npt.NDArray[Any]) -> Floats:
    """The integral of a value over the window, for each copy."""
    return weigh(levels.copy, levels.duration * values, seen.copies)


def _highest(seen: Observed, levels: Levels) -> Floats:
    lasting, highest = levels.duration > 0, np.zeros(seen.copies)
    np.maximum.at(highest, levels.copy[lasting], levels.value[lasting])
    return highest


def _open_area(seen: Observed, steps: Sequence[tuple[float, int]], where: Where) -> Floats:
    """The area under the larger of the beds there are and the people in them."""
    levels = seen.in_beds(where)
    edges = [*(max(time, seen.start) for time, _ in steps if time < seen.end), seen.end]
    area = np.zeros(seen.copies)
    for since, until, (_, beds) in zip(edges[:-1], edges[1:], steps, strict=False):
        inside = np.clip(levels.time + levels.duration, since, until) - np.clip(levels.time, since, until)
        area += weigh(levels.copy, inside * np.maximum(levels.value, beds), seen.copies)
    return area


def _only(where: Where) -> int:
    return 0 if where.places is None else where.places[0]


def pool_exhausted(seen: Observed, where: Where, beds: tuple[int, int, int, int]) -> Ratio:
    """The share of time in which a shared pool behind two places of unlimited beds would have nothing left for one of them.

    ``beds`` are those set aside for the first and for the second place, those shared, and which place asks (0 or 1).
    """
    first, second, shared, asker = beds
    numbers = [seen.chosen(Where((place,)), within=False) for place in (0, 1)]
    both = [np.where(chosen, sign, 0.0) for chosen, sign in zip(numbers, (1.0, float(1 << 20)), strict=True)]
    levels = seen.levels(seen.began, seen.left, numbers[0] | numbers[1], steps=both[0] + both[1])
    upper = np.floor(levels.value / (1 << 20))
    people = (levels.value - upper * (1 << 20), upper)
    spare = (people[0] - first, people[1] - second)
    other = np.maximum(spare[1 - asker], 0.0)
    empty = (spare[asker] >= 0) & (spare[asker] + other >= shared)
    return Ratio(_over_time(seen, levels, empty), seen.length())


def unready(seen: Observed, where: Where) -> Ratio:
    """The time average of beds being made ready after a stay."""
    pause = np.array([place.turnaround for place in seen.run.network.places])[seen.run.journeys.place]
    stayed = seen.chosen(where, within=False) & (seen.began < np.inf) & (seen.left < np.inf)
    return Ratio(seen.area(seen.left, seen.left + pause, stayed), seen.length())


def in_use(seen: Observed, where: Where) -> Ratio:
    """The time average of beds that are occupied or being made ready."""
    return Ratio(occupied(seen, where).above + unready(seen, where).above, seen.length())


def stays_of_discharged(seen: Observed, where: Where) -> Ratio:
    """The stays of those discharged within the window over its length: an occupancy as some authors count it."""
    gone = seen.chosen(where, within=False) & (seen.began < np.inf) & (seen.left >= seen.start) & (seen.left < seen.end)
    return Ratio(seen.total(seen.between(seen.began, seen.left), gone), seen.length())
