"""How a noun of the API is declared: its values, references, lists, dimensions and measures, each an SQL expression."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, type_coerce
from sqlalchemy import inspect as mapping

from eldercare.api.kind import KEY, MONEY, TEXT, WHOLE, Kind, kind_of
from eldercare.registry.division import Level
from eldercare.registry.entity import Record
from eldercare.registry.query import View
from eldercare.registry.scope import is_personal
from eldercare.security.privacy import Privacy

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
    """A field that is one value; `stored` says that it is a plain column, `required` that it is never empty.

    `privacy` is what it tells about a person, and must be said of every field of a record about one. `owner` is the noun it
    belongs to, empty in a group or a report, where what may not be seen is refused. `sealed` says that it is encrypted.
    """

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
    privacy: Privacy | None = None
    owner: str = ""
    sealed: str = ""
    counts: Expression | None = None
    """The count of people it rests on, where `privacy` is COUNT."""

    @property
    def always(self) -> bool:
        """Whether everybody finds a value in it: it is never empty, and nobody is kept from seeing it."""
        return self.required and (not self.owner or self.privacy in (None, Privacy.OPEN))


@dataclass(frozen=True)
class Masked(Value):
    """The field that names the fields of a record which its viewer does not see as they are; its value follows from them."""

    told: tuple["Value | One", ...] = ()


@dataclass(frozen=True)
class One:
    """A field that leads to one record of a noun, whose key is an expression over the row."""

    name: str
    noun: str
    key: Expression
    en: str
    zh: str
    privacy: Privacy = Privacy.OPEN
    owner: str = ""


@dataclass(frozen=True)
class Many:
    """A field that leads to the records of a noun whose attribute `by` holds this row's key: a page of them."""

    name: str
    noun: str
    by: str
    en: str
    zh: str


@dataclass(frozen=True)
class Rows:
    """A field of a report's one row that is a list of rows of their own shape, from the report's arguments."""

    name: str
    shape: str
    rows: Callable[[dict[str, Any], View], Any]
    fields: "tuple[Value | One, ...]"
    order: tuple[str, ...]
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
    privacy: Privacy | None = None


@dataclass(frozen=True)
class Total:
    """A measure that sums an expression over the rows of a group; rows where it is unknown add nothing."""

    name: str
    expression: Expression
    en: str
    zh: str
    kind: Kind = WHOLE
    privacy: Privacy | None = None

    @property
    def counts(self) -> Expression:
        """The count of people it rests on, where `privacy` is COUNT."""
        return self.expression


@dataclass(frozen=True)
class Distinct:
    """A measure that counts the different values of an expression in a group."""

    name: str
    expression: Expression
    en: str
    zh: str
    privacy: Privacy | None = None


@dataclass(frozen=True)
class Rate:
    """A measure that divides two sums, over the rows where both are known; empty when the divisor is zero or unknown."""

    name: str
    over: Expression
    under: Expression
    en: str
    zh: str
    privacy: Privacy | None = None

    @property
    def counts(self) -> Expression:
        """The count of people it rests on, where `privacy` is COUNT."""
        return self.over


Measure = Total | Distinct | Rate


@dataclass(frozen=True)
class Summary:
    """What the rows of a noun can be counted by, and what is measured of each group besides their number.

    `counted` says which rows count at a date, besides being visible; with history all do.
    """

    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...] = ()
    counted: Callable[[Any, View], Sequence[ColumnElement[bool]]] | None = None


SHORTEST = timedelta(days=180)
"""How long what is deprecated stays, at least."""


