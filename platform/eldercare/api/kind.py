"""The kinds of values the API shows: how each looks in GraphQL, in SQL and in a filter."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import strawberry
from sqlalchemy import JSON, BigInteger, Boolean, Date, DateTime, Enum, Float, Integer, Numeric, String, types

from eldercare.api import scalars
from eldercare.kit.term import Term
from eldercare.registry.money import Fen

EQUALITY = ("eq", "ne", "in", "notIn")
RANGE = ("lt", "lte", "gt", "gte")
TEXT_MATCH = ("contains", "startsWith")


@dataclass(frozen=True)
class Kind:
    """A kind of value: its GraphQL annotation, the SQL type of its parameters, and the operators of its filter."""

    name: str
    annotation: Any
    sql: types.TypeEngine[Any]
    operators: tuple[str, ...] = ()
    sorts: bool = True


TEXT = Kind("Text", str, String(), (*EQUALITY, *TEXT_MATCH, "isNull"))
WHOLE = Kind("Int", int, Integer(), (*EQUALITY, *RANGE, "isNull"))
NUMBER = Kind("Float", float, Float(53), (*EQUALITY, *RANGE, "isNull"))
MONEY = Kind("Money", scalars.Money, Fen(), (*EQUALITY, *RANGE, "isNull"))
FLAG = Kind("Boolean", bool, Boolean(), ("eq", "ne", "isNull"))
DAY = Kind("Date", date, Date(), (*EQUALITY, *RANGE, "isNull"))
INSTANT = Kind("DateTime", datetime, DateTime(timezone=True), (*RANGE, "isNull"))
KEY = Kind("ID", strawberry.ID, BigInteger(), EQUALITY, sorts=False)
NAMES = Kind("Names", list[str], JSON(), sorts=False)
DOCUMENT = Kind("JSON", scalars.Document, JSON(), sorts=False)


@cache
def choice(term: type[Term]) -> Kind:
    """The kind of an enumeration."""
    return Kind(term.__name__, term, String(), (*EQUALITY, "isNull"))


def kind_of(column: types.TypeEngine[Any]) -> Kind:
    """The kind in which a column is shown."""
    if isinstance(column, Enum) and column.enum_class is not None:
        return choice(column.enum_class)
    plain = (
        (Boolean, FLAG),
        (Date, DAY),
        (DateTime, INSTANT),
        (Fen, MONEY),
        (Integer, WHOLE),
        (Float, NUMBER),
        (Numeric, NUMBER),
        (String, TEXT),
        (JSON, DOCUMENT),
    )
    for sql, kind in plain:
        if isinstance(column, sql):
            return kind
    raise TypeError(f"Columns of type {column!r} have no kind yet; add one to eldercare.api.kind.")
