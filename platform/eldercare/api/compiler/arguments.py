"""Reading arguments: their values, and for each single value where it came from, so that a plan serves other values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    ListValueNode,
    NullValueNode,
    ObjectValueNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)
from graphql.utilities import coerce_input_literal

from eldercare.api import ids
from eldercare.api.compiler.cursor import read_cursor
from eldercare.kit.errors import EldercareError


@dataclass(frozen=True)
class Leaf:
    """A single value or a list of them: what it is now, and the path in the variables that it was read from, if any."""

    value: Any
    path: tuple[str | int, ...] | None = None
    parts: "tuple[Leaf, ...] | None" = None

    def read(self, variables: Mapping[str, Any]) -> Any:
        """Its value among other variables of the same shape."""
        if self.parts is not None:
            return [part.read(variables) for part in self.parts]
        if self.path is None:
            return self.value
        found: Any = variables
        for step in self.path:
            found = found[step]
        return found


Tree = Leaf | dict[str, Any] | list[Any]
"""An argument's value: a leaf, an input object by field, or a list of input objects."""


def arguments(definition: GraphQLField, node: FieldNode, variables: Mapping[str, Any]) -> dict[str, Tree]:
    """The arguments that were given, as trees; the schema has no default values."""
    found = {}
    for given in node.arguments or ():
        name = given.name.value
        tree = _read(given.value, definition.args[name].type, variables)
        if tree is not None:
            found[name] = tree
    return found


def _read(node: ValueNode, of: GraphQLInputType, variables: Mapping[str, Any]) -> Tree | None:
    if isinstance(node, VariableNode):
        name = node.name.value
        return tree(variables[name], (name,)) if name in variables else None
    if isinstance(node, NullValueNode):
        return Leaf(None)
    inner = get_nullable_type(of)
    if is_list_type(inner):
        return _read_list(node, inner.of_type, variables)
    if isinstance(inner, GraphQLInputObjectType) and isinstance(node, ObjectValueNode):
        given = {f.name.value: _read(f.value, inner.fields[f.name.value].type, variables) for f in node.fields}
        return {name: each for name, each in given.items() if each is not None}
    return Leaf(coerce_input_literal(node, of))


def _read_list(node: ValueNode, of: GraphQLInputType, variables: Mapping[str, Any]) -> Tree:
    items = node.values if isinstance(node, ListValueNode) else [node]
    read = [_read(item, of, variables) for item in items]
    parts = [Leaf(None) if part is None else part for part in read]
    if not is_leaf_type(get_named_type(of)):
        return parts
    leaves = tuple(part for part in parts if isinstance(part, Leaf))
    return Leaf([leaf.value for leaf in leaves], parts=leaves)


def tree(value: Any, path: tuple[str | int, ...]) -> Tree:
    """The tree of a coerced variable value."""
    if isinstance(value, dict):
        return {name: tree(each, (*path, name)) for name, each in value.items()}
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        return [tree(each, (*path, i)) for i, each in enumerate(value)]
    return Leaf(value, path)


Shaper = Callable[[Any], Any]


def shaper(of: GraphQLInputType, structural: Callable[[str], bool]) -> Shaper:
    """A function that gives the shape of a value of a type: two values of one shape share a plan.

    `structural` names the enumerations whose value decides the statement's form.
    """
    inner = get_nullable_type(of)
    if is_list_type(inner):
        item = shaper(inner.of_type, structural)
        if not isinstance(get_named_type(inner), GraphQLInputObjectType) and not structural(get_named_type(inner).name):
            return lambda value: None if value is None else bool(value)
        return lambda value: None if value is None else tuple(item(each) for each in value)
    if isinstance(inner, GraphQLInputObjectType):
        return _object_shaper(inner, structural)
    name = get_named_type(inner).name
    if name == "Boolean" or structural(name):
        return lambda value: value
    if name == "ID":
        return id_shape
    if name == "Cursor":
        return cursor_shape
    return lambda value: value is None


def _object_shaper(of: GraphQLInputObjectType, structural: Callable[[str], bool]) -> Shaper:
    known: dict[str, Shaper] = {}

    def shape(value: Any) -> Any:
        if value is None:
            return None
        for name in value:
            if name not in known:
                known[name] = shaper(of.fields[name].type, structural)
        return tuple((name, known[name](each)) for name, each in value.items())

    return shape


def id_shape(value: Any) -> Any:
    """The type that an id names; a code, or no id at all, are shapes of their own."""
    if value is None:
        return None
    try:
        return ids.split(value)[0]
    except EldercareError:
        return value.isdigit()


def cursor_shape(value: Any) -> Any:
    """Which order a cursor belongs to and which of its values are empty."""
    if value is None:
        return None
    try:
        cursor = read_cursor(value)
    except EldercareError:
        return False
    return cursor.signature, cursor.empty
