"""The records of a network run: visits, places and the run itself, as arrays to compile or as slotted objects to interpret."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from eldersim.network_rules import CLASSES

VISIT = np.dtype(
    [
        ("service", "i8"),
        ("patience", "i8"),
        ("due", "i8"),
        ("asked", "i8"),
        ("began", "i8"),
        ("ended", "i8"),
        ("left", "i8"),
        ("then", "i4"),
        ("other", "i4"),
        ("before", "i4"),
        ("after", "i4"),
        ("origin", "i4"),
        ("keep", "i4"),
        ("place", "i2"),
        ("rank", "i1"),
        ("waits", "i1"),
        ("running", "i1"),
        ("state", "i1"),
        ("fate", "i1"),
    ],
    align=True,
)
PLACE = np.dtype(
    [
        ("turnaround", "i8"),
        ("beds", "i8"),
        ("room", "i8"),
        ("occupied", "i8"),
        ("unready", "i8"),
        ("waiting", "i8"),
        ("blocked", "i8"),
        ("number", "i4"),
        ("order", "i4"),
        ("displaces", "i4"),
        ("holds", "i4"),
        ("marked", "i4"),
        ("blocked_head", "i4"),
        ("blocked_tail", "i4"),
        ("head", "i4", (CLASSES,)),
        ("tail", "i4", (CLASSES,)),
        ("bed_head", "i4", (CLASSES,)),
        ("bed_tail", "i4", (CLASSES,)),
    ],
    align=True,
)
RUN = np.dtype(
    [(name, "i8") for name in ("horizon", "asked", "paused", "to_settle", "lot", "pending", "came", "events")],
    align=True,
)


class Visit:
    """One visit of the interpreted run."""

    __slots__ = tuple(VISIT.names or ())


class Place:
    """One place of the interpreted run."""

    __slots__ = tuple(PLACE.names or ())


class Run:
    """The interpreted run itself."""

    __slots__ = tuple(RUN.names or ())


@dataclass(slots=True)
class State:
    """Everything a run reads and writes: ``arrivals`` are event keys in order, the rest is scratch space."""

    run: Any
    visits: Any
    places: Any
    out: Any
    pauses: Any
    todo: Any
    heap: Any
    arrivals: npt.NDArray[np.int64]
    columns: npt.NDArray[Any] = field(repr=False)

    @classmethod
    def compiled(
        cls, visits: npt.NDArray[Any], places: npt.NDArray[Any], arrivals: npt.NDArray[np.int64], *, horizon: int
    ) -> State:
        """A state of record arrays."""
        run = np.zeros(1, RUN)
        run["horizon"] = horizon
        count, displacing = len(visits), bool((places["displaces"] > 0).any())
        out, pauses = (
            np.zeros(count + len(places) + 64, np.int64),
            np.zeros(8 * count + 8 if displacing else 8, np.int64),
        )
        heap = np.zeros(3 * count + 64 * len(places) + 64, np.int64)
        return cls(run, visits, places, out, pauses, np.zeros(len(places) + 1, np.int64), heap, arrivals, visits)

    @classmethod
    def interpreted(
        cls, visits: npt.NDArray[Any], places: npt.NDArray[Any], arrivals: npt.NDArray[np.int64], *, horizon: int
    ) -> State:
        """The same state of slotted objects."""
        whole = cls.compiled(visits, places, arrivals, horizon=horizon)
        out, pauses, todo = whole.out.tolist(), whole.pauses.tolist(), whole.todo.tolist()
        run, people, rooms = _objects(whole.run, Run)[0], _objects(visits, Visit), _objects(places, Place)
        return cls(run, people, rooms, out, pauses, todo, [], arrivals, visits)

    def bring_back(self) -> npt.NDArray[Any]:
        """The visits as an array, whichever way they were run."""
        if isinstance(self.visits, list):
            for name in ("service", "due", "asked", "began", "ended", "left", "origin", "state", "fate"):
                self.columns[name] = [getattr(visit, name) for visit in self.visits]
        return self.columns

    def paused(self) -> npt.NDArray[np.int64]:
        """Pairs of (visit, time): a displaced person's stay stops, and at the next pair goes on."""
        length = int(self.run["paused"][0]) if isinstance(self.run, np.ndarray) else self.run.paused
        return np.array(self.pauses[:length], dtype=np.int64).reshape(-1, 2)


def fresh_visits(count: int) -> npt.NDArray[Any]:
    """``count`` visits at which nothing has happened yet."""
    # Copying the bytes of one record is several times faster than writing its fields one by one.
    one = np.zeros(1, VISIT)
    for name in ("due", "asked", "began", "ended", "left", "then", "other", "before", "after", "origin"):
        one[name] = -1
    one["waits"] = 1
    visits = np.empty(count, VISIT)
    visits.view(np.uint8).reshape(count, VISIT.itemsize)[:] = one.view(np.uint8)
    return visits


def fresh_places(count: int) -> npt.NDArray[Any]:
    """``count`` empty places."""
    places = np.zeros(count, PLACE)
    for name in ("blocked_head", "blocked_tail", "head", "tail", "bed_head", "bed_tail"):
        places[name] = -1
    places["number"] = np.arange(count)
    return places


def _objects(array: npt.NDArray[Any], kind: type) -> list[Any]:
    names = array.dtype.names or ()
    found = [kind() for _ in range(len(array))]
    for name in names:
        for thing, value in zip(found, array[name].tolist(), strict=True):
            setattr(thing, name, value)
    return found
