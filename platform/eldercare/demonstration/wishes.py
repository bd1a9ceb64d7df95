"""What extremely poor people at home say of a place in a public home, and how far their applications are."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import exists, literal, select
from sqlalchemy.orm import aliased

from eldercare.demonstration.facility import seat
from eldercare.demonstration.luck import Luck
from eldercare.demonstration.update import plan
from eldercare.demonstration.world import World
from eldercare.registry import Application, ApplicationPhase, ApplicationPreference, Facility, Person, Stay, Willingness
from eldercare.registry.application import ApplicationStatus, Channel, Setting
from eldercare.registry.capacity import BedType
from eldercare.registry.group import alive, determined, homes
from eldercare.registry.membership import GroupCategory
from eldercare.registry.query import View, visible
from eldercare.registry.willingness import RefusalReason

WAY = (ApplicationStatus.SUBMITTED, ApplicationStatus.ASSESSING, ApplicationStatus.QUEUED, ApplicationStatus.OFFERED)
"""The states an application comes through."""


def write_wishes(world: World) -> None:
    """Write in each city what people say, one after the other."""
    for city in plan()["cities"]:
        people = _without_a_place(world, city)
        for row in city["wishes"]:
            for _ in range(row["people"]):
                _say(world, city, row, next(people))


def _without_a_place(world: World, city: dict[str, Any]) -> Iterator[int]:
    """Extremely poor people of a city who live in no home and have not applied for one."""
    view, person = View(literal(city["day"])), aliased(Person)
    home = homes(view, territory_id=literal(seat(world, city["code"]))).subquery()
    stay, asked = aliased(Stay), aliased(Application)
    query = (
        select(person.id)
        .join(home, home.c.person == person.id)
        .where(alive(person, view), determined([GroupCategory.EXTREMELY_POOR], person, view))
        .where(~exists(select(stay.id).where(stay.person_id == person.id, *visible(stay, view))))
        .where(~exists(select(asked.id).where(asked.person_id == person.id)))
        .order_by(person.id)
        .limit(sum(row["people"] for row in city["wishes"]))
    )
    yield from world.ledger.session.scalars(query).all()


def _say(world: World, city: dict[str, Any], row: dict[str, Any], person: int) -> None:
    luck = world.luck("wishes", city["code"], person)
    said = city["day"] - timedelta(days=luck.between(5, 60))
    world.ledger.add(
        Willingness,
        person_id=person,
        willing=row["willing"],
        reason=RefusalReason[row["reason"]] if "reason" in row else None,
        refused_bed_type=BedType[row["refused"]] if "refused" in row else None,
        planned_on=row.get("planned"),
        valid_from=said,
        witness="村(居)民委员会(示例)",
    )
    if "status" in row:
        _apply(world, city, person, ApplicationStatus[row["status"]], said, luck)


def _apply(world: World, city: dict[str, Any], person: int, status: ApplicationStatus, said: date, luck: Luck) -> None:
    """An application made when the person said yes, which has come as far as a state."""
    homes_liked = luck.some(_homes(world, city), 2)
    key = world.ledger.add(
        Application,
        person_id=person,
        setting=Setting.INSTITUTION,
        bed_type=luck.one((BedType.NURSING, BedType.ORDINARY)),
        division_id=seat(world, city["code"]),
        applied_on=said,
        channel=Channel.VILLAGE,
        priority_class=2,
    )
    reached = WAY[: WAY.index(status) + 1]
    for place, state in enumerate(reached):
        last = place == len(reached) - 1
        values = {"application_id": key, "status": state, "valid_from": said + timedelta(days=place)}
        values |= {} if last else {"valid_to": said + timedelta(days=place + 1)}
        offered = {"facility_id": homes_liked[0]} if state is ApplicationStatus.OFFERED else {}
        world.ledger.add(ApplicationPhase, **values, **offered)
    for rank, facility in enumerate(homes_liked, 1):
        world.ledger.add(ApplicationPreference, application_id=key, facility_id=facility, rank=rank)


def _homes(world: World, city: dict[str, Any]) -> list[int]:
    """The public homes that people of a city may be offered."""
    query = select(Facility.id).where(Facility.code.in_(city["homes"])).order_by(Facility.id)
    return list(world.ledger.session.scalars(query))
