"""Translates cases of published models: two wards of a stroke service, a critical care unit, blocking between levels."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from eldersim.laws import law
from eldersim.network import Group, Network, Place, Stream
from eldersim.network_observed import Where
from eldersim.rates import Rate
from eldersim.validation_case import Case, leaves, left_out, tolerance, unknown
from eldersim.validation_runs import ERRORS_FOR_PUBLISHED, EVERYWHERE, Measure, Question, Setting
from eldersim.validation_stations import Asked, Times, network_of

NOT_COMPARED = "a spread or a mean over finished records only: the case says to compare time averages"
VARIANT = re.compile(r"^variant_(\w+?)_(\d+)_beds(?:_long_run)?$")
# Of how many replications a reference was made is often not said; two half widths leave room for few.
HALF_WIDTHS = 2.0
RELATIVE = 0.05


def reference_band(case: Case, path: tuple[str, ...], given: Mapping[str, Any], relative: float) -> float:
    """How far an answer may be from a reference that is itself simulated: the tolerance, or two of its own half widths."""
    own = HALF_WIDTHS * float(given.get("half_width_95", 0.0))
    return max(relative * abs(float(given["mean"])), own)


def _published(
    path: tuple[str, ...],
    expected: float,
    allowed: float,
    parts: tuple[tuple[str, Measure], ...],
    combine: Callable[[Sequence[float]], float] | None = None,
) -> Question:
    """A question about a number that is itself uncertain."""
    return Question(path, expected, allowed, parts, combine, errors=ERRORS_FOR_PUBLISHED)


def ask_levels(case: Case) -> Asked:
    """Stations with blocking against published time averages and a reference simulation."""
    network = network_of(case.model)
    warmup, horizon = float(case.run.get("warmup", 0.0)), float(case.run.get("horizon", 365.0))
    asked = Asked({"base": Setting(network, warmup, horizon, tail=horizon)})
    reference = case.expected.get("reference") or {}
    for variant, rows in reference.items():
        setting, span = _variant(asked, network, str(variant), warmup, horizon)
        for name, given in rows.items():
            _ask_reference(case, asked, setting, span, ("reference", str(variant), str(name)), given)
    spreads = {str(name): row for rows in reference.values() for name, row in rows.items() if "sd_between_reps" in row}
    for leaf, value in leaves(case.expected.get("published") or {}, ("published",)):
        _ask_published(case, asked, leaf, value, spreads)
    return asked


def _variant(asked: Asked, network: Network, name: str, warmup: float, horizon: float) -> tuple[str, float]:
    found = VARIANT.match(name)
    if not found:
        return "base", horizon
    places = tuple(replace(p, beds=((0.0, int(found[2])),)) if p.name == found[1] else p for p in network.places)
    asked.settings[name] = Setting(replace(network, places=places), 4 * warmup, 10 * horizon, tail=horizon)
    return name, 10 * horizon


SHORT_NAMES = {
    "occ": "occupied",
    "blocked": "blocked",
    "los": "length_of_stay",
    "q": "queue",
    "wait": "wait_of_admitted",
}


def _ask_reference(
    case: Case, asked: Asked, setting: str, span: float, path: tuple[str, ...], given: Mapping[str, Any]
) -> None:
    network = asked.settings[setting].network
    head, _, rest = path[-1].partition("_")
    words = (head, rest.removesuffix("_all"))
    names = [place.name for place in network.places]
    where = Where(places=(names.index(words[1]),)) if words[1] in names else EVERYWHERE
    relative = float(case.tolerance.get("vs_reference_relative", RELATIVE))
    band = reference_band(case, path, given, relative)
    measure = Measure(SHORT_NAMES[words[0]], where) if words[0] in SHORT_NAMES else None
    if words[0] == "blk":
        measure = Measure("blocking_time_of_all", where)
    if words[0] == "tis":
        measure = Measure("time_in_system")
    if words[0] == "exit" and setting == "base":
        part = (setting, Measure("departures"))
        asked.questions.append(_published((*path, "mean"), float(given["mean"]), band, (part,), Times(span)))
    elif measure is None:
        asked.rows.append(left_out(case, (*path, "mean"), given["mean"], "the length of the long run is not given"))
    else:
        asked.questions.append(_published((*path, "mean"), float(given["mean"]), band, ((setting, measure),)))


def _ask_published(
    case: Case, asked: Asked, leaf: tuple[str, ...], value: Any, spreads: Mapping[str, Mapping[str, Any]]
) -> None:
    names = [place.name for place in asked.settings["base"].network.places]
    quantity, place = leaf[1], leaf[-1] if leaf[-1] in names else leaf[1].rpartition("_")[2]
    short = {"time_average_occupied": "occ", "time_average_blocked": "blocked", "time_average_queue": "q"}
    stem = quantity.removesuffix(f"_{place}")
    spread = spreads.get(f"{short.get(stem)}_{place}")
    if stem not in short or spread is None:
        asked.rows.append(left_out(case, leaf, value, NOT_COMPARED))
        return
    measure = Measure(SHORT_NAMES[short[stem]], Where(places=(names.index(place),)))
    band = 3 * float(spread["sd_between_reps"]) / math.sqrt(float(case.run.get("reps", 100)))
    asked.questions.append(_published(leaf, float(value), band, (("base", measure),)))


def ask_critical_care(case: Case) -> Asked:
    """A unit of several numbers of beds: unplanned patients queue, elective ones are cancelled when no bed is ready."""
    warmup, horizon = float(case.run["warmup"]), float(case.run["horizon"])
    asked = Asked(
        {
            str(beds): Setting(critical_care(case.model, int(beds)), warmup, horizon, tail=horizon)
            for beds in case.model["beds"]
        }
    )
    groups = len(case.model["unplanned"])
    for leaf, value in leaves(case.expected.get("published") or {}, ("published",)):
        beds = leaf[1] if leaf[1] in asked.settings else next(iter(asked.settings))
        _ask_unit(case, asked, leaf, value, beds, groups, tolerance(case, leaf, float(value)))
    for name, rows in (case.expected.get("reference") or {}).items():
        for measure, given in rows.items():
            relative = {"cancelled": "cancelled_relative", "wait_unplanned": "mean_wait_relative"}.get(str(measure), "")
            band = reference_band(case, (), given, float(case.tolerance.get(relative, RELATIVE)))
            _ask_unit(
                case, asked, ("reference", str(name), str(measure)), given["mean"], str(name).split()[-1], groups, band
            )
    return asked


def critical_care(model: Mapping[str, Any], beds: int) -> Network:
    """The unit with so many beds."""
    groups = [
        Group(
            str(name),
            (Stream("unit", rate=Rate(repr(1 / float(row["mean_interarrival"])))),),
            {"unit": law(row["los"])},
        )
        for name, row in model["unplanned"].items()
    ]
    elective = model["elective"]
    groups.append(
        Group(
            "elective",
            (Stream("unit", between=law(elective["interarrival"])),),
            {"unit": law(elective["los"])},
            waits=False,
        )
    )
    return Network((Place("unit", ((0.0, beds),), turnaround=float(model.get("cleaning_hours", 0.0))),), tuple(groups))


def _ask_unit(case: Case, asked: Asked, leaf: tuple[str, ...], value: Any, beds: str, groups: int, band: float) -> None:
    span = asked.settings[beds].horizon
    elective, unplanned = Where(groups=(groups,)), Where(groups=tuple(range(groups)))
    known: dict[str, tuple[Measure, float]] = {
        "cancelled_elective_per_8640h": (Measure("refusals", elective), span),
        "cancelled": (Measure("refusals", elective), span),
        "utilisation": (Measure("stays_of_discharged"), 1 / float(beds)),
        "util_pub_def": (Measure("stays_of_discharged"), 1 / float(beds)),
        "occ_pub_def": (Measure("stays_of_discharged"), 1.0),
        "occupancy": (Measure("stays_of_discharged"), 1.0),
        "mean_wait_unplanned": (Measure("wait_of_admitted", unplanned), 1.0),
        "wait_unplanned": (Measure("wait_of_admitted", unplanned), 1.0),
        "occ_incl_cleaning": (Measure("in_use"), 1.0),
        "occ_treat": (Measure("occupied"), 1.0),
        "patient_count": (Measure("arrivals"), span),
        "count": (Measure("arrivals"), span),
        "queue": (Measure("queue"), 1.0),
    }
    if leaf[-1] == "sd":
        asked.rows.append(left_out(case, leaf, value, NOT_COMPARED))
    elif leaf[-1] in known:
        measure, factor = known[leaf[-1]]
        asked.questions.append(
            _published(leaf, float(value), band, ((beds, measure),), None if factor == 1.0 else Times(factor))
        )
    else:
        asked.rows.append(unknown(case, ".".join(leaf), "this number of the unit is not known", expected=value))
