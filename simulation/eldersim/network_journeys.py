"""Draws the journeys of all people of a network run before it starts: when they come, where they go, how long they stay.

Every draw is keyed on (seed, replication, stream, step, purpose) and the person's number, so a change of beds or rules
changes nobody's luck, and scenarios can be compared person by person.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from eldersim.laws import Floats, Law, Words
from eldersim.network import Group, Network, Stream
from eldersim.network_records import fresh_visits
from eldersim.network_rules import CAME, ID_BITS, ID_MASK, NEVER, SHIFT

Integers = npt.NDArray[np.int64]
EXPONENTIAL = Law("exponential", (1.0,))


@dataclass(frozen=True, slots=True)
class Luck:
    """The random words of one replication."""

    seed: int
    replication: int

    def words(self, purpose: str, count: int) -> Words:
        """The first ``count`` words of one purpose; more of them never change the first ones."""
        key = np.array([self.seed, (self.replication << 32) | zlib.crc32(purpose.encode())], dtype=np.uint64)
        return np.random.Philox(key=key).random_raw(count)


@dataclass(slots=True)
class Journeys:
    """Visits ready to run: ``group`` and ``person`` of each, ``first`` for those that come from outside, ``present`` at the start."""

    visits: npt.NDArray[Any]
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
    blocks: list[_Block]
    size: int

    def add(self, block: _Block) -> int:
        """Number the visits of a block, and say the number of its first."""
        self.blocks.append(block)
        self.size += len(block.place)
        return self.size - len(block.place)


def draw_journeys(network: Network, luck: Luck, *, end: int, ticks: float) -> Journeys:
    """Everybody's journey until ``end`` (in ticks)."""
    blocks: list[_Block] = []
    size = 0
    for number, group in enumerate(network.groups):
        plan = _Plan(network, group, number, luck, ticks, end, blocks, size)
        for index, present in enumerate(item for item in network.present if item.group == group.name):
            key = f"{group.name}/present{index}"
            words = luck.words(f"{key}/remaining", present.count)
            _follow(
                plan,
                key,
                np.zeros(present.count, np.int64),
                network.number(present.place),
                in_ticks(present.remaining.draw(words), ticks),
            )
        for index, stream in enumerate(group.streams):
            times = in_ticks(arrival_times(stream, luck, f"{group.name}/{index}", end / ticks), ticks)
            _follow(plan, f"{group.name}/{index}", times[times < end], network.number(stream.place), None)
        size = plan.size
    return _assemble(network, blocks)


def in_ticks(durations: Floats, ticks: float) -> Integers:
    """Durations in whole ticks."""
    return np.minimum(np.rint(durations * ticks), float(NEVER)).astype(np.int64)


def arrival_times(stream: Stream, luck: Luck, key: str, end: float) -> Floats:
    """The times at which a stream brings people until ``end``, those who come together repeated."""
    times = _single_times(stream, luck, key, end)
    if stream.batch is None:
        return times
    sizes = np.rint(stream.batch.draw(luck.words(f"{key}/batch", len(times)))).astype(np.int64)
    return np.repeat(times, np.maximum(sizes, 0))


def _single_times(stream: Stream, luck: Luck, key: str, end: float) -> Floats:
    if stream.times is not None:
        return np.array(stream.times, dtype=float)
    if stream.between is not None:
        return _renewal(stream.between, luck, key, end)
    assert stream.rate is not None, "a stream has a rate, a law or times"
    highest = stream.rate.highest(end) if stream.rate.constant is None else stream.rate.constant
    if highest <= 0:
        return np.zeros(0)
    times = _renewal(Law("exponential", (1 / highest,)), luck, key, end)
    if stream.rate.constant is not None:
        return times
    kept = (luck.words(f"{key}/kept", len(times)) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return times[kept * highest < stream.rate.at(times)]


def _renewal(between: Law, luck: Luck, key: str, end: float) -> Floats:
    expected = end / between.mean
    count = int(expected + 6 * expected**0.5 + 20)
    while True:
        times = np.cumsum(between.draw(luck.words(f"{key}/between", count)))
        if times[-1] >= end:
            return times[times < end]
        count *= 2


def _follow(plan: _Plan, key: str, times: Integers, place: int, service: Integers | None) -> None:
    """All visits of the people of one stream, step by step until everybody has left or the run is over."""
    count = len(times)
    if count == 0:
        return
    people = np.arange(count)
    first = _block(
        plan,
        f"{key}/0",
        np.full(count, place),
        people,
        times,
        first=True,
        drawn=service,
        present=service is not None,
        total=count,
    )
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
    after = stayed + block.service
    going, where = _routes(plan, key, block, after < plan.end, total)
    if len(going):
        following = _block(
            plan, f"{key}{'o' if not block.first else ''}", where, block.person[going], block.time[going], total=total
        )
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
        elsewhere = _block(
            plan, f"{key}/over", np.full(len(members), number), block.person[members], block.time[members], total=total
        )
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
        shares = (words[block.person[members]] >> np.uint64(11)).astype(np.float64) * 2.0**-53
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


def _block(
    plan: _Plan, key: str, place: Integers, person: Integers, time: Integers, *, total: int,
    first: bool = False, present: bool = False, drawn: Integers | None = None,
) -> _Block:  # fmt: skip
    service = np.zeros(len(place), np.int64) if drawn is None else drawn.copy()
    patience = np.full(len(place), NEVER, np.int64)
    names = plan.network.places
    for index in _numbers(place):
        members = slice(None) if len(names) == 1 else np.flatnonzero(place == index)
        people = person[members]
        if drawn is None:
            service[members] = _durations(plan, plan.group.stays[names[index].name], f"{key}/stay", people, total)
        if names[index].name in plan.group.patience:
            patience[members] = _durations(
                plan, plan.group.patience[names[index].name], f"{key}/patience", people, total
            )
    return _Block(place, service, patience, person, time, plan.number, present, first)


def _durations(plan: _Plan, given: Law, purpose: str, people: Integers, total: int) -> Integers:
    words = plan.luck.words(purpose, total)
    return in_ticks(given.draw(words if len(people) == total else words[people]), plan.ticks)


def _assemble(network: Network, blocks: list[_Block]) -> Journeys:
    """One numbering of all visits, those from outside first and in order of time, so that equal times keep one order."""
    if not blocks:
        return _nobody()
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
        for name in ("place", "service", "patience", "then", "other", "person")
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
    return Journeys(visits, group.astype(np.int16), column["person"], came, present, arrivals)


def _nobody() -> Journeys:
    none = np.zeros(0, np.int64)
    return Journeys(fresh_visits(0), none.astype(np.int16), none, none.astype(bool), none.astype(bool), none)


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
