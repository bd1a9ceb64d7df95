"""Scenarios side by side: replications in batches, on any number of workers, with the same luck for every scenario."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from eldersim.baseline import Baseline
from eldersim.engine import simulate
from eldersim.errors import InvalidInput
from eldersim.executor import Batches, Progress
from eldersim.outcome import MEASURES, Outcome
from eldersim.results import Results, present
from eldersim.scenario import BASE, Scenario
from eldersim.statistics import replications_needed

BATCH = 5
"""Replications in a batch: worth sending to another process, and little to lose when one is killed."""

GROUPED = ("applied", "placed", "waited30", "wait_days", "died", "withdrew", "hospital")
"""Flows that are kept by division and by priority class."""

_kept: dict[str, Baseline] = {}


@dataclass(frozen=True, slots=True)
class Experiment:
    """What is to be run: the first scenario is the base of every comparison.

    Every replication gives all scenarios the same people and the same luck; ``uncertain`` draws the interval-valued
    parameters anew in each replication, the same for all its scenarios.
    """

    baseline: Baseline
    scenarios: tuple[Scenario, ...] = (BASE,)
    years: int = 10
    replications: int = 30
    seed: int = 1
    uncertain: bool = False
    first: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be run; the baseline's digest is computed here, so that workers need not."""
        names = [each.name for each in self.scenarios]
        if not names or len(set(names)) < len(names) or self.replications < 1 or self.years < 1:
            raise InvalidInput(
                "EXPERIMENT_WRONG",
                "An experiment needs scenarios of different names, a year and a replication at least.",
                remedy="Correct the plan.",
                path=["scenarios"],
            )
        _ = self.baseline.digest

    @property
    def batches(self) -> range:
        """The numbers of the batches."""
        return range(math.ceil(self.replications / BATCH))


@dataclass(frozen=True, slots=True)
class Precision:
    """When to stop: the half width of a measure of every scenario is at most this share of its mean, and stays so."""

    measure: str
    share: float = 0.05
    look_ahead: int = 5
    most: int = 500


def run_batch(experiment: Experiment, number: int) -> list[dict[str, Any]]:
    """One batch as plain values (JSON): for each replication a sample of every scenario."""
    baseline = _kept.setdefault(experiment.baseline.digest, experiment.baseline)
    first = number * BATCH
    last = min(first + BATCH, experiment.replications)
    return [
        {each.name: _sample(baseline, each, experiment, experiment.first + here) for each in experiment.scenarios}
        for here in range(first, last)
    ]


def combine(experiment: Experiment, batches: Mapping[int, list[dict[str, Any]]]) -> Results:
    """The results of all batches; the same whoever ran them and in whatever order they came."""
    samples = [sample for number in sorted(batches) for sample in batches[number]]
    return present(
        experiment.baseline,
        experiment.scenarios,
        samples,
        years=experiment.years,
        seed=experiment.seed,
        uncertain=experiment.uncertain,
    )


def compare(
    experiment: Experiment,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[Progress], None] | None = None,
    finished: Callable[[int, list[dict[str, Any]]], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    done: Mapping[int, list[dict[str, Any]]] | None = None,
) -> Results:
    """Run the experiment: on processes of its own, or on an executor given.

    ``finished`` hears of every batch as it comes, to be stored; ``done`` are batches stored earlier, not run again.
    """
    found = dict(done or {})
    left = [number for number in experiment.batches if number not in found]
    work = Batches(run_batch, experiment, progress=progress, finished=finished, cancelled=cancelled)
    found.update(work.run(left, workers=workers, executor=executor))
    return combine(experiment, found)


def compare_until(
    experiment: Experiment,
    precision: Precision,
    *,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Results:
    """Run as many replications as a precision needs (Hoad, Robinson & Davies 2010), doubling until it is reached.

    The results say in a note when the limit was reached first.
    """
    samples: list[dict[str, Any]] = []
    wanted = max(experiment.replications, precision.look_ahead + 3)
    while True:
        more = replace(experiment, first=experiment.first + len(samples), replications=wanted - len(samples))
        found = compare(more, workers=workers, progress=progress)
        samples += found.samples
        results = replace(found, samples=tuple(samples))
        needed = _needed(results, precision)
        if needed is not None:
            return replace(results, samples=tuple(samples[: max(needed, experiment.replications)]))
        if wanted >= precision.most:
            note = (
                f"{precision.measure} did not become as precise as {precision.share:.0%} in {wanted} replications",
                f"{wanted}次重复后，{precision.measure}的精度仍未达到{precision.share:.0%}",
            )
            return replace(results, notes=(*results.notes, note))
        wanted = min(2 * wanted, precision.most)


def _needed(results: Results, precision: Precision) -> int | None:
    """The replications after which all scenarios are precise enough, None if more are needed."""
    found = []
    for name in results.names:
        values = [value for value in results.whole(name, precision.measure) if value is not None]
        if len(values) < 3:
            return None
        found.append(replications_needed(values, target=precision.share, look_ahead=precision.look_ahead))
    counts = [count for count in found if count is not None]
    return None if len(counts) < len(found) else max(counts) + precision.look_ahead


def _sample(baseline: Baseline, scenario: Scenario, experiment: Experiment, replication: int) -> dict[str, Any]:
    outcome = simulate(
        baseline,
        _same(scenario),
        seed=experiment.seed,
        replication=replication,
        years=experiment.years,
        uncertain=experiment.uncertain,
    )
    return sample(outcome)


@lru_cache(maxsize=64)
def _same(scenario: Scenario) -> Scenario:
    """One object for equal scenarios, so that the engine's model is built once in a process."""
    return scenario


def sample(outcome: Outcome) -> dict[str, Any]:
    """One replication as plain values: every measure by year, flows by division and class, bed days by type."""
    measures = {
        name: [_plain(reading.read(outcome, year)) for year in range(1 if reading.flow else 0, outcome.years + 1)]
        for name, reading in MEASURES.items()
    }
    return {
        "measures": measures,
        "divisions": {name: getattr(outcome, name).sum(axis=(0, 2)).tolist() for name in GROUPED},
        "classes": {name: getattr(outcome, name).sum(axis=(0, 1)).tolist() for name in GROUPED},
        "bed_days": outcome.bed_days.sum(axis=1).tolist(),
        "open_days": outcome.open_days.sum(axis=1).tolist(),
        "home_days": outcome.home_days.sum(axis=1).tolist(),
        "beds": outcome.beds.sum(axis=1).tolist(),
        "residents": outcome.residents.sum(axis=1).tolist(),
        "waiting": outcome.waiting.sum(axis=1).tolist(),
        "notes": [[remark.en, remark.zh] for remark in outcome.remarks],
    }


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
