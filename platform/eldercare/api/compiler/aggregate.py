"""Aggregates: the rows of a noun grouped by dimensions, with sizes, totals and rates, filtered and ordered as groups."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Float, Integer, Numeric, case, cast, func, inspect, literal_column, null, select
from sqlalchemy.orm import aliased

from eldercare.api.catalogue import Catalogue, Shape, told_of
from eldercare.api.compiler.arguments import Leaf, Tree
from eldercare.api.compiler.filters import Filters, reference
from eldercare.api.compiler.order import Key, Order
from eldercare.api.compiler.parameters import Binder
from eldercare.api.compiler.sight import check_count, check_use, large
from eldercare.api.kind import WHOLE
from eldercare.api.noun import Dimension, Distinct, Measure, Noun, Rate, Summary, Total, Value, camel
from eldercare.api.territory import territories
from eldercare.kit.errors import InvalidInput
from eldercare.registry.division import Level
from eldercare.registry.query import View, visible
from eldercare.registry.scope import is_personal

DEFAULT_GROUPS = 500
LARGEST_GROUPS = 5000
RATE_DIGITS = 6


def groups(catalogue: Catalogue, binder: Binder, noun: Noun, given: dict[str, Tree], view: View) -> Any:
    """The select of a summary's groups, in order; its columns carry the names of dimensions and measures."""
    assert noun.summary is not None
    if is_personal(noun.entity):
        check_count(view)
    chosen = _chosen(noun.summary, given)
    for each in chosen:
        check_use(replace(each, privacy=told_of(each, noun)), view)
    inner = _rows(catalogue, binder, noun, given, view, chosen).subquery()
    by = [inner.c[d.name] for d in chosen]
    # A summary that is not grouped has one group, even of no rows.
    found = _measured(noun.summary, inner, chosen).group_by(*by).subquery()
    shape = catalogue.shapes[f"{noun.name}Group"]
    listed = select(found, func.row_number().over(order_by=_order(shape, found, given, chosen, view)).label("n"))
    if "having" in given:
        # A group is a row like any other: the same operators apply to its measures.
        listed = listed.where(*Filters(catalogue, binder, view).conditions(shape, given["having"], _Row(found)))
    first = given.get("first")
    size = binder.bind(first, Integer(), group_count) if isinstance(first, Leaf) and first.value is not None else None
    limit = literal_column(str(DEFAULT_GROUPS)) if size is None else size
    return listed.order_by(literal_column("n")).limit(limit)


class _Row:
    """A group as the row that expressions over labels expect."""

    def __init__(self, selected: Any) -> None:
        self.c = selected.c


def _chosen(summary: Summary, given: dict[str, Tree]) -> list[Dimension]:
    leaf = given.get("groupBy")
    if leaf is None:
        return []
    names = [value.value for value in leaf.value or []] if isinstance(leaf, Leaf) else []
    if not names or len(set(names)) != len(names):
        raise InvalidInput(
            "BAD_GROUP_BY", "groupBy names each dimension once.", remedy="Leave groupBy out for one total."
        )
    known = {d.name: d for d in summary.dimensions}
    return [known[name] for name in names]


def _rows(
    catalogue: Catalogue, binder: Binder, noun: Noun, given: dict[str, Tree], view: View, chosen: list[Dimension]
) -> Any:
    """One row a record: its dimensions and what is measured of it."""
    assert noun.summary is not None
    base = _Base(catalogue, noun, view, [d.level for d in chosen if d.level])
    columns: list[ColumnElement[Any]] = [base.dimension(d).label(d.name) for d in chosen]
    for measure in noun.summary.measures:
        columns += _inputs(measure, base.row, view)
    where = list(visible(base.row, view))
    if noun.summary.counted and not view.history:
        where += noun.summary.counted(base.row, view.over_all())
    if "filter" in given:
        shape = catalogue.shapes[noun.name]
        where += Filters(catalogue, binder, view).conditions(shape, given["filter"], base.row)
    columns = columns or [inspect(base.row).selectable.c.id]
    return select(*columns).select_from(base.joined()).where(*where)


