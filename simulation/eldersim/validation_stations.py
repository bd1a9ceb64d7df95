"""Translates cases with stations and classes (loss, delay, priority, reneging, networks, blocking, overflow, acuity)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from eldersim.laws import Law, law
from eldersim.network import Group, Network, Place, Present, Stream
from eldersim.network_observed import Where
from eldersim.rates import rate, steps
from eldersim.validation_case import Case, Row, UnknownKindError, leaves, tolerance, unknown
from eldersim.validation_runs import Measure, Question, Setting
from eldersim.validation_words import OUTSIDE, measure_for

ORDERS = {
    **dict.fromkeys(("fifo", "fcfs"), "fifo"),
    **dict.fromkeys(("lifo", "lcfs"), "lifo"),
    **dict.fromkeys(("random", "siro", "ros"), "random"),
    **dict.fromkeys(
        ("priority", "priority_nonpreemptive", "priority_non_preemptive", "nonpreemptive", "non_preemptive"), "priority"
    ),
    **dict.fromkeys(
        ("priority_preemptive", "priority_preemptive_resume", "preemptive", "preemptive_resume"), "displacing"
    ),
}
STATION_KEYS = {
    "id",
    "servers",
    "beds",
    "queue_capacity",
    "discipline",
    "reserve",
    "overflow_to",
    "internal_arrivals",
    "turnaround",
    "cleaning",
    "name",
}
CLASS_KEYS = {
    "id", "arrivals", "service", "priority", "patience", "routing", "hazards", "discharge_delay_in_bed", "waits", "initial", "initial_residents",
    "initial_residual", "name", "balks_if_full",
}  # fmt: skip
MODEL_KEYS = {"time_unit", "stations", "classes", "unit", "semantics", "notes", "initial_residents", "initial_residual"}
ARRIVAL_KEYS = {
    "station", "process", "rate", "interval", "interarrival", "mean_interarrival", "batch", "batch_size", "population", "times", "mean", "dist", "k",
    "rate_each", "rate_per_person", "rate_per_idle", "rate_per_source", "sources", "sd", "shape", "scale", "probs", "means", "value", "cv", "low", "high",
}  # fmt: skip


@dataclass(slots=True)
class Asked:
    """A translated case: settings to run, questions to answer from them, and rows that need no run."""

    settings: dict[str, Setting] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def ask_stations(case: Case) -> Asked:
    """The questions of a case with stations and classes, and of its scenario pair if it has one."""
    network = network_of(case.model)
    asked = Asked({"base": setting_of(case, network)})
    unit = str(case.model.get("time_unit", "day"))
    _ask(case, asked, "base", case.expected, unit, ())
    pair = case.whole.get("scenario_pair")
    if isinstance(pair, Mapping):
        changed = replace(network, places=_changed(network.places, str(pair.get("change", ""))))
        asked.settings["changed"] = setting_of(case, changed)
        _ask(case, asked, "changed", pair.get("expected") or {}, unit, ("scenario_pair",))
    return asked


def setting_of(case: Case, network: Network) -> Setting:
    """The network with the run sizes of the case."""
    return Setting(network, float(case.run.get("warmup", 0.0)), float(case.run.get("horizon", 10_000.0)))


def network_of(model: Mapping[str, Any]) -> Network:
    """The network that a model of stations and classes describes.

    Raises UnknownKindError for keys that are not known: what is not understood must not be left out silently.
    """
    _only(model, MODEL_KEYS, "the model")
    classes = [group for item in model["classes"] for group in [_group(item, model)]]
    places = tuple(_place(item) for item in model["stations"])
    if _has_hazards(model):
        places = (*places[:1], *(replace(place, holds=True, room=0) for place in places[1:]))
    finite = [_finite(item) for item in model["classes"]]
    return _with_population(
        Network(places, tuple(classes), tuple(_present(model))), [f for f in finite if f is not None]
    )


def _ask(case: Case, asked: Asked, setting: str, expected: Mapping[Any, Any], unit: str, path: tuple[str, ...]) -> None:
    network = asked.settings[setting].network
    special = _acuity_names(case.model) if _has_hazards(case.model) else {}
    for leaf, value in leaves(expected, path):
        name = "_".join(leaf[len(path) :])
        if not isinstance(value, int | float):
            asked.rows.append(unknown(case, ".".join(leaf), "this is no number", expected=value))
            continue
        try:
            measure, factor = (special[name], 1.0) if name in special else measure_for(name, network, unit=unit)
        except UnknownKindError as problem:
            asked.rows.append(unknown(case, ".".join(leaf), problem.message, expected=value))
            continue
        combine = None if factor == 1.0 else Times(factor)
        asked.questions.append(
            Question(leaf, float(value), tolerance(case, leaf, float(value)), ((setting, measure),), combine)
        )


@dataclass(frozen=True, slots=True)
class Times:
    """Multiplies by a constant; an object, so that it can be compared and shown."""

    factor: float

    def __call__(self, values: Sequence[float]) -> float:
        return self.factor * values[0]


def _place(item: Mapping[str, Any]) -> Place:
    _only(item, STATION_KEYS, f"station {item.get('id')}")
    servers = item.get("servers", item.get("beds"))
    order = str(item.get("discipline", "fifo"))
    if order not in ORDERS:
        raise UnknownKindError(
            "DISCIPLINE_UNKNOWN", f"There is no discipline {order!r}.", remedy=f"Known are {', '.join(sorted(ORDERS))}."
        )
    internal = item.get("internal_arrivals")
    if internal not in (None, "block_after_service", "queue", "lost"):
        raise UnknownKindError(
            "INTERNAL_UNKNOWN",
            f"{internal!r} is no rule for internal arrivals.",
            remedy="Known is block_after_service.",
        )
    room = item.get("queue_capacity")
    return Place(
        str(item["id"]),
        None if servers in (None, "infinite", "inf", math.inf) else tuple((t, round(n)) for t, n in steps(servers)),
        room=_room(room, internal),
        order=ORDERS[order],
        kept={str(name): int(count) for name, count in (item.get("reserve") or {}).items()},
        overflow=item.get("overflow_to"),
        holds=internal == "block_after_service",
        turnaround=float(item.get("turnaround", item.get("cleaning", 0.0))),
    )


def _room(given: Any, internal: Any) -> int | None:
    """How many may wait; where people are blocked after service and nothing is said, nobody waits outside a bed."""
    if given in (None, "infinite", "unlimited"):
        return 0 if given is None and internal == "block_after_service" else None
    return int(given)


def _group(item: Mapping[str, Any], model: Mapping[str, Any]) -> Group:
    name = str(item["id"])
    _only(item, CLASS_KEYS, f"class {name}")
    if "hazards" in item:
        return _by_hazards(item, [str(station["id"]) for station in model["stations"]])
    given = item.get("arrivals") or []
    streams = [
        _stream(one)
        for one in (given if isinstance(given, list) else [given])
        if "population" not in one and "sources" not in one
    ]
    stations = [str(station["id"]) for station in model["stations"]]
    return Group(
        name,
        tuple(streams),
        {str(at): law(value) for at, value in _by_station(item.get("service"), stations).items()},
        {str(at): law(value) for at, value in _by_station(item.get("patience"), stations).items()},
        {
            str(at): {str(to): float(chance) for to, chance in row.items()}
            for at, row in (item.get("routing") or {}).items()
        },
        {str(to): law(value) for to, value in (item.get("discharge_delay_in_bed") or {}).items()},
        urgency=float(item.get("priority", 0)),
        waits=bool(item.get("waits", not item.get("balks_if_full", False))),
    )


def _by_station(given: Any, stations: Sequence[str]) -> Mapping[str, Any]:
    """A law for each station; one law without station names holds at all of them."""
    if given is None:
        return {}
    if isinstance(given, Mapping) and "dist" not in given:
        return given
    return dict.fromkeys(stations, given)


def _stream(given: Mapping[str, Any]) -> Stream:
    _only(given, ARRIVAL_KEYS, "arrivals")
    place, process = str(given["station"]), str(given.get("process", "poisson"))
    batch = given.get("batch_size", given.get("batch"))
    sizes = None if batch is None else _sizes(batch)
    if "times" in given:
        return Stream(place, times=tuple(float(time) for time in given["times"]), batch=sizes)
    if process in ("poisson", "batch_poisson", "compound_poisson", "poisson_batch", "nonhomogeneous_poisson", "batch"):
        amount = given["rate"] if "rate" in given else 1 / float(given.get("mean_interarrival", given.get("interval")))
        return Stream(place, rate=rate(amount), batch=sizes)
    if process in ("deterministic", "regular", "fixed"):
        return Stream(
            place,
            between=Law(
                "deterministic", (float(given.get("interval", given.get("value", 0))) or 1 / float(given["rate"]),)
            ),
            batch=sizes,
        )
    if process in ("renewal", "general", "gi"):
        return Stream(place, between=law(given.get("interarrival", given.get("interval", given))), batch=sizes)
    if "interarrival" in given:
        return Stream(place, between=law(given["interarrival"]), batch=sizes)
    if {"mean", "k", "shape", "probs"} & set(given):
        return Stream(place, between=law({**given, "dist": process}), batch=sizes)
    raise UnknownKindError(
        "PROCESS_UNKNOWN",
        f"There is no arrival process {process!r}.",
        remedy="Known are poisson, deterministic, renewal, batch_poisson, finite_source.",
    )


def _sizes(batch: Any) -> Law:
    if isinstance(batch, Mapping) and "dist" not in batch:
        return law({"dist": "empirical", "values": list(batch), "probs": list(batch.values())})
    return law(batch)


def _finite(item: Mapping[str, Any]) -> tuple[str, str, int, Law] | None:
    """A class with a finite population: (class, station, people, time until each asks again)."""
    given = item.get("arrivals")
    if not isinstance(given, Mapping) or not {"population", "sources"} & set(given):
        return None
    people = int(given.get("population", given.get("sources")))
    for key in ("rate_each", "rate_per_person", "rate_per_idle", "rate_per_source", "rate"):
        if key in given:
            return str(item["id"]), str(given["station"]), people, Law("exponential", (1 / float(given[key]),))
    return (
        str(item["id"]),
        str(given["station"]),
        people,
        law(
            given.get(
                "interarrival", given.get("interval", {"dist": "exponential", "mean": given.get("mean_interarrival")})
            )
        ),
    )


def _with_population(network: Network, finite: Sequence[tuple[str, str, int, Law]]) -> Network:
    """People of a finite population live outside between two stays, and go back there when refused."""
    if not finite:
        return network
    groups, present = list(network.groups), list(network.present)
    for name, station, people, away in finite:
        index = next(i for i, group in enumerate(groups) if group.name == name)
        group = groups[index]
        routing = {**group.routing, OUTSIDE: {station: 1.0}}
        routing.setdefault(station, {OUTSIDE: 1.0})
        groups[index] = replace(group, stays={**group.stays, OUTSIDE: away}, routing=routing)
        present.append(Present(name, OUTSIDE, people, away))
    stations = {station for _, station, _, _ in finite}
    places = tuple(
        replace(place, overflow=OUTSIDE)
        if place.name in stations and place.room is not None and place.overflow is None
        else place
        for place in network.places
    )
    return Network((*places, Place(OUTSIDE, None)), tuple(groups), tuple(present))


def _present(model: Mapping[str, Any]) -> list[Present]:
    """People there at the start, given by class as a number or by station; what is left of their stay is the given law or the whole one."""
    found = []
    stations = [str(station["id"]) for station in model["stations"]]
    for item in model["classes"]:
        given = item.get(
            "initial_residents",
            item.get("initial", model.get("initial_residents") if len(model["classes"]) == 1 else None),
        )
        if given is None:
            continue
        by_station = given if isinstance(given, Mapping) else {stations[0]: given}
        laws = _by_station(item.get("service"), stations)
        residual = item.get("initial_residual", model.get("initial_residual"))
        for at, count in by_station.items():
            law_given = residual if isinstance(residual, Mapping) and "dist" in residual else laws[str(at)]
            found.append(Present(str(item["id"]), str(at), int(count), law(law_given)))
    return found


def _by_hazards(item: Mapping[str, Any], stations: Sequence[str]) -> Group:
    """Residents who may become disabled: two stays, the second of which runs on wherever the person lives."""
    hazards = {str(key): float(value) for key, value in item["hazards"].items()}
    if set(hazards) != {"independent_exit", "independent_to_disabled", "disabled_exit"} or len(stations) != 2:
        raise UnknownKindError(
            "HAZARDS_UNKNOWN",
            f"The hazards {sorted(hazards)} are not known.",
            remedy="Known: independent_exit, independent_to_disabled, disabled_exit, two stations.",
        )
    worse, out = hazards["independent_to_disabled"], hazards["independent_exit"]
    first, second = stations
    given = item["arrivals"]
    return Group(
        str(item["id"]),
        tuple(_stream(one) for one in (given if isinstance(given, list) else [given])),
        {first: Law("exponential", (1 / (worse + out),)), second: Law("exponential", (1 / hazards["disabled_exit"],))},
        {str(at): law(value) for at, value in _by_station(item.get("patience"), stations[:1]).items()},
        {first: {second: worse / (worse + out), "exit": out / (worse + out)}},
        running=frozenset([second]),
        urgency=float(item.get("priority", 0)),
    )


def _has_hazards(model: Mapping[str, Any]) -> bool:
    return any("hazards" in item for item in model["classes"])


def _acuity_names(model: Mapping[str, Any]) -> dict[str, Measure]:
    """The numbers of an acuity case: who lives where in which state. Misplaced are those blocked in a general bed."""
    general, nursing = Where(places=(0,)), Where(places=(1,))
    arrivals = {"prob_referral_lost": Measure("share_refused", general), "prob_loss": Measure("share_refused", general)}
    names = [str(station["id"]) for station in model["stations"]]
    return {
        **arrivals,
        "mean_independent": Measure("in_service", general),
        "mean_misplaced_disabled": Measure("blocked", general),
        "mean_misplaced": Measure("blocked", general),
        f"mean_{names[1]}": Measure("occupied", nursing),
        f"mean_{names[0]}_beds_used": Measure("occupied", general),
        "mean_wait": Measure("wait_of_admitted", general),
        "mean_queue": Measure("queue", general),
    }


def _changed(places: Sequence[Place], change: str) -> tuple[Place, ...]:
    found = re.match(r"^(\w+) beds (\d+) *-> *(\d+)$", change.strip())
    if not found or found[1] not in [place.name for place in places]:
        raise UnknownKindError(
            "CHANGE_UNKNOWN",
            f"The change {change!r} is not understood.",
            remedy="Write for example: nursing beds 18 -> 24.",
        )
    return tuple(replace(place, beds=((0.0, int(found[3])),)) if place.name == found[1] else place for place in places)


def _only(given: Mapping[str, Any], known: set[str], what: str) -> None:
    extra = sorted(set(map(str, given)) - known)
    if extra:
        raise UnknownKindError(
            "KEY_UNKNOWN",
            f"{what} has keys that are not known here: {', '.join(extra)}.",
            remedy="Leave them out or extend the translation.",
            path=extra,
        )
