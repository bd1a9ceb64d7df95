"""People in cells: division by sex by single age by ability level by group, built from five-year bands or a census."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from eldersim.errors import InvalidInput
from eldersim.parameters import table

Array = npt.NDArray[np.float64]

SEXES = ("male", "female")
YOUNGEST, FIRST, OLDEST = 30, 60, 100
"""Ages kept: from 30 without ability, so that there are entrants for three decades; from 60 in cells; 100 is open."""

AGES = range(FIRST, OLDEST + 1)
YOUNG = range(YOUNGEST, FIRST)
LEVELS = 5
"""Ability levels 0 (intact) to 4 (completely disabled) of GB/T 42195."""

BAND = 5


@dataclass(frozen=True, slots=True)
class Population:
    """People of some divisions on one day.

    ``people[division, sex, age, level, group]`` holds those aged 60 and over (the last age is 100 and over) and
    ``younger[division, sex, age]`` those aged 30 to 59. Numbers need not be whole.
    """

    divisions: tuple[str, ...]
    groups: tuple[str, ...]
    people: Array
    younger: Array

    def __post_init__(self) -> None:
        """Refuse arrays of another shape and numbers that cannot be people."""
        shape = (len(self.divisions), 2, len(AGES), LEVELS, len(self.groups))
        _need(self.people.shape == shape, f"people has the shape {self.people.shape}, not {shape}.")
        young = (len(self.divisions), 2, len(YOUNG))
        _need(self.younger.shape == young, f"younger has the shape {self.younger.shape}, not {young}.")
        sound = bool(np.all(np.isfinite(self.people)) and np.all(self.people >= 0) and np.all(self.younger >= 0))
        _need(sound, "There are numbers of people below zero or not finite.")

    @property
    def total(self) -> float:
        """All people aged 60 and over."""
        return float(self.people.sum())


def split_ages(bands: Sequence[float], *, before: float | None = None, after: float | None = None) -> Array:
    """Five-year bands cut into single ages: linear inside a band, the total of each band kept.

    ``before`` and ``after`` are the neighbouring bands, when they are known.

    >>> split_ages([10.0, 10.0])[:3].tolist()
    [2.0, 2.0, 2.0]
    """
    known = [bands[0] if before is None else before, *bands, bands[-1] if after is None else after]
    found: list[float] = []
    for left, here, right in zip(known[:-2], known[1:-1], known[2:], strict=True):
        slope = (right - left) / 50.0
        limit = here / 10.0
        slope = max(-limit, min(limit, slope))
        found += [max(0.0, here / 5.0 + slope * (place - 2)) for place in range(BAND)]
    return np.array(found)


def old_bands(counts: Mapping[int, float], *, sex: str) -> list[float]:
    """Bands 60-64 to 100+ from bands by their first age; a last open band (such as 85+) is cut as in the nation."""
    nation, last = national_bands(sex), max(counts)
    if min(counts) > FIRST or any(age % BAND for age in counts):
        raise InvalidInput(
            "AGE_BANDS_WRONG",
            f"Age bands begin at {sorted(counts)}.",
            remedy="Give five-year bands from 60 on; the last one may be open.",
        )
    tail = sum(people for age, people in nation.items() if age >= last)
    ages = range(FIRST, OLDEST + 1, BAND)
    return [counts.get(age, 0.0) if age < last else counts[last] * nation[age] / tail for age in ages]


@cache
def national_bands(sex: str) -> dict[int, float]:
    """The nation on 1 November 2020 by the first age of each five-year band, 0 to 100."""
    return {int(row["age_from"]): float(row["people"]) for row in table("population_2020") if row["sex"] == sex}


def single_ages(bands: Sequence[float]) -> Array:
    """Bands 60-64 to 100+ as single ages 60 to 100, the last open."""
    return np.append(split_ages(bands[:-1], after=bands[-1]), bands[-1])


def national_younger(sex: str) -> Array:
    """The nation at ages 30 to 59 by single age."""
    bands = national_bands(sex)
    inner = [bands[age] for age in range(YOUNGEST, FIRST, BAND)]
    return split_ages(inner, before=bands[YOUNGEST - BAND], after=bands[FIRST])


def younger_like_nation(bands: Sequence[float], *, sex: str) -> Array:
    """People aged 30 to 59 where only the old are known: the nation's, scaled to the known band 60-64."""
    return national_younger(sex) * (bands[0] / national_bands(sex)[FIRST])


def _need(true: bool, message: str) -> None:
    if not true:
        raise InvalidInput("POPULATION_WRONG", message, remedy="Build the population from age bands.", path=["people"])
