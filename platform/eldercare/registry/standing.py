"""What a facility is at a date by its supervision: its rated level, fire safety, open hazards, and whether it may admit."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from eldercare.registry.checklist import Inspection, InspectionState
from eldercare.registry.days import between
from eldercare.registry.entity import term
from eldercare.registry.facility import ConditionStatus, Facility
from eldercare.registry.hazard import FireSafety, Hazard, HazardReview, HazardState, Rectification
from eldercare.registry.query import View, visible
from eldercare.registry.rating import Rating, RatingScheme, RatingStatus
from eldercare.registry.rules import rule
from eldercare.registry.upgrade import ProjectState

Day = Any


def valid_rating(facility: Any, scheme: RatingScheme, view: View) -> ColumnElement[int]:
    """The level of a facility under a scheme: of the rating that is valid at the view's date, else null."""
    rating = aliased(Rating)
    return (
        select(func.max(rating.level))
        .where(rating.facility_id == facility.id, rating.scheme == scheme, *given_at(rating, view.as_of))
        .correlate(facility)
        .scalar_subquery()
    )


def given_at(rating: Any, day: Day) -> list[ColumnElement[bool]]:
    """That a rating was given and had neither expired nor been revoked on a day."""
    return [
        rating.status.in_((RatingStatus.VALID, RatingStatus.REVOKED)),
        rating.issued_on <= day,
        or_(rating.valid_to.is_(None), rating.valid_to > day),
    ]


def rating_status(rating: Any, view: View) -> ColumnElement[RatingStatus]:
    """Where a rating stood at the view's date, from the days of its steps."""
    day, kind = view.as_of, term(RatingStatus)
    steps = (
        (rating.issued_on, RatingStatus.VALID),
        (rating.publicised_on, RatingStatus.PUBLICISED),
        (rating.reviewed_on, RatingStatus.REVIEWED),
        (rating.self_assessed_on, RatingStatus.SELF_ASSESSED),
        (rating.applied_on, RatingStatus.APPLIED),
    )
    return case(
        (
            and_(rating.valid_to <= day, rating.status == RatingStatus.REVOKED),
            literal(RatingStatus.REVOKED, kind),
        ),
        (rating.valid_to <= day, literal(RatingStatus.EXPIRED, kind)),
        *((when <= day, literal(status, kind)) for when, status in steps),
        else_=rating.status,
    )


def level_name(rating: Any, language: int) -> ColumnElement[str]:
    """What the level of a rating is called: in English (0) or Chinese (1)."""
    names = [
        (and_(rating.scheme == scheme, rating.level == place), each[language])
        for scheme, found in rule("rating_schemes").items()
        for place, each in enumerate(found["names"], start=1)
    ]
    return case(*names)


def fire_status(facility: Any, view: View) -> ColumnElement[ConditionStatus]:
    """Whether a facility meets the fire standard at the view's date: as dated, else as its record says."""
    return _fire(facility, view.as_of)


def _fire(facility: Any, day: Day) -> ColumnElement[ConditionStatus]:
    fire = aliased(FireSafety)
    dated = select(fire.status).where(fire.facility_id == facility.id, *visible(fire, View(day)))
    return func.coalesce(dated.correlate_except(fire).limit(1).scalar_subquery(), facility.fire_status)


def fire_failed(facility_id: Any, day: Day) -> ColumnElement[bool]:
    """Whether a facility failed the fire standard on a day."""
    facility = aliased(Facility)
    return exists(
        select(facility.id).where(facility.id == facility_id, _fire(facility, day) == ConditionStatus.NOT_MET)
    )


def hazard_open(hazard: Any, day: Day) -> ColumnElement[bool]:
    """Whether a hazard was found and not yet closed on a day."""
    return and_(hazard.found_on <= day, or_(hazard.closed_on.is_(None), hazard.closed_on > day))


