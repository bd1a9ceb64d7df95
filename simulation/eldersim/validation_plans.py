"""Translates planning cases: pooling against separate places, fewest beds for a target, one-way sensitivity."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from eldersim.laws import Law, law
from eldersim.network import Group, Network, Place, Stream
from eldersim.rates import Rate, rate
from eldersim.validation_case import Case, UnknownKindError, leaves, tolerance, unknown
from eldersim.validation_runs import Measure, Question, Setting
from eldersim.validation_stations import Asked, Times, network_of
from eldersim.validation_words import measure_for

CHANGE = re.compile(r"^(arrivals|rate|los|beds|patience)_(plus|minus)([0-9.]+)(pct)?$")
SINGLE_KEYS = {
    "beds",
    "beds_each",
    "servers",
    "rate",
    "rate_each",
    "service",
    "centres",
    "patience",
    "queue_capacity",
    "arrival_rate",
}


def ask_pooling(case: Case) -> Asked:
    """The numbers of several organisations of the same beds; ``wait_ratio`` is the first's mean wait over the second's."""
    plans = {str(name): plan for name, plan in case.model.items() if isinstance(plan, Mapping)}
    warmup, horizon = float(case.run.get("warmup", 0.0)), float(case.run.get("horizon", 10_000.0))
    asked = Asked({name: Setting(_single(plan), warmup, horizon) for name, plan in plans.items()})
    for leaf, value in leaves(case.expected):
        try:
            parts, combine = _pooled(asked, plans, "_".join(leaf))
        except UnknownKindError as problem:
            asked.rows.append(unknown(case, ".".join(leaf), problem.message, expected=value))
            continue
        asked.questions.append(Question(leaf, float(value), tolerance(case, leaf, float(value)), parts, combine))
    return asked


def _single(plan: Mapping[str, Any]) -> Network:
    """One place of an organisation; others like it behave the same."""
    extra = sorted(set(map(str, plan)) - SINGLE_KEYS)
    if extra:
        raise UnknownKindError(
            "KEY_UNKNOWN",
            f"The plan has keys that are not known here: {', '.join(extra)}.",
            remedy="Leave them out.",
            path=extra,
        )
    beds = plan.get("beds_each", plan.get("beds", plan.get("servers")))
    amount = plan.get("rate_each", plan.get("rate", plan.get("arrival_rate")))
    if beds is None or amount is None:
        raise UnknownKindError(
            "PLAN_UNKNOWN", "The plan gives no beds or no rate.", remedy="Give beds_each and rate_each."
        )
    patience = {"beds": law(plan["patience"])} if "patience" in plan else {}
    room = plan.get("queue_capacity")
    group = Group("resident", (Stream("beds", rate=rate(amount)),), {"beds": law(plan["service"])}, patience)
    return Network((Place("beds", ((0.0, int(beds)),), room=None if room is None else int(room)),), (group,))


@dataclass(frozen=True, slots=True)
class Quotient:
    """The first value over the second."""

    def __call__(self, values: Sequence[float]) -> float:
        """The answer from two values."""
        return values[0] / values[1]


def _pooled(
    asked: Asked, plans: Mapping[str, Mapping[str, Any]], name: str
) -> tuple[tuple[tuple[str, Measure], ...], Any]:
    if name.endswith("_ratio"):
        stem = {"wait": "mean_wait", "queue": "mean_queue"}.get(
            name.removesuffix("_ratio"), name.removesuffix("_ratio")
        )
        first, second = list(plans)[:2]
        measure, _ = measure_for(stem, asked.settings[first].network)
        return ((first, measure), (second, measure)), Quotient()
    plan = next((plan for plan in sorted(plans, key=len, reverse=True) if name.startswith(f"{plan}_")), None)
    if plan is None:
        raise UnknownKindError(
            "PLAN_UNKNOWN", f"{name!r} begins with no plan of the model.", remedy=f"Known are {', '.join(plans)}."
        )
    stem = name.removeprefix(f"{plan}_")
    total = stem.endswith("_total")
    measure, factor = measure_for(stem.removesuffix("_total"), asked.settings[plan].network)
    factor *= float(plans[plan].get("centres", 1)) if total else 1.0
    return ((plan, measure),), None if factor == 1.0 else Times(factor)


def ask_sensitivity(case: Case) -> Asked:
    """One measure of another case (its mean wait) when one input is changed: arrivals, stays, patience or beds."""
    name = str(case.model["base"])
    source = case.others.get(name)
    if source is None:
        raise UnknownKindError("BASE_MISSING", f"The case {name} is not in this file.", remedy="Add it.")
    network, run = network_of(source["model"]), source.get("run") or {}
    measure, _ = measure_for(str(case.model.get("measure", "mean_wait")), network)
    asked = Asked()
    for leaf, value in leaves(case.expected):
        try:
            changed = network if leaf == ("base",) else _changed(network, "_".join(leaf))
        except UnknownKindError as problem:
            asked.rows.append(unknown(case, ".".join(leaf), problem.message, expected=value))
            continue
        setting = "_".join(leaf)
        asked.settings[setting] = Setting(changed, float(run.get("warmup", 0.0)), float(run.get("horizon", 10_000.0)))
        asked.questions.append(Question(leaf, float(value), tolerance(case, leaf, float(value)), ((setting, measure),)))
    return asked


def _changed(network: Network, change: str) -> Network:
    found = CHANGE.match(change)
    if not found:
        raise UnknownKindError(
            "CHANGE_UNKNOWN",
            f"The change {change!r} is not understood.",
            remedy="Write for example arrivals_plus2pct or beds_minus2.",
        )
    what, sign, amount, percent = found[1], 1.0 if found[2] == "plus" else -1.0, float(found[3]), found[4]
    if what == "beds":
        places = tuple(replace(place, beds=_more(place.beds, sign * amount, bool(percent))) for place in network.places)
        return replace(network, places=places)
    factor = 1 + sign * amount / 100 if percent else None
    if factor is None:
        raise UnknownKindError(
            "CHANGE_UNKNOWN", f"{change!r}: only beds change by a number.", remedy="Give a percentage."
        )
    return replace(network, groups=tuple(_scaled(group, what, factor) for group in network.groups))


def _more(
    beds: tuple[tuple[float, int], ...] | None, amount: float, percent: bool
) -> tuple[tuple[float, int], ...] | None:
    if beds is None:
        return None
    return tuple(
        (time, round(number * (1 + amount / 100)) if percent else number + round(amount)) for time, number in beds
    )


def _scaled(group: Group, what: str, factor: float) -> Group:
    if what in ("arrivals", "rate"):
        return replace(group, streams=tuple(_faster(stream, factor) for stream in group.streams))
    if what == "los":
        return replace(group, stays={name: stretched(stay, factor) for name, stay in group.stays.items()})
    return replace(group, patience={name: stretched(wait, factor) for name, wait in group.patience.items()})


def _faster(stream: Stream, factor: float) -> Stream:
    if stream.rate is not None:
        return replace(
            stream,
            rate=Rate(f"{factor!r}*({stream.rate.text})")
            if stream.rate.constant is None
            else Rate(repr(factor * stream.rate.constant)),
        )
    if stream.between is not None:
        return replace(stream, between=stretched(stream.between, 1 / factor))
    return stream


SCALED = {  # which parameters of a law are lengths of time
    "exponential": (0,), "deterministic": (0,), "gamma": (1,), "weibull": (1,), "uniform": (0, 1), "triangular": (0, 1, 2), "normal": (0, 1),
}  # fmt: skip


def stretched(given: Law, factor: float) -> Law:
    """The same law with every duration longer by a factor.

    >>> stretched(Law("gamma", (2.0, 3.0)), 2.0)
    Law(kind='gamma', parameters=(2.0, 6.0))
    """
    values = list(given.parameters)
    half = len(values) // 2
    if given.kind == "lognormal":
        return Law(given.kind, (values[0] + math.log(factor), values[1]))
    if given.kind == "gompertz":
        return Law(given.kind, (values[0] / factor, values[1] / factor))
    scaled = {"hyperexponential": tuple(range(half, 2 * half)), "empirical": tuple(range(half)), **SCALED}[given.kind]
    return Law(given.kind, tuple(value * factor if i in scaled else value for i, value in enumerate(values)))
