"""The beds as a SimPy process sees them: current at every moment it looks, and changed by what it orders."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import simpy

from eldersim.beds import CHOICES, EMPTIEST, PREFERENCE, TYPES
from eldersim.errors import InvalidInput
from eldersim.kernel import advance, apply
from eldersim.layout import TYPE, Layout, bits, links
from eldersim.preferences import Wishes
from eldersim.records import State
from eldersim.sampling import DAY

Integers = npt.NDArray[np.int64]
Process = Generator[simpy.Event, None, None]
WEEK = 7 * DAY


class Beds:
    """All beds, people and lists at the moment of the clock.

    `sync` brings them up to the clock; everything else that changes or reads them does so first. ``planned[site, type]``
    are the beds there would be with enough staff.
    """

    def __init__(
        self, clock: simpy.Environment, state: State, where: Layout, choices: Callable[[Beds], Wishes], *,
        wished: dict[int, tuple[int, ...]],
    ) -> None:  # fmt: skip
        self.clock = clock
        self.state = state
        self.where = where
        self.planned = where.beds.copy()
        self.prices = np.array([price for _, price in where.sites], np.int64)
        self.groups = {each.code: each.group for each in where.facilities if each.group}
        self.closing: set[int] = set()
        self.closed: set[str] = set()
        self.staff: dict[str, int] = {}
        self.staff_ratio: npt.NDArray[np.float64] = np.ones(TYPES)
        self.started = False
        self._choices = choices
        self._wished = wished
        self._offer: bytes = self.offer()
        self._keep: Any = [0] * len(state.people) if state.interpreted else np.zeros(len(state.people), np.int64)

    @property
    def now(self) -> int:
        """Seconds since the baseline's date."""
        return int(self.clock.now)

    def sync(self) -> State:
        """Let everything happen that happened before this moment."""
        advance(self.state, self.now)
        return self.state

    def occupied(self) -> Integers:
        """Residents by [site, type]."""
        return self._by_site("occupied")

    def open(self) -> Integers:
        """Usable beds by [site, type]."""
        return self._by_site("beds")

    def waiting(self) -> Integers:
        """People on the list by [site, type]; each stands on the list of every choice."""
        return self._by_site("waiting")

    def _by_site(self, name: str) -> Integers:
        values = self.sync().of_pools(name)
        return values[: len(self.where.sites) * TYPES].reshape(-1, TYPES)

    def change(self, facility: str, bed_type: str, beds: int) -> None:
        """So many beds more, or less, in a facility; those in use close at the next discharge."""
        sites = self.where.sites_of(facility)
        if not sites or bed_type not in TYPE:
            raise InvalidInput(
                "BEDS_UNKNOWN",
                f"There are no {bed_type} beds in {facility!r}.",
                remedy="Check the code and the bed type.",
            )
        self.change_site(sites[0], TYPE[bed_type], beds)
        self.refresh()

    def change_site(self, site: int, kind: int, beds: int) -> None:
        """So many beds more, or less, of one type on a site, never below none."""
        self.sync()
        self.planned[site, kind] = max(0, int(self.planned[site, kind]) + beds)
        self.use(self.where.sites[site][0])

    def use(self, facility: str) -> None:
        """Open as many of a facility's planned beds as its staff allows, and hand them out."""
        sites = self.where.sites_of(facility)
        caregivers = self.staff.get(facility)
        needed = float((self.planned[sites] / self.staff_ratio).sum())
        short = caregivers is not None and caregivers < needed
        for site in sites:
            for kind in range(TYPES):
                beds = int(self.planned[site, kind]) if facility not in self.closed else 0
                if short and caregivers is not None:
                    beds = int(beds * caregivers / needed)
                self._set(site * TYPES + kind, beds)

    def _set(self, pool: int, beds: int) -> None:
        before = int(self.state.pools[pool].beds if self.state.interpreted else self.state.pools["beds"][pool])
        if beds == before:
            return
        if beds < before:
            self.closing.add(pool)
        apply(self.state, "set_beds", self.now, pool, beds)
        if self.started:
            apply(self.state, "settle", self.now, pool)

    def move_out(self, facility: str) -> None:
        """A facility takes nobody in and all its residents leave now."""
        self.sync()
        self.closed.add(facility)
        self.use(facility)
        self.refresh()
        for site in self.where.sites_of(facility):
            apply(self.state, "move_out", self.now, site)

    def shut(self, facility: str) -> None:
        """A facility takes nobody in any more."""
        self.sync()
        self.closed.add(facility)
        self.use(facility)

    def reopen(self, facility: str) -> None:
        """A closed facility opens again."""
        self.sync()
        self.closed.discard(facility)
        self.use(facility)

    def reserve(self, pool: int, beds: int, classes: Sequence[int], *, trunk: bool) -> None:
        """Keep beds of a pool for some priority classes."""
        self.sync()
        apply(self.state, "set_reserve", pool, beds, bits(classes), int(trunk))
        if self.started:
            apply(self.state, "settle", self.now, pool)

    def order(self, ranks: Integers) -> None:
        """Another order of priority, for those who wait as well: ``ranks[class, level]``, flat."""
        self.sync()
        apply(self.state, "unlist", self._keep)
        self.state.set_run("ranks", ranks.tolist())
        apply(self.state, "relist", self._keep)

    def policy(self, emptiest: bool) -> None:
        """Which free bed of several a person gets from now on."""
        self.sync()
        self.state.set_run("policy", EMPTIEST if emptiest else PREFERENCE)

    def join(self, facilities: Sequence[str], group: str) -> None:
        """Facilities share one waiting list from now on."""
        self.sync()
        self.groups.update(dict.fromkeys(facilities, group))
        apply(self.state, "unlist", self._keep)
        lead, mate = links(self.where, self.groups)
        given = (lead.tolist(), mate.tolist()) if self.state.interpreted else (lead, mate)
        apply(self.state, "relink", *given)
        self._rechoose()
        apply(self.state, "relist", self._keep)
        self._settle_all()

    def home(self, division: int, slots: int) -> None:
        """Home care of a division serves so many people."""
        self.sync()
        self._set((len(self.where.sites) + division) * TYPES, slots)

    def offer(self) -> bytes:
        """What people can choose from: which site has which type at which price, and who shares lists."""
        there = self.planned > 0
        for site, (code, _) in enumerate(self.where.sites):
            if code in self.closed:
                there[site] = False
        return there.tobytes() + self.prices.tobytes() + repr(sorted(self.groups.items())).encode()

    def refresh(self) -> None:
        """When there is something else to choose from, everybody's choices follow it."""
        self.sync()
        if self.offer() == self._offer:
            return
        apply(self.state, "unlist", self._keep)
        self._rechoose()
        apply(self.state, "relist", self._keep)
        self._settle_all()

    def choose(self) -> None:
        """Everybody's choices at the start."""
        self._rechoose()

    def _settle_all(self) -> None:
        if self.started:
            apply(self.state, "settle_all", self.now)

    def _rechoose(self) -> None:
        """Rows of choices for the need now and the need to come; people who named facilities keep those first."""
        self._offer = self.offer()
        found, state = self._choices(self), self.state
        division, budget, row = (state.of_people(name) for name in ("division", "budget", "row"))
        choice = np.empty((len(division), 2, CHOICES), np.int64)
        first, number = np.empty((len(division), 2), np.int64), np.empty((len(division), 2), np.int64)
        for at, name in enumerate(("need", "later")):
            where = (division, state.of_people(name), budget, row)
            choice[:, at], first[:, at], number[:, at] = found.choice[where], found.first[where], found.number[where]
        for person, sites in self._wished.items():
            for at in range(2):
                row_of = list(dict.fromkeys([*sites, *(s for s in choice[person, at].tolist() if s >= 0)]))[:CHOICES]
                choice[person, at, : len(row_of)] = row_of
                first[person, at], number[person, at] = min(len(sites), CHOICES), len(row_of)
        flat = (choice.reshape(-1), first.reshape(-1), number.reshape(-1))
        apply(state, "rechoose", *(each.tolist() if state.interpreted else each for each in flat))
