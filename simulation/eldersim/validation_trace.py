"""Translates cases of the trace family: a few named people with given times, compared event by event and sum by sum."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from eldersim.laws import law
from eldersim.network import Group, Network, Place, Stream
from eldersim.network_events import events_of
from eldersim.network_observed import Observed, Ratio, Where
from eldersim.network_occupancy import open_beds, peak_occupied, peak_queue, utilisation
from eldersim.network_outcome import (
    arrivals,
    discharges,
    occupied,
    queue,
    share_giving_up,
    share_refused,
    throughput,
    time_in_system,
    wait_of_admitted,
    wait_until_admission,
)
from eldersim.network_run import NetworkRun, simulate_network
from eldersim.rates import steps
from eldersim.validation_case import FAILED, PASSED, Case, Row, UnknownKindError, judge, leaves, unknown
from eldersim.validation_stations import ORDERS, Asked, network_of

PERSON_KEYS = {"id", "t", "los", "patience", "priority", "class", "time", "arrival", "stay"}
MODEL_KEYS = {
    "beds",
    "horizon",
    "warmup",
    "horizon_after_warmup",
    "arrivals",
    "discipline",
    "queue_capacity",
    "time_unit",
    "turnaround",
    "semantics",
}
VERBS = {
    "admit": "admit", "admits": "admit", "admitted": "admit", "queue": "wait", "queues": "wait", "waits": "wait", "joins": "wait",
    "discharge": "discharge", "discharges": "discharge", "discharged": "discharge", "leaves": "give up", "reneges": "give up", "dies": "give up",
    "gives": "give up", "renege": "give up", "refuse": "refuse", "refused": "refuse", "lost": "refuse", "lose": "refuse", "reject": "refuse",
    "rejected": "refuse", "displace": "displace", "displaced": "displace", "preempt": "displace", "preempted": "displace",
    "interrupt": "displace", "interrupted": "displace", "resume": "resume", "resumes": "resume", "resumed": "resume",
}  # fmt: skip
ALL = Where()


def ask_trace(case: Case) -> Asked:
    """Runs the given people once and compares the log and every metric."""
    extra = sorted(set(map(str, case.model)) - MODEL_KEYS - {"stations", "classes"})
    if extra:
        raise UnknownKindError(
            "KEY_UNKNOWN",
            f"The model has keys that are not known here: {', '.join(extra)}.",
            remedy="Leave them out.",
            path=extra,
        )
    network = network_of(case.model) if "stations" in case.model else people_as_network(case.model)
    warmup = float(case.model.get("warmup", 0.0))
    horizon = float(case.model.get("horizon_after_warmup", float(case.model.get("horizon", 0.0)) - warmup))
    # One tick past the end, so that what happens at the very end is in the log.
    run = simulate_network(network, seed=0, replication=0, warmup=warmup, horizon=horizon * 2 + 1)
    rows = [*_log_rows(case, run, warmup + horizon), *_metric_rows(case, Observed(run, until=warmup + horizon))]
    return Asked(rows=rows)


def people_as_network(model: Mapping[str, Any]) -> Network:
    """One place and one group for each named person."""
    room = model.get("queue_capacity")
    place = Place(
        "beds",
        tuple((t, round(n)) for t, n in steps(model["beds"])),
        room=None if room is None else int(room),
        order=ORDERS[str(model.get("discipline", _order(model["arrivals"])))],
        turnaround=float(model.get("turnaround", 0.0)),
    )
    return Network((place,), tuple(_person(item) for item in model["arrivals"]))


def _order(people: Sequence[Mapping[str, Any]]) -> str:
    return "priority" if any("priority" in person for person in people) else "fifo"


def _person(item: Mapping[str, Any]) -> Group:
    extra = sorted(set(map(str, item)) - PERSON_KEYS)
    if extra:
        raise UnknownKindError(
            "KEY_UNKNOWN",
            f"{item.get('id')} has keys that are not known here: {', '.join(extra)}.",
            remedy="Leave them out.",
            path=extra,
        )
    time = float(item.get("t", item.get("time", item.get("arrival", 0.0))))
    patience = {"beds": law(float(item["patience"]))} if item.get("patience") is not None else {}
    stay = law(float(item.get("los", item.get("stay", 0.0))))
    return Group(
        str(item["id"]),
        (Stream("beds", times=(time,)),),
        {"beds": stay},
        patience,
        urgency=float(item.get("priority", 0)),
    )


def _log_rows(case: Case, run: NetworkRun, end: float) -> list[Row]:
    """Whether the log says the same as the run: who was admitted, waited, left, gave up or was refused, and when."""
    entries = case.expected.get("log")
    if not entries:
        return []
    names = [group.name for group in run.network.groups]
    wanted = {fact for entry in entries for fact in _facts(float(entry["t"]), str(entry["e"]), names)}
    seen = {(round(event.time, 9), event.kind, event.who) for event in events_of(run) if event.time <= end}
    missing, extra = sorted(wanted - seen), sorted(seen - wanted)
    note = "; ".join([*(f"not in the run: {fact}" for fact in missing), *(f"not in the log: {fact}" for fact in extra)])
    return [
        Row(
            case.name,
            "log",
            f"{len(wanted)} facts",
            f"{len(wanted & seen)} facts",
            0.0,
            0.0,
            FAILED if note else PASSED,
            note,
        )
    ]


def _facts(time: float, text: str, names: Sequence[str]) -> list[tuple[float, str, str]]:
    """What one line of the log says of each person: the verb next to the name; remarks such as "C still waits" say nothing."""
    found = []
    for clause in re.split(r"[,:;]", text):
        words = clause.split()
        for index, word in enumerate(words):
            if word in names and "still" not in words:
                near = [words[i].lower() for i in (index - 1, index + 1, index + 2) if 0 <= i < len(words)]
                kinds = [VERBS[other] for other in near if other in VERBS]
                if kinds:
                    found.append((round(time, 9), kinds[0], word))
    return found


def _metric_rows(case: Case, seen: Observed) -> list[Row]:
    rows = []
    for path, expected in leaves({key: value for key, value in case.expected.items() if key != "log"}):
        words = [word for word in path if word != "metrics"]
        value = _person_metric(seen, words) if len(words) == 2 else _metric(seen, words[0])
        if value is None or not isinstance(expected, int | float):
            rows.append(unknown(case, ".".join(path), "this number is not known", expected=expected))
        else:
            rows.append(judge(case, path, float(expected), value))
    return rows


def _person_metric(seen: Observed, words: Sequence[str]) -> float | None:
    """A person's wait, until a bed or until giving up, or another moment of theirs."""
    names = [group.name for group in seen.run.network.groups]
    if words[1] not in names:
        return None
    visit = int(np.flatnonzero(seen.run.journeys.group == names.index(words[1]))[0])
    moments = {
        "waits": min(seen.began[visit], seen.left[visit]) - seen.asked[visit],
        "admission_times": seen.began[visit],
        "discharge_times": seen.left[visit],
    }
    for name, value in moments.items():
        if words[0].startswith(name) or (name == "waits" and words[0].startswith("wait")):
            return float(value)
    return None


