"""Editions of returns: what was printed, frozen, so that it can be printed again with the same numbers."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, DateTime, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Entity, column, reference, term
from eldercare.security.privacy import Reach


class EditionStatus(Term):
    """Where an edition of a return stands."""

    DRAFT = "待报送", "drawn up, not handed in"
    SUBMITTED = "已报送", "handed in"
    REPLACED = "已更正", "replaced by a corrected edition"


class ReturnEdition(Entity):
    """A return of a division for a period as it was drawn up: its rows as printed, the day and the state of the registry they show."""

    __tablename__ = "return_edition"
    __zh__ = "报表版次"
    __reach__ = Reach(division="division_id")
    __commanded__ = True

    code: Mapped[str] = column(String(60), en="Which return.", zh="报表代码")
    division_id: Mapped[int] = reference("division", en="Whose return it is.", zh="填报区划")
    period_from: Mapped[date] = column(Date, en="First day of the period.", zh="期间起")
    period_to: Mapped[date] = column(Date, en="First day after the period.", zh="期间止", planned=True)
    as_of: Mapped[date] = column(Date, en="The business day whose state it shows.", zh="数据截止日期")
    edition: Mapped[int] = column(Integer, en="Counts the editions of one return.", zh="版次", default=1)
    status: Mapped[EditionStatus] = column(
        term(EditionStatus), en="Where it stands.", zh="状态", default=EditionStatus.DRAFT
    )
    position: Mapped[str] = column(
        String(60), en="The last change of the registry that it knows of.", zh="变更日志位置", default=""
    )
    parameters: Mapped[Any | None] = column(JSON(none_as_null=True), en="What else it was drawn up with.", zh="参数")
    compiler: Mapped[str] = column(String(120), en="Who drew it up.", zh="填表人")
    compiled_at: Mapped[datetime] = column(
        DateTime(timezone=True), en="When it was drawn up.", zh="填表时间", planned=True
    )
    content: Mapped[str] = column(Text, en="Its tables as printed, as JSON text.", zh="报表内容")
    content_hash: Mapped[str] = column(String(64), en="SHA-256 of the content.", zh="内容摘要")
    failed_checks: Mapped[int] = column(Integer, en="How many of its checks fail.", zh="未通过校验数", default=0)
    submitted_on: Mapped[date | None] = column(Date, en="When it was handed in.", zh="报送日期")
    submitted_by: Mapped[str | None] = column(String(120), en="Who handed it in.", zh="报送人")
    corrects_id: Mapped[int | None] = reference("return_edition", en="The edition it puts right.", zh="被更正版次")
    reason: Mapped[str | None] = column(
        String(300), en="Why it was put right, or handed in although a check fails.", zh="更正原因"
    )

    __table_args__ = (
        CheckConstraint("period_from < period_to", name="period"),
        CheckConstraint("corrects_id IS NULL OR reason IS NOT NULL", name="correction_has_a_reason"),
        UniqueConstraint("code", "division_id", "period_from", "period_to", "edition"),
        Index("ix_return_edition_code", "code", "period_from"),
    )
