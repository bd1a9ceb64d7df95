"""Zhangjiajie: the four places for older people and the two childcare centres that the field visit named."""

from datetime import date
from itertools import count, islice
from typing import Any

from eldercare.demonstration.ability import assess, level_at_home, self_care
from eldercare.demonstration.age import ages_in_homes, ages_of, census
from eldercare.demonstration.facility import MARK, House, build, contract, found, seat
from eldercare.demonstration.luck import Weighted
from eldercare.demonstration.person import Life, belong, enrol
from eldercare.demonstration.placement import admit, first_day
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry.capacity import BedType
from eldercare.registry.facility import FacilityKind, OperatingMode, Ownership, Sector
from eldercare.registry.membership import GroupCategory, SupportMode
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
        for number, bed_type in enumerate(beds):
            _resident(
                world, next(numbers), facility, bed_type, poor=number % 2 == 0 and number < 2 * row.get("poor", 0)
            )
    for place, number in enumerate(islice(numbers, plan()["neighbours"])):
        groups = [GroupCategory[name] for name, (first, last) in plan()["at_home"].items() if first <= place < last]
        _neighbour(world, number, groups)


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


def _neighbour(world: World, number: int, groups: list[GroupCategory]) -> None:
    """Somebody at home in one of the city's counties; who is extremely poor or kinless lives alone."""
    luck, on = world.luck("zhangjiajie", "person", number), plan()["day"]
    county = luck.one(_counties())
    alone = GroupCategory.EXTREMELY_POOR in groups or GroupCategory.LONELY in groups
    elder = enrol(world, number, Life(ages_of(county), world.villages(county), on, alone=alone), luck)
    if not groups:
        return
    level = level_at_home(elder.age(on), luck)
    assess(world, elder, level, on, luck)
    for category in groups:
        details = _supported(SupportMode.SCATTERED, level) if category is GroupCategory.EXTREMELY_POOR else {}
        belong(world, elder, category, on, luck, **details)


def _resident(world: World, number: int, facility: int, bed_type: BedType, *, poor: bool) -> None:
    luck, on = world.luck("zhangjiajie", "resident", number), plan()["day"]
    moved_in = first_day(luck, OPENED, on)
    life = Life(ages_in_homes("residents"), world.villages(URBAN), on, moved_in, alone=poor)
    elder = enrol(world, number, life, luck)
    levels = {2: 2, 3: 5, 4: 3} if bed_type is BedType.NURSING else {0: 5, 1: 4, 2: 1}
    level = luck.of(Weighted(levels))
    assess(world, elder, level, on, luck)
    if poor:
        details = _supported(SupportMode.CENTRALISED, level)
        belong(world, elder, GroupCategory.EXTREMELY_POOR, on, luck, before=moved_in, **details)
    if level > 2 and luck.hit(plan()["demented"]):
        belong(world, elder, GroupCategory.DEMENTIA, on, luck, before=moved_in)
    payer = Payer.CENTRALISED_SUPPORT if poor else Payer.SELF
    admit(world, elder, facility, bed_type, moved_in, payer=payer)


def _supported(mode: SupportMode, level: int) -> dict[str, Any]:
    return {"support_mode": mode, "self_care": self_care(level)}


def _counties() -> list[str]:
    return [code for code in census() if code.startswith(plan()["division"]) and not code.endswith("00")]
