"""Distributions of stays, patience and time between arrivals, drawn from random words through fine quantile tables.

A draw is one table look-up and one interpolation, so it has the same bits on every machine whatever its vector unit.
Each table has 128 cells per halving of the tail probability on both sides, down to 2 to the power -53.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from eldersim.errors import InvalidInput

Floats = npt.NDArray[np.float64]
Words = npt.NDArray[np.uint64]

CELL_BITS = 7
OCTAVES = 53
HALF = OCTAVES << CELL_BITS
FRACTION_BITS = 52 - CELL_BITS
LOWEST = 1022 << CELL_BITS  # the float64 exponent of one half, the smallest tail a word can name
WORD_TOP = (1 << 53) - 1


@dataclass(frozen=True, slots=True)
class Law:
    """A distribution of a duration: its kind and its parameters in the model's unit of time.

    ``parameters`` are those of the canonical form that `law` makes, in a fixed order.
    """

    kind: str
    parameters: tuple[float, ...]

    def draw(self, words: Words) -> Floats:
        """One value for each random 64-bit word; equal words give equal values."""
        if self.kind == "deterministic":
            return np.full(len(words), self.parameters[0])
        if self.kind == "empirical":
            share = (words >> np.uint64(11)).astype(np.float64) * 2.0**-53
            return self.quantile(share, 1 - share)
        start, slope = table(self)
        whole = (words >> np.uint64(11)).astype(np.int64)
        upper = whole >> 52
        tail = (whole ^ (-upper & WORD_TOP)).astype(np.float64) + 0.5
        bits = tail.view(np.int64)
        cell = (bits >> FRACTION_BITS) - LOWEST + upper * HALF
        return np.asarray(start[cell] + slope[cell] * (bits & ((1 << FRACTION_BITS) - 1)))

    def quantile(self, below: Floats, above: Floats) -> Floats:
        """The exact quantile, given the probability below and the probability above it (each accurate in its tail)."""
        return KINDS[self.kind](self.parameters, below, above)

    @property
    def mean(self) -> float:
        """The mean, from the table's own cells."""
        return mean_of(self)


@lru_cache(maxsize=1024)
def mean_of(of: Law) -> float:
    """The mean of a law as it is drawn."""
    if of.kind == "deterministic":
        return of.parameters[0]
    if of.kind == "empirical":
        values, chances = np.split(np.array(of.parameters), 2)
        return math.fsum((values * chances).tolist()) / math.fsum(chances.tolist())
    start, slope = table(of)
    middle = start + slope * float(1 << (FRACTION_BITS - 1))
    return math.fsum((middle * np.tile(_cell_chances(), 2)).tolist())


@lru_cache(maxsize=256)
def table(of: Law) -> tuple[Floats, Floats]:
    """The first value of each cell and the rise per unit of the word's fraction, lower half first, then upper half."""
    nodes = np.ldexp(
        1 + (np.arange(HALF + 1) % (1 << CELL_BITS)) / (1 << CELL_BITS),
        np.arange(HALF + 1) // (1 << CELL_BITS) - 1 - 53,
    )
    lower, upper = of.quantile(nodes, 1 - nodes), of.quantile(1 - nodes, nodes)
    values = np.maximum(np.concatenate([lower, upper]), 0.0)
    rounded = np.array([float(f"{value:.11g}") for value in values.tolist()]).reshape(2, -1)
    slope = np.diff(rounded, axis=1) / (1 << FRACTION_BITS)
    return np.ascontiguousarray(rounded[:, :-1]).ravel(), slope.ravel()


def law(given: Any, *, path: tuple[str | int, ...] = ()) -> Law:
    """The law a document describes: a number, or a mapping with ``dist`` and its parameters.

    >>> law({"dist": "lognormal", "mean": 1.0, "sd": 1.5}).kind
    'lognormal'
    """
    if isinstance(given, int | float):
        return Law("deterministic", (float(given),))
    if not isinstance(given, dict) or "dist" not in given:
        raise InvalidInput(
            "LAW_UNREADABLE",
            f"{given!r} is not a distribution.",
            remedy="Write for example {dist: exponential, mean: 30}.",
            path=path,
        )
    name = str(given["dist"])
    maker = READERS.get(name)
    if maker is None:
        raise InvalidInput(
            "LAW_UNKNOWN",
            f"There is no distribution {name!r}.",
            remedy=f"Known are {', '.join(sorted(READERS))}.",
            path=path,
        )
    try:
        return maker(given)
    except KeyError as missing:
        raise InvalidInput(
            "LAW_INCOMPLETE", f"The distribution {name} lacks {missing}.", remedy="Add the parameter.", path=path
        ) from missing


