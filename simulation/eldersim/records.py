"""The records of a run: people, pools of beds and the run itself, as arrays to compile or as slotted objects to interpret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from eldersim.beds import CHOICES, CLASS_BITS, RANKS, READ, TYPES
from eldersim.loop import ROOM

Records = npt.NDArray[Any]
Integers = npt.NDArray[np.int64]

# What an event reads comes first, within one cache line of 64 bytes; a whole person is three lines.
TIMES = ("stay", "patience", "worse", "exit", "due", "since", "began", "bed")
SMALL = (
    "need", "later", "rank", "own_rank", "klass", "state", "listed", "first", "count", "home", "level", "level_later",
    "reason", "fate", "queued", "asks_to_move", "misplaced",
)  # fmt: skip
COLD = ("asked", "ended", "moved", "moved_out", "first_bed", "home_at")
WHO = ("first_later", "count_later", "division", "group", "sex", "age", "first_need", "budget")
LINE = 64

PERSON = np.dtype(
    {
        "names": [*TIMES, "choice", *SMALL, "home_pool", "before", "after", *COLD, "choice_later", *WHO, "row"],
        "formats": ["i4"] * 8 + [("i2", (CHOICES,))] + ["i1"] * 17 + ["i4", ("i4", (CHOICES,)), ("i4", (CHOICES,))]
        + ["i4"] * 6 + [("i2", (CHOICES,))] + ["i2"] * 9,
        "offsets": [*range(0, 32, 4), 32, *range(42, 59), 60, 64, 84, *range(104, 128, 4), 128, *range(138, 156, 2)],
        "itemsize": 3 * LINE,
    }
)  # fmt: skip
POOL = np.dtype(
    [(name, "i4") for name in ("beds", "occupied", "reserved", "inside", "entitled", "trunk", "lead", "mate", "waiting", "wrong")]
    + [(name, "i8") for name in ("area", "open", "over")]
    + [("head", "i4", (RANKS,)), ("tail", "i4", (RANKS,))],
    align=True,
)  # fmt: skip
WAITING_SIZE = (CLASS_BITS + 1) * TYPES
RANKS_SIZE = (CLASS_BITS + 1) * CLASS_BITS
RUN = np.dtype(
    [(name, "i8") for name in (
        "horizon", "asked", "logged", "log_on", "people", "pools", "policy", "widening", "promotion", "pending", "came",
        "events", "wrong", "wrong_area", "wrong_last", "todo_at", "log_at",
    )] + [("waiting", "i8", (WAITING_SIZE,)), ("ranks", "i8", (RANKS_SIZE,))],
    align=True,
)  # fmt: skip


class Person:
    """One person of the interpreted run."""

    __slots__ = tuple(PERSON.names or ())


class Pool:
    """The beds of one type on one site in the interpreted run."""

    __slots__ = tuple(POOL.names or ())


class Run:
    """The interpreted run itself."""

    __slots__ = tuple(RUN.names or ())


@dataclass(slots=True)
class State:
    """Everything a run reads and writes; ``arrivals`` are event keys in order, ``seen`` and ``waiting`` the readings.

    ``paper`` is scratch space: events asked for, then places to look at, then the log.
    """

    run: Any
    people: Any
    pools: Any
    paper: Any
    heap: Any
    arrivals: Integers
    seen: Any
    waiting: Any
    columns: Records

    @property
    def interpreted(self) -> bool:
        """Whether the rules run interpreted, on slotted objects."""
        return isinstance(self.people, list)

    @property
    def control(self) -> Any:
        """The record of the run."""
        return self.run[0]

    def of_run(self, name: str) -> Any:
        """A field of the run, whichever way it is run."""
        return getattr(self.control, name) if self.interpreted else self.control[name]

    def of_pools(self, name: str) -> Integers:
        """A field of all pools."""
        if self.interpreted:
            return np.array([getattr(pool, name) for pool in self.pools], np.int64)
        return np.asarray(self.pools[name], dtype=np.int64)

    def of_people(self, name: str) -> Integers:
        """A field of all people."""
        if self.interpreted:
            return np.array([getattr(person, name) for person in self.people], np.int64)
        return np.asarray(self.people[name], dtype=np.int64)

    def set_run(self, name: str, value: Any) -> None:
        """Change a field of the run."""
        if self.interpreted:
            setattr(self.control, name, value)
        else:
            self.run[name] = value

    def bring_back(self) -> tuple[Records, Records]:
        """People and pools as arrays, whichever way they were run."""
        if not self.interpreted:
            return self.people, self.pools
        for name in self.columns.dtype.names or ():
            if self.people:
                self.columns[name] = [getattr(person, name) for person in self.people]
        pools = np.zeros(len(self.pools), POOL)
        for name in POOL.names or ():
            pools[name] = [getattr(pool, name) for pool in self.pools]
        return self.columns, pools

    def entries(self) -> Integers:
        """The log: one row (key, detail) an entry."""
        return np.array(self.paper[int(self.of_run("log_at")) :][: int(self.of_run("logged"))], dtype=np.int64).reshape(
            -1, 2
        )


def prepare(
    people: Records, pools: Records, arrivals: Integers, ranks: Integers, *, control: dict[str, int], readings: int
) -> State:
    """The state at the start, as record arrays."""
    size = len(people)
    run = np.zeros(1, RUN)
    places = {"people": size, "pools": len(pools), "todo_at": 6 * size + ROOM, "log_at": 7 * size + 2 * ROOM}
    for name, value in {**control, **places}.items():
        run[name] = value
    run["ranks"] = ranks
    log = 16 * size + 2 * ROOM if control["log_on"] else 2
    return State(
        run=run,
        people=people,
        pools=pools,
        paper=np.empty(places["log_at"] + log, np.int64),
        heap=np.empty(4 * size + 2 * ROOM, np.int64),
        arrivals=arrivals,
        seen=np.zeros(readings * len(pools) * READ, np.int64),
        waiting=np.zeros(readings * (WAITING_SIZE + 1), np.int64),
        columns=people,
    )


def interpret(state: State) -> State:
    """The same state as slotted objects and lists."""
    return State(
        run=objects(state.run, Run),
        people=objects(state.people, Person),
        pools=objects(state.pools, Pool),
        paper=[0] * len(state.paper),
        heap=[],
        arrivals=state.arrivals,
        seen=state.seen.tolist(),
        waiting=state.waiting.tolist(),
        columns=state.people,
    )


def fresh_people(count: int) -> Records:
    """``count`` people to whom nothing has happened yet, each on whole lines of the cache."""
    raw = np.zeros(count * PERSON.itemsize + LINE, np.uint8)
    offset = -raw.ctypes.data % LINE
    people = raw[offset : offset + count * PERSON.itemsize].view(PERSON)
    for name in ("exit", "due", "began", "bed", *COLD, "choice", "choice_later", "before", "after", "home_pool"):
        people[name] = -1
    return people


def fresh_pools(count: int) -> Records:
    """``count`` pools without beds, each with a list of its own."""
    pools = np.zeros(count, POOL)
    for name in ("head", "tail"):
        pools[name] = -1
    for name in ("lead", "mate"):
        pools[name] = np.arange(count)
    return pools


def objects(array: Records, kind: type) -> list[Any]:
    """One slotted object a record."""
    found = [kind() for _ in range(len(array))]
    for name in array.dtype.names or ():
        for thing, value in zip(found, array[name].tolist(), strict=True):
            setattr(thing, name, value)
    return found
