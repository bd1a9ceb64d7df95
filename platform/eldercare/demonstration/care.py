"""What synthetic facilities can do: capabilities, medical care, ratings, and what happens to their residents."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

from eldercare.demonstration.facility import House
from eldercare.demonstration.luck import Luck, Weighted
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry import CareRiskEvent, FacilityCapability, MedicalIntegration, Rating, StayLeave
from eldercare.registry.assessment import CareRiskKind
from eldercare.registry.capability import Capability, MedicalMode
from eldercare.registry.division import Level
from eldercare.registry.rating import RatingScheme
from eldercare.registry.stay import LeaveReason


def equip(world: World, facility: int, capabilities: Sequence[Capability], begins: date) -> None:
    """Write what a facility has offered since a day."""
    for capability in capabilities:
        world.ledger.add(FacilityCapability, facility_id=facility, capability=capability, valid_from=begins)


def furnish_care(world: World, facility: int, house: House, luck: Luck, *, on: date, city: str) -> None:
    """Write by chance what an institution of a city offers, how medical care is tied in, and the stars it was given."""
    care = settings("care.yaml")
    offered = [Capability[name] for name, share in care["capabilities"]["shares"].items() if luck.hit(share)]
    equip(world, facility, offered, house.established)
    mode = luck.of(_medical())
    if mode:
        world.ledger.add(MedicalIntegration, facility_id=facility, mode=mode, valid_from=house.established)
    stars = luck.of(_stars())
    if stars and house.established + timedelta(days=400) < on:
        issued = on - timedelta(days=luck.between(1, 360))
        issuer = world.division(Level.PROVINCE, city[:2]) if stars > 3 else world.division(Level.CITY, city)
        values = {"scheme": RatingScheme.INSTITUTION_STAR, "level": stars, "issuer_id": issuer, "issued_on": issued}
        world.ledger.add(Rating, facility_id=facility, **values)


def live_on(world: World, person: int, stay: int, facility: int, luck: Luck, *, since: date, on: date) -> None:
    """Write by chance that a resident was away with the bed kept, or came to harm, in the weeks before a day."""
    care = settings("care.yaml")["residents"]
    weeks = on - timedelta(days=care["days"])
    if since >= weeks:
        return
    if luck.hit(care["leaves"]):
        left = weeks + timedelta(days=luck.below(care["days"] - 15))
        back = left + timedelta(days=luck.between(1, 14))
        reason = LeaveReason.HOSPITAL if luck.hit(0.4) else LeaveReason.FAMILY_VISIT
        world.ledger.add(StayLeave, stay_id=stay, left_on=left, returned_on=back, reason=reason)
    if luck.hit(care["events"]):
        kind = luck.one((CareRiskKind.FALL, CareRiskKind.FALL, CareRiskKind.CHOKE, CareRiskKind.WANDER))
        day = weeks + timedelta(days=luck.below(care["days"]))
        world.ledger.add(CareRiskEvent, person_id=person, facility_id=facility, happened_on=day, kind=kind)


@cache
def _medical() -> Weighted[MedicalMode | None]:
    shares = settings("care.yaml")["medical"]["shares"]
    return Weighted([(MedicalMode[name] if name != "none" else None, share) for name, share in shares.items()])


@cache
def _stars() -> Weighted[int]:
    return Weighted(settings("care.yaml")["stars"]["facilities"])