def lognormal_parameters(mean: float, deviation: float) -> tuple[float, float]:
    """mu and sigma of a lognormal with this mean and standard deviation.

    >>> [round(value, 6) for value in lognormal_parameters(30.0, 36.0)]
    [2.955198, 0.944456]
    """
    squared = math.log1p((deviation / mean) ** 2)
    return math.log(mean) - squared / 2, math.sqrt(squared)


def gamma_parameters(mean: float, deviation: float) -> tuple[float, float]:
    """Shape and scale of a gamma with this mean and standard deviation."""
    return (mean / deviation) ** 2, deviation**2 / mean


def weibull_parameters(mean: float, deviation: float) -> tuple[float, float]:
    """Shape and scale of a Weibull with this mean and standard deviation, by bisection on the shape.

    >>> [round(value, 5) for value in weibull_parameters(60.0, 40.0)]
    [1.53009, 66.61785]
    """
    wanted = math.log1p((deviation / mean) ** 2)
    low, high = 0.02, 200.0
    for _ in range(200):
        shape = math.sqrt(low * high)
        found = math.lgamma(1 + 2 / shape) - 2 * math.lgamma(1 + 1 / shape)
        low, high = (shape, high) if found > wanted else (low, shape)
    return shape, mean / math.exp(math.lgamma(1 + 1 / shape))


