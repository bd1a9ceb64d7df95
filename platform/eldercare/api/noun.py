"""How a noun of the API is declared: its values, references, lists, dimensions and measures, each an SQL expression."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, type_coerce
from sqlalchemy import inspect as mapping

from eldercare.api.kind import KEY, MONEY, WHOLE, Kind, kind_of
from eldercare.registry.division import Level
from eldercare.registry.entity import Record
from eldercare.registry.query import View

Inside = Callable[[Any], ColumnElement[bool]]
"""Whether the division of a key lies in a territory."""
Expression = Callable[[Any, View], ColumnElement[Any]]
"""An expression over a row (an entity, an alias of it, or the columns of a subquery), seen through a view."""


def camel(name: str) -> str:
    """The GraphQL name of a Python name.

    >>> camel("valid_from")
    'validFrom'
    """
    first, *rest = name.split("_")
    return first + "".join(part[:1].upper() + part[1:] for part in rest)


def bilingual(en: str, zh: str) -> str:
    """A description in English with its Chinese term."""
    return f"{en} · {zh}" if zh else en


@dataclass(frozen=True)
class Value:
    """A field that is one value; `stored` says that it is a plain column, `required` that it is never empty."""

    name: str
    kind: Kind
    expression: Expression
    en: str
    zh: str
    required: bool = False
    filters: bool = True
    sorts: bool = True
    noun: str = ""
    stored: bool = False


@dataclass(frozen=True)
class One:
    """A field that leads to one record of a noun, whose key is an expression over the row."""

    name: str
    noun: str
    key: Expression
    en: str
    zh: str


@dataclass(frozen=True)
class Many:
    """A field that leads to the records of a noun whose attribute `by` holds this row's key: a page of them."""

    name: str
    noun: str
    by: str
    en: str
    zh: str


Field = Value | One | Many


@dataclass(frozen=True)
class Dimension:
    """What groups can be formed by: a value, or with `noun` the record of that noun whose key the expression gives.

    With `level` it is the division of that level in which the row has its place. With `through` the expression is over
    the record that this reference of the row leads to.
    """

    name: str
    kind: Kind
    expression: Expression
    en: str
    zh: str
    noun: str = ""
    level: Level | None = None
    through: str = ""


@dataclass(frozen=True)
class Total:
    """A measure that sums an expression over the rows of a group; rows where it is unknown add nothing."""

    name: str
    expression: Expression
    en: str
    zh: str
    kind: Kind = WHOLE


@dataclass(frozen=True)
class Distinct:
    """A measure that counts the different values of an expression in a group."""

    name: str
    expression: Expression
    en: str
    zh: str


@dataclass(frozen=True)
class Rate:
    """A measure that divides two sums, over the rows where both are known; empty when the divisor is zero or unknown."""

    name: str
    over: Expression
    under: Expression
    en: str
    zh: str


Measure = Total | Distinct | Rate


@dataclass(frozen=True)
class Summary:
    """What the rows of a noun can be counted by, and what is measured of each group besides their number.

    `counted` says which rows count at a date, besides being visible; with history all do.
    """

    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...] = ()
    counted: Callable[[Any, View], Sequence[ColumnElement[bool]]] | None = None


@dataclass(frozen=True)
class Noun:
    """An entity as the API shows it: every column that is no secret, every reference, and what is declared here.

    `place` gives the division a row belongs to; from it follow the filter `within` and groups by territory. `located`
    replaces the test for `within`, from the row's key, where a better one than "its place lies inside" is known. `place_of` names a reference
    instead: the row belongs where the record belongs that it leads to.
    """

    entity: type[Record]
    plural: str
    fields: tuple[Field, ...] = ()
    order: tuple[str, ...] = ()
    hidden: frozenset[str] = frozenset()
    place: Expression | None = None
    place_of: str = ""
    located: Callable[[ColumnElement[int], View, Inside], ColumnElement[bool]] | None = None
    summary: Summary | None = None

    @property
    def name(self) -> str:
        """The name of its GraphQL type."""
        return self.entity.__name__


@dataclass(frozen=True)
class Argument:
    """An argument of a report. A structural one is known when the statement is built; any other is a parameter of it."""

    name: str
    kind: Kind
    en: str
    zh: str
    many: bool = False
    required: bool = False
    structural: bool = False
    noun: str = ""


@dataclass(frozen=True)
class Report:
    """A root field that answers with rows of its own shape: a select over given arguments and a view.

    The select's columns carry the names of `fields`; its rows are shown in the order of the columns named in `order`, or
    it gives exactly one row, which `single` says. `weight` is what it costs, in objects (see `eldercare.api.cost`).
    """

    name: str
    shape: str
    rows: Callable[[dict[str, Any], View], Any]
    fields: tuple[Field, ...]
    en: str
    zh: str
    arguments: tuple[Argument, ...] = field(default=())
    order: tuple[str, ...] = ()
    single: bool = False
    weight: int = 500


def column_value(entity: type[Record], name: str) -> Value:
    """The field that shows a column."""
    column = mapping(entity).columns[name]
    return Value(
        name,
        kind_of(column.type),
        lambda row, view: getattr(row, name),
        column.doc or "",
        column.info.get("zh", ""),
        required=not column.nullable,
        stored=True,
    )


def own_key(noun: str) -> Value:
    """The field `id`."""
    return Value("id", KEY, lambda row, view: row.id, "Its opaque global id.", "标识", required=True, noun=noun)


def shown_columns(entity: type[Record], hidden: frozenset[str] = frozenset()) -> Sequence[Value]:
    """A field for each column that is neither key, reference, secret nor hidden."""
    columns = mapping(entity).columns
    return [
        column_value(entity, name)
        for name, column in columns.items()
        if not (column.primary_key or column.foreign_keys or column.info.get("secret") or name in hidden)
    ]


def computed(name: str, kind: Kind, expression: Expression, *, en: str, zh: str, required: bool = False) -> Value:
    """A field whose value is computed; it can be filtered and ordered by like a column."""
    return Value(name, kind, expression, en, zh, required=required, sorts=kind.sorts, filters=bool(kind.operators))


def expression(value: Value, row: Any, view: View) -> ColumnElement[Any]:
    """The one place where a field's expression enters any statement: for showing, filtering, ordering and grouping."""
    found = value.expression(row, view)
    return type_coerce(found, MONEY.sql) if value.kind is MONEY else found


def shown_label(name: str, kind: Kind, *, en: str, zh: str, required: bool = False) -> Value:
    """A field of a report: a column of its select."""
    return Value(name, kind, lambda row, view: row.c[name], en, zh, required=required)


def shown_reference(name: str, noun: str, *, en: str, zh: str) -> One:
    """A field of a report that leads to a record whose key is a column of its select."""
    return One(name, noun, lambda row, view: row.c[name], en, zh)


def grouped_by(entity: type[Any], name: str, *, through: str = "") -> Dimension:
    """Groups by a column of an entity; with `through`, of the entity that this reference leads to."""
    value = column_value(entity, name)
    return Dimension(name, value.kind, value.expression, value.en, value.zh, through=through)
