"""Synthetic stays and applications: who lives where since when, who lived there before, and who waits."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import log
from typing import Any

from eldercare.demonstration.luck import Luck
from eldercare.demonstration.person import Elder
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry import Application, ApplicationPhase, ApplicationPreference, Stay
from eldercare.registry.application import ApplicationStatus, Channel, Setting
from eldercare.registry.capacity import BedType
from eldercare.registry.stay import DischargeReason, Payer


def first_day(luck: Luck, opened: date, on: date, *, poor: bool = False) -> date:
    """The day somebody who lives in a home on a day moved in: after the home opened, and the longer ago the rarer.

    Of those present on a day most are on a long stay, because long stays are met more often than short ones.
    """
    stays = settings("people.yaml")["stays"]
    short, long = stays["short"], stays["long"]
    met_short = short["share"] * short["days"] / (short["share"] * short["days"] + long["share"] * long["days"])
    mean = stays["poor_days"] if poor else short["days"] if luck.hit(met_short) else long["days"]
    days = int(-mean * log(1 - luck.share()))
    return on - timedelta(days=1 + days % ((on - opened).days - 1))


def admit(world: World, elder: Elder, facility: int, bed_type: BedType, day: date, *, payer: Payer, **more: Any) -> int:
    """Write that a person has lived in a facility since a day."""
    values = {
        "person_id": elder.key,
        "facility_id": facility,
        "bed_type": bed_type,
        "admitted_on": day,
        "payer": payer,
        "agreement_number": f"示例-{elder.key}",
        **more,
    }
    return world.ledger.add(Stay, **values)


def leave(world: World, elder: Elder, facility: int, opened: date, on: date, luck: Luck) -> None:
    """Write a stay in an ordinary bed that ended some time in the three years before a day."""
    end = on - timedelta(days=luck.between(30, 1100))
    begin = first_day(luck, opened, end)
    reason = DischargeReason.WENT_HOME if luck.hit(0.7) else DischargeReason.HOSPITAL
    admit(
        world,
        elder,
        facility,
        BedType.ORDINARY,
        begin,
        payer=Payer.SELF,
        discharged_on=end,
        discharge_reason=reason,
    )


def queue(
    world: World,
    elder: Elder,
    facilities: Sequence[int],
    on: date,
    luck: Luck,
    *,
    priority: int,
    bed_type: BedType,
    division: int,
) -> int:
    """Write that a person applied within the year before a day, was assessed and waits; gives the application's key."""
    applied = on - timedelta(days=luck.between(12, 360))
    queued = applied + timedelta(days=luck.between(3, 10))
    key = world.ledger.add(
        Application,
        person_id=elder.key,
        setting=Setting.INSTITUTION,
        bed_type=bed_type,
        division_id=division,
        applied_on=applied,
        channel=luck.one((Channel.VILLAGE, Channel.TOWN_WINDOW, Channel.FACILITY)),
        priority_class=priority,
    )
    steps = ((ApplicationStatus.SUBMITTED, applied, queued), (ApplicationStatus.QUEUED, queued, None))
    for status, begins, ends in steps:
        world.ledger.add(ApplicationPhase, application_id=key, status=status, valid_from=begins, valid_to=ends)
    for rank, facility in enumerate(facilities, 1):
        world.ledger.add(ApplicationPreference, application_id=key, facility_id=facility, rank=rank)
    return key
