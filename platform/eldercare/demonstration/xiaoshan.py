"""Xiaoshan's places: five rural support centres, run by their towns and then by one group, and what else there is."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from eldercare.demonstration.care import equip
from eldercare.demonstration.facility import House, build, contract, found, furnish, reserve
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry import MedicalIntegration
from eldercare.registry.capability import Capability, MedicalMode
from eldercare.registry.capacity import BedType
from eldercare.registry.contract import PriceRule
from eldercare.registry.division import Level
from eldercare.registry.entity import Quality
from eldercare.registry.facility import FacilityKind, OperatingMode, Ownership
from eldercare.registry.organisation import OrganisationKind

COMMUNITY_SINCE = date(2016, 1, 1)
"""When the community's places opened; invented."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A bed somebody lives in."""

    facility: int
    bed_type: BedType
    opened: date


def plan() -> dict[str, Any]:
    """What is published of the district and how the demonstration splits it."""
    return settings("xiaoshan.yaml")


def write_places(world: World) -> list[Seat]:
    """Write the centres and the community's places; gives every bed that is occupied, centre by centre."""
    company = _company(world)
    seats: list[Seat] = []
    for place, centre in enumerate(plan()["centres"]):
        key = _centre(world, place, centre, company)
        opened, nursed = centre["established"], centre["nursed"]
        seats += [Seat(key, BedType.NURSING, opened)] * nursed
        seats += [Seat(key, BedType.ORDINARY, opened)] * (centre["residents"] - nursed)
    for place, row in enumerate(plan()["community"]):
        _community(world, place, row)
    return seats


def _company(world: World) -> int:
    group = plan()["group"]
    more = {"brand": group["brand"], "established_on": group["established"]}
    seat = world.division(Level.COUNTY, plan()["division"])
    return found(world, plan()["first_organisation"], group["name"], OrganisationKind.STATE_ENTERPRISE, seat, **more)


def _centre(world: World, place: int, centre: dict[str, Any], company: int) -> int:
    """A centre with its beds, the share of them kept for the extremely poor, and its two contracts."""
    town = world.name(Level.TOWN, centre["town"])
    house = House(
        code=f"SYN-XS-{place + 1:03d}",
        name=f"{town}农村五保供养服务中心(示例)",
        division=world.division(Level.TOWN, centre["town"]),
        kind=FacilityKind.RURAL_SUPPORT_CENTER,
        ownership=Ownership.GOVERNMENT,
        mode=OperatingMode.PUBLIC_BUILT_STATE_RUN,
        established=centre["established"],
        more={"extremely_poor_support": True, "quality": Quality.AMBIGUOUS},
    )
    key = build(world, house)
    share = Decimal(plan()["group"]["reserved_share_min"])
    for bed_type in (BedType.ORDINARY, BedType.NURSING):
        beds = centre[bed_type.value.lower()]
        reserve(world, furnish(world, key, bed_type, beds, house.established), beds, share)
    keeper = found(
        world,
        plan()["first_organisation"] + 1 + place,
        f"{town}人民政府(示例)",
        OrganisationKind.GOVERNMENT,
        house.division,
    )
    _contracts(world, key, house.established, keeper, company)
    equip(world, key, [Capability[name] for name in centre["offers"]], house.established)
    if centre["medical"]:
        mode = MedicalMode.CONTRACTED_TOWN_HEALTH_CENTRE
        world.ledger.add(MedicalIntegration, facility_id=key, mode=mode, valid_from=house.established)
    return key


def _contracts(world: World, facility: int, opened: date, town: int, company: int) -> None:
    """The town ran the centre until the day the group took over; the history is kept."""
    group = plan()["group"]
    day = group["took_over"]
    terms = {
        "price_rule": PriceRule.GOVERNMENT_PRICE,
        "reserved_share_min": Decimal(group["reserved_share_min"]),
    }
    contract(world, facility, town, OperatingMode.PUBLIC_PUBLIC, opened, valid_to=day, **terms)
    contract(world, facility, company, OperatingMode.PUBLIC_BUILT_STATE_RUN, day, group_operation=True, **terms)


def _community(world: World, place: int, row: dict[str, Any]) -> None:
    """Day care or home care without institutional beds, run by one of the other three kinds of operators."""
    house = House(
        code=f"SYN-XS-{place + 101:03d}",
        name=row["name"],
        division=world.division(Level.TOWN, row["town"]),
        kind=FacilityKind[row["kind"]],
        ownership=Ownership[row["ownership"]],
        mode=OperatingMode[row["mode"]],
        established=COMMUNITY_SINCE,
        beds={BedType.DAY: row["places"]},
    )
    index = plan()["first_organisation"] + 101 + place
    operator = found(world, index, row["operator_name"], OrganisationKind[row["operator"]], house.division)
    contract(world, build(world, house), operator, house.mode, house.established)
