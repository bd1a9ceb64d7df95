"""Limits that a document must keep before anything runs: its size, its depth, its root fields and aliases."""

from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
)

from eldercare.kit.errors import Refused


@dataclass(frozen=True)
class Limits:
    """How much one document may ask for."""

    tokens: int = 4000
    depth: int = 16
    fields: int = 2000
    aliases: int = 200
    roots: int = 40
    characters: int = 100_000


@dataclass
class _Count:
    depth: int = 0
    fields: int = 0
    aliases: int = 0


def check_limits(document: DocumentNode, limits: Limits) -> None:
    """Refuse a document that is over a limit; fragments count each time they are spread."""
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            count = _Count()
            _walk(definition.selection_set, 1, fragments, count, limits)
            roots = sum(isinstance(node, FieldNode) for node in definition.selection_set.selections)
            _hold("root fields", roots, limits.roots, "TOO_MANY_ROOT_FIELDS")


def _walk(
    selections: SelectionSetNode,
    depth: int,
    fragments: dict[str, FragmentDefinitionNode],
    count: _Count,
    limits: Limits,
) -> None:
    _hold("levels", depth, limits.depth, "TOO_DEEP")
    for node in selections.selections:
        if isinstance(node, FieldNode):
            count.fields += 1
            count.aliases += node.alias is not None
            _hold("fields", count.fields, limits.fields, "TOO_MANY_FIELDS")
            _hold("aliases", count.aliases, limits.aliases, "TOO_MANY_ALIASES")
        below = _below(node, fragments)
        if below is not None:
            _walk(below, depth + isinstance(node, FieldNode), fragments, count, limits)


def _below(node: Node, fragments: dict[str, FragmentDefinitionNode]) -> SelectionSetNode | None:
    if isinstance(node, FragmentSpreadNode):
        return fragments[node.name.value].selection_set
    return getattr(node, "selection_set", None)


def _hold(what: str, found: int, limit: int, code: str) -> None:
    if found > limit:
        raise Refused(code, f"The document has more than {limit} {what}.", remedy="Ask for less in one request.")