def _cell_chances() -> Floats:
    cells = np.arange(HALF)
    return np.ldexp(1.0 / (1 << CELL_BITS), cells // (1 << CELL_BITS) - 1 - 53) * 1.0


def _exponential(p: tuple[float, ...], below: Floats, above: Floats) -> Floats:
    return p[0] * _hazard(below, above)


def _hazard(below: Floats, above: Floats) -> Floats:
    """The cumulated hazard -log(1 - below), accurate in both tails."""
    return np.asarray(np.where(below < 0.5, -np.log1p(-np.minimum(below, 0.5)), -np.log(above)))


def _normal(p: tuple[float, ...], below: Floats, above: Floats) -> Floats:
    score = np.where(below < 0.5, special.ndtri(below), -special.ndtri(above))
    return np.asarray(p[0] + p[1] * score)


def _lognormal(p: tuple[float, ...], below: Floats, above: Floats) -> Floats:
    return np.asarray(np.exp(_normal(p, below, above)))


def _gamma(p: tuple[float, ...], below: Floats, above: Floats) -> Floats:
    return np.asarray(p[1] * np.where(below < 0.5, special.gammaincinv(p[0], below), special.gammainccinv(p[0], above)))


def _weibull(p: tuple[float, ...], below: Floats, above: Floats) -> Floats:
    return np.asarray(p[1] * _hazard(below, above) ** (1 / p[0]))


def _gompertz(p: tuple[float, ...], below: Floats, above: Floats) -> Floats:
    return np.asarray(np.log1p(p[1] * _hazard(below, above) / p[0]) / p[1])


def _uniform(p: tuple[float, ...], below: Floats, above: Floats) -> Floats:
    return np.asarray(np.where(below < 0.5, p[0] + (p[1] - p[0]) * below, p[1] - (p[1] - p[0]) * above))


def _triangular(p: tuple[float, ...], below: Floats, above: Floats) -> Floats:
    low, top, high = p
    rising = low + np.sqrt(below * (high - low) * (top - low))
    return np.asarray(
        np.where(below < (top - low) / (high - low), rising, high - np.sqrt(above * (high - low) * (high - top)))
    )


def _hyperexponential(p: tuple[float, ...], below: Floats, above: Floats) -> Floats:
    """Bisection on the cumulated hazard of the mixture, which is increasing."""
    chances, means = np.array(p[: len(p) // 2])[:, None], np.array(p[len(p) // 2 :])[:, None]
    low, high = np.zeros_like(below), np.full_like(below, 50.0 * float(means.max()))
    for _ in range(100):
        middle = (low + high) / 2
        early = np.where(
            below < 0.5,
            -(chances * np.expm1(-middle / means)).sum(axis=0) < below,
            (chances * np.exp(-middle / means)).sum(axis=0) > above,
        )
        low, high = np.where(early, middle, low), np.where(early, high, middle)
    return (low + high) / 2


def _empirical(p: tuple[float, ...], below: Floats, above: Floats) -> Floats:
    values, reached = np.array(p[: len(p) // 2]), np.cumsum(p[len(p) // 2 :])
    return np.asarray(values[np.minimum(np.searchsorted(reached, below * reached[-1], side="right"), len(values) - 1)])


KINDS: dict[str, Callable[[tuple[float, ...], Floats, Floats], Floats]] = {
    "exponential": _exponential,
    "normal": _normal,
    "lognormal": _lognormal,
    "gamma": _gamma,
    "weibull": _weibull,
    "gompertz": _gompertz,
    "uniform": _uniform,
    "triangular": _triangular,
    "hyperexponential": _hyperexponential,
    "empirical": _empirical,
}


def _deviation(given: dict[str, Any]) -> float:
    return float(given["sd"]) if "sd" in given else float(given["cv"]) * float(given["mean"])


def _numbers(given: dict[str, Any], *names: str) -> tuple[float, ...]:
    return tuple(float(given[name]) for name in names)


def _read_exponential(given: dict[str, Any]) -> Law:
    return Law("exponential", (float(given["mean"]) if "mean" in given else 1 / float(given["rate"]),))


def _read_lognormal(given: dict[str, Any]) -> Law:
    if "mu" in given:
        return Law("lognormal", _numbers(given, "mu", "sigma"))
    return Law("lognormal", lognormal_parameters(float(given["mean"]), _deviation(given)))


def _read_gamma(given: dict[str, Any]) -> Law:
    if "shape" in given:
        shape = float(given["shape"])
        return Law("gamma", (shape, float(given["scale"]) if "scale" in given else float(given["mean"]) / shape))
    return Law("gamma", gamma_parameters(float(given["mean"]), _deviation(given)))


def _read_weibull(given: dict[str, Any]) -> Law:
    if "shape" in given:
        shape = float(given["shape"])
        scale = float(given["scale"]) if "scale" in given else float(given["mean"]) / math.gamma(1 + 1 / shape)
        return Law("weibull", (shape, scale))
    return Law("weibull", weibull_parameters(float(given["mean"]), _deviation(given)))


def _read_erlang(given: dict[str, Any]) -> Law:
    phases = float(given["k"])
    return Law("gamma", (phases, float(given["mean"]) / phases))


def _read_hyperexponential(given: dict[str, Any]) -> Law:
    chances = [float(chance) for chance in given["probs"]]
    return Law(
        "hyperexponential",
        tuple(chance / math.fsum(chances) for chance in chances) + tuple(float(m) for m in given["means"]),
    )


def _read_uniform(given: dict[str, Any]) -> Law:
    names = next(
        (pair for pair in (("low", "high"), ("min", "max"), ("a", "b"), ("lower", "upper")) if pair[0] in given),
        ("low", "high"),
    )
    return Law("uniform", _numbers(given, *names))


def _read_triangular(given: dict[str, Any]) -> Law:
    low, high = ("low", "high") if "low" in given else ("min", "max")
    return Law("triangular", _numbers(given, low, "mode", high))


def _read_empirical(given: dict[str, Any]) -> Law:
    values = [float(value) for value in given["values"]]
    chances = [float(chance) for chance in given.get("probs", given.get("weights", [1.0] * len(values)))]
    return Law("empirical", (*values, *chances))


READERS: dict[str, Callable[[dict[str, Any]], Law]] = {
    "exponential": _read_exponential,
    "deterministic": lambda given: Law("deterministic", _numbers(given, "value" if "value" in given else "mean")),
    "lognormal": _read_lognormal,
    "lognormal_mu_sigma": _read_lognormal,
    "gamma": _read_gamma,
    "weibull": _read_weibull,
    "erlang": _read_erlang,
    "hyperexponential": _read_hyperexponential,
    "uniform": _read_uniform,
    "triangular": _read_triangular,
    "normal": lambda given: Law("normal", (float(given["mean"]), _deviation(given))),
    "gompertz": lambda given: Law("gompertz", _numbers(given, "a", "b")),
    "empirical": _read_empirical,
    "discrete": _read_empirical,
}
