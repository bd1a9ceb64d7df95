"""Which client uses which field: counted by document while requests come, told by field when the counts are taken."""

import threading
from collections import Counter
from collections.abc import Mapping
from typing import Any

from graphql import FieldNode, GraphQLSchema, ObjectFieldNode, TypeInfo, TypeInfoVisitor, Visitor, get_named_type, visit

from eldercare.api.documents import Operation

MOST_CLIENTS = 200
MOST_OPERATIONS = 500
LONGEST_NAME = 80
OTHERS = "(others)"
NAMELESS = "(no name)"


class Usage:
    """Counts requests by client and operation; fields are looked up only when the counts are taken.

    It is bounded: clients beyond the first two hundred are counted together, and so are their operations' fields.
    """

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._clients: set[str] = set()
        self._asked: Counter[tuple[str, int]] = Counter()
        self._operations: dict[int, Operation] = {}
        self._fields: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def note(self, client: str, operation: Operation) -> None:
        """Count a request."""
        name = client[:LONGEST_NAME] or NAMELESS
        with self._lock:
            if name not in self._clients:
                if len(self._clients) < MOST_CLIENTS:
                    self._clients.add(name)
                else:
                    name = OTHERS
            self._asked[name, id(operation)] += 1
            self._operations[id(operation)] = operation
            if len(self._operations) > MOST_OPERATIONS:
                self._fold()

    def take(self) -> Mapping[tuple[str, str], int]:
        """The requests counted since the last time, by client and coordinate such as `Facility.name`."""
        with self._lock:
            self._fold()
            taken, self._fields = self._fields, Counter()
        return taken

    def _fold(self) -> None:
        """Turn counts of operations into counts of fields."""
        for (client, key), times in self._asked.items():
            for coordinate in coordinates(self._schema, self._operations[key]):
                self._fields[client, coordinate] += times
        self._asked.clear()
        self._operations.clear()


def coordinates(schema: GraphQLSchema, operation: Operation) -> set[str]:
    """The fields and the fields of inputs that an operation names, as `Type.field`; those in variables are not seen."""
    known = TypeInfo(schema)
    found: set[str] = set()

    class Names(Visitor):
        """Notes each field with the type it belongs to."""

        def enter_field(self, node: FieldNode, *_: Any) -> None:
            """Note a field."""
            parent = known.get_parent_type()
            if parent is not None and not node.name.value.startswith("__"):
                found.add(f"{parent.name}.{node.name.value}")

        def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> None:
            """Note a field of an input."""
            parent = known.get_parent_input_type()
            if parent is not None:
                found.add(f"{get_named_type(parent).name}.{node.name.value}")

    for part in (operation.node, *operation.fragments.values()):
        visit(part, TypeInfoVisitor(known, Names()))
    return found
