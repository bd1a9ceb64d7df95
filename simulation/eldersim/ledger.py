"""Reads an outcome from the records of a run, and refuses a run that broke a law: nobody lost, no bed used twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from eldersim import beds as rule
from eldersim.beds import READ, TYPES
from eldersim.entities import BED_TYPES, CLASSES
from eldersim.errors import BrokenRule
from eldersim.layout import Layout
from eldersim.outcome import Entry, Outcome
from eldersim.records import WAITING_SIZE, State
from eldersim.remarks import remarks
from eldersim.sampling import DAY, YEAR

Integers = npt.NDArray[np.int64]
Records = npt.NDArray[Any]

MONTH = 30 * DAY
EVENTS = {
    rule.L_ADMIT: "admitted", rule.L_WAIT: "waits", rule.L_EXIT: "left", rule.L_GIVE_UP: "gave_up", rule.L_MOVE: "moved",
    rule.L_ASK_MOVE: "asks_to_move", rule.L_MOVED_OUT: "moved_out", rule.L_HOME: "home_care", rule.L_NEED: "needs_more",
    rule.L_WIDER: "widens_choice", rule.L_RISE: "rises",
}  # fmt: skip
REASONS = {rule.DIED: "died", rule.WITHDREW: "withdrew", rule.HOSPITAL: "hospital"}
WITH_BED = (rule.RESIDENT, rule.AT_HOME, rule.BRIDGED)


def outcome(
    state: State, where: Layout, *, name: str, seed: int, replication: int, years: int, present: int, residents: int, keep_people: bool, closing: frozenset[int],
) -> Outcome:  # fmt: skip
    """The outcome of a finished run; ``present`` people were there at the start, the first ``residents`` of them in beds."""
    people, pools = state.bring_back()
    end = years * YEAR
    check(state, people, pools, end=end, closing=closing)
    seen = np.array(state.seen, np.int64).reshape(years + 1, where.width, READ)
    sites = len(where.sites)
    inside = seen[:, : sites * TYPES].reshape(years + 1, sites, TYPES, READ)
    home = seen[1:, sites * TYPES :, 3].reshape(years, len(where.divisions), TYPES).sum(axis=2)
    listed = np.array(state.waiting, np.int64).reshape(years + 1, WAITING_SIZE + 1)
    waiting = listed[:, :WAITING_SIZE].reshape(years + 1, CLASSES + 1, TYPES)
    flows = Flows(people, years, len(where.divisions))
    here = np.arange(len(people))
    came = np.where(here < present, -1, np.concatenate([np.full(present, -1), state.arrivals >> rule.SHIFT]))
    new = here >= residents
    began, ended, wait = people["began"], people["ended"], people["began"].astype(np.int64) - people["asked"]
    placed = new & (began >= 0)
    gone = people["state"] == rule.GONE
    counted: dict[str, Any] = {
        "applied": flows.count(came, came >= 0),
        "placed": flows.count(began, placed),
        "waited30": flows.count(began, placed & (wait <= MONTH)),
        "wait_days": flows.sum(began, placed, wait / DAY),
        "died": flows.count(ended, gone & (people["fate"] == rule.DIED)),
        "withdrew": flows.count(ended, gone & (people["fate"] == rule.WITHDREW)),
        "hospital": flows.count(ended, gone & (people["fate"] == rule.HOSPITAL)),
        "diverted": flows.count(people["home_at"], people["home_at"] >= 0),
        "left": flows.count(ended, gone & (people["fate"] == rule.LEFT)),
    }
    return Outcome(
        scenario=name, seed=seed, replication=replication, years=years, divisions=where.divisions, sites=where.sites,
        residents=inside[..., 0], beds=inside[..., 1], misplaced=inside[..., 2].sum(axis=1), waiting=waiting[:, 1:],
        moving=waiting[:, 0], **counted, transferred=flows.by_year(people["moved"]),
        relocated=flows.by_year(people["moved_out"]), misplaced_days=listed[1:, WAITING_SIZE] / DAY,
        bed_days=inside[1:, ..., 3] / DAY, open_days=inside[1:, ..., 4] / DAY, closing_days=inside[1:, ..., 5] / DAY,
        home_days=home / DAY, events=int(state.of_run("events")),
        remarks=remarks(waiting[:, 1:], inside[1:, ..., 3] / DAY, inside[1:, ..., 4] / DAY), people=people if keep_people else None, log=tuple(entries(state, where)),
    )  # fmt: skip


class Flows:
    """Counts of people by year, division and priority class."""

    def __init__(self, people: Records, years: int, divisions: int) -> None:
        self._shape = (years, divisions, CLASSES)
        self._cell = people["division"].astype(np.int64) * CLASSES + people["klass"] - 1
        self._years = years

    def count(self, time: Any, chosen: Any) -> Integers:
        """How many of the chosen by the year of a moment of theirs."""
        return self._bins(time, chosen, None).astype(np.int64)

    def sum(self, time: Any, chosen: Any, values: Any) -> npt.NDArray[np.float64]:
        """The sum of a value over the chosen."""
        return self._bins(time, chosen, values)

    def by_year(self, time: Any) -> Integers:
        """How many moments fall into each year; -1 is none."""
        inside = time[(time >= 0) & (time < self._years * YEAR)]
        return np.bincount(inside // YEAR, minlength=self._years).astype(np.int64)

    def _bins(self, time: Any, chosen: Any, values: Any) -> npt.NDArray[np.float64]:
        kept = np.flatnonzero(chosen & (time >= 0) & (time < self._years * YEAR))
        size = self._shape[1] * self._shape[2]
        at = (time[kept] // YEAR).astype(np.int64) * size + self._cell[kept]
        weights = None if values is None else values[kept]
        found = np.bincount(at, weights=weights, minlength=self._years * size)
        return np.asarray(found, dtype=np.float64).reshape(self._shape)


def check(state: State, people: Records, pools: Records, *, end: int, closing: frozenset[int]) -> None:
    """Refuse a run in which a law of the model does not hold; each has its own code."""
    status = people["state"]
    within = np.isin(status, WITH_BED)
    used = np.bincount(people["bed"][within], minlength=len(pools))
    _hold(
        "BED_USED_TWICE",
        bool((used == pools["occupied"]).all()),
        "the beds in use are not those people say they are in",
    )
    over = np.flatnonzero(pools["occupied"] > pools["beds"])
    _hold("MORE_THAN_BEDS", set(over.tolist()) <= closing, "more residents than beds where none is closing")
    fates = np.isin(people["fate"][status == rule.GONE], (1, 2, 3, 4, 5, 6))
    arrived = np.count_nonzero(status != rule.NOTHING)
    expected = len(people) - len(state.arrivals) + int(np.searchsorted(state.arrivals, end << rule.SHIFT))
    _hold("PEOPLE_LOST", bool(fates.all()) and arrived == expected, "not everybody who came is somewhere")
    placed = people["began"] >= 0
    _hold(
        "WAIT_BELOW_ZERO",
        bool((people["began"] >= people["asked"])[placed].all()),
        "somebody was placed before they asked",
    )
    listed = np.count_nonzero(people["queued"])
    _hold("LIST_WRONG", listed == int(np.sum(state.of_run("waiting"))), "the lists do not hold those who wait")
    _little(state, people, pools, end)


def _little(state: State, people: Records, pools: Records, end: int) -> None:
    """The area under the residents' curve is the sum of their stays (exact, as all times are whole numbers)."""
    seen = np.array(state.seen, np.int64).reshape(-1, len(pools), READ)
    area = int(seen[..., 3].sum())
    simple = (people["moved_out"] < 0) & (people["home_pool"] < 0)
    if not bool(simple.all()):
        return
    stayed = people["began"] >= 0
    last = np.where(people["ended"] >= 0, people["ended"], end).astype(np.int64)
    _hold("LITTLE_BROKEN", int((last - people["began"])[stayed].sum()) == area, "stays and bed days do not agree")