METRICS = {
    "mean_wait": wait_of_admitted,
    "mean_wait_admitted": wait_of_admitted,
    "mean_wait_of_arrivals": wait_of_admitted,
    "mean_wait_of_admissions": wait_until_admission,
    "time_average_queue": queue,
    "time_average_occupied": occupied,
    "utilisation": utilisation,
    "utilisation_of_open_beds": utilisation,
    "max_queue": peak_queue,
    "max_occupied": peak_occupied,
    "prob_renege": share_giving_up,
    "prob_loss": share_refused,
    "prob_rejected": share_refused,
    "mean_time_in_system": time_in_system,
}
SUMS = {
    "arrivals": arrivals,
    "admissions": throughput,
    "discharges": discharges,
    "bed_days": occupied,
    "bed_time": occupied,
    "occupied_bed_time": occupied,
    "open_bed_time": open_beds,
    "waiting_time": queue,
    "person_time_waiting": queue,
}


def _metric(seen: Observed, name: str) -> float | None:
    stem = name.removesuffix("_after_warmup")
    if stem in METRICS:
        return _value(METRICS[stem](seen, ALL))
    if stem in SUMS:
        return float(SUMS[stem](seen, ALL).above[0])
    return None


def _value(ratio: Ratio) -> float:
    return float(ratio.above[0] / ratio.below[0]) if ratio.below[0] else float("nan")
