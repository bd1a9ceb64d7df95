"""Whether the gaps on the way to a rating are closed at a date: any one option of a gap closes it."""

from typing import Any

from sqlalchemy import ColumnElement, Numeric, and_, case, cast, exists, func, or_, select
from sqlalchemy.orm import aliased

from eldercare.registry import rules
from eldercare.registry.capability import FacilityCapability, MedicalIntegration
from eldercare.registry.capacity import CapacityPeriod
from eldercare.registry.facility import ConditionStatus, Facility
from eldercare.registry.query import View, visible
from eldercare.registry.standing import fire_status
from eldercare.registry.upgrade import GapOption, RequirementKind, StarUpgradeProject, UpgradeGap
from eldercare.registry.workforce import StaffPost, StaffRole

SHARE = Numeric(20, 6)


def option_met(option: Any, facility_id: Any, view: View) -> ColumnElement[bool]:
    """Whether what an option demands is so at a facility at the view's date."""
    return case(
        (option.kind == RequirementKind.CAPABILITY, _capability(option, facility_id, view)),
        (option.kind == RequirementKind.MEDICAL_CARE, _medical_care(facility_id, view)),
        (
            option.kind == RequirementKind.NURSING_SHARE,
            func.coalesce(_nursing(facility_id, view) >= option.least, False),
        ),
        (
            option.kind == RequirementKind.CERTIFIED_SHARE,
            func.coalesce(_certified(facility_id, view) >= option.least, False),
        ),
        else_=_fire_met(facility_id, view),
    )


def gap_closed(gap: Any, view: View) -> ColumnElement[bool]:
    """Whether a gap is closed at the view's date: stated to be, or any one of its options is met."""
    option, project = aliased(GapOption), aliased(StarUpgradeProject)
    met = exists(
        select(option.id)
        .join(project, project.id == gap.project_id)
        .where(option.gap_id == gap.id, option_met(option, project.facility_id, view))
    )
    return or_(func.coalesce(gap.closed_on <= view.as_of, False), met)


def gap_count(project: Any, view: View, *, closed: bool | None = None) -> ColumnElement[int]:
    """How many gaps a project has, or how many of them are closed or open at the view's date."""
    gap = aliased(UpgradeGap)
    found = select(func.count(gap.id)).where(gap.project_id == project.id)
    if closed is not None:
        found = found.where(gap_closed(gap, view) if closed else ~gap_closed(gap, view))
    return found.correlate(project).scalar_subquery()


def _capability(option: Any, facility_id: Any, view: View) -> ColumnElement[bool]:
    offered = aliased(FacilityCapability)
    same = and_(offered.facility_id == facility_id, offered.capability == option.capability)
    return exists(select(offered.id).where(same, *visible(offered, view.at_date())).correlate_except(offered))


def _medical_care(facility_id: Any, view: View) -> ColumnElement[bool]:
    tied = aliased(MedicalIntegration)
    own = tied.facility_id == facility_id
    return exists(select(tied.id).where(own, *visible(tied, view.at_date())).correlate_except(tied))


def _nursing(facility_id: Any, view: View) -> ColumnElement[Any]:
    period = aliased(CapacityPeriod)
    nursing = case((period.bed_type.in_(rules.NURSING_BED_TYPES), period.open), else_=0)
    share = cast(func.sum(nursing), SHARE) / cast(func.nullif(func.sum(period.open), 0), SHARE)
    own = (period.facility_id == facility_id, period.bed_type.in_(rules.BED_CLASSES["INSTITUTIONAL"]))
    return select(share).where(*own, *visible(period, view.at_date())).correlate_except(period).scalar_subquery()


def _certified(facility_id: Any, view: View) -> ColumnElement[Any]:
    post = aliased(StaffPost)
    share = cast(func.sum(post.certified), SHARE) / cast(func.nullif(func.sum(post.headcount), 0), SHARE)
    own = (post.facility_id == facility_id, post.role == StaffRole.CAREGIVER)
    return select(share).where(*own, *visible(post, view.at_date())).correlate_except(post).scalar_subquery()


def _fire_met(facility_id: Any, view: View) -> ColumnElement[bool]:
    facility = aliased(Facility)
    met = fire_status(facility, view) == ConditionStatus.MET
    return exists(select(facility.id).where(facility.id == facility_id, met).correlate_except(facility))
