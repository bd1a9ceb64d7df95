"""Shijiazhuang's people: the residents of its institutions, those who wait, and everybody else aged 60 and over."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from eldercare.demonstration.ability import assess, level_at_home
from eldercare.demonstration.age import ages_in_homes, ages_of
from eldercare.demonstration.care import live_on
from eldercare.demonstration.luck import Luck, Weighted
from eldercare.demonstration.person import Elder, Life, belong, enrol
from eldercare.demonstration.placement import admit, first_day, queue
from eldercare.demonstration.shijiazhuang import Home, counties, plan, write_centres, write_institutions
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry.capacity import BedType
from eldercare.registry.division import Level
from eldercare.registry.membership import GroupCategory, SelfCareClass, SupportMode
from eldercare.registry.stay import Payer


def write_shijiazhuang(world: World) -> None:
    """Write the city's institutions and centres, and the residents of the institutions."""
    homes = write_institutions(world)
    write_centres(world)
    beds = [(home, bed) for home in homes for bed, people in home.residents.items() for _ in range(people)]
    for number, (home, bed_type) in enumerate(beds):
        _resident(world, number, home, bed_type)
    _waiting(world, homes, len(beds))


def first_at_home() -> int:
    """The number of the first person who lives at home: before come the residents and those who wait."""
    first: int = plan()["residents"] + plan()["waiting"]
    return first


def write_people(world: World, numbers: range) -> None:
    """Write people who live at home: their number alone decides who they are, so any stretch can be written by itself."""
    where = counties()
    for number in numbers:
        luck = world.luck("shijiazhuang", "person", number)
        elder = _at_home(world, number, luck.of(where), luck)
        for category in _groups(luck):
            belong(world, elder, category, plan()["day"], luck, **_details(category, luck))


def _resident(world: World, number: int, home: Home, bed_type: BedType) -> None:
    """Somebody who lives in an institution of their own county."""
    luck, on = world.luck("shijiazhuang", "resident", number), plan()["day"]
    poor = bed_type is BedType.ORDINARY and luck.hit(0.12)
    ages = ages_in_homes("centralised_poor" if poor else "residents")
    moved_in = first_day(luck, home.opened, on, poor=poor)
    life = Life(ages, world.villages(home.county), plan()["counted_on"], moved_in, alone=poor)
    elder = enrol(world, plan()["first_person"] + number, life, luck)
    level = luck.of(_levels(nursing=bed_type is BedType.NURSING))
    if poor:
        self_care = SelfCareClass.FULL if level < 2 else SelfCareClass.PARTIAL
        more: dict[str, Any] = {"support_mode": SupportMode.CENTRALISED, "self_care": self_care}
        belong(world, elder, GroupCategory.EXTREMELY_POOR, on, luck, before=moved_in, **more)
    assess(world, elder, level, on, luck)
    payer = Payer.CENTRALISED_SUPPORT if poor else Payer.SELF
    stay = admit(world, elder, home.facility, bed_type, moved_in, payer=payer)
    live_on(world, elder.key, stay, home.facility, luck, since=moved_in, on=on)


def _waiting(world: World, homes: list[Home], first: int) -> None:
    """People who wait for a nursing bed in two institutions they would like."""
    on = plan()["day"]
    for number in range(first, first + plan()["waiting"]):
        luck = world.luck("shijiazhuang", "waiting", number)
        home = luck.one(homes)
        life = Life(ages_in_homes("residents"), world.villages(home.county), plan()["counted_on"])
        elder = enrol(world, plan()["first_person"] + number, life, luck)
        level = luck.one((2, 3, 3, 4))
        assess(world, elder, level, on, luck)
        wished = [home.facility, luck.one([other.facility for other in homes if other is not home])]
        priority = 7 if level >= 3 else 8
        county = world.division(Level.COUNTY, home.county)
        queue(world, elder, wished, on, luck, priority=priority, bed_type=BedType.NURSING, division=county)


def _at_home(world: World, number: int, county: str, luck: Luck) -> Elder:
    life = Life(ages_of(county), world.villages(county), plan()["counted_on"], telephone=False)
    elder = enrol(world, plan()["first_person"] + number, life, luck)
    if number < plan()["sample"] and luck.hit(0.1):
        assess(world, elder, level_at_home(elder.age(plan()["day"]), luck), plan()["day"], luck)
    return elder


def _groups(luck: Luck) -> Iterator[GroupCategory]:
    """The groups somebody at home belongs to; the extremely poor are never on minimum living guarantee as well."""
    groups = settings("people.yaml")["groups"]
    poor = luck.hit(groups["extremely_poor"])
    if poor:
        yield GroupCategory.EXTREMELY_POOR
    low = False
    for name, share in groups["shares"].items():
        category = GroupCategory[name]
        income = category in (GroupCategory.DIBAO, GroupCategory.DIBAO_MARGINAL)
        if luck.hit(share) and not (income and (poor or low)):
            low = low or income
            yield category


def _details(category: GroupCategory, luck: Luck) -> dict[str, Any]:
    if category is GroupCategory.EXTREMELY_POOR:
        return {
            "support_mode": SupportMode.SCATTERED,
            "self_care": luck.one((SelfCareClass.FULL, SelfCareClass.PARTIAL)),
        }
    if category is GroupCategory.FAMILY_PLANNING_SPECIAL:
        return {"subtype": "ONLY_CHILD_LOST" if luck.hit(0.58) else "ONLY_CHILD_DISABLED"}
    return {}


@cache
def _levels(*, nursing: bool) -> Weighted[int]:
    """Levels of residents by bed; those in nursing beds are the more disabled ones."""
    shares = settings("people.yaml")["ability_of_residents"]["levels"]
    return Weighted(
        {level: share * (level**2 + 0.05 if nursing else (5 - level) ** 2) for level, share in shares.items()}
    )
