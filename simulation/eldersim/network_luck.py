"""How lucky a network run was: by how much more people came, and stayed longer, than the model's means say.

Both amounts have mean zero whatever happens in the run, so a result can be corrected for them (control variates, Law
11.4). They are known from the model's inputs alone.
"""

from __future__ import annotations

import numpy as np

from eldersim.network import Group, Stream
from eldersim.network_observed import Floats, Observed

GRID = 20_001


def luck(seen: Observed) -> Floats:
    """Two rows, one value a copy: people who came beyond the expected, and person-time of stays beyond the expected."""
    return np.array([_people(seen), _stays(seen)])


def expected_arrivals(stream: Stream, end: float) -> float:
    """The mean number of people a Poisson stream brings until ``end``."""
    assert stream.rate is not None, "only a rate has a known mean number"
    batch = 1.0 if stream.batch is None else stream.batch.mean
    if stream.rate.constant is not None:
        return stream.rate.constant * end * batch
    weights = np.where(np.arange(GRID) % 2 == 0, 2.0, 4.0)
    weights[[0, -1]] = 1.0
    return float((weights * stream.rate.at(np.linspace(0.0, end, GRID))).sum()) * end / (GRID - 1) / 3 * batch


def _people(seen: Observed) -> Floats:
    run, found = seen.run, seen.each(0.0)
    new = run.journeys.first & ~run.journeys.present
    for number, group in enumerate(run.network.groups):
        if group.streams and all(stream.rate is not None for stream in group.streams):
            came = new if len(run.network.groups) == 1 else new & (run.journeys.group == number)
            found += seen.count(came) - sum(expected_arrivals(stream, run.end) for stream in group.streams)
    return found


def _stays(seen: Observed) -> Floats:
    run = seen.run
    means = np.full((len(run.network.groups), len(run.network.places)), np.nan)
    for number, group in enumerate(run.network.groups):
        for index, place in enumerate(run.network.places):
            if place.name in group.stays and not _untypical(group, place.order):
                means[number, index] = group.stays[place.name].mean
    beyond = run.visits["service"] / run.ticks - means[run.journeys.group, run.journeys.place]
    return seen.total(beyond, ~run.journeys.present & np.isfinite(beyond))


def _untypical(group: Group, order: str) -> bool:
    """Stays that a run prolongs or cuts into pieces, so that their drawn length is no longer there."""
    return bool(group.delays) or order == "displacing"
