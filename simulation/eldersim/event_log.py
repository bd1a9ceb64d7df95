"""The event log of one replication as CSV: who, when, what, where and why."""

from __future__ import annotations

import csv
from datetime import datetime, time, timedelta
from pathlib import Path

from eldersim.engine import simulate
from eldersim.errors import Unavailable
from eldersim.experiment import Experiment
from eldersim.scenario import Scenario

COLUMNS = ("time", "event", "person", "facility", "bed_type", "reason")


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
                rows.writerow((when, *entry[1:]))
    except OSError as error:
        raise Unavailable(
            "FILE_NOT_WRITABLE", f"{path} cannot be written: {error.strerror}.", remedy="Choose another folder."
        ) from error
    return len(outcome.log)
