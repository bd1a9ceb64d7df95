"""Order: keys over a row and its references, a total order by appending the id, and the conditions of cursors in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2s
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, tuple_
from sqlalchemy.orm import aliased
from sqlalchemy.types import DateTime

from eldercare.api import scalars
from eldercare.api.catalogue import Catalogue, Shape
from eldercare.api.compiler.arguments import Leaf, Tree
from eldercare.api.compiler.cursor import Cursor, read_cursor, refuse
from eldercare.api.compiler.filters import rows_of_reference, selectable
from eldercare.api.compiler.parameters import Binder
from eldercare.api.compiler.seal import cursor_seal
from eldercare.api.compiler.sight import compared, sought, usable
from eldercare.api.compiler.sql import json_texts, shown, word
from eldercare.api.kind import FLAG, KEY, MONEY, NUMBER, WHOLE, Kind
from eldercare.api.noun import Value, camel, own_key
from eldercare.kit.errors import InvalidInput
from eldercare.registry.query import View
from eldercare.security.cipher import KeyRing
from eldercare.security.privacy import Privacy

TELLS_NOTHING = (None, Privacy.OPEN, Privacy.COUNT)
"""What a cursor may hold in the clear, though it comes to stand in addresses and logs; what nobody declared is about nobody."""


@dataclass(frozen=True)
class Key:
    """One key of an order: what it is called, its expression, how it sorts, and whether it tells something of a person."""

    name: str
    kind: Kind
    expression: ColumnElement[Any]
    descending: bool = False
    nulls_first: bool = False
    nullable: bool = True
    telling: bool = False

    def clause(self) -> Any:
        """Its part of ORDER BY."""
        sorted_by = self.expression.desc() if self.descending else self.expression.asc()
        if not self.nullable:
            return sorted_by
        return sorted_by.nulls_first() if self.nulls_first else sorted_by.nulls_last()

    def reversed(self) -> "Key":
        """The same key the other way round."""
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)


@dataclass(frozen=True)
class Order:
    """A total order of rows."""

    keys: tuple[Key, ...]

    def clauses(self) -> list[Any]:
        """ORDER BY."""
        return [key.clause() for key in self.keys]

    def reversed(self) -> "Order":
        """The same order the other way round."""
        return Order(tuple(key.reversed() for key in self.keys))

    def over(self, columns: Sequence[ColumnElement[Any]]) -> "Order":
        """The same order over the labels of a subquery."""
        return Order(tuple(replace(key, expression=column) for key, column in zip(self.keys, columns, strict=True)))

    def signature(self) -> str:
        """What a cursor carries to be recognised as one of this order."""
        text = ",".join(f"{k.name} {k.descending:d}{k.nulls_first:d}" for k in self.keys)
        return blake2s(text.encode(), digest_size=4).hexdigest()

    def cursor(self) -> ColumnElement[Any]:
        """The expression of a row's cursor; where it tells something of a person, it is sealed before it leaves."""
        written = json_texts(word(self.signature()), *[shown(key.expression) for key in self.keys])
        return cursor_seal(written) if self.telling else written

    @property
    def telling(self) -> bool:
        """Whether the values of a cursor tell something of a person."""
        return any(key.telling for key in self.keys)

    def after(self, leaf: Leaf, binder: Binder) -> ColumnElement[bool]:
        """The rows behind the row that a cursor names."""
        return rows_after(self.keys, self._place(leaf, binder))

    def before(self, leaf: Leaf, binder: Binder) -> ColumnElement[bool]:
        """The rows in front of the row that a cursor names."""
        return rows_after(self.reversed().keys, self._place(leaf, binder))

    def _place(self, leaf: Leaf, binder: Binder) -> list[ColumnElement[Any] | None]:
        cursor = self._checked(leaf.value)

        def at(i: int, key: Key) -> ColumnElement[Any]:
            return binder.bind(leaf, key.kind.sql, lambda text: self._value(text, i, binder.keys))

        return [None if cursor.empty[i] else at(i, key) for i, key in enumerate(self.keys)]

    def _checked(self, text: str) -> Cursor:
        cursor = read_cursor(text)
        if cursor.signature != self.signature() or len(cursor.empty) != len(self.keys):
            refuse("This cursor belongs to a list in another order.")
        if any(empty and not key.nullable for key, empty in zip(self.keys, cursor.empty, strict=True)):
            refuse("This is not a cursor of this API.")
        return cursor

    def _value(self, text: str, i: int, keys: KeyRing | None) -> Any:
        values = self._checked(text).opened(keys)
        try:
            return typed(values[i], self.keys[i].kind)
        except Exception:
            refuse("This is not a cursor of this API.")


