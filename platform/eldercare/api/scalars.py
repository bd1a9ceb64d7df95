"""The API's scalars: calendar days, instants, documents and cursors."""

import re
from datetime import UTC, date, datetime
from typing import Any, NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from eldercare.registry.money import fen, yuan

INSTANT_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"
DAY_TEXT = re.compile(r"\d{4}-\d{2}-\d{2}\Z")

Document = NewType("Document", object)
Cursor = NewType("Cursor", str)
Money = NewType("Money", int)


def show_day(value: date | str) -> str:
    """A calendar day as YYYY-MM-DD, from a date or from text that is one."""
    return value.isoformat() if isinstance(value, date) else read_day(value).isoformat()


def read_day(value: Any) -> date:
    """The calendar day that YYYY-MM-DD names."""
    if isinstance(value, str) and DAY_TEXT.match(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise GraphQLError(f"{value!r} is not a calendar day such as 2026-05-19.")


def show_instant(value: datetime | str) -> str:
    """An instant in UTC to the microsecond; an instant without offset is taken as UTC."""
    if isinstance(value, str):
        return datetime.strptime(value, INSTANT_FORMAT).strftime(INSTANT_FORMAT)
    return (value if value.tzinfo is None else value.astimezone(UTC)).strftime(INSTANT_FORMAT)


def read_instant(value: Any) -> datetime:
    """The instant that an ISO 8601 text with an offset names."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        found = None
    if found is None or found.tzinfo is None:
        raise GraphQLError(f"{value!r} is not an instant with an offset such as 2026-05-19T08:00:00+08:00.")
    return found.astimezone(UTC)


def show_money(value: Any) -> str:
    """An amount in yuan with two decimals, from fen or from text that is one."""
    return yuan(fen(value)) if isinstance(value, str) else yuan(int(value))


def read_money(value: Any) -> int:
    """The fen of an amount in yuan: text with at most two decimals, or a whole number."""
    try:
        if isinstance(value, str | int):
            return fen(value)
    except ValueError:
        pass
    raise GraphQLError(f'{value!r} is not an amount in yuan with at most two decimals, such as "28.31".')


def _scalar(name: str, description: str, serialize: Any, parse: Any) -> ScalarDefinition:
    return strawberry.scalar(name=name, description=description, serialize=serialize, parse_value=parse)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise GraphQLError("A cursor is the text that `cursor`, `startCursor` or `endCursor` gave.")
    return value


SCALARS: dict[object, ScalarDefinition] = {
    date: _scalar("Date", "A calendar day in Asia/Shanghai, YYYY-MM-DD. · 日期", show_day, read_day),
    datetime: _scalar(
        "DateTime",
        "An instant; shown in UTC to the microsecond, read with any offset. · 时刻",
        show_instant,
        read_instant,
    ),
    Document: _scalar("JSON", "Any JSON value. · JSON 数据", lambda v: v, lambda v: v),
    Money: _scalar(
        "Money",
        'An amount in yuan with two decimals, as text, such as "28.31"; kept in whole fen. · 金额(元)',
        show_money,
        read_money,
    ),
    Cursor: _scalar("Cursor", "Where a row stands in an order; opaque. · 游标", _text, _text),
}
"""What `strawberry.Schema` is told about these types."""
