"""Platforms of service information at the levels city, county, town and village, with their dated state."""

from datetime import date

from sqlalchemy import Boolean, Date, Index, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.division import Level
from eldercare.registry.entity import Alone, Entity, Validity, column, only_where, ordered, reference, term
from eldercare.security.privacy import Reach


class PlatformStatus(Term):
    """The states of a platform."""

    BUILDING = "建设中", "being built"
    ACTIVE = "运行中", "working"
    SUSPENDED = "暂停", "suspended"
    CLOSED = "已关闭", "closed"


class Platform(Entity):
    """A platform that takes calls and hands out services for a division."""

    __tablename__ = "platform"
    __zh__ = "养老服务信息平台"
    __validity__ = Validity("established_on", "closed_on")
    __reach__ = Reach(division="division_id", everybody=True)

    name: Mapped[str] = column(String(120), en="Name.", zh="名称")
    level: Mapped[Level] = column(term(Level), en="The level it works at.", zh="平台层级")
    division_id: Mapped[int] = reference("division", en="The division it serves.", zh="服务区划", index=False)
    operator_id: Mapped[int | None] = reference("organisation", en="Who runs it.", zh="运营单位")
    hotline: Mapped[str | None] = column(String(20), en="The number that is dialled, as text.", zh="服务热线")
    pilot: Mapped[bool] = column(Boolean, en="Whether it is a pilot.", zh="是否试点", default=False)
    established_on: Mapped[date] = column(Date, en="First day it is known.", zh="建立日期", planned=True)
    closed_on: Mapped[date | None] = column(Date, en="First day it is closed.", zh="关闭日期")

    __table_args__ = (
        ordered("established_on", "closed_on"),
        Index("ix_platform_division", "division_id", "level", "established_on"),
    )


class PlatformPhase(Entity):
    """In which state a platform was, from when to when."""

    __tablename__ = "platform_phase"
    __zh__ = "平台状态"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("platform_id",), gapless=True)
    __reach__ = Reach(via="platform_id", everybody=True)

    platform_id: Mapped[int] = reference("platform", en="The platform.", zh="平台", index=False)
    status: Mapped[PlatformStatus] = column(term(PlatformStatus), en="The state.", zh="状态")
    valid_from: Mapped[date] = column(Date, en="First day in this state.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer in it.", zh="终止日期")
    reason: Mapped[str | None] = column(String(300), en="Why the state changed.", zh="原因")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_platform_phase_platform", "platform_id", "valid_from"),
        Index("uq_platform_phase_open", "platform_id", unique=True, **only_where("valid_to IS NULL")),
    )
