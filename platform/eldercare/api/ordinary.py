"""Ordinary execution: each selection is answered by plain selects of its own, for what the compiler refuses."""

from dataclasses import replace
from typing import Any

import orjson
from graphql import GraphQLResolveInfo
from sqlalchemy import BindParameter, Date, bindparam, func, literal, select
from sqlalchemy.orm import aliased
from sqlalchemy.types import TypeEngine

from eldercare.api import ids
from eldercare.api.catalogue import Catalogue, Shape
from eldercare.api.compiler.aggregate import groups
from eldercare.api.compiler.arguments import Leaf, Tree, arguments
from eldercare.api.compiler.cursor import seal_cursor, write_cursor
from eldercare.api.compiler.filters import rows_of_reference
from eldercare.api.compiler.order import not_after
from eldercare.api.compiler.page import DEFAULT_SIZE, Listing, listing, page_size, present, window
from eldercare.api.compiler.parameters import Convert
from eldercare.api.compiler.personal import person_key
from eldercare.api.compiler.roots import MOST_NODES, node_type, numbered, report_values, view_of
from eldercare.api.compiler.rows import flag
from eldercare.api.compiler.seal import opened_text
from eldercare.api.compiler.sight import check_count, check_use, expression, refers
from eldercare.api.compiler.sql import shown
from eldercare.api.context import Context
from eldercare.api.kind import KEY
from eldercare.api.noun import Many, Noun, One, Report, Rows, Value, plain
from eldercare.kit.errors import InvalidInput
from eldercare.registry.query import View
from eldercare.registry.viewer import constant, viewer_of
from eldercare.security.cipher import KeyRing


class Literals:
    """Puts every value into the statement as it is now."""

    def __init__(self, sqlite: bool, keys: KeyRing | None = None) -> None:
        self._sqlite, self.keys = sqlite, keys

    def bind(self, leaf: Leaf, sql: TypeEngine[Any], convert: Convert) -> BindParameter[Any]:
        """A parameter that holds the leaf's value."""
        value = convert(leaf.value)
        if self._sqlite and isinstance(value, list):
            value = orjson.dumps(value).decode()
        return bindparam(None, value, type_=sql, unique=True)


class Reader:
    """Answers the reads of one request with the session of its context."""

    def __init__(self, catalogue: Catalogue, context: Context) -> None:
        self.catalogue = catalogue
        self.context = context
        self.session = context.session
        self.parameters = Literals(context.engine.dialect.name == "sqlite", context.services.get("keys"))
        self.viewer = viewer_of(context.viewer, constant)

    def root(self, info: GraphQLResolveInfo[Any]) -> Any:
        """The value of a root field."""
        name, given = info.field_name, given_to(info, self.context)
        view = view_of(given, self.parameters, literal(self.context.today, Date()), self.viewer)
        if noun := self.catalogue.by_id.get(name):
            return self.by_id(noun.name, _leaf(given["id"]), view)
        if noun := self.catalogue.pages.get(name):
            return self.page(noun.name, aliased(noun.entity), given, view)
        if noun := self.catalogue.summaries.get(name):
            return self.groups(noun, given, replace(view, counting=True))
        if report := self.catalogue.reports.get(name):
            return self.report(report, given, replace(view, counting=not report.lists))
        if name == "node":
            return self.by_id(node_type(self, given["id"]), _leaf(given["id"]), view)  # type: ignore[arg-type]
        return self._nodes(given, view)

    def _nodes(self, given: dict[str, Tree], view: View) -> list[Any]:
        values = _leaf(given["ids"]).value
        if len(values) > MOST_NODES:
            raise InvalidInput(
                "TOO_MANY_IDS", f"nodes takes up to {MOST_NODES} ids.", remedy="Ask in several requests."
            )
        return [self.by_id(node_type(self, Leaf(each)), Leaf(each), view) for each in values]  # type: ignore[arg-type]

    def by_id(self, noun: str, leaf: Leaf, view: View) -> "Record | None":
        """A record by its id."""
        entity = aliased(self.catalogue.nouns[noun].entity)
        where = [entity.id == ids.key(leaf.value, noun), *rows_of_reference(entity, view)]
        key = self.session.scalar(select(entity.id).where(*where))
        return None if key is None else Record(self, self.catalogue.shapes[noun], key, view)

    def page(self, noun: str, entity: Any, given: dict[str, Tree], view: View, of: Any = None) -> "Page":
        """A page of records."""
        return Page(self, noun, listing(self, noun, entity, view, given=given, of=of), given, view)

    def groups(self, noun: Noun, given: dict[str, Tree], view: View) -> list["Row"]:
        """The groups of a summary."""
        return self._rows(f"{noun.name}Group", groups(self.catalogue, self.parameters, noun, given, view), view)

    def report(self, report: Report, given: dict[str, Tree], view: View) -> Any:
        """A report's rows, or its single one."""
        if report.people:
            check_count(view)
        values = report_values(report, given, self.parameters, view)
        selected = report.rows(values, view)
        found = self._rows(report.shape, selected if report.single else numbered(selected, report.order), view)
        for each in found:
            each.given = values
        return found[0] if report.single else found

    def listed(self, field: Rows, values: dict[str, Any], view: View) -> list["Row"]:
        """The rows that a report holds in a field."""
        return self._rows(field.shape, numbered(field.rows(values, view), field.order), view)

    def _rows(self, name: str, selected: Any, view: View) -> list["Row"]:
        shape, rows = self.catalogue.shapes[name], selected.subquery()
        # What may not be seen is refused when it is asked for; here all columns are read.
        columns = [
            (field.key(rows, view) if isinstance(field, One) else plain(field, rows, view)).label(field.name)
            for field in shape.fields.values()
            if isinstance(field, Value | One)
        ]
        found = select(*columns)
        if "n" in rows.c:
            found = found.order_by(rows.c.n)
        return [Row(self, shape, dict(row), view) for row in self.session.execute(found).mappings()]

    def reference(self, noun: str, key: Any, view: View) -> "Record | None":
        """The record that a key leads to, unless it is hidden."""
        entity = aliased(self.catalogue.nouns[noun].entity)
        found = self.session.scalar(select(entity.id).where(entity.id == key, *rows_of_reference(entity, view)))
        return None if found is None else Record(self, self.catalogue.shapes[noun], found, view)


