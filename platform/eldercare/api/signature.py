"""What the audit trail keeps of a document: its text without literal values, aliases and comments."""

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FloatValueNode,
    IntValueNode,
    OperationDefinitionNode,
    StringValueNode,
    Visitor,
    print_ast,
    visit,
)

from eldercare.registry.audit import Through

LONGEST = 10_000
"""Characters of a document that are kept."""


class _Bare(Visitor):
    """Empties what could say something of a person."""

    def enter_string_value(self, *_: Any) -> StringValueNode:
        """No text."""
        return StringValueNode(value="", block=False)

    def enter_int_value(self, *_: Any) -> IntValueNode:
        """No number."""
        return IntValueNode(value="0")

    def enter_float_value(self, *_: Any) -> FloatValueNode:
        """No number."""
        return FloatValueNode(value="0")

    def enter_field(self, node: FieldNode, *_: Any) -> FieldNode | None:
        """No alias."""
        if node.alias is None:
            return None
        return FieldNode(
            name=node.name,
            arguments=node.arguments,
            directives=node.directives,
            selection_set=node.selection_set,
        )


def signature(document: DocumentNode, operation: OperationDefinitionNode) -> Through:
    """A document as the audit trail keeps it.

    >>> from graphql import parse
    >>> document = parse('query Who { a: person(id: "Person_7") { name } }')
    >>> print(signature(document, document.definitions[0]).text)
    query Who {
      person(id: "") {
        name
      }
    }
    """
    text = print_ast(visit(document, _Bare()))
    return Through(text[:LONGEST], operation.name.value if operation.name else "")
