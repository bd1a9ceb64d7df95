"""Synthetic facilities: written with their state, beds, reserve and contract."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from math import floor
from typing import Any

from eldercare.demonstration.identity import credit_code
from eldercare.demonstration.world import World
from eldercare.registry import (
    CapacityPeriod,
    CapacityReserve,
    Facility,
    FacilityPhase,
    OperatingContract,
    Organisation,
)
from eldercare.registry.capacity import BedType
from eldercare.registry.contract import PriceRule
from eldercare.registry.division import Level
from eldercare.registry.facility import FacilityKind, FacilityStatus, OperatingMode, Ownership
from eldercare.registry.membership import GroupCategory
from eldercare.registry.organisation import OrganisationKind

PREFIXES = {
    OrganisationKind.GOVERNMENT: "11",
    OrganisationKind.PUBLIC_INSTITUTION: "12",
    OrganisationKind.SOCIAL_SERVICE_ORG: "52",
    OrganisationKind.ENTERPRISE: "91",
    OrganisationKind.STATE_ENTERPRISE: "91",
    OrganisationKind.ASSOCIATION: "51",
    OrganisationKind.MEDICAL: "12",
}
"""First two characters of a credit code by what registered the organisation."""

MARK = "(示例)"
"""Stands at the end of every invented name of a facility or organisation."""


@dataclass(frozen=True, slots=True)
class House:
    """A facility to be written, with its open beds by type on the day the figures are of."""

    code: str
    name: str
    division: int
    kind: FacilityKind
    ownership: Ownership
    mode: OperatingMode
    established: date
    beds: Mapping[BedType, int] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)


def build(world: World, house: House) -> int:
    """Write a facility in operation since it was established, with its beds; gives its key."""
    values = {
        "code": house.code,
        "name": house.name,
        "kind": house.kind,
        "ownership": house.ownership,
        "operating_mode": house.mode,
        "division_id": house.division,
        "established_on": house.established,
        "filed_on": house.established,
        **house.more,
    }
    key = world.ledger.add(Facility, **values)
    world.ledger.add(FacilityPhase, facility_id=key, status=FacilityStatus.OPERATING, valid_from=house.established)
    for bed_type, open_beds in house.beds.items():
        furnish(world, key, bed_type, open_beds, house.established)
    return key


def furnish(world: World, facility: int, bed_type: BedType, beds: int, begins: date) -> int:
    """Write that a facility has had so many beds of a type since a day."""
    return world.ledger.add(
        CapacityPeriod,
        facility_id=facility,
        bed_type=bed_type,
        designed=beds,
        filed=beds,
        open=beds,
        valid_from=begins,
    )


def reserve(world: World, period: int, beds: int, share: Decimal) -> None:
    """Write that at least this share of a period's beds is kept for the extremely poor."""
    kept = floor(beds * share) + (beds * share % 1 > 0)
    if kept:
        world.ledger.add(CapacityReserve, capacity_period_id=period, category=GroupCategory.EXTREMELY_POOR, beds=kept)


def found(world: World, index: int, name: str, kind: OrganisationKind, division: int, **more: Any) -> int:
    """Write a synthetic organisation with a credit code nobody else has; gives its key."""
    code = credit_code(PREFIXES[kind], index)
    return world.ledger.add(Organisation, name=name, kind=kind, uscc=code, division_id=division, **more)


def contract(world: World, facility: int, operator: int, mode: OperatingMode, begins: date, **more: Any) -> None:
    """Write that an organisation runs a facility from a day on."""
    terms = {"price_rule": PriceRule.MARKET, **more}
    world.ledger.add(
        OperatingContract, facility_id=facility, operator_id=operator, mode=mode, valid_from=begins, **terms
    )


def seat(world: World, digits: str) -> int:
    """The key of the division with these digits, whatever its level."""
    levels = {2: Level.PROVINCE, 4: Level.CITY, 6: Level.COUNTY, 9: Level.TOWN, 12: Level.VILLAGE}
    return world.division(levels[len(digits)], digits)
