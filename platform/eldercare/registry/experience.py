"""Calls for typical experiences, and the cases that provinces hand in: approved by two authorities, reviewed, selected."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, Index, Integer, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Entity, column, not_negative, reference, term
from eldercare.registry.pilot import section
from eldercare.security.privacy import Reach


class ExperienceKind(Term):
    """Kinds of experiences."""

    WORK_EXPERIENCE = "工作经验", "work experience of a province or a region"
    TYPICAL_CASE = "典型案例", "typical case of one pilot region"


class CaseStatus(Term):
    """Where a case stands."""

    DRAFT = "草稿", "draft"
    SUBMITTED = "已报送", "submitted"
    SELECTED = "已入选", "selected"
    NOT_SELECTED = "未入选", "not selected"
    PROMOTED = "已推广", "promoted"


class ApprovingSide(Term):
    """The authorities whose stamps a case needs."""

    CIVIL_AFFAIRS = "民政部门", "civil affairs"
    FINANCE = "财政部门", "finance"


class ExperienceCall(Entity):
    """A call for experiences of a pilot: how many a province hands in, how long they are, and until when."""

    __tablename__ = "experience_call"
    __zh__ = "经验征集"
    __reach__ = Reach(everybody=True)

    pilot_id: Mapped[int] = reference("pilot", en="The pilot.", zh="试点")
    document_id: Mapped[int | None] = reference("policy_document", en="The notice that calls.", zh="征集通知")
    deadline: Mapped[datetime] = column(
        DateTime(timezone=True), en="The first instant that is too late.", zh="截止时间", planned=True
    )
    least: Mapped[int] = column(Integer, en="The fewest experiences of a province.", zh="每省最少篇数")
    most: Mapped[int] = column(Integer, en="The most experiences of a province.", zh="每省最多篇数")
    longest: Mapped[int] = column(Integer, en="The most characters of an experience.", zh="字数上限")
    selects: Mapped[int | None] = column(Integer, en="About how many are selected.", zh="拟遴选篇数")
    title: Mapped[str] = column(
        String(120), en="How an experience is called; {province} stands for the province.", zh="标题格式"
    )

    __table_args__ = (
        CheckConstraint("0 <= least AND least <= most", name="least_to_most"),
        CheckConstraint("longest > 0", name="longest"),
        *not_negative("selects"),
    )


CASE_SECTIONS = ("basic_information", "main_methods", "results", "enlightenment")
"""The four sections of a work experience."""


class ExperienceCase(Entity):
    """An experience that a province recommends, with its four sections; `characters` counts them by the stated rule."""

    __tablename__ = "experience_case"
    __zh__ = "典型经验"
    __reach__ = Reach(division="division_id")

    call_id: Mapped[int] = reference("experience_call", en="The call it answers.", zh="经验征集", index=False)
    division_id: Mapped[int] = reference("division", en="The province that recommends it.", zh="推荐省份", index=False)
    kind: Mapped[ExperienceKind] = column(term(ExperienceKind), en="What kind it is.", zh="经验类型")
    region_id: Mapped[int | None] = reference("pilot_region", en="The pilot region it is from.", zh="试点地区")
    headline: Mapped[str] = column(String(200), en="What it is about.", zh="题目")
    author_id: Mapped[int | None] = reference("organisation", en="The unit that wrote it.", zh="撰写单位")
    first_in_province: Mapped[bool] = column(
        Boolean, en="Whether it claims to be the first of its kind in the province.", zh="是否全省首创", default=False
    )
    basic_information: Mapped[str | None] = section("Basic information.", "基本情况")
    main_methods: Mapped[str | None] = section("Main methods.", "主要做法")
    results: Mapped[str | None] = section("Results of the work.", "工作成效")
    enlightenment: Mapped[str | None] = section("What can be learnt from it.", "经验启示")
    characters: Mapped[int] = column(Integer, en="How many characters it has.", zh="字数", default=0, derived=True)
    status: Mapped[CaseStatus] = column(
        term(CaseStatus), en="Where it stands.", zh="状态", default=CaseStatus.DRAFT, commanded=True
    )
    submitted_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), en="When it was handed in.", zh="报送时间", commanded=True
    )

    __table_args__ = (
        CheckConstraint("kind <> 'TYPICAL_CASE' OR region_id IS NOT NULL", name="region"),
        CheckConstraint("status = 'DRAFT' OR submitted_at IS NOT NULL", name="submitted"),
        Index("ix_experience_case_call", "call_id", "division_id", "status"),
    )


class CaseApproval(Entity):
    """The stamp of one authority on a case."""

    __tablename__ = "case_approval"
    __zh__ = "经验审核盖章"
    __reach__ = Reach(via="case_id")

    case_id: Mapped[int] = reference("experience_case", en="The case.", zh="典型经验", index=False)
    side: Mapped[ApprovingSide] = column(term(ApprovingSide), en="Which authority.", zh="审核部门")
    approved_on: Mapped[date] = column(Date, en="The day of the stamp.", zh="盖章日期")
    approver: Mapped[str] = column(String(120), en="Who approved it.", zh="审核人")

    __table_args__ = (UniqueConstraint("case_id", "side"),)


class CaseReview(Entity):
    """What a reviewing unit thinks of a case; nobody reviews their own."""

    __tablename__ = "case_review"
    __zh__ = "经验评审"
    __reach__ = Reach(via="case_id")

    case_id: Mapped[int] = reference("experience_case", en="The case.", zh="典型经验", index=False)
    reviewer_id: Mapped[int] = reference("organisation", en="The unit that reviews.", zh="评审单位")
    reviewed_on: Mapped[date] = column(Date, en="The day of the review.", zh="评审日期")
    facts: Mapped[Decimal] = column(Numeric(5, 2), en="Complete facts, accurate data, clear words.", zh="事实数据")
    demonstrative: Mapped[Decimal] = column(Numeric(5, 2), en="Shows the way.", zh="示范性")
    replicable: Mapped[Decimal] = column(Numeric(5, 2), en="Can be repeated elsewhere.", zh="可复制性")
    innovative: Mapped[Decimal] = column(Numeric(5, 2), en="New.", zh="创新性")
    remarks: Mapped[str | None] = column(String(500), en="Remarks.", zh="评审意见")

    __table_args__ = (
        UniqueConstraint("case_id", "reviewer_id"),
        *(
            CheckConstraint(f"{name} >= 0 AND {name} <= 100", name=name)
            for name in ("facts", "demonstrative", "replicable", "innovative")
        ),
    )


class CasePromotion(Entity):
    """That a selected case was made known."""

    __tablename__ = "case_promotion"
    __zh__ = "经验推广"
    __reach__ = Reach(via="case_id")

    case_id: Mapped[int] = reference("experience_case", en="The case.", zh="典型经验")
    promoted_on: Mapped[date] = column(Date, en="The day.", zh="推广日期")
    way: Mapped[str] = column(String(200), en="How it was made known.", zh="推广方式")
