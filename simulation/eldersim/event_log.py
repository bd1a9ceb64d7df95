"""The event log of one replication as CSV: who, when, what, where and why."""

from __future__ import annotations

import csv
from datetime import datetime, time, timedelta
from pathlib import Path

from eldersim.engine import simulate
from eldersim.errors import Unavailable
from eldersim.experiment import Experiment
from eldersim.outcome import Entry
from eldersim.scenario import Scenario

REASONS = {
    "waits": "no bed free, on {} lists",
    "rises": "waited long, now of rank {}",
    "widens_choice": "waited long, also takes further homes",
    "admitted": "first on the list for a free bed",
    "moved": "a bed of the type they need became free",
    "left": "the stay ended",
    "needs_more": "ability grew worse",
    "asks_to_move": "lives in a bed of another type than needed",
}
"""The reason of an event in words; an event that is not here has its own (such as why somebody gave up)."""

COLUMNS = ("time", "event", "person", "facility", "bed_type", "reason")


def worded(entry: Entry) -> str:
    """Why it happened, in words."""
    words = REASONS.get(entry.event)
    detail = "" if entry.reason in ("", "-1") else entry.reason
    if words is None:
        return detail
    said = words.format(detail)
    return f"{said}: {detail}" if detail and "{}" not in words else said


def write_log(experiment: Experiment, scenario: Scenario, path: Path) -> int:
    """Run the first replication once more with its log, write it, and give the number of events."""
    outcome = simulate(
        experiment.baseline,
        scenario,
        seed=experiment.seed,
        replication=experiment.first,
        years=experiment.years,
        log=True,
        uncertain=experiment.uncertain,
    )
    start = datetime.combine(experiment.baseline.date, time())
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file, lineterminator="\n")
            rows.writerow(COLUMNS)
            for entry in outcome.log:
                when = (start + timedelta(seconds=entry.time)).isoformat(sep=" ")
                rows.writerow((when, *entry[1:5], worded(entry)))
    except OSError as error:
        raise Unavailable(
            "FILE_NOT_WRITABLE", f"{path} cannot be written: {error.strerror}.", remedy="Choose another folder."
        ) from error
    return len(outcome.log)
