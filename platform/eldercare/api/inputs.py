"""The inputs of reads: filters of each kind and noun, orders, and what a summary is grouped, filtered and ordered by."""

from collections.abc import Callable, Iterable
from enum import Enum
from inspect import cleandoc
from keyword import iskeyword
from typing import Any

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.field import StrawberryField

from eldercare.api.catalogue import Catalogue, Shape
from eldercare.api.kind import Kind
from eldercare.api.noun import One, Value, bilingual, camel
from eldercare.kit.term import Term

OPERATORS = {
    "eq": ("Equal to.", "等于", "{0}"),
    "ne": ("Not equal to; an empty value is not equal to any.", "不等于", "{0}"),
    "in": ("One of these.", "属于", "list[{0}]"),
    "notIn": ("None of these.", "不属于", "list[{0}]"),
    "lt": ("Less than, or before.", "小于", "{0}"),
    "lte": ("At most, or not after.", "小于等于", "{0}"),
    "gt": ("Greater than, or after.", "大于", "{0}"),
    "gte": ("At least, or not before.", "大于等于", "{0}"),
    "contains": ("Contains this text, in small or capital letters.", "包含", "{0}"),
    "startsWith": ("Begins with this text.", "开头为", "{0}"),
    "isNull": ("Whether it is empty.", "是否为空", "bool"),
}

Namespace = dict[str, Any]


class Direction(Term):
    """Which way an order goes."""

    ASC = "升序", "ascending"
    DESC = "降序", "descending"


class Nulls(Term):
    """Where empty values stand in an order."""

    FIRST = "空值在前", "first"
    LAST = "空值在后", "last"


class Annotation(StrawberryAnnotation):
    """An annotation whose text is looked up once for all the fields that have it: else that is most of what a schema takes."""

    def evaluate(self) -> Any:
        """The type that the text names in its namespace; `NameError` while it is not there."""
        return self._once("(evaluated)", super().evaluate)

    def _resolve(self) -> Any:
        return self._once("(resolved)", super()._resolve)

    def _once(self, place: str, find: Callable[[], Any]) -> Any:
        """What is found for this text, kept in the namespace under a name that no annotation can take."""
        if not isinstance(self.raw_annotation, str) or self.namespace is None:
            return find()
        known: dict[str, Any] = self.namespace.setdefault(place, {})
        if self.raw_annotation not in known:
            known[self.raw_annotation] = find()
        return known[self.raw_annotation]


def member(name: str, annotation: Any, description: str, space: Namespace, **options: Any) -> StrawberryField:
    """A field of a type, whose annotation may name any type of the namespace."""
    return StrawberryField(
        python_name=f"{name}_" if iskeyword(name) else name,
        graphql_name=camel(name),
        type_annotation=Annotation(annotation, namespace=space),
        description=description,
        **options,
    )


def make(name: str, description: str, fields: Iterable[StrawberryField], space: Namespace, **options: Any) -> Any:
    """A Strawberry type made of fields, put into the namespace under its name."""
    given = {field.python_name: field for field in fields}
    annotations = {n: field.type_annotation for n, field in given.items()}
    made = strawberry.type(
        type(name, options.pop("bases", ()), dict(given)), name=name, description=description, **options
    )
    restore(made, annotations)
    space[name] = made
    return made


def restore(made: Any, annotations: dict[str, Any]) -> None:
    """Give the fields of a made type their annotations back: making a dataclass of it loses their namespace."""
    for field in made.__strawberry_definition__.fields:
        field.type_annotation = annotations.get(field.python_name, field.type_annotation)


def optional(name: str, of: str, description: str, space: Namespace) -> StrawberryField:
    """A field of an input that may be left out."""
    return member(name, f"{of} | None", description, space, default=strawberry.UNSET)


def enumeration(term: type[Term], space: Namespace, zh: str = "") -> str:
    """The name of the enumeration that shows a term, registered at the first call."""
    name = term.__name__
    if name not in space:
        text = cleandoc(term.__doc__ or "").split("\n")[0]
        if not hasattr(term, "__strawberry_definition__"):
            strawberry.enum(term, description=bilingual(text, zh))
            definition: Any = term.__strawberry_definition__  # type: ignore[attr-defined]
            for value, each in zip(definition.values, term, strict=True):
                told = f"{each.en[0].upper()}{each.en[1:]}." + (f" {each.note}" if each.note else "")
                value.description = bilingual(told, each.zh)
        space[name] = term
    return name


def names_enum(name: str, description: str, values: Iterable[tuple[str, str]], space: Namespace) -> Any:
    """An enumeration of field names; each value knows its description."""
    given = list(values)
    made: Any = Enum(name, {value.upper(): value for value, _ in given})  # type: ignore[misc]
    strawberry.enum(made, name=name, description=description)
    made_values: Any = vars(made)["__strawberry_definition__"].values
    for value, (_, text) in zip(made_values, given, strict=True):
        value.description = text
    space[name] = made
    return made


def annotation_of(kind: Kind, space: Namespace, zh: str = "") -> str:
    """The name under which a kind's annotation is found in the namespace."""
    if isinstance(kind.annotation, type) and issubclass(kind.annotation, Term):
        return enumeration(kind.annotation, space, zh)
    name = f"kind_{kind.name}"
    space[name] = kind.annotation
    return name


def kind_filter(kind: Kind, space: Namespace, zh: str = "") -> str:
    """The name of the filter input of a kind, made at the first call."""
    name = f"{kind.name}Filter"
    if name not in space:
        of = annotation_of(kind, space, zh)
        fields = [
            optional(op, OPERATORS[op][2].format(of), bilingual(*OPERATORS[op][:2]), space) for op in kind.operators
        ]
        title = bilingual(f"Conditions on a value of the type {kind.name}; all that are given must hold.", "取值条件")
        make(name, title, fields, space, is_input=True)
    return name


