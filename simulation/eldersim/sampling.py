"""The people of one replication: who lives in care, who waits, who applies when, and the luck each of them has for life."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from eldersim.beds import BRIDGE, CAME, DIED, HOSPITAL, ID_BITS, INSTEAD, NEVER, NO_HOME, SHIFT, TYPES, WITHDREW
from eldersim.calibration import DEMENTIA, NURSING, ORDINARY, SHORT_STAY, Asking
from eldersim.entities import CLASSES
from eldersim.laws import Law
from eldersim.parameters import Parameters
from eldersim.population import LEVELS
from eldersim.records import fresh_people
from eldersim.streams import ONE, counts, high, low, threshold, words

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Records = npt.NDArray[Any]

DAY = 86_400
YEAR = 31_557_600
"""Seconds in a day and in a year of 365.25 days."""

APPLICANTS, RESIDENTS, LISTED, NUMBERS = 1, 2, 3, 4
"""Streams of random numbers; each layer of applicants has streams of its own above these."""

WIDTH = 9
"""Words of luck a person has."""

UNIT = Law("exponential", (1.0,))


@dataclass(frozen=True, slots=True)
class Effect:
    """From a second on, people with these traits (None: any) apply, or stay, by a factor more."""

    start: int
    factor: float
    traits: tuple[tuple[str, frozenset[int] | None], ...] = ()


@dataclass(frozen=True, slots=True)
class HomeOffer:
    """From a second on, a share of those at these levels is cared for at home instead; ``bridge``: all may be while waiting."""

    start: int
    share: int
    levels: frozenset[int]
    bridge: bool


@dataclass(slots=True)
class Chances:
    """All shares and durations a person's luck is read against."""

    asking: Asking
    classes: Integers
    needs: Integers
    means: Integers
    stay: Law
    stay_ratio: Floats
    respite: float
    worsening: Floats
    dementia: int
    level_later: int
    death: Floats
    withdrawal: float
    hospital: Floats
    demand: tuple[Effect, ...] = ()
    stays: tuple[Effect, ...] = ()
    home: tuple[HomeOffer, ...] = ()
    rows: int = 64
    ceiling: Floats = field(default_factory=lambda: np.zeros(0))


def chances(asking: Asking, parameters: Parameters, *, bands: int, dementia: float) -> Chances:
    """The chances that a set of parameters makes."""
    law = parameters.mapping("stay.permanent")
    by_group, by_level = parameters.mapping("priority.by_group"), parameters.numbers("priority.by_level")
    classes = [[int(min(by_group.get(g, CLASSES), by_level[level])) for level in range(LEVELS)] for g in asking.groups]
    means = np.cumsum([*parameters.numbers("choice.means")[: bands - 1]])
    return Chances(
        asking=asking,
        classes=np.array(classes, np.int64),
        needs=_thresholds(asking.needs),
        means=np.array([threshold(each) for each in means], np.int64),
        stay=Law("hyperexponential", (*map(float, law["shares"]), *map(float, law["means_days"]))),
        stay_ratio=np.array(parameters.numbers("stay.by_level")),
        respite=float(parameters.mapping("stay.respite")["mean_days"]),
        worsening=np.array(parameters.numbers("need.worsening")),
        dementia=threshold(dementia),
        level_later=int(parameters.mapping("need.after_worsening")["level"]),
        death=np.array(parameters.numbers("waiting.death")),
        withdrawal=parameters.number("waiting.withdrawal"),
        hospital=np.array(parameters.numbers("waiting.hospital")),
        ceiling=asking.intensity.max(axis=0),
    )


def _thresholds(shares: Floats) -> Integers:
    found = np.cumsum(shares, axis=1)
    return np.array([[threshold(value) for value in row[:-1]] for row in found.tolist()], np.int64)


@dataclass(slots=True)
class Comers:
    """Those who apply: when, what they are, and their luck."""

    time: Integers
    cell: Integers
    luck: npt.NDArray[np.uint64]

    @staticmethod
    def joined(parts: Sequence[Comers]) -> Comers:
        """All in order of time; at one second the earlier layer comes first."""
        time = np.concatenate([part.time for part in parts])
        order = np.argsort(time, kind="stable")
        cell = np.concatenate([part.cell for part in parts])
        luck = np.concatenate([part.luck for part in parts])
        return Comers(time[order], cell[order], luck[order])


