"""Commands about living in a facility: admit, transfer, leave and come back, discharge, and a death with all it ends."""

from datetime import date
from typing import Any

from sqlalchemy import literal, or_, select
from sqlalchemy.orm import Session

from eldercare.kit.errors import NotFound
from eldercare.registry import granting
from eldercare.registry.application import Application, ApplicationPhase, ApplicationStatus
from eldercare.registry.assessment import AbilityAssessment
from eldercare.registry.capacity import BedType
from eldercare.registry.change import Writer
from eldercare.registry.draft import refuse
from eldercare.registry.facility import Facility, FacilityStatus
from eldercare.registry.group import latest_assessment
from eldercare.registry.membership import GroupMembership, MembershipEnd
from eldercare.registry.person import LivingArrangement, LivingKind, Person, Residence
from eldercare.registry.phase import move_on
from eldercare.registry.query import View
from eldercare.registry.serving import stop_services
from eldercare.registry.state import application_status, facility_status
from eldercare.registry.stay import DischargeReason, LeaveReason, Payer, Stay, StayLeave
from eldercare.registry.willingness import Willingness


def admit(
    writer: Writer,
    *,
    person_id: int,
    facility_id: int,
    bed_type: BedType,
    on: date,
    agreement_number: str | None = None,
    payer: Payer = Payer.SELF,
    application_id: int | None = None,
    trial_until: date | None = None,
    **values: Any,
) -> Stay:
    """Take a person into a facility: it must be operating, the person assessed, and the agreement signed unless on trial."""
    facility = writer.locked(Facility, facility_id)
    _operating(writer.session, facility, on)
    assessment = _assessed(writer, person_id, on)
    _accepted(facility, assessment)
    if agreement_number is None and trial_until is None:
        refuse(
            "AGREEMENT_MISSING",
            "A stay needs the number of the service agreement.",
            "Send agreementNumber, or trialUntil for a stay on trial.",
            "agreement_number",
        )
    stay = writer.create(
        Stay,
        {
            **values,
            "person_id": person_id,
            "facility_id": facility_id,
            "bed_type": bed_type,
            "admitted_on": on,
            "agreement_number": agreement_number,
            "payer": payer,
            "application_id": application_id,
            "assessment_id": assessment.id,
            "trial_until": trial_until,
        },
    )
    if application_id is not None:
        _settle(writer, application_id, stay)
    _lives_in_institution(writer, person_id, on)
    granting.at_admission(writer, person_id, on)
    return stay


def discharge(
    writer: Writer, *, stay_id: int, on: date, reason: DischargeReason, expected_version: int | None = None
) -> Stay:
    """End a stay on a day; an open leave ends with it."""
    if reason is DischargeReason.TRANSFERRED:
        refuse("USE_TRANSFER", "A transfer names the next facility.", "Use transfer.", "reason")
    if reason is DischargeReason.DECEASED:
        refuse("USE_REPORT_DEATH", "A death ends more than the stay.", "Use reportDeath.", "reason")
    return _end_stay(writer, stay_id, on, reason, expected_version)


def transfer(
    writer: Writer,
    *,
    stay_id: int,
    facility_id: int,
    bed_type: BedType,
    on: date,
    agreement_number: str | None = None,
    expected_version: int | None = None,
    **values: Any,
) -> Stay:
    """Move a resident to another facility or type of bed: the day the one stay ends is the day the next begins."""
    ended = _end_stay(writer, stay_id, on, DischargeReason.TRANSFERRED, expected_version)
    number = agreement_number or (ended.agreement_number if facility_id == ended.facility_id else None)
    person_id, payer = ended.person_id, values.pop("payer", ended.payer)
    begun = admit(
        writer,
        person_id=person_id,
        facility_id=facility_id,
        bed_type=bed_type,
        on=on,
        agreement_number=number,
        payer=payer,
        **values,
    )
    writer.correct(Stay, stay_id, {"transfer_to_id": begun.id})
    return writer.find(Stay, begun.id)


def leave(writer: Writer, *, stay_id: int, on: date, reason: LeaveReason) -> StayLeave:
    """A resident goes away for a while; the bed is kept."""
    stay = writer.locked(Stay, stay_id)
    if stay.discharged_on is not None:
        refuse("STAY_ENDED", "This stay has ended.", "Check which stay is meant.", "stay_id")
    return writer.create(StayLeave, {"stay_id": stay_id, "left_on": on, "reason": reason})


def come_back(writer: Writer, *, stay_id: int, on: date) -> StayLeave:
    """A resident who was away is back."""
    found = _open_leave(writer.session, stay_id)
    if found is None:
        raise NotFound(
            "NOT_ON_LEAVE", "Nobody is on leave from this stay.", remedy="Check the stay.", path=("stay_id",)
        )
    return writer.end(StayLeave, found.id, on)