def noun_inputs(catalogue: Catalogue, shape: Shape, space: Namespace) -> None:
    """The filter and the order of a noun."""
    noun = shape.noun
    assert noun is not None
    fields = [field for each in shape.fields.values() if (field := _condition(each, space)) is not None]
    mark(shape, fields)
    if noun.place or noun.located or noun.place_of:
        text = bilingual("Belongs to this division or one below it: its id or its twelve-digit code.", "所属区划范围")
        fields.append(optional("within", "strawberry_ID", text, space))
    fields += _combinations(f"{shape.name}Filter", space)
    title = bilingual(f"Conditions on {noun.plural}; all that are given must hold.", f"{noun.entity.__zh__}筛选条件")
    make(f"{shape.name}Filter", title, fields, space, is_input=True)
    _quantifiers(shape, space)
    _order(shape, space)


def mark(shape: Shape, fields: Iterable[StrawberryField]) -> None:
    """Say of those fields that are deprecated that they are."""
    deprecated = {camel(name): str(each) for name, each in (shape.noun.deprecated if shape.noun else {}).items()}
    for each in fields:
        each.deprecation_reason = deprecated.get(each.graphql_name or "")


def _condition(field: Any, space: Namespace) -> StrawberryField | None:
    if isinstance(field, Value):
        if not field.filters or not field.kind.operators:
            return None
        return optional(field.name, kind_filter(field.kind, space, field.zh), bilingual(field.en, field.zh), space)
    suffix = "Filter" if isinstance(field, One) else "Quantifier"
    return optional(field.name, f"{field.noun}{suffix}", bilingual(field.en, field.zh), space)


def _combinations(name: str, space: Namespace) -> list[StrawberryField]:
    return [
        optional("and", f"list[{name}]", bilingual("All of these hold.", "且"), space),
        optional("or", f"list[{name}]", bilingual("At least one of these holds.", "或"), space),
        optional("not", name, bilingual("This does not hold.", "非"), space),
    ]


def _quantifiers(shape: Shape, space: Namespace) -> None:
    of = f"{shape.name}Filter"
    texts = {
        "some": ("One of them meets all of these conditions.", "至少一条满足"),
        "none": ("None of them meets these conditions.", "均不满足"),
        "every": ("Each of them meets these conditions.", "全部满足"),
    }
    fields = [optional(name, of, bilingual(*text), space) for name, text in texts.items()]
    title = bilingual(f"Conditions on the related records of the type {shape.name}.", "关联记录条件")
    make(f"{shape.name}Quantifier", title, fields, space, is_input=True)


def _order(shape: Shape, space: Namespace) -> None:
    sortable = [(f.name, bilingual(f.en, f.zh)) for f in shape.values() if f.sorts and f.kind.sorts]
    name, field_name = f"{shape.name}Order", f"{shape.name}OrderField"
    names_enum(
        field_name, bilingual(f"What records of the type {shape.name} can be ordered by.", "排序字段"), sortable, space
    )
    assert shape.noun is not None
    for value in space[field_name].__strawberry_definition__.values:
        reason = shape.noun.deprecated.get(value.value)
        value.deprecation_reason = reason and str(reason)
    fields = [optional("field", field_name, bilingual("A field of the record itself.", "本记录字段"), space)]
    for each in shape.fields.values():
        if isinstance(each, One):
            fields.append(optional(each.name, f"{each.noun}Order", bilingual(each.en, each.zh), space))
    title = bilingual("One key of an order: one field of the record, or one reference and a field of it.", "排序键")
    make(name, title, [*fields, *_how(space)], space, is_input=True)


def _how(space: Namespace) -> list[StrawberryField]:
    direction, nulls = enumeration(Direction, space, "排序方向"), enumeration(Nulls, space, "空值位置")
    return [
        optional("direction", direction, bilingual("Ascending unless said otherwise.", "方向"), space),
        optional("nulls", nulls, bilingual("Last unless said otherwise.", "空值位置"), space),
    ]


def summary_inputs(catalogue: Catalogue, shape: Shape, group: Shape, space: Namespace) -> None:
    """What the summary of a noun takes: its dimensions, conditions on its groups, and their order."""
    assert shape.noun is not None
    assert shape.noun.summary is not None
    dimensions = [(d.name, bilingual(d.en, d.zh)) for d in shape.noun.summary.dimensions]
    title = bilingual(f"What {shape.noun.plural} can be grouped by.", "分组维度")
    names_enum(f"{shape.name}GroupBy", title, dimensions, space)
    measures = [f for f in group.values() if f.kind.operators and f.name not in dict(dimensions)]
    fields = [optional(f.name, kind_filter(f.kind, space, f.zh), bilingual(f.en, f.zh), space) for f in measures]
    fields += _combinations(f"{shape.name}Having", space)
    make(f"{shape.name}Having", bilingual("Conditions on groups.", "分组条件"), fields, space, is_input=True)
    sortable = [(f.name, bilingual(f.en, f.zh)) for f in group.values() if f.kind.sorts]
    names_enum(f"{group.name}OrderField", bilingual("What groups can be ordered by.", "分组排序字段"), sortable, space)
    field = member("field", f"{group.name}OrderField", bilingual("A dimension or a measure.", "维度或指标"), space)
    make(
        f"{group.name}Order",
        bilingual("One key of an order of groups.", "分组排序键"),
        [field, *_how(space)],
        space,
        is_input=True,
    )
