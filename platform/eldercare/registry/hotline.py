"""The hotline: terminals in people's homes, calls with their waiting times, and what was asked for."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, Index, Integer, LargeBinary, String
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
from eldercare.registry.service import ServiceItem, ServiceKind
from eldercare.security.privacy import Privacy, Reach


class RequestChannel(Term):
    """The way in which somebody asked for a service."""

    ONE_BUTTON_12349 = "一键通(12349)", "one button of a terminal, through 12349"
    PHONE_12349 = "电话(12349)", "by telephone, through 12349"
    APP = "手机应用", "by an app"
    VILLAGE = "村(社区)代办", "through the village or community"
    FACILITY = "机构", "at a facility"
    ONLINE = "网上", "online"
    VISITOR = "上门走访", "told to a visitor"
    PLAN = "服务计划", "by a standing plan of services"


class DeviceKind(Term):
    """Kinds of terminals."""

    ONE_BUTTON_PHONE = "一键通话机", "telephone with one button"
    PENDANT = "随身呼叫器", "pendant"
    WATCH = "智能手表", "watch"
    BED_SENSOR = "床垫传感器", "sensor in the bed"
    OTHER = "其他", "other"


class Device(Entity):
    """A terminal in a person's home, from when to when."""

    __tablename__ = "device"
    __zh__ = "呼叫终端"
    __validity__ = Validity("installed_on", "removed_on")
    __alone__ = Alone(("serial",))
    __reach__ = Reach(person="person_id")

    person_id: Mapped[int] = reference("person", en="Whose it is.", zh="老年人", index=False, privacy=Privacy.PERSONAL)
    kind: Mapped[DeviceKind] = column(
        term(DeviceKind),
        en="What kind of terminal.",
        zh="终端类型",
        default=DeviceKind.ONE_BUTTON_PHONE,
        privacy=Privacy.PERSONAL,
    )
    serial: Mapped[str] = column(String(60), en="Its serial number.", zh="终端编号", privacy=Privacy.CONTACT)
    hotline: Mapped[str | None] = column(
        String(20), en="The number it dials, as text.", zh="呼叫号码", privacy=Privacy.OPEN
    )
    platform_id: Mapped[int | None] = reference(
        "platform", en="The platform that answers it.", zh="接入平台", privacy=Privacy.OPEN
    )
    installed_on: Mapped[date] = column(Date, en="First day there.", zh="安装日期", privacy=Privacy.PERSONAL)
    removed_on: Mapped[date | None] = column(
        Date, en="First day no longer there.", zh="拆除日期", privacy=Privacy.PERSONAL
    )

    __table_args__ = (
        ordered("installed_on", "removed_on"),
        Index("ix_device_person", "person_id", "installed_on"),
        Index("uq_device_open", "serial", unique=True, **only_where("removed_on IS NULL")),
    )


class HotlineCall(Entity):
    """A call to the hotline: when it came, and when it was answered; what was said is not recorded."""

    __tablename__ = "hotline_call"
    __zh__ = "热线来电"
    __validity__ = Validity("called_on")
    __reach__ = Reach(person="person_id", division="division_id")

    called_at: Mapped[datetime] = column(
        DateTime(timezone=True), en="When it came.", zh="来电时间", privacy=Privacy.PERSONAL
    )
    called_on: Mapped[date] = column(Date, en="The day it came.", zh="来电日期", derived=True, privacy=Privacy.PERSONAL)
    channel: Mapped[RequestChannel] = column(
        term(RequestChannel),
        en="By the button or by telephone.",
        zh="来电渠道",
        default=RequestChannel.PHONE_12349,
        privacy=Privacy.PERSONAL,
    )
    hotline: Mapped[str] = column(
        String(20), en="The number that was dialled, as text.", zh="呼叫号码", default="12349", privacy=Privacy.OPEN
    )
    emergency: Mapped[bool] = column(
        Boolean, en="Whether it was an emergency.", zh="是否紧急", default=False, privacy=Privacy.PERSONAL
    )
    platform_id: Mapped[int | None] = reference(
        "platform", en="The platform it reached.", zh="受理平台", privacy=Privacy.OPEN
    )
    division_id: Mapped[int | None] = reference(
        "division", en="Where it came from, if known.", zh="来电区划", index=False, privacy=Privacy.PERSONAL
    )
    person_id: Mapped[int | None] = reference(
        "person", en="The person who called or for whom, if known.", zh="老年人", privacy=Privacy.PERSONAL
    )
    device_id: Mapped[int | None] = reference(
        "device", en="The terminal, if one was used.", zh="呼叫终端", privacy=Privacy.PERSONAL
    )
    answered_at: Mapped[datetime | None] = column(
        DateTime(timezone=True),
        en="When it was answered; empty when nobody did.",
        zh="接听时间",
        privacy=Privacy.PERSONAL,
    )
    seconds_to_answer: Mapped[int | None] = column(
        Integer, en="Seconds until it was answered.", zh="接听等待秒数", derived=True, privacy=Privacy.PERSONAL
    )
    ended_at: Mapped[datetime | None] = column(
        DateTime(timezone=True), en="When it ended.", zh="挂断时间", privacy=Privacy.PERSONAL
    )

    __table_args__ = (
        CheckConstraint("answered_at IS NULL OR called_at <= answered_at", name="called_before_answered"),
        CheckConstraint("ended_at IS NULL OR called_at <= ended_at", name="called_before_ended"),
        CheckConstraint("ended_at IS NULL OR answered_at IS NULL OR answered_at <= ended_at", name="answer_in_call"),
        CheckConstraint("(answered_at IS NULL) = (seconds_to_answer IS NULL)", name="seconds_of_an_answer"),
        *not_negative("seconds_to_answer"),
        Index("ix_hotline_call_division", "division_id", "called_on"),
    )


