"""Documents made ready: parsed, validated and within the limits, once for each text; and how their variables are read."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import blake2b
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
    get_variable_values,
    parse,
    print_ast,
    type_from_ast,
    validate,
)

from eldercare.api.compiler.arguments import Shaper, id_shape, shaper
from eldercare.api.compiler.document import fragments_of
from eldercare.api.limits import Limits, check_limits, check_text
from eldercare.api.signature import signature
from eldercare.kit.errors import EldercareError, InvalidInput, Refused
from eldercare.registry.audit import Through

FAST: dict[str, type] = {"String!": str, "ID!": str, "Int!": int, "Boolean!": bool}
"""Types whose values need no conversion; anything else goes through GraphQL's own."""
MOST_PLANS = 24
MOST_DOCUMENTS = 400
MOST_CHARACTERS = 1_000_000
"""Of all documents that are kept; a tree takes a hundred times the room of its text."""
MOST_REFUSED = 1000
"""Documents that are remembered as refused, by digest: sent again, they cost next to nothing."""


class BadVariables(Exception):
    """The variables do not fit their types."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(str(errors))
        self.errors = errors


@dataclass(frozen=True)
class Variable:
    """A variable of an operation: its name, the Python type of a value that needs no conversion, and its shape."""

    name: str
    fast: type | None
    shape: Shaper


@dataclass
class Operation:
    """One operation of a document, with its plans by the shape of its variables."""

    text: str
    schema: GraphQLSchema
    document: DocumentNode
    node: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: tuple[Variable, ...]
    plans: dict[Any, Any] = field(default_factory=dict)
    refused: dict[Any, None] = field(default_factory=dict)
    """Shapes for which no statement can be written or run, so that it is not tried each time."""
    costs: dict[Any, Any] = field(default_factory=dict)
    """What it costs, by the shape of its variables."""

    @cached_property
    def through(self) -> Through:
        """The operation as the audit trail keeps it."""
        return signature(self.document, self.node)

    def read(self, given: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any]:
        """The values of the variables and their shape; raises `BadVariables`."""
        values: dict[str, Any] = {}
        shape: list[Any] = []
        for variable in self.variables:
            value: Any = given.get(variable.name)
            if type(value) is not variable.fast or (type(value) is int and not -(2**31) <= value < 2**31):
                return self._read_all(given)
            values[variable.name] = value
            shape.append(variable.shape(value))
        return values, tuple(shape)

    def _read_all(self, given: Mapping[str, Any]) -> tuple[Mapping[str, Any], Any]:
        found = get_variable_values(self.schema, self.node.variable_definitions or (), dict(given), max_errors=10)
        if isinstance(found, list):
            raise BadVariables(found)
        values = found.coerced
        return values, tuple(v.shape(values[v.name]) if v.name in values else "absent" for v in self.variables)

    def refuse(self, shape: Any) -> None:
        """Remember that there is no statement for a shape."""
        if len(self.refused) >= MOST_PLANS:
            self.refused.clear()
        self.refused[shape] = None

    def keep(self, key: Any, plan: Any) -> Any:
        """Remember a plan; the oldest is forgotten when there are too many."""
        return keep(self.plans, key, plan, MOST_PLANS)


class Documents:
    """The documents seen lately, made ready."""

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: Limits,
        structural: Callable[[str], bool],
        forming: Container[tuple[str, str]],
    ) -> None:
        self._schema, self._limits, self._structural, self._forming = schema, limits, structural, forming
        self._known: dict[tuple[str, str | None], Operation] = {}
        self._refused: dict[tuple[bytes, str | None], Exception] = {}
        self._characters = 0
        self.tokens = 0
        """Tokens read so far: what documents that were not known have cost."""

    def operation(self, text: str, name: str | None) -> Operation:
        """The operation of a document; raises `GraphQLError`, a list of them in `Invalid`, or a coded error."""
        found = self._known.get((text, name))
        if found is None:
            found = self._prepared(text, name)
            self._keep((text, name), found)
        return found

    def _prepared(self, text: str, name: str | None) -> Operation:
        """A document made ready, unless it was refused before."""
        key = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest(), name
        if (known := self._refused.get(key)) is not None:
            raise known
        try:
            return self._prepare(text, name)
        except RecursionError:
            error: Exception = Refused("TOO_DEEP", "The document is nested too deeply.", remedy="Ask for less.")
            raise keep(self._refused, key, error, MOST_REFUSED) from None
        except (EldercareError, GraphQLError, Invalid) as error:
            raise keep(self._refused, key, error.with_traceback(None), MOST_REFUSED) from None

    def _keep(self, key: tuple[str, str | None], found: Operation) -> None:
        """Remember a document; the oldest are forgotten when there are too many or they are too long."""
        self._known[key] = found
        self._characters += len(key[0])
        while len(self._known) > MOST_DOCUMENTS or self._characters > MOST_CHARACTERS:
            (text, _), _ = next(iter(self._known.items()))
            self._known.pop(next(iter(self._known)))
            self._characters -= len(text)

    def _prepare(self, text: str, name: str | None) -> Operation:
        self.tokens += check_text(text, self._limits)
        document = parse(text, max_tokens=self._limits.tokens)
        check_limits(document, self._limits)
        errors = validate(self._schema, document, max_errors=10)
        if errors:
            raise Invalid(errors)
        node = chosen_operation(document, name)
        forming = forming_variables(document, self._forming)
        variables = tuple(self._variable(each, forming) for each in node.variable_definitions or ())
        return Operation(text, self._schema, document, node, fragments_of(document), variables)

    def _variable(self, definition: Any, forming: set[str]) -> Variable:
        name = definition.variable.name.value
        kind: Any = type_from_ast(self._schema, definition.type)
        shape = form_of if name in forming else shaper(kind, self._structural)
        return Variable(name, FAST.get(print_ast(definition.type)), shape)


class Invalid(Exception):
    """A document that is not valid against the schema."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(str(errors))
        self.errors = errors


def keep(store: dict[Any, Any], key: Any, value: Any, most: int) -> Any:
    """Put something into a store; the oldest is forgotten when it is full."""
    if len(store) >= most:
        store.pop(next(iter(store)))
    store[key] = value
    return value


def chosen_operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode:
    """The operation of a document that is to be executed."""
    operations = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    if name is None and len(operations) == 1:
        return operations[0]
    for operation in operations:
        if name is not None and operation.name is not None and operation.name.value == name:
            return operation
    raise InvalidInput(
        "WHICH_OPERATION",
        "It is not clear which operation to execute.",
        remedy="Send operationName with the name of one operation of the document.",
    )


def form_of(value: Any) -> Any:
    """The shape of a value that decides the form of the statement: itself; of ids, the types they name."""
    if isinstance(value, list):
        return tuple(form_of(each) for each in value)
    return id_shape(value) if type(value) is str else value


def forming_variables(document: DocumentNode, forming: Container[tuple[str, str]]) -> set[str]:
    """The variables given to arguments that decide the form of the statement."""
    found: set[str] = set()
    for node in walk(document):
        if isinstance(node, FieldNode):
            for argument in node.arguments or ():
                if isinstance(argument.value, VariableNode) and (node.name.value, argument.name.value) in forming:
                    found.add(argument.value.name.value)
    return found


def walk(node: Any) -> Iterable[Any]:
    """A syntax tree's nodes."""
    stack = [node]
    while stack:
        each = stack.pop()
        yield each
        for key in getattr(each, "keys", ()):
            value = getattr(each, key, None)
            if isinstance(value, list | tuple):
                stack.extend(value)
            elif hasattr(value, "kind"):
                stack.append(value)
