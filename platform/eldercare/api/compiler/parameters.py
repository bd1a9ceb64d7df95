"""The parameters of a statement: each remembers which leaf of the request it takes its value from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from sqlalchemy import BindParameter, ColumnElement, Date, bindparam
from sqlalchemy.types import TypeEngine

from eldercare.api.compiler.arguments import Leaf
from eldercare.security.cipher import KeyRing

Convert = Callable[[Any], Any]


@dataclass(frozen=True)
class Parameter:
    """Where a parameter's value comes from, how it becomes the database's, and under which root field it was asked."""

    leaf: Leaf
    convert: Convert
    root: str
    path: tuple[str, ...]

    def value(self, variables: Mapping[str, Any]) -> Any:
        """Its value among these variables; a value that cannot be used is an `InvalidInput`."""
        return self.convert(self.leaf.read(variables))


class Binder(Protocol):
    """Turns a leaf of an argument into an SQL expression; with `keys` it opens cursors that are sealed."""

    keys: KeyRing | None

    def bind(self, leaf: Leaf, sql: TypeEngine[Any], convert: Convert) -> ColumnElement[Any]:
        """The expression that stands for the leaf's value."""
        ...


class Parameters:
    """The named parameters of one statement being written; `root` and `path` say for which field."""

    def __init__(self, keys: KeyRing | None = None) -> None:
        self.keys = keys
        self.found: dict[str, Parameter] = {}
        self.root = ""
        self.path: tuple[str, ...] = ()

    def bind(self, leaf: Leaf, sql: TypeEngine[Any], convert: Convert) -> BindParameter[Any]:
        """A parameter that takes the leaf's value at each call."""
        name = f"p{len(self.found)}"
        self.found[name] = Parameter(leaf, convert, self.root, self.path)
        return bindparam(name, None, type_=sql)

    def today(self) -> BindParameter[date]:
        """The parameter for the day of the request."""
        return bindparam("today", None, type_=Date())


def same(value: Any) -> Any:
    """The value as it is."""
    return value
