"""Commands along the life of an order: take it, begin, finish, rate, pay; or cancel, reject, report that nobody came."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from eldercare.kit.clock import CHINA, day_of
from eldercare.registry.change import Writer
from eldercare.registry.draft import refuse
from eldercare.registry.hotline import Device, RequestOutcome, ServiceRequest
from eldercare.registry.ordering import fitting, step
from eldercare.registry.provider import ServiceAgreement
from eldercare.registry.service_order import OrderStatus, ServiceOrder
from eldercare.registry.value import held


def receive(
    writer: Writer,
    *,
    order_id: int,
    at: datetime,
    provider_id: int | None = None,
    expected_version: int | None = None,
) -> ServiceOrder:
    """A provider takes an order; an emergency may be taken by whoever fits without being dispatched."""
    order = writer.locked(ServiceOrder, order_id)
    fit: dict[str, Any] = {}
    if order.provider_id is None:
        if provider_id is None:
            refuse("PROVIDER_MISSING", "Nobody was given this order.", "Send providerId.", "provider_id")
        fit = fitting(writer, order_id, provider_id, day_of(at))._asdict()
    elif provider_id not in (None, order.provider_id):
        refuse("PROVIDER_OTHER", "The order was given to another provider.", "Dispatch it anew.", "provider_id")
    return step(writer, order_id, OrderStatus.RECEIVED, at, expected_version, **fit)


def start(writer: Writer, *, order_id: int, at: datetime, expected_version: int | None = None) -> ServiceOrder:
    """The service begins."""
    return step(writer, order_id, OrderStatus.SERVICE_STARTED, at, expected_version)


def complete(
    writer: Writer,
    *,
    order_id: int,
    at: datetime,
    quantity: Decimal | None = None,
    expected_version: int | None = None,
    **values: Any,
) -> ServiceOrder:
    """The service is done, under an agreement that holds on that day and covers the kind and the place."""
    order = writer.locked(ServiceOrder, order_id)
    done = dict(values) if quantity is None else {**values, "quantity": quantity}
    if order.provider_id is not None and not _holds(writer, order.agreement_id, day_of(at)):
        done["agreement_id"] = fitting(writer, order_id, order.provider_id, day_of(at)).agreement_id
    return step(writer, order_id, OrderStatus.SERVICE_COMPLETED, at, expected_version, **done)


def evaluate(
    writer: Writer, *, order_id: int, at: datetime, rating: int, expected_version: int | None = None, **values: Any
) -> ServiceOrder:
    """The person rates the service, 1 to 5."""
    return step(writer, order_id, OrderStatus.EVALUATED, at, expected_version, rating=rating, **values)


def settle_order(writer: Writer, *, order_id: int, at: datetime, expected_version: int | None = None) -> ServiceOrder:
    """The service is paid; what it costs must be known."""
    if writer.locked(ServiceOrder, order_id).amount is None:
        refuse("AMOUNT_MISSING", "Nobody said what it costs.", "Correct the order: unitPrice or amount.", "order_id")
    return step(writer, order_id, OrderStatus.SETTLED, at, expected_version)


def cancel(
    writer: Writer, *, order_id: int, at: datetime, reason: str, expected_version: int | None = None
) -> ServiceOrder:
    """The person does not want it any more; what was served is not cancelled."""
    return step(writer, order_id, OrderStatus.CANCELLED, at, expected_version, end_reason=reason)


def reject(
    writer: Writer, *, order_id: int, at: datetime, reason: str, expected_version: int | None = None
) -> ServiceOrder:
    """Nobody takes the order, for a reason that is kept."""
    return step(writer, order_id, OrderStatus.REJECTED, at, expected_version, end_reason=reason)


def no_show(
    writer: Writer, *, order_id: int, at: datetime, reason: str, expected_version: int | None = None
) -> ServiceOrder:
    """The provider did not come, or nobody was there."""
    return step(writer, order_id, OrderStatus.NO_SHOW, at, expected_version, end_reason=reason)


def stop_services(writer: Writer, person_id: int, on: date, reason: str = "death") -> None:
    """End what a person gets from a day on: orders not yet served are cancelled, open requests withdrawn, terminals taken back.

    The service account stays: what was served before that day is still to be paid from it.
    """
    waiting = select(ServiceOrder.id).where(
        ServiceOrder.person_id == person_id, ServiceOrder.completed_at.is_(None), ServiceOrder.ended_at.is_(None)
    )
    for key in writer.session.scalars(waiting.order_by(ServiceOrder.id)).all():
        order = writer.find(ServiceOrder, key)
        reached = [order.ordered_at, order.dispatched_at, order.received_at, order.started_at]
        last = max(held(each) for each in reached if each is not None)
        at = max(datetime.combine(on, datetime.min.time(), CHINA), last)
        writer.correct(ServiceOrder, key, {"ended_at": at, "ended_as": "CANCELLED", "end_reason": reason})
    asked = select(ServiceRequest.id).where(ServiceRequest.person_id == person_id, ServiceRequest.outcome.is_(None))
    for key in writer.session.scalars(asked.order_by(ServiceRequest.id)).all():
        writer.correct(ServiceRequest, key, {"outcome": RequestOutcome.WITHDRAWN}, reason=reason)
    devices = select(Device).where(Device.person_id == person_id, Device.removed_on.is_(None))
    for device in writer.session.scalars(devices.order_by(Device.id)).all():
        if device.installed_on < on:
            writer.end(Device, device.id, on, reason=reason)


def _holds(writer: Writer, agreement_id: int | None, on: date) -> bool:
    if agreement_id is None:
        return False
    agreement = writer.find(ServiceAgreement, agreement_id)
    return agreement.valid_from <= on and (agreement.valid_to is None or on < agreement.valid_to)
