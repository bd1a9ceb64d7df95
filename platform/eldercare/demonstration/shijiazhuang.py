"""Shijiazhuang's places: 213 institutions whose beds and residents add up to the published figures, and 352 centres."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from eldercare.demonstration.age import census
from eldercare.demonstration.care import furnish_care
from eldercare.demonstration.facility import MARK, House, build, contract, found
from eldercare.demonstration.luck import Luck, Weighted, apportioned
from eldercare.demonstration.name import house_names
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry import OrganisationMembership
from eldercare.registry.capacity import BedType
from eldercare.registry.division import Level
from eldercare.registry.facility import FacilityKind, OperatingMode, Ownership
from eldercare.registry.organisation import OrganisationKind


@dataclass(frozen=True, slots=True)
class Home:
    """An institution already written, with the residents it has by type of bed."""

    facility: int
    operator: int
    private: bool
    county: str
    opened: date
    residents: dict[BedType, int]


@dataclass(frozen=True, slots=True)
class Sort:
    """What an institution is and who runs it."""

    kind: FacilityKind
    ownership: Ownership
    mode: OperatingMode
    operator: OrganisationKind


def plan() -> dict[str, Any]:
    """What is published of the city and how the demonstration splits it."""
    return settings("shijiazhuang.yaml")


def counties() -> Weighted[str]:
    """The city's counties by their people aged 60 and over in the census."""
    old = {
        code: sum(count for name, count in row.items() if name[:2] in ("m_", "f_"))
        for code, row in census().items()
        if code.startswith(plan()["division"]) and not code.endswith("00")
    }
    return Weighted(old)


def write_institutions(world: World) -> list[Home]:
    """Write all institutions; their beds and residents add up to the published figures."""
    luck = world.luck("shijiazhuang", "institutions")
    kinds, beds = sorts(), sizes(luck)
    residents = filled(luck, beds)
    names = house_names(luck, len(beds))
    where = counties()
    homes = []
    for place, (sort, size, people) in enumerate(zip(kinds, beds, residents, strict=True)):
        homes.append(_institution(world, luck, place, sort, names[place], luck.of(where), size, people))
    _brands(world, [home.operator for home in homes if home.private])
    return homes


def write_centres(world: World) -> None:
    """Write the home-care centres: one in every street or town of the ten districts, the others in communities."""
    towns = [town for county in plan()["urban"] for town in world.towns(county)]
    luck = world.luck("shijiazhuang", "centres")
    extra = luck.mixed(towns)[: plan()["comprehensive_centres"] - len(towns)]
    ordinals = dict.fromkeys(range(len(towns), len(towns) + len(extra)), "第二")
    for place, town in enumerate([*towns, *extra]):
        name = f"{world.name(Level.TOWN, town)}{ordinals.get(place, '')}综合性居家养老服务中心{MARK}"
        _centre(world, luck, place, name, world.division(Level.TOWN, town), FacilityKind.HOME_CARE_COMPREHENSIVE)
    for place in range(plan()["community_centres"]):
        town = towns[place % len(towns)]
        village = luck.one(world.villages(town)).key
        name = f"{world.name(Level.TOWN, town)}社区居家养老服务中心{place + 1:03d}{MARK}"
        _centre(world, luck, place + 200, name, village, FacilityKind.HOME_CARE_CENTER)


def sorts() -> list[Sort]:
    """What each institution is: the public ones first."""
    rows = [row for group in ("public", "private") for row in plan()["kinds"][group]]
    found = []
    for kind, ownership, mode, operator, count in rows:
        sort = Sort(FacilityKind[kind], Ownership[ownership], OperatingMode[mode], OrganisationKind[operator])
        found += [sort] * count
    return found


def sizes(luck: Luck) -> list[int]:
    """The beds of each institution: the public ones first, each group adding up to its published number."""
    spread = plan()["spread"]
    found: list[int] = []
    for group in ("public", "private"):
        count, beds = plan()[group]["institutions"], plan()[group]["beds"]
        weights = [spread["least"] + (spread["most"] - spread["least"]) * luck.share() ** 2 for _ in range(count)]
        found += apportioned(beds, weights, least=plan()["smallest"])
    return found


def filled(luck: Luck, beds: list[int]) -> list[int]:
    """The residents of each institution: some nearly full, some nearly empty, together the published number."""
    full = plan()["fullness"]
    weights = [size * (full["least"] + (full["most"] - full["least"]) * luck.share()) for size in beds]
    return apportioned(plan()["residents"], weights, most=[int(size * 0.98) for size in beds])


def _institution(
    world: World, luck: Luck, place: int, sort: Sort, name: str, county: str, size: int, people: int
) -> Home:
    nursing = plan()["nursing"]
    beds = {BedType.NURSING: round(size * nursing["beds"])}
    beds[BedType.ORDINARY] = size - beds[BedType.NURSING]
    nursed = min(
        beds[BedType.NURSING], round(people * (nursing["least"] + (nursing["most"] - nursing["least"]) * luck.share()))
    )
    nursed = max(nursed, people - beds[BedType.ORDINARY])
    town = world.division(Level.TOWN, luck.one(world.towns(county)))
    house = House(
        code=f"SYN-SJZ-{place + 1:03d}",
        name=f"{world.name(Level.COUNTY, county)}{name}{_word(sort.kind)}{MARK}",
        division=town,
        kind=sort.kind,
        ownership=sort.ownership,
        mode=sort.mode,
        established=max(date(luck.between(2000, 2014), luck.between(1, 12), 1), world.begins(Level.COUNTY, county)),
        beds=beds,
    )
    key = build(world, house)
    operator = found(
        world,
        plan()["first_organisation"] + place,
        f"{world.name(Level.COUNTY, county)}{name}{sort.operator.zh}{MARK}",
        sort.operator,
        town,
    )
    contract(world, key, operator, sort.mode, house.established)
    furnish_care(world, key, house, world.luck("care", house.code), on=plan()["day"], city=plan()["division"])
    private = place >= plan()["public"]["institutions"]
    return Home(
        key, operator, private, county, house.established, {BedType.NURSING: nursed, BedType.ORDINARY: people - nursed}
    )


def _brands(world: World, operators: list[int]) -> None:
    """Write the operator groups: each with a brand and some of the private operators as members."""
    city = world.division(Level.CITY, plan()["division"])
    since = plan()["brands"]["since"]
    for place, brand in enumerate(plan()["brands"]["names"]):
        name, index = f"石家庄{brand}养老集团{MARK}", plan()["first_organisation"] + 900 + place
        more = {"brand": f"{brand}{MARK}", "established_on": since}
        group = found(world, index, name, OrganisationKind.ENTERPRISE, city, **more)
        for member in operators[place :: len(operators) // plan()["brands"]["members"]]:
            world.ledger.add(OrganisationMembership, group_id=group, member_id=member, valid_from=since)


def _word(kind: FacilityKind) -> str:
    """The kind as it stands at the end of a name."""
    return "敬老院" if kind is FacilityKind.TOWN_HOME else kind.zh


def _centre(world: World, luck: Luck, place: int, name: str, division: int, kind: FacilityKind) -> None:
    """A home-care centre run by a social service organisation."""
    house = House(
        code=f"SYN-SJZ-H{place + 1:03d}",
        name=name,
        division=division,
        kind=kind,
        ownership=Ownership.GOVERNMENT,
        mode=OperatingMode.PUBLIC_BUILT_PRIVATE_RUN,
        established=date(luck.between(2014, 2016), luck.between(2, 12), 1),
    )
    build(world, house)
