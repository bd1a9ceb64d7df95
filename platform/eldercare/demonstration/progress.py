"""What is on its way in the four cities: the group's 25 cells, upgrades, support points, brands, medals, evaluations."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from eldercare.demonstration.facility import MARK, found, seat
from eldercare.demonstration.luck import Luck, Weighted
from eldercare.demonstration.mianyang import counties
from eldercare.demonstration.name import person_name
from eldercare.demonstration.supervision import House, institutions, plan
from eldercare.demonstration.world import World
from eldercare.registry import (
    Brand,
    Caregiver,
    Employment,
    EvaluationCriterion,
    EvaluationPlan,
    EvaluationScore,
    Facility,
    FacilityBrand,
    Finding,
    GapOption,
    Inspection,
    OperatingContract,
    Organisation,
    OrganisationMembership,
    PerformanceEvaluation,
    Project,
    Rating,
    StarUpgradeProject,
    TrainingRecord,
    UnificationItem,
    UpgradeGap,
)
from eldercare.registry.capability import Capability
from eldercare.registry.checklist import FindingCategory, InspectionKind, InspectionOutcome
from eldercare.registry.division import Level
from eldercare.registry.evaluation import EvaluationSubject
from eldercare.registry.facility import FacilityKind
from eldercare.registry.grouping import Unification, UnificationState
from eldercare.registry.organisation import OrganisationKind
from eldercare.registry.person import Sex
from eldercare.registry.rating import RatingScheme, RatingStatus
from eldercare.registry.upgrade import ProjectKind, RequirementKind
from eldercare.registry.workforce import SkillLevel, TrainingAudience

GAPS: tuple[tuple[str, tuple[dict[str, Any], ...]], ...] = (
    (
        "康复护理室或医疗机构",
        (
            {"kind": RequirementKind.CAPABILITY, "capability": Capability.REHAB_ROOM},
            {"kind": RequirementKind.MEDICAL_CARE},
        ),
    ),
    ("消防达标", ({"kind": RequirementKind.FIRE_SAFETY},)),
    ("助餐服务", ({"kind": RequirementKind.CAPABILITY, "capability": Capability.MEAL_POINT},)),
)
"""What a centre needs for two stars, and any one of what closes each gap; the list is invented but for the first."""


def write_progress(world: World) -> None:
    """Write what is on its way in Xiaoshan, Shijiazhuang and Mianyang."""
    _xiaoshan(world)
    _shijiazhuang(world)
    _mianyang(world)


def _xiaoshan(world: World) -> None:
    centres = institutions(world, "330109", date(2020, 5, 19))
    shape = plan()["xiaoshan"]
    for place, house in enumerate(centres):
        _defects(world, house, place)
        for item, days in shape["unified"].items():
            _unified(world, house, Unification[item], days["begun"], days["done"][place])
    for place, house in enumerate(centres[:3]):
        _upgrade(world, house, shape["upgrades"], rated=place == 0)
    for point in shape["points"]:
        values = {"kind": ProjectKind.SUPPORT_POINT, "due_on": date(2020, 12, 31), "started_on": point["started"]}
        place = world.division(Level.TOWN, point["town"])
        world.ledger.add(Project, name=point["name"], division_id=place, completed_on=point.get("done"), **values)


def _defects(world: World, house: House, place: int) -> None:
    """The defects that were named before the group took over: some centres had all four."""
    shape = plan()["xiaoshan"]
    held = shape["inspected"]
    visit = world.ledger.add(
        Inspection,
        facility_id=house.key,
        kind=InspectionKind.SPECIAL,
        started_on=held,
        completed_on=held + timedelta(days=1),
        outcome=InspectionOutcome.FAILED,
    )
    for number, defect in enumerate(shape["defects"][: 4 - place % 3]):
        resolved = shape["resolved"] if place == 0 and number < 2 else None
        values = {"inspection_id": visit, "category": FindingCategory[defect], "resolved_on": resolved}
        world.ledger.add(Finding, facility_id=house.key, found_on=held, **values)


def _unified(world: World, house: House, item: Unification, begun: date, done: date | None) -> None:
    steps = [(UnificationState.UNDER_WAY, begun, done)] + ([(UnificationState.DONE, done, None)] if done else [])
    for state, begins, ends in steps:
        values = {"item": item, "state": state, "valid_from": begins, "valid_to": ends}
        world.ledger.add(UnificationItem, facility_id=house.key, **values)


def _upgrade(world: World, house: House, shape: dict[str, Any], *, rated: bool) -> None:
    """A centre on its way to two stars: its gaps, and for the first one the rating."""
    day = shape["rated"] if rated else None
    values = {"target_level": shape["target"], "started_on": shape["started"], "due_on": shape["due"]}
    project = world.ledger.add(StarUpgradeProject, facility_id=house.key, completed_on=day, **values)
    for number, (text, options) in enumerate(GAPS, start=1):
        stated = day if number == len(GAPS) else None
        gap = world.ledger.add(UpgradeGap, project_id=project, number=number, text=text, closed_on=stated)
        for option in options:
            world.ledger.add(GapOption, gap_id=gap, **option)
    steps = {"applied_on": date(2020, 7, 1), "self_assessed_on": date(2020, 8, 15)}
    if day:
        steps |= {"reviewed_on": date(2020, 10, 10), "publicised_on": date(2020, 11, 5), "issued_on": day}
    status = RatingStatus.VALID if rated else RatingStatus.SELF_ASSESSED
    issuer = seat(world, "330109") if rated else None
    values = {"scheme": RatingScheme.INSTITUTION_STAR, "level": shape["target"], "status": status, "issuer_id": issuer}
    world.ledger.add(Rating, facility_id=house.key, **values, **steps)


def _shijiazhuang(world: World) -> None:
    shape, city = plan()["shijiazhuang"], world.division(Level.CITY, "1301")
    luck = world.luck("progress", "shijiazhuang")
    park = shape["park"]
    world.ledger.add(
        Project,
        name=park["name"],
        kind=ProjectKind.INDUSTRIAL_PARK,
        division_id=world.division(Level.COUNTY, park["at"]),
        announced_on=park["announced"],
        started_on=park["started"],
        due_on=park["due"],
    )
    index, name = shape["association"]["index"], shape["association"]["name"]
    association = found(world, index, name, OrganisationKind.ASSOCIATION, city)
    _medals(world, luck, institutions(world, "1301", date(2018, 1, 1)), association, city)
    _centres(world, luck, city)
    _brands(world, city)


def _medals(world: World, luck: Luck, houses: Sequence[House], association: int, city: int) -> None:
    """Caregivers known by name, the best of them with medals, all of them taught by the association."""
    medals = plan()["medals"]
    levels = list(SkillLevel)
    for number in range(medals["people"]):
        name = f"{person_name(luck, Sex.FEMALE if luck.hit(0.85) else Sex.MALE)}{MARK}"
        house = houses[number % len(houses)]
        values = {"division_id": city, "skill_level": luck.one(levels[:3]), "certified_on": date(2015, 6, 1)}
        key = world.ledger.add(Caregiver, name=name, certificate_number=f"SYN-HLY-{number:05d}", **values)
        since = max(house.opened, date(2016, 3, 1))
        world.ledger.add(Employment, caregiver_id=key, facility_id=house.key, valid_from=since)
        taught = {"audience": TrainingAudience.CAREGIVER, "course": "养老护理员技能提升", "held_on": date(2017, 6, 20)}
        world.ledger.add(
            TrainingRecord, facility_id=house.key, caregiver_id=key, organiser_id=association, hours=40, **taught
        )
        level = 3 if number < medals["gold"] else 2 if number < medals["gold"] + medals["silver"] else 1
        values = {"scheme": RatingScheme.CAREGIVER_MEDAL, "level": level, "issuer_id": city, "issued_on": medals["day"]}
        world.ledger.add(Rating, caregiver_id=key, **values)


def _centres(world: World, luck: Luck, city: int) -> None:
    """The construction of each comprehensive centre was accepted; some have an A-level."""
    query = select(Facility.id, Facility.established_on).where(Facility.kind == FacilityKind.HOME_CARE_COMPREHENSIVE)
    rows = world.ledger.connection.execute(query.where(Facility.code.startswith("SYN-SJZ-H")).order_by(Facility.id))
    levels = Weighted(plan()["shijiazhuang"]["a_levels"])
    for key, opened in rows.all():
        values = {"started_on": opened, "completed_on": opened, "outcome": InspectionOutcome.PASSED}
        world.ledger.add(Inspection, facility_id=key, kind=InspectionKind.CONSTRUCTION_ACCEPTANCE, **values)
        level = luck.of(levels)
        if level:
            given = date(2017, luck.between(6, 12), 1)
            rated = {"scheme": RatingScheme.HOME_CARE_A, "level": level, "issuer_id": city, "issued_on": given}
            world.ledger.add(Rating, facility_id=key, **rated)


def _brands(world: World, city: int) -> None:
    """Each group of operators has a brand, and the homes of its members work under it."""
    groups = select(Organisation.id, Organisation.brand, Organisation.established_on).where(
        Organisation.brand.is_not(None), Organisation.division_id == city
    )
    for group, name, since in world.ledger.connection.execute(groups.order_by(Organisation.id)).all():
        values = {"division_id": city, "valid_from": since}
        brand = world.ledger.add(Brand, name=name, group_id=group, **values)
        run = (
            select(OperatingContract.facility_id, OperatingContract.valid_from)
            .join(OrganisationMembership, OrganisationMembership.member_id == OperatingContract.operator_id)
            .where(OrganisationMembership.group_id == group, OperatingContract.valid_to.is_(None))
        )
        for facility, began in world.ledger.connection.execute(run.order_by(OperatingContract.facility_id)).all():
            begins = max(since or began, began)
            world.ledger.add(FacilityBrand, facility_id=facility, brand_id=brand, valid_from=begins)


def _mianyang(world: World) -> None:
    """The counties were evaluated by weighted indicators."""
    shape, luck = plan()["evaluation"], world.luck("progress", "mianyang")
    scheme = world.ledger.add(
        EvaluationPlan,
        code=shape["code"],
        name=shape["name"],
        name_zh=shape["name_zh"],
        subject=EvaluationSubject.DIVISION,
        valid_from=date(shape["year"], 1, 1),
    )
    criteria = [
        world.ledger.add(EvaluationCriterion, plan_id=scheme, number=n, name=en, name_zh=zh, weight=weight)
        for n, (en, zh, weight) in enumerate(shape["criteria"], start=1)
    ]
    for county in counties():
        values = {
            "division_id": world.division(Level.COUNTY, county),
            "year": shape["year"],
            "concluded_on": shape["concluded"],
        }
        done = world.ledger.add(PerformanceEvaluation, plan_id=scheme, **values)
        for criterion in criteria:
            achieved = luck.between(52, 100)
            world.ledger.add(EvaluationScore, evaluation_id=done, criterion_id=criterion, achieved=achieved)
