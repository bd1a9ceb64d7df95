"""Commands about applications: submit, assess and queue, offer, accept or decline, withdraw, reject."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import literal, select

from eldercare.registry.application import Application, ApplicationPhase, ApplicationPreference, ApplicationStatus
from eldercare.registry.change import Writer
from eldercare.registry.draft import refuse
from eldercare.registry.facility import Facility
from eldercare.registry.phase import move_on, the_open_phase
from eldercare.registry.placement import settle
from eldercare.registry.priority import priority_class
from eldercare.registry.query import View
from eldercare.registry.summary import beds, occupied


def submit(
    writer: Writer, *, person_id: int, on: date, preferred_facility_ids: Sequence[int] = (), **values: Any
) -> Application:
    """Hand in an application; its class of admission follows from the rules in force unless it is given."""
    values.setdefault("priority_class", priority_class(writer.session, person_id, on, values.get("division_id")))
    made = writer.create(Application, {**values, "person_id": person_id, "applied_on": on})
    for rank, facility_id in enumerate(preferred_facility_ids, start=1):
        wish = {"application_id": made.id, "facility_id": facility_id, "rank": rank}
        writer.create(ApplicationPreference, wish)
    move_on(writer, ApplicationPhase, _owner(made.id), status=ApplicationStatus.SUBMITTED, on=on)
    return made


def advance(
    writer: Writer, *, application_id: int, status: ApplicationStatus, on: date, reason: str | None = None
) -> Application:
    """Take an application to assessment or into the queue."""
    if status not in (ApplicationStatus.SUBMITTED, ApplicationStatus.ASSESSING, ApplicationStatus.QUEUED):
        refuse(
            "USE_COMMAND", "This state has a command of its own.", "Use offer, accept, withdraw or reject.", "status"
        )
    _step(writer, application_id, status, on, reason=reason)
    return writer.find(Application, application_id)


def offer(writer: Writer, *, application_id: int, facility_id: int, on: date) -> Application:
    """Offer a place to somebody who waits; refused where no bed of the type is free on that day."""
    application = writer.locked(Application, application_id)
    facility = writer.locked(Facility, facility_id)
    if application.bed_type is not None:
        view, types = View(literal(on)), [application.bed_type]
        free = select(beds(Facility, view, bed_types=types), occupied(Facility, view, bed_types=types))
        places, residents = writer.session.execute(free.where(Facility.id == facility.id)).one()
        if (places or 0) <= residents:
            refuse(
                "NO_FREE_BED",
                f"No bed of type {application.bed_type.value} ({application.bed_type.zh}) is free there on {on}.",
                "Choose another facility, or wait.",
                "facility_id",
            )
    _step(writer, application_id, ApplicationStatus.OFFERED, on, facility_id=facility_id)
    return writer.find(Application, application_id)


def accept(writer: Writer, *, application_id: int, on: date) -> Application:
    """The applicant takes the place that was offered."""
    offered = the_open_phase(writer, ApplicationPhase, _owner(application_id)).facility_id
    _step(writer, application_id, ApplicationStatus.ACCEPTED, on, facility_id=offered)
    return writer.find(Application, application_id)


def decline(writer: Writer, *, application_id: int, on: date, reason: str | None = None) -> Application:
    """The applicant does not take the place and waits on; the day of application is kept, the offer is counted."""
    application = writer.locked(Application, application_id)
    phase = the_open_phase(writer, ApplicationPhase, _owner(application_id))
    if phase.status is not ApplicationStatus.OFFERED:
        refuse("TRANSITION", "Nothing has been offered.", "Offer a place first.", "application_id")
    _step(writer, application_id, ApplicationStatus.QUEUED, on, reason=reason)
    return writer.correct(Application, application_id, {"declined_offers": application.declined_offers + 1})


def withdraw(writer: Writer, *, application_id: int, on: date, reason: str | None = None) -> Application:
    """The applicant takes the application back."""
    return settle(writer, application_id, ApplicationStatus.WITHDRAWN, on, reason=reason)


def reject(writer: Writer, *, application_id: int, on: date, reason: str) -> Application:
    """The application is turned down, for a reason that is kept."""
    return settle(writer, application_id, ApplicationStatus.REJECTED, on, reason=reason)


def _owner(application_id: int) -> dict[str, int]:
    return {"application_id": application_id}


def _step(writer: Writer, application_id: int, status: ApplicationStatus, on: date, **values: Any) -> None:
    writer.locked(Application, application_id)
    move_on(writer, ApplicationPhase, _owner(application_id), status=status, on=on, **values)
