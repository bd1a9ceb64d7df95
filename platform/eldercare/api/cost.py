"""What a request may cost at most, known before it is executed: objects, multiplied by the sizes of the pages around them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
    is_list_type,
)

from eldercare.api import ids
from eldercare.api.catalogue import Catalogue
from eldercare.api.compiler.arguments import Leaf, arguments
from eldercare.api.compiler.document import Document, Selection
from eldercare.api.compiler.page import DEFAULT_SIZE, LARGEST_SIZE
from eldercare.api.limits import Limits
from eldercare.api.noun import Value
from eldercare.kit.errors import EldercareError, Refused


@dataclass(frozen=True)
class Weights:
    """What counts for how many objects, besides the objects themselves."""

    computed: int = 1
    """A value that is computed for each object, such as the residents of a facility."""
    condition: int = 1
    """A condition of a filter, or a key of an order."""
    relation: int = 10
    """A condition through a relation: a search within the search."""
    total: int = 20
    """A total, which looks at every record of a list."""
    summary: int = 200
    """A summary, which looks at every record of a noun; a report says its own weight."""
    groups: int = 100
    """Groups that a summary is expected to have when nothing is said."""
    items: int = 8
    """Items of a list that has no pages."""
    mutation: int = 50
    """A change: it reads what it must hold against, and writes."""
    introspection: int = 500
    """The schema about itself, whose size is bounded by a rule of its own."""


WEIGHTS = Weights()
Size = Callable[[Mapping[str, Any]], int]


class Cost(NamedTuple):
    """A number of objects, and the path of response keys under which most of them arise."""

    requested: int
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A field's share: what it costs once, how many objects it has, and what each of those costs."""

    key: str
    own: int = 0
    size: Size | int = 1
    below: tuple["Part", ...] = ()

    def cost(self, values: Mapping[str, Any]) -> Cost:
        """The cost among these variables."""
        where: tuple[str, ...] = ()
        each = most = 0
        for part in self.below:
            found = part.cost(values)
            each += found.requested
            if found.requested > most:
                most, where = found.requested, found.where
        size = self.size if isinstance(self.size, int) else self.size(values)
        below, here = size * each, (self.key,) if self.key else ()
        return Cost(self.own + below, (*here, *where) if below > self.own else here)

    @property
    def fixed(self) -> bool:
        """Whether it is the same whatever the variables are."""
        return isinstance(self.size, int) and all(part.fixed for part in self.below)


class TooCostly(Refused):
    """More than one request may ask for; `facts` are told beside the sentence."""

    def __init__(self, cost: Cost, limit: int) -> None:
        super().__init__(
            "TOO_COSTLY",
            f"This asks for up to {cost.requested} objects, and {limit} is the limit; "
            f"most of them arise in {'.'.join(cost.where)}.",
            remedy="Ask for smaller pages with first, for fewer levels, or in several requests.",
            path=cost.where,
        )
        self.facts = {"cost": {"requested": cost.requested, "limit": limit}}

    def __reduce__(self) -> tuple[Any, ...]:
        cost = self.facts["cost"]
        return TooCostly, (Cost(cost["requested"], tuple(map(str, self.path))), cost["limit"])


def cost_of(catalogue: Catalogue, schema: GraphQLSchema, document: Document, limits: Limits) -> Part | Cost:
    """The cost of an operation: a formula in its variables, or a number if they do not matter."""
    kind = schema.get_root_type(document.operation.operation)
    assert kind is not None
    parts = _Writer(catalogue, schema, document, limits).fields(kind, document.roots(kind.name))
    whole = Part("", below=tuple(parts))
    return whole.cost({}) if whole.fixed else whole


