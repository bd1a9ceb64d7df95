"""Days counted from and between dates inside a statement, for both databases."""

from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class DaysBetween(FunctionElement[int]):
    """How many days a date lies after another; negative when it lies before it."""

    inherit_cache = True
    type = Integer()


@compiles(DaysBetween, "sqlite")
def _sqlite_days(element: DaysBetween, compiler: Any, **options: Any) -> str:
    first, last = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"


@compiles(DaysBetween, "postgresql")
def _postgres_days(element: DaysBetween, compiler: Any, **options: Any) -> str:
    first, last = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(CAST({last} AS date) - CAST({first} AS date))"


class DaysBefore(FunctionElement[Any]):
    """The day so many days before a date."""

    inherit_cache = True
    type = Date()


@compiles(DaysBefore, "sqlite")
def _sqlite_before(element: DaysBefore, compiler: Any, **options: Any) -> str:
    day, days = (compiler.process(clause, **options) for clause in element.clauses)
    return f"date({day}, (-({days})) || ' days')"


@compiles(DaysBefore, "postgresql")
def _postgres_before(element: DaysBefore, compiler: Any, **options: Any) -> str:
    day, days = (compiler.process(clause, **options) for clause in element.clauses)
    return f"(CAST({day} AS date) - CAST({days} AS integer))"


class MonthStart(FunctionElement[Any]):
    """The first day of a date's month."""

    inherit_cache = True
    type = Date()


@compiles(MonthStart, "sqlite")
def _sqlite_month(element: MonthStart, compiler: Any, **options: Any) -> str:
    return f"date({compiler.process(element.clauses, **options)}, 'start of month')"


@compiles(MonthStart, "postgresql")
def _postgres_month(element: MonthStart, compiler: Any, **options: Any) -> str:
    return f"CAST(date_trunc('month', CAST({compiler.process(element.clauses, **options)} AS date)) AS date)"


def days_before(day: ColumnElement[Any], days: int | ColumnElement[int]) -> ColumnElement[Any]:
    """The day so many days before a date."""
    found: ColumnElement[Any] = DaysBefore(day, literal(days, Integer) if isinstance(days, int) else days)
    return found


def month_start(day: ColumnElement[Any]) -> ColumnElement[Any]:
    """The first day of a date's month."""
    found: ColumnElement[Any] = MonthStart(day)
    return found
