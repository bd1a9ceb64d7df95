"""Mianyang: 32 rural regional centres with their residents, and 21 day-care centres run by social forces."""

from collections.abc import Iterator
from datetime import date
from itertools import count, islice
from typing import Any

from eldercare.demonstration.ability import assess
from eldercare.demonstration.age import ages_in_homes, ages_of, census
from eldercare.demonstration.facility import MARK, House, build, contract, found
from eldercare.demonstration.luck import Luck, Weighted
from eldercare.demonstration.person import Life, enrol
from eldercare.demonstration.placement import admit, first_day
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry.capacity import BedType
from eldercare.registry.division import Level
from eldercare.registry.facility import FacilityKind, OperatingMode, Ownership
from eldercare.registry.organisation import OrganisationKind
from eldercare.registry.stay import Payer

OPERATORS = (OrganisationKind.SOCIAL_SERVICE_ORG, OrganisationKind.ENTERPRISE)


def plan() -> dict[str, Any]:
    """What is published of the city and what the demonstration adds."""
    return settings("mianyang.yaml")


def counties() -> list[str]:
    """The nine county-level divisions."""
    return [code for code in census() if code.startswith(plan()["division"]) and not code.endswith("00")]


def write_mianyang(world: World) -> None:
    """Write the city's facilities, their residents, and some people at home."""
    luck = world.luck("mianyang", "places")
    numbers = count(plan()["first_person"])
    for place in range(plan()["regional_centres"]["count"]):
        _regional_centre(world, luck, place, numbers)
    for place in range(plan()["day_care_centres"]["count"]):
        _day_care(world, luck, place)
    for number in islice(numbers, plan()["neighbours"]):
        luck = world.luck("mianyang", "person", number)
        county = luck.one(counties())
        enrol(world, number, Life(ages_of(county), world.villages(county), plan()["day"]), luck)


def _town(world: World, place: int) -> str:
    """Another town each time, going round the counties; streets are left to the day-care centres."""
    county = counties()[place % len(counties())]
    towns = [town for town in world.towns(county) if not world.name(Level.TOWN, town).endswith("街道")]
    apart: int = len(towns) * len(counties()) // plan()["regional_centres"]["count"]
    return towns[(place // len(counties()) * apart + 2) % len(towns)]


def _regional_centre(world: World, luck: Luck, place: int, numbers: Iterator[int]) -> None:
    """A centre with its residents, who take the next numbers."""
    shape = plan()["regional_centres"]
    town, size = _town(world, place), luck.between(*shape["beds"])
    nursing = round(size * shape["nursing"])
    house = House(
        code=f"SYN-MY-{place + 1:03d}",
        name=f"{world.name(Level.TOWN, town)}农村区域性养老服务中心{MARK}",
        division=world.division(Level.TOWN, town),
        kind=FacilityKind.RURAL_REGIONAL_CENTER,
        ownership=Ownership.GOVERNMENT,
        mode=OperatingMode.PUBLIC_PUBLIC,
        established=max(date(luck.between(2008, 2015), luck.between(1, 12), 1), world.begins(Level.TOWN, town)),
        beds={BedType.ORDINARY: size - nursing, BedType.NURSING: nursing},
        more={"regional_centre": True},
    )
    facility = build(world, house)
    low, high = shape["fullness"]
    full = low + (high - low) * luck.share()
    for bed_type, beds in house.beds.items():
        for number in islice(numbers, int(beds * full)):
            _resident(world, number, town, facility, bed_type, house.established)


def _resident(world: World, number: int, town: str, facility: int, bed_type: BedType, opened: date) -> None:
    luck, on = world.luck("mianyang", "resident", number), plan()["day"]
    moved_in = first_day(luck, opened, on)
    life = Life(ages_in_homes("residents"), world.villages(town), on, moved_in)
    elder = enrol(world, number, life, luck)
    levels = {2: 2, 3: 5, 4: 3} if bed_type is BedType.NURSING else {0: 5, 1: 4, 2: 1}
    assess(world, elder, luck.of(Weighted(levels)), on, luck)
    admit(world, elder, facility, bed_type, moved_in, payer=Payer.SELF)


def _day_care(world: World, luck: Luck, place: int) -> None:
    """A day-care centre in a town or street, run by a social organisation or a private firm."""
    county = counties()[place % len(counties())]
    town = world.towns(county)[place // len(counties())]
    kind = OPERATORS[place % 2]
    division = world.division(Level.TOWN, town)
    house = House(
        code=f"SYN-MY-D{place + 1:03d}",
        name=f"{world.name(Level.TOWN, town)}日间照料中心{MARK}",
        division=division,
        kind=FacilityKind.DAY_CARE_CENTER,
        ownership=Ownership.GOVERNMENT,
        mode=OperatingMode.PUBLIC_BUILT_PRIVATE_RUN,
        established=max(date(luck.between(2014, 2017), luck.between(1, 12), 1), world.begins(Level.TOWN, town)),
        beds={BedType.DAY: luck.between(*plan()["day_care_centres"]["places"])},
    )
    name = f"{world.name(Level.TOWN, town)}{kind.zh}{place + 1:02d}{MARK}"
    operator = found(world, plan()["first_organisation"] + place, name, kind, division)
    contract(world, build(world, house), operator, house.mode, house.established)
