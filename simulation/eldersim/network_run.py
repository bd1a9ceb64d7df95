"""Runs a network: SimPy keeps the clock and changes beds on their dates, the rules do everything between two such moments."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import simpy

from eldersim.compilation import can_compile
from eldersim.errors import BrokenRule
from eldersim.network import Network
from eldersim.network_arrivals import Luck
from eldersim.network_journeys import Journeys, draw_journeys
from eldersim.network_kernel import advance, settle
from eldersim.network_records import State, fresh_places
from eldersim.network_rules import BLOCKED, FIRST, HOLDING, IN_BED, LAST, NEVER, RANDOM, SHIFT, WAITING

TICKS_IN_ALL = 1 << 38


@dataclass(frozen=True, slots=True)
class NetworkRun:
    """What happened in one replication: the visits, in ticks, observed from ``start`` to ``end``."""

    network: Network
    journeys: Journeys
    pauses: npt.NDArray[np.int64]
    ticks: float
    start: float
    end: float

    @property
    def visits(self) -> npt.NDArray[Any]:
        """One record a visit; -1 stands for a moment that never came."""
        return self.journeys.visits


def simulate_network(
    network: Network,
    *,
    seed: int,
    replication: int,
    warmup: float,
    horizon: float,
    copies: int = 1,
    compiled: bool | None = None,
) -> NetworkRun:
    """Run one replication for ``warmup`` and then ``horizon`` units of time, of so many independent ``copies`` at once.

    Equal arguments give equal bits, compiled or not; ``compiled`` None means if numba is there.
    """
    ticks = ticks_per_unit(warmup + horizon)
    end = round((warmup + horizon) * ticks)
    journeys = draw_journeys(network, Luck(seed, replication), end=end, ticks=ticks, copies=copies)
    kind = State.compiled if (can_compile() if compiled is None else compiled) else State.interpreted
    state = kind(journeys.visits, _places(network, ticks, copies), journeys.arrivals, horizon=end)
    _conduct(network, state, ticks=ticks, end=end, copies=copies)
    journeys.visits = state.bring_back()
    _check(journeys.visits, state.places)
    return NetworkRun(network, journeys, state.paused(), ticks, warmup, warmup + horizon)


def ticks_per_unit(span: float) -> float:
    """The finest clock with a round number of ticks a unit of time that still fits the event keys.

    >>> ticks_per_unit(12.0), ticks_per_unit(2_040_000.0)
    (20000000000.0, 100000.0)
    """
    power = 1.0
    while span * power * 10 <= TICKS_IN_ALL:
        power *= 10
    return next(power * factor for factor in (5, 2, 1) if span * power * factor <= TICKS_IN_ALL)


def _places(network: Network, ticks: float, copies: int) -> npt.NDArray[Any]:
    places = fresh_places(len(network.places) * copies)
    for record, place in zip(places, network.places * copies, strict=True):
        record["beds"] = NEVER if place.beds is None else place.beds[0][1]
        record["room"] = NEVER if place.room is None else place.room
        record["order"] = {"lifo": LAST, "random": RANDOM}.get(place.order, FIRST)
        record["displaces"] = place.order == "displacing"
        record["holds"] = place.holds
        record["turnaround"] = round(place.turnaround * ticks)
    return places


def _conduct(network: Network, state: State, *, ticks: float, end: int, copies: int) -> None:
    clock = simpy.Environment()
    changes: dict[int, list[tuple[int, int]]] = {}
    for number in range(copies * len(network.places)):
        for time, beds in (network.places[number % len(network.places)].beds or ())[1:]:
            changes.setdefault(round(time * ticks), []).append((number, beds))
    clock.process(_open_and_close(clock, state, sorted((time, rows) for time, rows in changes.items() if time < end)))
    clock.run()
    advance(state, end << SHIFT)


def _open_and_close(
    clock: simpy.Environment, state: State, changes: list[tuple[int, list[tuple[int, int]]]]
) -> Generator[simpy.Event, None, None]:
    """Each change of beds on its date; beds that close do so at the next discharge."""
    for time, rows in changes:
        yield clock.timeout(time - clock.now)
        advance(state, time << SHIFT)
        for number, beds in rows:
            if isinstance(state.places, list):
                state.places[number].beds = beds
            else:
                state.places["beds"][number] = beds
            settle(state, time, number)


def _check(visits: npt.NDArray[Any], places: Any) -> None:
    """Everybody is where the books of the places say, and nobody got a bed before asking for one.

    Raises BrokenRule otherwise: then the run's numbers mean nothing.
    """
    state, place = visits["state"], visits["place"]
    books = {
        "occupied": (state == IN_BED) | (state == HOLDING),
        "waiting": state == WAITING,
        "blocked": state == BLOCKED,
    }
    for name, present in books.items():
        booked = [getattr(one, name) for one in places] if isinstance(places, list) else places[name]
        if not np.array_equal(np.bincount(place[present], minlength=len(places)), booked):
            raise BrokenRule(
                "PEOPLE_LOST", f"The people {name} do not add up.", remedy="Report the model and the seed.", path=[name]
            )
    if ((visits["began"] >= 0) & (visits["began"] < visits["asked"])).any():
        raise BrokenRule(
            "NEGATIVE_WAIT", "Somebody got a bed before asking for it.", remedy="Report the model and the seed."
        )
