"""Pages: a Relay connection over the rows of a noun, forward or backward, with cursors that survive changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Integer, case, exists, func, literal_column, select
from sqlalchemy.orm import aliased

from eldercare.api.compiler.arguments import Leaf, Tree
from eldercare.api.compiler.document import Selection
from eldercare.api.compiler.filters import Filters, selectable
from eldercare.api.compiler.order import Order, not_after, order_of
from eldercare.api.compiler.parameters import Binder
from eldercare.api.compiler.sql import json_list, json_object, word
from eldercare.kit.errors import InvalidInput
from eldercare.registry.query import View, visible

if TYPE_CHECKING:
    from eldercare.api.compiler.rows import Writer

DEFAULT_SIZE = 50
LARGEST_SIZE = 500
Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Window:
    """Which part of a list was asked for: how many rows, from which end, and the cursors it lies between."""

    size: ColumnElement[int]
    forward: bool
    after: Condition | None
    before: Condition | None

    def bounds(self) -> list[Condition]:
        """The conditions of the cursors."""
        return [bound for bound in (self.after, self.before) if bound is not None]


def window(given: dict[str, Tree], order: Order, binder: Binder) -> Window:
    """The window that the arguments first, after, last and before describe."""
    first, last = present(given, "first"), present(given, "last")
    if first and last:
        raise InvalidInput("FIRST_AND_LAST", "first and last were both sent.", remedy="Send one of them.")
    size = first or last
    after, before = present(given, "after"), present(given, "before")
    return Window(
        binder.bind(size, Integer(), page_size) if size else literal_column(str(DEFAULT_SIZE), Integer()),
        last is None,
        order.after(after, binder) if after else None,
        order.before(before, binder) if before else None,
    )


def present(given: dict[str, Tree], name: str) -> Leaf | None:
    """An argument that was given and is not null."""
    leaf = given.get(name)
    return leaf if isinstance(leaf, Leaf) and leaf.value is not None else None


def page_size(value: int) -> int:
    """The number of rows of a page; one that is negative or too large is `InvalidInput` (PAGE_SIZE)."""
    if not 0 <= value <= LARGEST_SIZE:
        raise InvalidInput(
            "PAGE_SIZE", f"A page has 0 to {LARGEST_SIZE} rows, not {value}.", remedy="Take more pages with after."
        )
    return value


@dataclass
class Listing:
    """The rows that a connection ranges over: an entity, all conditions but the cursors', and their order."""

    entity: Any
    where: list[Condition]
    order: Order
    parent: Any = None

    def select(self, *columns: Any) -> Any:
        """A select over these rows; one below a parent's row refers to it."""
        found = select(*columns).select_from(self.entity).where(*self.where)
        return found if self.parent is None else found.correlate(selectable(self.parent))


def listing(
    writer: Any, noun: str, entity: Any, view: View, *, given: dict[str, Tree], of: tuple[Condition, Any] | None
) -> Listing:
    """The rows that the arguments of a connection describe; `of` is the condition that ties them to a parent's row."""
    shape = writer.catalogue.shapes[noun]
    where = [*visible(entity, view), *([of[0]] if of else [])]
    if "filter" in given:
        where += Filters(writer.catalogue, writer.parameters, view).conditions(shape, given["filter"], entity)
    order = order_of(writer.catalogue, shape, given.get("orderBy"), entity, view)
    return Listing(entity, where, order, of[1] if of else None)


def page(
    writer: "Writer",
    noun: str,
    entity: Any,
    nodes: Selection,
    view: View,
    *,
    given: dict[str, Tree],
    of: tuple[Condition, Any] | None = None,
) -> ColumnElement[Any]:
    """The JSON object of a connection."""
    from eldercare.api.compiler.rows import as_json

    rows = listing(writer, noun, entity, view, given=given, of=of)
    part = window(given, rows.order, writer.parameters)
    return as_json(_Page(writer, noun, rows, part, view).write(nodes))


Field = Callable[[], ColumnElement[Any]]


