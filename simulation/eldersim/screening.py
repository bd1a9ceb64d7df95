"""Which inputs matter and which scenario is best: one-way sensitivity, Morris screening and ranking."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eldersim.errors import NoAnswer
from eldersim.statistics import Comparison, compare, mean, variance

Point = dict[str, float]


@dataclass(frozen=True, slots=True)
class Swing:
    """How far a result moves when one input goes from its low to its high value and all others stay."""

    factor: str
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """The size of the movement."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True, slots=True)
class Effect:
    """Morris's elementary effects of one input: mean, mean size, and spread (interaction or curvature)."""

    factor: str
    mean: float
    mean_size: float
    spread: float


@dataclass(frozen=True, slots=True)
class Ranked:
    """One scenario in a ranking: ``tied_with_best`` says that chance alone could explain its distance from the best."""

    name: str
    mean: float
    tied_with_best: bool
    share_best: float


def one_way(
    answer: Callable[[Point], float], base: Mapping[str, float], ranges: Mapping[str, tuple[float, float]]
) -> list[Swing]:
    """The swing of every input, widest first (a tornado).

    >>> [swing.factor for swing in one_way(lambda x: x["a"] + 3 * x["b"], {"a": 1, "b": 1}, {"a": (0, 2), "b": (0, 2)})]
    ['b', 'a']
    """
    swings = [
        Swing(name, answer({**base, name: low}), answer({**base, name: high})) for name, (low, high) in ranges.items()
    ]
    return sorted(swings, key=lambda swing: (-swing.width, swing.factor))


def morris_design(
    ranges: Mapping[str, tuple[float, float]], *, trajectories: int, levels: int = 4, seed: int = 0
) -> list[list[Point]]:
    """Random walks over a grid that change one input at a time (Morris 1991): ``trajectories`` lists of inputs + 1 points.

    >>> [len(walk) for walk in morris_design({"a": (0.0, 1.0), "b": (0.0, 1.0)}, trajectories=3)]
    [3, 3, 3]
    """
    if levels < 2 or levels % 2:
        raise NoAnswer(
            "ODD_LEVELS",
            f"Morris's grid needs an even number of levels, not {levels}.",
            remedy="Take 4.",
            path=["levels"],
        )
    return [_walk(ranges, levels, np.random.Philox(key=[seed, number])) for number in range(trajectories)]


def morris_effects(
    design: Sequence[Sequence[Point]], answers: Sequence[Sequence[float]], ranges: Mapping[str, tuple[float, float]]
) -> list[Effect]:
    """The effects of every input over its whole range, largest mean size first.

    ``answers`` holds one result for each point of ``design``.
    """
    found: dict[str, list[float]] = {name: [] for name in ranges}
    for walk, results in zip(design, answers, strict=True):
        for before, after, old, new in zip(walk[:-1], walk[1:], results[:-1], results[1:], strict=True):
            name = next(key for key in ranges if before[key] != after[key])
            low, high = ranges[name]
            found[name].append((new - old) / ((after[name] - before[name]) / (high - low)))
    effects = [_effect(name, values) for name, values in found.items()]
    return sorted(effects, key=lambda effect: (-effect.mean_size, effect.factor))


def rank(results: Mapping[str, Sequence[float]], *, best: str = "lowest", level: float = 0.95) -> list[Ranked]:
    """Scenarios from best to worst over the same replications, with who cannot be told from the best.

    ``share_best`` is the share of the replications in which the scenario was the best.

    >>> [(row.name, row.tied_with_best) for row in rank({"a": [3.0, 3.1, 2.9], "b": [1.0, 1.1, 0.9]})]
    [('b', True), ('a', False)]
    """
    sign = -1.0 if best == "highest" else 1.0
    order = sorted(results, key=lambda name: (sign * mean(results[name]), name))
    others = {name: results[name] for name in order[1:]}
    apart = {row.name: row for row in compare(results[order[0]], others, level=level)} if others else {}
    shares = _share_best(results, sign)
    return [Ranked(name, mean(results[name]), _tied(apart.get(name)), shares[name]) for name in order]


def _walk(ranges: Mapping[str, tuple[float, float]], levels: int, source: np.random.Philox) -> list[Point]:
    names = list(ranges)
    words = source.random_raw(3 * len(names)).reshape(3, len(names))
    step = levels // 2
    start = {name: int(word % (levels - step)) for name, word in zip(names, words[0].tolist(), strict=True)}
    rising = {name: word % 2 == 0 for name, word in zip(names, words[1].tolist(), strict=True)}
    grid = {name: place if rising[name] else place + step for name, place in start.items()}
    order = [names[i] for i in np.argsort(words[2], kind="stable")]
    walk = [_point(grid, ranges, levels)]
    for name in order:
        grid[name] += step if rising[name] else -step
        walk.append(_point(grid, ranges, levels))
    return walk


def _point(grid: Mapping[str, int], ranges: Mapping[str, tuple[float, float]], levels: int) -> Point:
    return {name: low + (high - low) * grid[name] / (levels - 1) for name, (low, high) in ranges.items()}


def _effect(name: str, values: Sequence[float]) -> Effect:
    spread = math.sqrt(variance(values)) if len(values) > 1 else 0.0
    return Effect(name, mean(values), mean([abs(value) for value in values]), spread)


def _share_best(results: Mapping[str, Sequence[float]], sign: float) -> dict[str, float]:
    names = sorted(results)
    rows = list(zip(*(results[name] for name in names), strict=True))
    winners = [min(range(len(names)), key=lambda i: (sign * row[i], i)) for row in rows]
    return {name: winners.count(i) / len(rows) for i, name in enumerate(names)}


def _tied(comparison: Comparison | None) -> bool:
    return comparison is None or not comparison.certain
