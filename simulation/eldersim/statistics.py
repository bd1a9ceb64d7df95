"""Estimators over replications: means, intervals, paired comparisons, batch means and when to stop.

Sums use ``math.fsum`` (exactly rounded), so a result has the same bits on every Python and every order of workers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy.special import stdtr, stdtrit

from eldersim.errors import NoAnswer


class TooFewValuesError(NoAnswer):
    """An estimator was given fewer values than it can judge."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its two-sided Student confidence interval.

    ``half_width`` and ``standard_error`` are in the unit of the values; ``level`` is the confidence (0.95).
    """

    mean: float
    standard_deviation: float
    standard_error: float
    half_width: float
    count: int
    level: float
    degrees: float

    @property
    def low(self) -> float:
        """The lower end of the interval."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """The upper end of the interval."""
        return self.mean + self.half_width

    @property
    def relative_half_width(self) -> float:
        """The half width as a share of the mean; infinite when the mean is zero and the half width is not."""
        if self.half_width == 0:
            return 0.0
        return math.inf if self.mean == 0 else self.half_width / abs(self.mean)

    @property
    def p_value(self) -> float:
        """The two-sided probability of a mean at least this far from zero if the true mean were zero."""
        if self.standard_error == 0:
            return 1.0 if self.mean == 0 else 0.0
        return float(2 * stdtr(self.degrees, -abs(self.mean) / self.standard_error))


@dataclass(frozen=True, slots=True)
class Comparison:
    """One scenario against the base: the difference, and its p value corrected for the number of scenarios.

    ``interval`` holds with the stated level for all scenarios of the family together (Bonferroni), which is wider
    than the interval of a single comparison; ``adjusted_p`` is Holm's.
    """

    name: str
    difference: Interval
    interval: Interval
    adjusted_p: float

    @property
    def certain(self) -> bool:
        """Whether the difference stands after the correction."""
        return self.adjusted_p <= 1 - self.difference.level


@dataclass(frozen=True, slots=True)
class BatchMeans:
    """Means of consecutive batches of one long run, and the interval they give."""

    means: tuple[float, ...]
    interval: Interval
    lag1_autocorrelation: float


def mean(values: Sequence[float]) -> float:
    """The arithmetic mean.

    >>> mean([1.0, 2.0, 6.0])
    3.0
    """
    _need(values, 1, "A mean")
    return math.fsum(values) / len(values)


def variance(values: Sequence[float]) -> float:
    """The sample variance (divided by n - 1).

    >>> variance([1.0, 2.0, 3.0])
    1.0
    """
    _need(values, 2, "A variance")
    centre = mean(values)
    return math.fsum((value - centre) ** 2 for value in values) / (len(values) - 1)


def student_factor(degrees: float, *, level: float = 0.95) -> float:
    """How many standard errors the two-sided Student interval reaches.

    >>> round(student_factor(9), 4)
    2.2622
    """
    if not 0 < level < 1:
        raise TooFewValuesError(
            "LEVEL_OUT_OF_RANGE",
            f"The confidence level {level} is not between 0 and 1.",
            remedy="Give for example 0.95.",
            path=["level"],
        )
    return float(stdtrit(degrees, 0.5 + level / 2))


def interval(values: Sequence[float], *, level: float = 0.95) -> Interval:
    """The mean of independent replications with its Student interval (Law, Simulation Modeling and Analysis, 4.5).

    >>> found = interval([10.4, 12.1, 9.8, 11.5, 10.9, 13.2, 10.1, 11.8, 12.6, 10.7])
    >>> round(found.mean, 2), round(found.half_width, 6)
    (11.31, 0.799758)
    """
    _need(values, 2, "An interval")
    spread = math.sqrt(variance(values))
    return _student(
        mean(values), spread, spread / math.sqrt(len(values)), len(values), degrees=len(values) - 1, level=level
    )


def paired(base: Sequence[float], other: Sequence[float], *, level: float = 0.95) -> Interval:
    """The interval of ``other - base`` over replications that share their random numbers.

    >>> round(paired([1.0, 2.0, 4.0], [2.0, 3.0, 6.0]).mean, 4)
    1.3333
    """
    if len(base) != len(other):
        raise TooFewValuesError(
            "UNPAIRED_VALUES",
            f"Paired values need the same replications: {len(base)} against {len(other)}.",
            remedy="Run both scenarios with the same replications.",
        )
    return interval([b - a for a, b in zip(base, other, strict=True)], level=level)


def welch(base: Sequence[float], other: Sequence[float], *, level: float = 0.95) -> Interval:
    """The interval of ``mean(other) - mean(base)`` for independent samples of unequal variance (Welch 1947).

    >>> found = welch([1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 6.0, 8.0])
    >>> round(found.mean, 2), round(found.degrees, 3)
    (2.5, 4.412)
    """
    first, second = variance(base) / len(base), variance(other) / len(other)
    both = first + second
    below = first**2 / (len(base) - 1) + second**2 / (len(other) - 1)
    degrees = both**2 / below if below > 0 else float(len(base) + len(other) - 2)
    error = math.sqrt(both)
    spread = error * math.sqrt(min(len(base), len(other)))
    return _student(mean(other) - mean(base), spread, error, min(len(base), len(other)), degrees=degrees, level=level)


def holm(p_values: Sequence[float]) -> list[float]:
    """P values corrected for being many (Holm 1979), in the order given.

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=lambda i: (p_values[i], i))):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def compare(
    base: Sequence[float], others: Mapping[str, Sequence[float]], *, level: float = 0.95, shared_luck: bool = True
) -> list[Comparison]:
    """Every scenario against the base, corrected for their number.

    ``shared_luck`` says that replication i of all scenarios used the same random numbers (then differences are paired).
    """
    judge = paired if shared_luck else welch
    wide = 1 - (1 - level) / max(1, len(others))
    singles = {name: judge(base, values, level=level) for name, values in others.items()}
    adjusted = holm([single.p_value for single in singles.values()])
    return [
        Comparison(name, single, judge(base, others[name], level=wide), p)
        for (name, single), p in zip(singles.items(), adjusted, strict=True)
    ]


