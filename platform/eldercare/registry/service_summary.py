"""Sums about services that everyone must compute the same way: calls, platforms, people and services of a period."""

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import aliased

from eldercare.registry.division import Division, within
from eldercare.registry.entity import term
from eldercare.registry.hotline import HotlineCall
from eldercare.registry.moment import seconds_between
from eldercare.registry.money import Fen
from eldercare.registry.provider import Affiliation, ProviderStatus, ServiceProvider
from eldercare.registry.query import View, visible
from eldercare.registry.service import COUNTED, PurchasedKind, ServiceItem, ServiceKind, service_rule
from eldercare.registry.service_order import OrderStatus, ServiceOrder
from eldercare.registry.service_platform import Platform, PlatformStatus
from eldercare.registry.service_state import order_status, platform_status, provider_status

HALF, MOST = 0.5, 0.9
"""The shares of answered calls whose longest wait is told."""


def call_sums(
    view: View, *, first: Any = None, last: Any = None, territory_id: Any = None, emergency: Any = None
) -> Select[Any]:
    """Calls of a period, how many were answered, and within how many seconds half and nine tenths of those were.

    The target is the one of emergencies when only those are asked for, else that of all calls.
    """
    call = aliased(HotlineCall)
    chosen = select(call.id.label("id"), call.seconds_to_answer.label("seconds")).where(*visible(call, view.at_date()))
    for condition in _limits(call, "called_on", first, last, territory_id):
        chosen = chosen.where(condition)
    target: Any = literal(service_rule("call_target_seconds"))
    if emergency is not None:
        chosen = chosen.where(call.emergency == emergency)
        urgent = service_rule("answer_targets")[ServiceKind.EMERGENCY_AID.value]
        target = case((literal(emergency) if isinstance(emergency, bool) else emergency, urgent), else_=target)
    calls = chosen.cte()
    answered = select(calls.c.seconds, func.cume_dist().over(order_by=calls.c.seconds).label("share"))
    waits = answered.where(calls.c.seconds.is_not(None)).cte()
    within_target = func.count(case((calls.c.seconds <= target, 1)))
    return select(
        func.count().label("calls"),
        func.count(calls.c.seconds).label("answered"),
        rate(func.count(calls.c.seconds), func.count()).label("answer_rate"),
        _longest(waits, HALF).label("half_within"),
        _longest(waits, MOST).label("nine_tenths_within"),
        func.max(target).label("target_seconds"),
        rate(within_target, func.count()).label("within_target"),
    ).select_from(calls)


def platform_sums(view: View, *, level: Any, territory_id: Any = None) -> Select[Any]:
    """How many divisions of a level there are, and how many of them have a platform that works."""
    division, platform = aliased(Division), aliased(Platform)
    working = select(platform.division_id).where(
        platform_status(platform, view) == PlatformStatus.ACTIVE, *visible(platform, view.at_date())
    )
    has = case((division.id.in_(working), 1), else_=0)
    chosen = select(division.id, has.label("covered")).where(
        division.level == level, *visible(division, view.at_date())
    )
    if territory_id is not None:
        chosen = chosen.where(within(division.id, territory_id))
    each = chosen.subquery()
    covered = func.coalesce(func.sum(each.c.covered), 0)
    return select(
        func.count().label("divisions"), covered.label("covered"), rate(covered, func.count()).label("coverage")
    ).select_from(each)


def service_sums(view: View, *, first: Any, last: Any, territory_id: Any = None) -> Select[Any]:
    """Orders, services given and the different people served in a period, with the providers at work at the view's date."""
    order = aliased(ServiceOrder)
    seen = visible(order, view.at_date())
    made = select(func.count(order.id)).where(*seen, *_limits(order, "ordered_on", first, last, territory_id))
    done = select(
        func.count(order.id).label("services"),
        func.count(order.person_id.distinct()).label("people"),
        func.sum(order.amount).label("amount"),
        func.avg(order.rating).label("mean_rating"),
    ).where(*seen, *_limits(order, "completed_on", first, last, territory_id))
    given = done.subquery()
    providers = _working(view, territory_id).scalar_subquery()
    franchisees = _working(view, territory_id, Affiliation.FRANCHISEE).scalar_subquery()
    return select(
        made.scalar_subquery().label("orders"),
        given.c.services,
        given.c.people,
        rate(given.c.services, given.c.people).label("services_per_person"),
        type_coerce(given.c.amount, Fen).label("amount"),
        rate(given.c.amount, 100 * given.c.services).label("yuan_per_service"),
        given.c.mean_rating,
        providers.label("providers"),
        franchisees.label("franchisees"),
        rate(given.c.people, franchisees).label("people_per_franchisee"),
    ).select_from(given)


def emergencies(view: View, *, at: Any, territory_id: Any = None) -> Select[Any]:
    """Emergency orders that nobody has taken yet, the longest waiting first, with the seconds they have waited."""
    order = aliased(ServiceOrder)
    waiting = order_status(order, view).in_([OrderStatus.CREATED, OrderStatus.DISPATCHED])
    waited = seconds_between(order.ordered_at, at)
    found = select(
        order.id.label("service_order"),
        order.ordered_at.label("ordered_at"),
        order.target_seconds.label("target_seconds"),
        waited.label("waited_seconds"),
        (waited > order.target_seconds).label("overdue"),
    ).where(order.kind == ServiceKind.EMERGENCY_AID, waiting, order.ordered_at <= at, *visible(order, view.at_date()))
    return found if territory_id is None else found.where(within(order.division_id, territory_id))


def counted_items() -> Any:
    """Every item of service with the kind of the five and of the six it counts as."""
    rows = [
        select(
            literal(item, term(ServiceItem)).label("item"),
            literal(counted.kind, term(ServiceKind)).label("kind"),
            (
                type_coerce(null(), term(PurchasedKind))
                if counted.purchased is None
                else literal(counted.purchased, term(PurchasedKind))
            ).label("purchased_kind"),
            literal(place).label("place"),
        )
        for place, (item, counted) in enumerate(COUNTED.items())
    ]
    found = union_all(*rows).subquery()
    return select(*found.c)


def rate(over: Any, under: Any) -> ColumnElement[Any]:
    """A quotient of two sums; empty when the lower one is zero."""
    return (over * 1.0) / func.nullif(under, 0)  # type: ignore[no-any-return]


def _limits(row: Any, day: str, first: Any, last: Any, territory_id: Any) -> list[ColumnElement[bool]]:
    on = getattr(row, day)
    found = [on.is_not(None)]
    found += [on >= first] if first is not None else []
    found += [on <= last] if last is not None else []
    return found + ([within(row.division_id, territory_id)] if territory_id is not None else [])


def _working(view: View, territory_id: Any, affiliation: Affiliation | None = None) -> Select[Any]:
    provider = aliased(ServiceProvider)
    active = provider_status(provider, view) == ProviderStatus.ACTIVE
    found = select(func.count(provider.id)).where(active, *visible(provider, view.at_date()))
    found = found if affiliation is None else found.where(provider.affiliation == affiliation)
    return found if territory_id is None else found.where(within(provider.division_id, territory_id))


def _longest(waits: Any, share: float) -> ColumnElement[Any]:
    found = select(func.min(waits.c.seconds)).where(waits.c.share >= share)
    return found.scalar_subquery()