class Row:
    """A row of a summary or a report."""

    def __init__(self, reader: Reader, shape: Shape, values: dict[str, Any], view: View) -> None:
        self.reader, self.shape, self.values, self.view = reader, shape, values, view
        self.given: dict[str, Any] = {}

    def read(self, info: GraphQLResolveInfo[Any]) -> Any:
        """The value of a field."""
        field = self.shape.fields[info.field_name]
        if isinstance(field, Rows):
            return self.reader.listed(field, self.given, self.view)
        value = self.values[field.name]
        if isinstance(field, One):
            return None if value is None else self.reader.reference(field.noun, value, self.view.rows())
        if isinstance(field, Value):
            check_use(field, self.view)
        return value


class Record:
    """A record of a noun."""

    def __init__(self, reader: Reader, shape: Shape, key: int, view: View) -> None:
        self.reader, self.shape, self.key, self.view = reader, shape, key, view
        self.noun = shape.name
        self._stored: dict[str, Any] | None = None
        self._told = reader.viewer is None

    def read(self, info: GraphQLResolveInfo[Any]) -> Any:
        """The value of a field."""
        self._tell()
        field = self.shape.fields[info.field_name]
        if isinstance(field, Value):
            return ids.join(field.noun, self.key) if field.kind is KEY else self._value(field)
        if isinstance(field, One):
            key = self._scalar(lambda row, view: refers(field, row, view))
            return None if key is None else self.reader.reference(field.noun, key, self.view)
        return self._page(field, info)

    def _tell(self) -> None:
        """Note whose data this shows, once."""
        if not self._told:
            self._told = True
            entity = self._entity()
            whose = person_key(entity)
            found = None if whose is None else self.reader.session.scalar(select(whose).where(entity.id == self.key))
            self.reader.context.people |= set() if found is None else {found}

    def _value(self, field: Value) -> Any:
        if not field.stored:
            found = self._scalar(lambda row, view: expression(field, row, view))
            return opened_text(found, self.reader.context.services.get("keys")) if field.sealed else found
        if self._stored is None:
            entity = self._entity()
            columns = [expression(f, entity, self.view).label(f.name) for f in self.shape.values() if f.stored]
            self._stored = dict(
                self.reader.session.execute(select(*columns).where(entity.id == self.key)).mappings().one()
            )
        return self._stored[field.name]

    def _scalar(self, of: Any) -> Any:
        entity = self._entity()
        return self.reader.session.scalar(
            select(of(entity, self.view)).select_from(entity).where(entity.id == self.key)
        )

    def _entity(self) -> Any:
        assert self.shape.noun is not None
        return aliased(self.shape.noun.entity)

    def _page(self, field: Many, info: GraphQLResolveInfo[Any]) -> "Page":
        given = given_to(info, self.reader.context)
        related = aliased(self.reader.catalogue.nouns[field.noun].entity)
        seen = replace(self.view.rows(), history=flag(given, "history"))
        condition = getattr(related, field.by) == self.key
        return self.reader.page(field.noun, related, given, seen, (condition, None))


