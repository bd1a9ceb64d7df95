"""Resolvers of the types made from the catalogue: they walk an answer read beforehand, else read ordinarily."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import GraphQLField, GraphQLObjectType, GraphQLResolveInfo, GraphQLSchema, get_named_type, is_list_type
from sqlalchemy import Date, literal
from sqlalchemy.orm import aliased

from eldercare.api import ids
from eldercare.api.catalogue import Catalogue
from eldercare.api.compiler.document import Document
from eldercare.api.compiler.personal import cut
from eldercare.api.compiler.plan import BadArgument, compiled
from eldercare.api.compiler.rows import Writer
from eldercare.api.compiler.seal import opened
from eldercare.api.compiler.sql import NotCompilable
from eldercare.api.context import Context
from eldercare.api.errors import ArgumentError
from eldercare.api.ordinary import Reader
from eldercare.registry.query import View


class Walked(dict[str, Any]):
    """An object of an answer, by response key, that knows which noun it shows."""

    noun: str = ""


@dataclass(frozen=True)
class Shown:
    """What a resolver returns to show a record: the name of its noun and its key. Its selection is one statement."""

    noun: str
    key: int


def wire(schema: GraphQLSchema, catalogue: Catalogue) -> None:
    """Give every field that leads to the registry its resolver."""
    made = made_types(catalogue)
    for name, kind in schema.type_map.items():
        if not isinstance(kind, GraphQLObjectType) or name.startswith("__"):
            continue
        for field_name, field in kind.fields.items():
            if name in made:
                kind.is_type_of = None
                field.resolve = resolve
            elif kind is schema.query_type and field_name in catalogue.roots():
                field.resolve = RootResolver(catalogue)
            elif get_named_type(field.type).name in (*catalogue.nouns, "Node"):
                field.resolve = ShownResolver(catalogue, schema, field)
    node: Any = schema.type_map["Node"]
    node.resolve_type = lambda value, info, kind: value.noun


def made_types(catalogue: Catalogue) -> set[str]:
    """The names of the object types that follow from the catalogue."""
    pages = {f"{name}{suffix}" for name in catalogue.nouns for suffix in ("Connection", "Edge")}
    return {*catalogue.shapes, *pages, "PageInfo"}


def resolve(source: Any, info: GraphQLResolveInfo[Any], **_: Any) -> Any:
    """A field of an answer read beforehand, or of a row read ordinarily."""
    if isinstance(source, dict):
        return source[str(info.path.key)]
    return source.read(info)


class RootResolver:
    """Resolves the root fields of the registry."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __call__(self, source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        """The answer read beforehand, else an ordinary read."""
        context: Context = info.context
        key = str(info.path.key)
        if key in context.failures:
            raise context.failures[key]
        if key in context.answers:
            return self._typed(info.field_name, context.answers[key], given)
        return Reader(self.catalogue, context).root(info)

    def _typed(self, name: str, answer: Any, given: Mapping[str, Any]) -> Any:
        if name == "node":
            return walked(answer, ids.split(given["id"])[0])
        if name == "nodes":
            return [walked(each, ids.split(key)[0]) for each, key in zip(answer, given["ids"], strict=True)]
        return answer


def walked(answer: Any, noun: str) -> Walked | None:
    """An object of an answer with the name of its noun."""
    if answer is None:
        return None
    found = Walked(answer)
    found.noun = noun
    return found


class ShownResolver:
    """Resolves a field of another type that shows records: what its own resolver names is read in one statement."""

    def __init__(self, catalogue: Catalogue, schema: GraphQLSchema, field: GraphQLField) -> None:
        self.catalogue, self.schema = catalogue, schema
        self.own = field.resolve
        self.many = is_list_type(getattr(field.type, "of_type", field.type)) or is_list_type(field.type)

    def __call__(self, source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        """The record or records that the field's own resolver names."""
        assert self.own is not None
        found = self.own(source, info, **given)
        if isinstance(found, list | tuple):
            return [self._show(each, info) for each in found]
        return self._show(found, info)

    def _show(self, found: Any, info: GraphQLResolveInfo[Any]) -> Any:
        return self._read(found, info) if isinstance(found, Shown) else found

    def _read(self, found: Shown, info: GraphQLResolveInfo[Any]) -> Any:
        context: Context = info.context
        context.session.flush()
        today = literal(context.today, Date())
        document = Document(context.fragments, context.operation, context.variables)
        keys = context.services.get("keys")
        writer = Writer(self.catalogue, self.schema, document, context.viewer, keys)
        view = View(today, viewer=writer.viewer, today=today)
        entity = aliased(self.catalogue.nouns[found.noun].entity)
        try:
            value = writer.record(found.noun, entity, info.field_nodes, view, entity.id == literal(found.key))
            plan = compiled(value, writer, driver_of(context))
            values = plan.values(context.variables, context.today, context.viewer)
        except NotCompilable:
            reader = Reader(self.catalogue, context)
            seen = View(today, viewer=reader.viewer, today=today)
            return reader.reference(found.noun, found.key, seen)
        except BadArgument as error:
            raise ArgumentError(error.error, error.path) from error
        answer = context.session.connection().exec_driver_sql(plan.sql, values).scalar()
        text = answer.encode() if isinstance(answer, str) else orjson.dumps(answer)
        if plan.personal:
            text, people = cut(text)
            context.people |= people
        return walked(orjson.loads(opened(text, keys) if plan.sealed else text), found.noun)


def driver_of(context: Context) -> str:
    """The driver of a context's session."""
    return "sqlite" if context.engine.dialect.name == "sqlite" else "psycopg"
