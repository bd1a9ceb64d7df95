"""Breaking changes between two editions of the schema; what was deprecated before may go."""

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from graphql import (
    REMOVE,
    DocumentNode,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    Node,
    Visitor,
    build_ast_schema,
    find_breaking_changes,
    parse,
    print_ast,
    visit,
)
from graphql.language import DefinitionNode, FieldDefinitionNode, NamedTypeNode, SchemaDefinitionNode

EDITION = re.compile(r"(\d+)\.(\d+)\.(\d+)\.graphql\Z")


UNTIL = re.compile(r"removed after (\d{4}-\d{2}-\d{2})", re.IGNORECASE)


def breaking_changes(old: str, new: str, *, today: date | None = None) -> list[str]:
    """What of the old schema the new one breaks, as sentences; removing what the old one deprecated is none.

    With a day, that holds only for what was to stay until a day before it.
    """
    kept = without_deprecated(parse(old), today)
    found = find_breaking_changes(build_ast_schema(kept), build_ast_schema(parse(new)))
    return [change.description for change in found]


def last_edition(folder: Path) -> Path | None:
    """The newest released schema of a folder of `<version>.graphql` files."""
    editions = [(found, path) for path in folder.glob("*.graphql") if (found := EDITION.match(path.name))]
    return max(editions, key=lambda each: tuple(map(int, each[0].groups())))[1] if editions else None


def without_deprecated(document: DocumentNode, today: date | None = None) -> DocumentNode:
    """A schema's document without what is deprecated, and without types that only that led to."""
    pruned: DocumentNode = visit(document, _Undeprecated(today))
    reached = reachable(pruned.definitions)
    kept = [each for each in pruned.definitions if _name(each) is None or _name(each) in reached]
    return DocumentNode(definitions=tuple(kept))


class _Undeprecated(Visitor):
    """Removes deprecated fields, arguments and values; with a day, those whose own day has passed."""

    def __init__(self, today: date | None) -> None:
        super().__init__()
        self.today = today

    def enter(self, node: Node, *_: Any) -> Any:
        """Leave a node out if it carries @deprecated."""
        marks = getattr(node, "directives", None) or ()
        return REMOVE if any(mark.name.value == "deprecated" and self._due(mark) for mark in marks) else None

    def _due(self, mark: Any) -> bool:
        until = UNTIL.search(str(mark.arguments[0].value.value)) if mark.arguments else None
        return self.today is None or until is None or date.fromisoformat(until[1]) < self.today


def deprecated_fields(schema: GraphQLSchema) -> dict[str, str]:
    """What is deprecated, as `Type.field`, with its reason."""
    return {
        f"{name}.{field_name}": field.deprecation_reason
        for name, kind in schema.type_map.items()
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType)
        for field_name, field in kind.fields.items()
        if field.deprecation_reason is not None
    }


def reachable(definitions: Iterable[DefinitionNode]) -> set[str]:
    """The names of the types that the root types lead to, and of those that implement an interface."""
    uses = {_name(each): _uses(each) for each in definitions}
    stack = [
        "Query",
        "Mutation",
        "Subscription",
        *(n for d in definitions if isinstance(d, SchemaDefinitionNode) for n in _uses(d)),
    ]
    stack += [name for each in definitions if getattr(each, "interfaces", None) and (name := _name(each))]
    found: set[str] = set()
    while stack:
        name = stack.pop()
        if name in uses and name not in found:
            found.add(name)
            stack += uses[name]
    return found


def _name(node: DefinitionNode) -> str | None:
    name = getattr(node, "name", None)
    return None if name is None or node.kind == "directive_definition" else str(name.value)


def _uses(node: Node) -> list[str]:
    found: list[str] = []

    class Names(Visitor):
        """Collects the types that a definition names."""

        def enter_named_type(self, named: NamedTypeNode, *_: Any) -> None:
            """Note a type."""
            found.append(named.name.value)

    visit(node, Names())
    return found


def for_relay(text: str) -> str:
    """A schema as relay-compiler wants it: its `node` takes an id and nothing else."""
    document = parse(text)

    class Bare(Visitor):
        """Leaves out the other arguments of Query.node."""

        def enter_field_definition(self, node: Any, *_: Any) -> Any:
            """Leave out what is not the id."""
            if node.name.value != "node" or not any(each.name.value == "asOf" for each in node.arguments or ()):
                return None
            kept = tuple(each for each in node.arguments if each.name.value == "id")
            return FieldDefinitionNode(
                name=node.name, description=node.description, arguments=kept, type=node.type, directives=node.directives
            )

    return print_ast(visit(document, Bare())) + "\n"