class Page:
    """A connection; its rows are read once, one more than asked for."""

    def __init__(self, reader: Reader, noun: str, rows: Listing, given: dict[str, Tree], view: View) -> None:
        self.reader, self.noun, self.rows, self.view = reader, noun, rows, view
        part = window(given, rows.order, reader.parameters)
        size = present(given, "first") or present(given, "last")
        self.size = DEFAULT_SIZE if size is None else page_size(size.value)
        self.forward, self.after, self.before = part.forward, part.after, part.before
        self._found: list[Any] | None = None

    def read(self, info: GraphQLResolveInfo[Any]) -> Any:
        """The value of a field."""
        name = info.field_name
        if name == "totalCount":
            return self.reader.session.scalar(self.rows.select(func.count()))
        if name == "nodes":
            return [
                Record(self.reader, self.reader.catalogue.shapes[self.noun], row[0], self.view) for row in self.chosen()
            ]
        if name == "edges":
            return [Edge(self, row) for row in self.chosen()]
        return PageInfo(self)

    def fetched(self) -> list[Any]:
        """Up to one row more than asked for, from the end that was asked for."""
        if self._found is None:
            order = self.rows.order if self.forward else self.rows.order.reversed()
            keys = [shown(key.expression).label(f"o{i}") for i, key in enumerate(self.rows.order.keys)]
            bounds = [bound for bound in (self.after, self.before) if bound is not None]
            statement = self.rows.select(self.rows.entity.id, *keys).where(*bounds).order_by(*order.clauses())
            self._found = list(self.reader.session.execute(statement.limit(self.size + 1)))
        return self._found

    def chosen(self) -> list[Any]:
        """The rows of the page, in the order of the list."""
        found = self.fetched()[: self.size]
        return found if self.forward else found[::-1]

    def cursor(self, row: Any) -> str:
        """The cursor of a row."""
        order = self.rows.order
        if order.telling:
            return seal_cursor(order.signature(), row[1:], self.reader.parameters.keys)
        return write_cursor(order.signature(), row[1:])

    def beyond(self, bound: Any) -> bool:
        """Whether rows lie on the other side of a cursor."""
        if bound is None:
            return False
        found = self.rows.select(self.rows.entity.id).where(not_after(bound)).limit(1)
        return self.reader.session.scalar(found) is not None

    def more(self) -> bool:
        """Whether rows follow in the direction of reading."""
        return len(self.fetched()) > self.size or self.beyond(self.before if self.forward else self.after)


class Edge:
    """A row of a page with its cursor."""

    def __init__(self, page: Page, row: Any) -> None:
        self.page, self.row = page, row

    def read(self, info: GraphQLResolveInfo[Any]) -> Any:
        """The value of a field."""
        if info.field_name == "cursor":
            return self.page.cursor(self.row)
        return Record(self.page.reader, self.page.reader.catalogue.shapes[self.page.noun], self.row[0], self.page.view)


class PageInfo:
    """Where a page stands."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def read(self, info: GraphQLResolveInfo[Any]) -> Any:
        """The value of a field."""
        page = self.page
        if info.field_name == "hasNextPage":
            return page.more() if page.forward else page.beyond(page.before)
        if info.field_name == "hasPreviousPage":
            return page.beyond(page.after) if page.forward else page.more()
        rows = page.chosen()
        if not rows:
            return None
        return page.cursor(rows[0] if info.field_name == "startCursor" else rows[-1])


def given_to(info: GraphQLResolveInfo[Any], context: Context) -> dict[str, Tree]:
    """The arguments of the field being resolved."""
    return arguments(info.parent_type.fields[info.field_name], info.field_nodes[0], context.variables)


def _leaf(given: Tree) -> Leaf:
    assert isinstance(given, Leaf)
    return given