def _hold(code: str, true: bool, message: str) -> None:
    if not true:
        raise BrokenRule(code, f"The run broke a law: {message}.", remedy="This is a bug of the simulation; report it.")


def entries(state: State, where: Layout) -> list[Entry]:
    """The event log in words."""
    return [_entry(key, detail, where) for key, detail in state.entries().tolist()]


def _entry(key: int, detail: int, where: Layout) -> Entry:
    kind = (key >> rule.ID_BITS) & 15
    person = key & rule.ID_MASK
    event = EVENTS[kind]
    if kind == rule.L_GIVE_UP:
        return Entry(key >> rule.SHIFT, event, person, "", "", REASONS[detail])
    if kind in (rule.L_WAIT, rule.L_RISE, rule.L_NEED) or detail < 0:
        reason = BED_TYPES[detail] if kind == rule.L_NEED else str(detail) if kind != rule.L_EXIT else "while_waiting"
        return Entry(key >> rule.SHIFT, event, person, "", "", reason)
    site = detail // TYPES
    if site >= len(where.sites):
        return Entry(key >> rule.SHIFT, event, person, "", "HOME", where.divisions[site - len(where.sites)])
    return Entry(key >> rule.SHIFT, event, person, where.sites[site][0], BED_TYPES[detail % TYPES], "")
