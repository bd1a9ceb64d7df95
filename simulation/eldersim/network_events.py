"""The event log of a network run: who waited, was admitted, refused, displaced, gave up or left, in order of time."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from eldersim.network_observed import Observed, refused
from eldersim.network_rules import DIVERTED, GAVE_UP
from eldersim.network_run import NetworkRun

ORDER = ("discharge", "give up", "arrive", "refuse", "wait", "displace", "resume", "admit", "block")


class Event(NamedTuple):
    """One line of the log."""

    time: float
    kind: str
    who: str
    place: str


def events_of(run: NetworkRun) -> list[Event]:
    """The log of a run, one copy, in order of time and of what comes first at one time."""
    seen = Observed(run)
    fate, turned = run.visits["fate"], refused(seen)
    moments = (
        (
            "wait",
            seen.queued_since,
            (np.minimum(seen.began, seen.left) > seen.queued_since) & ~turned & (seen.asked < np.inf),
        ),
        ("admit", seen.began, seen.began < np.inf),
        ("block", seen.ended, (seen.ended < np.inf) & (seen.left > seen.ended)),
        ("discharge", seen.left, (seen.left < np.inf) & (seen.began < np.inf)),
        ("give up", seen.left, fate == GAVE_UP),
        ("refuse", seen.left, turned & (fate != DIVERTED)),
    )
    found = [
        _event(run, float(times[visit]), kind, int(visit))
        for kind, times, chosen in moments
        for visit in np.flatnonzero(chosen)
    ]
    return sorted([*found, *_pauses(run)], key=lambda event: (event.time, ORDER.index(event.kind), event.who))


def _pauses(run: NetworkRun) -> list[Event]:
    turns: dict[int, int] = {}
    found = []
    for visit, tick in run.pauses.tolist():
        turns[visit] = turns.get(visit, 0) + 1
        found.append(_event(run, tick / run.ticks, "displace" if turns[visit] % 2 else "resume", visit))
    return found


def _event(run: NetworkRun, time: float, kind: str, visit: int) -> Event:
    journeys = run.journeys
    return Event(
        time, kind, run.network.groups[journeys.group[visit]].name, run.network.places[journeys.place[visit]].name
    )