@dataclass(frozen=True)
class Deprecation:
    """That a field will go: what to use instead, since when that is known, and the day after which it may be gone."""

    use: str
    since: date
    until: date

    def __post_init__(self) -> None:
        if self.until - self.since < SHORTEST:
            raise ValueError(f"What is deprecated stays for {SHORTEST.days} days at least.")

    def __str__(self) -> str:
        return f"{self.use} Deprecated since {self.since}, removed after {self.until}."


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
    deprecated: Mapping[str, Deprecation] = field(default_factory=dict)
    """Its fields that will go, by name."""

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
    it gives exactly one row, which `single` says. `weight` is what it costs, in objects (see `eldercare.api.cost`). Its
    select asks `visible` of every entity it reads; nobody is shown in it but through references. `people` says whether it
    counts people, so that small counts can be told from others; `lists` whether a row of it is one record rather than a
    sum: then it holds only what the viewer sees row by row, not what they may count. What several of its selects need is made once, by `shared`,
    and handed to each of them under the argument of that name.
    """

    name: str
    shape: str
    rows: Callable[[dict[str, Any], View], Any]
    fields: tuple[Field | Rows, ...]
    en: str
    zh: str
    arguments: tuple[Argument, ...] = field(default=())
    order: tuple[str, ...] = ()
    single: bool = False
    weight: int = 500
    people: bool = False
    lists: bool = False
    shared: Callable[[dict[str, Any], View], Any] | None = None


def column_value(entity: type[Record], name: str) -> Value:
    """The field that shows a column."""
    column = mapping(entity).columns[name]
    sealed = f"{entity.__tablename__}.{name}" if column.info.get("secret") else ""
    return Value(
        name,
        TEXT if sealed else kind_of(column.type),
        lambda row, view: getattr(row, name),
        (column.doc or "").replace(", encrypted.", "."),
        column.info.get("zh", ""),
        required=not column.nullable,
        filters=not sealed,
        sorts=not sealed,
        stored=not sealed,
        privacy=privacy_of(entity, name),
        sealed=sealed,
    )


def privacy_of(entity: type[Record], name: str) -> Privacy | None:
    """What a column tells about a person; nothing where the entity is not about one."""
    return mapping(entity).columns[name].info.get("privacy") if is_personal(entity) else Privacy.OPEN


def own_key(noun: str) -> Value:
    """The field `id`."""
    return Value(
        "id",
        KEY,
        lambda row, view: row.id,
        "Its opaque global id.",
        "标识",
        required=True,
        noun=noun,
        privacy=Privacy.OPEN,
    )


def shown_columns(entity: type[Record], hidden: frozenset[str] = frozenset()) -> Sequence[Value]:
    """A field for each column that is neither key, reference nor hidden; secrets only where they are a person's."""
    columns = mapping(entity).columns
    return [
        column_value(entity, name)
        for name, column in columns.items()
        if not (column.primary_key or column.foreign_keys or name in hidden or _kept_back(entity, column))
    ]


def _kept_back(entity: type[Record], column: Any) -> bool:
    """Ciphertext is shown, opened, only where a person's record says to whom; digests and what is computed never are."""
    info = column.info
    return bool(info.get("secret")) and (info.get("derived") or not is_personal(entity) or not info.get("privacy"))


def computed(
    name: str,
    kind: Kind,
    expression: Expression,
    *,
    en: str,
    zh: str,
    required: bool = False,
    privacy: Privacy | None = None,
    counts: Expression | None = None,
) -> Value:
    """A field whose value is computed; it can be filtered and ordered by like a column."""
    sorts, filters = kind.sorts, bool(kind.operators)
    return Value(
        name, kind, expression, en, zh, required=required, sorts=sorts, filters=filters, privacy=privacy, counts=counts
    )


def plain(value: Value, row: Any, view: View) -> ColumnElement[Any]:
    """A field's expression as it is in the registry; who may see it is asked in `compiler.sight`, and there alone."""
    found = value.expression(row, view.over_all())
    return type_coerce(found, MONEY.sql) if value.kind is MONEY else found


def shown_label(
    name: str, kind: Kind, *, en: str, zh: str, required: bool = False, privacy: Privacy = Privacy.OPEN
) -> Value:
    """A field of a report: a column of its select."""
    return Value(name, kind, lambda row, view: row.c[name], en, zh, required=required, privacy=privacy)


def shown_reference(name: str, noun: str, *, en: str, zh: str) -> One:
    """A field of a report that leads to a record whose key is a column of its select."""
    return One(name, noun, lambda row, view: row.c[name], en, zh)


def grouped_by(entity: type[Any], name: str, *, through: str = "") -> Dimension:
    """Groups by a column of an entity; with `through`, of the entity that this reference leads to."""
    value = column_value(entity, name)
    return Dimension(name, value.kind, value.expression, value.en, value.zh, through=through, privacy=value.privacy)
