"""The rules between records, one list: lives, facilities, stays, beds and phases."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from eldercare.registry import supervision_rules
from eldercare.registry.application import Application, ApplicationPhase
from eldercare.registry.assessment import AbilityAssessment, CareRiskEvent
from eldercare.registry.capability import FacilityCapability, MedicalIntegration
from eldercare.registry.capacity import CapacityPeriod, CapacityReserve
from eldercare.registry.census import Visit
from eldercare.registry.childcare import ChildcarePeriod
from eldercare.registry.contract import OperatingContract
from eldercare.registry.division import Division
from eldercare.registry.division_rules import DIVISION_INVARIANTS
from eldercare.registry.entitlement import Entitlement, ServiceAccount
from eldercare.registry.entity import Record
from eldercare.registry.facility import Facility, FacilityPhase, FacilityStatus
from eldercare.registry.fund_invariants import FUND_INVARIANTS
from eldercare.registry.hotline import Device, HotlineCall, ServiceRequest
from eldercare.registry.invariant import Invariant, gap, overlap, step, total
from eldercare.registry.membership import GroupMembership
from eldercare.registry.organisation import OrganisationMembership
from eldercare.registry.person import LivingArrangement, Person, Residence
from eldercare.registry.pilot_rules import PILOT_INVARIANTS
from eldercare.registry.query import entity_class
from eldercare.registry.rating import Rating
from eldercare.registry.rules import rule
from eldercare.registry.service_area import FacilityArea
from eldercare.registry.service_invariants import SERVICE_INVARIANTS
from eldercare.registry.service_order import ServiceOrder
from eldercare.registry.statistic import IndicatorTarget
from eldercare.registry.stay import Stay, StayLeave
from eldercare.registry.willingness import Willingness

OF_A_PERSON: dict[type[Record], str] = {
    Residence: "valid_from",
    LivingArrangement: "valid_from",
    GroupMembership: "valid_from",
    AbilityAssessment: "assessed_on",
    CareRiskEvent: "happened_on",
    Application: "applied_on",
    Stay: "admitted_on",
    Device: "installed_on",
    HotlineCall: "called_on",
    ServiceRequest: "requested_on",
    ServiceOrder: "ordered_on",
    Entitlement: "valid_from",
    ServiceAccount: "opened_on",
    Visit: "visited_on",
    Willingness: "valid_from",
}
"""Nouns about a person, and the column that says when each began."""

IN_GOOD_FAITH: tuple[type[Record], ...] = (Entitlement, ServiceAccount)
"""What was granted and paid before a death became known stays as a fact; `fund_invariants` asks when it is written."""

OF_A_FACILITY: tuple[type[Record], ...] = (
    Stay,
    CapacityPeriod,
    OperatingContract,
    FacilityCapability,
    MedicalIntegration,
    Rating,
    ChildcarePeriod,
    FacilityArea,
    *supervision_rules.ENDING,
)
"""Nouns that end with their facility."""


def outside_life(row: Any, start: str, person: Any) -> ColumnElement[bool]:
    """Whether a record about a person begins before birth, after death, or under a record that was merged away."""
    began = getattr(row, start)
    return or_(began < person.birth_date, began > person.deceased_on, person.merged_into_id.is_not(None))


def _outside_life(row: Any) -> ColumnElement[bool]:
    person, noun = aliased(Person), _noun(row)
    return exists(select(person.id).where(person.id == row.person_id, outside_life(row, OF_A_PERSON[noun], person)))


def _life_changed(row: Any) -> ColumnElement[bool]:
    found = []
    for noun, start in OF_A_PERSON.items():
        if noun in IN_GOOD_FAITH:
            continue
        child = aliased(noun)
        began = getattr(child, start)
        outside = or_(began < row.birth_date, began > row.deceased_on, row.merged_into_id.is_not(None))
        found.append(exists(select(child.id).where(child.person_id == row.id, outside)))  # type: ignore[attr-defined]
    return or_(*found)


def _stays_after_death(row: Any) -> ColumnElement[bool]:
    person, stay = (aliased(Person), row) if _noun(row) is Stay else (row, aliased(Stay))
    other = person if _noun(row) is Stay else stay
    late = or_(stay.discharged_on.is_(None), stay.discharged_on > person.deceased_on)
    return exists(select(other.id).where(stay.person_id == person.id, person.deceased_on.is_not(None), late))


def _after_closure(row: Any) -> ColumnElement[bool]:
    facility = aliased(Facility)
    return exists(select(facility.id).where(facility.id == row.facility_id, _outlives(row, facility)))


def _closed_too_early(row: Any) -> ColumnElement[bool]:
    found = []
    for noun in OF_A_FACILITY:
        child = aliased(noun)
        owned: ColumnElement[bool] = child.facility_id == row.id  # type: ignore[attr-defined]
        found.append(exists(select(child.id).where(owned, _outlives(child, row))))
    return or_(*found)


def _outlives(child: Any, facility: Any) -> ColumnElement[bool]:
    validity = _noun(child).__validity__
    assert validity is not None, "everything that ends with a facility has a validity"
    start, end = getattr(child, validity.start), getattr(child, validity.end)
    late = or_(end.is_(None), end > facility.closed_on, start >= facility.closed_on)
    return and_(facility.closed_on.is_not(None), late)


def _stay_before_opening(row: Any) -> ColumnElement[bool]:
    facility, stay = (aliased(Facility), row) if _noun(row) is Stay else (row, aliased(Stay))
    other = facility if _noun(row) is Stay else stay
    early = facility.established_on > stay.admitted_on
    return exists(select(other.id).where(stay.facility_id == facility.id, early))


def _closed_phase(row: Any) -> ColumnElement[bool]:
    facility, phase = (aliased(Facility), row) if _noun(row) is FacilityPhase else (row, aliased(FacilityPhase))
    other = facility if _noun(row) is FacilityPhase else phase
    differs = or_(facility.closed_on.is_(None), facility.closed_on != phase.valid_from)
    wrong = and_(phase.facility_id == facility.id, phase.status == FacilityStatus.CLOSED, differs)
    return exists(select(other.id).where(wrong))


def _phase_after_closure(row: Any) -> ColumnElement[bool]:
    phase = aliased(FacilityPhase)
    late = or_(phase.valid_to.is_(None), phase.valid_to > row.closed_on)
    open_still = exists(
        select(phase.id).where(phase.facility_id == row.id, phase.status != FacilityStatus.CLOSED, late)
    )
    return and_(row.closed_on.is_not(None), open_still)


def _leave_outside(row: Any) -> ColumnElement[bool]:
    stay, leave = (aliased(Stay), row) if _noun(row) is StayLeave else (row, aliased(StayLeave))
    other = stay if _noun(row) is StayLeave else leave
    late = and_(
        stay.discharged_on.is_not(None),
        or_(leave.returned_on.is_(None), leave.returned_on > stay.discharged_on, leave.left_on > stay.discharged_on),
    )
    return exists(select(other.id).where(leave.stay_id == stay.id, or_(leave.left_on < stay.admitted_on, late)))


def _too_much_reserved(row: Any) -> ColumnElement[bool]:
    reserve = aliased(CapacityReserve)
    if _noun(row) is CapacityPeriod:
        kept = select(func.sum(reserve.beds)).where(reserve.capacity_period_id == row.id)
        exceeded: ColumnElement[bool] = total(kept.correlate(row)) > row.open
        return exceeded
    period = aliased(CapacityPeriod)
    kept = select(func.sum(reserve.beds)).where(reserve.capacity_period_id == row.capacity_period_id)
    return exists(
        select(period.id).where(period.id == row.capacity_period_id, total(kept.correlate(row)) > period.open)
    )


def _rating_of_another_kind(row: Any) -> ColumnElement[bool]:
    facility, given = (aliased(Facility), row) if _noun(row) is Rating else (row, aliased(Rating))
    other = facility if _noun(row) is Rating else given
    wrong = [
        and_(given.scheme == scheme, facility.kind.not_in(found["kinds"]))
        for scheme, found in rule("rating_schemes").items()
        if found["kinds"]
    ]
    return exists(select(other.id).where(given.facility_id == facility.id, or_(*wrong)))


def _rating_too_high(row: Any) -> ColumnElement[bool]:
    issuer = aliased(Division)
    wrong = [
        and_(row.scheme == scheme, issuer.level == level, row.level > highest)
        for scheme, found in rule("rating_schemes").items()
        for level, highest in found["highest_of_issuer"].items()
    ]
    return exists(select(issuer.id).where(issuer.id == row.issuer_id, or_(*wrong)))


def _noun(row: Any) -> type[Record]:
    return entity_class(row)


ALONE: tuple[type[Record], ...] = (
    Division,
    Residence,
    LivingArrangement,
    GroupMembership,
    OrganisationMembership,
    FacilityPhase,
    CapacityPeriod,
    OperatingContract,
    FacilityCapability,
    MedicalIntegration,
    Rating,
    ApplicationPhase,
    Stay,
    StayLeave,
    Willingness,
    IndicatorTarget,
    ServiceAccount,
)

INVARIANTS: tuple[Invariant, ...] = (
    *(overlap(noun) for noun in ALONE),
    *(gap(noun) for noun in (FacilityPhase, CapacityPeriod, ApplicationPhase)),
    step(FacilityPhase, "facility_id", rule("facility_transitions")),
    step(ApplicationPhase, "application_id", rule("application_transitions")),
    Invariant(
        "OUTSIDE_LIFE",
        "This would begin before the person's birth or after the death, or under a record that was merged away.",
        "Check the dates, or use the record the person was merged into.",
        tuple(noun for noun in OF_A_PERSON if noun not in IN_GOOD_FAITH),
        _outside_life,
        ("person_id",),
    ),
    Invariant(
        "OUTSIDE_LIFE",
        "Records of this person begin before the birth or after the death, or would be left under a merged record.",
        "Correct those records first; mergePeople takes them along.",
        (Person,),
        _life_changed,
        ("birth_date",),
    ),
    Invariant(
        "STAY_AFTER_DEATH",
        "Nobody stays in a facility after death.",
        "End the stay on the day of death, with the reason DECEASED.",
        (Person, Stay),
        _stays_after_death,
        ("deceased_on",),
    ),
    Invariant(
        "FACILITY_CLOSED",
        "The facility is closed on some of these days.",
        "Check the dates; what belongs to a facility ends with it.",
        OF_A_FACILITY,
        _after_closure,
        ("facility_id",),
    ),
    Invariant(
        "FACILITY_NOT_EMPTY",
        "A stay, capacity, contract, rating or service of this facility goes on after this day.",
        "Move or discharge the residents, then close it with closeFacility, which ends the rest.",
        (Facility,),
        _closed_too_early,
        ("closed_on",),
    ),
    Invariant(
        "FACILITY_NOT_OPEN",
        "The facility did not exist yet on the day of an admission.",
        "Check the dates.",
        (Stay, Facility),
        _stay_before_opening,
        ("admitted_on",),
    ),
    Invariant(
        "FACILITY_NOT_CLOSED",
        "The state CLOSED begins on the day the facility closes.",
        "Close it with closeFacility.",
        (FacilityPhase, Facility),
        _closed_phase,
        ("status",),
    ),
    Invariant(
        "FACILITY_PHASE_OPEN",
        "Another state of this facility goes on after the day it closes.",
        "Close it with closeFacility.",
        (Facility,),
        _phase_after_closure,
        ("closed_on",),
    ),
    Invariant(
        "LEAVE_OUTSIDE_STAY",
        "A leave lies within its stay.",
        "Check the dates; end the leave before the stay.",
        (StayLeave, Stay),
        _leave_outside,
        ("left_on",),
    ),
    Invariant(
        "RESERVED_EXCEEDS_OPEN",
        "More beds are reserved than are open.",
        "Reserve fewer beds or open more.",
        (CapacityPeriod, CapacityReserve),
        _too_much_reserved,
        ("beds",),
    ),
    Invariant(
        "RATING_OF_ANOTHER_KIND",
        "This scheme does not rate facilities of this kind.",
        "Use the scheme made for it.",
        (Rating, Facility),
        _rating_of_another_kind,
        ("scheme",),
    ),
    Invariant(
        "RATING_TOO_HIGH",
        "A body of this level of administration may not give so high a rating.",
        "Name the body that gave it.",
        (Rating,),
        _rating_too_high,
        ("issuer_id",),
    ),
    *DIVISION_INVARIANTS,
    *supervision_rules.INVARIANTS,
    *SERVICE_INVARIANTS,
    *FUND_INVARIANTS,
    *PILOT_INVARIANTS,
)
"""Every rule between records except the number of beds, which is counted in `occupancy`."""
