"""The catalogue: every noun and report with its fields, resolved by name, from which types and statements are made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from inspect import cleandoc
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import inspect as mapping

from eldercare.api.kind import NUMBER, WHOLE
from eldercare.api.noun import (
    Field,
    Many,
    Noun,
    One,
    Rate,
    Report,
    Total,
    Value,
    bilingual,
    camel,
    own_key,
    shown_columns,
)
from eldercare.registry.query import View


@dataclass(frozen=True)
class Shape:
    """An object type: its name, its meaning and its fields by GraphQL name; `noun` when its rows are records."""

    name: str
    description: str
    fields: Mapping[str, Field]
    noun: Noun | None = None

    def values(self) -> Iterable[Value]:
        """Its fields that are one value."""
        return (f for f in self.fields.values() if isinstance(f, Value))


class Catalogue:
    """All shapes of the API by name, and which root field leads to which noun or report."""

    def __init__(self, nouns: Iterable[Noun], reports: Iterable[Report] = ()) -> None:
        self.nouns = {noun.name: noun for noun in nouns}
        self.reports = {report.name: report for report in reports}
        self._by_table = {noun.entity.__tablename__: name for name, noun in self.nouns.items()}
        self.shapes: dict[str, Shape] = {name: self._shape(noun) for name, noun in self.nouns.items()}
        for noun in self.nouns.values():
            if noun.summary:
                self.shapes[f"{noun.name}Group"] = group_shape(noun)
        for report in self.reports.values():
            fields = {camel(f.name): f for f in report.fields}
            self.shapes[report.shape] = Shape(report.shape, bilingual(report.en, report.zh), fields)
        self._check()

    @cached_property
    def by_id(self) -> dict[str, Noun]:
        """Root fields that take one id: facility, person ..."""
        return {lower(noun.name): noun for noun in self.nouns.values()}

    @cached_property
    def pages(self) -> dict[str, Noun]:
        """Root fields that give a page: facilities, people ..."""
        return {noun.plural: noun for noun in self.nouns.values()}

    @cached_property
    def summaries(self) -> dict[str, Noun]:
        """Root fields that count and group: facilitySummary ..."""
        return {f"{lower(noun.name)}Summary": noun for noun in self.nouns.values() if noun.summary}

    def roots(self) -> set[str]:
        """The names of all root fields that are answered from the registry."""
        return {*self.by_id, *self.pages, *self.summaries, *self.reports, "node", "nodes"}

    def _shape(self, noun: Noun) -> Shape:
        fields: list[Field] = [own_key(noun.name), *shown_columns(noun.entity, noun.hidden), *self._references(noun)]
        declared = {camel(f.name): f for f in [*fields, *noun.fields]}
        text = bilingual(cleandoc(noun.entity.__doc__ or "").split("\n\n")[0].replace("\n", " "), noun.entity.__zh__)
        return Shape(noun.name, text, declared, noun)

    def _references(self, noun: Noun) -> Iterable[One]:
        for name, column in mapping(noun.entity).columns.items():
            target = next((self._by_table.get(key.column.table.name) for key in column.foreign_keys), None)
            if target and name not in noun.hidden and not column.info.get("secret"):
                yield One(
                    name.removesuffix("_id"), target, _attribute(name), column.doc or "", column.info.get("zh", "")
                )

    def _check(self) -> None:
        for shape in self.shapes.values():
            for field in shape.fields.values():
                if isinstance(field, One | Many) and field.noun not in self.nouns:
                    raise LookupError(
                        f"{shape.name}.{field.name} leads to {field.noun}, which the catalogue does not list."
                    )
                if isinstance(field, Many):
                    getattr(self.nouns[field.noun].entity, field.by)


def group_shape(noun: Noun) -> Shape:
    """The shape of one group of a summary: its dimensions (empty where not grouped by), its size and its measures."""
    assert noun.summary is not None
    fields: dict[str, Field] = {}
    for d in noun.summary.dimensions:
        key = _label(d.name)
        fields[camel(d.name)] = (
            One(d.name, d.noun, key, d.en, d.zh) if d.noun else Value(d.name, d.kind, key, d.en, d.zh)
        )
    fields["count"] = Value("count", WHOLE, _label("count"), "How many records the group has.", "数量", required=True)
    for m in noun.summary.measures:
        kind = NUMBER if isinstance(m, Rate) else m.kind if isinstance(m, Total) else WHOLE
        required = not isinstance(m, Rate | Total)
        fields[camel(m.name)] = Value(m.name, kind, _label(m.name), m.en, m.zh, required=required)
    title = bilingual(f"One group of a summary of {noun.plural}.", f"{noun.entity.__zh__}分组统计")
    return Shape(f"{noun.name}Group", title, fields)


def lower(name: str) -> str:
    """The name with a small first letter."""
    return name[0].lower() + name[1:]


def _attribute(name: str) -> Any:
    def read(row: Any, view: View) -> ColumnElement[Any]:
        return getattr(row, name)  # type: ignore[no-any-return]

    return read


def _label(name: str) -> Any:
    def read(row: Any, view: View) -> ColumnElement[Any]:
        return row.c[name]  # type: ignore[no-any-return]

    return read
