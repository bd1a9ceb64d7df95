"""The state of platforms, providers and service orders at a date."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select, type_coerce
from sqlalchemy.orm import aliased

from eldercare.registry.entity import term
from eldercare.registry.moment import china_day
from eldercare.registry.provider import ProviderPhase, ProviderStatus
from eldercare.registry.query import View, visible
from eldercare.registry.service_order import STAGES, OrderStatus, ServiceOrder
from eldercare.registry.service_platform import PlatformPhase, PlatformStatus

STATUS = term(OrderStatus)
OPEN = (OrderStatus.CREATED, OrderStatus.DISPATCHED, OrderStatus.RECEIVED, OrderStatus.SERVICE_STARTED)
"""The states in which an order waits for something to be done for the person."""


def platform_status(platform: Any, view: View) -> ColumnElement[PlatformStatus | None]:
    """The state of a platform at the view's date; null when none is recorded."""
    phase = aliased(PlatformPhase)
    return _only(phase, phase.platform_id == platform.id, platform, view)


def provider_status(provider: Any, view: View) -> ColumnElement[ProviderStatus | None]:
    """The state of a provider at the view's date; null when none is recorded."""
    phase = aliased(ProviderPhase)
    return _only(phase, phase.provider_id == provider.id, provider, view)


def reached(moment: Any, view: View) -> ColumnElement[bool]:
    """Whether a stage was reached on the view's date or before."""
    return and_(moment.is_not(None), china_day(moment) <= view.as_of)


def order_status(order: Any, view: View) -> ColumnElement[OrderStatus]:
    """The state of an order at the end of the view's date: the last stage it had reached by then."""
    ways = [(reached(getattr(order, name), view), literal(status, STATUS)) for status, name in STAGES.items()]
    ended = (reached(order.ended_at, view), type_coerce(order.ended_as, STATUS))
    return case(ended, *reversed(ways[1:]), else_=literal(OrderStatus.CREATED, STATUS))


def in_hand(provider: Any, view: View) -> ColumnElement[int]:
    """How many orders a provider has been given and has neither served nor lost at the view's date."""
    order = aliased(ServiceOrder)
    found = select(func.count(order.id)).where(order.provider_id == provider.id, *visible(order, view.at_date()))
    open_still = and_(~reached(order.completed_at, view), ~reached(order.ended_at, view))
    return found.where(open_still).correlate(provider).scalar_subquery()


def mean_rating(provider: Any, view: View) -> ColumnElement[Any]:
    """The mean of the ratings people gave a provider's services up to the view's date; null when nobody did."""
    order = aliased(ServiceOrder)
    found = select(func.avg(order.rating)).where(order.provider_id == provider.id, reached(order.evaluated_at, view))
    return found.correlate(provider).scalar_subquery()


def _only(phase: Any, owned: ColumnElement[bool], owner: Any, view: View) -> ColumnElement[Any]:
    found = select(phase.status).where(owned, *visible(phase, view.at_date()))
    return found.order_by(phase.valid_from.desc()).limit(1).correlate(owner).scalar_subquery()
