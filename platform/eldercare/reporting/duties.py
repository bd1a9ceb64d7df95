"""The list of all duties: what is overdue, expiring, inconsistent or missing, and what to do about it."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, inspect, or_, select
from sqlalchemy.orm import aliased

from eldercare.registry import rules
from eldercare.registry.application import ApplicationPhase, ApplicationStatus
from eldercare.registry.assessment import AssessmentStatus, Instrument
from eldercare.registry.days import after
from eldercare.registry.edition import EditionStatus
from eldercare.registry.entity import Quality
from eldercare.registry.facility import ConditionStatus, FacilityStatus, Sector
from eldercare.registry.freshness import fresh, last_verified
from eldercare.registry.group import latest_assessment
from eldercare.registry.membership import GroupCategory, SupportMode
from eldercare.registry.person import IdType, Residence
from eldercare.registry.query import View, visible
from eldercare.registry.rating import RatingStatus
from eldercare.registry.state import facility_status
from eldercare.registry.stay import Stay
from eldercare.reporting.work import Hit
from eldercare.reporting.working_days import working_day_after

TERMS = rules.table("work_lists")


def days(code: str, name: str = "days") -> int:
    """A number of days of the table of terms."""
    found: int = TERMS[code][name]
    return found


def soon(end: Any, code: str, view: View) -> ColumnElement[bool]:
    """Whether something ends within the days ahead in which it is listed, or has ended."""
    near: ColumnElement[bool] = end <= after(view.as_of, days(code, "ahead"))
    return near


def no_later(row: Any, view: View, *same: str, start: str, **values: Any) -> ColumnElement[bool]:
    """Whether no newer record of the same kind has followed by the view's date."""
    noun = type_of(row)
    other: Any = aliased(noun)
    where = [getattr(other, name) == getattr(row, name) for name in same]
    where += [getattr(other, name) == value for name, value in values.items()]
    begun = getattr(other, start)
    return ~exists(select(other.id).where(*where, other.id != row.id, begun > getattr(row, start), begun <= view.as_of))


def type_of(row: Any) -> Any:
    """The noun of an alias."""
    return inspect(row).mapper.class_


def assessment_expired(row: Any, view: View) -> Hit:
    """The newest assessment by GB/T 42195 can no longer be relied on, or soon cannot."""
    final = {"instrument": Instrument.GBT_42195_2022, "status": AssessmentStatus.FINAL}
    where = [getattr(row, name) == value for name, value in final.items()]
    where += [row.assessed_on <= view.as_of, soon(row.valid_to, "ASSESSMENT_EXPIRED", view)]
    return Hit(row.assessed_on, row.valid_to, [*where, no_later(row, view, "person_id", start="assessed_on", **final)])


def resident_not_assessed(row: Any, view: View) -> Hit:
    """A resident without an assessment that may be relied on."""
    return Hit(row.admitted_on, row.admitted_on, [~exists(latest_assessment(row.person_id, view))])


def agreement_missing(row: Any, view: View) -> Hit:
    """A stay without the number of its service agreement."""
    return Hit(row.admitted_on, row.admitted_on, [row.agreement_number.is_(None)])


def not_filed(row: Any, view: View, *, late: bool) -> Hit:
    """An institution that operates and is not filed, before or after its term of ten working days."""
    stay: Any = aliased(Stay)
    first = select(func.min(stay.admitted_on)).where(stay.facility_id == row.id, stay.admitted_on <= view.as_of)
    begun = first.correlate(row).scalar_subquery()
    due = working_day_after(begun, days("FILING", "working_days"))
    where = [
        row.kind.in_(rules.INSTITUTIONAL_KINDS),
        row.sector == Sector.ELDERLY,
        or_(row.filed_on.is_(None), row.filed_on > view.as_of),
        facility_status(row, view) == FacilityStatus.OPERATING,
    ]
    passed = func.coalesce(due < view.as_of, False)
    return Hit(begun, due, [*where, passed if late else ~passed])


def contract_ending(row: Any, view: View) -> Hit:
    """A contract that ends or has ended, and no other has followed."""
    where = [row.valid_from <= view.as_of, soon(row.valid_to, "CONTRACT_ENDING", view)]
    return Hit(row.valid_from, row.valid_to, [*where, no_later(row, view, "facility_id", start="valid_from")])


def not_verified(row: Any, view: View) -> Hit:
    """A person whom nobody has confirmed for longer than the term."""
    term = days("PERSON_NOT_VERIFIED")
    last = last_verified(row, view.over_all())
    return Hit(last, after(last, term), [~fresh(row, term, view.over_all())])


def review_due(row: Any, view: View) -> Hit:
    """A determination that must be reviewed."""
    where = [row.status.in_(rules.EFFECTIVE), soon(row.next_review_on, "REVIEW_DUE", view)]
    return Hit(row.valid_from, row.next_review_on, where)


def rating_expiring(row: Any, view: View) -> Hit:
    """A rating that expires or has expired, and no other has followed."""
    where = [row.status == RatingStatus.VALID, row.issued_on <= view.as_of, soon(row.valid_to, "RATING_EXPIRING", view)]
    follows = no_later(row, view, "facility_id", "scheme", start="issued_on", status=RatingStatus.VALID)
    return Hit(row.issued_on, row.valid_to, [*where, follows])


