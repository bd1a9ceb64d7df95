"""Runs networks until every answer is precise enough, over several processes, and estimates each answer with its error."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from eldersim import network_moments, network_occupancy, network_outcome
from eldersim.network import Network
from eldersim.network_luck import luck
from eldersim.network_observed import Observed, Ratio, Where
from eldersim.network_run import simulate_network
from eldersim.statistics import variance_ratio

Floats = npt.NDArray[np.float64]
MEASURES: dict[str, Callable[..., Ratio]] = {
    name: function
    for module in (network_outcome, network_occupancy, network_moments)
    for name, function in vars(module).items()
    if callable(function) and getattr(function, "__module__", "") == module.__name__ and not name.startswith("_")
}
MOMENTS = {name for name, function in MEASURES.items() if function.__module__ == network_moments.__name__}
EVERYWHERE = Where()
# Into how many batches more copies are cut at least, whatever the number of workers, so that it changes no number.
PIECES = 4
# Small batches keep a run in the processor's cache.
VISITS_A_BATCH = 80_000
FEWEST_SAMPLES = 20
ENOUGH_TO_CORRECT = 20
MOST_EXPLAINED = 0.1
BLOCKS = 40
# The rule asks for a third of the tolerance; a little more costs little and makes an unlucky verdict much rarer.
ERRORS_IN_TOLERANCE = 3.3
# A published number is itself uncertain and takes up part of the tolerance, so the rest must be known more exactly.
ERRORS_FOR_PUBLISHED = 8.0


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a run: the name of a function of the outcome, where, and its further argument if it has one."""

    name: str
    where: Where = EVERYWHERE
    argument: float | tuple[int, ...] | None = None

    def of(self, seen: Observed) -> Ratio:
        """The measure of what is seen."""
        function = MEASURES[self.name]
        return function(seen, self.where) if self.argument is None else function(seen, self.where, self.argument)


@dataclass(frozen=True, slots=True)
class Setting:
    """A network with the length of its warm-up, of what is observed after it, and of a tail in which stays come to an end."""

    network: Network
    warmup: float
    horizon: float
    tail: float = 0.0


@dataclass(frozen=True, slots=True)
class Question:
    """A number to be estimated from runs: measures by (name of setting, measure), combined by a function of their values.

    ``of_variance`` asks for the variance between copies of the first measure instead of its mean; ``of_sharing`` for
    how many times the variance of the difference of two measures falls because both settings have the same people.
    ``errors`` is how many standard errors must fit into what is allowed.
    """

    path: tuple[str, ...]
    expected: float
    allowed: float
    parts: tuple[tuple[str, Measure], ...]
    combine: Callable[[Sequence[float]], float] | None = None
    of_variance: bool = False
    of_sharing: bool = False
    errors: float = ERRORS_IN_TOLERANCE


@dataclass(slots=True)
class Work:
    """What has been run for one setting: batches and visits so far, and how many copies make a good batch."""

    setting: Setting
    batches: int = 0
    visits: int = 0
    copies: int = 1


@dataclass(slots=True)
class Samples:
    """What a question has been told so far: for each of its parts numerators and denominators, copy by copy."""

    question: Question
    parts: list[list[Floats]]

    @property
    def counts(self) -> list[int]:
        """How many independent copies each part has seen."""
        return [sum(batch.shape[1] for batch in part) for part in self.parts]

    def whole(self) -> list[tuple[Floats, Floats]]:
        """Numerators, corrected for luck, and denominators of each part."""
        return [corrected(np.concatenate(part, axis=1), as_it_is=self._as_it_is) for part in self.parts]

    @property
    def _as_it_is(self) -> bool:
        """A question about a spread must not be told a spread made smaller."""
        return self.question.of_variance or self.question.of_sharing


