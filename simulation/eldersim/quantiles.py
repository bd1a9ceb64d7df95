"""Quantiles of waits and stays: plain, weighted, and with an interval by resampling."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from eldersim.errors import NoAnswer


def quantile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of the values do not exceed, interpolated (type 7 of Hyndman & Fan 1996).

    >>> quantile([1.0, 2.0, 3.0, 4.0], 0.5)
    2.5
    """
    _check(len(values), share)
    ordered = sorted(values)
    position = share * (len(ordered) - 1)
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def weighted_quantile(values: Sequence[float], weights: Sequence[float], share: float) -> float:
    """The smallest value at which the weights so far reach ``share`` of all weight.

    >>> weighted_quantile([10.0, 20.0, 30.0], [1.0, 1.0, 8.0], 0.5)
    30.0
    """
    _check(len(values), share)
    total = math.fsum(weights)
    if total <= 0 or min(weights) < 0:
        raise NoAnswer(
            "WEIGHTS_UNUSABLE",
            "Weights must not be negative nor all zero.",
            remedy="Weigh by people or beds.",
            path=["weights"],
        )
    ordered = sorted(zip(values, weights, strict=True))
    reached = 0.0
    for value, weight in ordered:
        reached += weight
        if reached >= share * total - 1e-12 * total:
            return value
    return ordered[-1][0]


def resampled_quantile(
    values: Sequence[float], share: float, *, level: float = 0.95, resamples: int = 1000, seed: int = 0
) -> tuple[float, float, float]:
    """A quantile with its percentile bootstrap interval: (low, quantile, high) (Efron & Tibshirani 1993).

    >>> low, middle, high = resampled_quantile([float(i) for i in range(101)], 0.5)
    >>> middle, low < middle < high
    (50.0, True)
    """
    _check(len(values), share)
    words = np.random.Philox(key=[seed, len(values)]).random_raw(resamples * len(values))
    drawn = np.sort(np.asarray(values, dtype=float)[words % len(values)].reshape(resamples, len(values)), axis=1)
    position = share * (len(values) - 1)
    below = math.floor(position)
    above = min(below + 1, len(values) - 1)
    found = drawn[:, below] + (position - below) * (drawn[:, above] - drawn[:, below])
    tail = (1 - level) / 2
    return quantile(found.tolist(), tail), quantile(values, share), quantile(found.tolist(), 1 - tail)


def _check(count: int, share: float) -> None:
    if count == 0:
        raise NoAnswer(
            "NO_VALUES", "There is no value to take a quantile of.", remedy="Widen the window.", path=["values"]
        )
    if not 0 <= share <= 1:
        raise NoAnswer(
            "SHARE_OUT_OF_RANGE",
            f"The share {share} is not between 0 and 1.",
            remedy="Give for example 0.9.",
            path=["share"],
        )
