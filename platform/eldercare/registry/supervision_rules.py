"""The rules between records of supervision: admissions under a hazard, acceptance, checklists, hazards, projects, evaluation."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select
from sqlalchemy.orm import aliased

from eldercare.registry import evaluation_rules, reserving
from eldercare.registry.checklist import (
    ChecklistItem,
    ChecklistTemplate,
    Finding,
    Inspection,
    InspectionOutcome,
    InspectionResult,
    Verdict,
)
from eldercare.registry.entity import Record
from eldercare.registry.facility import FacilityPhase, FacilityStatus
from eldercare.registry.grouping import FacilityBrand, UnificationItem
from eldercare.registry.hazard import FireSafety, Hazard, HazardReview, Rectification
from eldercare.registry.invariant import Invariant, before_end, overlap
from eldercare.registry.query import entity_class
from eldercare.registry.rating import Rating, RatingStatus
from eldercare.registry.standing import accepted_by, fire_failed, major_hazard_open
from eldercare.registry.stay import Stay
from eldercare.registry.upgrade import StarUpgradeProject
from eldercare.registry.workforce import Employment, StaffPost

BUILT = (FacilityStatus.PLANNED, FacilityStatus.BUILDING)
"""The states of a facility that is still to be accepted."""

ENDING: tuple[type[Record], ...] = (StaffPost, Employment, FireSafety, UnificationItem, FacilityBrand)
"""What ends with its facility, of these nouns."""


def _moves_on(stay: Any) -> ColumnElement[bool]:
    """Whether a stay continues one in the same facility: another bed, no new admission."""
    before = aliased(Stay)
    same = and_(before.person_id == stay.person_id, before.facility_id == stay.facility_id)
    return exists(select(before.id).where(same, before.id != stay.id, before.discharged_on == stay.admitted_on))


def _admitted_despite_hazard(row: Any) -> ColumnElement[bool]:
    return and_(major_hazard_open(row.facility_id, row.admitted_on), not_(_moves_on(row)))


def _admitted_despite_fire(row: Any) -> ColumnElement[bool]:
    return and_(fire_failed(row.facility_id, row.admitted_on), not_(_moves_on(row)))


def _opened_unaccepted(row: Any) -> ColumnElement[bool]:
    """Whether a facility that was planned or built here began to operate before its construction was accepted."""
    phase: Any = row if entity_class(row) is FacilityPhase else aliased(FacilityPhase)
    built = aliased(FacilityPhase)
    before = and_(built.facility_id == phase.facility_id, built.status.in_(BUILT), built.valid_from <= phase.valid_from)
    new = and_(phase.status == FacilityStatus.OPERATING, exists(select(built.id).where(before)))
    wrong = and_(new, not_(accepted_by(phase.facility_id, phase.valid_from)))
    if phase is row:
        return wrong
    return exists(select(phase.id).where(phase.facility_id == row.facility_id, wrong))


def _medals_overlap(row: Any) -> ColumnElement[bool]:
    other = aliased(Rating)
    same = and_(other.caregiver_id == row.caregiver_id, other.scheme == row.scheme, other.id != row.id)
    both = and_(before_end(other.issued_on, row.valid_to), before_end(row.issued_on, other.valid_to))
    valid = and_(other.status == RatingStatus.VALID, row.status == RatingStatus.VALID)
    return exists(select(other.id).where(same, valid, both))


def _item_of_another_checklist(row: Any) -> ColumnElement[bool]:
    result, inspection = _either(row, InspectionResult, Inspection)
    item, other = aliased(ChecklistItem), inspection if row is result else result
    foreign = or_(inspection.template_id.is_(None), item.template_id != inspection.template_id)
    joined = and_(result.inspection_id == inspection.id, item.id == result.item_id)
    return exists(select(other.id).where(joined, foreign))


def _not_applicable_though_it_applies(row: Any) -> ColumnElement[bool]:
    result, item = _either(row, InspectionResult, ChecklistItem)
    other = item if row is result else result
    wrong = and_(result.verdict == Verdict.NOT_APPLICABLE, not_(item.may_not_apply))
    return exists(select(other.id).where(item.id == result.item_id, wrong))


def _passed_though_an_item_failed(row: Any) -> ColumnElement[bool]:
    inspection, result = _either(row, Inspection, InspectionResult)
    other = result if row is inspection else inspection
    wrong = and_(inspection.outcome == InspectionOutcome.PASSED, result.verdict == Verdict.FAIL)
    return exists(select(other.id).where(result.inspection_id == inspection.id, wrong))


def _of_another_facility(row: Any) -> ColumnElement[bool]:
    inspection = aliased(Inspection)
    found = and_(inspection.id == row.inspection_id, inspection.facility_id != row.facility_id)
    return exists(select(inspection.id).where(found))


def _rectified_outside(row: Any) -> ColumnElement[bool]:
    work, hazard = _either(row, Rectification, Hazard)
    other = hazard if row is work else work
    outside = or_(work.started_on < hazard.found_on, work.started_on > hazard.closed_on)
    return exists(select(other.id).where(work.hazard_id == hazard.id, outside))


def _reviewed_too_early(row: Any) -> ColumnElement[bool]:
    review, work = _either(row, HazardReview, Rectification)
    other = work if row is review else review
    early = or_(work.finished_on.is_(None), review.reviewed_on < work.finished_on)
    return exists(select(other.id).where(review.rectification_id == work.id, early))


def _closed_unreviewed(row: Any) -> ColumnElement[bool]:
    """A hazard is closed on the day of a review that found it gone, and such a review closes it."""
    hazard: Any = row if entity_class(row) is Hazard else aliased(Hazard)
    work, review = aliased(Rectification), aliased(HazardReview)
    passed = select(review.id).join(work, work.id == review.rectification_id)
    passed = passed.where(work.hazard_id == hazard.id, review.passed)
    on_the_day = exists(passed.where(review.reviewed_on == hazard.closed_on))
    broken = or_(and_(hazard.closed_on.is_not(None), ~on_the_day), and_(hazard.closed_on.is_(None), exists(passed)))
    if hazard is row:
        return broken
    if entity_class(row) is Rectification:
        return exists(select(hazard.id).where(hazard.id == row.hazard_id, broken))
    own = aliased(Rectification)
    mine = and_(own.id == row.rectification_id, own.hazard_id == hazard.id)
    differs = or_(hazard.closed_on.is_(None), hazard.closed_on != row.reviewed_on)
    return and_(row.passed, exists(select(hazard.id).join(own, mine).where(differs)))


def _completed_without_level(row: Any) -> ColumnElement[bool]:
    """Whether an upgrade is said to be complete though no rating of that level was valid on the day."""
    rating = aliased(Rating)
    given = and_(rating.facility_id == row.facility_id, rating.scheme == row.scheme, rating.level >= row.target_level)
    valid = and_(rating.issued_on <= row.completed_on, before_end(row.completed_on, rating.valid_to))
    stands = rating.status.in_((RatingStatus.VALID, RatingStatus.REVOKED))
    return and_(row.completed_on.is_not(None), ~exists(select(rating.id).where(given, valid, stands)))


def _either(row: Any, first: type[Record], second: type[Record]) -> tuple[Any, Any]:
    """The row and an alias of the other noun, in the order of the nouns."""
    return (row, aliased(second)) if entity_class(row) is first else (aliased(first), row)


ALONE = (StaffPost, Employment, ChecklistTemplate, FireSafety, UnificationItem, FacilityBrand)

INVARIANTS: tuple[Invariant, ...] = (
    *(overlap(noun) for noun in ALONE),
    *reserving.INVARIANTS,
    *evaluation_rules.INVARIANTS,
    Invariant(
        "MAJOR_HAZARD_OPEN",
        "A major hazard stands open at this facility, so it admits nobody.",
        "Have it rectified and reviewed first (finishRectification, reviewRectification), or choose another facility.",
        (Stay,),
        _admitted_despite_hazard,
        ("facility_id",),
        acts=("facility_id", "admitted_on"),
    ),
    Invariant(
        "FIRE_STANDARD_NOT_MET",
        "This facility does not meet the fire standard, so it admits nobody.",
        "Record with setFireSafety that it meets the standard once it does, or choose another facility.",
        (Stay,),
        _admitted_despite_fire,
        ("facility_id",),
        acts=("facility_id", "admitted_on"),
    ),
    Invariant(
        "NOT_ACCEPTED",
        "A newly built facility operates only after its construction was accepted.",
        "Complete an inspection of the kind CONSTRUCTION_ACCEPTANCE that it passes, on that day or before.",
        (FacilityPhase, Inspection),
        _opened_unaccepted,
        ("status",),
    ),
    Invariant(
        "OVERLAP",
        "Another medal of this caregiver is valid on some of these days.",
        "End the other one first, or correct its dates.",
        (Rating,),
        _medals_overlap,
        ("issued_on",),
    ),
    Invariant(
        "ITEM_OF_ANOTHER_CHECKLIST",
        "The item does not belong to the checklist of this inspection.",
        "Send an item of its checklist.",
        (InspectionResult, Inspection),
        _item_of_another_checklist,
        ("item_id",),
    ),
    Invariant(
        "ITEM_APPLIES",
        "The checklist does not let this item be found not applicable.",
        "Send PASS or FAIL.",
        (InspectionResult, ChecklistItem),
        _not_applicable_though_it_applies,
        ("verdict",),
    ),
    Invariant(
        "OUTCOME_CONTRADICTED",
        "An inspection is not passed while one of its items failed.",
        "Correct the result of the item, or the outcome.",
        (Inspection, InspectionResult),
        _passed_though_an_item_failed,
        ("outcome",),
    ),
    Invariant(
        "INSPECTION_OF_ANOTHER",
        "The inspection was of another facility.",
        "Check the inspection.",
        (Hazard, Finding),
        _of_another_facility,
        ("inspection_id",),
    ),
    Invariant(
        "RECTIFIED_OUTSIDE",
        "A hazard is rectified between the day it is found and the day it is closed.",
        "Check the dates.",
        (Rectification, Hazard),
        _rectified_outside,
        ("started_on",),
    ),
    Invariant(
        "REVIEWED_TOO_EARLY",
        "A rectification is reviewed once it is reported as done.",
        "Finish the rectification first, or check the dates.",
        (HazardReview, Rectification),
        _reviewed_too_early,
        ("reviewed_on",),
    ),
    Invariant(
        "CLOSED_UNREVIEWED",
        "A hazard is closed by a review that finds it gone, on the day of that review.",
        "Use reviewRectification, which writes the review and closes the hazard.",
        (Hazard, HazardReview, Rectification),
        _closed_unreviewed,
        ("closed_on",),
    ),
    Invariant(
        "LEVEL_NOT_RATED",
        "An upgrade is complete once a rating of the level aimed at is valid.",
        "Record the rating first (issueRating).",
        (StarUpgradeProject,),
        _completed_without_level,
        ("completed_on",),
    ),
)
"""Every rule between records of supervision, those of evaluation and of reserved beds among them."""
