"""The validation file as data: cases, the numbers each expects, how near an answer must come, and the verdicts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from eldersim.errors import InvalidInput, NoAnswer

PASSED, FAILED, IMPRECISE, UNKNOWN, LEFT_OUT = "passed", "failed", "imprecise", "unknown", "left out"
DEFAULT_RELATIVE = 0.05


class UnknownKindError(NoAnswer):
    """A case, or one of its numbers, is of a kind that is not known here."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case of the file; ``others`` are all cases of the file by name, for those that refer to another."""

    name: str
    family: str
    model: Mapping[str, Any]
    run: Mapping[str, Any]
    expected: Mapping[Any, Any]
    tolerance: Mapping[str, Any]
    whole: Mapping[str, Any]
    others: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Row:
    """One compared number: ``error`` is the standard error of the simulated value, zero where nothing is random."""

    case: str
    measure: str
    expected: Any
    simulated: Any
    error: float
    tolerance: float
    verdict: str
    note: str = ""


def read_cases(path: Path) -> list[Case]:
    """The cases of a file.

    Raises InvalidInput if the file is not YAML or holds no list ``cases``.
    """
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except OSError as missing:
        raise InvalidInput(
            "FILE_UNREADABLE",
            f"{path} cannot be read: {missing.strerror}.",
            remedy="Give the path of a validation file.",
        ) from missing
    except yaml.YAMLError as wrong:
        raise InvalidInput(
            "FILE_NOT_YAML", f"{path} is not YAML: {wrong}.", remedy="Mend the line it names."
        ) from wrong
    given = document.get("cases") if isinstance(document, dict) else None
    if not isinstance(given, list):
        raise InvalidInput(
            "NO_CASES", f"{path} has no list 'cases'.", remedy="Write the cases under the key 'cases'.", path=["cases"]
        )
    others = {str(item.get("id", number)): item for number, item in enumerate(given) if isinstance(item, dict)}
    return [_case(str(name), item, others) for name, item in others.items()]


def leaves(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every number, text or list of a nested mapping with the keys that lead to it.

    >>> list(leaves({"t=1": {"mean": 2.0}}))
    [(('t=1', 'mean'), 2.0)]
    """
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            yield from leaves(value, (*path, str(key)))
    else:
        yield path, tree


def tolerance(case: Case, path: tuple[str, ...], expected: float) -> float:
    """How far the answer may be from the expected number: the file's rule for this measure, else its general one."""
    rules = {str(key): value for key, value in case.tolerance.items() if isinstance(value, int | float)}
    words = ".".join(path)
    for key, value in sorted(rules.items(), key=lambda item: -len(item[0])):
        stem, _, kind = key.rpartition("_")
        if kind in ("relative", "absolute") and stem and stem in words:
            return value * abs(expected) if kind == "relative" else float(value)
    if "relative" in rules:
        return rules["relative"] * abs(expected)
    absolute = [value for key, value in rules.items() if key.startswith("absolute")]
    return float(absolute[0]) if absolute else DEFAULT_RELATIVE * abs(expected)


def judge(
    case: Case,
    path: tuple[str, ...],
    expected: float,
    simulated: float,
    *,
    error: float = 0.0,
    allowed: float | None = None,
) -> Row:
    """The verdict on a number: imprecise if its standard error is above a third of the tolerance, else by its distance."""
    band = tolerance(case, path, expected) if allowed is None else allowed
    rounding = half_last_digit(expected)
    if not math.isfinite(simulated):
        verdict = FAILED
    elif error > band / 3 + rounding:
        verdict = IMPRECISE
    else:
        verdict = PASSED if abs(simulated - expected) <= band + rounding else FAILED
    return Row(case.name, ".".join(path), expected, simulated, error, band, verdict)


def half_last_digit(expected: float) -> float:
    """Half of the eighth significant digit, to which the file prints its numbers.

    >>> half_last_digit(123.4)
    5e-06
    """
    return 1e-15 if expected == 0 else 0.5 * 10.0 ** (math.floor(math.log10(abs(expected))) - 7)


def unknown(case: Case, measure: str, note: str, *, expected: Any = None) -> Row:
    """A row that says that something is not known here, which is not a failure."""
    return Row(case.name, measure, expected, None, math.nan, math.nan, UNKNOWN, note)


def left_out(case: Case, path: tuple[str, ...], expected: Any, note: str) -> Row:
    """A row that says why a number of the file is not compared."""
    return Row(case.name, ".".join(path), expected, None, math.nan, math.nan, LEFT_OUT, note)


def _case(name: str, item: Mapping[str, Any], others: Mapping[str, Mapping[str, Any]]) -> Case:
    parts = {key: item.get(key) or {} for key in ("model", "run", "expected", "tolerance")}
    for key, value in parts.items():
        if not isinstance(value, Mapping):
            raise InvalidInput(
                "CASE_UNREADABLE",
                f"{name}: {key!r} is not a mapping.",
                remedy="Write keys and values.",
                path=[name, key],
            )
    return Case(name, str(item.get("family", "")), **parts, whole=item, others=others)
