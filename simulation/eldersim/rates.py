"""Rates and bed numbers that change over time, written as a number, an expression in t, or steps."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

import numpy as np
import numpy.typing as npt

from eldersim.errors import InvalidInput

Floats = npt.NDArray[np.float64]
KNOWN: dict[str, Any] = {
    "pi": np.pi, "e": np.e, "exp": np.exp, "sin": np.sin, "cos": np.cos, "sqrt": np.sqrt, "log": np.log,
    "min": np.minimum, "max": np.maximum, "abs": np.abs, "floor": np.floor, "interp": np.interp,
}  # fmt: skip
ALLOWED = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Load, ast.Constant, ast.Compare, ast.IfExp,
    ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.Mod, ast.USub, ast.UAdd, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Tuple,
)  # fmt: skip
STEP = re.compile(r"^t\s*(<=|<|>=|>)\s*([0-9.eE+-]+)$")
RANGE = re.compile(r"^([0-9.eE+-]+)\s*<=?\s*t\s*<=?\s*([0-9.eE+-]+)$")


@dataclass(frozen=True, slots=True)
class Rate:
    """Arrivals per unit of time as a function of time, kept as text so that it can travel to a worker.

    >>> Rate("60*exp(0.05*t)").at(np.array([0.0])).tolist()
    [60.0]
    """

    text: str

    def at(self, times: Floats) -> Floats:
        """The rate at each time; never below zero."""
        found = eval(compiled(self.text), {"__builtins__": {}}, {**KNOWN, "t": times})
        return np.asarray(np.maximum(np.broadcast_to(np.asarray(found, dtype=float), times.shape), 0.0))

    def highest(self, end: float) -> float:
        """An upper bound of the rate until ``end``, from a fine grid and a little room above it."""
        return float(self.at(np.linspace(0.0, end, 20_001)).max()) * 1.0005

    @property
    def constant(self) -> float | None:
        """The rate if it never changes, else None."""
        try:
            return float(self.text)
        except ValueError:
            return None


@lru_cache(maxsize=64)
def compiled(text: str) -> CodeType:
    """The code of an expression in t, after checking that it is nothing but arithmetic."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except SyntaxError as wrong:
        raise _unreadable(text) from wrong
    for node in ast.walk(tree):
        if not isinstance(node, ALLOWED) or (isinstance(node, ast.Name) and node.id not in {*KNOWN, "t"}):
            raise _unreadable(text)
    return compile(tree, "<rate>", "eval")


def rate(given: Any) -> Rate:
    """The rate a document gives as a number, an expression in t, steps such as {"t<3": 10, "t>=3": 13}, or a line through times and values.

    >>> rate({"times": [0, 2], "values": [10, 20]}).at(np.array([1.0])).tolist()
    [15.0]
    """
    if isinstance(given, dict) and {"times", "values"} <= set(given):
        table = tuple(tuple(float(number) for number in given[key]) for key in ("times", "values"))
        return Rate(f"interp(t,{table[0]!r},{table[1]!r})")
    if isinstance(given, dict):
        parts = steps(given)
        text = repr(parts[-1][1])
        for (_, value), (until, _) in zip(reversed(parts[:-1]), reversed(parts[1:]), strict=True):
            text = f"max(0,(t<{until!r})*{value!r}+(t>={until!r})*({text}))"
        return Rate(text)
    found = Rate(repr(float(given)) if isinstance(given, int | float) else str(given))
    compiled(found.text)
    return found


def steps(given: Any) -> tuple[tuple[float, float], ...]:
    """(from time, value) steps of a number, of conditions on t, or of a list of {t, n}; the first starts at 0.

    >>> steps({"t<3": 100, "t>=3": 130})
    ((0.0, 100.0), (3.0, 130.0))
    """
    if isinstance(given, int | float):
        return ((0.0, float(given)),)
    if isinstance(given, list):
        return tuple(sorted((float(row["t"]), float(row.get("n", row.get("beds", row.get("value"))))) for row in given))
    if not isinstance(given, dict):
        raise InvalidInput(
            "STEPS_UNREADABLE", f"{given!r} gives no steps.", remedy='Write for example {"t<3": 100, "t>=3": 130}.'
        )
    return tuple(sorted((_start(str(condition)), float(value)) for condition, value in given.items()))


def _start(condition: str) -> float:
    between, step = RANGE.match(condition.strip()), STEP.match(condition.strip())
    if between:
        return float(between[1])
    if step:
        return 0.0 if step[1].startswith("<") else float(step[2])
    try:
        return float(condition)
    except ValueError:
        raise InvalidInput(
            "STEP_UNREADABLE", f"{condition!r} is no condition on t.", remedy='Write "t<3" or "t>=3".'
        ) from None


def _unreadable(text: str) -> InvalidInput:
    return InvalidInput(
        "RATE_UNREADABLE",
        f"{text!r} is not an expression in t.",
        remedy=f"Use numbers, t, + - * / ** and {', '.join(sorted(KNOWN))}.",
    )
