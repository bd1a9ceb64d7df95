"""The monthly return of the dynamic update: by village what was reported, what became of it, and who is not verified."""

from typing import Any

from sqlalchemy import Select, func, literal, not_, select
from sqlalchemy.orm import aliased

from eldercare.registry.change_report import ChangeReport, ReportKind, ReportStatus
from eldercare.registry.division import within
from eldercare.registry.freshness import fresh, verified_since
from eldercare.registry.person import Person
from eldercare.reporting.duties import days
from eldercare.reporting.form import Check, Column, Frame, Period, Return, Table
from eldercare.reporting.lines import CODE, DIVISION, at_home, flag, line_of, lines, names_of
from eldercare.reporting.work import home

NEW = (ReportKind.NEW_ELDER, ReportKind.MOVE_IN)
ENDED = (ReportKind.DEATH, ReportKind.MOVE_OUT)

COLUMNS = (
    DIVISION,
    CODE,
    Column("people", "People known", "在册老年人数"),
    Column("reports", "Changes reported in the month", "本月上报变更数"),
    Column("new", "Of these new or moved in", "其中新增、迁入"),
    Column("ended", "Of these died or moved out", "其中死亡、迁出"),
    Column("changed", "Of these other changes", "其中其他变更"),
    Column("applied", "Applied", "已生效"),
    Column("waiting", "Not decided", "待核实"),
    Column("refused", "Not true, or told before", "不属实或重复"),
    Column("verified", "People verified in the month", "本月核实人数"),
    Column("overdue", "People overdue for verification", "逾期未核实人数"),
)
CHECKS = (
    Check(
        "KINDS", "The kinds add up to the reports.", "各类变更之和等于上报数", ("new", "ended", "changed"), "reports"
    ),
    Check(
        "STATES",
        "The states add up to the reports.",
        "各状态之和等于上报数",
        ("applied", "waiting", "refused"),
        "reports",
    ),
)


def reported(frame: Frame) -> Select[Any]:
    """The reports of the month, each once."""
    report: Any = aliased(ChangeReport)
    place = func.coalesce(report.division_id, home(report.person_id, frame.view))
    refused = report.status.in_((ReportStatus.REJECTED, ReportStatus.DUPLICATE))
    columns: list[Any] = [
        line_of(place, frame).label("line"),
        literal(1).label("reports"),
        flag(report.kind.in_(NEW)).label("new"),
        flag(report.kind.in_(ENDED)).label("ended"),
        flag(report.kind.not_in((*NEW, *ENDED))).label("changed"),
        flag(report.status == ReportStatus.APPLIED).label("applied"),
        flag(report.status.in_((ReportStatus.REPORTED, ReportStatus.VERIFIED))).label("waiting"),
        flag(refused).label("refused"),
    ]
    found: Select[Any] = select(*columns).where(report.reported_on >= frame.start, report.reported_on < frame.end)
    return found.where(within(place, frame.division))


def known(frame: Frame) -> Select[Any]:
    """The people of the territory, each once, and whether somebody confirmed their record."""
    person: Any = aliased(Person)
    view = frame.view.over_all()
    old = not_(fresh(person, days("PERSON_NOT_VERIFIED"), view))
    columns = [
        literal(1).label("people"),
        flag(verified_since(person, literal(frame.start), view)).label("verified"),
        flag(old).label("overdue"),
    ]
    rows = at_home(frame, frame.view, *columns, person=person).subquery()
    return select(rows.c.line, rows.c.people, rows.c.verified, rows.c.overdue)


DYNAMIC_MONTHLY = Return(
    "DYNAMIC_MONTHLY",
    "Monthly return of the dynamic update",
    "老年人信息动态更新月报",
    Period.MONTH,
    "village to city",
    "村(社区)逐级上报市级",
    "Text of Zhangjiajie: dynamic update by villages, communities and big-data matching",
    (
        Table(
            "DYNAMIC",
            "Changes and verification",
            "变更与核实情况",
            COLUMNS,
            lambda frame: lines(frame, reported(frame), known(frame), names=names_of(COLUMNS)),
            CHECKS,
        ),
    ),
)
