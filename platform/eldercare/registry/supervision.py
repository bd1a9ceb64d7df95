"""Figures of supervision over a territory: pass rates, hazards rectified and overdue, fire, filing, stars, staff, training."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from eldercare.registry import rules
from eldercare.registry.checklist import (
    ChecklistItem,
    Inspection,
    InspectionOutcome,
    InspectionResult,
    Verdict,
)
from eldercare.registry.division import within
from eldercare.registry.entity import term
from eldercare.registry.facility import ConditionStatus, Facility, FacilityStatus
from eldercare.registry.group import Birthday, latest_level
from eldercare.registry.hazard import Hazard, HazardLevel
from eldercare.registry.person import Person
from eldercare.registry.query import View, visible
from eldercare.registry.rating import RatingScheme
from eldercare.registry.standing import fire_status, hazard_open, overdue_days, valid_rating
from eldercare.registry.state import facility_status
from eldercare.registry.stay import Stay
from eldercare.registry.summary import facilities, rate
from eldercare.registry.workforce import Employment, StaffPost, StaffRole, TrainingAudience, TrainingRecord

WORKING = (FacilityStatus.OPERATING, FacilityStatus.FILED)


def results(inspection: Any, *verdicts: Verdict) -> ColumnElement[int]:
    """How many items of an inspection were found so."""
    result = aliased(InspectionResult)
    found = select(func.count(result.id)).where(result.inspection_id == inspection.id, result.verdict.in_(verdicts))
    return found.correlate(inspection).scalar_subquery()


def items(inspection: Any) -> ColumnElement[int]:
    """How many items the checklist of an inspection has."""
    item = aliased(ChecklistItem)
    found = select(func.count(item.id)).where(item.template_id == inspection.template_id)
    return found.correlate(inspection).scalar_subquery()


def all_passed(inspection: Any) -> ColumnElement[bool]:
    """Whether every item was passed, save those that the checklist lets be not applicable and that were; null without one."""
    answered = results(inspection, Verdict.PASS, Verdict.NOT_APPLICABLE)
    return case((inspection.template_id.is_not(None), and_(answered == items(inspection), items(inspection) > 0)))


def within_territory(territory_id: Any, facility_id: Any) -> list[ColumnElement[bool]]:
    """That a row's facility lies in a territory; everywhere without one."""
    if territory_id is None:
        return []
    # what was inspected is told although the facility has closed since
    facility = aliased(Facility)
    return [facility_id.in_(select(facility.id).where(within(facility.division_id, territory_id)))]


def inspection_ledger(view: View, territory_id: Any, begins: Any, ends: Any) -> Select[Any]:
    """One row for each kind of inspection completed from a day to a day: how many, passed, items failed, pass rate."""
    inspection = aliased(Inspection)
    done = [
        inspection.completed_on >= begins,
        inspection.completed_on <= ends,
        *within_territory(territory_id, inspection.facility_id),
    ]
    one = (
        select(
            inspection.kind.label("kind"),
            case((inspection.outcome == InspectionOutcome.PASSED, 1), else_=0).label("passed"),
            results(inspection, Verdict.PASS).label("items_passed"),
            results(inspection, Verdict.FAIL).label("items_failed"),
        )
        .where(*done)
        .subquery()
    )
    good, bad = func.sum(one.c.items_passed), func.sum(one.c.items_failed)
    return select(
        one.c.kind,
        func.count().label("completed"),
        func.sum(one.c.passed).label("passed"),
        (func.count() - func.sum(one.c.passed)).label("failed"),
        good.label("items_passed"),
        bad.label("items_failed"),
        rate(good, good + bad).label("pass_rate"),
    ).group_by(one.c.kind)


def hazard_ledger(view: View, territory_id: Any, begins: Any, ends: Any) -> Select[Any]:
    """One row for each level of hazard from a day to a day: found, due, closed, and at its end open, major, overdue."""
    hazard = aliased(Hazard)
    levels = union_all(*(select(literal(each, term(HazardLevel)).label("level")) for each in HazardLevel)).subquery()

    def counted(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)

    at_end = hazard_open(hazard, ends)
    due = hazard.due_on.between(begins, ends)
    in_time = and_(due, hazard.closed_on <= ends)
    late = overdue_days(hazard, hazard.closed_on, ends)
    place = within_territory(territory_id, hazard.facility_id)
    joined = levels.outerjoin(hazard, and_(hazard.level == levels.c.level, hazard.found_on <= ends, *place))
    return (
        select(
            levels.c.level,
            counted(hazard.found_on.between(begins, ends)).label("found"),
            counted(due).label("due"),
            counted(in_time).label("due_closed"),
            counted(hazard.closed_on.between(begins, ends)).label("closed"),
            counted(at_end).label("open"),
            counted(and_(at_end, hazard.major)).label("major"),
            counted(and_(at_end, hazard.due_on < ends)).label("overdue"),
            func.max(case((at_end, late))).label("longest_overdue"),
            rate(counted(in_time), counted(due)).label("rectify_rate"),
        )
        .select_from(joined)
        .group_by(levels.c.level)
    )


