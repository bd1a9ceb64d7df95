"""Breaking changes between two editions of the schema; what was deprecated before may go."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from graphql import REMOVE, DocumentNode, Node, Visitor, build_ast_schema, find_breaking_changes, parse, visit
from graphql.language import DefinitionNode, NamedTypeNode, SchemaDefinitionNode

EDITION = re.compile(r"(\d+)\.(\d+)\.(\d+)\.graphql\Z")


def breaking_changes(old: str, new: str) -> list[str]:
    """What of the old schema the new one breaks, as sentences; removing what the old one deprecated is none."""
    kept = without_deprecated(parse(old))
    found = find_breaking_changes(build_ast_schema(kept), build_ast_schema(parse(new)))
    return [change.description for change in found]


def last_edition(folder: Path) -> Path | None:
    """The newest released schema of a folder of `<version>.graphql` files."""
    editions = [(found, path) for path in folder.glob("*.graphql") if (found := EDITION.match(path.name))]
    return max(editions, key=lambda each: tuple(map(int, each[0].groups())))[1] if editions else None


def without_deprecated(document: DocumentNode) -> DocumentNode:
    """A schema's document without what is deprecated, and without types that only that led to."""
    pruned: DocumentNode = visit(document, _Undeprecated())
    reached = reachable(pruned.definitions)
    kept = [each for each in pruned.definitions if _name(each) is None or _name(each) in reached]
    return DocumentNode(definitions=tuple(kept))


class _Undeprecated(Visitor):
    """Removes deprecated fields, arguments and values."""

    def enter(self, node: Node, *_: Any) -> Any:
        """Leave a node out if it carries @deprecated."""
        marks = getattr(node, "directives", None) or ()
        return REMOVE if any(mark.name.value == "deprecated" for mark in marks) else None


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
