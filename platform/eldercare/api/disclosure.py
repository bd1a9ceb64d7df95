"""Mutations that tell what is protected: `reveal`, and `findByIdNumber`; each answers once and leaves an entry in the log."""

from typing import Annotated, Any

import strawberry
from sqlalchemy import inspect

from eldercare.api import ids
from eldercare.api.context import Context
from eldercare.api.inputs import enumeration, make, member
from eldercare.api.noun import camel
from eldercare.api.objects import Types
from eldercare.api.problem import Problem
from eldercare.api.wiring import Shown
from eldercare.api.writing import problem
from eldercare.kit.errors import EldercareError
from eldercare.registry import ENTITIES, Person
from eldercare.registry.disclosing import Asking, reveal, search
from eldercare.registry.person import IdType

Id = Annotated[strawberry.ID, strawberry.argument(description="The id of the record. · 标识")]
Fields = Annotated[list[str], strawberry.argument(description="The fields to reveal, as `masked` names them. · 字段")]
Reason = Annotated[str, strawberry.argument(description="For which case, for the audit trail. · 事由")]
Number = Annotated[str, strawberry.argument(description="The exact number. · 证件号码")]


class Answer:
    """What a payload shows, by name."""

    def __init__(self, **values: Any) -> None:
        self.__dict__.update(values)


def make_disclosures(types: Types) -> type:
    """The root fields that reveal and search."""
    space = types.space
    space["Problem"] = Problem
    enumeration(IdType, space, "证件类型")
    value = [
        member("field", "str", "The field, as the schema names it. · 字段", space),
        member("value", "str | None", "Its value in the clear; empty when there is none. · 明文", space),
    ]
    make("RevealedValue", "A protected value in the clear. · 明文字段", value, space)
    errors = member("errors", "list[Problem]", "Why nothing was told; empty when it was. · 错误", space)
    values = member("values", "list[RevealedValue]", "The values, in the order asked for. · 明文", space)
    make("RevealPayload", "What was revealed, this once. · 解密查看结果", [values, errors], space)
    person = member("person", "Person | None", "The person, if there is one whom you see. · 老年人", space)
    errors = member("errors", "list[Problem]", "Why nothing was searched; empty when it was. · 错误", space)
    make("FindByIdNumberPayload", "Who has a number. · 证件号码检索结果", [person, errors], space)
    return _mutations(space)


def _mutations(space: dict[str, Any]) -> type:
    revealed, found, kind = space["RevealPayload"], space["FindByIdNumberPayload"], space["IdType"]
    Kind = Annotated[kind, strawberry.argument(description="The kind of document. · 证件类型")]  # type: ignore[valid-type]

    @strawberry.type(description="What is told once and logged. · 解密与检索")
    class Disclosures:
        """What is told once and logged."""

        @strawberry.mutation(
            description="Tell protected values of a record in the clear, once, for a reason; it is logged. · 解密查看"
        )
        def reveal(self, info: strawberry.Info, id: Id, fields: Fields, reason: Reason) -> revealed:  # type: ignore[valid-type]
            """Tell protected values."""
            return _reveal(info.context, id, fields, reason)

        @strawberry.mutation(
            description="Find the person with exactly this number, within what you see; it is logged. · 证件号码精确检索"
        )
        def find_by_id_number(self, info: strawberry.Info, id_type: Kind, number: Number, reason: Reason) -> found:  # type: ignore[valid-type]
            """Find who has a number."""
            return _find(info.context, id_type, number, reason)

    return Disclosures


def _asking(context: Context) -> Asking:
    return Asking(
        context.session,
        context.viewer,
        context.today,
        context.services.get("keys"),
        context.through,
        context.request_id or None,
    )


def _reveal(context: Context, id: str, fields: list[str], reason: str) -> Answer:
    try:
        with context.session.begin_nested():
            noun = ids.split(id)[0]
            entity = next((each for each in ENTITIES if each.__name__ == noun), Person)
            key = ids.key(id, entity.__name__)
            names = {each: _column(entity, each) for each in fields}
            told = reveal(_asking(context), entity, key, list(names.values()), reason)
    except EldercareError as error:
        return Answer(values=[], errors=[problem(error)])
    return Answer(values=[Answer(field=each, value=told[name]) for each, name in names.items()], errors=[])


def _find(context: Context, id_type: IdType, number: str, reason: str) -> Answer:
    try:
        with context.session.begin_nested():
            key = search(_asking(context), id_type, number, reason)
    except EldercareError as error:
        return Answer(person=None, errors=[problem(error)])
    return Answer(person=None if key is None else Shown("Person", key), errors=[])


def _column(entity: Any, field: str) -> str:
    return next((name for name, _ in inspect(entity).columns.items() if camel(name) == field), field)
