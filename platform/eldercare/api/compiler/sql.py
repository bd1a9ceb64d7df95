"""The SQL constructs that the compiler needs and both databases spell differently: JSON, cursors, instants, lists."""

import re
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Float, String, Text, cast, func, literal_column, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import JSON, Boolean, Numeric, TypeEngine

from eldercare.registry.money import Fen, yuan_text

NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*\Z", re.ASCII)
PERSON = f"@{secrets.token_hex(6)}"
"""The key under which an object says whose data it shows. No GraphQL name can be it, and nothing stored can know it."""
LONGEST_ALIAS = 63
"""PostgreSQL cuts longer column names short."""
POSTGRES_PAIRS = 50
"""json_build_object takes 100 arguments."""
SQLITE_PAIRS = 63
"""A function of SQLite takes 127 arguments as it is usually built."""


class NotCompilable(Exception):
    """This selection needs ordinary execution."""


class json_object(FunctionElement[Any]):
    """One JSON object from (key, expression) pairs; `aggregates` says that some of them aggregate the enclosing rows."""

    type = JSON()
    inherit_cache = False

    def __init__(self, pairs: Sequence[tuple[str, ColumnElement[Any]]], *, aggregates: bool = False) -> None:
        self.keys = [key for key, _ in pairs]
        self.aggregates = aggregates
        if not all(NAME.match(key) or key == PERSON for key in self.keys):
            raise NotCompilable("a key that is no name")
        super().__init__(*[expression for _, expression in pairs])


class json_list(FunctionElement[Any]):
    """All values of the enclosing rows as a JSON array in the order of `by`, those where `where` holds; [] for none.

    SQLite takes the rows in the order in which their subquery gives them.
    """

    type = JSON()
    inherit_cache = False

    def __init__(self, value: ColumnElement[Any], by: Sequence[Any], where: ColumnElement[bool] | None = None) -> None:
        self.filtered = where is not None
        super().__init__(value, *([where] if where is not None else []), *by)


class json_texts(FunctionElement[Any]):
    """A JSON array of values, as hexadecimal text: what a cursor is made of."""

    type = Text()
    inherit_cache = False


class instant_text(FunctionElement[Any]):
    """An instant as text in UTC, to the microsecond."""

    type = Text()
    inherit_cache = False


class listed(FunctionElement[Any]):
    """Whether a value is one of a list that is a single parameter, so that its length does not change the statement."""

    type = Boolean()
    inherit_cache = False


class word(FunctionElement[Any]):
    """A constant text, written into the statement."""

    type = Text()
    inherit_cache = False

    def __init__(self, value: str) -> None:
        self.value = value
        super().__init__()


def shown(expression: ColumnElement[Any], noun: str = "") -> ColumnElement[Any]:
    """An expression in the form its value has in JSON."""
    if noun:
        return word(f"{noun}_").concat(cast(expression, Text))
    if isinstance(expression.type, DateTime):
        return instant_text(expression)
    if isinstance(expression.type, Fen):
        return yuan_text(expression)
    if isinstance(expression.type, Numeric):
        return cast(expression, Float(53))
    return expression


def as_json(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """The expression, known to hold JSON."""
    return type_coerce(value, JSON())


def is_one_of(expression: ColumnElement[Any], values: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether an expression equals one of the values of a list parameter."""
    return listed(expression, values)


def contains(expression: ColumnElement[Any], part: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a text contains another, without regard to the case of letters."""
    return position(func.lower(expression), func.lower(part)) > literal_column("0")


class position(FunctionElement[Any]):
    """Where a text begins in another, from 1; 0 when it does not occur."""

    type = Numeric()
    inherit_cache = False


@compiles(position, "postgresql")
def _position_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **kw)})"


@compiles(position, "sqlite")
def _position_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"instr({compiler.process(element.clauses, **kw)})"


def _quoted(compiler: Any, text: str) -> str:
    return str(compiler.render_literal_value(text, String()))


@compiles(word)
def _word(element: Any, compiler: Any, **kw: Any) -> str:
    return _quoted(compiler, element.value)


