"""Pilots of reform: their batches, the regions in them as far as they are known, and the summaries of the work."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, DateTime, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Entity, column, not_negative, only_where, reference, term
from eldercare.security.privacy import Reach


class PilotTheme(Term):
    """What a pilot tries out."""

    HOME_COMMUNITY = "居家和社区养老服务改革", "home and community care"
    RURAL = "农村养老服务", "rural elderly care"
    ASSISTIVE_DEVICES = "康复辅助器具产业", "industry of assistive devices"
    OTHER = "其他", "other"


class SummaryStatus(Term):
    """Where a summary stands."""

    DRAFT = "草稿", "draft"
    SUBMITTED = "已报送", "submitted"


class Pilot(Entity):
    """A pilot of reform that regions take part in by batches."""

    __tablename__ = "pilot"
    __zh__ = "试点"
    __reach__ = Reach(everybody=True)

    code: Mapped[str] = column(String(60), en="Its own code.", zh="试点代码")
    theme: Mapped[PilotTheme] = column(term(PilotTheme), en="What it tries out.", zh="试点主题")
    name: Mapped[str] = column(String(200), en="Name.", zh="试点名称")
    document_id: Mapped[int | None] = reference("policy_document", en="The document it rests on.", zh="依据文件")
    began_on: Mapped[date | None] = column(Date, en="The day it began.", zh="启动日期")

    __table_args__ = (UniqueConstraint("code"),)


class PilotBatch(Entity):
    """A batch of regions that joined a pilot together."""

    __tablename__ = "pilot_batch"
    __zh__ = "试点批次"
    __reach__ = Reach(everybody=True)

    pilot_id: Mapped[int] = reference("pilot", en="The pilot.", zh="试点", index=False)
    number: Mapped[int] = column(Integer, en="Number of the batch.", zh="批次")
    named_on: Mapped[date | None] = column(Date, en="The day its regions were named.", zh="公布日期")
    regions_claimed: Mapped[int | None] = column(
        Integer, en="How many regions it has by what was published; more than are known by name.", zh="公布地区数"
    )

    __table_args__ = (
        UniqueConstraint("pilot_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        *not_negative("regions_claimed"),
    )


class PilotRegion(Entity):
    """A region that takes part in a pilot; of one that is not known by division only the name is kept."""

    __tablename__ = "pilot_region"
    __zh__ = "试点地区"
    __reach__ = Reach(everybody=True)

    batch_id: Mapped[int] = reference("pilot_batch", en="The batch it joined in.", zh="试点批次", index=False)
    name: Mapped[str] = column(String(80), en="Name of the region.", zh="地区名称")
    division_id: Mapped[int | None] = reference(
        "division", en="Its division, where it is known.", zh="区划", index=False
    )

    __table_args__ = (
        UniqueConstraint("batch_id", "name"),
        Index("ix_pilot_region_division", "division_id"),
    )


SECTIONS = ("practices", "achievements", "difficulties", "next_steps")
"""The four sections of a summary; without one of them it cannot be handed in."""


def section(en: str, zh: str) -> Any:
    """A column for one section of a text."""
    return column(Text, en=en, zh=zh)


class PilotSummary(Entity):
    """What a province says of the work of its pilots, in four sections."""

    __tablename__ = "pilot_summary"
    __zh__ = "试点工作总结"
    __reach__ = Reach(division="division_id")

    pilot_id: Mapped[int] = reference("pilot", en="The pilot.", zh="试点", index=False)
    division_id: Mapped[int] = reference("division", en="The province that reports.", zh="报送省份")
    year: Mapped[int] = column(Integer, en="The year it looks back on.", zh="年度")
    practices: Mapped[str | None] = section("Main practices.", "主要做法")
    achievements: Mapped[str | None] = section("What was achieved.", "取得成效")
    difficulties: Mapped[str | None] = section("Difficulties.", "困难问题")
    next_steps: Mapped[str | None] = section("What comes next.", "下一步思路")
    status: Mapped[SummaryStatus] = column(
        term(SummaryStatus), en="Where it stands.", zh="状态", default=SummaryStatus.DRAFT, commanded=True
    )
    submitted_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), en="When it was handed in.", zh="报送时间", commanded=True
    )

    __table_args__ = (
        UniqueConstraint("pilot_id", "division_id", "year"),
        CheckConstraint("status <> 'SUBMITTED' OR submitted_at IS NOT NULL", name="submitted"),
        Index("ix_pilot_summary_submitted", "pilot_id", "division_id", **only_where("submitted_at IS NOT NULL")),
    )
