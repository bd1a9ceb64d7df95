"""What supervision finds in the four cities: staff, inspections by the 55 indicators, hazards in every state, fire safety."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from eldercare.demonstration.facility import seat
from eldercare.demonstration.luck import Luck, Weighted
from eldercare.demonstration.name import person_name
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry import (
    ChecklistItem,
    ChecklistTemplate,
    Facility,
    Finding,
    FireSafety,
    Hazard,
    HazardReview,
    Inspection,
    InspectionResult,
    Inspector,
    Rectification,
    StaffPost,
    Stay,
    TrainingRecord,
)
from eldercare.registry.checklist import FindingCategory, InspectionKind, InspectionOutcome, Verdict
from eldercare.registry.division import Division
from eldercare.registry.facility import ConditionStatus
from eldercare.registry.hazard import HazardCategory, HazardLevel, MajorHeading
from eldercare.registry.person import Sex
from eldercare.registry.rules import INSTITUTIONAL_KINDS, rule
from eldercare.registry.workforce import StaffRole, TrainingAudience

STATES = ("PENDING_RECTIFY", "RECTIFYING", "PENDING_REVIEW", "CLOSED", "ARCHIVED")
LEVELS = (HazardLevel.BLUE, HazardLevel.YELLOW, HazardLevel.ORANGE, HazardLevel.RED)


@dataclass(frozen=True, slots=True)
class House:
    """An institution already written, with its residents on the day its city is looked at."""

    key: int
    name: str
    opened: date
    residents: int


def plan() -> dict[str, Any]:
    """What is published of supervision and what the demonstration adds."""
    return settings("supervision.yaml")


def write_supervision(world: World) -> None:
    """Write what supervision found in the institutions of the four cities."""
    template, items = _checklist(world)
    for city in plan()["cities"]:
        luck = world.luck("supervision", city["code"])
        houses = institutions(world, city["code"], city["day"])
        failing = set(luck.some(range(len(houses)), round(len(houses) * plan()["fire_not_met"])))
        for place, house in enumerate(houses):
            _staff(world, luck, house, city["day"])
            _fire(world, luck, house, city["day"], failed=_fails(house) or (place in failing and len(houses) > 50))
        for place, house in enumerate(houses[: city["inspected"]]):
            visit = _inspected(world, luck, house, template, items, city["day"])
            _hazard(world, luck, house, visit, STATES[place % len(STATES)], city["day"])
        for house in houses:
            if house.name == plan()["zhangjiajie"]["major"]:
                _major(world, house, city["day"])


def institutions(world: World, code: str, day: date) -> list[House]:
    """The institutions of a city, those with the lowest keys first."""
    people = select(func.count(Stay.id)).where(
        Stay.facility_id == Facility.id,
        Stay.admitted_on <= day,
        func.coalesce(Stay.discharged_on > day, True),
    )
    path = select(Division.path).where(Division.id == seat(world, code)).scalar_subquery()
    query = (
        select(Facility.id, Facility.name, Facility.established_on, people.scalar_subquery())
        .join(Division, Division.id == Facility.division_id)
        .where(Facility.kind.in_(INSTITUTIONAL_KINDS), Division.path.startswith(path))
        .order_by(Facility.id)
    )
    return [House(*row) for row in world.ledger.connection.execute(query)]


def _checklist(world: World) -> tuple[int, list[int]]:
    """The 55 basic indicators: numbered rows whose text is to be supplied."""
    sheet = plan()["checklist"]
    template = world.ledger.add(
        ChecklistTemplate,
        code=sheet["code"],
        edition=sheet["edition"],
        name=sheet["name"],
        name_zh=sheet["name_zh"],
        valid_from=sheet["from"],
        basis="the text of the indicators is to be supplied by whoever inspects",
    )
    numbers = range(1, sheet["items"] + 1)
    return template, [
        world.ledger.add(ChecklistItem, template_id=template, number=n, may_not_apply=n in sheet["optional"])
        for n in numbers
    ]


def _staff(world: World, luck: Luck, house: House, day: date) -> None:
    staff = plan()["staff"]
    caregivers = max(1, round(house.residents / luck.between(*staff["residents_per_caregiver"])))
    low, high = staff["certified"]
    certified = round(caregivers * (low + (high - low) * luck.share()))
    begins = max(house.opened, day - timedelta(days=700))
    for role, people, with_paper in (
        (StaffRole.CAREGIVER, caregivers, certified),
        (StaffRole.NURSE, max(1, caregivers // 6), None),
        (StaffRole.MANAGER, staff["managers"], None),
    ):
        values = {"role": role, "headcount": people, "certified": with_paper, "valid_from": begins}
        world.ledger.add(StaffPost, facility_id=house.key, **values)
    low, high = staff["trained"]
    taught = round(caregivers * (low + (high - low) * luck.share()))
    for audience, people, course in (
        (TrainingAudience.CAREGIVER, taught, "养老护理员岗前培训"),
        (TrainingAudience.LEADER, luck.between(0, staff["managers"]), "养老机构负责人培训"),
    ):
        if people:
            held = day - timedelta(days=luck.between(20, 340))
            values = {"audience": audience, "people": people, "course": course, "held_on": max(held, house.opened)}
            world.ledger.add(TrainingRecord, facility_id=house.key, hours=luck.between(2, 10) * 8, **values)


def _fails(house: House) -> bool:
    return bool(house.name == plan()["zhangjiajie"]["fire_failed"])


def _fire(world: World, luck: Luck, house: House, day: date, *, failed: bool) -> None:
    """The standard is met since a facility opened; some failed a later check."""
    check = day - timedelta(days=luck.between(30, 300))
    since = {"facility_id": house.key, "status": ConditionStatus.MET, "valid_from": house.opened}
    if not failed or check <= house.opened:
        world.ledger.add(FireSafety, **since)
        return
    world.ledger.add(FireSafety, **since, valid_to=check)
    values = {"status": ConditionStatus.NOT_MET, "reason": "消防设施改造未完成", "valid_from": check}
    world.ledger.add(FireSafety, facility_id=house.key, **values)


def _inspected(world: World, luck: Luck, house: House, template: int, items: Sequence[int], day: date) -> int:
    """An inspection by the 55 indicators, some of which failed."""
    held = day - timedelta(days=luck.between(60, 200))
    if held < plan()["checklist"]["from"]:
        held = plan()["checklist"]["from"] + timedelta(days=luck.between(10, 80))
    failed = set(luck.some(items, luck.of(Weighted(plan()["items_failed"]))))
    kind = luck.one((InspectionKind.ROUTINE, InspectionKind.ROUTINE, InspectionKind.DOUBLE_RANDOM))
    visit = world.ledger.add(
        Inspection,
        facility_id=house.key,
        kind=kind,
        template_id=template,
        planned_on=held,
        started_on=held,
        completed_on=held + timedelta(days=1),
        outcome=InspectionOutcome.FAILED if failed else InspectionOutcome.PASSED,
    )
    for name in luck.some(_officers(luck), 2):
        world.ledger.add(Inspector, inspection_id=visit, name=name)
    optional = [items[number - 1] for number in plan()["checklist"]["optional"]]
    for item in items:
        verdict = Verdict.FAIL if item in failed else Verdict.PASS
        if item in optional and item not in failed and luck.hit(0.5):
            verdict = Verdict.NOT_APPLICABLE
        world.ledger.add(InspectionResult, inspection_id=visit, item_id=item, verdict=verdict)
    for item in sorted(failed):
        category = luck.one((FindingCategory.FIRE_SAFETY, FindingCategory.FOOD_SAFETY, FindingCategory.OTHER))
        values = {"inspection_id": visit, "item_id": item, "category": category, "found_on": held}
        world.ledger.add(Finding, facility_id=house.key, **values)
    return visit


def _officers(luck: Luck) -> list[str]:
    return [f"{person_name(luck, sex)}(示例)" for sex in (Sex.MALE, Sex.FEMALE, Sex.MALE)]


def _hazard(world: World, luck: Luck, house: House, visit: int, state: str, day: date) -> None:
    """A hazard that stands in a state on the day the city is looked at."""
    level = luck.one(LEVELS[:3])
    found = day - timedelta(days=luck.between(25, 60))
    hazard = _found(world, luck, house, level, found, _ends(state, found), inspection_id=None)
    for begun, done, seen, passed in _work(state, found):
        values = {
            "hazard_id": hazard,
            "started_on": begun,
            "finished_on": done,
            "measure": "整改完成" if done else None,
        }
        work = world.ledger.add(Rectification, **values)
        if seen:
            world.ledger.add(HazardReview, rectification_id=work, reviewed_on=seen, passed=passed, reviewer="示例")


def _found(
    world: World, luck: Luck, house: House, level: HazardLevel, found: date, ends: dict[str, Any], **more: Any
) -> int:
    due = found + timedelta(hours=rule("hazard_due_hours")[level.value])
    category = luck.one(list(HazardCategory)[:6])
    values = {"level": level, "category": category, "found_on": found, "due_on": due, "responsible": "院长(示例)"}
    return world.ledger.add(Hazard, facility_id=house.key, **values, **ends, **more)


def _ends(state: str, found: date) -> dict[str, Any]:
    """The days on which a hazard was closed and archived."""
    closed = {"closed_on": found + timedelta(days=12)} if state in ("CLOSED", "ARCHIVED") else {}
    return {**closed, "archived_on": found + timedelta(days=20)} if state == "ARCHIVED" else closed


def _work(state: str, found: date) -> Iterator[tuple[date, date | None, date | None, bool]]:
    """The rectifications that lead to a state: begun, reported as done, reviewed, and whether the review was passed."""

    def after(days: int) -> date:
        return found + timedelta(days=days)

    if state == "RECTIFYING":  # the first attempt was sent back
        yield after(1), after(4), after(6), False
        yield after(7), None, None, False
    elif state == "PENDING_REVIEW":
        yield after(1), after(8), None, False
    elif state in ("CLOSED", "ARCHIVED"):
        yield after(1), after(9), after(12), True


def _major(world: World, house: House, day: date) -> None:
    """A major hazard that stands open: the home admits nobody."""
    found = day - timedelta(days=9)
    world.ledger.add(
        Hazard,
        facility_id=house.key,
        level=HazardLevel.RED,
        category=HazardCategory.FIRE,
        major=True,
        heading=MajorHeading.KEY_FACILITIES,
        legal_basis="民办发〔2023〕13号",
        description="消防报警系统不能正常使用",
        responsible="院长(示例)",
        found_on=found,
        due_on=found + timedelta(hours=rule("hazard_due_hours")[HazardLevel.RED.value]),
    )
