"""What services add to facilities: the towns of regional centres, several settings, medical care, places for children."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from eldercare.demonstration.service import plan
from eldercare.demonstration.world import World
from eldercare.registry import ChildcarePeriod, Facility, FacilityArea, FacilityCapability, MedicalIntegration
from eldercare.registry.capability import Capability, MedicalMode
from eldercare.registry.division import Division, Level
from eldercare.registry.facility import FacilityKind


def write_service_places(world: World) -> None:
    """Write what the facilities of Mianyang and Zhangjiajie offer besides beds."""
    _regional_centres(world)
    _day_care(world)
    _childcare(world)
    _community_centre(world)


def _facilities(world: World, prefix: str, kind: FacilityKind) -> list[Any]:
    """The facilities of a kind whose code begins so: key, name, first day, and their division's digits."""
    chosen = select(Facility.id, Facility.name, Facility.established_on, Division.code)
    chosen = chosen.join(Division, Division.id == Facility.division_id)
    chosen = chosen.where(Facility.code.startswith(prefix), Facility.kind == kind)
    return list(world.ledger.connection.execute(chosen.order_by(Facility.code)))


def _regional_centres(world: World) -> None:
    """Each serves its own town, some also the town after it in the list that no other centre serves."""
    shape = plan()["regional_centres"]
    centres = _facilities(world, "SYN-MY-", FacilityKind.RURAL_REGIONAL_CENTER)
    taken = {code[:9] for *_, code in centres}
    for place, (key, _, opened, code) in enumerate(centres):
        _area(world, key, code[:9], opened)
        if place < shape["with_medical"]:
            mode = MedicalMode.CONTRACTED_TOWN_HEALTH_CENTRE
            world.ledger.add(MedicalIntegration, facility_id=key, mode=mode, valid_from=opened)
        if place < shape["shared_towns"]:
            towns = [town for town in world.towns(code[:6]) if town not in taken]
            taken.add(towns[0])
            _area(world, key, towns[0], max(opened, shape["opened"]))


def _area(world: World, facility: int, town: str, begins: date) -> None:
    division = world.division(Level.TOWN, town)
    day = max(begins, world.begins(Level.TOWN, town))
    world.ledger.add(FacilityArea, facility_id=facility, division_id=division, valid_from=day)


def _day_care(world: World) -> None:
    """Day care everywhere; some centres go on to serve people at home or for short stays."""
    for place, (key, _, opened, _) in enumerate(_facilities(world, "SYN-MY-D", FacilityKind.DAY_CARE_CENTER), start=1):
        world.ledger.add(FacilityCapability, facility_id=key, capability=Capability.DAY_CARE, valid_from=opened)
        for name, every in plan()["day_care_settings"].items():
            if place % every == 0:
                later = opened + timedelta(days=180)
                world.ledger.add(FacilityCapability, facility_id=key, capability=Capability[name], valid_from=later)


def _childcare(world: World) -> None:
    rows = {row["name"]: row for row in plan()["childcare"]}
    for key, name, opened, _ in _facilities(world, "SYN-ZJJ-", FacilityKind.CHILDCARE):
        row = rows[name]
        numbers = {"places": row["places"], "inclusive_places": row["inclusive"], "enrolled": row["enrolled"]}
        world.ledger.add(ChildcarePeriod, facility_id=key, valid_from=opened, **numbers)


def _community_centre(world: World) -> None:
    """The community centre of Zhangjiajie brings meals and serves at home."""
    for key, _, opened, _ in _facilities(world, "SYN-ZJJ-", FacilityKind.HOME_CARE_CENTER):
        for capability in (Capability.MEAL_POINT, Capability.DAY_CARE, Capability.HOME_SERVICE):
            world.ledger.add(FacilityCapability, facility_id=key, capability=capability, valid_from=opened)
