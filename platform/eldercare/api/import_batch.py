"""Imports as the API shows them and takes them: what came of each row, and which record of which system a person is."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from strawberry.types.field import StrawberryField

from eldercare import registry
from eldercare.api.context import Context
from eldercare.api.inputs import enumeration, make, member, optional
from eldercare.api.mutation import ONCE, Mutation, Part, column_input, mutation, sent
from eldercare.api.noun import Many, Noun, bilingual
from eldercare.api.objects import Types
from eldercare.api.writing import Act, Outcome, plain, problem
from eldercare.ingestion.person_row import PARTS, PersonRow, row_of
from eldercare.ingestion.run import Plan, run_import
from eldercare.kit.errors import InvalidInput, Refused
from eldercare.kit.settings import Settings
from eldercare.registry.change import Writer
from eldercare.registry.import_batch import ImportBatch
from eldercare.registry.membership import GroupCategory
from eldercare.registry.source import CollectionMethod
from eldercare.registry.value import ring

FEED = "GraphQL"
"""What a batch names as its feed when it came as a message."""

NOUNS = (
    Noun(
        registry.ImportBatch,
        "importBatches",
        fields=(
            Many("rows", "ImportRow", "batch_id", "What came of each row.", "导入明细"),
            Many("source_links", "SourceLink", "last_batch_id", "Records that were last seen in it.", "来源关联"),
            Many("new_links", "SourceLink", "first_batch_id", "Records that were first seen in it.", "新增来源关联"),
        ),
        order=("imported_on",),
        hidden=frozenset({"fingerprint"}),
        place=lambda row, view: row.division_id,
    ),
    Noun(registry.ImportRow, "importRows", order=("number",)),
    Noun(registry.SourceLink, "sourceLinks", order=("system",), place_of="person"),
)

TEXTS = {
    "sourceRecord": "The key of the record in that system; without one the number tells whose record it is.",
    "division": "Code of the division of the residence; zeros at its end may be left out.",
    "base": "Whether the person lives or is registered there; lives there unless said.",
    "since": "Since when; today unless said.",
    "address": "The address; it is kept encrypted.",
    "living": "With whom the person lives.",
    "categories": "Groups that the system says the person belongs to; each is reported, to be verified.",
    "categoriesSince": "Since when the person belongs to them; today unless said.",
    "sameAs": "The person it is about, or NEW for somebody not recorded yet, where likeness alone leaves it unsure.",
}
ABOUT = (
    ("system", "str", "The system the rows come from.", "来源系统"),
    ("document", "str", "Name of the message, for those who read the report.", "文件名"),
    ("rows", "list[PersonImportRow]", "The rows.", "明细"),
)
METHODS = (CollectionMethod.IMPORT, CollectionMethod.BIG_DATA_MATCH)


class Import(Mutation):
    """The root field that brings people in."""

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: dict[str, Any]) -> Outcome:
        """Carry it out; the most rows are the operator's setting."""
        context: Context = info.context
        settings = context.services.get("settings")
        most = settings.import_rows if settings else Settings.model_fields["import_rows"].default
        count = len(kwargs["input"].rows)
        if count > most:
            remedy = f"Send at most {most} at once, or a file with `eldercare ingest`."
            error = Refused("TOO_MANY_ROWS", f"{count} rows are too many.", remedy=remedy, path=("rows",))
            return Outcome(None, [problem(error)], [])
        return super().get_result(source, info, args, kwargs)


def make_mutation(types: Types) -> type:
    """The root field that brings people in, with the shape of its rows."""
    space = types.space
    row = bilingual("What a system says of one person; all of it may be left out, and is refused by row.", "导入明细")
    make("PersonImportRow", row, list(_row(types)), space, is_input=True)
    fields = [member(name, of, bilingual(en, zh), space) for name, of, en, zh in ABOUT]
    method = bilingual("How it was collected: IMPORT unless said, or BIG_DATA_MATCH.", "采集方式")
    again = bilingual("Whether rows of the same content that were refused are tried again.", "是否重试")
    fields.append(optional("method", enumeration(CollectionMethod, space, "采集方式"), method, space))
    fields.append(optional("again", "bool", again, space))
    make("ImportPeopleInput", bilingual("People from another system.", "导入内容"), fields, space, is_input=True)
    en = "Bring people in from another system, each row by itself: new, linked, filled, unchanged, in conflict or refused."
    parts = [Part("input", "ImportPeopleInput", "What is brought in.", "内容"), ONCE]
    field = mutation(types, "importPeople", "ImportBatch", en, parts, _act, zh="批量导入老年人", of=Import)
    field.sourced = False
    made: type = make("Imports", bilingual("Imports.", "批量导入"), [field], space)
    return made


def _row(types: Types) -> Iterable[StrawberryField]:
    for part in PARTS:
        if part.column:
            yield column_input(types, registry.Person, part.column)
            continue
        kind = part.kind
        of = "kind_Date" if kind == "date" else "str" if isinstance(kind, str) else enumeration(kind, types.space)
        of = f"list[{enumeration(GroupCategory, types.space)}]" if part.many else of
        yield optional(_snake(part.name), of, bilingual(TEXTS[part.name], part.zh), types.space)


def _act(given: Mapping[str, Any]) -> Act:
    said = sent(given["input"])
    rows = tuple(_person_row(number, row) for number, row in enumerate(said["rows"], start=1))

    def act(writer: Writer) -> ImportBatch:
        return run_import(writer, _plan(writer, said, rows), again=bool(said.get("again")))

    return act


def _plan(writer: Writer, said: Mapping[str, Any], rows: tuple[PersonRow, ...]) -> Plan:
    method = said.get("method") or CollectionMethod.IMPORT
    if method not in METHODS:
        raise InvalidInput(
            "METHOD", "An import is collected by IMPORT or BIG_DATA_MATCH.", remedy="Leave it out.", path=("method",)
        )
    content = orjson.dumps([plain(row) for row in said["rows"]], option=orjson.OPT_SORT_KEYS).decode()
    return Plan(
        system=said["system"],
        document=said["document"],
        sha256=ring(writer.keys).digest(content).hex(),  # keyed: the content of a short message could be guessed
        rows=rows,
        feed=FEED,
        method=method,
        division_id=writer.principal.division_id,
    )


def _person_row(number: int, said: Mapping[str, Any]) -> PersonRow:
    named = {part.column or _snake(part.name): part.name for part in PARTS}
    return row_of(number, {named[name]: _clean(value) for name, value in said.items()})


def _clean(value: Any) -> Any:
    """A text without white space around it; an empty one is none."""
    return (value.strip() or None) if isinstance(value, str) and type(value) is str else value


def _snake(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name)
