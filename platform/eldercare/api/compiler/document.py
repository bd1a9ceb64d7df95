"""Reading a GraphQL document: which fields an object selects, merged by response key, after @skip and @include."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    value_from_ast_untyped,
)

from eldercare.api.compiler.sql import NotCompilable

Selection = Sequence[FieldNode]
"""The field nodes that share one response key of one object."""
INTERFACES = {"Node"}


class Document:
    """One operation of a parsed and valid document, with its fragments and the values of its variables."""

    def __init__(
        self,
        fragments: Mapping[str, FragmentDefinitionNode],
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
    ) -> None:
        self.fragments = fragments
        self.operation = operation
        self.variables = variables

    def roots(self, name: str) -> dict[str, Selection]:
        """The root fields of the operation by response key; `name` is the root type's."""
        return self._collect([self.operation.selection_set], name)

    def fields(self, selection: Selection, name: str) -> dict[str, Selection]:
        """The fields that a selection of an object of type `name` asks for, by response key, in order."""
        return self._collect([node.selection_set for node in selection if node.selection_set], name)

    def _collect(self, sets: Sequence[SelectionSetNode], name: str) -> dict[str, Selection]:
        found: dict[str, list[FieldNode]] = {}
        for each in sets:
            for node in self._walk(each, name, set()):
                found.setdefault(response_key(node), []).append(node)
        return dict(found)

    def _walk(self, selections: SelectionSetNode, name: str, seen: set[str]) -> Iterator[FieldNode]:
        for node in selections.selections:
            if not self._kept(node.directives):
                continue
            if isinstance(node, FieldNode):
                yield node
            elif isinstance(node, FragmentSpreadNode):
                if node.name.value in seen:
                    continue
                seen.add(node.name.value)
                fragment = self.fragments[node.name.value]
                if _applies(fragment.type_condition.name.value, name):
                    yield from self._walk(fragment.selection_set, name, seen)
            elif isinstance(node, InlineFragmentNode) and (
                node.type_condition is None or _applies(node.type_condition.name.value, name)
            ):
                yield from self._walk(node.selection_set, name, seen)

    def _kept(self, directives: Sequence[DirectiveNode] | None) -> bool:
        for directive in directives or ():
            if directive.name.value not in ("skip", "include"):
                raise NotCompilable(f"@{directive.name.value}")
            if self._flag(directive) == (directive.name.value == "skip"):
                return False
        return True

    def _flag(self, directive: DirectiveNode) -> bool:
        assert directive.arguments
        value = directive.arguments[0].value
        if isinstance(value, VariableNode):
            return bool(self.variables[value.name.value])
        return bool(value_from_ast_untyped(value))


def response_key(node: FieldNode) -> str:
    """The name under which a field's value is answered."""
    return node.alias.value if node.alias else node.name.value


def fragments_of(document: DocumentNode) -> dict[str, FragmentDefinitionNode]:
    """The fragments of a document by name."""
    return {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}


def _applies(condition: str, name: str) -> bool:
    return condition == name or condition in INTERFACES
