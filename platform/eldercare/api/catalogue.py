"""The catalogue: every noun and report with its fields, resolved by name, from which types and statements are made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from inspect import cleandoc
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy import inspect as mapping

from eldercare.api.kind import NAMES, NUMBER, WHOLE
from eldercare.api.noun import (
    Dimension,
    Field,
    Many,
    Masked,
    Measure,
    Noun,
    One,
    Rate,
    Report,
    Rows,
    Total,
    Value,
    bilingual,
    camel,
    own_key,
    shown_columns,
)
from eldercare.registry.query import View
from eldercare.registry.scope import is_personal
from eldercare.security.privacy import Privacy


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
            fields: dict[str, Any] = {camel(f.name): f for f in report.fields}
            self.shapes[report.shape] = Shape(report.shape, bilingual(report.en, report.zh), fields)
            for each in report.fields:
                if isinstance(each, Rows):
                    listed = {camel(f.name): f for f in each.fields}
                    self.shapes[each.shape] = Shape(each.shape, bilingual(each.en, each.zh), listed)
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
        declared = {camel(f.name): owned(f, noun) for f in [*fields, *noun.fields]}
        if is_personal(noun.entity):
            declared["masked"] = masked_names(noun, declared.values())
        text = bilingual(cleandoc(noun.entity.__doc__ or "").split("\n\n")[0].replace("\n", " "), noun.entity.__zh__)
        return Shape(noun.name, text, declared, noun)

    def _references(self, noun: Noun) -> Iterable[One]:
        for name, column in mapping(noun.entity).columns.items():
            target = next((self._by_table.get(key.column.table.name) for key in column.foreign_keys), None)
            if target and name not in noun.hidden and not column.info.get("secret"):
                named, kind = name.removesuffix("_id"), column.info.get("privacy") or Privacy.OPEN
                yield One(named, target, _attribute(name), column.doc or "", column.info.get("zh", ""), kind)

    def _check(self) -> None:
        named = [*self.by_id, *self.pages, *self.summaries, *self.reports, "node", "nodes"]
        if twice := sorted({name for name in named if named.count(name) > 1}):
            raise LookupError(f"Two root fields are called {', '.join(twice)}.")
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
        key, tells = _label(d.name), told_of(d, noun)
        fields[camel(d.name)] = (
            One(d.name, d.noun, key, d.en, d.zh, tells)
            if d.noun
            else Value(d.name, d.kind, key, d.en, d.zh, privacy=tells)
        )
    text = "How many records the group has."
    fields["count"] = Value("count", WHOLE, _label("count"), text, "数量", required=True, privacy=Privacy.OPEN)
    for m in noun.summary.measures:
        kind = NUMBER if isinstance(m, Rate) else m.kind if isinstance(m, Total) else WHOLE
        tells = told_of(m, noun)
        required = not isinstance(m, Rate | Total)
        fields[camel(m.name)] = Value(m.name, kind, _label(m.name), m.en, m.zh, required=required, privacy=tells)
    title = bilingual(f"One group of a summary of {noun.plural}.", f"{noun.entity.__zh__}分组统计")
    return Shape(f"{noun.name}Group", title, fields)


def owned(field: Field, noun: Noun) -> Field:
    """A field that knows whose it is and what it tells; of a record about no person nothing needs to be said."""
    if isinstance(field, Many):
        return field
    return replace(field, owner=noun.name, privacy=told_of(field, noun))


def told_of(field: Value | One | Dimension | Measure, noun: Noun) -> Privacy:
    """What a field, dimension or measure of a noun tells about a person; a `LookupError` where that was not said."""
    if not is_personal(noun.entity):
        return field.privacy or Privacy.OPEN
    if field.privacy is None:
        raise LookupError(
            f"{noun.name}.{field.name} shows something about a person: say what it tells with privacy=Privacy.X, "
            "on its column or where it is declared (docs/access.md)."
        )
    return field.privacy


def masked_names(noun: Noun, fields: Iterable[Field]) -> Masked:
    """The field that names what is masked or hidden in a record about a person."""
    told = tuple(f for f in fields if not isinstance(f, Many) and f.privacy is not Privacy.OPEN)
    en = "The fields of this record that you do not see as they are: masked, or empty though there may be something."
    return Masked(
        "masked",
        NAMES,
        lambda row, view: row.id,
        en,
        "已脱敏字段",
        required=True,
        filters=False,
        sorts=False,
        privacy=Privacy.OPEN,
        owner=noun.name,
        told=told,
    )


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