def draw(
    by: Chances, *, seed: int, replication: int, years: int, fixed: Records, layers: int = 1
) -> tuple[Records, Integers]:
    """Everybody of one replication, residents first, then those who wait, then applicants in order; and their event keys.

    ``fixed`` are the residents and waiting people as far as luck does not matter.
    """
    parts = [_comers(by, seed, replication, years=years, layer=layer) for layer in range(layers)]
    comers = parts[0] if layers == 1 else Comers.joined(parts)
    start = len(fixed)
    people = fresh_people(start + len(comers.time))
    people[:start] = fixed
    if start:
        luck = words(seed, replication, RESIDENTS, rows=start, width=WIDTH)
        _living(people[:start], luck, by)
    if len(comers.time):
        _apply(people[start:], comers, by)
    numbers = np.arange(start, len(people))
    return people, (comers.time << SHIFT) | (CAME << ID_BITS) | numbers


def _comers(by: Chances, seed: int, replication: int, *, years: int, layer: int) -> Comers:
    """Candidates at the highest rate any year has, thinned to the rate of each year; layers lie above one another."""
    days = math.ceil(years * YEAR / DAY)
    top = by.ceiling
    whole = math.fsum(top.tolist())
    number = counts(seed, replication, NUMBERS + 16 * layer, days=days, mean=whole * DAY / YEAR)
    luck = words(seed, replication, APPLICANTS + 16 * layer, rows=int(number.sum()), width=WIDTH)
    time = np.repeat(np.arange(days), number) * DAY + ((high(luck[:, 0]) * DAY) >> 32)
    if not len(luck):
        return Comers(time, time.copy(), luck)
    reached = np.floor(np.cumsum(top) / whole * ONE).astype(np.int64)
    reached[-1] = ONE
    cell = np.searchsorted(reached, high(luck[:, 1]), side="right")
    wanted = by.asking.intensity[np.minimum(time // YEAR, len(by.asking.intensity) - 1), cell] / top[cell]
    for effect in by.demand:
        wanted = np.where(_concerns(effect, time, cell, luck, by), wanted * effect.factor, wanted)
    kept = np.flatnonzero(low(luck[:, 0]) < np.floor((wanted - layer) * ONE))
    kept = kept[np.argsort(time[kept], kind="stable")]
    return Comers(time[kept], cell[kept], luck[kept])


def _concerns(effect: Effect, time: Integers, cell: Integers, luck: Any, by: Chances) -> npt.NDArray[np.bool_]:
    found = time >= effect.start
    for name, values in effect.traits:
        if values is not None:
            found &= np.isin(_trait(name, cell, luck, by), list(values))
    return np.asarray(found)


def _trait(name: str, cell: Integers, luck: Any, by: Chances) -> Integers:
    asking = by.asking
    if name == "class":
        return np.asarray(by.classes[asking.group[cell], asking.level[cell]])
    if name == "type":
        return _needs(asking.level[cell], low(luck[:, 1]), by)
    return np.asarray({"division": asking.division, "level": asking.level, "group": asking.group}[name][cell])


def _needs(level: Integers, word: Integers, by: Chances) -> Integers:
    return np.asarray((word[:, None] >= by.needs[level]).sum(axis=1))


def _apply(people: Records, comers: Comers, by: Chances) -> None:
    """What applicants are, need and can pay."""
    asking, cell, luck = by.asking, comers.cell, comers.luck
    level = asking.level[cell]
    people["division"], people["sex"], people["age"] = asking.division[cell], asking.sex[cell], asking.age[cell]
    people["group"], people["level"] = asking.group[cell], level
    people["klass"] = by.classes[asking.group[cell], level]
    need = _needs(level, low(luck[:, 1]), by)
    people["need"] = people["first_need"] = need
    people["since"] = comers.time
    people["budget"] = (low(luck[:, 8])[:, None] >= by.means[None, :]).sum(axis=1)
    people["row"] = high(luck[:, 2]) & (by.rows - 1)
    _future(people, luck, by, comers.time)
    home = np.full(len(cell), NO_HOME)
    for offer in by.home:
        here = comers.time >= offer.start
        mild = here & (need == ORDINARY) & np.isin(level, list(offer.levels))
        if offer.bridge:
            home[here] = BRIDGE
        home[mild & (high(luck[:, 8]) < offer.share)] = INSTEAD
    people["home"] = home
    factor = np.ones(len(cell))
    for effect in by.stays:
        factor = np.where(_concerns(effect, comers.time, cell, luck, by), factor * effect.factor, factor)
    people["stay"] = _seconds(_stay(people, luck, by) * factor)


def _living(people: Records, luck: Any, by: Chances) -> None:
    """The luck of those who live in care or wait at the start: what is left of their stay, given how long it lasted so far."""
    people["row"] = high(luck[:, 2]) & (by.rows - 1)
    need = people["need"].astype(np.int64)
    _future(people, luck, by, np.zeros(len(people), np.int64))
    there = people["state"] > 0
    whole = _stay(people, luck, by)
    ratio = np.where(need == SHORT_STAY, 1.0, by.stay_ratio[people["level"]])
    left = _remaining(by.stay, np.maximum(0, -people["asked"].astype(np.int64)) / DAY / ratio, luck[:, 3]) * ratio
    # the short stay is exponential, so what is left of it does not depend on what has passed
    people["stay"] = _seconds(np.where(there & (need != SHORT_STAY), left, whole))


def _future(people: Records, luck: Any, by: Chances, now: Integers) -> None:
    """When the need grows, and how long somebody waits at most and why not longer."""
    level = people["level"].astype(np.int64)
    hazard = by.worsening[level]
    worse = now + _after(luck[:, 4], hazard)
    grows = people["need"] == ORDINARY
    later = np.where(low(luck[:, 2]) < by.dementia, DEMENTIA, NURSING)
    people["later"] = np.where(grows, later, people["need"])
    people["worse"] = np.where(grows, np.minimum(worse, NEVER), NEVER)
    people["level_later"] = np.where(grows, np.maximum(level, by.level_later), level)
    death, hospital = _after(luck[:, 5], by.death[level]), _after(luck[:, 7], by.hospital[level])
    withdrawal = _after(luck[:, 6], np.full(len(people), by.withdrawal))
    first = np.minimum(np.minimum(death, hospital), withdrawal)
    people["patience"] = first
    people["reason"] = np.where(first == death, DIED, np.where(first == hospital, HOSPITAL, WITHDREW))


def _after(luck: Any, hazard: Floats) -> Integers:
    """Seconds until something with a constant yearly hazard happens."""
    mean = np.where(hazard > 0, YEAR / np.where(hazard > 0, hazard, 1.0), float(NEVER))
    return np.clip(np.rint(np.minimum(UNIT.draw(luck) * mean, float(NEVER))), 1, NEVER).astype(np.int64)


def _stay(people: Records, luck: Any, by: Chances) -> Floats:
    """A whole stay in days."""
    short = people["need"] == SHORT_STAY
    long = by.stay.draw(luck[:, 3]) * by.stay_ratio[people["level"]]
    return np.asarray(np.where(short, UNIT.draw(luck[:, 3]) * by.respite, long))


def _seconds(days: Floats) -> Integers:
    return np.clip(np.rint(days * DAY), 1, NEVER).astype(np.int64)


def _remaining(law: Law, stayed: Floats, luck: npt.NDArray[np.uint64]) -> Floats:
    """What is left of a mixture of exponential stays: who has stayed long belongs to the long part more likely."""
    half = len(law.parameters) // 2
    shares, means = np.array(law.parameters[:half]), np.array(law.parameters[half:])
    # rounded, as the exponential function has other last bits on other processors
    alive = np.round(shares[:, None] * np.exp(-np.asarray(stayed)[None, :] / means[:, None]), 12)
    reached = np.cumsum(alive, axis=0)
    uniform = (low(luck) / ONE) * reached[-1]
    part = np.minimum((uniform[None, :] >= reached).sum(axis=0), half - 1)
    fresh = luck * np.uint64(0x9E3779B97F4A7C15)
    fresh = (fresh ^ (fresh >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray(UNIT.draw(fresh ^ (fresh >> np.uint64(32))) * means[part])


def layers_needed(by: Chances) -> int:
    """How many layers of applicants the strongest growth of demand needs."""
    most = 1.0
    for effect in by.demand:
        most *= max(1.0, effect.factor)
    return math.ceil(most - 1e-9)


def pools_of_home(sites: int, division: Integers) -> Integers:
    """The pool of home care of each division."""
    return (sites + division) * TYPES
