"""What a network run shows at a moment, and what has been accumulated until then, for each copy."""

from __future__ import annotations

import numpy as np

from eldersim.network_observed import Floats, Observed, Ratio, Where, gave_up, refused


def in_bed_at(seen: Observed, where: Where, time: float) -> Ratio:
    """People in bed just before a time."""
    held = seen.chosen(where, within=False) & (seen.began < time) & (seen.left >= time)
    return _each(seen, seen.count(held))


def waiting_at(seen: Observed, where: Where, time: float) -> Ratio:
    """People on a waiting list just before a time."""
    waiting = (seen.queued_since < time) & (np.minimum(seen.began, seen.left) >= time)
    return _each(seen, seen.count(seen.chosen(where, within=False) & waiting))


def present_at(seen: Observed, where: Where, time: float) -> Ratio:
    """People in bed or waiting just before a time."""
    return _each(seen, in_bed_at(seen, where, time).above + waiting_at(seen, where, time).above)


def full_at(seen: Observed, where: Where, time: float) -> Ratio:
    """Whether every bed is occupied just before a time."""
    return _each(seen, (in_bed_at(seen, where, time).above >= beds_before(seen, where, time)).astype(np.float64))


def beds_at(seen: Observed, where: Where, time: float) -> Ratio:
    """The beds planned just before a time."""
    return _each(seen, seen.each(beds_before(seen, where, time)))


def beds_before(seen: Observed, where: Where, time: float) -> float:
    """The beds planned just before a time at these places together."""
    places = seen.run.network.places
    chosen = range(len(places)) if where.places is None else where.places
    plans = [places[number].beds for number in chosen]
    if any(plan is None for plan in plans):
        return float("inf")
    return float(
        sum([n for since, n in plan if since < time or since == 0.0][-1] for plan in plans if plan is not None)
    )


def arrivals_until(seen: Observed, where: Where, time: float) -> Ratio:
    """People who have come."""
    return _each(seen, seen.count(seen.chosen(where) & (seen.asked < time)))


def found_full_until(seen: Observed, where: Where, time: float) -> Ratio:
    """People who have come and did not get a bed at once."""
    return _each(seen, seen.count(seen.chosen(where) & (seen.asked < time) & (seen.began > seen.asked)))


def refused_until(seen: Observed, where: Where, time: float) -> Ratio:
    """People who have been turned away."""
    return _each(seen, seen.count(seen.chosen(where) & (seen.asked < time) & refused(seen)))


def gave_up_until(seen: Observed, where: Where, time: float) -> Ratio:
    """People who have given up or died waiting."""
    return _each(seen, seen.count(seen.chosen(where, within=False) & gave_up(seen) & (seen.left < time)))


def admitted_until(seen: Observed, where: Where, time: float) -> Ratio:
    """People who have come and got a bed."""
    present = seen.run.journeys.present
    return _each(seen, seen.count(seen.chosen(where, within=False) & (seen.began < time) & ~present))


def waiting_time_until(seen: Observed, where: Where, time: float) -> Ratio:
    """The person-time spent on waiting lists."""
    spans = np.minimum(np.minimum(seen.began, seen.left), time) - seen.queued_since
    return _each(seen, seen.total(np.maximum(spans, 0.0), seen.chosen(where, within=False)))


def bed_time_until(seen: Observed, where: Where, time: float) -> Ratio:
    """The person-time spent in bed."""
    spans = np.minimum(seen.left, time) - seen.began
    return _each(seen, seen.total(np.maximum(spans, 0.0), seen.chosen(where, within=False)))


def _each(seen: Observed, above: Floats) -> Ratio:
    return Ratio(above, seen.each(1.0))