class CallerRelation(Term):
    """Who asked, seen from the person it is for."""

    SELF = "本人", "the person"
    FAMILY = "家属", "family"
    NEIGHBOUR = "邻里", "a neighbour"
    WORKER = "工作人员", "a worker of the village, community or a facility"
    OTHER = "其他", "somebody else"


class RequestOutcome(Term):
    """What became of a request."""

    ORDERED = "已派单", "an order was made"
    ANSWERED = "当场答复", "answered at once"
    REFERRED = "转办", "passed on to another body"
    REFUSED = "不予受理", "refused"
    WITHDRAWN = "撤回", "no longer wanted"


class ServiceRequest(Entity):
    """That somebody asked for a service: who, for whom, by which way, where and when."""

    __tablename__ = "service_request"
    __zh__ = "服务请求"
    __validity__ = Validity("requested_on")
    __reach__ = Reach(person="person_id", division="division_id")

    channel: Mapped[RequestChannel] = column(
        term(RequestChannel), en="The way it came in.", zh="请求渠道", privacy=Privacy.PERSONAL
    )
    hotline: Mapped[str | None] = column(
        String(20), en="The number that was dialled, as text.", zh="呼叫号码", privacy=Privacy.OPEN
    )
    person_id: Mapped[int | None] = reference(
        "person", en="For whom it is, if known.", zh="老年人", privacy=Privacy.PERSONAL
    )
    caller: Mapped[CallerRelation] = column(
        term(CallerRelation), en="Who asked.", zh="请求人", default=CallerRelation.SELF, privacy=Privacy.PERSONAL
    )
    caller_phone: Mapped[bytes | None] = column(
        LargeBinary,
        en="The telephone it came from, encrypted.",
        zh="来电号码",
        secret=True,
        privacy=Privacy.CONTACT,
    )
    division_id: Mapped[int] = reference(
        "division", en="Where the service is wanted.", zh="服务区划", index=False, privacy=Privacy.PERSONAL
    )
    requested_at: Mapped[datetime] = column(
        DateTime(timezone=True), en="When it was asked for.", zh="请求时间", privacy=Privacy.PERSONAL
    )
    requested_on: Mapped[date] = column(
        Date, en="The day it was asked for.", zh="请求日期", derived=True, privacy=Privacy.PERSONAL
    )
    kind: Mapped[ServiceKind] = column(
        term(ServiceKind), en="The kind of service.", zh="服务大类", completed=True, privacy=Privacy.PERSONAL
    )
    item: Mapped[ServiceItem | None] = column(
        term(ServiceItem), en="What exactly.", zh="服务项目", privacy=Privacy.PERSONAL
    )
    device_id: Mapped[int | None] = reference(
        "device", en="The terminal, if one was used.", zh="呼叫终端", privacy=Privacy.PERSONAL
    )
    call_id: Mapped[int | None] = reference(
        "hotline_call", en="The call it came in by.", zh="来电", privacy=Privacy.PERSONAL
    )
    outcome: Mapped[RequestOutcome | None] = column(
        term(RequestOutcome), en="What became of it.", zh="处理结果", privacy=Privacy.PERSONAL
    )
    note: Mapped[str | None] = column(String(500), en="What else was said.", zh="说明", privacy=Privacy.NOTE)

    __table_args__ = (
        Index("ix_service_request_division", "division_id", "requested_on"),
        CheckConstraint(
            "outcome IS NULL OR outcome <> 'ORDERED' OR person_id IS NOT NULL", name="ordered_for_somebody"
        ),
    )
