"""Arithmetic of calendar days in SQL, spelled for both databases."""

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, case, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class shifted(FunctionElement[Any]):
    """The day so many days after another; before it for a negative number."""

    type = Date()
    inherit_cache = True


@compiles(shifted, "sqlite")
def _sqlite_shifted(element: shifted, compiler: Any, **options: Any) -> str:
    day, days = (compiler.process(clause, **options) for clause in element.clauses)
    return f"date({day}, ({days}) || ' days')"


@compiles(shifted, "postgresql")
def _postgres_shifted(element: shifted, compiler: Any, **options: Any) -> str:
    day, days = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(CAST({day} AS date) + ({days})::int)"


class day_number(FunctionElement[int]):
    """A day as a number that grows by one a day; Mondays are divisible by seven."""

    type = Integer()
    inherit_cache = True


@compiles(day_number, "sqlite")
def _sqlite_number(element: day_number, compiler: Any, **options: Any) -> str:
    return f"CAST(julianday({compiler.process(element.clauses, **options)}) + 0.5 AS INTEGER)"


@compiles(day_number, "postgresql")
def _postgres_number(element: day_number, compiler: Any, **options: Any) -> str:
    # 1970-01-05 was a Monday, as was the day whose Julian number at noon is 2440592.
    return f"(CAST({compiler.process(element.clauses, **options)} AS date) - date '1970-01-05' + 2440592)"


class month_start(FunctionElement[Any]):
    """The first day of a date's month."""

    type = Date()
    inherit_cache = True


@compiles(month_start, "sqlite")
def _sqlite_month(element: month_start, compiler: Any, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, 'start of month')"


@compiles(month_start, "postgresql")
def _postgres_month(element: month_start, compiler: Any, **options: Any) -> str:
    return f"CAST(date_trunc('month', CAST({compiler.process(element.clauses, **options)} AS date)) AS date)"


def after(day: Any, days: int) -> ColumnElement[Any]:
    """The day so many days after another."""
    return shifted(day, literal(days, Integer))


def before(day: Any, days: int | ColumnElement[int]) -> ColumnElement[Any]:
    """The day so many days before another."""
    return shifted(day, literal(-days, Integer) if isinstance(days, int) else -days)


def between(start: Any, end: Any) -> ColumnElement[int]:
    """How many days lie from a day up to but not including another."""
    return day_number(end) - day_number(start)


def weekdays_until(day: Any) -> ColumnElement[int]:
    """A number that grows by one on Mondays to Fridays only; it counts the days before this one."""
    number = day_number(day)
    weekday = number % 7
    return number // 7 * 5 + case((weekday > 5, 5), else_=weekday)
