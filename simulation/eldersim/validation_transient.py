"""Translates cases that follow one place over time: changing referrals and beds, people present at the start, two scenarios."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eldersim.laws import law
from eldersim.network import Group, Network, Place, Present, Stream
from eldersim.rates import rate, steps
from eldersim.validation_case import Case, UnknownKindError, leaves, tolerance, unknown
from eldersim.validation_runs import Measure, Question, Setting
from eldersim.validation_stations import ORDERS, Asked

KEYS = {
    "time_unit", "arrival_rate", "service", "servers", "beds", "stations", "initial_residents", "initial_residual", "initial", "patience",
    "queue_capacity", "horizon", "scenarios", "discipline", "semantics", "notes",
}  # fmt: skip
AT = {
    "beds": "beds_at",
    "expected_in_system": "present_at",
    "expected_occupied": "in_bed_at",
    "mean_occupied": "in_bed_at",
    "expected_waiting": "waiting_at",
    "mean_waiting": "waiting_at",
    "prob_all_beds_full": "full_at",
    "prob_full": "full_at",
    "cum_arrivals": "arrivals_until",
    "cum_arrivals_finding_full": "found_full_until",
    "cum_lost": "refused_until",
    "cum_died_or_left_waiting": "gave_up_until",
    "cum_left_waiting": "gave_up_until",
    "cum_admissions": "admitted_until",
    "cum_waiting_person_time": "waiting_time_until",
    "cum_bed_time": "bed_time_until",
    "mean": "in_bed_at",
    "variance": "in_bed_at",
}
TIME = re.compile(r"^t\s*=\s*([0-9.eE+-]+)$")
PHASES = 48
HARMONICS = 3


@dataclass(frozen=True, slots=True)
class Peak:
    """The height of a periodic curve, or the lag of its peak behind that of the rate, from its values at equal phases.

    A few harmonics are fitted, so that chance does not make the highest of many values.
    """

    of_rate: float | None = None

    def __call__(self, values: Sequence[float]) -> float:
        """The answer from one value at each phase."""
        spectrum = np.fft.rfft(np.array(values)) / len(values)
        grid = np.arange(20_000) / 20_000
        curve = np.full(len(grid), spectrum[0].real)
        for order in range(1, min(HARMONICS, len(spectrum) - 1) + 1):
            curve += 2 * (spectrum[order] * np.exp(2j * np.pi * order * grid)).real
        if self.of_rate is None:
            return float(curve.max())
        return float((grid[int(curve.argmax())] - self.of_rate) % 1.0)


def ask_transient(case: Case) -> Asked:
    """The questions of a case that follows one place over time."""
    if "scenarios" in case.model:
        return _ask_scenarios(case)
    network = place_over_time(case.model)
    times = [float(TIME.match(word)[1]) for leaf, _ in leaves(case.expected) for word in leaf if TIME.match(word)]  # type: ignore[index]
    warmup = float(case.run.get("warmup", 0.0))
    asked = Asked({"base": Setting(network, 0.0, warmup + max([*times, 1.0]) + 1e-6)})
    for leaf, value in leaves(case.expected):
        _ask_leaf(case, asked, leaf, value, warmup)
    return asked


def place_over_time(model: Mapping[str, Any], *, beds: Any = None) -> Network:
    """The network of one place with a changing rate of arrivals.

    Raises UnknownKindError for keys that are not known.
    """
    extra = sorted(set(map(str, model)) - KEYS)
    if extra:
        raise UnknownKindError(
            "KEY_UNKNOWN",
            f"The model has keys that are not known here: {', '.join(extra)}.",
            remedy="Leave them out.",
            path=extra,
        )
    station = (model.get("stations") or [{}])[0]
    servers = next(
        (
            item
            for item in (beds, model.get("beds"), model.get("servers"), station.get("servers"), station.get("beds"))
            if item is not None
        ),
        "infinite",
    )
    room = model.get("queue_capacity", station.get("queue_capacity"))
    place = Place(
        "beds",
        None if servers == "infinite" else tuple((t, round(n)) for t, n in steps(servers)),
        room=None if room is None else int(room),
        order=ORDERS.get(str(model.get("discipline", station.get("discipline", "fifo"))), "fifo"),
    )
    stay = law(model["service"])
    group = Group(
        "resident",
        (Stream("beds", rate=rate(model["arrival_rate"])),),
        {"beds": stay},
        {"beds": law(model["patience"])} if "patience" in model else {},
    )
    residual = model.get("initial_residual")
    remaining = law(residual) if isinstance(residual, Mapping) else stay
    count = int(model.get("initial_residents") or 0)
    return Network((place,), (group,), (Present("resident", "beds", count, remaining),) if count else ())


def _ask_leaf(case: Case, asked: Asked, leaf: tuple[str, ...], value: Any, warmup: float) -> None:
    moment = next((float(found[1]) for found in map(TIME.match, leaf) if found), None)
    words = [word for word in leaf if not TIME.match(word)]
    allowed = tolerance(case, leaf, float(value))
    if moment is not None and len(words) == 1 and words[0] in AT:
        part = ("base", Measure(AT[words[0]], argument=warmup + moment))
        asked.questions.append(Question(leaf, float(value), allowed, (part,), of_variance=words[0] == "variance"))
    elif words == ["max_mean_occupied"] or words == ["lag_of_peak_behind_arrival_peak"]:
        combine = Peak() if words == ["max_mean_occupied"] else Peak(_peak_of(rate(case.model["arrival_rate"])))
        parts = tuple(("base", Measure("in_bed_at", argument=warmup + phase / PHASES)) for phase in range(PHASES))
        asked.questions.append(Question(leaf, float(value), allowed, parts, combine))
    else:
        asked.rows.append(unknown(case, ".".join(leaf), "this number over time is not known", expected=value))


def _peak_of(changing: Any) -> float:
    """When in its first unit of time a rate is highest."""
    grid = np.arange(100_000) / 100_000
    return float(grid[int(changing.at(grid).argmax())])


SCENARIO_MEASURES = {
    "mean_number_waiting": ("waiting_time_until", True),
    "mean_number_occupied": ("bed_time_until", True),
    "mean_occupied": ("bed_time_until", True),
    "deaths_while_waiting": ("gave_up_until", False),
    "left_while_waiting": ("gave_up_until", False),
    "admissions": ("admitted_until", False),
    "lost": ("refused_until", False),
}


def _ask_scenarios(case: Case) -> Asked:
    """Scenarios over the same people: each one's numbers, their differences, and how much the shared luck is worth."""
    model = {key: value for key, value in case.model.items() if key != "scenarios"}
    horizon = float(case.model.get("horizon", case.run.get("horizon", 10)))
    asked = Asked(
        {
            str(name): Setting(place_over_time({**model, **given}), 0.0, horizon)
            for name, given in case.model["scenarios"].items()
        }
    )
    names = list(asked.settings)
    for leaf, value in leaves(case.expected):
        if "reference" in leaf:
            continue
        kind, measure = leaf[0], leaf[-1]
        if kind == "variance_ratio_independent_over_paired":
            _ask_ratio(case, asked, leaf, float(value), names, horizon)
        elif measure in SCENARIO_MEASURES and kind in (*names, "difference"):
            _ask_scenario(case, asked, leaf, float(value), names, horizon)
        else:
            asked.rows.append(unknown(case, ".".join(leaf), "this number of a scenario is not known", expected=value))
    return asked


def _ask_scenario(
    case: Case, asked: Asked, leaf: tuple[str, ...], value: float, names: Sequence[str], horizon: float
) -> None:
    function, average = SCENARIO_MEASURES[leaf[-1]]
    wanted = [leaf[0]] if leaf[0] in names else [names[1], names[0]]
    parts = tuple((name, Measure(function, argument=horizon)) for name in wanted)
    asked.questions.append(
        Question(leaf, value, tolerance(case, leaf, value), parts, Share(horizon if average else 1.0))
    )


def _ask_ratio(
    case: Case, asked: Asked, leaf: tuple[str, ...], value: float, names: Sequence[str], horizon: float
) -> None:
    for measure in ("mean_number_waiting", "deaths_while_waiting"):
        parts = tuple((name, Measure(SCENARIO_MEASURES[measure][0], argument=horizon)) for name in names[:2])
        asked.questions.append(Question((*leaf, measure), value, math.inf, parts, of_sharing=True))


@dataclass(frozen=True, slots=True)
class Share:
    """The first value, less the second if there are two, per unit of time."""

    span: float

    def __call__(self, values: Sequence[float]) -> float:
        """The answer from one or two values."""
        return (values[0] - (values[1] if len(values) > 1 else 0.0)) / self.span
