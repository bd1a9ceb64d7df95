"""Service orders: what is done for whom by whom, with every stage of its life as a dated fact."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, DateTime, Index, Integer, Numeric, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Entity, Validity, column, not_negative, only_where, reference, term
from eldercare.registry.hotline import RequestChannel
from eldercare.registry.money import money
from eldercare.registry.service import PurchasedKind, ServiceItem, ServiceKind
from eldercare.security.privacy import Privacy, Reach


class Funding(Term):
    """Who pays for a service."""

    ACCOUNT = "服务补贴账户", "the person's subsidy account"
    SELF_PAY = "自费", "the person"
    FREE = "免费", "nobody, it is free"


class OrderStatus(Term):
    """The states of a service order; read from its stages, never stored."""

    CREATED = "已创建", "created"
    DISPATCHED = "已派单", "given to a provider"
    RECEIVED = "已接单", "taken by the provider"
    SERVICE_STARTED = "服务中", "service begun"
    SERVICE_COMPLETED = "服务完成", "service done"
    EVALUATED = "已评价", "rated by the person"
    SETTLED = "已结算", "paid"
    CANCELLED = "已取消", "cancelled"
    REJECTED = "已拒绝", "rejected"
    NO_SHOW = "未履约", "nobody came, or nobody was there"


STAGES = {
    OrderStatus.CREATED: "ordered_at",
    OrderStatus.DISPATCHED: "dispatched_at",
    OrderStatus.RECEIVED: "received_at",
    OrderStatus.SERVICE_STARTED: "started_at",
    OrderStatus.SERVICE_COMPLETED: "completed_at",
    OrderStatus.EVALUATED: "evaluated_at",
    OrderStatus.SETTLED: "settled_at",
}
"""The column that says when each stage of the way to settlement was reached, in their order."""


class OrderEnd(Term):
    """How an order ended that was not served."""

    CANCELLED = "已取消", "cancelled"
    REJECTED = "已拒绝", "rejected"
    NO_SHOW = "未履约", "nobody came, or nobody was there"


def _instant(en: str, zh: str) -> Mapped[datetime | None]:
    """When a stage was reached; empty until then."""
    return column(DateTime(timezone=True), en=en, zh=zh, privacy=Privacy.PERSONAL)


def _follows(later: str, *earlier: str) -> list[CheckConstraint]:
    """A stage is reached after the ones before it, as far as those were reached at all; the database holds it."""
    return [
        CheckConstraint(f"{later} IS NULL OR {name} IS NULL OR {name} <= {later}", name=f"{name}_before_{later}")
        for name in earlier
    ]


def _needs(later: str, *needed: str) -> list[CheckConstraint]:
    """A stage that was reached needs these values; the database holds it."""
    return [CheckConstraint(f"{later} IS NULL OR {name} IS NOT NULL", name=f"{later}_needs_{name}") for name in needed]


class ServiceOrder(Entity):
    """A service for a person, from the order to its settlement."""

    __tablename__ = "service_order"
    __zh__ = "服务工单"
    __validity__ = Validity("ordered_on")
    __reach__ = Reach(person="person_id", division="division_id")

    number: Mapped[str | None] = column(String(60), en="Its number.", zh="工单号", privacy=Privacy.PERSONAL)
    request_id: Mapped[int | None] = reference(
        "service_request", en="The request it answers.", zh="服务请求", privacy=Privacy.PERSONAL
    )
    channel: Mapped[RequestChannel | None] = column(
        term(RequestChannel), en="The way it came in.", zh="请求渠道", privacy=Privacy.PERSONAL
    )
    person_id: Mapped[int] = reference("person", en="For whom.", zh="老年人", index=False, privacy=Privacy.PERSONAL)
    division_id: Mapped[int] = reference(
        "division", en="Where the service is given.", zh="服务区划", index=False, privacy=Privacy.PERSONAL
    )
    kind: Mapped[ServiceKind] = column(
        term(ServiceKind), en="Its kind, one of five.", zh="服务大类", completed=True, privacy=Privacy.PERSONAL
    )
    item: Mapped[ServiceItem | None] = column(
        term(ServiceItem), en="What exactly.", zh="服务项目", privacy=Privacy.PERSONAL
    )
    purchased_kind: Mapped[PurchasedKind | None] = column(
        term(PurchasedKind),
        en="Which of the six purchased kinds it is, if one.",
        zh="购买服务类别",
        derived=True,
        privacy=Privacy.PERSONAL,
    )
    target_seconds: Mapped[int | None] = column(
        Integer, en="Within how many seconds it should be taken over.", zh="响应时限(秒)", privacy=Privacy.OPEN
    )
    provider_id: Mapped[int | None] = reference(
        "service_provider", en="Who serves.", zh="服务商", index=False, privacy=Privacy.PERSONAL
    )
    agreement_id: Mapped[int | None] = reference(
        "service_agreement", en="The agreement under which it is served.", zh="服务协议", privacy=Privacy.OPEN
    )
    scheduled_on: Mapped[date | None] = column(
        Date, en="For which day it is planned.", zh="预约日期", planned=True, privacy=Privacy.PERSONAL
    )
    ordered_at: Mapped[datetime] = column(
        DateTime(timezone=True), en="When it was created.", zh="创建时间", privacy=Privacy.PERSONAL
    )
    ordered_on: Mapped[date] = column(
        Date, en="The day it was created.", zh="创建日期", derived=True, privacy=Privacy.PERSONAL
    )
    dispatched_at: Mapped[datetime | None] = _instant("When it was given to the provider.", "派单时间")
    received_at: Mapped[datetime | None] = _instant("When the provider took it.", "接单时间")
    started_at: Mapped[datetime | None] = _instant("When the service began.", "服务开始时间")
    completed_at: Mapped[datetime | None] = _instant("When the service was done.", "服务完成时间")
    completed_on: Mapped[date | None] = column(
        Date, en="The day the service was done.", zh="服务完成日期", derived=True, privacy=Privacy.PERSONAL
    )
    evaluated_at: Mapped[datetime | None] = _instant("When it was rated.", "评价时间")
    settled_at: Mapped[datetime | None] = _instant("When it was paid.", "结算时间")
    ended_at: Mapped[datetime | None] = _instant("When it ended without service.", "终止时间")
    ended_as: Mapped[OrderEnd | None] = column(
        term(OrderEnd), en="How it ended without service.", zh="终止方式", privacy=Privacy.PERSONAL
    )
    end_reason: Mapped[str | None] = column(
        String(300), en="Why it ended without service.", zh="终止原因", privacy=Privacy.NOTE
    )
    quantity: Mapped[Decimal] = column(
        Numeric(10, 2), en="How many units.", zh="数量", default=Decimal(1), privacy=Privacy.PERSONAL
    )
    unit_price: Mapped[int | None] = money(en="Price of one unit.", zh="单价", privacy=Privacy.PERSONAL)
    amount: Mapped[int | None] = money(en="What it costs.", zh="金额", privacy=Privacy.PERSONAL)
    funding: Mapped[Funding] = column(
        term(Funding), en="Who pays.", zh="付费方式", default=Funding.SELF_PAY, privacy=Privacy.POVERTY
    )
    rating: Mapped[int | None] = column(
        Integer, en="The person's rating, 1 to 5.", zh="评价星级", privacy=Privacy.PERSONAL
    )
    rating_note: Mapped[str | None] = column(
        String(500), en="What the person said about it.", zh="评价内容", privacy=Privacy.NOTE
    )

    __table_args__ = (
        *_follows("dispatched_at", "ordered_at"),
        *_follows("received_at", "ordered_at", "dispatched_at"),
        *_follows("started_at", "received_at"),
        *_follows("completed_at", "started_at"),
        *_follows("evaluated_at", "completed_at"),
        *_follows("settled_at", "completed_at", "evaluated_at"),
        *_follows("ended_at", "ordered_at", "dispatched_at", "received_at", "started_at"),
        *_needs("dispatched_at", "provider_id"),
        *_needs("received_at", "provider_id"),
        *_needs("started_at", "received_at"),
        *_needs("completed_at", "started_at", "completed_on", "agreement_id"),
        *_needs("evaluated_at", "completed_at", "rating"),
        *_needs("settled_at", "completed_at", "amount"),
        CheckConstraint(
            "received_at IS NULL OR dispatched_at IS NOT NULL OR kind = 'EMERGENCY_AID'",
            name="received_when_dispatched",
        ),
        CheckConstraint("ended_at IS NULL OR completed_at IS NULL", name="ended_or_completed"),
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="end_has_its_kind"),
        CheckConstraint("ended_as IS NULL OR ended_as <> 'NO_SHOW' OR received_at IS NOT NULL", name="no_show_taken"),
        CheckConstraint("ended_as IS NULL OR ended_as <> 'REJECTED' OR received_at IS NULL", name="rejected_untaken"),
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint("funding <> 'ACCOUNT' OR purchased_kind IS NOT NULL", name="account_pays_purchased_kinds"),
        CheckConstraint("quantity > 0", name="quantity"),
        *not_negative("unit_price", "amount", "target_seconds"),
        Index("uq_service_order_number", "number", unique=True, **only_where("number IS NOT NULL")),
        Index("ix_service_order_person", "person_id", "ordered_on"),
        Index("ix_service_order_division", "division_id", "ordered_on"),
        Index("ix_service_order_provider", "provider_id", "completed_on"),
    )
