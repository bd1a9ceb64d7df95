"""Selections: an object, a reference, a page or a report becomes a JSON expression over its row."""

from dataclasses import replace
from typing import Any

from graphql import FieldNode, GraphQLSchema
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from eldercare.api.catalogue import Catalogue, Shape
from eldercare.api.compiler.arguments import Leaf, Tree, arguments
from eldercare.api.compiler.document import Document, Selection, response_key
from eldercare.api.compiler.filters import rows_of_reference, selectable
from eldercare.api.compiler.page import page
from eldercare.api.compiler.parameters import Parameters
from eldercare.api.compiler.personal import person_key
from eldercare.api.compiler.sight import expression, refers
from eldercare.api.compiler.sql import PERSON, NotCompilable, as_json, json_object, shown, word
from eldercare.api.noun import Many, One, Rows, Value
from eldercare.registry.query import View
from eldercare.registry.viewer import parameter, viewer_of
from eldercare.security.cipher import KeyRing
from eldercare.security.principal import Principal


class Writer:
    """Writes the JSON expressions of one operation."""

    def __init__(
        self,
        catalogue: Catalogue,
        schema: GraphQLSchema,
        document: Document,
        viewer: Principal,
        keys: KeyRing | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.viewer = viewer_of(viewer, parameter)
        self.sealed = self.personal = False
        self.schema = schema
        self.document = document
        self.parameters = Parameters(keys)

    def arguments(self, type_name: str, node: FieldNode) -> dict[str, Tree]:
        """The arguments that a field was given."""
        definition = self.schema.get_type(type_name).fields[node.name.value]  # type: ignore[union-attr]
        return arguments(definition, node, self.document.variables)

    def object(self, shape: Shape, row: Any, selection: Selection, view: View) -> json_object:
        """The JSON object of a row with the fields that were selected."""
        fields = self.document.fields(selection, shape.name)
        whose = None if self.viewer is None or shape.noun is None else person_key(row)
        self.personal = self.personal or whose is not None
        marks = [] if whose is None else [(PERSON, whose)]
        return json_object([*marks, *[(key, self.field(shape, row, nodes, view)) for key, nodes in fields.items()]])

    def field(self, shape: Shape, row: Any, nodes: Selection, view: View) -> ColumnElement[Any]:
        """The expression of one field of a row."""
        name = nodes[0].name.value
        if name == "__typename":
            return word(shape.name)
        field = shape.fields[name]
        if isinstance(field, Value):
            self.sealed = self.sealed or bool(field.sealed)
            return shown(expression(field, row, view), field.noun)
        if isinstance(field, One):
            return self.one(field, row, nodes, view)
        if isinstance(field, Rows):
            raise NotCompilable("rows of a report outside it")
        return self.many(shape, field, row, nodes, view)

    def record(
        self, noun: str, entity: Any, nodes: Selection, view: View, *where: ColumnElement[bool]
    ) -> ColumnElement[Any]:
        """The one record of a noun that meets the conditions, whether or not it is in force; empty when there is none."""
        value = self.object(self.catalogue.shapes[noun], entity, nodes, view)
        found = select(value).select_from(entity).where(*where, *rows_of_reference(entity, view))
        return as_json(found.scalar_subquery())

    def one(self, field: One, row: Any, nodes: Selection, view: View) -> ColumnElement[Any]:
        """The record that a row refers to; empty when there is none or it is hidden."""
        target, key, view = aliased(self.catalogue.nouns[field.noun].entity), refers(field, row, view), view.rows()
        value = self.object(self.catalogue.shapes[field.noun], target, nodes, view)
        reach = [target.id == key, *rows_of_reference(target, view)]
        found = select(value).select_from(target).where(*reach)
        return as_json(found.correlate(selectable(row)).scalar_subquery())

    def many(self, shape: Shape, field: Many, row: Any, nodes: Selection, view: View) -> ColumnElement[Any]:
        """A page of the records that refer to a row."""
        outer, self.parameters.path = self.parameters.path, (*self.parameters.path, response_key(nodes[0]))
        given = self.arguments(shape.name, nodes[0])
        related = aliased(self.catalogue.nouns[field.noun].entity)
        seen = replace(view.rows(), history=flag(given, "history"))
        found = page(
            self, field.noun, related, nodes, seen, given=given, of=(getattr(related, field.by) == row.id, row)
        )
        self.parameters.path = outer
        return found


def flag(given: dict[str, Tree], name: str) -> bool:
    """Whether a Boolean argument was given as true."""
    leaf = given.get(name)
    return isinstance(leaf, Leaf) and bool(leaf.value)
