"""Applications for care: what a person asks for, the facilities preferred, and the states it went through."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, Index, Integer, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.capacity import BedType
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
from eldercare.security.privacy import Privacy, Reach


class Setting(Term):
    """Where a person asks to be cared for."""

    INSTITUTION = "机构", "institution"
    DAY_CARE = "日间照料", "day care"
    HOME = "居家", "home"


class Channel(Term):
    """The way an application came in."""

    VILLAGE = "村(社区)代办", "through the village or community"
    TOWN_WINDOW = "乡镇(街道)窗口", "town service window"
    FACILITY = "机构", "at the facility"
    ONLINE = "网上", "online"
    HOTLINE = "热线", "hotline"


class ApplicationStatus(Term):
    """The states of an application."""

    DRAFT = "草稿", "draft"
    SUBMITTED = "已提交", "submitted"
    ASSESSING = "评估中", "being assessed"
    QUEUED = "轮候", "waiting"
    OFFERED = "已分配", "offered a place"
    ACCEPTED = "已接受", "offer accepted"
    ADMITTED = "已入住", "admitted"
    WITHDRAWN = "已撤回", "withdrawn"
    REJECTED = "不予受理", "rejected"
    EXPIRED = "已过期", "expired"


class Application(Entity):
    """A person's request for a place, from the day it was made to the day it was settled."""

    __tablename__ = "application"
    __zh__ = "入住申请"
    __validity__ = Validity("applied_on", "settled_on")
    __reach__ = Reach(person="person_id")

    person_id: Mapped[int] = reference("person", en="The person.", zh="老年人", index=False)
    setting: Mapped[Setting] = column(
        term(Setting),
        en="Where care is asked for.",
        zh="申请服务场所",
        default=Setting.INSTITUTION,
        privacy=Privacy.PERSONAL,
    )
    bed_type: Mapped[BedType | None] = column(
        term(BedType), en="Type of bed needed.", zh="所需床位类型", privacy=Privacy.PERSONAL
    )
    division_id: Mapped[int | None] = reference("division", en="The division that handles it.", zh="受理区划")
    applied_on: Mapped[date] = column(Date, en="The day it was made.", zh="申请日期", privacy=Privacy.PERSONAL)
    settled_on: Mapped[date | None] = column(
        Date, en="First day it is no longer open.", zh="办结日期", privacy=Privacy.PERSONAL
    )
    channel: Mapped[Channel | None] = column(
        term(Channel), en="How it came in.", zh="申请渠道", privacy=Privacy.PERSONAL
    )
    priority_class: Mapped[int | None] = column(
        Integer, en="Class of admission, 1 comes first.", zh="轮候类别", privacy=Privacy.PERSONAL
    )
    priority_score: Mapped[Decimal | None] = column(
        Numeric(9, 3), en="Order within the class.", zh="轮候评分", privacy=Privacy.PERSONAL
    )
    declined_offers: Mapped[int] = column(
        Integer, en="How many offers were declined.", zh="拒绝分配次数", default=0, privacy=Privacy.PERSONAL
    )

    __table_args__ = (
        CheckConstraint("settled_on IS NULL OR applied_on <= settled_on", name="applied_before_settled"),
        *not_negative("priority_class", "declined_offers"),
        Index("ix_application_person", "person_id", "applied_on"),
        Index("ix_application_waiting", "bed_type", "priority_class", "applied_on"),
        Index("uq_application_open", "person_id", "setting", unique=True, **only_where("settled_on IS NULL")),
    )


class ApplicationPhase(Entity):
    """In which state an application was, from when to when, and why it got there."""

    __tablename__ = "application_phase"
    __zh__ = "申请状态"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("application_id",), gapless=True)
    __reach__ = Reach(via="application_id")

    application_id: Mapped[int] = reference("application", en="The application.", zh="入住申请", index=False)
    status: Mapped[ApplicationStatus] = column(
        term(ApplicationStatus), en="The state.", zh="状态", privacy=Privacy.PERSONAL
    )
    facility_id: Mapped[int | None] = reference("facility", en="The facility offered or entered.", zh="分配机构")
    valid_from: Mapped[date] = column(Date, en="First day in this state.", zh="起始日期", privacy=Privacy.PERSONAL)
    valid_to: Mapped[date | None] = column(
        Date, en="First day no longer in it.", zh="终止日期", privacy=Privacy.PERSONAL
    )
    reason: Mapped[str | None] = column(String(300), en="Why.", zh="原因", privacy=Privacy.NOTE)

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_application_phase_application", "application_id", "valid_from"),
        Index("uq_application_phase_open", "application_id", unique=True, **only_where("valid_to IS NULL")),
    )


class ApplicationPreference(Entity):
    """A facility an applicant would like, in order of preference."""

    __tablename__ = "application_preference"
    __zh__ = "意向机构"
    __reach__ = Reach(via="application_id")

    application_id: Mapped[int] = reference("application", en="The application.", zh="入住申请", index=False)
    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构")
    rank: Mapped[int] = column(Integer, en="1 is liked best.", zh="意向次序", privacy=Privacy.PERSONAL)

    __table_args__ = (
        UniqueConstraint("application_id", "rank"),
        UniqueConstraint("application_id", "facility_id"),
        CheckConstraint("rank >= 1", name="rank"),
    )
