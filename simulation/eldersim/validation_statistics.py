"""Translates cases of the statistics family: the estimators run on the numbers a case gives."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from eldersim.errors import NoAnswer
from eldersim.laws import gamma_parameters, lognormal_parameters, weibull_parameters
from eldersim.quantiles import quantile
from eldersim.statistics import (
    Interval,
    autocorrelation,
    batch_means,
    holm,
    interval,
    paired,
    precision_trace,
    replications_needed,
    truncation_point,
    variance_ratio,
    welch,
)
from eldersim.timeline import Timeline
from eldersim.validation_case import Case, Row, UnknownKindError, judge
from eldersim.validation_exact import compared
from eldersim.validation_stations import Asked

Found = dict[tuple[str, ...], float]
MOMENTS = re.compile(r"^(lognormal|gamma|weibull) mean=([0-9.eE+-]+) sd=([0-9.eE+-]+)$")
LENGTH_LIMIT = 3
# What eight printed digits of a batch mean can move an estimate.
PRINTED = 2e-6


def ask_statistics(case: Case) -> Asked:
    """The estimates of a case of statistics, chosen by what its model gives."""
    model = case.model
    if "series_of" in model or {"batches", "batch_size"} & set(model):
        return _batches(case)
    for key, estimate in ESTIMATES:
        if key in model:
            return compared(case, estimate(model))
    lists = {
        str(key): [float(v) for v in value]
        for key, value in model.items()
        if isinstance(value, list) and len(value) > LENGTH_LIMIT
    }
    if "p_values" in lists:
        return compared(case, {("adjusted", str(i)): p for i, p in enumerate(holm(lists["p_values"]))})
    if len(lists) == 2:
        return compared(case, _two(*lists.values(), level=_level(model)))
    if len(lists) == 1:
        return compared(case, _one(next(iter(lists.values())), level=_level(model)))
    raise UnknownKindError(
        "STATISTIC_UNKNOWN", f"A statistic of {', '.join(map(str, model))} is not known.", remedy="Extend the family."
    )


def _level(model: Mapping[str, Any]) -> float:
    return float(model.get("level", 1 - float(model.get("alpha", 0.05))))


def _interval(found: Interval, *, head: tuple[str, ...] = ()) -> Found:
    names = {
        "mean": found.mean,
        "sd": found.standard_deviation,
        "standard_error": found.standard_error,
        f"half_width_{round(100 * found.level)}": found.half_width,
        "half_width": found.half_width,
        "lower": found.low,
        "upper": found.high,
        "relative_precision": found.relative_half_width,
        "p_value": found.p_value,
        "df": found.degrees,
        "degrees_of_freedom": found.degrees,
        "n": float(found.count),
        "t": found.mean / found.standard_error if found.standard_error else float("inf"),
    }
    return {(*head, name): value for name, value in names.items()}


def _means(model: Mapping[str, Any]) -> Found:
    return _interval(interval([float(value) for value in model["replication_means"]], level=_level(model)))


def _stopping(model: Mapping[str, Any]) -> Found:
    values = [float(value) for value in model["replication_results"]]
    target, minimum, level = (
        float(model.get("target_relative_half_width", 0.05)),
        int(model.get("min_reps", 3)),
        _level(model),
    )
    found: Found = {
        ("trace", str(n)): width for n, width in precision_trace(values, minimum=minimum, level=level).items()
    }
    for ahead in range(len(values)):
        needed = replications_needed(values, target=target, minimum=minimum, look_ahead=ahead, level=level)
        if needed is not None:
            found[f"required_replications_look_ahead_{ahead}",] = float(needed)
            if ahead == int(model.get("look_ahead", 0)):
                found["required_replications",] = float(needed)
    return found


def _steps(model: Mapping[str, Any]) -> Found:
    pairs = [(float(step["time"]), float(step["value"])) for step in model["steps"]]
    line = Timeline.of_steps(pairs, end=float(model["end"]))
    warmup = float(model.get("warmup", 0.0))
    found: Found = {
        ("time_average",): line.average(),
        ("time_average_after_warmup",): line.average(since=warmup),
        ("peak",): line.peak(),
    }
    found["peak_after_warmup",] = line.peak(since=warmup)
    found["variance",] = line.variance()
    for level in range(int(line.peak()) + 1):
        found[f"time_at_or_above_{level}",] = line.time_at_least(level)
        found[f"share_of_time_at_or_above_{level}",] = line.time_at_least(level) / (line.end - float(line.times[0]))
    return found


def _moments(model: Mapping[str, Any]) -> Found:
    makers = {
        "lognormal": (lognormal_parameters, ("mu", "sigma")),
        "gamma": (gamma_parameters, ("shape", "scale")),
        "weibull": (weibull_parameters, ("shape", "scale")),
    }
    found: Found = {}
    for text in map(str, model["inputs"]):
        given = MOMENTS.match(text)
        if given:
            maker, names = makers[given[1]]
            found.update(
                {
                    (text, name): value
                    for name, value in zip(names, maker(float(given[2]), float(given[3])), strict=True)
                }
            )
    return found


ESTIMATES = (("replication_means", _means), ("replication_results", _stopping), ("steps", _steps), ("inputs", _moments))


def _batches(case: Case) -> Asked:
    """Batch means of a series the case gives or borrows; without the series, the interval of the batch means it gives."""
    series = _series(case)
    model = case.model
    if series is not None:
        discard = int(model.get("discard", 0))
        batches = int(model.get("batches", 0)) or (len(series) - discard) // int(model["batch_size"])
        size = int(model.get("batch_size", (len(series) - discard) // batches))
        means = batch_means(
            series[: discard + size * batches], batches=batches, discard=discard, level=_level(model)
        ).means
    elif "batch_means" in case.expected:
        means = tuple(float(value) for value in case.expected["batch_means"])
    else:
        raise UnknownKindError(
            "SERIES_MISSING",
            f"The series of {model.get('series_of')} is not in this file.",
            remedy="Add the case it refers to.",
        )
    found = _interval(interval(means, level=_level(model)))
    found["lag1_autocorrelation_of_batch_means",] = autocorrelation(means, lag=1)
    found.update({("batch_means", str(i)): value for i, value in enumerate(means)})
    asked = compared(case, found)
    return asked if series is not None else Asked(rows=_from_given(case, asked.rows))


def _from_given(case: Case, rows: Sequence[Row]) -> list[Row]:
    """Rows computed from batch means that the case prints with eight digits: those of the means themselves say nothing."""
    note = f"from the batch means the case gives; the series of {case.model.get('series_of')} is not in this file"
    kept = [row for row in rows if not row.measure.startswith("batch_means.")]
    again = [
        judge(case, (row.measure,), row.expected, row.simulated, allowed=max(row.tolerance, PRINTED)) for row in kept
    ]
    return [replace(row, note=note) for row in again]


def _series(case: Case) -> list[float] | None:
    source = case.others.get(str(case.model.get("series_of")), case.whole)
    model = source.get("model") or {}
    lists = [value for value in model.values() if isinstance(value, list) and len(value) > LENGTH_LIMIT]
    return [float(value) for value in max(lists, key=len)] if lists else None


def _one(values: Sequence[float], *, level: float) -> Found:
    """What can be said of one list: interval, autocorrelation, quantiles, where its warm-up ends."""
    found = _interval(interval(values, level=level))
    for lag in range(1, min(20, len(values) - 1)):
        found[f"lag{lag}_autocorrelation",] = autocorrelation(values, lag=lag)
    for percent in range(5, 100, 5):
        found[f"p{percent}",] = quantile(values, percent / 100)
    found["median",] = quantile(values, 0.5)
    for size in (1, 5):
        point = truncation_point(values, batch=size)
        found.update(
            {
                (name,): float(point)
                for name in (f"mser{size}_truncation", f"mser_{size}_truncation", f"truncation_mser{size}")
            }
        )
    for name in ("truncation", "truncation_point", "warmup", "warm_up"):
        found[name,] = float(truncation_point(values, batch=5))
    return found


def _two(first: Sequence[float], second: Sequence[float], *, level: float) -> Found:
    """What can be said of two lists: their difference as paired and as independent, and what pairing is worth."""
    apart = welch(first, second, level=level)
    found: Found = {}
    for head in ("welch", "independent", "unpaired"):
        found |= _interval(apart, head=(head,)) | {
            (f"{head}_{name[0]}",): value for name, value in _interval(apart).items()
        }
    try:
        together = paired(first, second, level=level)
    except NoAnswer:
        return found | _interval(apart)
    found |= _interval(together, head=("paired",)) | {
        (f"paired_{name[0]}",): value for name, value in _interval(together).items()
    }
    ratio = variance_ratio(first, second)
    found |= {
        (name,): ratio for name in ("variance_ratio", "variance_reduction", "variance_ratio_independent_over_paired")
    }
    found |= {("mean_difference",): together.mean, ("difference",): together.mean} | _interval(together)
    return found
