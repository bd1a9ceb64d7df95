"""Measures of supervision: items passed, hazards put right and overdue, residents for each caregiver."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, cast, func, or_, select
from sqlalchemy.orm import aliased

from eldercare.registry.checklist import Inspection, InspectionResult, Verdict
from eldercare.registry.facility import Facility
from eldercare.registry.hazard import Hazard
from eldercare.registry.query import View, visible
from eldercare.registry.workforce import StaffPost, StaffRole
from eldercare.reporting import place as count
from eldercare.reporting.indicators_services import in_year, scalar
from eldercare.reporting.measure import Measure
from eldercare.reporting.place import Part, Place


def items(*verdicts: Verdict) -> Part:
    """Items of the inspections completed in the year about which this was found."""

    def part(place: Place) -> ColumnElement[int]:
        result: Any = aliased(InspectionResult)
        one: Any = aliased(Inspection)
        facility: Any = aliased(Facility)
        found = select(func.count(result.id)).join(one, one.id == result.inspection_id)
        found = found.join(facility, facility.id == one.facility_id)
        found = found.where(result.verdict.in_(verdicts), *in_year(one.completed_on, place.view))
        return scalar(count.located(found.where(*visible(one, place.view)), facility.division_id, place))

    return part


def hazards(condition: Any) -> Part:
    """Hazards found by the day of which something holds."""

    def part(place: Place) -> ColumnElement[int]:
        hazard: Any = aliased(Hazard)
        facility: Any = aliased(Facility)
        found = select(func.count(hazard.id)).join(facility, facility.id == hazard.facility_id)
        found = found.where(hazard.found_on <= place.view.as_of, condition(hazard, place.view))
        return scalar(count.located(found, facility.division_id, place))

    return part


def due(hazard: Any, view: View) -> ColumnElement[bool]:
    """Due before the day."""
    past: ColumnElement[bool] = hazard.due_on < view.as_of
    return past


def still_open(hazard: Any, view: View) -> ColumnElement[bool]:
    """Not closed by the day."""
    return or_(hazard.closed_on.is_(None), hazard.closed_on > view.as_of)


def caregivers(place: Place) -> ColumnElement[int]:
    """Caregivers of the territory's facilities; unknown where none states them."""
    post: Any = aliased(StaffPost)
    facility: Any = aliased(Facility)
    found = select(cast(func.sum(post.headcount), Integer)).join(facility, facility.id == post.facility_id)
    found = found.where(post.role == StaffRole.CAREGIVER, *visible(post, place.view.at_date()))
    return scalar(count.located(found, facility.division_id, place))


def residents(place: Place) -> ColumnElement[int]:
    """Residents of the facilities that state their caregivers."""
    return count.residents()(place)


SUPERVISION = (
    Measure("PASS_RATE", items(Verdict.PASS), items(Verdict.PASS, Verdict.FAIL)),
    Measure("RECTIFY_RATE", hazards(lambda h, v: and_(due(h, v), ~still_open(h, v))), hazards(due)),
    Measure("OVERDUE", hazards(lambda h, v: and_(due(h, v), still_open(h, v)))),
    Measure("STAFF_RATIO", residents, caregivers, times=1),
)
