"""The mutations every noun has, made from its columns: create, correct, end and annul."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from eldercare.api.catalogue import lower
from eldercare.api.context import Context
from eldercare.api.inputs import Annotation, annotation_of, make, member, optional
from eldercare.api.kind import TEXT, kind_of
from eldercare.api.noun import Noun, bilingual, camel
from eldercare.api.objects import Types
from eldercare.api.problem import Problem
from eldercare.api.writing import Act, Outcome, carry_out, key_of, plain, use_source
from eldercare.registry.change import Writer
from eldercare.registry.draft import called
from eldercare.registry.entity import Entity, Record, table_of
from eldercare.registry.value import writable

Given = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One argument of a mutation: its Python name, its annotation, and what it means."""

    name: str
    of: str
    en: str
    zh: str


ID = Part("id", "strawberry_ID", "The id that the API gave.", "标识")
VERSION = Part("expected_version", "int | None", "The version that was read; another one is refused.", "预期版本")
REASON = Part("reason", "str | None", "Why, for the log of changes.", "原因")
SOURCE = Part("source", "strawberry_ID | None", "Where it comes from; entered by the author unless said.", "来源")
ONCE = Part("idempotency_key", "str | None", "Sent again with the same key, nothing is done twice.", "幂等键")
ON = Part("on", "kind_Date", "First day on which it no longer holds.", "终止日期")


class Mutation(StrawberryField):
    """A root field that changes something: `act` gets the arguments and makes what is to be done."""

    act: Callable[[Given], Act]
    sourced: bool = True
    right: str = ""
    """The noun or command that somebody must have the right to."""

    @property
    def is_basic_field(self) -> bool:
        """Its value is never just an attribute."""
        return False

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: Given) -> Outcome:
        """Carry it out, with the source and the idempotency key that were sent."""
        context: Context = info.context
        given = {name: value for name, value in kwargs.items() if value is not strawberry.UNSET}
        asked = [info.field_name, {name: plain(sent(value)) for name, value in given.items()}]

        def act(writer: Writer) -> Record | None:
            if self.sourced:
                use_source(writer, given.get("source"))
            return self.act(given)(writer)

        return carry_out(context, act, request=asked, right=self.right, key=given.get("idempotency_key"))


def sent(value: Any) -> Any:
    """The values of an input that were sent, by Python name; other arguments as they are."""
    if isinstance(value, list):
        return [sent(each) for each in value]
    if not hasattr(value, "__strawberry_definition__") or not strawberry.types.has_object_definition(type(value)):
        return value
    found = {field.python_name.rstrip("_"): getattr(value, field.python_name) for field in fields_of(value)}
    return {name: sent(each) for name, each in found.items() if each is not strawberry.UNSET}


def fields_of(value: Any) -> Iterable[StrawberryField]:
    """The fields of an input object."""
    fields: list[StrawberryField] = value.__strawberry_definition__.fields
    return fields


def make_mutations(types: Types) -> type:
    """The root fields that write the nouns."""
    fields = [field for noun in types.catalogue.nouns.values() for field in noun_mutations(types, noun)]
    made: type = make("RegistryChanges", bilingual("Changes of the registry.", "变更"), fields, types.space)
    return made


def noun_mutations(types: Types, noun: Noun) -> Iterable[StrawberryField]:
    """Create, correct, end (where it is dated) and annul of one noun; none where named commands alone write it."""
    payload(types, noun.name)
    if noun.entity.__commanded__:
        return []
    create, correct = _inputs(types, noun.entity)
    fields = [_create(types, noun, create), _correct(types, noun, correct)]
    if noun.entity.__validity__ is not None and noun.entity.__validity__.end:
        fields.append(_end(types, noun, correct))
    for field in fields:
        field.sourced = issubclass(noun.entity, Entity)
    fields.append(_annul(types, noun))
    for field in fields:
        field.right = noun.name
    return fields


def _provenance(noun: Noun) -> list[Part]:
    return [SOURCE] if issubclass(noun.entity, Entity) else []


def _create(types: Types, noun: Noun, input: str) -> "Mutation":
    entity = noun.entity

    def act(given: Given) -> Act:
        return lambda writer: writer.create(entity, values_of(entity, given))

    parts = [Part("input", input, "What is recorded.", "内容"), *_provenance(noun), ONCE]
    return mutation(types, f"create{noun.name}", noun.name, f"Record a new {called(entity)}.", parts, act)


def _correct(types: Types, noun: Noun, input: str) -> "Mutation":
    entity = noun.entity

    def act(given: Given) -> Act:
        return lambda writer: writer.correct(
            entity, key_of(given["id"], noun.name, "id"), values_of(entity, given), **chosen(given)
        )

    changed = Part("input", input, "What changes; what is left out stays, null empties.", "内容")
    parts = [ID, changed, VERSION, REASON, *_provenance(noun), ONCE]
    text = f"Put a {called(entity)} right; the log keeps what it said before."
    return mutation(types, f"correct{noun.name}", noun.name, text, parts, act)


