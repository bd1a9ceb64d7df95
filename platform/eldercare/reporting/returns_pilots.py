"""Returns on pilots: the summary of a province's work, and the typical experiences it recommends."""

from typing import Any

from sqlalchemy import BigInteger, Select, String, case, cast, func, literal, select
from sqlalchemy.orm import aliased

from eldercare.registry.division import within
from eldercare.registry.experience import ApprovingSide, CaseApproval, CaseStatus, ExperienceCase, ExperienceKind
from eldercare.registry.pilot import Pilot, PilotRegion, PilotSummary, SummaryStatus
from eldercare.reporting.form import CellKind, Check, Column, Frame, Period, Return, Table
from eldercare.reporting.lines import flag, in_words

TEXT = CellKind.TEXT
SUMMARY = (
    Column("pilot", "Pilot", "试点", TEXT),
    Column("status", "State", "状态", TEXT),
    Column("practices", "Main practices", "主要做法", TEXT),
    Column("achievements", "Achievements", "取得成效", TEXT),
    Column("difficulties", "Difficulties", "困难问题", TEXT),
    Column("next_steps", "Next steps", "下一步思路", TEXT),
)
CASES = (
    Column("headline", "Headline", "题目", TEXT),
    Column("kind", "Kind", "经验类型", TEXT),
    Column("region", "Pilot region", "试点地区", TEXT),
    Column("characters", "Characters", "字数", summed=False),
    Column("status", "State", "状态", TEXT),
    Column("cases", "Experiences", "篇数"),
    Column("work_experience", "Of these work experiences", "其中工作经验"),
    Column("typical_case", "Of these typical cases", "其中典型案例"),
    Column("civil_affairs", "Stamped by civil affairs", "民政部门盖章"),
    Column("finance", "Stamped by finance", "财政部门盖章"),
)
STAMPS = (
    Check("KINDS", "The two kinds add up.", "两类经验之和等于篇数", ("work_experience", "typical_case"), "cases"),
    Check(
        "CIVIL_AFFAIRS",
        "Every experience has the stamp of civil affairs.",
        "均有民政部门盖章",
        ("civil_affairs",),
        "cases",
    ),
    Check("FINANCE", "Every experience has the stamp of finance.", "均有财政部门盖章", ("finance",), "cases"),
)


def summaries(frame: Frame) -> Select[Any]:
    """The summaries of the year from the territory."""
    one: Any = aliased(PilotSummary)
    pilot: Any = aliased(Pilot)
    columns: list[Any] = [
        literal("PilotSummary_", String).concat(cast(one.id, String)).label("row_key"),
        pilot.name.label("pilot"),
        in_words(one.status, SummaryStatus).label("status"),
        one.practices,
        one.achievements,
        one.difficulties,
        one.next_steps,
    ]
    found: Select[Any] = select(*columns).join(pilot, pilot.id == one.pilot_id)
    found = found.where(one.year == frame.start.year, within(one.division_id, frame.division))
    return found.order_by(pilot.code, one.id)


def cases(frame: Frame) -> Select[Any]:
    """The experiences that the territory recommends, with the stamps of both authorities."""
    one: Any = aliased(ExperienceCase)
    region: Any = aliased(PilotRegion)
    stamp: Any = aliased(CaseApproval)

    def stamped(side: ApprovingSide) -> Any:
        found = select(func.count(stamp.id)).where(stamp.case_id == one.id, stamp.side == side)
        there = found.where(stamp.approved_on < frame.end).correlate(one).scalar_subquery()
        return cast(case((there > 0, 1), else_=0), BigInteger)

    columns: list[Any] = [
        literal("ExperienceCase_", String).concat(cast(one.id, String)).label("row_key"),
        one.headline,
        in_words(one.kind, ExperienceKind).label("kind"),
        region.name.label("region"),
        one.characters,
        in_words(one.status, CaseStatus).label("status"),
        literal(1).label("cases"),
        *(flag(one.kind == each).label(each.value.lower()) for each in ExperienceKind),
        *(stamped(each).label(each.value.lower()) for each in ApprovingSide),
    ]
    found: Select[Any] = select(*columns).outerjoin(region, region.id == one.region_id)
    return found.where(within(one.division_id, frame.division)).order_by(one.headline, one.id)


PILOT_SUMMARY = Return(
    "PILOT_SUMMARY",
    "Summary of pilot work",
    "试点工作总结",
    Period.YEAR,
    "province",
    "省级",
    "Notice 民办发〔2020〕39号: practices, achievements, difficulties, next steps",
    (Table("SUMMARY", "Summaries", "工作总结", SUMMARY, summaries, total=False),),
)
TYPICAL_EXPERIENCES = Return(
    "TYPICAL_EXPERIENCES",
    "Typical experiences",
    "典型经验推荐表",
    Period.DAY,
    "province",
    "省级",
    "Notice 民办发〔2020〕39号: three to five experiences of two kinds, with the stamps of both offices",
    (Table("CASES", "Experiences", "典型经验", CASES, cases, STAMPS),),
)
