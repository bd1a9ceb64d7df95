"""Hazards with their level and due day, the attempts to put them right, the reviews of these, and fire safety."""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, Index, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import (
    Alone,
    Entity,
    Validity,
    column,
    not_negative,
    only_where,
    ordered,
    reference,
    term,
)
from eldercare.registry.facility import ConditionStatus
from eldercare.registry.money import money
from eldercare.security.privacy import Reach


class HazardLevel(Term):
    """How urgent a hazard is; in how many hours it is due stands in the rules."""

    RED = "红色", "red"
    ORANGE = "橙色", "orange"
    YELLOW = "黄色", "yellow"
    BLUE = "蓝色", "blue"


class HazardCategory(Term):
    """What a hazard is about."""

    FIRE = "消防安全", "fire"
    BUILDING = "建筑安全", "building"
    FOOD = "食品安全", "food"
    MEDICAL = "医疗卫生", "medical care and hygiene"
    SERVICE = "服务安全", "care and service"
    EQUIPMENT = "设施设备", "equipment"
    FUNDS = "资金安全", "funds"
    OTHER = "其他", "other"


class HazardOrigin(Term):
    """Who noticed a hazard."""

    INSPECTION = "监督检查", "an inspection"
    SELF_CHECK = "机构自查", "the facility itself"
    COMPLAINT = "投诉举报", "a complaint"
    BIG_DATA = "大数据排查", "matching of registers"


class MajorHeading(Term):
    """Under which of the five headings a hazard is a major one."""

    KEY_FACILITIES = "重要设施设备存在严重缺陷", "serious defects of key facilities and equipment"
    SAFETY_QUALIFICATIONS = "安全生产相关资格资质不达标", "safety qualifications not met"
    DAILY_MANAGEMENT = "日常管理存在严重问题", "serious problems of daily management"
    ILLEGAL_SERVICE = "严重违法违规提供服务", "serious illegal provision of services"
    OTHER = "其他可能导致重大事故的隐患", "others that may lead to a serious accident"


class HazardState(Term):
    """Where a hazard stands at a date; it follows from its rectifications and reviews."""

    PENDING_RECTIFY = "待整改", "to be rectified"
    RECTIFYING = "整改中", "being rectified"
    PENDING_REVIEW = "待复查", "to be reviewed"
    CLOSED = "已销号", "closed"
    ARCHIVED = "已归档", "archived"


class Hazard(Entity):
    """A danger found at a facility, with its level, the day by which it must be gone, and who answers for it.

    A major one names one of the five headings; while it stands open the facility admits nobody.
    """

    __tablename__ = "hazard"
    __zh__ = "安全隐患"
    __validity__ = Validity("found_on")
    __reach__ = Reach(facility="facility_id")

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构", index=False)
    inspection_id: Mapped[int | None] = reference("inspection", en="The inspection that found it.", zh="监督检查")
    origin: Mapped[HazardOrigin] = column(
        term(HazardOrigin), en="Who noticed it.", zh="隐患来源", default=HazardOrigin.INSPECTION
    )
    category: Mapped[HazardCategory] = column(term(HazardCategory), en="What it is about.", zh="隐患类别")
    level: Mapped[HazardLevel] = column(term(HazardLevel), en="How urgent it is.", zh="隐患等级")
    major: Mapped[bool] = column(Boolean, en="Whether it is a major hazard.", zh="是否重大隐患", default=False)
    heading: Mapped[MajorHeading | None] = column(
        term(MajorHeading), en="Under which heading it is a major one.", zh="重大隐患判定类别"
    )
    legal_basis: Mapped[str | None] = column(String(300), en="The rule by which it is one.", zh="判定依据")
    description: Mapped[str | None] = column(String(500), en="What was seen.", zh="隐患描述")
    responsible: Mapped[str | None] = column(String(120), en="Who answers for putting it right.", zh="整改责任人")
    found_on: Mapped[date] = column(Date, en="The day it was found.", zh="发现日期")
    due_on: Mapped[date] = column(
        Date,
        en="The last day for putting it right; from the level unless said.",
        zh="整改期限",
        planned=True,
        completed=True,
    )
    closed_on: Mapped[date | None] = column(Date, en="The day a review found it gone.", zh="销号日期")
    archived_on: Mapped[date | None] = column(Date, en="The day it was archived.", zh="归档日期")

    __table_args__ = (
        CheckConstraint("found_on <= due_on", name="due"),
        CheckConstraint("closed_on IS NULL OR found_on <= closed_on", name="closed"),
        CheckConstraint("archived_on IS NULL OR closed_on <= archived_on", name="archived"),
        CheckConstraint("archived_on IS NULL OR closed_on IS NOT NULL", name="archived_once_closed"),
        CheckConstraint("major = (heading IS NOT NULL)", name="major_has_a_heading"),
        Index("ix_hazard_facility", "facility_id", "found_on"),
        Index("ix_hazard_open", "due_on", **only_where("closed_on IS NULL")),
    )


