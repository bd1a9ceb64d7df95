"""Root fields: by id, pages, summaries, reports and nodes, each written as one JSON expression."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Date, func, select
from sqlalchemy.orm import aliased

from eldercare.api import ids
from eldercare.api.compiler.aggregate import groups
from eldercare.api.compiler.arguments import Leaf, Tree
from eldercare.api.compiler.document import Selection
from eldercare.api.compiler.filters import division_key, division_keys
from eldercare.api.compiler.page import page, present
from eldercare.api.compiler.parameters import Binder, same
from eldercare.api.compiler.rows import Writer, flag
from eldercare.api.compiler.sight import check_count
from eldercare.api.compiler.sql import NotCompilable, as_json, json_array, json_list, json_object, list_type
from eldercare.api.kind import KEY
from eldercare.api.noun import Argument, Report, Rows, camel
from eldercare.kit.errors import InvalidInput
from eldercare.registry.query import View
from eldercare.registry.viewer import Viewer

MOST_NODES = 100


def root(writer: Writer, nodes: Selection) -> ColumnElement[Any]:
    """The JSON expression of one root field."""
    catalogue, name = writer.catalogue, nodes[0].name.value
    given = writer.arguments("Query", nodes[0])
    view = view_of(given, writer.parameters, writer.parameters.today(), writer.viewer)
    if noun := catalogue.by_id.get(name):
        return by_id(writer, noun.name, nodes, view, given["id"])
    if noun := catalogue.pages.get(name):
        return page(writer, noun.name, aliased(noun.entity), nodes, view, given=given)
    if noun := catalogue.summaries.get(name):
        view = replace(view, counting=True)
        selected = groups(catalogue, writer.parameters, noun, given, view)
        return listed(writer, f"{noun.name}Group", selected, nodes, view)
    if report := catalogue.reports.get(name):
        return reported(writer, report, given, nodes, replace(view, counting=not report.lists))
    if name == "node":
        return by_id(writer, node_type(writer, given["id"]), nodes, view, given["id"])
    if name == "nodes":
        return several(writer, given["ids"], nodes, view)
    raise NotCompilable(f"root field {name}")


def view_of(given: dict[str, Tree], binder: Binder, today: ColumnElement[Any], viewer: Viewer | None) -> View:
    """The view that asOf and history describe; without a date it is today's."""
    leaf = present(given, "asOf")
    as_of = binder.bind(leaf, Date(), same) if leaf else today
    return View(as_of, history=flag(given, "history"), viewer=viewer, today=today)


def by_id(writer: Writer, noun: str, nodes: Selection, view: View, given: Tree) -> ColumnElement[Any]:
    """One record by its id, whether or not it is in force at the view's date; empty when there is none."""
    assert isinstance(given, Leaf)
    entity = aliased(writer.catalogue.nouns[noun].entity)
    key = writer.parameters.bind(given, KEY.sql, lambda text: ids.key(text, noun))
    return writer.record(noun, entity, nodes, view, entity.id == key)


def node_type(writer: Writer, given: Tree) -> str:
    """The noun that an id names."""
    assert isinstance(given, Leaf)
    name, _ = ids.split(given.value)
    if name not in writer.catalogue.nouns:
        raise InvalidInput("BAD_ID", "This is not an id of this API.", remedy="Send an id exactly as the API gave it.")
    return name


def several(writer: Writer, given: Tree, nodes: Selection, view: View) -> ColumnElement[Any]:
    """Records by their ids, in the order of the ids; empty where there is none."""
    assert isinstance(given, Leaf)
    if len(given.value) > MOST_NODES:
        raise InvalidInput("TOO_MANY_IDS", f"nodes takes up to {MOST_NODES} ids.", remedy="Ask in several requests.")
    leaves = given.parts or tuple(Leaf(each, (*(given.path or ()), i)) for i, each in enumerate(given.value))
    if not leaves:
        return as_json(json_array())
    return as_json(json_array(*[by_id(writer, node_type(writer, leaf), nodes, view, leaf) for leaf in leaves]))


def listed(writer: Writer, shape: str, selected: Any, nodes: Selection, view: View) -> ColumnElement[Any]:
    """The JSON array of the rows of a select that numbers them in `n`."""
    rows = selected.subquery()
    value = writer.object(writer.catalogue.shapes[shape], rows, nodes, view)
    return as_json(select(json_list(value, [rows.c.n])).select_from(rows).scalar_subquery())


def reported(
    writer: Writer, report: Report, given: dict[str, Tree], nodes: Selection, view: View
) -> ColumnElement[Any]:
    """A report: its one row as an object, or all its rows as an array."""
    if report.people:
        check_count(view)
    values = report_values(report, given, writer.parameters, view)
    if not report.single:
        return listed(writer, report.shape, numbered(report.rows(values, view), report.order), nodes, view)
    rows, shape = report.rows(values, view).subquery(), writer.catalogue.shapes[report.shape]

    def field(chosen: Selection) -> ColumnElement[Any]:
        found = shape.fields.get(chosen[0].name.value)
        if not isinstance(found, Rows):
            return writer.field(shape, rows, chosen, view)
        return listed(writer, found.shape, numbered(found.rows(values, view), found.order), chosen, view)

    value = json_object([(key, field(each)) for key, each in writer.document.fields(nodes, shape.name).items()])
    return as_json(select(value).select_from(rows).scalar_subquery())


def numbered(selected: Any, order: Sequence[str]) -> Any:
    """A report's rows, numbered in the order of the named columns."""
    inner = selected.subquery()
    number = func.row_number().over(order_by=[inner.c[name].asc().nulls_first() for name in order]).label("n")
    return select(inner, number).order_by(number)


def report_values(report: Report, given: dict[str, Tree], binder: Binder, view: View) -> dict[str, Any]:
    """What a report's select is built from: values for structural arguments, parameters for the others."""
    values = {argument.name: _report_value(argument, given, binder, view) for argument in report.arguments}
    return values if report.shared is None else {**values, "shared": report.shared(values, view)}


def _report_value(argument: Argument, given: dict[str, Tree], binder: Binder, view: View) -> Any:
    leaf = given.get(camel(argument.name))
    if not isinstance(leaf, Leaf) or leaf.value is None:
        return None
    if argument.many and not leaf.value:
        raise InvalidInput("EMPTY_LIST", f"`{argument.name}` has no values.", remedy="Leave it out, or give a value.")
    if argument.structural:
        return leaf.value
    if argument.noun == "Division":
        return division_keys(binder, leaf, view) if argument.many else division_key(binder, leaf, view)
    convert = _key_of(argument.noun) if argument.kind is KEY else same
    if not argument.many:
        return binder.bind(leaf, argument.kind.sql, convert)
    return binder.bind(leaf, list_type(argument.kind.sql), lambda values: [convert(value) for value in values])


def _key_of(noun: str) -> Callable[[str], int]:
    return lambda text: ids.key(text, noun)
