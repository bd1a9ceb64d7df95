"""Change reports as the API shows them: their commands, and what applying one does or would do."""

from typing import Annotated, Any, NamedTuple

import strawberry
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from eldercare import registry
from eldercare.api import ids
from eldercare.api.context import Context
from eldercare.api.inputs import enumeration, make, member
from eldercare.api.named import Command
from eldercare.api.noun import Distinct, Many, Noun, Summary, bilingual, grouped_by
from eldercare.api.objects import Types
from eldercare.api.problem import Problem
from eldercare.api.territory import BY_TERRITORY
from eldercare.api.writing import author_of
from eldercare.kit.errors import NotFound
from eldercare.registry import consequence, reporting
from eldercare.registry.change import Writer
from eldercare.registry.change_report import ChangeReport
from eldercare.registry.changelog import ChangeKind
from eldercare.registry.draft import called
from eldercare.registry.entity import Record
from eldercare.registry.query import View, visible
from eldercare.registry.viewer import constant, viewer_of
from eldercare.security.privacy import Privacy

NOUNS = (
    Noun(
        registry.ChangeReport,
        "changeReports",
        fields=(
            Many("duplicates", "ChangeReport", "duplicate_of_id", "Reports that told the same later.", "重复上报"),
        ),
        order=("reported_on",),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (
                grouped_by(registry.ChangeReport, "kind"),
                grouped_by(registry.ChangeReport, "channel"),
                grouped_by(registry.ChangeReport, "status"),
                *BY_TERRITORY,
            ),
            (Distinct("people", lambda row, view: row.person_id, "How many different people.", "人数", Privacy.OPEN),),
        ),
    ),
)

TEXTS = {
    "kind": ("What changed.", "变更类型"),
    "channel": ("How it became known; by the village unless said.", "上报渠道"),
    "report_id": ("The report.", "变更报告"),
    "duplicate_of_id": ("The report that told it first.", "重复于"),
    "decision": ("Why.", "处理意见"),
}
REPORT = {"report_id": "ChangeReport", "duplicate_of_id": "ChangeReport"}
SAID = (
    *("person_id", "division_id", "reporter", "evidence", "to_division_id", "base", "living", "category", "no_longer"),
    *("name", "sex", "birth_date", "id_type", "id_number", "phone", "emergency_contact", "address"),
)


def _command(name: str, run: Any, en: str, zh: str, extra: tuple[str, ...] = ()) -> Command:
    texts = TEXTS | {"on": ("The day it happened.", "发生日期") if extra else ("The day of the decision.", "处理日期")}
    return Command(name, registry.ChangeReport, run, en, zh, extra, texts, REPORT)


MOVE = {
    "to_division_id": ("Where to; nowhere that is known without.", "迁往区划"),
    "base": ("Lives there, or is registered there; lives unless said.", "口径"),
    "address": ("The new address.", "详细地址"),
    "living": ("With whom the person lives there.", "居住方式"),
}

COMMANDS = (
    Command(
        "movePerson",
        registry.Person,
        consequence.move_person,
        "Let a person live or be registered elsewhere; what hangs on the place is reviewed, ends or expires.",
        "办理迁移",
        texts=MOVE,
        nouns={"to_division_id": "Division"},
    ),
    _command(
        "reportChange",
        reporting.report_change,
        "Report that something changed in a person's life; what was told before is kept as a duplicate.",
        "上报变更",
        SAID,
    ),
    _command("verifyChangeReport", reporting.verify_report, "Confirm that a report is true.", "核实变更报告"),
    _command(
        "applyChangeReport",
        reporting.apply_report,
        "Make a verified report true with all its consequences, or, when one is refused, do nothing.",
        "变更生效",
    ),
    _command("rejectChangeReport", reporting.reject_report, "Turn a report down: it is not true.", "驳回变更报告"),
    _command("markDuplicateReport", reporting.mark_duplicate, "Say that another report told the same.", "标记重复上报"),
)

Id = Annotated[strawberry.ID, strawberry.argument(description="The id of a change report. · 变更报告")]


class Consequence(NamedTuple):
    """One step as its GraphQL type shows it."""

    kind: ChangeKind
    noun: str
    label: str
    record: str | None
    on: Any
    columns: list[str]


class Consequences(NamedTuple):
    """All steps of a report as their GraphQL type shows them."""

    applied: bool
    steps: list[Consequence]
    refusal: Problem | None


def make_query(types: Types) -> type:
    """The root field that tells what a report did or would do."""
    shown = _shapes(types)

    @strawberry.type(description="Reads of the consequences of reports. · 变更影响查询")
    class ConsequenceQuery:
        """Reads of the consequences of reports."""

        @strawberry.field(
            description="What applying a report did; before that, what it would do now: it is tried and taken back; empty when there is no such report. · 变更影响"
        )
        def consequences(self, info: strawberry.Info, report: Id) -> shown | None:  # type: ignore[valid-type]
            """What applying a report did or would do."""
            context: Any = info.context
            return _consequences(context, ids.key(report, "ChangeReport"))

    return ConsequenceQuery


def _consequences(context: Context, key: int) -> Consequences | None:
    view = View(literal(context.today), history=True, viewer=viewer_of(context.viewer, constant))
    seen = select(ChangeReport.id).where(ChangeReport.id == key, *visible(ChangeReport, view))
    if context.session.scalar(seen) is None:
        return None
    context.session.rollback()
    # A trial writes, so it takes a transaction of its own, which is never committed.
    with Session(context.engine) as session:
        writer = Writer(
            session, author=author_of(context), keys=context.services.get("keys"), today=context.today, source=None
        )
        try:
            writer.source_id = writer.find(ChangeReport, key).source_id
            found = reporting.outlook(writer, key)
        except NotFound:
            return None
    refusal = None if found.refusal is None else Problem.of(found.refusal)
    return Consequences(found.applied, [_shown(step) for step in found.steps], refusal)


def _shown(step: reporting.Step) -> Consequence:
    noun = _nouns()[step.noun]
    record = None if step.key is None else f"{noun.__name__}_{step.key}"
    return Consequence(step.kind, noun.__name__, called(noun), record, step.on, list(step.columns))


def _nouns() -> dict[str, type[Record]]:
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Record.registry.mappers}


def _shapes(types: Types) -> Any:
    space = types.space
    space["Problem"] = Problem
    fields = (
        ("kind", enumeration(ChangeKind, space, "变更方式"), "What is done to the record.", "变更类型"),
        ("noun", "str", "The type of the record.", "对象类型"),
        ("label", "str", "What such a record is called, in both languages.", "对象名称"),
        ("record", "strawberry_ID | None", "The id of the record; empty while it would be new.", "对象标识"),
        ("on", "kind_Date | None", "From which day it holds.", "生效日期"),
        ("columns", "list[str]", "Which of its columns change.", "变更字段"),
    )
    title = bilingual("One change that applying a report makes.", "变更影响事项")
    members = [member(name, of, bilingual(en, zh), space) for name, of, en, zh in fields]
    make("Consequence", title, members, space)
    whole = (
        ("applied", "bool", "Whether they have happened.", "是否已生效"),
        ("steps", "list[Consequence]", "The changes, in their order.", "变更事项"),
        ("refusal", "Problem | None", "Why the report cannot be applied now, if so.", "不能生效的原因"),
    )
    members = [member(name, of, bilingual(en, zh), space) for name, of, en, zh in whole]
    return make("Consequences", bilingual("What applying a report did, or would do now.", "变更影响"), members, space)
