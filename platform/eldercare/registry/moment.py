"""Instants in statements: their day in China, and the seconds between two of them, the same on both databases."""

from typing import Any

from sqlalchemy import Date, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class china_day(FunctionElement[Any]):
    """The calendar day in China of an instant."""

    type = Date()
    inherit_cache = True


class seconds_between(FunctionElement[Any]):
    """Whole seconds from the first instant to the second."""

    type = Integer()
    inherit_cache = True


@compiles(china_day, "postgresql")
def _day_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **kw)} AT TIME ZONE 'Asia/Shanghai' AS DATE)"


@compiles(china_day, "sqlite")
def _day_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"date({compiler.process(element.clauses, **kw)}, '+8 hours')"


@compiles(seconds_between, "postgresql")
def _seconds_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    first, second = (compiler.process(part, **kw) for part in element.clauses)
    return f"CAST(floor(extract(epoch FROM {second} - {first})) AS INTEGER)"


@compiles(seconds_between, "sqlite")
def _seconds_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    first, second = (compiler.process(part, **kw) for part in element.clauses)
    # the whole seconds of each by themselves, which are exact; then one less where the fraction of the second is smaller
    whole = f"CAST(strftime('%s', {second}) AS INTEGER) - CAST(strftime('%s', {first}) AS INTEGER)"
    return f"({whole} - (strftime('%f', {second}) - CAST(strftime('%S', {second}) AS INTEGER) < strftime('%f', {first}) - CAST(strftime('%S', {first}) AS INTEGER)))"