def _end(types: Types, noun: Noun, input: str) -> "Mutation":
    entity = noun.entity

    def act(given: Given) -> Act:
        return lambda writer: writer.end(
            entity,
            key_of(given["id"], noun.name, "id"),
            given["on"],
            also=values_of(entity, given) if given.get("input") else None,
            **chosen(given),
        )

    also = Part("input", f"{input} | None", "What else changes with it.", "同时变更")
    parts = [ID, ON, VERSION, REASON, also, *_provenance(noun), ONCE]
    text = f"Let a {called(entity)} hold no longer from a day on."
    return mutation(types, f"end{noun.name}", noun.name, text, parts, act)


def _annul(types: Types, noun: Noun) -> "Mutation":
    entity = noun.entity

    def act(given: Given) -> Act:
        return lambda writer: writer.annul(entity, key_of(given["id"], noun.name, "id"), **chosen(given))

    why = Part("reason", "str", "Why it should never have been recorded.", "作废原因")
    text = f"Take back a {called(entity)} that should never have been recorded; the log keeps it."
    field = mutation(types, f"annul{noun.name}", noun.name, text, [ID, why, VERSION, ONCE], act)
    field.sourced = False
    return field


def chosen(given: Given) -> Given:
    """The expected version and the reason, where they were sent."""
    return {name: given[name] for name in ("expected_version", "reason") if given.get(name) is not None}


def mutation(
    types: Types,
    name: str,
    noun: str,
    en: str,
    parts: Iterable[Part],
    act: Callable[[Given], Act],
    *,
    zh: str = "",
    of: type[Mutation] = Mutation,
) -> "Mutation":
    """A root field that answers with the payload of a noun."""
    space = types.space
    field = of(
        python_name=name,
        graphql_name=name,
        type_annotation=Annotation(f"{noun}Payload", namespace=space),
        description=bilingual(en, zh) if zh else en,
    )
    field.act, field.right = act, name
    field.arguments = [
        StrawberryArgument(
            part.name,
            camel(part.name),
            Annotation(part.of, namespace=space),
            description=bilingual(part.en, part.zh),
        )
        for part in parts
    ]
    return field


def payload(types: Types, noun: str) -> None:
    """The type that a mutation of a noun answers with."""
    space, zh = types.space, types.catalogue.nouns[noun].entity.__zh__
    space["Problem"] = Problem
    fields = [
        member(lower(noun), f"{noun} | None", bilingual("The record after the change.", zh), space),
        member("errors", "list[Problem]", bilingual("Why nothing was done; empty when it was.", "错误"), space),
        member("notices", "list[Problem]", bilingual("What was allowed but is odd.", "提示"), space),
    ]
    make(f"{noun}Payload", bilingual(f"What a change of the type {noun} answers.", f"{zh}变更结果"), fields, space)


def values_of(entity: type[Record], given: Mapping[str, Any]) -> Given:
    """The values of an input by column, with keys for ids."""
    values: Given = sent(given["input"])
    for name, value in values.items():
        target = referred(entity, name)
        if target is not None and value is not None:
            values[name] = key_of(value, target, name)
    return values


def referred(entity: type[Record], name: str) -> str | None:
    """The noun that a column refers to, if it does."""
    keys = table_of(entity).c[name].foreign_keys
    table = next(iter(keys)).column.table.name if keys else None
    return None if table is None else _noun_of_table()[table]


def _noun_of_table() -> dict[str, str]:
    return {mapper.class_.__tablename__: mapper.class_.__name__ for mapper in Record.registry.mappers}


def _inputs(types: Types, entity: type[Record]) -> tuple[str, str]:
    """The names of the inputs that create and correct a noun."""
    name, zh, space = entity.__name__, entity.__zh__, types.space
    columns = [*writable(entity)]
    new = [column_input(types, entity, column, new=True) for column in columns]
    make(f"Create{name}Input", bilingual(f"A new {called(entity)}.", f"新建{zh}"), new, space, is_input=True)
    old = [column_input(types, entity, column) for column in columns]
    text = bilingual(f"What changes in a {called(entity)}.", f"更正{zh}")
    make(f"{name}Correction", text, old, space, is_input=True)
    return f"Create{name}Input", f"{name}Correction"


def column_input(types: Types, entity: type[Record], name: str, *, new: bool = False) -> StrawberryField:
    """The field of an input that stands for a column; required when new and the registry cannot do without."""
    column: Any = table_of(entity).c[name]
    info, space = column.info, types.space
    if column.foreign_keys:
        of = "strawberry_ID"
    else:
        of = annotation_of(TEXT if info.get("secret") else kind_of(column.type), space, info.get("zh", ""))
    text = bilingual((column.doc or "").replace(", encrypted", "; it is kept encrypted"), info.get("zh", ""))
    needed = new and not column.nullable and column.default is None and not info.get("completed")
    return member(name, of, text, space) if needed else optional(name, of, text, space)