def report_death(writer: Writer, *, person_id: int, on: date, expected_version: int | None = None) -> Person:
    """Record a death and end what it ends: stay, memberships, residence, living arrangement, applications, services.

    A death that becomes known late also takes back what was recorded of the days after it.
    """
    writer.locked(Person, person_id)
    for stay in _open(writer.session, Stay, person_id):
        _end_stay(writer, stay.id, on, DischargeReason.DECEASED, None)
    granting.at_death(writer, person_id, on)
    for noun, also in ENDS_WITH_LIFE.items():
        for row in _going_on(writer.session, noun, person_id, on):
            if row.valid_from >= on:
                writer.annul(noun, row.id, reason="the person had died before it began")
            else:
                writer.correct(noun, row.id, {"valid_to": on, **also}, reason="death")
    for application in _open(writer.session, Application, person_id):
        settle(writer, application.id, ApplicationStatus.EXPIRED, on, reason="death")
    stop_services(writer, person_id, on)
    return writer.correct(Person, person_id, {"deceased_on": on}, expected_version=expected_version, reason="death")


ENDS_WITH_LIFE: dict[type[Any], dict[str, Any]] = {
    GroupMembership: {"end_reason": MembershipEnd.DEATH},
    Residence: {},
    LivingArrangement: {},
    Willingness: {},
}
"""What ends on the day of death, with what changes with its end."""


def settle(writer: Writer, application_id: int, status: ApplicationStatus, on: date, **values: Any) -> Application:
    """Bring an application to a final state and close it."""
    move_on(writer, ApplicationPhase, {"application_id": application_id}, status=status, on=on, **values)
    return writer.end(Application, application_id, on)


def _open(session: Session, noun: Any, person_id: int) -> list[Any]:
    end = getattr(noun, noun.__validity__.end)
    return list(session.scalars(select(noun).where(noun.person_id == person_id, end.is_(None)).order_by(noun.id)))


def _going_on(session: Session, noun: Any, person_id: int, on: date) -> list[Any]:
    later = or_(noun.valid_to.is_(None), noun.valid_to > on)
    return list(session.scalars(select(noun).where(noun.person_id == person_id, later).order_by(noun.id)))


def _operating(session: Session, facility: Facility, on: date) -> None:
    status = session.scalar(select(facility_status(Facility, View(literal(on)))).where(Facility.id == facility.id))
    if status not in (FacilityStatus.OPERATING, FacilityStatus.FILED):
        refuse(
            "FACILITY_NOT_OPERATING",
            f"The facility is not operating on {on}.",
            "Choose another facility, or record its state with changeFacilityStatus.",
            "facility_id",
        )


def _assessed(writer: Writer, person_id: int, on: date) -> AbilityAssessment:
    key = writer.session.scalar(latest_assessment(person_id, View(literal(on))))
    if key is None:
        refuse(
            "ASSESSMENT_MISSING",
            f"No assessment of this person by GB/T 42195 may be relied on on {on}.",
            "Assess the person first.",
            "person_id",
        )
    return writer.find(AbilityAssessment, key)


def _accepted(facility: Facility, assessment: AbilityAssessment) -> None:
    level = assessment.level
    if level is not None and not facility.accepts_level_from <= level <= facility.accepts_level_to:
        refuse(
            "LEVEL_NOT_ACCEPTED",
            f"The facility takes ability levels {facility.accepts_level_from} to {facility.accepts_level_to}, not {level}.",
            "Choose a facility that takes this level.",
            "facility_id",
        )


def _settle(writer: Writer, application_id: int, stay: Stay) -> None:
    application = writer.locked(Application, application_id)
    if application.person_id != stay.person_id:
        refuse("APPLICATION_OF_ANOTHER", "The application is another person's.", "Check its id.", "application_id")
    status = writer.session.scalar(
        select(application_status(Application, View(literal(stay.admitted_on)))).where(Application.id == application_id)
    )
    if status not in (ApplicationStatus.ACCEPTED, ApplicationStatus.QUEUED):
        refuse(
            "APPLICATION_NOT_ACCEPTED",
            "Only an accepted or waiting application leads to an admission.",
            "Offer the place and accept it first.",
            "application_id",
        )
    settle(writer, application_id, ApplicationStatus.ADMITTED, stay.admitted_on, facility_id=stay.facility_id)


def _lives_in_institution(writer: Writer, person_id: int, on: date) -> None:
    for row in _open(writer.session, LivingArrangement, person_id):
        if row.kind is LivingKind.IN_INSTITUTION:
            return
        if row.valid_from >= on:
            writer.correct(LivingArrangement, row.id, {"kind": LivingKind.IN_INSTITUTION})
            return
        writer.end(LivingArrangement, row.id, on)
    begun = {"person_id": person_id, "kind": LivingKind.IN_INSTITUTION, "valid_from": on}
    writer.create(LivingArrangement, begun)


def _end_stay(writer: Writer, stay_id: int, on: date, reason: DischargeReason, expected_version: int | None) -> Stay:
    writer.locked(Stay, stay_id)
    away = _open_leave(writer.session, stay_id)
    if away is not None:
        writer.end(StayLeave, away.id, max(on, away.left_on))
    also = {"discharge_reason": reason}
    return writer.end(Stay, stay_id, on, expected_version=expected_version, also=also)


def _open_leave(session: Session, stay_id: int) -> StayLeave | None:
    query = select(StayLeave).where(StayLeave.stay_id == stay_id, StayLeave.returned_on.is_(None))
    return session.scalars(query).one_or_none()