class _Page:
    """One connection being written: its fields are decided first, then the inner select that serves them all."""

    def __init__(self, writer: "Writer", noun: str, rows: Listing, part: Window, view: View) -> None:
        self.writer, self.noun, self.rows, self.part, self.view = writer, noun, rows, part, view
        order = rows.order if part.forward else rows.order.reversed()
        labels = [key.expression.label(f"o{i}") for i, key in enumerate(order.keys)]
        inner = rows.select(entity_columns(rows.entity), *labels).where(*part.bounds())
        cut = inner.order_by(*order.clauses()).limit(part.size + literal_column("1")).subquery()
        self.cut = cut
        self.row = aliased(type_of(rows.entity), cut)
        keys = [cut.c[f"o{i}"] for i in range(len(labels))]
        self.order = order.over(keys)
        self.number = func.row_number().over(order_by=self.order.clauses())
        self.nodes: list[ColumnElement[Any]] = []
        self.paged = False
        self.outer: Any = None

    def write(self, nodes: Selection) -> Any:
        fields = self.writer.document.fields(nodes, f"{self.noun}Connection")
        late = [(key, self._field(each)) for key, each in fields.items()]
        if not self.paged:
            return select(json_object([(key, field()) for key, field in late])).scalar_subquery()
        keys = [key.expression.label(f"o{i}") for i, key in enumerate(self.order.keys)]
        numbered = [self.number.label("n"), func.count().over().label("found"), *keys]
        listed = [node.label(f"j{i}") for i, node in enumerate(self.nodes)]
        # SQLite makes the JSON arrays in the order in which the rows come: hence this order, which costs nothing.
        n: ColumnElement[int] = literal_column("n")
        end = n if self.part.forward else n.desc()
        self.outer = select(*numbered, *listed).select_from(self.cut).order_by(end).subquery()
        answer = json_object([(key, field()) for key, field in late], aggregates=True)
        return select(answer).select_from(self.outer).scalar_subquery()

    def _field(self, nodes: Selection) -> Field:
        name = nodes[0].name.value
        if name == "__typename":
            return lambda: word(f"{self.noun}Connection")
        if name == "totalCount":
            return lambda: self.rows.select(func.count()).scalar_subquery()
        if name == "pageInfo":
            return self._info(nodes)
        self.paged = True
        if name == "edges":
            return self._edges(nodes)
        place = self._node(nodes)
        return lambda: self._list(self.outer.c[place])

    def _node(self, nodes: Selection) -> str:
        shape = self.writer.catalogue.shapes[self.noun]
        self.nodes.append(self.writer.object(shape, self.row, nodes, self.view))
        return f"j{len(self.nodes) - 1}"

    def _list(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        n = self.outer.c.n
        return json_list(value, n if self.part.forward else -n, n <= self.part.size)

    def _edges(self, nodes: Selection) -> Field:
        parts: list[tuple[str, Field]] = []
        for key, each in self.writer.document.fields(nodes, f"{self.noun}Edge").items():
            parts.append((key, self._edge_field(each)))
        return lambda: self._list(json_object([(key, field()) for key, field in parts]))

    def _edge_field(self, nodes: Selection) -> Field:
        name = nodes[0].name.value
        if name == "__typename":
            return lambda: word(f"{self.noun}Edge")
        if name == "cursor":
            return self._cursor
        place = self._node(nodes)
        return lambda: self.outer.c[place]

    def _cursor(self) -> ColumnElement[Any]:
        columns = [self.outer.c[f"o{i}"] for i in range(len(self.order.keys))]
        return self.rows.order.over(columns).cursor()

    def _info(self, nodes: Selection) -> Field:
        known: dict[str, Field] = {
            "__typename": lambda: word("PageInfo"),
            "hasNextPage": lambda: self._more() if self.part.forward else self._beyond(self.part.before),
            "hasPreviousPage": lambda: self._beyond(self.part.after) if self.part.forward else self._more(),
            "startCursor": lambda: self._cursor_at(first=self.part.forward),
            "endCursor": lambda: self._cursor_at(first=not self.part.forward),
        }
        fields = self.writer.document.fields(nodes, "PageInfo")
        chosen = [(key, known[each[0].name.value]) for key, each in fields.items()]
        # Only what is read from the page needs it; the rest of pageInfo would find no row to stand on when it is empty.
        ahead = "hasNextPage" if self.part.forward else "hasPreviousPage"
        self.paged |= any(each[0].name.value in ("startCursor", "endCursor", ahead) for each in fields.values())
        return lambda: json_object([(key, field()) for key, field in chosen], aggregates=True)

    def _more(self) -> ColumnElement[bool]:
        """Whether rows follow in the direction of reading: the inner select fetches one more than asked for."""
        further = func.coalesce(func.max(self.outer.c.found), literal_column("0")) > self.part.size
        ahead = self.part.before if self.part.forward else self.part.after
        return further if ahead is None else further | self._beyond(ahead)

    def _beyond(self, bound: Condition | None) -> ColumnElement[bool]:
        """Whether rows lie on the other side of a cursor."""
        if bound is None:
            return literal_column("1") == literal_column("0")
        return exists(self.rows.select(self.rows.entity.id).where(not_after(bound)))

    def _cursor_at(self, *, first: bool) -> ColumnElement[str]:
        n, found = self.outer.c.n, self.outer.c.found
        last = case((found < self.part.size, found), else_=self.part.size)
        wanted = (n == literal_column("1")) & (n <= self.part.size) if first else n == last
        return func.max(case((wanted, self._cursor())))


def type_of(entity: Any) -> Any:
    """The mapped class of an alias."""
    from sqlalchemy import inspect

    return inspect(entity).mapper.class_


def entity_columns(entity: Any) -> Any:
    """What a select must name to have all columns of an entity."""
    return entity
