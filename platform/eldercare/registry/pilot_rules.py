"""What is checked of pilots, their summaries and experiences: before a record is written, and between records."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from eldercare.registry.character_count import characters
from eldercare.registry.draft import Draft, refuse
from eldercare.registry.entity import Record
from eldercare.registry.experience import (
    CASE_SECTIONS,
    CaseReview,
    CaseStatus,
    ExperienceCall,
    ExperienceCase,
)
from eldercare.registry.invariant import Invariant
from eldercare.registry.pilot import SECTIONS, PilotBatch, PilotRegion, PilotSummary, SummaryStatus

FIXED = ("call_id", "division_id", "kind", "region_id", "headline", "author_id", *CASE_SECTIONS)


def experience_case(draft: Draft) -> None:
    """Its characters are counted; what was handed in stays as it was handed in."""
    _stays(draft, CaseStatus.DRAFT, FIXED)
    draft.after["characters"] = sum(characters(draft.after.get(name) or "") for name in CASE_SECTIONS)


def pilot_summary(draft: Draft) -> None:
    """What was handed in stays as it was handed in."""
    _stays(draft, SummaryStatus.DRAFT, SECTIONS)


def _stays(draft: Draft, open_state: Any, names: Iterable[str]) -> None:
    if draft.before is not None and draft.before["status"] is not open_state:
        for name in names:
            if draft.changed(name):
                refuse("HANDED_IN", "What was handed in stays as it is.", "Hand in a new one.", name)


PILOT_RULES: dict[type[Record], tuple[Callable[[Draft], None], ...]] = {
    ExperienceCase: (experience_case,),
    PilotSummary: (pilot_summary,),
}


def _twice(region: Any) -> ColumnElement[bool]:
    """Whether a region is in another batch of the same pilot, by its division or, where none is known, by its name."""
    batch, other, others = aliased(PilotBatch), aliased(PilotRegion), aliased(PilotBatch)
    same = or_(
        other.division_id == region.division_id,
        and_(other.division_id.is_(None), region.division_id.is_(None), other.name == region.name),
    )
    found = select(other.id).join(others, others.id == other.batch_id).join(batch, batch.pilot_id == others.pilot_id)
    return exists(found.where(batch.id == region.batch_id, other.id != region.id, same))


def _foreign_region(case: Any) -> ColumnElement[bool]:
    """Whether a case is from a region that takes no part in the pilot it is called for."""
    call, region, batch = aliased(ExperienceCall), aliased(PilotRegion), aliased(PilotBatch)
    own = select(region.id).join(batch, batch.id == region.batch_id).join(call, call.pilot_id == batch.pilot_id)
    return and_(case.region_id.is_not(None), ~exists(own.where(region.id == case.region_id, call.id == case.call_id)))


def _too_many(case: Any) -> ColumnElement[bool]:
    """Whether the province of a case has handed in more than the call takes."""
    other, call = aliased(ExperienceCase), aliased(ExperienceCall)
    handed_in = select(func.count()).where(
        other.call_id == case.call_id, other.division_id == case.division_id, other.status != CaseStatus.DRAFT
    )
    most = select(call.most).where(call.id == case.call_id).scalar_subquery()
    return and_(case.status != CaseStatus.DRAFT, handed_in.scalar_subquery() > most)


def _own_work(review: Any) -> ColumnElement[bool]:
    """Whether somebody reviews what they wrote."""
    case = aliased(ExperienceCase)
    return exists(select(case.id).where(case.id == review.case_id, case.author_id == review.reviewer_id))


def _not_handed_in(review: Any) -> ColumnElement[bool]:
    case = aliased(ExperienceCase)
    return exists(select(case.id).where(case.id == review.case_id, case.status == CaseStatus.DRAFT))


PILOT_INVARIANTS = (
    Invariant(
        "REGION_IN_TWO_BATCHES",
        "This region takes part in the pilot already, in another batch.",
        "A region belongs to one batch; correct the other one.",
        (PilotRegion,),
        _twice,
        ("division_id",),
    ),
    Invariant(
        "REGION_NOT_IN_PILOT",
        "The region takes no part in the pilot that the call is about.",
        "A typical case is from one of the pilot's regions; name one, or hand it in as work experience.",
        (ExperienceCase,),
        _foreign_region,
        ("region_id",),
    ),
    Invariant(
        "TOO_MANY_EXPERIENCES",
        "The province has handed in as many experiences as the call takes.",
        "Recommend the best of them only.",
        (ExperienceCase,),
        _too_many,
        ("division_id",),
    ),
    Invariant(
        "REVIEWS_OWN_WORK",
        "The reviewing unit wrote the case.",
        "Let another unit review it.",
        (CaseReview,),
        _own_work,
        ("reviewer_id",),
    ),
    Invariant(
        "NOT_HANDED_IN",
        "The case is still a draft.",
        "Hand it in before it is reviewed.",
        (CaseReview,),
        _not_handed_in,
        ("case_id",),
    ),
)