class _Writer:
    """Writes the formula of one operation."""

    def __init__(self, catalogue: Catalogue, schema: GraphQLSchema, document: Document, limits: Limits) -> None:
        self.catalogue, self.schema, self.document = catalogue, schema, document
        self.limits = limits

    def fields(
        self, kind: GraphQLObjectType, selected: Mapping[str, Selection], size: Size | int = 1
    ) -> Iterable[Part]:
        """The parts of an object's fields; `size` is the number of records when the object is a page of them."""
        for key, nodes in selected.items():
            name = nodes[0].name.value
            if name in ("__schema", "__type"):
                yield Part(key, WEIGHTS.introspection)
            elif name in kind.fields:
                yield self._field(kind, key, nodes, kind.fields[name], size)

    def _field(
        self, kind: GraphQLObjectType, key: str, nodes: Selection, field: GraphQLField, size: Size | int
    ) -> Part:
        given = arguments(field, nodes[0], self.document.variables)
        inner = get_named_type(field.type)
        own = self._own(kind, nodes[0].name.value) + _conditions(given, self.limits.conditions)
        if is_leaf_type(inner):
            return Part(key, own)
        if inner.name.endswith("Connection"):
            return Part(key, own + 1, below=(self._page(inner, nodes, _page_size(field, given)),))
        if kind.name.endswith("Connection") and nodes[0].name.value in ("nodes", "edges"):
            return Part(key, own, size, tuple(self._object(inner, nodes)))
        if isinstance(inner, GraphQLInterfaceType):
            return Part(key, own, 1, tuple(self._abstract(inner, nodes, given)))
        return Part(key, own, self._items(kind, field, given), tuple(self._object(inner, nodes)))

    def _own(self, kind: GraphQLObjectType, name: str) -> int:
        """What a field costs however many objects it has."""
        if kind is self.schema.mutation_type:
            return WEIGHTS.mutation
        if kind is self.schema.query_type:
            report = self.catalogue.reports.get(name)
            return report.weight if report else WEIGHTS.summary * (name in self.catalogue.summaries)
        shape = self.catalogue.shapes.get(kind.name)
        field = shape.fields.get(name) if shape else None
        if isinstance(field, Value) and shape is not None and shape.noun and not (field.stored or field.noun):
            return WEIGHTS.computed
        return WEIGHTS.total * (name == "totalCount")

    def _page(self, kind: Any, nodes: Selection, size: Size | int) -> Part:
        selected = self.document.fields(nodes, kind.name)
        return Part("", below=tuple(self.fields(kind, selected, size)))

    def _object(self, kind: Any, nodes: Selection) -> Iterable[Part]:
        """An object: itself, and what its fields cost."""
        if kind.name.endswith("Edge"):
            return self.fields(kind, self.document.fields(nodes, kind.name))
        return (Part("", 1), *self.fields(kind, self.document.fields(nodes, kind.name)))

    def _abstract(self, kind: GraphQLInterfaceType, nodes: Selection, given: Mapping[str, Any]) -> Iterable[Part]:
        """Objects whose types their ids tell, else one of the most costly type that is spoken of."""
        leaf = given.get("ids") or given.get("id")
        if isinstance(leaf, Leaf) and leaf.value:
            wanted = leaf.value if isinstance(leaf.value, list) else [leaf.value]
            return [part for text in wanted for part in self._of_type(_type_named(text), nodes)]
        spoken = [tuple(self._of_type(name, nodes)) for name in (*self._conditions(nodes), kind.name)]
        return max(spoken, key=lambda parts: sum(part.cost(self.document.variables).requested for part in parts))

    def _of_type(self, name: str, nodes: Selection) -> Iterable[Part]:
        kind = self.schema.get_type(name)
        return self._object(kind, nodes) if isinstance(kind, GraphQLObjectType) else (Part("", 1),)

    def _conditions(self, nodes: Sequence[Any]) -> set[str]:
        """The types that fragments inside a selection are for."""
        found: set[str] = set()
        stack = [each for node in nodes if node.selection_set for each in node.selection_set.selections]
        while stack:
            node = stack.pop()
            if isinstance(node, FieldNode):
                continue
            fragment = self.document.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            if fragment.type_condition and fragment.type_condition.name.value not in found:
                found.add(fragment.type_condition.name.value)
                stack += fragment.selection_set.selections
            elif isinstance(node, InlineFragmentNode):
                stack += node.selection_set.selections
        return found

    def _items(self, kind: GraphQLObjectType, field: GraphQLField, given: Mapping[str, Any]) -> Size | int:
        """How many objects a field has that is no page."""
        if not is_list_type(get_nullable_type(field.type)):
            return 1
        if "groupBy" in field.args:
            grouped = given.get("groupBy")
            if not (isinstance(grouped, Leaf) and grouped.value):
                return 1
            return _size(given, ("first",), WEIGHTS.groups, None)
        return _size(given, ("first", "last"), WEIGHTS.items, None)


def _page_size(field: GraphQLField, given: Mapping[str, Any]) -> Size | int:
    first = field.args.get("first")
    own = first.default_value if first is not None else None
    return _size(given, ("first", "last"), own if isinstance(own, int) else DEFAULT_SIZE, LARGEST_SIZE)


def _size(given: Mapping[str, Any], names: Sequence[str], default: int, largest: int | None) -> Size | int:
    """The number of objects that an argument asks for; one that is over the largest page is refused elsewhere."""
    leaves = [leaf for name in names if isinstance(leaf := given.get(name), Leaf)]
    if not leaves:
        return default

    def size(values: Mapping[str, Any]) -> int:
        found = [value for leaf in leaves if isinstance(value := leaf.read(values), int)]
        wanted = max(0, max(found, default=default))
        return wanted if largest is None else min(wanted, largest)

    return size if any(leaf.path for leaf in leaves) else size({})


def _conditions(given: Mapping[str, Any], limit: int) -> int:
    """What the filters and orders of a field cost; more conditions than any question needs are refused."""
    single, related, stack = 0, 0, [given[name] for name in ("filter", "having", "orderBy") if name in given]
    while stack:
        tree = stack.pop()
        if isinstance(tree, dict):
            related += sum(name in ("some", "none", "every") for name in tree)
            stack += tree.values()
        elif isinstance(tree, list):
            stack += tree
        else:
            single += 1
        if single + related > limit:
            raise Refused("TOO_MANY_CONDITIONS", f"More than {limit} conditions.", remedy="Ask in several requests.")
    return WEIGHTS.condition * single + WEIGHTS.relation * related


def _type_named(text: str) -> str:
    try:
        return ids.split(text)[0]
    except EldercareError:
        return ""
