"""Limits that a document must keep before anything runs: its size, nesting, root fields, aliases and directives."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from eldercare.kit.errors import Refused

TOKEN = re.compile(
    r'"""(?:\\"""|[^"]|"(?!""))*"""|"(?:\\.|[^"\\\n\r])*"|#[^\n\r]*|[_A-Za-z][_0-9A-Za-z]*|-?[0-9][0-9.eE+-]*|\.\.\.|\S'
)
"""A lexical token, near enough to count them: it is only asked whether a document is worth reading."""


@dataclass(frozen=True)
class Limits:
    """How much one document, and the variables sent with it, may ask for."""

    characters: int = 100_000
    tokens: int = 4000
    nesting: int = 50
    depth: int = 16
    fields: int = 2000
    repeated: int = 50
    aliases: int = 200
    roots: int = 40
    directives: int = 50
    repeated_directives: int = 4
    values: int = 10_000
    value_depth: int = 32
    conditions: int = 400
    cost: int = 60_000


@dataclass
class _Count:
    fields: int = 0
    aliases: int = 0
    directives: int = 0


def check_text(text: str, limits: Limits) -> int:
    """Refuse a text that is too long or nested too deeply to be read at all; the number of its tokens."""
    if len(text) > limits.characters:
        raise Refused("DOCUMENT_TOO_LONG", "The document is too long.", remedy="Ask for less in one request.")
    tokens = nesting = same = 0
    last = ""
    for found in TOKEN.finditer(text):
        token = found.group()
        first = token[0]
        tokens += first not in "#,"
        same = same + 1 if token == last and first.isalpha() else 0
        last = token
        nesting += (first in "{[(") - (first in "}])")
        if tokens > limits.tokens:
            _refuse("tokens", limits.tokens, "TOO_MANY_TOKENS")
        if same >= limits.repeated:
            _refuse("fields of one name in one place", limits.repeated, "TOO_MANY_FIELDS")
        if nesting > limits.nesting:
            _refuse("levels of brackets", limits.nesting, "TOO_DEEP")
    return tokens


def check_limits(document: DocumentNode, limits: Limits) -> None:
    """Refuse a document that is over a limit; fragments count each time they are spread.

    It asks nothing of the schema, so it runs before validation, whose work grows with the square of some of these numbers.
    """
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode | FragmentDefinitionNode):
            walk = _Walk(fragments, limits)
            walk.directives(definition)
            walk.selections(definition.selection_set, 1, ())
        if isinstance(definition, OperationDefinitionNode):
            roots = sum(isinstance(node, FieldNode) for node in definition.selection_set.selections)
            _hold("root fields", roots, limits.roots, "TOO_MANY_ROOT_FIELDS")


class _Walk:
    """A walk through one operation as it would be executed."""

    def __init__(self, fragments: Mapping[str, FragmentDefinitionNode], limits: Limits) -> None:
        self.fragments, self.limits, self.count = fragments, limits, _Count()

    def selections(self, selections: SelectionSetNode, depth: int, inside: tuple[str, ...]) -> None:
        """Count what a selection asks for, `inside` the named fragments; a fragment in itself is validation's matter."""
        _hold("levels", depth, self.limits.depth, "TOO_DEEP")
        seen: dict[str, int] = {}
        for node in selections.selections:
            self.directives(node)
            if isinstance(node, FieldNode):
                self._field(node, seen)
                if node.selection_set is not None:
                    self.selections(node.selection_set, depth + 1, inside)
            elif isinstance(node, InlineFragmentNode):
                self.selections(node.selection_set, depth, inside)
            elif isinstance(node, FragmentSpreadNode):
                self._spread(node, depth, inside, seen)

    def directives(self, node: SelectionNode | OperationDefinitionNode | FragmentDefinitionNode) -> None:
        """Count the directives of a node."""
        given = node.directives or ()
        self.count.directives += len(given)
        _hold("directives", self.count.directives, self.limits.directives, "TOO_MANY_DIRECTIVES")
        _hold("directives in one place", len(given), self.limits.repeated_directives, "TOO_MANY_DIRECTIVES")

    def _field(self, node: FieldNode, seen: dict[str, int]) -> None:
        count, limits = self.count, self.limits
        count.fields += 1
        count.aliases += node.alias is not None
        _hold("fields", count.fields, limits.fields, "TOO_MANY_FIELDS")
        _hold("aliases", count.aliases, limits.aliases, "TOO_MANY_ALIASES")
        self._once_more((node.alias or node.name).value, seen)

    def _spread(self, node: FragmentSpreadNode, depth: int, inside: tuple[str, ...], seen: dict[str, int]) -> None:
        name = node.name.value
        self.count.fields += 1
        _hold("fields", self.count.fields, self.limits.fields, "TOO_MANY_FIELDS")
        self._once_more(f"...{name}", seen)
        if name in self.fragments and name not in inside:
            self.selections(self.fragments[name].selection_set, depth, (*inside, name))

    def _once_more(self, key: str, seen: dict[str, int]) -> None:
        seen[key] = seen.get(key, 0) + 1
        _hold("fields of one name in one place", seen[key], self.limits.repeated, "TOO_MANY_FIELDS")


def check_values(given: Any, limits: Limits) -> None:
    """Refuse variables that hold too many values, or values nested too deeply."""
    left, stack = limits.values, [(given, 0)]
    while stack:
        value, depth = stack.pop()
        if not isinstance(value, dict | list):
            continue
        left -= len(value)
        if left < 0:
            _refuse("values in its variables", limits.values, "VARIABLES_TOO_LONG")
        if depth > limits.value_depth:
            _refuse("levels in its variables", limits.value_depth, "TOO_DEEP")
        stack += [(each, depth + 1) for each in (value.values() if isinstance(value, dict) else value)]


def _hold(what: str, found: int, limit: int, code: str) -> None:
    if found > limit:
        _refuse(what, limit, code)


def _refuse(what: str, limit: int, code: str) -> None:
    raise Refused(code, f"The document has more than {limit} {what}.", remedy="Ask for less in one request.")