def standing_figures(view: View, territory_id: Any) -> Select[Any]:
    """One row over the facilities of a territory that work: fire, filing, hazards, admissions blocked."""
    facility = aliased(Facility)
    _, chosen = facilities(view, territory_id=territory_id, kinds=rules.INSTITUTIONAL_KINDS)
    hazard = aliased(Hazard)
    major = exists(
        select(hazard.id).where(hazard.facility_id == facility.id, hazard.major, hazard_open(hazard, view.as_of))
    )
    fire = fire_status(facility, view)
    one = (
        select(
            case((fire == ConditionStatus.MET, 1), else_=0).label("fire"),
            case((fire == ConditionStatus.NOT_MET, 1), else_=0).label("fire_failed"),
            case((facility.filed_on <= view.as_of, 1), else_=0).label("filed"),
            case((or_(major, fire == ConditionStatus.NOT_MET), 1), else_=0).label("blocked"),
        )
        .where(facility.id.in_(chosen), facility_status(facility, view).in_(WORKING))
        .subquery()
    )
    met, failed, filed, blocked = (
        func.coalesce(func.sum(one.c[name]), 0) for name in ("fire", "fire_failed", "filed", "blocked")
    )
    return select(
        func.count().label("facilities"),
        met.label("fire_met"),
        failed.label("fire_not_met"),
        rate(met, func.count()).label("fire_rate"),
        filed.label("filed"),
        rate(filed, func.count()).label("filed_rate"),
        blocked.label("admissions_blocked"),
    ).select_from(one)


def star_share(view: View, territory_id: Any, scheme: RatingScheme) -> Select[Any]:
    """One row for each level of a scheme that a facility holds, and one without a level for those that hold none."""
    facility = aliased(Facility)
    kinds = rules.rule("rating_schemes")[scheme.value]["kinds"] or None
    _, chosen = facilities(view, territory_id=territory_id, kinds=kinds)
    one = select(valid_rating(facility, scheme, view).label("level")).where(facility.id.in_(chosen)).subquery()
    everybody, rated = (func.sum(counted).over() for counted in (func.count(), func.count(one.c.level)))
    return select(
        one.c.level,
        func.count().label("facilities"),
        rate(func.count(), everybody).label("share"),
        case((one.c.level.is_not(None), rate(func.count(), rated))).label("share_of_rated"),
    ).group_by(one.c.level)


def headcount(facility: Any, view: View, role: StaffRole, *, certified: bool = False) -> ColumnElement[int]:
    """The people in a role at a facility at the view's date; null when nobody said."""
    post = aliased(StaffPost)
    counted = post.certified if certified else post.headcount
    own = (post.facility_id == facility.id, post.role == role)
    found = select(func.sum(counted)).where(*own, *visible(post, view.at_date()))
    return found.correlate(facility).scalar_subquery()


def trained(facility: Any, view: View, audience: TrainingAudience) -> ColumnElement[int]:
    """The people of a facility trained in the months that count: those named, and the largest number of a course besides."""
    record = aliased(TrainingRecord)
    since = Birthday(view.as_of, literal(rules.rule("training_years")))
    own = [
        record.facility_id == facility.id,
        record.audience == audience,
        record.held_on > since,
        record.held_on <= view.as_of,
    ]
    named = select(func.count(record.caregiver_id.distinct())).where(*own)
    others = select(func.coalesce(func.max(record.people), 0)).where(*own, record.caregiver_id.is_(None))
    return named.correlate(facility).scalar_subquery() + others.correlate(facility).scalar_subquery()


def training_coverage(view: View, territory_id: Any) -> Select[Any]:
    """One row for each facility that says how many work there: caregivers and managers, and how many of them were trained."""
    facility, post = aliased(Facility), aliased(StaffPost)
    _, chosen = facilities(view, territory_id=territory_id)
    said = exists(select(post.id).where(post.facility_id == facility.id, *visible(post, view.at_date())))
    one = (
        select(
            facility.id.label("facility"),
            headcount(facility, view, StaffRole.CAREGIVER).label("caregivers"),
            trained(facility, view, TrainingAudience.CAREGIVER).label("taught"),
            headcount(facility, view, StaffRole.MANAGER).label("leaders"),
            trained(facility, view, TrainingAudience.LEADER).label("led"),
        )
        .where(facility.id.in_(chosen), said)
        .subquery()
    )
    # more may have been trained than work there today: nobody is counted beyond the headcount
    taught, led = (
        case((one.c[people] < one.c[of], one.c[people]), else_=one.c[of])
        for people, of in (("taught", "caregivers"), ("led", "leaders"))
    )
    return select(
        one.c.facility,
        one.c.caregivers,
        taught.label("caregivers_trained"),
        rate(taught, one.c.caregivers).label("coverage"),
        one.c.leaders,
        led.label("leaders_trained"),
    )


def staff_ratio(view: View, territory_id: Any) -> Select[Any]:
    """One row for each level of ability: residents of the facilities that say how many caregivers they have, and the ratio."""
    stay, person, post = aliased(Stay), aliased(Person), aliased(StaffPost)
    _, chosen = facilities(view, territory_id=territory_id)
    said = select(post.facility_id).where(
        post.role == StaffRole.CAREGIVER, post.facility_id.in_(chosen), *visible(post, view.at_date())
    )
    lives = [stay.bed_type.in_(rules.BED_CLASSES["INSTITUTIONAL"]), *visible(stay, view.at_date())]
    found = select(latest_level(person, view).label("level")).select_from(stay)
    one = found.join(person, person.id == stay.person_id).where(stay.facility_id.in_(said), *lives).subquery()
    caregivers = said.with_only_columns(func.sum(post.headcount)).scalar_subquery()
    return select(
        one.c.level,
        func.count().label("residents"),
        caregivers.label("caregivers"),
        rate(func.count(), caregivers).label("per_caregiver"),
    ).group_by(one.c.level)


def employed(facility: Any, view: View) -> ColumnElement[int]:
    """The caregivers known by name who work at a facility at the view's date."""
    job = aliased(Employment)
    found = select(func.count(job.id)).where(job.facility_id == facility.id, *visible(job, view.at_date()))
    return found.correlate(facility).scalar_subquery()
