"""Why applications change over the years: more people, older people, more disability, other groups."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from eldersim.demand import propensity, total
from eldersim.parameters import Parameters
from eldersim.population import Array
from eldersim.transitions import added

CAUSES = (
    ("number", "more or fewer people aged 60 and over", "60岁及以上人口增减"),
    ("age", "older or younger people, and where they live", "年龄结构与地区分布变化"),
    ("ability", "more or less disability at the same age", "同龄失能程度变化"),
    ("group", "other shares of supported groups", "保障对象构成变化"),
)


@dataclass(frozen=True, slots=True)
class Driver:
    """One cause of a change: its name in English and Chinese, and what it adds to the whole, as a share of the start."""

    cause: str
    en: str
    zh: str
    change: float

    def label(self, language: str) -> str:
        """Its name in Chinese (`zh`) or English."""
        return self.zh if language == "zh" else self.en


def drivers(people: Array, parameters: Parameters, groups: tuple[str, ...], *, year: int) -> list[Driver]:
    """What moves the number of applications between the first year and ``year`` of ``people[year, cell...]``.

    The steps are taken in the order of `CAUSES`, each with all earlier ones in place, so they add up to the whole change.
    """
    rate = propensity(parameters, groups)[None, None]
    first, last = people[0], people[year]
    size = total(last) / total(first)
    by_age = _rescaled(first, last, keep=3)
    by_ability = _rescaled(by_age, last, keep=4)
    stages = [total(each * rate) for each in (first, first * size, by_age, by_ability, last)]
    return [
        Driver(*names, (after - before) / stages[0])
        for names, before, after in zip(CAUSES, stages[:-1], stages[1:], strict=True)
    ]


def _rescaled(people: Array, like: Array, *, keep: int) -> Array:
    """People with the sums of ``like`` over the first ``keep`` axes and their own shares within."""
    now, wanted = _sums(people, keep), _sums(like, keep)
    ratio = np.where(now > 0, wanted, 0.0) / np.where(now > 0, now, 1.0)
    return np.asarray(people * ratio.reshape(ratio.shape + (1,) * (people.ndim - keep)))


def _sums(people: Array, keep: int) -> Array:
    while people.ndim > keep:
        people = added(people, axis=-1)
    return people


def whole_change(found: list[Driver]) -> float:
    """The change of all causes together, as a share of the start."""
    return math.fsum(each.change for each in found)
