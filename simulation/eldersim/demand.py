"""Applications a year by cell: from people and their propensity to apply, and kept in balance with those who live in care now."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from eldersim.errors import InvalidInput
from eldersim.parameters import Parameters
from eldersim.population import AGES, LEVELS, Array


@dataclass(frozen=True, slots=True)
class Demand:
    """Applications a year for institutional care: ``intensity[year, division, sex, age, level, group]``.

    Sexes are male, female; ages 60 to 100; levels 0 to 4. After the last year the last intensity holds.
    """

    divisions: tuple[str, ...]
    groups: tuple[str, ...]
    intensity: Array

    def __post_init__(self) -> None:
        """Refuse another shape and numbers that cannot be intensities."""
        shape = (len(self.divisions), 2, len(AGES), LEVELS, len(self.groups))
        sound = self.intensity.shape[1:] == shape and len(self.intensity) > 0
        if not sound or not bool(np.all(np.isfinite(self.intensity)) and np.all(self.intensity >= 0)):
            raise InvalidInput(
                "DEMAND_WRONG",
                f"The intensity has the shape {self.intensity.shape}; expected are years and then {shape}, none below zero.",
                remedy="Build it with eldersim.demand.applications.",
                path=("demand", "intensity"),
            )


def propensity(parameters: Parameters, groups: tuple[str, ...]) -> Array:
    """Relative propensity to apply by [age, level, group]."""
    by_age = np.repeat(parameters.numbers("application.by_age"), [10, 10, len(AGES) - 20])
    by_level = np.array(parameters.numbers("application.by_level"))
    table = parameters.mapping("application.by_group")
    by_group = np.array([float(table.get(group, 1.0)) for group in groups])
    return np.asarray(by_age[:, None, None] * by_level[None, :, None] * by_group[None, None, :])


def applications(people: Array, parameters: Parameters, groups: tuple[str, ...]) -> Array:
    """Applications a year by [year, division, sex, age, level, group] for people in the same cells.

    The overall rate of the first year is the parameter `application.rate` for each 1,000 people.
    """
    wishes = people * propensity(parameters, groups)
    rate = parameters.number("application.rate") / 1000.0
    first = total(wishes[0])
    return wishes * (rate * total(people[0]) / first if first > 0 else 0.0)


def total(values: Array) -> float:
    """The sum of all cells, rounded once, so that it has the same bits everywhere."""
    return math.fsum(values.reshape(-1).tolist())
