"""Runs a file of validation cases against the simulation and says of every number whether it is as expected."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from eldersim.errors import EldersimError
from eldersim.processes import workers_of
from eldersim.validation_case import (
    FAILED,
    IMPRECISE,
    LEFT_OUT,
    PASSED,
    UNKNOWN,
    Case,
    Row,
    UnknownKindError,
    judge,
    read_cases,
    unknown,
)
from eldersim.validation_families import translator_for
from eldersim.validation_optimisation import answer_optimisation
from eldersim.validation_runs import Question, answer
from eldersim.validation_stations import Asked


@dataclass(frozen=True, slots=True)
class Report:
    """The verdicts on a whole file."""

    rows: tuple[Row, ...]

    @property
    def exit_code(self) -> int:
        """0 if every number passed, 1 if one failed or stayed imprecise, 3 if nothing failed but a kind is unknown."""
        verdicts = {row.verdict for row in self.rows}
        if verdicts & {FAILED, IMPRECISE}:
            return 1
        return 3 if UNKNOWN in verdicts else 0

    def verdict(self, case: str) -> str:
        """The verdict on one case: its worst row."""
        order = (FAILED, IMPRECISE, UNKNOWN, PASSED)
        found = {row.verdict for row in self.rows if row.case == case}
        return next((verdict for verdict in order if verdict in found), UNKNOWN)

    def cases(self) -> list[str]:
        """The names of the cases, in order."""
        return list(dict.fromkeys(row.case for row in self.rows))

    def text(self, *, every_row: bool = False) -> str:
        """A table a case, or a number if ``every_row``: expected, simulated, standard error, verdict."""
        lines = [f"{'case':<12} {'measure':<44} {'expected':>14} {'simulated':>14} {'error':>10} verdict"]
        for case in self.cases():
            rows = [row for row in self.rows if row.case == case]
            shown = rows if every_row else [_telling(rows)]
            lines.extend(_line(row, len(rows) if not every_row else 0) for row in shown)
        counts = {
            verdict: sum(self.verdict(case) == verdict for case in self.cases())
            for verdict in (PASSED, FAILED, IMPRECISE, UNKNOWN)
        }
        lines.append(
            ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)
            + f" of {len(self.cases())} cases, {len(self.rows)} numbers"
        )
        return "\n".join(lines)


def validate(
    path: Path,
    *,
    workers: int = 2,
    seed: int = 20261124,
    only: Collection[str] = (),
    most_visits: float = 1e9,
    progress: Callable[[str, Sequence[Row]], None] | None = None,
) -> Report:
    """Run the cases of a file (those named in ``only``, or all) and compare; ``progress`` hears of each finished case.

    ``most_visits`` limits the work on one case; what is not precise enough by then is reported as imprecise.
    """
    rows: list[Row] = []
    with workers_of(workers) as executor:
        for case in read_cases(path):
            if only and case.name not in only:
                continue
            found = run_case(case, executor=executor, seed=seed, most_visits=most_visits)
            rows.extend(found)
            if progress is not None:
                progress(case.name, found)
    return Report(tuple(rows))


def run_case(case: Case, *, executor: Executor, seed: int, most_visits: float = 1e9) -> list[Row]:
    """The rows of one case; what cannot be understood is a row that says so."""
    try:
        if case.family == "optimisation":
            return answer_optimisation(case, executor=executor, seed=seed, most_visits=most_visits)
        asked = translator_for(case)(case)
        return [
            *asked.rows,
            *_answered(case, asked, executor=executor, seed=seed, most_visits=most_visits),
        ]
    except UnknownKindError as problem:
        return [unknown(case, case.family, str(problem))]
    except (EldersimError, KeyError, TypeError, ValueError, AttributeError, IndexError) as problem:
        # A case whose form cannot be read is told apart from one whose numbers are wrong.
        return [unknown(case, case.family, f"the case cannot be read: {type(problem).__name__}: {problem}")]


def _answered(case: Case, asked: Asked, *, executor: Executor, seed: int, most_visits: float) -> list[Row]:
    if not asked.questions:
        return []
    found = answer(asked.settings, asked.questions, executor=executor, seed=seed, most_visits=most_visits)
    return [_judged(case, question, *values) for question, values in zip(asked.questions, found, strict=True)]


def _judged(case: Case, question: Question, value: float, error: float) -> Row:
    if question.of_sharing:
        verdict = PASSED if value >= question.expected else FAILED
        return Row(case.name, ".".join(question.path), question.expected, value, error, 0.0, verdict, "at least")
    return judge(case, question.path, question.expected, value, error=error, allowed=question.allowed)


def _telling(rows: Sequence[Row]) -> Row:
    """The row that says most about a case: the worst verdict, then the largest distance for its tolerance."""
    order = (FAILED, IMPRECISE, UNKNOWN, PASSED, LEFT_OUT)
    return min(rows, key=lambda row: (order.index(row.verdict), -_distance(row)))


def _distance(row: Row) -> float:
    if not isinstance(row.simulated, int | float) or not isinstance(row.expected, int | float) or not row.tolerance > 0:
        return 0.0
    return abs(row.simulated - row.expected) / row.tolerance if math.isfinite(row.tolerance) else 0.0


def _line(row: Row, of: int) -> str:
    more = f" ({of} numbers)" if of > 1 else ""
    note = f": {row.note}" if row.note and row.verdict != PASSED else ""
    error = f"{row.error:.3g}" if row.error == row.error else "-"
    return f"{row.case:<12} {row.measure:<44.44} {_shown(row.expected):>14} {_shown(row.simulated):>14} {error:>10} {row.verdict}{more}{note}"


def _shown(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.7g}"
    return "-" if value is None else str(value)[:14]
