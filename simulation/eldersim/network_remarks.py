"""What a planner must be told of a network besides its numbers: queues that grow without end, and places that lock each other."""

from __future__ import annotations

import math

import numpy as np

from eldersim.network import Network
from eldersim.network_rules import BLOCKED, HOLDING
from eldersim.network_run import NetworkRun


def remarks(run: NetworkRun) -> list[str]:
    """Sentences on what makes the averages of a run meaningless; none if all is well."""
    return [*unstable(run.network), *deadlocked(run)]


def unstable(network: Network) -> list[str]:
    """Places where people come faster than all beds can serve them, and nobody gives up or is refused."""
    found = []
    for place in network.places:
        groups = [group for group in network.groups if any(stream.place == place.name for stream in group.streams)]
        if place.beds is None or place.room is not None or any(place.name in group.patience for group in groups):
            continue
        load = math.fsum(
            stream.rate.constant * (stream.batch.mean if stream.batch else 1.0) * group.stays[place.name].mean
            for group in groups
            for stream in group.streams
            if stream.place == place.name and stream.rate is not None and stream.rate.constant is not None
        )
        beds = place.beds[-1][1]
        if load >= beds:
            found.append(
                f"{place.name}: demand fills {load:.4g} beds and there are {beds}, so the waiting list grows without end; its averages depend on how long is simulated."
            )
    return found


def deadlocked(run: NetworkRun) -> list[str]:
    """Places in which every bed is kept by somebody who waits for one of these same places, so that nobody can ever move."""
    visits, count = run.visits, len(run.network.places)
    waits = np.flatnonzero(visits["state"] == BLOCKED)
    holders = visits["origin"][waits]
    where, wanted = visits["place"][holders].astype(int), visits["place"][waits].astype(int)
    held = np.bincount(visits["place"][visits["state"] == HOLDING], minlength=count * run.journeys.copies)
    locked = {place for place in set(where.tolist()) if held[place] >= _beds(run, place % count)}
    while True:
        free = {
            place
            for place, goal in zip(where.tolist(), wanted.tolist(), strict=True)
            if place in locked and goal not in locked
        }
        if not free:
            break
        locked -= free
    names = sorted({run.network.places[place % count].name for place in locked})
    if not names:
        return []
    return [
        f"{' and '.join(names)}: every bed is kept by somebody who waits for another of these places; nobody can move any more."
    ]


def _beds(run: NetworkRun, place: int) -> float:
    beds = run.network.places[place].beds
    return math.inf if beds is None else beds[-1][1]
