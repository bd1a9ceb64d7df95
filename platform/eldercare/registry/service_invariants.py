"""The rules between records of services: agreements that fit, lives, areas, childcare and platforms."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from eldercare.registry.application import ApplicationPhase, ApplicationPreference
from eldercare.registry.assessment import CareRiskEvent
from eldercare.registry.childcare import ChildcarePeriod
from eldercare.registry.division import Division
from eldercare.registry.entity import Record
from eldercare.registry.facility import Facility, Sector
from eldercare.registry.hotline import Device
from eldercare.registry.invariant import Broken, Invariant, before_end, gap, overlap, step
from eldercare.registry.person import Person
from eldercare.registry.provider import (
    AgreementArea,
    AgreementService,
    ProviderPhase,
    ServiceAgreement,
    ServiceProvider,
)
from eldercare.registry.query import entity_class
from eldercare.registry.service import service_rule
from eldercare.registry.service_area import FacilityArea
from eldercare.registry.service_order import ServiceOrder
from eldercare.registry.service_platform import Platform, PlatformPhase
from eldercare.registry.stay import Stay


def holds_on(agreement: Any, day: Any) -> ColumnElement[bool]:
    """Whether an agreement holds on a day."""
    return and_(agreement.valid_from <= day, before_end(day, agreement.valid_to))


def covers(agreement: Any, division_id: Any) -> ColumnElement[bool]:
    """Whether an agreement covers a division, by itself or by one above it."""
    area, outer, inner = aliased(AgreementArea), aliased(Division), aliased(Division)
    found = select(area.id).join(outer, outer.id == area.division_id)
    found = found.join(inner, inner.path.between(outer.path, outer.path + "~"))
    found = found.where(area.agreement_id == agreement.id, inner.id == division_id)
    # What it is compared with may stand two statements further out, which nothing but this tells.
    return exists(found.correlate_except(area, outer, inner))


def includes(agreement: Any, kind: Any, item: Any) -> ColumnElement[bool]:
    """Whether an agreement includes a kind of service, or the item of it that is asked for."""
    part = aliased(AgreementService)
    fits = and_(part.kind == kind, or_(part.item.is_(None), part.item == item))
    return exists(select(part.id).where(part.agreement_id == agreement.id, fits).correlate_except(part))


def _pair(row: Any) -> tuple[Any, Any, Any]:
    """The order and its agreement, whichever of them the row is, and the other one."""
    if entity_class(row) is ServiceOrder:
        agreement = aliased(ServiceAgreement)
        return row, agreement, agreement
    order = aliased(ServiceOrder)
    return order, row, order


def _unfit(wrong: Any) -> Broken:
    """Whether an order that was served has an agreement of which something is wrong."""

    def broken(row: Any) -> ColumnElement[bool]:
        order, agreement, other = _pair(row)
        served = and_(order.agreement_id == agreement.id, order.completed_at.is_not(None))
        return exists(select(other.id).where(served, wrong(order, agreement)))

    return broken


def _of_another(order: Any, agreement: Any) -> ColumnElement[bool]:
    return or_(order.provider_id.is_(None), agreement.provider_id != order.provider_id)


def _not_on_that_day(order: Any, agreement: Any) -> ColumnElement[bool]:
    return ~holds_on(agreement, order.completed_on)


def _elsewhere(order: Any, agreement: Any) -> ColumnElement[bool]:
    return ~covers(agreement, order.division_id)


def _another_kind(order: Any, agreement: Any) -> ColumnElement[bool]:
    return ~includes(agreement, order.kind, order.item)


def _no_purchase(order: Any, agreement: Any) -> ColumnElement[bool]:
    paid, allowed = service_rule("purchased_fundings"), service_rule("paid_agreements")
    return and_(order.funding.in_(paid), agreement.kind.not_in(allowed))


def _served_after_death(row: Any) -> ColumnElement[bool]:
    person, order = (aliased(Person), row) if entity_class(row) is ServiceOrder else (row, aliased(ServiceOrder))
    other = person if entity_class(row) is ServiceOrder else order
    return exists(select(other.id).where(order.person_id == person.id, order.completed_on > person.deceased_on))


def _agreement_outlives(row: Any) -> ColumnElement[bool]:
    is_agreement = entity_class(row) is ServiceAgreement
    provider, agreement = (aliased(ServiceProvider), row) if is_agreement else (row, aliased(ServiceAgreement))
    other = provider if is_agreement else agreement
    late = or_(
        and_(provider.ended_on.is_not(None), ~before_end_of(agreement.valid_to, provider.ended_on)),
        agreement.valid_from < provider.registered_on,
    )
    return exists(select(other.id).where(agreement.provider_id == provider.id, late))


def before_end_of(end: Any, limit: Any) -> ColumnElement[bool]:
    """Whether an end, which may be open, does not lie after a limit."""
    return and_(end.is_not(None), end <= limit)


def _no_childcare(row: Any) -> ColumnElement[bool]:
    facility, period = (
        (aliased(Facility), row) if entity_class(row) is ChildcarePeriod else (row, aliased(ChildcarePeriod))
    )
    other = facility if entity_class(row) is ChildcarePeriod else period
    wrong = or_(facility.sector != Sector.CHILDCARE, period.valid_from < facility.established_on)
    return exists(select(other.id).where(period.facility_id == facility.id, wrong))


def _person_in_childcare(row: Any) -> ColumnElement[bool]:
    """Whether a record about a person names a childcare centre, by which it would be about a child."""
    if entity_class(row) is not Facility:
        facility = aliased(Facility)
        centre = and_(facility.id == row.facility_id, facility.sector == Sector.CHILDCARE)
        return exists(select(facility.id).where(centre))
    found = [exists(select(noun.id).where(noun.facility_id == row.id)) for noun in map(aliased, ABOUT_PEOPLE)]
    return and_(row.sector == Sector.CHILDCARE, or_(*found))


def _served_by_two(row: Any) -> ColumnElement[bool]:
    """Whether a territory of a facility overlaps one of another of a kind that shares no territory, on some day."""
    own, facility = aliased(Facility), aliased(Facility)
    area, here, there = aliased(FacilityArea), aliased(Division), aliased(Division)
    kinds = service_rule("single_area_kinds")
    nested = or_(here.path.between(there.path, there.path + "~"), there.path.between(here.path, here.path + "~"))
    found = (
        select(area.id)
        .join(facility, facility.id == area.facility_id)
        .join(there, there.id == area.division_id)
        .join(here, here.id == row.division_id)
        .join(own, own.id == row.facility_id)
    )
    return exists(
        found.where(
            area.facility_id != row.facility_id,
            own.kind.in_(kinds),
            facility.kind == own.kind,
            nested,
            before_end(area.valid_from, row.valid_to),
            before_end(row.valid_from, area.valid_to),
        )
    )


def _another_level(row: Any) -> ColumnElement[bool]:
    division = aliased(Division)
    return exists(select(division.id).where(division.id == row.division_id, division.level != row.level))


ABOUT_PEOPLE: tuple[Any, ...] = (Stay, ApplicationPreference, ApplicationPhase, CareRiskEvent)
"""Records about a person that name a facility."""

AGREEMENTS: tuple[type[Record], ...] = (ServiceOrder, ServiceAgreement)
UNFIT = (
    ("AGREEMENT_OF_ANOTHER", "The agreement is another provider's.", "agreement_id", _of_another),
    ("AGREEMENT_NOT_VALID", "The agreement does not hold on the day of the service.", "completed_at", _not_on_that_day),
    ("AREA_NOT_SERVED", "The agreement does not cover the division of the order.", "division_id", _elsewhere),
    ("KIND_NOT_SERVED", "The agreement does not include this kind of service.", "kind", _another_kind),
    ("NO_PURCHASE_CONTRACT", "An account pays only under a purchase contract.", "funding", _no_purchase),
)
REMEDY = "Name an agreement of the provider that holds on that day and covers the kind and the place."

SERVICE_INVARIANTS: tuple[Invariant, ...] = (
    *(overlap(n) for n in (Device, ServiceProvider, ProviderPhase, PlatformPhase, ChildcarePeriod, FacilityArea)),
    *(gap(noun) for noun in (ProviderPhase, PlatformPhase)),
    step(ProviderPhase, "provider_id", service_rule("provider_transitions")),
    step(PlatformPhase, "platform_id", service_rule("platform_transitions")),
    *(Invariant(code, message, REMEDY, AGREEMENTS, _unfit(wrong), (path,)) for code, message, path, wrong in UNFIT),
    Invariant(
        "SERVED_AFTER_DEATH",
        "Nobody is served after death.",
        "Check the day; reportDeath cancels the orders that are open.",
        (ServiceOrder, Person),
        _served_after_death,
        ("completed_at",),
    ),
    Invariant(
        "PROVIDER_NOT_REGISTERED",
        "The agreement holds on days on which the provider is not registered.",
        "End the agreements first, or check the dates.",
        (ServiceAgreement, ServiceProvider),
        _agreement_outlives,
        ("valid_from",),
    ),
    Invariant(
        "NO_CHILDCARE",
        "Places for children belong to a childcare centre that exists on that day.",
        "Check the facility and its sector.",
        (ChildcarePeriod, Facility),
        _no_childcare,
        ("facility_id",),
    ),
    Invariant(
        "NO_CHILD_RECORDS",
        "A record about a person names no childcare centre: of children only sums are kept.",
        "Use childcarePeriods for places and how many are taken.",
        (*ABOUT_PEOPLE, Facility),
        _person_in_childcare,
        ("facility_id",),
    ),
    Invariant(
        "SERVED_BY_TWO",
        "On some of these days this territory, or a part of it, belongs to another regional centre.",
        "End that one's service there first.",
        (FacilityArea,),
        _served_by_two,
        ("division_id",),
    ),
    Invariant(
        "PLATFORM_LEVEL",
        "A platform works at the level of its division.",
        "Name a division of that level.",
        (Platform,),
        _another_level,
        ("division_id",),
    ),
)
"""The rules between records of the services; they stand in the one list of the registry."""