def corrected(rows: Floats, *, as_it_is: bool = False) -> tuple[Floats, Floats]:
    """Numerators less what the known luck of their copy explains of them, and denominators.

    The luck has mean zero, so nothing is shifted in the long run; what remains varies less (control variates).
    """
    above, below, fortune = rows[0], rows[1], rows[2:]
    fortune = fortune[fortune.std(axis=1) > 0]
    if (
        as_it_is
        or len(above) < ENOUGH_TO_CORRECT
        or not len(fortune)
        or not np.isfinite(rows).all()
        or below.sum() == 0
    ):
        return above, below
    rest = above - above.sum() / below.sum() * below
    centred = fortune - fortune.mean(axis=1, keepdims=True)
    slopes, *_ = np.linalg.lstsq(centred.T, rest - rest.mean(), rcond=None)
    left = rest - slopes @ fortune
    # What luck explains almost wholly is a matter of the inputs: it is left as it was observed.
    return (above, below) if left.var() < MOST_EXPLAINED * rest.var() else (above - slopes @ fortune, below)


def run_batch(
    setting: Setting, measures: tuple[Measure, ...], seed: int, replication: int, copies: int
) -> tuple[Floats, int]:
    """One batch of copies: an array (measure, row, copy), and the number of visits it took.

    The rows are numerator, denominator, and the two amounts of luck of `network_luck`.
    """
    run = simulate_network(
        setting.network,
        seed=seed,
        replication=replication,
        warmup=setting.warmup,
        horizon=setting.horizon + setting.tail,
        copies=copies,
    )
    seen = Observed(run, until=setting.warmup + setting.horizon)
    fortune = luck(seen)
    return np.array([[*measure.of(seen), *fortune] for measure in measures]), len(run.visits)


def answer(
    settings: Mapping[str, Setting],
    questions: Sequence[Question],
    *,
    executor: Executor,
    seed: int,
    most_visits: float = 1e9,
) -> list[tuple[float, float]]:
    """The value and standard error of every question, adding replications until each is precise enough.

    Stops short when ``most_visits`` have been simulated; then some errors are still too large, which the caller sees.
    """
    samples = _samples(questions)
    runner = Runner({name: Work(setting) for name, setting in settings.items()}, executor, seed)
    runner.begin(samples)
    while True:
        found = [estimate(part) for part in samples]
        open_ones = [(part, _lack(part.question, error)) for part, (_, error) in zip(samples, found, strict=True)]
        open_ones = [(part, lack) for part, lack in open_ones if lack > 1]
        if not open_ones or runner.visits > most_visits:
            return found
        if any(part.question.of_sharing for part in samples):
            open_ones = [(part, max(lack for _, lack in open_ones)) for part in samples]
        runner.refine(open_ones)


