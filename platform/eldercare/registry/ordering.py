"""Commands at the hotline: take a request, make an order of it, and give it to a provider that fits."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import literal

from eldercare.kit.clock import day_of
from eldercare.registry.change import Writer
from eldercare.registry.dispatch import Refusal, candidates
from eldercare.registry.draft import refuse
from eldercare.registry.hotline import Device, HotlineCall, RequestChannel, RequestOutcome, ServiceRequest
from eldercare.registry.person import Person
from eldercare.registry.provider import ServiceProvider
from eldercare.registry.query import View
from eldercare.registry.service import ServiceItem, ServiceKind, service_rule
from eldercare.registry.service_order import STAGES, OrderStatus, ServiceOrder
from eldercare.registry.value import held

BY_HOTLINE = (RequestChannel.ONE_BUTTON_12349, RequestChannel.PHONE_12349)


def request_service(
    writer: Writer,
    *,
    channel: RequestChannel,
    division_id: int,
    at: datetime,
    kind: ServiceKind | None = None,
    item: ServiceItem | None = None,
    person_id: int | None = None,
    device_id: int | None = None,
    call_id: int | None = None,
    **values: Any,
) -> ServiceRequest:
    """Take a request; a terminal tells whose it is, and the hotline's number is kept as text."""
    if device_id is not None:
        person_id = _owner(writer, device_id, person_id, day_of(at))
    if channel is RequestChannel.ONE_BUTTON_12349 and person_id is None:
        refuse("CALLER_UNKNOWN", "A terminal belongs to somebody.", "Send deviceId or personId.", "person_id")
    if channel in BY_HOTLINE and values.get("hotline") is None:
        values["hotline"] = writer.find(HotlineCall, call_id).hotline if call_id else "12349"
    said = {"channel": channel, "division_id": division_id, "requested_at": at, "kind": kind, "item": item}
    known = {"person_id": person_id, "device_id": device_id, "call_id": call_id}
    return writer.create(ServiceRequest, {**values, **said, **known})


def place_order(
    writer: Writer,
    *,
    at: datetime,
    request_id: int | None = None,
    person_id: int | None = None,
    division_id: int | None = None,
    kind: ServiceKind | None = None,
    item: ServiceItem | None = None,
    channel: RequestChannel | None = None,
    **values: Any,
) -> ServiceOrder:
    """Make an order: of a request, whose person, place and kind it takes, or without one. Nobody orders after death."""
    asked = writer.locked(ServiceRequest, request_id) if request_id is not None else None
    person_id = person_id or (asked.person_id if asked is not None else None)
    if person_id is None:
        refuse("PERSON_MISSING", "An order is for somebody.", "Send personId.", "person_id")
    if writer.locked(Person, person_id).deceased_on is not None:
        refuse("PERSON_DECEASED", "This person has died.", "Check the person.", "person_id")
    if asked is not None and at < held(asked.requested_at):
        refuse("BEFORE_CURRENT_STATE", "The request came later than that.", "Check the time.", "at")
    division_id = division_id or (asked.division_id if asked is not None else None)
    said = {"person_id": person_id, "division_id": division_id, "kind": kind, "item": item, "channel": channel}
    made = writer.create(ServiceOrder, {**values, **said, "ordered_at": at, "request_id": request_id})
    if asked is not None and asked.outcome is None:
        writer.correct(ServiceRequest, asked.id, {"outcome": RequestOutcome.ORDERED, "person_id": person_id})
    return made


def dispatch(
    writer: Writer, *, order_id: int, provider_id: int, at: datetime, expected_version: int | None = None
) -> ServiceOrder:
    """Give an order to a provider that fits; one that does not is refused with the reasons."""
    fit = fitting(writer, order_id, provider_id, day_of(at))
    return step(writer, order_id, OrderStatus.DISPATCHED, at, expected_version, **fit._asdict())


class Fit(NamedTuple):
    """A provider that fits, and the agreement to serve under."""

    provider_id: int
    agreement_id: int


def fitting(writer: Writer, order_id: int, provider_id: int, on: date) -> Fit:
    """The provider with the agreement under which it can serve an order on a day; what speaks against it is told."""
    writer.locked(ServiceOrder, order_id)
    writer.locked(ServiceProvider, provider_id)
    query = candidates(order_id, View(literal(on)), provider_id=provider_id)
    found = writer.session.execute(query).mappings().one_or_none()
    if found is None:
        refuse("PROVIDER_NOT_REGISTERED", f"It is no provider on {on}.", "Check the day and the id.", "provider_id")
    if not found["fits"] and not _already_counted(writer, order_id, provider_id, found["refusal"]):
        refuse(
            "PROVIDER_DOES_NOT_FIT",
            f"The provider cannot serve this order: {found['reasons']} ({found['reasons_zh']}).",
            "Choose one that dispatchCandidates shows as fitting.",
            "provider_id",
        )
    return Fit(provider_id, found["agreement"])


def step(
    writer: Writer, order_id: int, status: OrderStatus, at: datetime, expected_version: int | None = None, **values: Any
) -> ServiceOrder:
    """Bring an order to its next stage; stages come in their order and none before the one before it."""
    order = writer.locked(ServiceOrder, order_id)
    writer.expect(order, expected_version)
    current, since = stage_of(order)
    allowed = following(order, current)
    if status not in allowed:
        refuse(
            "TRANSITION",
            f"An order that is {current.en} ({current.zh}) cannot become {status.en} ({status.zh}).",
            f"It can become {', '.join(allowed) or 'nothing else'}.",
            "status",
        )
    if at < since:
        refuse("BEFORE_CURRENT_STATE", "It reached its present stage later than that.", "Check the time.", "at")
    name = STAGES.get(status)
    reached = {"ended_at": at, "ended_as": status.value} if name is None else {name: at}
    return writer.correct(ServiceOrder, order_id, {**values, **reached})


def stage_of(order: ServiceOrder) -> tuple[OrderStatus, datetime]:
    """The last stage an order has reached, and when."""
    if order.ended_at is not None and order.ended_as is not None:
        return OrderStatus[order.ended_as], held(order.ended_at)
    for status, name in reversed(STAGES.items()):
        if getattr(order, name) is not None:
            return status, held(getattr(order, name))
    raise AssertionError("an order has been created")


def following(order: ServiceOrder, current: OrderStatus) -> list[str]:
    """What an order can become; an emergency may be taken without being dispatched."""
    more = service_rule("emergency_transitions").get(current, []) if order.kind is ServiceKind.EMERGENCY_AID else []
    return [*service_rule("order_transitions")[current], *more]


def _owner(writer: Writer, device_id: int, person_id: int | None, on: date) -> int:
    device = writer.find(Device, device_id)
    gone = device.removed_on is not None and device.removed_on <= on
    if on < device.installed_on or gone:
        refuse("DEVICE_NOT_INSTALLED", f"The terminal is not in use on {on}.", "Check its id.", "device_id")
    if person_id not in (None, device.person_id):
        refuse("DEVICE_OF_ANOTHER", "The terminal is another person's.", "Leave personId out.", "person_id")
    return device.person_id


def _already_counted(writer: Writer, order_id: int, provider_id: int, refusal: Any) -> bool:
    """Whether a provider is full only because it already has this very order."""
    return refusal == Refusal.FULL and writer.find(ServiceOrder, order_id).provider_id == provider_id