def typed(value: Any, kind: Kind) -> Any:
    """A cursor's value in the database's type; a value of another type raises."""
    if kind is KEY or kind is WHOLE:
        return _exactly(value, int, -(2**63) <= value < 2**63)
    if kind is NUMBER:
        return float(_exactly(value, int | float, True))
    if kind is FLAG:
        return bool(_exactly(value, bool | int, value in (0, 1)))
    text = _exactly(value, str, True)
    if kind is MONEY:
        return scalars.read_money(text)
    if isinstance(kind.sql, DateTime):
        return scalars.read_instant(text)
    return scalars.read_day(text) if kind.sql.python_type is date else text


def _exactly(value: Any, of: Any, holds: bool) -> Any:
    if not isinstance(value, of) or not holds or (isinstance(value, bool) and of is int):
        raise ValueError
    return value


def rows_after(keys: Sequence[Key], place: Sequence[ColumnElement[Any] | None]) -> ColumnElement[bool]:
    """The rows behind a place in an order, written so that an index over the keys can begin there."""
    if all(not key.nullable and key.descending == keys[0].descending for key in keys):
        left, right = tuple_(*[key.expression for key in keys]), tuple_(*place)
        return left < right if keys[0].descending else left > right
    alternatives: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for key, value in zip(keys, place, strict=True):
        alternatives.append(and_(*equal, _behind(key, value)))
        equal.append(key.expression.is_(None) if value is None else key.expression == value)
    return or_(*alternatives)


def _behind(key: Key, value: ColumnElement[Any] | None) -> ColumnElement[bool]:
    if value is None:
        return key.expression.is_not(None) if key.nulls_first else false()
    further = key.expression < value if key.descending else key.expression > value
    return or_(further, key.expression.is_(None)) if key.nullable and not key.nulls_first else further


def not_after(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """The rows for which `after` or `before` does not hold."""
    return not_(func.coalesce(condition, false()))


def order_of(catalogue: Catalogue, shape: Shape, given: Tree | None, row: Any, view: View) -> Order:
    """The order that was asked for, else the noun's own; the id is appended so that no two rows are equal."""
    if given is None:
        assert shape.noun is not None
        # The order of a list that was not asked for must tell nothing either.
        names = [name for name in shape.noun.order if usable(value_of(shape, name), view)]
        keys = [_key(shape, name, row, view, {}) for name in names]
    else:
        keys = [_asked(catalogue, shape, each, row, view) for each in _items(given)]
    own = own_key(shape.name)
    return Order((*keys, Key("id", KEY, compared(own, row, view), nullable=False)))


def _items(given: Tree) -> list[Any]:
    if not isinstance(given, list) or not given:
        raise InvalidInput(
            "EMPTY_ORDER", "orderBy was sent with nothing in it.", remedy="Leave it out, or name a field."
        )
    return given


def _asked(catalogue: Catalogue, shape: Shape, given: dict[str, Any], row: Any, view: View) -> Key:
    named = [name for name in given if name not in ("direction", "nulls")]
    if len(named) != 1 or (isinstance(given[named[0]], Leaf) and given[named[0]].value is None):
        raise InvalidInput(
            "BAD_ORDER", "Each entry of orderBy names one field or one reference.", remedy="Split the entry."
        )
    name, inner = named[0], given[named[0]]
    if name == "field":
        return _key(shape, inner.value.value, row, view, given)
    field = shape.fields[name]
    target = aliased(catalogue.nouns[field.noun].entity)
    key = _asked(catalogue, catalogue.shapes[field.noun], {**_how(given), **inner}, target, view)
    reach = [target.id == sought(field, row, view), *rows_of_reference(target, view)]  # type: ignore[arg-type]
    found = select(key.expression).where(*reach).correlate(selectable(row)).scalar_subquery()
    return replace(key, name=f"{name}.{key.name}", expression=found, nullable=True)


def _how(given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ("direction", "nulls") if name in given}


def _key(shape: Shape, name: str, row: Any, view: View, given: dict[str, Any]) -> Key:
    value = value_of(shape, name)
    of = compared(value, row, view)
    return Key(
        name,
        value.kind,
        of,
        descending=_is(given, "direction", "DESC"),
        nulls_first=_is(given, "nulls", "FIRST"),
        nullable=not value.required,
        telling=value.privacy not in TELLS_NOTHING,
    )


def value_of(shape: Shape, name: str) -> Value:
    """A field of a shape that is one value."""
    value = shape.fields[camel(name)]
    assert isinstance(value, Value)
    return value


def _is(given: dict[str, Any], name: str, wanted: str) -> bool:
    leaf = given.get(name)
    return leaf is not None and leaf.value is not None and str(leaf.value) == wanted