def batch_means(series: Sequence[float], *, batches: int, discard: int = 0, level: float = 0.95) -> BatchMeans:
    """Cut one long run into ``batches`` equal batches after ``discard`` values (Law, ch. 9); a remainder is left out.

    >>> batch_means([9.0, 1.0, 3.0, 2.0, 4.0, 3.0, 5.0], batches=3, discard=1).means
    (2.0, 3.0, 4.0)
    """
    size = (len(series) - discard) // batches if batches > 0 else 0
    if size < 1 or batches < 2:
        raise TooFewValuesError(
            "TOO_FEW_FOR_BATCHES",
            f"{len(series)} values, {discard} discarded, do not make {batches} batches.",
            remedy="Ask for at least two batches and no more than there are values.",
            path=["batches"],
        )
    kept = series[discard:]
    means = tuple(mean(kept[i * size : (i + 1) * size]) for i in range(batches))
    return BatchMeans(means, interval(means, level=level), autocorrelation(means, lag=1) if batches > 2 else 0.0)


def autocorrelation(values: Sequence[float], *, lag: int = 1) -> float:
    """The correlation of a series with itself ``lag`` values later (Pearson, over the pairs); zero for a constant series.

    >>> round(autocorrelation([1.0, 2.0, 1.0, 2.0]), 2)
    -1.0
    """
    early, late = values[:-lag], values[lag:]
    _need(early, 2, "An autocorrelation")
    first, second = mean(early), mean(late)
    below = math.sqrt(math.fsum((x - first) ** 2 for x in early) * math.fsum((y - second) ** 2 for y in late))
    above = math.fsum((x - first) * (y - second) for x, y in zip(early, late, strict=True))
    return above / below if below > 0 else 0.0


def precision_trace(values: Sequence[float], *, minimum: int = 3, level: float = 0.95) -> dict[int, float]:
    """The relative half width after each replication from the ``minimum``-th on: {replications: half width / mean}."""
    return {n: interval(values[:n], level=level).relative_half_width for n in range(max(2, minimum), len(values) + 1)}


def replications_needed(
    values: Sequence[float], *, target: float, minimum: int = 3, look_ahead: int = 0, level: float = 0.95
) -> int | None:
    """The first number of replications whose relative half width is at most ``target`` and stays so for ``look_ahead`` more.

    None means that more replications are needed (Hoad, Robinson & Davies 2010, confidence interval method).

    >>> replications_needed([4.1, 5.0, 4.6, 4.4, 4.9, 4.7, 4.5, 4.8, 4.62, 4.71, 4.66, 4.58], target=0.05, look_ahead=3)
    9
    """
    trace = precision_trace(values, minimum=minimum, level=level)
    for count in trace:
        ahead = [trace.get(later) for later in range(count, count + look_ahead + 1)]
        if all(width is not None and width <= target for width in ahead):
            return count
    return None


def truncation_point(series: Sequence[float], *, batch: int = 5) -> int:
    """How many first values to leave out, by the smallest standard error of what remains (MSER-5; White 1997).

    The series is averaged in batches; at most the first half is left out.

    >>> truncation_point([50.0] * 10 + [10.0, 11.0, 9.0, 10.0, 10.0] * 8)
    10
    """
    size = len(series) // batch
    means = [mean(series[i * batch : (i + 1) * batch]) for i in range(size)]
    _need(means, 2, "A warm-up")
    errors = [variance(means[left:]) * (size - left - 1) / (size - left) ** 2 for left in range(size // 2 + 1)]
    return batch * min(range(len(errors)), key=lambda left: (errors[left], left))


def variance_ratio(base: Sequence[float], other: Sequence[float]) -> float:
    """How many times the variance of a difference falls because two scenarios share their random numbers.

    The numerator is what independent runs would give: the sum of the two variances.

    >>> round(variance_ratio([1.0, 2.0, 3.0], [2.0, 3.0, 4.5]), 6)
    31.0
    """
    differences = [b - a for a, b in zip(base, other, strict=True)]
    below = variance(differences)
    return math.inf if below == 0 else (variance(base) + variance(other)) / below


def _student(centre: float, spread: float, error: float, count: int, *, degrees: float, level: float) -> Interval:
    return Interval(centre, spread, error, student_factor(degrees, level=level) * error, count, level, degrees)


def _need(values: Sequence[float], least: int, what: str) -> None:
    if len(values) < least:
        raise TooFewValuesError(
            "TOO_FEW_VALUES",
            f"{what} needs at least {least} value{'s' if least > 1 else ''}; {len(values)} given.",
            remedy="Run more replications.",
        )
