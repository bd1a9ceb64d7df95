"""The dynamic update of groups in the four cities: visits, a census, reports that wait, and what people say of a place."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import aliased

from eldercare.demonstration.facility import seat
from eldercare.demonstration.luck import Luck, Weighted
from eldercare.demonstration.name import person_name
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry import Census, ChangeReport, Division, LivingArrangement, Person, Visit
from eldercare.registry.census import VisitManner, VisitPurpose, VisitResult
from eldercare.registry.change_report import ReportChannel, ReportKind, ReportStatus
from eldercare.registry.division import within
from eldercare.registry.group import alive, holds, homes
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import LivingKind, Sex
from eldercare.registry.query import View, visible


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody already written: where they are at home, the town of it, and whether they are in special difficulty."""

    key: int
    home: int
    town: int
    special: bool
    alone: bool


def plan() -> dict[str, Any]:
    """All of it is invented."""
    return settings("updates.yaml")


def write_updates(world: World) -> None:
    """Write the census, and in each city visits and reports."""
    for city in plan()["cities"]:
        people = known(world, city["at"], city["day"])
        for month in city["visits"]:
            _care(world, city["code"], month, people)
        _reports(world, city, people)
        if city["code"] == plan()["census"]["at"]:
            _census(world, people)


def known(world: World, places: list[str], day: date) -> list[Known]:
    """Everybody who is at home in one of the places on a day, in the order of their keys; of a full population the first."""
    view, person, place = View(literal(day)), aliased(Person), aliased(Division)
    home, lives = homes(view).subquery(), aliased(LivingArrangement)
    here = or_(*(within(home.c.division, literal(seat(world, each))) for each in places))
    by_oneself = select(lives.id).where(
        lives.person_id == person.id, lives.kind == LivingKind.ALONE, *visible(lives, view)
    )
    special = holds(GroupCategory.SPECIAL_DIFFICULTY, person, view)
    query = (
        select(person.id, place.id, place.parent_id, special, by_oneself.exists())
        .join(home, home.c.person == person.id)
        .join(place, place.id == home.c.division)
        .where(alive(person, view), here)
        .order_by(person.id)
        .limit(plan()["most"])
    )
    return [
        Known(key, at, town or at, bool(hard), bool(single))
        for key, at, town, hard, single in world.ledger.session.execute(query)
    ]


def _care(world: World, city: str, month: dict[str, Any], people: list[Known]) -> None:
    """The visits of a month to people in special difficulty, most of whom are met."""
    for one in people:
        luck = world.luck("updates", city, str(month["from"]), one.key)
        if one.special and luck.hit(month["share"]):
            on = month["from"] + timedelta(days=luck.below((month["to"] - month["from"]).days + 1))
            manner = VisitManner.PHONE if luck.hit(0.15) else VisitManner.HOME
            _visit(world, one, on, luck, purpose=VisitPurpose.CARE, manner=manner)


def _visit(world: World, one: Known, on: date, luck: Luck, **values: Any) -> None:
    result = VisitResult[luck.of(Weighted(plan()["results"]))]
    visitor = person_name(luck, luck.one((Sex.MALE, Sex.FEMALE)))
    world.ledger.add(Visit, person_id=one.key, visited_on=on, result=result, visitor=visitor, **values)


def _census(world: World, people: list[Known]) -> None:
    """A campaign over the whole city: some towns are done, some have begun, some have not."""
    campaign = plan()["census"]
    values = {"name": campaign["name"], "division_id": seat(world, campaign["at"]), "organiser": campaign["organiser"]}
    key = world.ledger.add(Census, **values, begins_on=campaign["begins"], ends_on=campaign["ends"])
    length = (campaign["ends"] - campaign["begins"]).days + 1
    for one in people:
        fate, luck = world.luck("updates", "town", one.town).share(), world.luck("updates", "census", one.key)
        done, begun = fate < campaign["done"], fate < campaign["done"] + campaign["begun"]
        if done or (begun and luck.hit(0.5)):
            on = campaign["begins"] + timedelta(days=luck.below(length // 2 if done else length))
            _visit(world, one, on, luck, purpose=VisitPurpose.VERIFICATION, census_id=key)


def _reports(world: World, city: dict[str, Any], people: list[Known]) -> None:
    """Reports of the weeks before the day that nobody has applied: some wait, some were found untrue."""
    luck = world.luck("updates", city["code"], "reports")
    states = [ReportStatus[state] for state, count in city["reports"].items() for _ in range(count)]
    for one, status in zip(luck.some(people, len(states)), states, strict=True):
        reported = city["day"] - timedelta(days=luck.between(1, 40))
        settled = status is not ReportStatus.REPORTED
        decided = min(reported + timedelta(days=luck.between(1, 9)), city["day"])
        rejected = status is ReportStatus.REJECTED
        world.ledger.add(
            ChangeReport,
            channel=ReportChannel[luck.of(Weighted(plan()["channels"]))],
            person_id=one.key,
            division_id=one.home,
            reported_on=reported,
            happened_on=reported - timedelta(days=luck.between(0, 15)),
            status=status,
            decided_on=decided if settled else None,
            decision="经核实情况不属实(示例)" if rejected else None,
            **_told(luck),
        )


def _told(luck: Luck) -> dict[str, Any]:
    """What a report says by its kind."""
    kind = ReportKind[luck.of(Weighted(plan()["kinds"]))]
    if kind is ReportKind.LIVING_CHANGE:
        return {"kind": kind, "living": luck.one((LivingKind.ALONE, LivingKind.WITH_CHILDREN))}
    if kind is ReportKind.CATEGORY_CHANGE:
        return {"kind": kind, "category": luck.one((GroupCategory.LONELY, GroupCategory.DIBAO))}
    return {"kind": kind}
