"""Running a study: in batches by the job table, or at once in the foreground; the bytes are the same either way."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from eldercare.jobs import Task
from eldercare.kit.errors import Unavailable
from eldercare.planning.comparison import Sample, compared
from eldercare.planning.finding import findings
from eldercare.planning.indicator import indicators
from eldercare.planning.outcome import Outcome, shown
from eldercare.planning.request import Request
from eldercare.planning.study import Study
from eldercare.planning.world import Frozen, World, freeze
from eldersim.errors import EldersimError
from eldersim.executor import Batches, usable_workers

if TYPE_CHECKING:
    from eldercare.planning.scenario import Plan

KIND = "study"
BATCH = 10
"""Replications in a batch: enough to be worth another process, little enough to lose when one is killed."""

Progress = Callable[[int, int], None]
"""Told how many batches are finished, and of how many."""


@dataclass(frozen=True)
class Prepared:
    """All that a batch depends on, so that it does not matter which process computes it."""

    world: World
    plans: "tuple[Plan, ...]"
    years: int
    replications: int
    seed: int
    uncertain: bool


def tasks() -> list[Task]:
    """The kinds of jobs this room works off."""
    return [Task(KIND, batch, prepare=_prepare, finish=_finish)]


def run_study(engine: Engine, request: Request, *, processes: int = 0, progress: Progress | None = None) -> Outcome:
    """Freeze the registry, run all batches now, and give the outcome; nothing is stored."""
    with Session(engine.execution_options(readonly=True)) as session:
        frozen = freeze(session, request.territory, request.as_of)
    prepared = _prepared(frozen.world, request)
    results = _foreground(prepared, processes or usable_workers(), progress or _silent)
    return conclude(request, frozen, prepared.plans, results)


def check(request: Request, world: World) -> None:
    """Refuse scenarios that the simulation cannot read against this start, before anything is queued."""
    _plans(request, world)


def batches(request: Request) -> int:
    """Number of batches of a study."""
    return math.ceil(request.replications / BATCH)


def batch(prepared: Prepared, number: int) -> dict[str, Any]:
    """One batch: every scenario with the same luck, replication by replication."""
    first = number * BATCH
    last = min(first + BATCH, prepared.replications)
    return {"samples": [_sample(prepared, replication) for replication in range(first, last)]}


def conclude(request: Request, frozen: Frozen, planned: "tuple[Plan, ...]", results: Mapping[int, Any]) -> Outcome:
    """The outcome from all batches; it depends on their numbers and contents, never on who computed them or when."""
    samples: list[Sample] = [sample for number in sorted(results) for sample in results[number]["samples"]]
    measured = indicators(frozen.world.classes)
    shows = tuple(shown(each) for each in measured)
    words = tuple(plan.planned for plan in planned)
    numbers = compared(samples, measured)
    return Outcome(
        territory=frozen.code,
        territory_name=frozen.name,
        as_of=request.as_of,
        years=request.years,
        replications=request.replications,
        seed=request.seed,
        uncertain=request.uncertain,
        baseline_hash=frozen.world.digest,
        code_version=frozen.code_version,
        indicators=shows,
        scenarios=words,
        compared=numbers,
        taken=frozen.taken,
        findings=findings(words, numbers, shows, request.years),
    )


def _sample(prepared: Prepared, replication: int) -> Sample:
    from eldercare.planning.reading import replicate  # loads the engine, which only those who run need

    return {
        plan.planned.name: replicate(
            prepared.world,
            plan.scenario,
            seed=prepared.seed,
            replication=replication,
            years=prepared.years,
            uncertain=prepared.uncertain,
        )
        for plan in prepared.plans
    }


def _plans(request: Request, world: World) -> "tuple[Plan, ...]":
    from eldercare.planning.scenario import plans  # loads the simulation's scenarios, which only those who run need

    return plans(request, world)


def _prepared(world: World, request: Request) -> Prepared:
    return Prepared(world, _plans(request, world), request.years, request.replications, request.seed, request.uncertain)


def _prepare(session: Session, specification: Any) -> Prepared:
    """The frozen start and the scenarios of a study, from its row."""
    study = session.get_one(Study, specification["study"])
    return _prepared(Frozen.stored(session, study).world, Request.model_validate(study.request))


def _finish(session: Session, specification: Any, results: Mapping[int, Any]) -> None:
    """Store the outcome, in the transaction that marks the job done."""
    study = session.get_one(Study, specification["study"])
    request = Request.model_validate(study.request)
    frozen = Frozen.stored(session, study)
    study.outcome = conclude(request, frozen, _plans(request, frozen.world), results).to_json()


def _foreground(prepared: Prepared, processes: int, progress: Progress) -> dict[int, Any]:
    """All batches now; a killed process costs only what it held."""
    numbers = range(math.ceil(prepared.replications / BATCH))
    progress(0, len(numbers))
    told = Batches(batch, prepared, progress=lambda far: progress(far.done, far.total))
    try:
        return told.run(numbers, workers=processes)
    except EldersimError as error:
        raise Unavailable(error.code, error.message, remedy=error.remedy) from error


def _silent(_done: int, _total: int) -> None:
    return None