@compiles(json_object, "postgresql")
def _object_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    parts = [compiler.process(part, **kw) for part in element.clauses]
    long = any(len(key) > LONGEST_ALIAS for key in element.keys)
    if element.aggregates or long:
        if len(parts) > POSTGRES_PAIRS:
            raise NotCompilable("too many keys in one object")
        return f"json_build_object({', '.join(f'{_quoted(compiler, k)}, {p}' for k, p in zip(element.keys, parts, strict=True))})"
    # Measured: a row made to JSON is a quarter faster than json_build_object.
    columns = ", ".join(f'{part} AS "{key}"' for key, part in zip(element.keys, parts, strict=True))
    # The row's name can be no response key: a column of that name would be taken for the row.
    return f'(SELECT row_to_json("-") FROM (SELECT {columns}) "-")'


@compiles(json_object, "sqlite")
def _object_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    if len(element.keys) > SQLITE_PAIRS:
        raise NotCompilable("too many keys in one object")
    parts = [_leaf_sqlite(part, compiler, kw) for part in element.clauses]
    return f"json_object({', '.join(f'{_quoted(compiler, k)}, {p}' for k, p in zip(element.keys, parts, strict=True))})"


def _leaf_sqlite(part: ColumnElement[Any], compiler: Any, kw: dict[str, Any]) -> str:
    text = compiler.process(part, **kw)
    # What these functions give is known to be JSON; what comes through a subquery no longer is, and is read again.
    if isinstance(part, json_object | json_list | json_array):
        return str(text)
    if isinstance(part.type, JSON):
        return f"json({text})"
    if isinstance(part.type, Boolean):
        return f"json(CASE {text} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END)"
    return str(text)


@compiles(json_list, "postgresql")
def _list_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    value, *rest = (compiler.process(part, **kw) for part in element.clauses)
    only = f" FILTER (WHERE {rest.pop(0)})" if element.filtered else ""
    return f"coalesce(json_agg({value} ORDER BY {', '.join(rest)}){only}, '[]'::json)"


@compiles(json_list, "sqlite")
def _list_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    # An ORDER BY of its own needs a SQLite newer than many that are installed.
    value, *rest = list(element.clauses)
    only = f" FILTER (WHERE {compiler.process(rest[0], **kw)})" if element.filtered else ""
    text = compiler.process(value, **kw)
    return f"json_group_array({text if isinstance(value, json_object) else f'json({text})'}){only}"


@compiles(json_texts, "postgresql")
def _texts_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"encode(convert_to(json_build_array({compiler.process(element.clauses, **kw)})::text, 'UTF8'), 'hex')"


@compiles(json_texts, "sqlite")
def _texts_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"lower(hex(json_array({compiler.process(element.clauses, **kw)})))"


@compiles(instant_text, "postgresql")
def _instant_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    value = compiler.process(element.clauses, **kw)
    form = _quoted(compiler, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    return f"to_char({value} AT TIME ZONE 'UTC', {form})"


@compiles(instant_text, "sqlite")
def _instant_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"(replace({compiler.process(element.clauses, **kw)}, ' ', 'T') || 'Z')"


@compiles(listed, "postgresql")
def _listed_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    value, values = (compiler.process(part, **kw) for part in element.clauses)
    return f"({value} = ANY ({values}))"


@compiles(listed, "sqlite")
def _listed_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    value, values = (compiler.process(part, **kw) for part in element.clauses)
    return f"({value} IN (SELECT value FROM json_each({values})))"


def list_type(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type of a list parameter: an array on PostgreSQL, JSON text on SQLite."""
    return ARRAY(kind).with_variant(Text(), "sqlite")


class json_names(FunctionElement[Any]):
    """A constant JSON array of names."""

    type = JSON()
    inherit_cache = False

    def __init__(self, names: Sequence[str]) -> None:
        self.text = ", ".join(f'"{name}"' for name in sorted(names))
        super().__init__()


@compiles(json_names)
def _names(element: Any, compiler: Any, **kw: Any) -> str:
    return f"CAST({_quoted(compiler, f'[{element.text}]')} AS json)"


@compiles(json_names, "sqlite")
def _names_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json({_quoted(compiler, f'[{element.text}]')})"


class json_array(FunctionElement[Any]):
    """A JSON array of JSON values, in the order given."""

    type = JSON()
    inherit_cache = False


@compiles(json_array, "postgresql")
def _array_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json_build_array({', '.join(compiler.process(part, **kw) for part in element.clauses)})"


@compiles(json_array, "sqlite")
def _array_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json_array({', '.join(f'json({compiler.process(part, **kw)})' for part in element.clauses)})"
