"""Plans: the statement of one operation for one shape of its variables, with where each parameter's value comes from."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

import orjson
from graphql import GraphQLSchema
from sqlalchemy import ColumnElement, null, select, type_coerce
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import asyncpg, psycopg
from sqlalchemy.engine import Dialect
from sqlalchemy.types import JSON

from eldercare.api.catalogue import Catalogue
from eldercare.api.compiler.document import Document
from eldercare.api.compiler.parameters import Parameter
from eldercare.api.compiler.roots import root
from eldercare.api.compiler.rows import Writer
from eldercare.api.compiler.sql import NotCompilable, json_object, word
from eldercare.kit.errors import EldercareError
from eldercare.registry.viewer import values_of
from eldercare.security.cipher import KeyRing
from eldercare.security.principal import Principal

DIALECTS: dict[str, Dialect] = {
    "asyncpg": asyncpg.dialect(),  # type: ignore[no-untyped-call]
    "psycopg": psycopg.dialect(),  # type: ignore[no-untyped-call]
    "sqlite": sqlite.dialect(paramstyle="named"),
}
"""By the driver that runs the statement."""

PASSING = re.compile(
    r"\b(?:now|random|clock_timestamp|gen_random_uuid)\s*\(|'now'|\bcurrent_(?:time|date)", re.IGNORECASE
)
"""Expressions whose value passes with time, or is another at each call."""

Failures = Mapping[str, EldercareError]
"""Errors by the response key of the root field they belong to."""


class BadArgument(Exception):
    """An argument's value cannot be used; `root` is the response key of the root field it was sent under."""

    def __init__(self, root: str, path: tuple[str, ...], error: EldercareError) -> None:
        super().__init__(str(error))
        self.root, self.path, self.error = root, path, error


@dataclass
class Plan:
    """A statement that answers with one JSON text, for every request of one shape."""

    sql: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]
    parameters: Mapping[str, Parameter]
    driver: str
    sealed: bool = False
    """Whether its answer may hold sealed values, which must be opened."""
    personal: bool = False
    """Whether its answer says whose data it shows."""
    unused: tuple[str, ...] = ()
    """Parameters that the statement does not need, whose values must be right all the same."""
    cost: float = field(default=1.0)
    """Seconds its last run took; a quick statement need not leave the event loop."""

    @cached_property
    def timeless(self) -> bool:
        """Whether its answer depends on nothing but the registry and the parameters, the day among them."""
        return not PASSING.search(self.sql)

    def values(self, variables: Mapping[str, Any], today: date, viewer: Principal) -> Any:
        """The parameters of a call, as its driver takes them; raises `BadArgument`."""
        given = {"today": today, **values_of(viewer)}
        for name in self.unused:
            self._value(name, variables, given)
        found = {name: self._value(name, variables, given) for name in self.names}
        return list(found.values()) if self.driver == "asyncpg" else found

    def _value(self, name: str, variables: Mapping[str, Any], given: Mapping[str, Any]) -> Any:
        parameter = self.parameters.get(name)
        if parameter is None:
            value = given[name] if name in given else self.constants[name]
        else:
            try:
                value = parameter.value(variables)
            except EldercareError as error:
                raise BadArgument(parameter.root, parameter.path, error) from error
        return as_sqlite(value) if self.driver == "sqlite" else value


def as_sqlite(value: Any) -> Any:
    """A value as SQLite stores it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    return orjson.dumps(value).decode() if isinstance(value, list) else value


def write_plan(writer: Writer, driver: str, roots: Collection[str], refused: Collection[str] = ()) -> Plan:
    """The plan of the root fields whose response keys are in `roots`; those in `refused` are answered with null.

    Raises `BadArgument` when an argument is refused while the statement is written, `NotCompilable` when it cannot be.
    """
    pairs = []
    for key, nodes in writer.document.roots("Query").items():
        if key in roots:
            pairs.append((key, _root(writer, key, nodes, key in refused)))
    return compiled(json_object(pairs), writer, driver)


def _root(writer: Writer, key: str, nodes: Any, refused: bool) -> ColumnElement[Any]:
    if refused:
        return type_coerce(null(), JSON())
    if nodes[0].name.value == "__typename":
        return word("Query")
    writer.parameters.root, writer.parameters.path = key, (key,)
    try:
        return root(writer, nodes)
    except EldercareError as error:
        raise BadArgument(key, writer.parameters.path, error) from error


def compiled(value: ColumnElement[Any], writer: Writer, driver: str) -> Plan:
    """The plan that answers with one JSON expression."""
    dialect = DIALECTS[driver]
    found = select(value).compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
    # A list that was spread over parameters of its own is still named, and no longer needed.
    names = tuple(found.positiontup or (n for n, value in found.params.items() if not isinstance(value, list | tuple)))
    constants = {name: _constant(found, name) for name in names if name not in writer.parameters.found}
    unused = tuple(name for name in writer.parameters.found if name not in names)
    return Plan(str(found), names, constants, writer.parameters.found, driver, writer.sealed, writer.personal, unused)


def _constant(found: Any, name: str) -> Any:
    process: Callable[[Any], Any] | None = found._bind_processors.get(name)
    value = found.params.get(name)
    return value if process is None or value is None else process(value)


def plan_of(
    catalogue: Catalogue,
    schema: GraphQLSchema,
    document: Document,
    driver: str,
    roots: Collection[str],
    refused: Collection[str],
    viewer: Principal,
    keys: KeyRing | None = None,
) -> Plan:
    """Write the plan of a document's root fields for a driver and viewers of one shape."""
    try:
        return write_plan(Writer(catalogue, schema, document, viewer, keys), driver, roots, refused)
    except RecursionError as error:
        raise NotCompilable("nested too deeply") from error