def medical_ending(row: Any, view: View) -> Hit:
    """An agreement with a medical institution that ends or has ended, and no other has followed."""
    where = [row.valid_from <= view.as_of, soon(row.valid_to, "MEDICAL_ENDING", view)]
    return Hit(row.valid_from, row.valid_to, [*where, no_later(row, view, "facility_id", start="valid_from")])


def over_filed(row: Any, view: View) -> Hit:
    """More beds open or out of service than filed."""
    return Hit(row.valid_from, row.valid_from, [row.open + row.out_of_service > row.filed])


def over_designed(row: Any, view: View) -> Hit:
    """More beds filed than designed."""
    return Hit(row.valid_from, row.valid_from, [row.filed > row.designed])


def filed_unknown(row: Any, view: View) -> Hit:
    """A facility's beds as filed are not stated, so that its territory's occupancy is unknown."""
    return Hit(row.valid_from, None, [row.filed.is_(None)])


def fire_not_met(row: Any, view: View) -> Hit:
    """Fire safety is known not to be met."""
    return Hit(row.established_on, None, [row.fire_status == ConditionStatus.NOT_MET])


def food_not_met(row: Any, view: View) -> Hit:
    """There is no food licence."""
    return Hit(row.established_on, None, [row.food_licence == ConditionStatus.NOT_MET])


def closing_with_residents(row: Any, view: View) -> Hit:
    """A facility that is closing and where people still live."""
    stay: Any = aliased(Stay)
    lived = exists(select(stay.id).where(stay.facility_id == row.facility_id, *visible(stay, view)))
    return Hit(row.valid_from, None, [row.status == FacilityStatus.CLOSING, lived])


def leave_long(row: Any, view: View) -> Hit:
    """Somebody away for longer than the term, while the bed is kept and perhaps paid."""
    due = after(row.left_on, days("LEAVE_LONG"))
    return Hit(row.left_on, due, [due <= view.as_of])


def waiting_long(row: Any, view: View) -> Hit:
    """An application in the queue for longer than the term."""
    phase: Any = aliased(ApplicationPhase)
    queued = [phase.application_id == row.id, phase.status == ApplicationStatus.QUEUED, *visible(phase, view)]
    due = after(row.applied_on, days("WAITING_LONG"))
    return Hit(row.applied_on, due, [exists(select(phase.id).where(*queued)), due <= view.as_of])


def offer_unanswered(row: Any, view: View) -> Hit:
    """An offer that the applicant has not answered within the term."""
    due = after(row.valid_from, days("OFFER_UNANSWERED"))
    return Hit(row.valid_from, due, [row.status == ApplicationStatus.OFFERED, due <= view.as_of])


def trial_ending(row: Any, view: View) -> Hit:
    """A trial that ends within days or has just ended."""
    return Hit(
        row.admitted_on, row.trial_until, [row.trial_until >= view.as_of, soon(row.trial_until, "TRIAL_ENDING", view)]
    )


def residence_missing(row: Any, view: View) -> Hit:
    """A person who is neither known to live nor to be registered anywhere."""
    residence: Any = aliased(Residence)
    known = exists(select(residence.id).where(residence.person_id == row.id, *visible(residence, view)))
    return Hit(None, None, [~known])


def birth_date_against_id(row: Any, view: View) -> Hit:
    """The identity number is known and the date of birth is called an estimate: the two disagree."""
    return Hit(None, None, [row.birth_date_estimated, row.id_type == IdType.RESIDENT_ID, row.id_prefix.is_not(None)])


def poor(row: Any) -> ColumnElement[bool]:
    """An effective determination of extreme poverty."""
    return and_(row.category == GroupCategory.EXTREMELY_POOR, row.status.in_(rules.EFFECTIVE))


def mode_disagrees(row: Any, view: View) -> Hit:
    """Centralised support without a stay, or scattered support of somebody who lives in a facility."""
    stay: Any = aliased(Stay)
    lives = exists(select(stay.id).where(stay.person_id == row.person_id, *visible(stay, view)))
    central, scattered = row.support_mode == SupportMode.CENTRALISED, row.support_mode == SupportMode.SCATTERED
    return Hit(row.valid_from, None, [poor(row), or_(and_(central, ~lives), and_(scattered, lives))])


def self_care_missing(row: Any, view: View) -> Hit:
    """An extremely poor person whose self-care or mode of support is not recorded."""
    return Hit(row.valid_from, None, [poor(row), or_(row.self_care.is_(None), row.support_mode.is_(None))])


def implausible(row: Any, view: View) -> Hit:
    """A published figure that cannot be true."""
    return Hit(row.period_from, None, [row.quality == Quality.IMPLAUSIBLE])


def return_not_submitted(row: Any, view: View) -> Hit:
    """A return that was drawn up and not handed in."""
    due = after(row.period_to, days("RETURN_NOT_SUBMITTED"))
    return Hit(row.period_to, due, [row.status == EditionStatus.DRAFT, due <= view.as_of])


def late(row: Any, view: View) -> Hit:
    """Operating, not filed, and the ten working days are over."""
    return not_filed(row, view, late=True)


def open_term(row: Any, view: View) -> Hit:
    """Operating, not filed, and the ten working days are not over or have not begun."""
    return not_filed(row, view, late=False)
