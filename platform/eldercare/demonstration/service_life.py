"""The calls and orders of a city's services: when they came, how fast they were taken, and how far they got."""

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from eldercare.demonstration.luck import Luck, Weighted
from eldercare.demonstration.world import World
from eldercare.kit.clock import CHINA
from eldercare.registry import HotlineCall, ServiceOrder, ServiceRequest
from eldercare.registry.hotline import RequestChannel, RequestOutcome
from eldercare.registry.service import COUNTED, ServiceItem, ServiceKind
from eldercare.registry.service_order import Funding, OrderEnd

if TYPE_CHECKING:
    from eldercare.demonstration.service import City, Server

STAGES = ("dispatched_at", "received_at", "started_at", "completed_at", "evaluated_at", "settled_at")
HURRY = {"received_at": (20, 110), "started_at": (600, 1800), "completed_at": (1200, 5400)}
"""Seconds a stage of an emergency takes; nothing of it is dispatched."""

PACE = {
    "dispatched_at": (60, 1800),
    "received_at": (300, 7200),
    "started_at": (3600, 90000),
    "completed_at": (1800, 7200),
    "evaluated_at": (600, 100000),
    "settled_at": (86400, 900000),
}
"""Seconds each stage takes after the one before it."""


RECENT = 20
"""Every so many orders one comes in on the last day, so that something is still under way."""


def write_calls(world: World, city: "City", plan: dict[str, Any]) -> None:
    """Calls of the period's last three months, most of them answered."""
    for number in range(city.plan["calls"]):
        luck = world.luck("services", city.name, "call", number)
        person, division, _ = luck.one(city.elders)
        called = _moment(luck, city.plan["last_day"] - timedelta(days=90), city.plan["last_day"])
        by_button, urgent = person in city.devices, luck.hit(0.08)
        waited = luck.between(2, 12) if urgent else luck.between(3, 25) + (luck.hit(0.15) * luck.between(10, 80))
        answered = called + timedelta(seconds=waited) if urgent or luck.hit(plan["answered"]) else None
        world.ledger.add(
            HotlineCall,
            called_at=called,
            channel=RequestChannel.ONE_BUTTON_12349 if by_button else RequestChannel.PHONE_12349,
            emergency=urgent,
            platform_id=city.platforms.get(city.plan["division"]),
            division_id=division,
            person_id=person,
            device_id=city.devices.get(person),
            answered_at=answered,
            ended_at=None if answered is None else answered + timedelta(seconds=luck.between(30, 400)),
        )


def write_orders(world: World, city: "City", plan: dict[str, Any]) -> None:
    """Orders of the period, each with its request; the older ones are settled, the last ones still on their way."""
    items = Weighted({ServiceItem[name]: weight for name, weight in plan["weights"].items()})
    channels = Weighted({RequestChannel[name]: weight for name, weight in plan["channels"].items()})
    served = {server.county for server in city.servers}
    elders = [elder for elder in city.elders if elder[2] in served]
    for number in range(city.plan["orders"]):
        luck = world.luck("services", city.name, "order", number)
        person, division, county = luck.one(elders)
        item = luck.of(items)
        able = [each for each in city.servers if each.county == county and COUNTED[item].kind in each.kinds]
        last = city.plan["last_day"]
        asked = _moment(luck, last if number % RECENT == 0 else city.plan["first_day"], last)
        channel = luck.of(channels)
        if channel is RequestChannel.ONE_BUTTON_12349 and person not in city.devices:
            channel = RequestChannel.PHONE_12349
        request = _request(world, city, person, division, item, channel, asked)
        order = _stages(luck, item, asked, able, _end_of(city)) if able else _nobody(asked)
        world.ledger.add(
            ServiceOrder,
            number=f"SYN-{city.plan['division']}-{number + 1:05d}",
            request_id=request,
            channel=channel,
            person_id=person,
            division_id=division,
            item=item,
            ordered_at=asked + timedelta(seconds=30),
            unit_price=plan["prices"][item.value],
            funding=Funding.SELF_PAY if plan["prices"][item.value] else Funding.FREE,
            **order,
        )


def _request(
    world: World, city: "City", person: int, division: int, item: ServiceItem, channel: RequestChannel, asked: datetime
) -> int:
    by_button = channel is RequestChannel.ONE_BUTTON_12349
    by_hotline = by_button or channel is RequestChannel.PHONE_12349
    return world.ledger.add(
        ServiceRequest,
        channel=channel,
        hotline="12349" if by_hotline else None,
        person_id=person,
        division_id=division,
        requested_at=asked,
        item=item,
        device_id=city.devices.get(person) if by_button else None,
        outcome=RequestOutcome.ORDERED,
    )


def _stages(luck: Luck, item: ServiceItem, asked: datetime, able: list["Server"], until: datetime) -> dict[str, Any]:
    """How far an order got by the end of the period, and who served it."""
    server = luck.one(able)
    found: dict[str, Any] = {"provider_id": server.provider, "agreement_id": server.agreement}
    urgent = COUNTED[item].kind is ServiceKind.EMERGENCY_AID
    at, stop = asked + timedelta(seconds=30), luck.share()
    for stage in STAGES[1:] if urgent else STAGES:
        low, high = {**PACE, **HURRY}[stage] if urgent else PACE[stage]
        at += timedelta(seconds=luck.between(low, high))
        if at > until:
            return found if len(found) > 2 else {}
        if stage == "started_at" and stop < 0.06:
            ended = OrderEnd.CANCELLED if stop < 0.04 else OrderEnd.NO_SHOW
            reason = "不再需要" if ended is OrderEnd.CANCELLED else "无人在家"
            return {**found, "ended_at": at, "ended_as": ended, "end_reason": reason}
        if stage == "evaluated_at":
            if stop > 0.9:
                continue
            found["rating"] = luck.of(Weighted({5: 60, 4: 28, 3: 8, 2: 3, 1: 1}))
        found[stage] = at
    return found


def _nobody(asked: datetime) -> dict[str, Any]:
    """An order that no provider of the county can serve is rejected within the hour."""
    return {"ended_at": asked + timedelta(hours=1), "ended_as": OrderEnd.REJECTED, "end_reason": "辖区内暂无服务商"}


def _moment(luck: Luck, first: Any, last: Any) -> datetime:
    """An instant of a day of the period, between seven in the morning and nine in the evening."""
    day = first + timedelta(days=luck.below((last - first).days))
    return datetime.combine(day, time(7), CHINA).astimezone(UTC) + timedelta(seconds=luck.below(14 * 3600))


def _end_of(city: "City") -> datetime:
    """The end of the period's last day."""
    return datetime.combine(city.plan["last_day"], time(23, 59), CHINA).astimezone(UTC)
