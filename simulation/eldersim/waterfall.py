"""A scenario taken apart: what each of its measures adds to the ones before, and what drives demand meanwhile."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from eldersim.ability import fitted
from eldersim.baseline import Baseline
from eldersim.demography import project
from eldersim.drivers import Driver, drivers
from eldersim.errors import NoAnswer
from eldersim.executor import Progress
from eldersim.experiment import Experiment, compare
from eldersim.ladder import measure_by_measure
from eldersim.results import Results
from eldersim.scenario import BASE, Scenario, difference
from eldersim.statistics import Comparison
from eldersim.statistics import compare as compared

PREFIX = {"en": "In addition: ", "zh": "新增措施："}
"""How the difference of two scenarios begins, which says nothing in a list of additions."""


@dataclass(frozen=True, slots=True)
class MeasureStep:
    """One measure: its words, its difference to the step before, and that of all measures so far to the base."""

    en: str
    zh: str
    difference: Comparison
    so_far: Comparison

    def label(self, language: str) -> str:
        """The measure in words."""
        return self.zh if language == "zh" else self.en


def steps_of(
    experiment: Experiment,
    measure: str,
    *,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> tuple[float | None, list[MeasureStep]]:
    """The base's value and what each measure of the experiment's last scenario adds, in the order of the scenario.

    The steps add up to the whole; a measure's own worth depends on what is in place before it.
    """
    stages = measure_by_measure(experiment.scenarios[-1])
    results = compare(replace(experiment, scenarios=stages), workers=workers, progress=progress)
    start = results.estimate(stages[0].name, measure)
    pairs = itertools.pairwise(stages)
    return None if start is None else start.mean, [_step(results, measure, one, two) for one, two in pairs]


def demand_drivers(baseline: Baseline, *, years: int) -> list[Driver]:
    """What moves the number of applications over the years; nothing for a baseline without people or with its own demand."""
    if baseline.population is None or baseline.demand is not None:
        return []
    people = project(
        baseline.population, fitted(baseline.parameters), first_year=baseline.date.year, years=years
    ).people
    return drivers(people, baseline.parameters, baseline.population.groups, year=years)


def _step(results: Results, measure: str, before: Scenario, after: Scenario) -> MeasureStep:
    last = Scenario.model_validate({"name": "one", "measures": after.measures[-1:]})
    words = {language: "; ".join(difference(BASE, last, language)) for language in PREFIX}
    words = {language: said.removeprefix(PREFIX[language]) for language, said in words.items()}
    return MeasureStep(
        words["en"],
        words["zh"],
        _difference(results, measure, before.name, after.name),
        _difference(results, measure, results.names[0], after.name),
    )


def _difference(results: Results, measure: str, one: str, other: str) -> Comparison:
    pairs = zip(results.whole(one, measure), results.whole(other, measure), strict=True)
    known = [(a, b) for a, b in pairs if a is not None and b is not None and math.isfinite(a + b)]
    if len(known) < 2:
        raise NoAnswer(
            "TOO_FEW_VALUES",
            "A waterfall needs two replications in which the measure has a value.",
            remedy="Run more replications, or choose another measure.",
            path=["measure"],
        )
    return compared([a for a, _ in known], {other: [b for _, b in known]})[0]
