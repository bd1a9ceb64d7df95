"""Draws the journeys of all people of a network run before it starts: when they come, where they go, how long they stay.

Every draw is keyed on (seed, replication, stream, step, purpose) and the person's number, so a change of beds or rules
changes nobody's luck, and scenarios can be compared person by person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from eldersim.laws import Law, Words
from eldersim.network import Group, Network, Present
from eldersim.network_arrivals import Integers, Luck, arrival_times, in_ticks, shares_of
from eldersim.network_records import fresh_visits
from eldersim.network_rules import CAME, ID_BITS, ID_MASK, NEVER, SHIFT

NONE = np.zeros(0, np.int64)


@dataclass(slots=True)
class Journeys:
    """Visits ready to run: ``place``, ``copy``, ``group`` and ``person`` of each, which are ``first`` (come from outside) and ``present`` at the start.

    The visits' own place counts the places of all copies through.
    """

    visits: npt.NDArray[Any]
    copies: int
    place: Integers
    copy: Integers
    group: npt.NDArray[np.int16]
    person: Integers
    first: npt.NDArray[np.bool_]
    present: npt.NDArray[np.bool_]
    arrivals: Integers


@dataclass(slots=True)
class _Block:
    """Visits of one step of one stream."""

    place: Integers
    service: Integers
    patience: Integers
    person: Integers
    copy: Integers
    time: Integers
    group: int
    present: bool
    first: bool
    then: Integers = field(init=False)
    other: Integers = field(init=False)

    def __post_init__(self) -> None:
        self.then = np.full(len(self.place), -1, np.int64)
        self.other = np.full(len(self.place), -1, np.int64)


@dataclass(slots=True)
class _Plan:
    """What one group does, by number of place."""

    network: Network
    group: Group
    number: int
    luck: Luck
    ticks: float
    end: int
    copies: int
    blocks: list[_Block]
    size: int

    def add(self, block: _Block) -> int:
        """Number the visits of a block, and say the number of its first."""
        self.blocks.append(block)
        self.size += len(block.place)
        return self.size - len(block.place)


def draw_journeys(network: Network, luck: Luck, *, end: int, ticks: float, copies: int = 1) -> Journeys:
    """Everybody's journey until ``end`` (in ticks), in so many independent copies of the network."""
    blocks: list[_Block] = []
    size = 0
    for number, group in enumerate(network.groups):
        plan = _Plan(network, group, number, luck, ticks, end, copies, blocks, size)
        for index, present in enumerate(item for item in network.present if item.group == group.name):
            _follow_present(plan, f"{group.name}/present{index}", present)
        for index, stream in enumerate(group.streams):
            times, copy = arrival_times(stream, luck, f"{group.name}/{index}", end=end / ticks, copies=copies)
            whole = in_ticks(times, ticks)
            early = whole < end
            _follow(plan, f"{group.name}/{index}", whole[early], copy[early], network.number(stream.place))
        size = plan.size
    return _assemble(network, blocks, copies)


def _follow_present(plan: _Plan, key: str, present: Present) -> None:
    """Those who are there at the start, with what is left of their stay."""
    count = present.count * plan.copies
    remaining = in_ticks(present.remaining.draw(plan.luck.words(f"{key}/remaining", count)), plan.ticks)
    copy = np.repeat(np.arange(plan.copies), present.count)
    _follow(plan, key, np.zeros(count, np.int64), copy, plan.network.number(present.place), remaining)


def _follow(
    plan: _Plan, key: str, times: Integers, copy: Integers, place: int, service: Integers | None = None
) -> None:
    """All visits of the people of one stream, step by step until everybody has left or the run is over."""
    count = len(times)
    if count == 0:
        return
    people = _Block(
        np.full(count, place),
        NONE,
        NONE,
        np.arange(count),
        copy,
        times,
        plan.number,
        service is not None,
        True,
    )
    first = _drawn(plan, f"{key}/0", people, count, service)
    frontier = [(plan.add(first), first, np.zeros(count, np.int64))]
    for depth in range(1, 100_000):
        if not frontier:
            return
        frontier = [
            item
            for base, block, stayed in frontier
            for item in _next_blocks(plan, f"{key}/{depth}", base, block, stayed, total=count)
        ]


def _next_blocks(
    plan: _Plan, key: str, base: int, block: _Block, stayed: Integers, *, total: int
) -> Iterator[tuple[int, _Block, Integers]]:
    """The visits after these, and those of people who would be refused here and sent elsewhere."""
    # Who is refused somewhere goes on without the stay, so a stay that may be skipped brings nobody nearer to the end.
    certain = np.array([place.overflow is None for place in plan.network.places])[block.place]
    after = stayed + np.where(certain, block.service, 0)
    going, where = _routes(plan, key, block, block.time + after < plan.end, total)
    if len(going):
        following = _drawn(plan, key, _sent(block, going, where), total)
        number = plan.add(following)
        block.then[going] = np.arange(number, number + len(going))
        yield number, following, after[going]
    places = plan.network.places
    for index in _numbers(block.place):
        target = places[index].overflow
        if target is None:
            continue
        members = np.flatnonzero(block.place == index)
        number = plan.network.number(target)
        chances = plan.group.routing.get(places[index].name, {})
        if chances.get(target, 0.0) == 1.0:
            block.other[members] = block.then[members]
            continue
        elsewhere = _drawn(plan, f"{key}/over", _sent(block, members, np.full(len(members), number)), total)
        start = plan.add(elsewhere)
        block.other[members] = np.arange(start, start + len(members))
        yield start, elsewhere, stayed[members]


