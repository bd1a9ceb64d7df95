"""From the replications of all scenarios to one comparison: means, intervals and paired differences."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict

from eldercare.planning.indicator import Indicator
from eldersim.quantiles import quantile
from eldersim.statistics import compare, interval

Series: TypeAlias = Sequence[float | None]
Sample: TypeAlias = Mapping[str, Mapping[str, Series]]
"""One replication: scenario -> indicator -> value at each year's end (flows: 0 first, then each year's count)."""

Read: TypeAlias = Callable[[Mapping[str, Series]], float | None]

DIGITS = 6
"""Decimals kept in a stored outcome: far below what any interval can tell apart, above what libraries differ in."""


class Frozen(BaseModel):
    """A part of an outcome: never changed once made, and the same bytes whenever it is written."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Estimate(Frozen):
    """A mean over the replications with its 95 % interval; empty when nothing could be measured.

    `p10` and `p90` are what nine tenths of the replications exceed and do not exceed: how far single runs lie apart,
    while the interval tells how well their mean is known.
    """

    mean: float | None = None
    low: float | None = None
    high: float | None = None
    p10: float | None = None
    p90: float | None = None


class Curve(Frozen):
    """One indicator of one scenario: an estimate at each year's end, and the one that stands for the whole period.

    `whole` is the last year's value of a level and the sum over all years of a flow.
    """

    indicator: str
    years: tuple[Estimate, ...]
    whole: Estimate


class Difference(Frozen):
    """One indicator of one scenario against the base, replication by replication.

    The intervals hold together for all scenarios of the comparison; `certain` says whether the difference over the
    whole period stands after that correction.
    """

    indicator: str
    start: Estimate
    whole: Estimate
    certain: bool


class Compared(Frozen):
    """One scenario of a comparison; the base has no differences."""

    name: str
    curves: tuple[Curve, ...]
    differences: tuple[Difference, ...] = ()

    def curve(self, indicator: str) -> Curve:
        """The curve of one indicator."""
        return next(each for each in self.curves if each.indicator == indicator)

    def difference(self, indicator: str) -> Difference | None:
        """The difference of one indicator to the base, None for the base itself."""
        return next((each for each in self.differences if each.indicator == indicator), None)


def compared(samples: Sequence[Sample], indicators: Sequence[Indicator]) -> tuple[Compared, ...]:
    """All scenarios of a study; the first is the base of every difference. Samples are in the order of replications."""
    names = list(samples[0])
    base = names[0]
    found = []
    for name in names:
        curves = tuple(_curve(samples, name, each) for each in indicators)
        differences = () if name == base else tuple(_difference(samples, names, name, each) for each in indicators)
        found.append(Compared(name=name, curves=curves, differences=differences))
    return tuple(found)


def _curve(samples: Sequence[Sample], name: str, indicator: Indicator) -> Curve:
    series = [sample[name][indicator.code] for sample in samples]
    years = tuple(_estimate([one[year] for one in series]) for year in range(len(series[0])))
    return Curve(indicator=indicator.code, years=years, whole=_estimate([_whole(one, indicator) for one in series]))


def _difference(samples: Sequence[Sample], names: Sequence[str], name: str, indicator: Indicator) -> Difference:
    start, _ = _paired(samples, names, name, lambda scenario: scenario[indicator.code][0])
    whole, certain = _paired(samples, names, name, lambda scenario: _whole(scenario[indicator.code], indicator))
    return Difference(indicator=indicator.code, start=start, whole=whole, certain=certain)


def _whole(series: Series, indicator: Indicator) -> float | None:
    if indicator.kind == "level":
        return series[-1]
    counted = [value for value in series if value is not None]
    return sum(counted) if counted else None


def _estimate(values: Series) -> Estimate:
    known = [value for value in values if value is not None]
    if not known:
        return Estimate()
    if len(known) == 1:
        return Estimate(mean=round(known[0], DIGITS))
    found = interval(known)
    return _rounded(known, found.mean, found.low, found.high)


def _paired(samples: Sequence[Sample], names: Sequence[str], name: str, read: Read) -> tuple[Estimate, bool]:
    """The difference of one scenario to the base, with the correction for all scenarios compared."""
    rows = [{each: read(sample[each]) for each in names} for sample in samples]
    known = [row for row in rows if all(value is not None for value in row.values())]
    columns = {each: [float(row[each] or 0.0) for row in known] for each in names}
    base = columns.pop(names[0])
    if len(base) < 2:
        return (Estimate(mean=round(columns[name][0] - base[0], DIGITS)) if base else Estimate()), False
    found = next(each for each in compare(base, columns) if each.name == name)
    apart = [other - one for one, other in zip(base, columns[name], strict=True)]
    return _rounded(apart, found.interval.mean, found.interval.low, found.interval.high), found.certain


def _rounded(values: Sequence[float], mean: float, low: float, high: float) -> Estimate:
    """The estimate with as many digits as it is kept with."""
    numbers = (mean, low, high, quantile(values, 0.1), quantile(values, 0.9))
    return Estimate(**dict(zip(Estimate.model_fields, (round(each, DIGITS) for each in numbers), strict=True)))
