"""Vocabularies: every enumeration of the schema with the labels of its values in both languages."""

from collections.abc import Mapping
from typing import Annotated

import strawberry

from eldercare.kit.term import Term


@strawberry.type(description="A value of an enumeration with its labels. · 枚举值")
class VocabularyTerm:
    """A value of an enumeration."""

    code: str = strawberry.field(description="The value as the schema writes it. · 代码")
    zh: str = strawberry.field(description="Its Chinese label. · 中文名称")
    en: str = strawberry.field(description="Its English label. · 英文名称")
    note: str = strawberry.field(description="What else is to be known of it; may be empty. · 说明")


@strawberry.type(description="An enumeration of the schema. · 代码表")
class Vocabulary:
    """An enumeration with its values."""

    name: str = strawberry.field(description="The name of the enumeration in the schema. · 名称")
    terms: list[VocabularyTerm] = strawberry.field(description="Its values, in their order. · 枚举值")


def vocabulary_query(terms: Mapping[str, type[Term]]) -> type:
    """The root fields that show the enumerations of a schema."""
    shown = {name: _shown(name, term) for name, term in sorted(terms.items())}

    @strawberry.type(description="Reads of the enumerations. · 代码表查询")
    class VocabularyQuery:
        """Reads of the enumerations."""

        @strawberry.field(description="One enumeration by its name in the schema; empty when there is none. · 代码表")
        def vocabulary(
            self,
            name: Annotated[
                str, strawberry.argument(description="Its name in the schema, such as FacilityKind. · 名称")
            ],
        ) -> Vocabulary | None:
            """One enumeration."""
            return shown.get(name)

        @strawberry.field(description="All enumerations. · 全部代码表")
        def vocabularies(self) -> list[Vocabulary]:
            """All enumerations."""
            return list(shown.values())

    return VocabularyQuery


def _shown(name: str, term: type[Term]) -> Vocabulary:
    values = [VocabularyTerm(code=each.value, zh=each.zh, en=each.en, note=each.note) for each in term]
    return Vocabulary(name=name, terms=values)
