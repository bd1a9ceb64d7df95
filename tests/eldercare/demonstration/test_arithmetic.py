"""Arithmetic written as text is worked out, and nothing else is."""

import pytest

from eldercare.demonstration.arithmetic import worked_out
from eldercare.demonstration.figure import checks
from eldercare.kit.errors import InvalidInput


def test_there_are_44_checks() -> None:
    """Every check of the table is worked out."""
    assert len(checks()) == 44


@pytest.mark.parametrize(("row", "value"), [pytest.param(row, value, id=row["id"]) for row, value in checks()])
def test_a_check_gives_the_result_it_states(row: dict[str, str], value: float | None) -> None:
    """The result follows from the figures as they are stored."""
    assert value == pytest.approx(float(row["result"]), abs=1e-5)


@pytest.mark.parametrize(
    ("row", "value"), [pytest.param(row, value, id=row["id"]) for row, value in checks() if row["expected"]]
)
def test_a_check_holds_or_fails_as_it_states(row: dict[str, str], value: float) -> None:
    """What does not fit together is known and stays known."""
    near = abs(value - float(row["expected"])) <= float(row["tolerance"]) + 1e-9
    assert near == (row["holds"] == "yes")


@pytest.mark.parametrize(
    "expression",
    ["__import__('os')", "beds.real", "beds[0]", "2 ** 9", "beds if beds else 1", "beds, beds", "'text'", "True", ""],
)
def test_anything_but_arithmetic_is_refused(expression: str) -> None:
    """An expression of a table can never run code."""
    with pytest.raises(InvalidInput) as refused:
        worked_out(expression, {"beds": 3})
    assert refused.value.code == "EXPRESSION"


def test_a_name_without_a_value_is_told() -> None:
    """The sentence names what is missing."""
    with pytest.raises(InvalidInput, match="'beds' has no value"):
        worked_out("beds / 2", {})


def test_division_by_zero_gives_no_value() -> None:
    """An empty denominator is no number, not an error and not zero."""
    assert worked_out("residents / beds", {"residents": 5, "beds": 0}) is None
