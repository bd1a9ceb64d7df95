"""The state of facilities, applications and stays at a date, read from their dated phases."""

from typing import Any

from sqlalchemy import ColumnElement, case, exists, literal, select
from sqlalchemy.orm import aliased

from eldercare.registry.application import Application, ApplicationPhase, ApplicationStatus
from eldercare.registry.entity import term
from eldercare.registry.facility import FacilityPhase, FacilityStatus
from eldercare.registry.query import View, visible
from eldercare.registry.stay import DischargeReason, StayLeave, StayStatus


def facility_status(facility: Any, view: View) -> ColumnElement[FacilityStatus | None]:
    """The state of a facility at the view's date; null when none is recorded."""
    phase = aliased(FacilityPhase)
    return _only(phase, phase.facility_id == facility.id, facility, view)


def application_status(application: Any, view: View) -> ColumnElement[ApplicationStatus | None]:
    """The state of an application at the view's date; null when none is recorded."""
    phase = aliased(ApplicationPhase)
    return _only(phase, phase.application_id == application.id, application, view)


def stay_status(stay: Any, view: View) -> ColumnElement[StayStatus]:
    """The state of a stay at the view's date, from its dates and leaves."""
    leave = aliased(StayLeave)
    away = exists(select(leave.id).where(leave.stay_id == stay.id, *visible(leave, view.at_date())))
    over = stay.discharged_on <= view.as_of
    kind = term(StayStatus)
    return case(
        (over & (stay.discharge_reason == DischargeReason.TRANSFERRED), _value(StayStatus.TRANSFERRED, kind)),
        (over & (stay.discharge_reason == DischargeReason.DECEASED), _value(StayStatus.DECEASED, kind)),
        (over, _value(StayStatus.DISCHARGED, kind)),
        (away, _value(StayStatus.ON_LEAVE, kind)),
        (stay.trial_until >= view.as_of, _value(StayStatus.TRIAL, kind)),
        else_=_value(StayStatus.ACTIVE, kind),
    )


def waiting(application: Any, view: View) -> ColumnElement[bool]:
    """Whether an application waits in the queue at the view's date."""
    phase = aliased(ApplicationPhase)
    return exists(
        select(phase.id).where(
            phase.application_id == application.id,
            phase.status == ApplicationStatus.QUEUED,
            *visible(phase, view.at_date()),
        )
    )


def open_applications(view: View) -> Any:
    """The keys of the applications that wait at the view's date."""
    return select(Application.id).where(waiting(Application, view), *visible(Application, view.at_date()))


def _only(phase: Any, owned: ColumnElement[bool], owner: Any, view: View) -> ColumnElement[Any]:
    found = select(phase.status).where(owned, *visible(phase, view.at_date()))
    return found.order_by(phase.valid_from.desc()).limit(1).correlate(owner).scalar_subquery()


def _value(status: StayStatus, kind: Any) -> Any:
    return literal(status, kind)