class Rectification(Entity):
    """An attempt to put a hazard right: begun, and reported as done on a day."""

    __tablename__ = "rectification"
    __zh__ = "隐患整改"
    __validity__ = Validity("started_on")
    __reach__ = Reach(via="hazard_id")

    hazard_id: Mapped[int] = reference("hazard", en="The hazard.", zh="安全隐患", index=False)
    started_on: Mapped[date] = column(Date, en="The day it began.", zh="整改开始日期")
    finished_on: Mapped[date | None] = column(Date, en="The day it was reported as done.", zh="整改完成日期")
    measure: Mapped[str | None] = column(String(500), en="What was done.", zh="整改措施")
    responsible: Mapped[str | None] = column(String(120), en="Who did it.", zh="整改负责人")
    cost: Mapped[int | None] = money(en="What it cost.", zh="整改费用", nullable=True)

    __table_args__ = (
        CheckConstraint("finished_on IS NULL OR started_on <= finished_on", name="finished"),
        *not_negative("cost"),
        Index("ix_rectification_hazard", "hazard_id", "started_on"),
        Index("uq_rectification_open", "hazard_id", unique=True, **only_where("finished_on IS NULL")),
    )


class HazardReview(Entity):
    """The look at a rectification: the hazard is gone, or it is sent back."""

    __tablename__ = "hazard_review"
    __zh__ = "隐患复查"
    __validity__ = Validity("reviewed_on")
    __reach__ = Reach(via="rectification_id")

    rectification_id: Mapped[int] = reference("rectification", en="The rectification.", zh="隐患整改", index=False)
    reviewed_on: Mapped[date] = column(Date, en="The day of the review.", zh="复查日期")
    passed: Mapped[bool] = column(Boolean, en="Whether the hazard is gone.", zh="是否通过")
    reviewer: Mapped[str | None] = column(String(120), en="Who reviewed.", zh="复查人")
    opinion: Mapped[str | None] = column(String(500), en="What the reviewer says.", zh="复查意见")

    __table_args__ = (Index("uq_hazard_review_rectification", "rectification_id", unique=True),)


class FireSafety(Entity):
    """Whether a facility met the fire standard, from when to when; it goes before what the facility's record says."""

    __tablename__ = "fire_safety"
    __zh__ = "消防达标情况"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("facility_id",))
    __reach__ = Reach(facility="facility_id")

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构", index=False)
    status: Mapped[ConditionStatus] = column(term(ConditionStatus), en="Whether it was met.", zh="消防达标")
    reason: Mapped[str | None] = column(String(300), en="Why it was not met.", zh="未达标原因")
    document: Mapped[str | None] = column(String(120), en="Number of the certificate or record.", zh="消防文书编号")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_fire_safety_facility", "facility_id", "valid_from"),
        Index("uq_fire_safety_open", "facility_id", unique=True, **only_where("valid_to IS NULL")),
    )
