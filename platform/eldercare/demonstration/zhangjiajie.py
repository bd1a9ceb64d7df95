"""Zhangjiajie: the four places for older people and the two childcare centres that the field visit named."""

from datetime import date
from itertools import count, islice
from typing import Any

from eldercare.demonstration.ability import assess
from eldercare.demonstration.age import ages_in_homes, ages_of, census
from eldercare.demonstration.facility import MARK, House, build, contract, found, seat
from eldercare.demonstration.luck import Weighted
from eldercare.demonstration.person import Life, enrol
from eldercare.demonstration.placement import admit, first_day
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry.capacity import BedType
from eldercare.registry.facility import FacilityKind, OperatingMode, Ownership, Sector
from eldercare.registry.organisation import OrganisationKind
from eldercare.registry.stay import Payer

OPENED = date(2012, 6, 1)
"""When the facilities opened; invented."""

URBAN = "430802"
"""Yongding District, where the places that were visited stand."""


def plan() -> dict[str, Any]:
    """What is published of the city and what the demonstration adds."""
    return settings("zhangjiajie.yaml")


def write_zhangjiajie(world: World) -> None:
    """Write the named facilities with their residents, and some people at home."""
    numbers = count(plan()["first_person"])
    for place, row in enumerate(plan()["facilities"]):
        facility = _facility(world, place, row)
        nursed = min(row.get("nursing", 0), row.get("residents", 0) // 2)
        beds = [BedType.NURSING] * nursed + [BedType.ORDINARY] * (row.get("residents", 0) - nursed)
        for bed_type in beds:
            _resident(world, next(numbers), facility, bed_type)
    counties = [code for code in census() if code.startswith(plan()["division"]) and not code.endswith("00")]
    for number in islice(numbers, plan()["neighbours"]):
        luck = world.luck("zhangjiajie", "person", number)
        county = luck.one(counties)
        enrol(world, number, Life(ages_of(county), world.villages(county), plan()["day"]), luck)


def _facility(world: World, place: int, row: dict[str, Any]) -> int:
    kind, operator = FacilityKind[row["kind"]], OrganisationKind[row["operator"]]
    mode, division = OperatingMode[row["mode"]], seat(world, row["at"])
    house = House(
        code=f"SYN-ZJJ-{place + 1:03d}",
        name=row["name"],
        division=division,
        kind=kind,
        ownership=Ownership.PRIVATE_FORPROFIT if mode is OperatingMode.PRIVATE else Ownership.GOVERNMENT,
        mode=mode,
        established=OPENED,
        beds=_beds(row),
        more={"sector": Sector.CHILDCARE if kind is FacilityKind.CHILDCARE else Sector.ELDERLY},
    )
    key = build(world, house)
    name = f"{row['name']}运营方{MARK}"
    contract(world, key, found(world, plan()["first_organisation"] + place, name, operator, division), mode, OPENED)
    return key


def _beds(row: dict[str, Any]) -> dict[BedType, int]:
    if "beds" in row:
        return {BedType.ORDINARY: row["beds"] - row["nursing"], BedType.NURSING: row["nursing"]}
    return {BedType.DAY: row["places"]} if "places" in row else {}


def _resident(world: World, number: int, facility: int, bed_type: BedType) -> None:
    luck, on = world.luck("zhangjiajie", "resident", number), plan()["day"]
    moved_in = first_day(luck, OPENED, on)
    elder = enrol(world, number, Life(ages_in_homes("residents"), world.villages(URBAN), on, moved_in), luck)
    levels = {2: 2, 3: 5, 4: 3} if bed_type is BedType.NURSING else {0: 5, 1: 4, 2: 1}
    assess(world, elder, luck.of(Weighted(levels)), on, luck)
    admit(world, elder, facility, bed_type, moved_in, payer=Payer.SELF)
