"""The fewest new beds of each year that keep a target, such as 90 % placed within 30 days."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace

from eldersim.errors import InvalidInput, NoAnswer
from eldersim.executor import Progress
from eldersim.experiment import Experiment, compare
from eldersim.measures import AddBeds
from eldersim.processes import workers_of
from eldersim.results import known_measure
from eldersim.scenario import Scenario
from eldersim.statistics import Interval

YEAR_DAYS = 365.25

MOST = 4
"""A plan never adds more in a year than so many times the beds that are there, or so many times 50 where there are fewer."""


@dataclass(frozen=True, slots=True)
class Target:
    """A measure that is to be at least or at most a value in every year."""

    measure: str
    at_least: bool
    value: float

    def holds(self, found: float | None) -> bool:
        """Whether a value reaches the target; a year in which there was nothing to measure does."""
        return found is None or (found >= self.value if self.at_least else found <= self.value)

    def __str__(self) -> str:
        return f"{self.measure} {'>=' if self.at_least else '<='} {self.value:g}"


@dataclass(frozen=True, slots=True)
class YearOfBeds:
    """Beds added at the start of a year (1 is the first), all beds added so far, and what the target's measure then was.

    ``attained`` is False for a year in which no number of beds helps, for example because of those who already waited.
    """

    year: int
    added: int
    so_far: int
    reached: Interval | None
    attained: bool


def read_target(text: str) -> Target:
    """A target in words such as ``placed_30>=90%`` or ``lost_share <= 0.05``.

    >>> read_target("placed_30>=90%")
    Target(measure='placed_30', at_least=True, value=0.9)
    """
    found = re.fullmatch(r"\s*(\w+)\s*(>=|<=)\s*([0-9.]+)\s*(%?)\s*", text)
    if found is None:
        raise InvalidInput(
            "TARGET_UNREADABLE",
            f"The target {text!r} cannot be read.",
            remedy='Write a measure, >= or <=, and a number, such as "placed_30>=90%" or "lost_share<=0.05".',
            path=["target"],
        )
    name, sign, number, percent = found.groups()
    return Target(known_measure(name), sign == ">=", float(number) / (100 if percent else 1))


def fewest_beds_by_year(
    experiment: Experiment,
    target: Target,
    *,
    bed_type: str = "NURSING",
    division: str | None = None,
    workers: int = 1,
    progress: Callable[[Progress], None] | None = None,
) -> list[YearOfBeds]:
    """Year by year the fewest beds that keep the target in that year, what was added earlier in place.

    Measures of the experiment's last scenario hold as well. All trials share their luck, so more beds never look worse
    by chance alone. In a year in which no number of beds is enough none are added; `NoAnswer` (TARGET_OUT_OF_REACH) if
    that is so in every year.
    """
    planned: list[AddBeds] = []
    found: list[YearOfBeds] = []
    with workers_of(workers) as executor:
        for year in range(1, experiment.years + 1):
            trial = _Trial(experiment, target, tuple(planned), bed_type, division, year, executor)
            enough = trial.fewest()
            beds = enough or 0
            if beds:
                planned.append(trial.measure(beds))
            so_far = sum(each.beds for each in planned)
            found.append(YearOfBeds(year, beds, so_far, trial.reached(beds), enough is not None))
            if progress is not None:
                progress(Progress(year, experiment.years, 0.0, None))
    if not any(each.attained for each in found):
        raise NoAnswer(
            "TARGET_OUT_OF_REACH",
            f"No number of {bed_type} beds reaches {target} in any year.",
            remedy="Add the beds of another type or place, lower the target, or leave more time.",
            path=["target"],
        )
    return found


class _Trial:
    """Trials for one year; each number of beds is tried once."""

    def __init__(
        self, experiment: Experiment, target: Target, planned: tuple[AddBeds, ...], bed_type: str,
        division: str | None, year: int, executor: Executor,
    ) -> None:  # fmt: skip
        self._experiment, self._target, self._planned = experiment, target, planned
        self._bed_type, self._division, self._year, self._executor = bed_type, division, year, executor
        self._found: dict[int, Interval | None] = {}

    def measure(self, beds: int) -> AddBeds:
        """The measure that adds so many beds at the start of the year."""
        day = round((self._year - 1) * YEAR_DAYS)
        return AddBeds.model_validate(
            {"from": day, "bed_type": self._bed_type, "beds": beds, "division": self._division}
        )

    def reached(self, beds: int) -> Interval | None:
        """The target's measure in the year with so many beds."""
        if beds not in self._found:
            last = self._experiment.scenarios[-1]
            more = (*self._planned, self.measure(beds)) if beds else self._planned
            scenario = Scenario.model_validate({"name": "trial", "measures": (*last.measures, *more)})
            trial = replace(self._experiment, scenarios=(scenario,), years=self._year)
            results = compare(trial, executor=self._executor)
            self._found[beds] = results.estimate("trial", self._target.measure, self._year)
        return self._found[beds]

    def fewest(self) -> int | None:
        """The fewest beds that are enough, by steps that double and then halve; None if the most allowed are not."""
        if self._enough(0):
            return 0
        there = sum(each.open for each in self._experiment.baseline.places if each.bed_type == self._bed_type)
        most = MOST * max(there, 50)
        if not self._enough(most):
            return None
        low, high = 0, max(1, there // 50)
        while not self._enough(high):
            low, high = high, min(2 * high, most)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self._enough(middle) else (middle, high)
        return high

    def _enough(self, beds: int) -> bool:
        found = self.reached(beds)
        return self._target.holds(None if found is None else found.mean)
