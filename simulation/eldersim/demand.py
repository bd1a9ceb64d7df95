"""Applications for care: how many a year come from each cell of a population, and why the number changes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from eldersim.demography import Projection
from eldersim.errors import InvalidInput
from eldersim.parameters import Parameters
from eldersim.population import AGES, FIRST, LEVELS, Array
from eldersim.transitions import added

OTHER = "OTHER"
"""The group whose propensity a group without an entry of its own takes."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Applications a year by cell: ``intensity[year, division, sex, age, level, group]``.

    ``propensity[age, level, group]`` is the yearly rate of one person, the same in all years and divisions.
    """

    projection: Projection
    intensity: Array
    propensity: Array

    def total(self) -> list[float]:
        """All applications of each year."""
        return [math.fsum(each.ravel().tolist()) for each in self.intensity]

    def by_level(self) -> Array:
        """Applications by [year, level]."""
        return _left(self.intensity, keep=(0, 4))

    def by_division(self) -> Array:
        """Applications by [year, division]."""
        return _left(self.intensity, keep=(0, 1))

    def ceiling(self) -> Array:
        """The highest yearly intensity of each cell over all years, the envelope from which a run thins."""
        found: Array = self.intensity[0]
        for each in self.intensity[1:]:
            found = np.maximum(found, each)
        return found


@dataclass(frozen=True, slots=True)
class Step:
    """One cause of a change: its name in English and Chinese, and what it adds."""

    cause: str
    en: str
    zh: str
    change: float


def applications(projection: Projection, parameters: Parameters, *, first_year_total: float | None = None) -> Demand:
    """The applications that a projected population sends.

    Propensities follow ``application.by_level``, ``.by_age`` and ``.by_group``; their height is ``application.rate`` of
    the first year's people, or what makes the first year's applications ``first_year_total`` (a baseline in balance).
    """
    relative = _relative(projection.groups, parameters)
    exposed = (projection.people[:-1] + projection.people[1:]) * 0.5
    first = exposed[0]
    expected = math.fsum((first * relative[None, None]).ravel().tolist())
    wanted = first_year_total
    if wanted is None:
        wanted = parameters.number("application.rate") / 1000.0 * math.fsum(first.ravel().tolist())
    if expected <= 0 or wanted < 0:
        raise InvalidInput(
            "NO_APPLICANTS",
            "Nobody in the population can apply, so no number of applications can be reached.",
            remedy="Check the people and the propensities by level, age and group.",
        )
    propensity = relative * (wanted / expected)
    return Demand(projection, exposed * propensity[None, None, None], propensity)


def waterfall(demand: Demand, year: int) -> list[Step]:
    """Why applications of a year differ from those of the first: number, age, ability and group of the people.

    The steps are taken in that order, each with all earlier ones in place, so they add up to the whole change.
    """
    exposed = (demand.projection.people[:-1] + demand.projection.people[1:]) * 0.5
    first, last = exposed[0], exposed[year]
    size = math.fsum(last.ravel().tolist()) / math.fsum(first.ravel().tolist())
    by_age = _rescaled(first, _left(last, keep=(0, 1, 2)), keep=(0, 1, 2))
    by_ability = _rescaled(by_age, _left(last, keep=(0, 1, 2, 3)), keep=(0, 1, 2, 3))
    stages = [_sum(each, demand) for each in (first, first * size, by_age, by_ability, last)]
    names = (
        ("number", "more or fewer people aged 60 and over", "60岁及以上人口增减"),
        ("age", "older or younger people, and where they live", "年龄结构与地区分布变化"),
        ("ability", "more or less disability at the same age", "同龄失能程度变化"),
        ("group", "other shares of supported groups", "保障对象构成变化"),
    )
    return [
        Step(cause, en, zh, after - before)
        for (cause, en, zh), before, after in zip(names, stages[:-1], stages[1:], strict=True)
    ]


def _relative(groups: tuple[str, ...], parameters: Parameters) -> Array:
    """Propensity ``[age, level, group]`` against a person of 60 without disability and support."""
    bands = parameters.numbers("application.by_age")
    age = np.array([bands[0] if a < FIRST + 10 else bands[1] if a < FIRST + 20 else bands[2] for a in AGES])
    level = np.array(parameters.numbers("application.by_level"))
    if len(bands) != 3 or len(level) != LEVELS:
        raise InvalidInput(
            "PROPENSITY_SHAPE",
            f"application.by_age needs 3 numbers and application.by_level {LEVELS}.",
            remedy="Correct the parameter file.",
        )
    known = parameters.mapping("application.by_group")
    group = np.array([float(known.get(name, known.get(OTHER, 1.0))) for name in groups])
    return np.asarray(age[:, None, None] * level[None, :, None] * group)


def _rescaled(people: Array, totals: Array, *, keep: tuple[int, ...]) -> Array:
    """People whose sums over the axes not kept are those of ``totals``, with the shares they had."""
    now = _left(people, keep=keep)
    ratio = np.where(now > 0, totals, 0.0) / np.where(now > 0, now, 1.0)
    return np.asarray(people * ratio.reshape(ratio.shape + (1,) * (people.ndim - ratio.ndim)))


def _left(values: Array, *, keep: tuple[int, ...]) -> Array:
    """The sums over all axes but those kept."""
    for axis in reversed(range(values.ndim)):
        if axis not in keep:
            values = added(values, axis=axis)
    return values


def _sum(people: Array, demand: Demand) -> float:
    return math.fsum((people * demand.propensity[None, None]).ravel().tolist())