class _Base:
    """The rows of a noun with what dimensions need joined: records that references lead to, and divisions above."""

    def __init__(self, catalogue: Catalogue, noun: Noun, view: View, levels: list[Level]) -> None:
        self.catalogue, self.noun, self.view = catalogue, noun, view
        self.row = aliased(noun.entity)
        self.upper: Any = territories(levels).subquery() if levels else None
        self._through: dict[str, tuple[Any, Any]] = {}

    def dimension(self, dimension: Dimension) -> ColumnElement[Any]:
        """The expression of a dimension."""
        if dimension.level:
            return self.upper.c[dimension.name]  # type: ignore[no-any-return]
        row = self._target(dimension.through)[0] if dimension.through else self.row
        return dimension.expression(row, self.view.over_all())

    def joined(self) -> Any:
        """What to select from."""
        place = self._place() if self.upper is not None else None
        found: Any = inspect(self.row).selectable
        for target, key in self._through.values():
            # A key that is never empty leads somewhere: then the database may join in any order.
            loose = getattr(key, "nullable", True)
            found = found.join(inspect(target).selectable, target.id == key, isouter=loose)
        return found if place is None else found.outerjoin(self.upper, self.upper.c.id == place)

    def _place(self) -> ColumnElement[Any]:
        noun, row = self.noun, self.row
        if noun.place_of:
            row, _ = self._target(noun.place_of)
            noun = self.catalogue.nouns[reference(self.catalogue, noun, noun.place_of).noun]
        assert noun.place is not None
        return noun.place(row, self.view.over_all())

    def _target(self, name: str) -> tuple[Any, Any]:
        if name not in self._through:
            field = reference(self.catalogue, self.noun, name)
            check_use(field, self.view)
            target = aliased(self.catalogue.nouns[field.noun].entity)
            self._through[name] = (target, inspect_key(field.key(self.row, self.view.over_all())))
        return self._through[name]


def inspect_key(key: Any) -> Any:
    """A key's column where it is one, which knows whether it may be empty."""
    return key.__clause_element__() if hasattr(key, "__clause_element__") else key


def _inputs(measure: Measure, row: Any, view: View) -> list[ColumnElement[Any]]:
    everything = view.over_all()
    if isinstance(measure, Rate):
        over, under = large(measure, row, view, measure.over(row, everything)), measure.under(row, everything)
        return [over.label(f"{measure.name}_over"), under.label(f"{measure.name}_under")]
    return [large(measure, row, view, measure.expression(row, everything)).label(f"{measure.name}_of")]


def _measured(summary: Summary, inner: Any, chosen: list[Dimension]) -> Any:
    absent = [d for d in summary.dimensions if d not in chosen]
    columns: list[ColumnElement[Any]] = [inner.c[d.name] for d in chosen]
    columns += [cast(null(), d.kind.sql).label(d.name) for d in absent]
    columns.append(func.count().label("count"))
    columns += [_aggregate(measure, inner).label(measure.name) for measure in summary.measures]
    return select(*columns).select_from(inner)


def _aggregate(measure: Measure, inner: Any) -> ColumnElement[Any]:
    if isinstance(measure, Rate):
        return rate(inner.c[f"{measure.name}_over"], inner.c[f"{measure.name}_under"])
    of = inner.c[f"{measure.name}_of"]
    if isinstance(measure, Total):
        return cast(func.sum(of), measure.kind.sql)
    assert isinstance(measure, Distinct)
    return func.count(of.distinct())


def rate(over: ColumnElement[Any], under: ColumnElement[Any]) -> ColumnElement[Any]:
    """The quotient of two sums over the rows where both are known, to six digits; empty for a zero or unknown divisor."""
    known = over.is_not(None) & under.is_not(None)
    above = cast(func.sum(case((known, over))), Float(53))
    below = func.nullif(cast(func.sum(case((known, under))), Float(53)), literal_column("0"))
    return rounded(above / below)


def quotient(over: ColumnElement[Any], under: ColumnElement[Any]) -> ColumnElement[Any]:
    """One number divided by another, to six digits; empty for a zero or unknown divisor."""
    return rounded(cast(over, Float(53)) / func.nullif(cast(under, Float(53)), literal_column("0")))


def rounded(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """A fraction to six digits, the same on both databases."""
    return cast(func.round(cast(value, Numeric(20, 12)), literal_column(str(RATE_DIGITS))), Float(53))


def _order(shape: Shape, found: Any, given: dict[str, Tree], chosen: list[Dimension], view: View) -> list[Any]:
    asked = given.get("orderBy")
    keys = [_key(shape, found, each, view) for each in asked] if isinstance(asked, list) else []
    if asked is not None and not keys:
        raise InvalidInput(
            "EMPTY_ORDER", "orderBy was sent with nothing in it.", remedy="Leave it out, or name a field."
        )
    ties = [Key(d.name, d.kind, found.c[d.name]) for d in chosen]
    last = [Key("count", WHOLE, found.c["count"])] if not ties else []
    return Order((*keys, *ties, *last)).clauses()


def _key(shape: Shape, found: Any, given: dict[str, Any], view: View) -> Key:
    name = given["field"].value.value
    value = shape.fields[camel(name)]
    assert isinstance(value, Value)
    check_use(value, view)

    def says(argument: str, wanted: str) -> bool:
        leaf = given.get(argument)
        return leaf is not None and str(leaf.value) == wanted

    return Key(name, value.kind, found.c[name], says("direction", "DESC"), says("nulls", "FIRST"))


def group_count(value: int) -> int:
    """How many groups are answered; a number that is negative or too large is `InvalidInput` (PAGE_SIZE)."""
    if not 0 <= value <= LARGEST_GROUPS:
        raise InvalidInput(
            "PAGE_SIZE",
            f"A summary has 0 to {LARGEST_GROUPS} groups, not {value}.",
            remedy="Filter, or group more coarsely.",
        )
    return value
