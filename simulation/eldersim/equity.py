"""How evenly care is spread over divisions or classes: the worst, the lower decile and the Gini coefficient."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eldersim.errors import NoAnswer
from eldersim.quantiles import weighted_quantile


@dataclass(frozen=True, slots=True)
class Equity:
    """The spread of one measure over groups, each weighted by its people."""

    worst: str
    minimum: float
    lower_decile: float
    gini: float


def gini(values: Sequence[float], weights: Sequence[float] | None = None) -> float:
    """The Gini coefficient of amounts that are not negative: 0 when all are equal, near 1 when one has all.

    ``weights`` are the people each value stands for (Lerman & Yitzhaki 1989).

    >>> round(gini([1.0, 1.0, 1.0, 1.0]), 6), gini([0.0, 0.0, 0.0, 4.0])
    (0.0, 0.75)
    """
    people = [1.0] * len(values) if weights is None else list(weights)
    if not values or min(values) < 0 or min(people) < 0:
        raise NoAnswer(
            "GINI_UNDEFINED",
            "The Gini coefficient needs amounts that are not negative.",
            remedy="Measure for example places per 1000 people.",
        )
    total, everybody = math.fsum(v * w for v, w in zip(values, people, strict=True)), math.fsum(people)
    if total == 0 or everybody == 0:
        return 0.0
    below, area = 0.0, []
    for value, weight in sorted(zip(values, people, strict=True)):
        following = below + value * weight
        area.append(weight * (below + following))
        below = following
    return 1 - math.fsum(area) / (everybody * total)


def equity(measure: Mapping[str, float], people: Mapping[str, float]) -> Equity:
    """The worst group, the value a tenth of the people do not reach, and the Gini coefficient.

    >>> equity({"north": 0.9, "south": 0.5}, {"north": 100.0, "south": 300.0}).worst
    'south'
    """
    if not measure:
        raise NoAnswer(
            "NO_GROUPS", "There is no group to compare.", remedy="Group by division or class.", path=["measure"]
        )
    names = sorted(measure)
    values, weights = [measure[name] for name in names], [people[name] for name in names]
    worst = min(names, key=lambda name: (measure[name], name))
    return Equity(worst, measure[worst], weighted_quantile(values, weights, 0.1), gini(values, weights))
