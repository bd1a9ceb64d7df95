"""Providers of services, their state, and the agreements that say which kinds they serve where, from when to when."""

from datetime import date

from sqlalchemy import Date, Index, Integer, String, UniqueConstraint
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
from eldercare.registry.money import money
from eldercare.registry.service import ServiceItem, ServiceKind
from eldercare.security.privacy import Reach


class Affiliation(Term):
    """How a provider belongs to the service system."""

    FRANCHISEE = "加盟服务商", "franchisee of a platform"
    CONTRACTED = "政府购买服务方", "contracted by a government"
    OWN = "自营", "the platform's or a facility's own"


class ProviderStatus(Term):
    """The states of a provider."""

    ACTIVE = "服务中", "working"
    SUSPENDED = "暂停", "suspended"
    ENDED = "已退出", "no longer a provider"


class ServiceProvider(Entity):
    """An organisation that serves people at home or in a centre."""

    __tablename__ = "service_provider"
    __zh__ = "服务商"
    __validity__ = Validity("registered_on", "ended_on")
    __alone__ = Alone(("organisation_id",))
    __reach__ = Reach(organisation="organisation_id", division="division_id", everybody=True)

    organisation_id: Mapped[int] = reference("organisation", en="The organisation.", zh="组织", index=False)
    affiliation: Mapped[Affiliation] = column(term(Affiliation), en="How it belongs to the system.", zh="加盟性质")
    facility_id: Mapped[int | None] = reference("facility", en="The facility it serves from, if any.", zh="依托机构")
    division_id: Mapped[int] = reference("division", en="Where it sends its people from.", zh="所在区划")
    order_limit: Mapped[int | None] = column(
        Integer, en="How many orders it can have in hand at once; empty is not limited.", zh="在办工单上限"
    )
    registered_on: Mapped[date] = column(Date, en="First day as a provider.", zh="登记日期")
    ended_on: Mapped[date | None] = column(Date, en="First day no longer a provider.", zh="退出日期")

    __table_args__ = (
        ordered("registered_on", "ended_on"),
        *not_negative("order_limit"),
        Index("ix_service_provider_organisation", "organisation_id", "registered_on"),
        Index("uq_service_provider_open", "organisation_id", unique=True, **only_where("ended_on IS NULL")),
    )


class ProviderPhase(Entity):
    """In which state a provider was, from when to when."""

    __tablename__ = "provider_phase"
    __zh__ = "服务商状态"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("provider_id",), gapless=True)
    __reach__ = Reach(via="provider_id", everybody=True)

    provider_id: Mapped[int] = reference("service_provider", en="The provider.", zh="服务商", index=False)
    status: Mapped[ProviderStatus] = column(term(ProviderStatus), en="The state.", zh="状态")
    valid_from: Mapped[date] = column(Date, en="First day in this state.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer in it.", zh="终止日期")
    reason: Mapped[str | None] = column(String(300), en="Why the state changed.", zh="原因")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_provider_phase_provider", "provider_id", "valid_from"),
        Index("uq_provider_phase_open", "provider_id", unique=True, **only_where("valid_to IS NULL")),
    )


class AgreementKind(Term):
    """Kinds of agreements with providers."""

    FRANCHISE = "加盟协议", "franchise of a platform"
    PURCHASE = "政府购买服务合同", "purchase of services by a government"
    OWN_SERVICE = "自营服务", "services of one's own"


class ServiceAgreement(Entity):
    """That a provider may serve certain kinds in certain places, from when to when."""

    __tablename__ = "service_agreement"
    __zh__ = "服务协议"
    __validity__ = Validity("valid_from", "valid_to")
    __reach__ = Reach(via="provider_id", everybody=True)

    provider_id: Mapped[int] = reference("service_provider", en="The provider.", zh="服务商", index=False)
    kind: Mapped[AgreementKind] = column(term(AgreementKind), en="What kind of agreement.", zh="协议类型")
    platform_id: Mapped[int | None] = reference("platform", en="The platform it is a franchisee of.", zh="加盟平台")
    purchaser_id: Mapped[int | None] = reference("organisation", en="Who purchases.", zh="购买方")
    number: Mapped[str | None] = column(String(60), en="Number of the agreement.", zh="协议编号")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期", planned=True)
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期", planned=True)
    end_reason: Mapped[str | None] = column(String(300), en="Why it ended.", zh="终止原因")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_service_agreement_provider", "provider_id", "valid_from"),
    )


class AgreementService(Entity):
    """A kind of service under an agreement, or one item of it, with the price agreed."""

    __tablename__ = "agreement_service"
    __zh__ = "协议服务项目"
    __reach__ = Reach(via="agreement_id")

    agreement_id: Mapped[int] = reference("service_agreement", en="The agreement.", zh="服务协议", index=False)
    kind: Mapped[ServiceKind] = column(term(ServiceKind), en="The kind of service.", zh="服务大类", completed=True)
    item: Mapped[ServiceItem | None] = column(
        term(ServiceItem), en="Only this item of the kind; all items when empty.", zh="服务项目"
    )
    unit_price: Mapped[int | None] = money(en="Price of one unit.", zh="单价")

    __table_args__ = (
        *not_negative("unit_price"),
        Index("uq_agreement_service_item", "agreement_id", "item", unique=True, **only_where("item IS NOT NULL")),
        Index("uq_agreement_service_kind", "agreement_id", "kind", unique=True, **only_where("item IS NULL")),
    )


class AgreementArea(Entity):
    """A territory that an agreement covers, with everything below it."""

    __tablename__ = "agreement_area"
    __zh__ = "协议服务区域"
    __reach__ = Reach(via="agreement_id")

    agreement_id: Mapped[int] = reference("service_agreement", en="The agreement.", zh="服务协议", index=False)
    division_id: Mapped[int] = reference("division", en="The territory.", zh="服务区域")

    __table_args__ = (UniqueConstraint("agreement_id", "division_id"),)