def major_hazard_open(facility_id: Any, day: Day) -> ColumnElement[bool]:
    """Whether a major hazard stood open at a facility on a day."""
    hazard = aliased(Hazard)
    return exists(select(hazard.id).where(hazard.facility_id == facility_id, hazard.major, hazard_open(hazard, day)))


def admissions_blocked(facility: Any, view: View) -> ColumnElement[bool]:
    """Whether a facility may admit nobody at the view's date: a major hazard stands open or the fire standard is not met."""
    return or_(major_hazard_open(facility.id, view.as_of), _fire(facility, view.as_of) == ConditionStatus.NOT_MET)


def open_hazards(facility: Any, view: View) -> ColumnElement[int]:
    """How many hazards stand open at a facility at the view's date."""
    hazard = aliased(Hazard)
    found = select(func.count(hazard.id)).where(hazard.facility_id == facility.id, hazard_open(hazard, view.as_of))
    return found.correlate(facility).scalar_subquery()


def hazard_state(hazard: Any, view: View) -> ColumnElement[HazardState]:
    """Where a hazard stands at the view's date, from its rectifications and their reviews."""
    day, kind = view.as_of, term(HazardState)
    work, done = aliased(Rectification), aliased(Rectification)
    review = aliased(HazardReview)
    reviewed = exists(select(review.id).where(review.rectification_id == done.id, review.reviewed_on <= day))
    waits = exists(select(done.id).where(done.hazard_id == hazard.id, done.finished_on <= day, ~reviewed))
    begun = exists(select(work.id).where(work.hazard_id == hazard.id, work.started_on <= day))
    return case(
        (hazard.archived_on <= day, literal(HazardState.ARCHIVED, kind)),
        (hazard.closed_on <= day, literal(HazardState.CLOSED, kind)),
        (waits, literal(HazardState.PENDING_REVIEW, kind)),
        (begun, literal(HazardState.RECTIFYING, kind)),
        else_=literal(HazardState.PENDING_RECTIFY, kind),
    )


def overdue_days(row: Any, closed: Any, day: Day) -> ColumnElement[int]:
    """By how many days something due has been late until a day, or was when it was closed; 0 when it is in time."""
    until = case((closed <= day, closed), else_=day)
    late = between(row.due_on, until)
    return case((late > 0, late), else_=0)


def inspection_state(inspection: Any, view: View) -> ColumnElement[InspectionState]:
    """Where an inspection stands at the view's date."""
    day, kind = view.as_of, term(InspectionState)
    return case(
        (inspection.completed_on <= day, literal(InspectionState.COMPLETED, kind)),
        (inspection.started_on <= day, literal(InspectionState.UNDER_WAY, kind)),
        else_=literal(InspectionState.PLANNED, kind),
    )


def accepted_by(facility_id: Any, day: Day) -> ColumnElement[bool]:
    """Whether the construction of a facility had been accepted by a day."""
    inspection: Any = aliased(Inspection)
    return exists(
        select(inspection.id).where(
            inspection.facility_id == facility_id,
            inspection.kind == "CONSTRUCTION_ACCEPTANCE",
            inspection.outcome == "PASSED",
            inspection.completed_on <= day,
        )
    )


def project_state(project: Any, view: View) -> ColumnElement[ProjectState]:
    """Where a project stands at the view's date."""
    day, kind = view.as_of, term(ProjectState)
    return case(
        (project.cancelled_on <= day, literal(ProjectState.CANCELLED, kind)),
        (project.completed_on <= day, literal(ProjectState.COMPLETED, kind)),
        (project.started_on <= day, literal(ProjectState.UNDER_WAY, kind)),
        else_=literal(ProjectState.PLANNED, kind),
    )


def project_overdue(project: Any, view: View) -> ColumnElement[bool]:
    """Whether a project should have been completed before the view's date and was neither completed nor given up."""
    day = view.as_of
    return and_(
        project.due_on < day,
        or_(project.completed_on.is_(None), project.completed_on > day),
        or_(project.cancelled_on.is_(None), project.cancelled_on > day),
    )