@dataclass(slots=True)
class Runner:
    """Hands batches to workers; batches of a setting are numbered through, so that results do not depend on who ran them."""

    work: dict[str, Work]
    executor: Executor
    seed: int

    @property
    def visits(self) -> int:
        """The visits simulated so far."""
        return sum(work.visits for work in self.work.values())

    def begin(self, samples: Sequence[Samples]) -> None:
        """One copy of each setting to see how large it is, then enough copies to judge the spread."""
        asked = {
            name: [part for part in samples if any(at == name for at, _ in part.question.parts)] for name in self.work
        }
        asked = {name: parts for name, parts in asked.items() if parts}
        for name, parts in asked.items():
            work = self.work[name]
            self.add(name, parts, 1)
            most = min(2000, 30_000 // len(work.setting.network.places))
            work.copies = max(1, min(most, VISITS_A_BATCH // max(work.visits, 1)))
        if any(part.question.of_sharing for part in samples):
            for work in self.work.values():
                work.copies = min(self.work[name].copies for name in asked)
        for name, parts in asked.items():
            self.add(name, parts, max(FEWEST_SAMPLES, PIECES * self.work[name].copies))

    def refine(self, asked: Sequence[tuple[Samples, float]]) -> None:
        """More copies for the questions that lack precision, as many as the least precise of each setting needs."""
        plan: dict[str, tuple[list[Samples], int]] = {}
        for name in self.work:
            mine = [(part, lack) for part, lack in asked if any(at == name for at, _ in part.question.parts)]
            if mine:
                part, lack = max(mine, key=lambda item: max(item[0].counts) * item[1] ** 2)
                more = math.ceil(max(part.counts) * min(4.0, 1.05 * lack**2 - 1))
                plan[name] = [part for part, _ in mine], max(1, more)
        for name, (parts, copies) in plan.items():
            self.add(name, parts, copies)

    def add(self, name: str, asked: Sequence[Samples], copies: int) -> None:
        """So many copies of a setting for these questions."""
        work = self.work[name]
        measures = tuple(dict.fromkeys(m for part in asked for at, m in part.question.parts if at == name))
        setting = shortened(work.setting, measures)
        size = min(work.copies, max(1, math.ceil(copies / PIECES)))
        numbers = range(work.batches, work.batches + math.ceil(copies / size))
        jobs = [self.executor.submit(run_batch, setting, measures, self.seed, number, size) for number in numbers]
        work.batches += len(numbers)
        for job in jobs:
            batch, visits = job.result()
            work.visits += visits
            lists = {
                id(kept): (kept, measure)
                for part in asked
                for kept, (at, measure) in zip(part.parts, part.question.parts, strict=True)
                if at == name
            }
            for kept, measure in lists.values():
                kept.append(batch[measures.index(measure)])


def _samples(questions: Sequence[Question]) -> list[Samples]:
    """Places for samples; questions about one and the same measure share theirs, compound ones need their own."""
    shared: dict[tuple[str, Measure], list[Floats]] = {}
    return [
        Samples(
            question,
            [shared.setdefault(question.parts[0], [])] if len(question.parts) == 1 else [[] for _ in question.parts],
        )
        for question in questions
    ]


def shortened(setting: Setting, measures: Sequence[Measure]) -> Setting:
    """The setting until the last moment any of the measures looks at, if all of them look at moments."""
    moments = [m.argument for m in measures if m.name in MOMENTS and isinstance(m.argument, float | int)]
    if len(moments) < len(measures):
        return setting
    last = max(moments)
    return replace(setting, horizon=min(setting.horizon, last - setting.warmup + 1e-6))


def estimate(samples: Samples) -> tuple[float, float]:
    """A question's value and standard error from what has been run so far."""
    question, drawn = samples.question, samples.whole()
    if question.of_sharing:
        return variance_ratio((drawn[0][0] / drawn[0][1]).tolist(), (drawn[1][0] / drawn[1][1]).tolist()), 0.0
    if question.of_variance:
        return _variance(drawn[0][0] / drawn[0][1])
    if question.combine is None:
        return _ratio(*drawn[0])
    return _combined(question.combine, drawn)


def _lack(question: Question, error: float) -> float:
    """How many times the error is too large."""
    if question.allowed <= 0:
        return 2.0 if error > 0 else 0.0
    return error * question.errors / question.allowed


def _ratio(above: Floats, below: Floats) -> tuple[float, float]:
    """A ratio of sums with its standard error (delta method over independent copies)."""
    usable = np.isfinite(above)
    above, below = above[usable], below[usable]
    total = float(below.sum())
    if total == 0 or len(above) < 2:
        return math.nan, math.inf
    value = float(above.sum()) / total
    spread = math.fsum(((above - value * below) ** 2).tolist()) / (len(above) - 1)
    return value, math.sqrt(spread / len(above)) / (total / len(above))


def _variance(values: Floats) -> tuple[float, float]:
    squares = (values - values.mean()) ** 2
    value = float(squares.sum()) / (len(values) - 1)
    return value, float(squares.std(ddof=1)) / math.sqrt(len(values))


def _combined(
    combine: Callable[[Sequence[float]], float], drawn: Sequence[tuple[Floats, Floats]]
) -> tuple[float, float]:
    """A function of several ratios with its error by leaving out one block of copies at a time (jackknife)."""
    blocks = min(BLOCKS, *(len(above) for above, _ in drawn))
    parts = [
        (np.add.reduceat(above, edges), np.add.reduceat(below, edges))
        for above, below in drawn
        for edges in [np.linspace(0, len(above), blocks, endpoint=False).astype(int)]
    ]
    whole = combine([float(above.sum() / below.sum()) for above, below in parts])
    without = [
        combine([float((above.sum() - above[i]) / (below.sum() - below[i])) for above, below in parts])
        for i in range(blocks)
    ]
    centre = math.fsum(without) / blocks
    return whole, math.sqrt((blocks - 1) / blocks * math.fsum((value - centre) ** 2 for value in without))
