"""Days between two dates, for both databases."""

from typing import Any

from sqlalchemy import Integer
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
