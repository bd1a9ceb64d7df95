"""Commands about the life of a facility: change its state, and close it with all that ends with it."""

from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from eldercare.registry import supervision_rules
from eldercare.registry.capability import FacilityCapability, MedicalIntegration
from eldercare.registry.capacity import CapacityPeriod
from eldercare.registry.change import Writer
from eldercare.registry.childcare import ChildcarePeriod
from eldercare.registry.contract import OperatingContract
from eldercare.registry.draft import refuse
from eldercare.registry.facility import Facility, FacilityPhase, FacilityStatus
from eldercare.registry.phase import move_on
from eldercare.registry.rating import Rating, RatingStatus
from eldercare.registry.service_area import FacilityArea
from eldercare.registry.stay import Stay

ENDING = (
    CapacityPeriod,
    OperatingContract,
    FacilityCapability,
    MedicalIntegration,
    Rating,
    ChildcarePeriod,
    FacilityArea,
    *supervision_rules.ENDING,
)
"""What ends with its facility."""


def change_status(
    writer: Writer,
    *,
    facility_id: int,
    status: FacilityStatus,
    on: date,
    reason: str | None = None,
    expected_version: int | None = None,
) -> Facility:
    """Bring a facility into another state from a day on."""
    _current(writer, facility_id, expected_version)
    if status is FacilityStatus.CLOSED:
        refuse("USE_CLOSE_FACILITY", "Closing a facility ends more than its state.", "Use closeFacility.", "status")
    move_on(writer, FacilityPhase, {"facility_id": facility_id}, status=status, on=on, reason=reason)
    if status is FacilityStatus.FILED and writer.find(Facility, facility_id).filed_on is None:
        writer.correct(Facility, facility_id, {"filed_on": on})
    return writer.find(Facility, facility_id)


def close_facility(
    writer: Writer, *, facility_id: int, on: date, reason: str, expected_version: int | None = None
) -> Facility:
    """Close a facility on a day; refused while anybody lives there. Its capacity, contract, services and ratings end with it."""
    facility = _current(writer, facility_id, expected_version)
    if facility.closed_on is not None:
        refuse("ALREADY_ENDED", "This facility is already closed.", "Nothing needs to be done.", "facility_id")
    _empty(writer, facility_id, on)
    with writer.together():
        for noun in ENDING:
            for row in _going_on(writer, noun, facility_id, on):
                _end(writer, noun, row, on)
        owner = {"facility_id": facility_id}
        move_on(writer, FacilityPhase, owner, status=FacilityStatus.CLOSED, on=on, reason=reason)
        writer.end(Facility, facility_id, on, reason=reason)
    return writer.find(Facility, facility_id)


def _current(writer: Writer, facility_id: int, expected_version: int | None) -> Facility:
    facility = writer.locked(Facility, facility_id)
    writer.expect(facility, expected_version)
    return facility


def _empty(writer: Writer, facility_id: int, on: date) -> None:
    still = or_(Stay.discharged_on.is_(None), Stay.discharged_on > on)
    people = writer.session.scalar(select(func.count(Stay.id)).where(Stay.facility_id == facility_id, still))
    if people:
        refuse(
            "FACILITY_NOT_EMPTY",
            f"{people} {'person lives' if people == 1 else 'people live'} there on {on} or later.",
            "Transfer or discharge them first.",
            "facility_id",
        )


def _going_on(writer: Writer, noun: Any, facility_id: int, on: date) -> list[Any]:
    end = getattr(noun, noun.__validity__.end)
    chosen = select(noun).where(noun.facility_id == facility_id, or_(end.is_(None), end > on))
    return list(writer.session.scalars(chosen.order_by(noun.id)))


def _end(writer: Writer, noun: Any, row: Any, on: date) -> None:
    validity = noun.__validity__
    start = getattr(row, validity.start)
    if start is None or start >= on:
        writer.annul(noun, row.id, reason="the facility closed before it began")
        return
    also = {"status": RatingStatus.REVOKED} if noun is Rating else {}
    writer.correct(noun, row.id, {validity.end: on, **also}, reason="facility closed")
