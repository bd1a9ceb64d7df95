"""Pages: a Relay connection over the rows of a noun, forward or backward, with cursors that survive changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Integer, case, exists, func, inspect, literal_column, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.visitors import iterate

from eldercare.api.compiler.arguments import Leaf, Tree
from eldercare.api.compiler.document import Selection
from eldercare.api.compiler.filters import Filters, selectable
from eldercare.api.compiler.order import Order, not_after, order_of
from eldercare.api.compiler.parameters import Binder
from eldercare.api.compiler.sql import as_json, json_list, json_object, word
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
    where = [*visible(entity, view, lead=of is None), *([of[0]] if of else [])]
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
    rows = listing(writer, noun, entity, view, given=given, of=of)
    part = window(given, rows.order, writer.parameters)
    return as_json(_Page(writer, noun, rows, part, view).write(nodes))


Field = Callable[[], ColumnElement[Any]]
FROM_PAGE = ("startCursor", "endCursor")


class _Page:
    """One connection being written: what it needs is known first, then its rows are cut, then its fields are written.

    The rows are numbered, and one more than asked for is read, only when the place of the page in its list is asked for;
    else the JSON is made directly of the rows that were cut.
    """

    def __init__(self, writer: "Writer", noun: str, rows: Listing, part: Window, view: View) -> None:
        self.writer, self.noun, self.rows, self.part, self.view = writer, noun, rows, part, view
        self.nodes: list[ColumnElement[Any]] = []
        self.outer: Any = None

    def write(self, nodes: Selection) -> Any:
        """The select of the connection's JSON."""
        fields = self.writer.document.fields(nodes, f"{self.noun}Connection")
        placed = any(self._is_placed(each) for each in fields.values() if each[0].name.value == "pageInfo")
        if not placed and not any(each[0].name.value in ("nodes", "edges") for each in fields.values()):
            return select(json_object([(key, self._field(each)()) for key, each in fields.items()])).scalar_subquery()
        self.placed = placed
        self.direct = self.part.forward and not placed
        self._cut(placed)
        late = [(key, self._field(each)) for key, each in fields.items()]
        if self.direct:
            self.outer = self.cut
        else:
            self._number(placed)
        answer = json_object([(key, field()) for key, field in late], aggregates=True)
        found = select(answer).select_from(self.outer)
        keep_used(self.cut, self.rows.entity, found)
        return found.scalar_subquery()

    def _is_placed(self, nodes: Selection) -> bool:
        """Whether pageInfo is asked for something that only the page's own rows tell."""
        ahead = "hasNextPage" if self.part.forward else "hasPreviousPage"
        names = {each[0].name.value for each in self.writer.document.fields(nodes, "PageInfo").values()}
        return not names.isdisjoint((*FROM_PAGE, ahead))

    def _cut(self, placed: bool) -> None:
        """Read the rows of the page, with their order keys, from the end that was asked for."""
        order = self.rows.order if self.part.forward else self.rows.order.reversed()
        labels = [key.expression.label(f"o{i}") for i, key in enumerate(order.keys)]
        inner = self.rows.select(self.rows.entity, *labels).where(*self.part.bounds()).order_by(*order.clauses())
        self.cut = inner.limit(self.part.size + literal_column("1") if placed else self.part.size).subquery()
        self.row = aliased(type_of(self.rows.entity), self.cut)
        self.order = order.over([self.cut.c[f"o{i}"] for i in range(len(labels))])

    def _number(self, placed: bool) -> None:
        """Put the JSON of each row beside its order keys; number the rows if they are to be placed."""
        keys = [key.expression.label(f"o{i}") for i, key in enumerate(self.order.keys)]
        listed = [node.label(f"j{i}") for i, node in enumerate(self.nodes)]
        number = func.row_number().over(order_by=self.order.clauses()).label("n")
        numbered = [number, func.count().over().label("found")] if placed else []
        shown = self.order if self.part.forward else self.order.reversed()
        found = select(*numbered, *keys, *listed).select_from(self.cut)
        # SQLite makes the JSON arrays in the order in which the rows come.
        self.outer = found.order_by(*shown.clauses()).subquery()

    def _field(self, nodes: Selection) -> Field:
        name = nodes[0].name.value
        if name == "__typename":
            return lambda: word(f"{self.noun}Connection")
        if name == "totalCount":
            return lambda: self.rows.select(func.count()).scalar_subquery()
        if name == "pageInfo":
            return self._info(nodes)
        if name == "edges":
            return self._edges(nodes)
        node = self._node(nodes)
        return lambda: self._list(node())

    def _node(self, nodes: Selection) -> Field:
        shape, place = self.writer.catalogue.shapes[self.noun], len(self.nodes)
        self.nodes.append(self.writer.object(shape, self.row, nodes, self.view))
        return lambda: self.nodes[place] if self.direct else self.outer.c[f"j{place}"]

    def _list(self, value: ColumnElement[Any]) -> ColumnElement[Any]:
        by = self.rows.order.over(self._keys()).clauses()
        return json_list(value, by, self.outer.c.n <= self.part.size if self.placed else None)

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
        return self._node(nodes)

    def _keys(self) -> list[ColumnElement[Any]]:
        return [self.outer.c[f"o{i}"] for i in range(len(self.order.keys))]

    def _cursor(self) -> ColumnElement[Any]:
        order = self.rows.order.over(self._keys())
        self.writer.sealed = self.writer.sealed or order.telling
        return order.cursor()

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
    return inspect(entity).mapper.class_


def keep_used(cut: Any, entity: Any, reader: Any) -> None:
    """Leave out of a page's rows the columns that nothing reads: they would be sorted and copied for nothing."""
    read: list[Any] = list(iterate(reader))
    used = {each.key for each in read if getattr(getattr(each, "table", None), "name", None) == cut.name}
    names = [attribute.key for attribute in inspect(entity).mapper.column_attrs if attribute.key in used]
    labels = [column for column in cut.element.selected_columns if column.key not in inspect(entity).mapper.columns]
    cut.element = cut.element.with_only_columns(*[getattr(entity, name) for name in names], *labels)