def _routes(
    plan: _Plan, key: str, block: _Block, going: npt.NDArray[np.bool_], total: int
) -> tuple[Integers, Integers]:
    """Who moves on, and where; a way out may prolong the stay."""
    words: Words | None = None
    where = np.full(len(block.place), -1, np.int64)
    for index in _numbers(block.place):
        chances = plan.group.routing.get(plan.network.places[index].name)
        if not chances:
            continue
        words = plan.luck.words(f"{key}/route", total) if words is None else words
        members = np.flatnonzero((block.place == index) & going)
        shares = shares_of(words[block.person[members]])
        names = list(chances)
        reached = np.cumsum([chances[name] for name in names])
        chosen = np.minimum(np.searchsorted(reached, shares * reached[-1], side="right"), len(names) - 1)
        numbers = np.array(
            [next((i for i, p in enumerate(plan.network.places) if p.name == name), -1) for name in names]
        )
        where[members] = numbers[chosen]
        _prolong(plan, key, block, members, [names[i] for i in range(len(names))], chosen, total)
    moving = np.flatnonzero(where >= 0)
    return moving, where[moving]


def _prolong(
    plan: _Plan, key: str, block: _Block, members: Integers, names: list[str], chosen: Integers, total: int
) -> None:
    for way, name in enumerate(names):
        delay = plan.group.delays.get(name)
        if delay is not None:
            late = members[chosen == way]
            words = plan.luck.words(f"{key}/delay/{name}", total)[block.person[late]]
            block.service[late] += in_ticks(delay.draw(words), plan.ticks)


def _sent(block: _Block, members: Integers, place: Integers) -> _Block:
    """The same people at other places, their stay not yet drawn."""
    none = np.zeros(0, np.int64)
    return _Block(
        place, none, none, block.person[members], block.copy[members], block.time[members], block.group, False, False
    )


def _drawn(plan: _Plan, key: str, people: _Block, total: int, service: Integers | None = None) -> _Block:
    """A step with the stays and the patience of its people drawn."""
    places, count = plan.network.places, len(people.place)
    people.service = np.zeros(count, np.int64) if service is None else service
    people.patience = np.full(count, NEVER, np.int64)
    for index in _numbers(people.place):
        members = np.arange(count) if len(places) == 1 else np.flatnonzero(people.place == index)
        who, name = people.person[members], places[index].name
        if service is None:
            people.service[members] = _durations(plan, plan.group.stays[name], f"{key}/stay", who, total)
        if name in plan.group.patience:
            people.patience[members] = _durations(plan, plan.group.patience[name], f"{key}/patience", who, total)
    return people


def _durations(plan: _Plan, given: Law, purpose: str, people: Integers, total: int) -> Integers:
    words = plan.luck.words(purpose, total)
    return in_ticks(given.draw(words if len(people) == total else words[people]), plan.ticks)


def _assemble(network: Network, blocks: list[_Block], copies: int) -> Journeys:
    """One numbering of all visits, those from outside first and in order of time, so that equal times keep one order."""
    if not blocks:
        return _nobody(copies)
    sizes = [len(block.place) for block in blocks]
    first = np.repeat([block.first for block in blocks], sizes)
    time = np.concatenate([block.time for block in blocks])
    order = np.argsort(np.where(first, time, np.iinfo(np.int64).max), kind="stable")
    number = np.empty_like(order)
    number[order] = np.arange(len(order))
    assert len(order) <= ID_MASK, "a run has at most eight million visits"
    visits = fresh_visits(len(order))
    column = {
        name: np.concatenate([getattr(block, name) for block in blocks])[order]
        for name in ("place", "service", "patience", "then", "other", "person", "copy")
    }
    group = np.repeat([block.group for block in blocks], sizes)[order]
    for name in ("place", "service", "patience"):
        visits[name] = column[name]
    for name in ("then", "other"):
        visits[name] = np.where(column[name] >= 0, number[column[name]], -1)
    _apply_rules(network, visits, group)
    came = first[order]
    arrivals = (time[order][came] << SHIFT) | (CAME << ID_BITS) | np.flatnonzero(came)
    present = np.repeat([block.present for block in blocks], sizes)[order]
    visits["place"] += (column["copy"] * len(network.places)).astype(np.int16)
    return Journeys(
        visits,
        copies,
        column["place"],
        column["copy"],
        group.astype(np.int16),
        column["person"],
        came,
        present,
        arrivals,
    )


def _nobody(copies: int) -> Journeys:
    none = np.zeros(0, np.int64)
    return Journeys(
        fresh_visits(0), copies, none, none, none.astype(np.int16), none, none.astype(bool), none.astype(bool), none
    )


def _apply_rules(network: Network, visits: npt.NDArray[Any], group: npt.NDArray[Any]) -> None:
    """What a visit carries of its place's and group's rules: rank, beds to keep free, whether it waits."""
    for index, place in enumerate(network.places):
        ranks = _ranks(network, place.name)
        for number, people in enumerate(network.groups):
            kept = place.kept.get(people.name, 0)
            if not (ranks[number] or kept or not people.waits or place.name in people.running):
                continue
            chosen = (visits["place"] == index) & (group == number)
            visits["rank"][chosen] = ranks[number]
            visits["keep"][chosen] = kept
            visits["waits"][chosen] = people.waits
            visits["running"][chosen] = place.name in people.running


def _ranks(network: Network, name: str) -> list[int]:
    """The waiting list each group joins at a place: by urgency where that counts, and apart where beds are kept."""
    place = network.places[network.number(name)]
    by_urgency = place.order in ("priority", "displacing")
    keys = [(people.urgency if by_urgency else 0.0, place.kept.get(people.name, 0)) for people in network.groups]
    levels = sorted(set(keys))
    return [min(levels.index(key), 7) for key in keys]


def _numbers(places: Integers) -> list[int]:
    """Which places occur."""
    return np.flatnonzero(np.bincount(places)).tolist()
