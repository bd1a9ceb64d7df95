"""Arithmetic written as text, worked out without running it as code."""

import ast
import operator
from collections.abc import Callable, Mapping

from eldercare.kit.errors import InvalidInput

OPERATIONS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def worked_out(expression: str, values: Mapping[str, float]) -> float | None:
    """The value of a sum of names, numbers, + - * / and brackets; None when it divides by zero.

    Anything else in the expression, and a name without a value, is `InvalidInput` (EXPRESSION).

    >>> worked_out("residents / beds * 100", {"residents": 575, "beds": 1649}) == 575 / 1649 * 100
    True
    """
    try:
        tree = ast.parse(expression, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _refusal(expression, "it cannot be read") from None
    try:
        return _value(tree.body, values, expression)
    except ZeroDivisionError:
        return None


def _value(node: ast.expr, values: Mapping[str, float], expression: str) -> float:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.Name(id=name) if name in values:
            return values[name]
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in OPERATIONS:
            return OPERATIONS[type(sign)](_value(left, values, expression), _value(right, values, expression))
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -_value(inner, values, expression)
        case ast.Name(id=name):
            raise _refusal(expression, f"{name!r} has no value")
    raise _refusal(expression, f"it contains {type(node).__name__}")


def _refusal(expression: str, why: str) -> InvalidInput:
    return InvalidInput(
        "EXPRESSION",
        f"The expression {expression[:80]!r} cannot be worked out: {why}.",
        remedy="Use the names of figures, numbers, + - * / and brackets.",
    )
