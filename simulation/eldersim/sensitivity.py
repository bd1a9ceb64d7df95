"""Which uncertain parameters decide a result: one at a time from low to high, or many at once by Morris's walks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from eldersim.errors import NoAnswer
from eldersim.executor import Batches, Progress
from eldersim.experiment import Experiment, run_batch
from eldersim.results import known_measure, present
from eldersim.screening import Effect, Point, Swing, morris_design, morris_effects

WHOLE = (0.0, 1.0)
"""Every parameter goes from its low (0) to its high (1)."""

Answers = dict[int, float]


@dataclass(frozen=True, slots=True)
class Question:
    """One number of an experiment: a measure over the whole time, of a scenario or of its difference to the base."""

    experiment: Experiment
    measure: str
    scenario: str
    difference: bool
    points: tuple[Point, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The uncertain parameters that the simulation reads; costs change no run."""
        return uncertain_names(self.experiment)


def uncertain_names(experiment: Experiment) -> tuple[str, ...]:
    """The ids of the interval-valued parameters of an experiment, those of costs and of unused orientation left out."""
    skipped = ("cost.", "willingness.", "dementia.", "staff.")
    return tuple(each.id for each in experiment.baseline.parameters.uncertain() if not each.id.startswith(skipped))


def answer_point(question: Question, number: int) -> float:
    """The mean over all replications with the parameters of one point."""
    base = question.experiment
    parameters = base.baseline.parameters.placed(question.points[number])
    here = replace(base, baseline=replace(base.baseline, parameters=parameters), uncertain=False)
    samples = [sample for batch in here.batches for sample in run_batch(here, batch)]
    results = present(here.baseline, here.scenarios, samples, years=here.years, seed=here.seed, uncertain=False)
    values = _known(results.whole(question.scenario, question.measure))
    if not question.difference:
        return math.fsum(values) / len(values)
    before = _known(results.whole(results.names[0], question.measure))
    return math.fsum(values) / len(values) - math.fsum(before) / len(before)


def one_at_a_time(
    experiment: Experiment,
    measure: str,
    *,
    scenario: str,
    difference: bool = False,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> tuple[float, list[Swing]]:
    """The result in the middle of all intervals, and how far each parameter moves it alone, widest first."""
    names = uncertain_names(experiment)
    middle: Point = dict.fromkeys(names, 0.5)
    points = [middle, *({**middle, name: end} for name in names for end in WHOLE)]
    found = _answers(experiment, measure, scenario, difference, points, workers=workers, progress=progress)
    swings = [Swing(name, found[1 + 2 * place], found[2 + 2 * place]) for place, name in enumerate(names)]
    return found[0], sorted(swings, key=lambda swing: (-swing.width, swing.factor))


def morris(
    experiment: Experiment,
    measure: str,
    *,
    scenario: str,
    difference: bool = False,
    trajectories: int = 6,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> list[Effect]:
    """Mean, size and spread of the effect of every parameter while the others move as well (Morris 1991)."""
    ranges: Mapping[str, tuple[float, float]] = dict.fromkeys(uncertain_names(experiment), WHOLE)
    design = morris_design(ranges, trajectories=trajectories, seed=experiment.seed)
    points = [point for walk in design for point in walk]
    found = _answers(experiment, measure, scenario, difference, points, workers=workers, progress=progress)
    size = len(ranges) + 1
    rows = [[found[walk * size + step] for step in range(size)] for walk in range(trajectories)]
    return morris_effects(design, rows, ranges)


def _answers(
    experiment: Experiment, measure: str, scenario: str, difference: bool, points: Sequence[Point], *,
    workers: int | None, progress: Callable[[Progress], None] | None,
) -> Answers:  # fmt: skip
    chosen = tuple(
        each for place, each in enumerate(experiment.scenarios) if each.name == scenario or (difference and not place)
    )
    question = Question(
        replace(experiment, scenarios=chosen), known_measure(measure), scenario, difference, tuple(points)
    )
    work = Batches(answer_point, question, progress=progress)
    return work.run(range(len(points)), workers=workers)


def _known(values: Sequence[float | None]) -> list[float]:
    found = [value for value in values if value is not None]
    if not found:
        raise NoAnswer(
            "NOTHING_MEASURED",
            "The measure has no value in any replication.",
            remedy="Choose another measure or run longer.",
            path=["measure"],
        )
    return found
