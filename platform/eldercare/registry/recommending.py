"""Commands about experiences and summaries: approve, hand in, select, promote."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from eldercare.kit.clock import CHINA
from eldercare.registry.change import Writer
from eldercare.registry.draft import refuse
from eldercare.registry.entity import now
from eldercare.registry.experience import (
    CASE_SECTIONS,
    ApprovingSide,
    CaseApproval,
    CasePromotion,
    CaseStatus,
    ExperienceCall,
    ExperienceCase,
    ExperienceKind,
)
from eldercare.registry.pilot import SECTIONS, PilotSummary, SummaryStatus
from eldercare.registry.value import held


def approve_case(
    writer: Writer, *, case_id: int, side: ApprovingSide, approver: str, on: date | None = None
) -> ExperienceCase:
    """Put the stamp of one authority on a draft."""
    _in_state(writer, case_id, CaseStatus.DRAFT)
    values = {"case_id": case_id, "side": side, "approver": approver, "approved_on": on or writer.today}
    writer.create(CaseApproval, values)
    return writer.find(ExperienceCase, case_id)


def submit_case(
    writer: Writer, *, case_id: int, at: datetime | None = None, expected_version: int | None = None
) -> ExperienceCase:
    """Hand a case in: in time, complete, not too long, with both stamps, and not more than the call takes of a province."""
    case = _in_state(writer, case_id, CaseStatus.DRAFT)
    # Provinces hand in one after another: the number of a call is counted while nobody else hands in.
    call = writer.locked(ExperienceCall, case.call_id)
    moment = at or now()
    _in_time(call, moment)
    _complete(case)
    _short_enough(case, call)
    _stamped(writer, case)
    values = {"status": CaseStatus.SUBMITTED, "submitted_at": moment}
    return writer.correct(ExperienceCase, case_id, values, expected_version=expected_version)


def decide_case(writer: Writer, *, case_id: int, selected: bool, expected_version: int | None = None) -> ExperienceCase:
    """Select a case that was handed in, or pass it over."""
    _in_state(writer, case_id, CaseStatus.SUBMITTED)
    status = CaseStatus.SELECTED if selected else CaseStatus.NOT_SELECTED
    return writer.correct(ExperienceCase, case_id, {"status": status}, expected_version=expected_version)


def promote_case(writer: Writer, *, case_id: int, way: str, on: date | None = None) -> ExperienceCase:
    """Make a selected case known."""
    case = _in_state(writer, case_id, CaseStatus.SELECTED, CaseStatus.PROMOTED)
    writer.create(CasePromotion, {"case_id": case_id, "way": way, "promoted_on": on or writer.today})
    if case.status is CaseStatus.PROMOTED:
        return case
    return writer.correct(ExperienceCase, case_id, {"status": CaseStatus.PROMOTED})


def submit_summary(
    writer: Writer, *, summary_id: int, at: datetime | None = None, expected_version: int | None = None
) -> PilotSummary:
    """Hand a summary in; all its four sections must be there."""
    summary = writer.locked(PilotSummary, summary_id)
    if summary.status is not SummaryStatus.DRAFT:
        refuse("HANDED_IN", "The summary was handed in already.", "Write that of another year.", "summary_id")
    _sections(summary, SECTIONS)
    values = {"status": SummaryStatus.SUBMITTED, "submitted_at": at or now()}
    return writer.correct(PilotSummary, summary_id, values, expected_version=expected_version)


def _in_state(writer: Writer, case_id: int, *states: CaseStatus) -> ExperienceCase:
    case = writer.locked(ExperienceCase, case_id)
    if case.status not in states:
        wanted = " or ".join(f"{each.en} ({each.zh})" for each in states)
        refuse(
            "TRANSITION",
            f"The case is {case.status.en} ({case.status.zh}), not {wanted}.",
            "Take the steps in their order.",
            "case_id",
        )
    return case


def _in_time(call: ExperienceCall, moment: datetime) -> None:
    deadline = held(call.deadline)
    if moment >= deadline:
        refuse(
            "TOO_LATE",
            f"The call ended at {deadline.astimezone(CHINA).isoformat()}.",
            "Ask the ministry for an extension.",
            "at",
        )


def _complete(case: ExperienceCase) -> None:
    if case.kind is ExperienceKind.WORK_EXPERIENCE:
        _sections(case, CASE_SECTIONS)
    elif not case.characters:
        refuse("SECTION_MISSING", "The case has no text.", "Write it before it is handed in.", "main_methods")


def _sections(record: Any, names: tuple[str, ...]) -> None:
    for name in names:
        if not getattr(record, name):
            title = record.__table__.c[name].info["zh"]
            refuse("SECTION_MISSING", f"The section {name} ({title}) is missing.", "Write it first.", name)


def _short_enough(case: ExperienceCase, call: ExperienceCall) -> None:
    if case.characters > call.longest:
        refuse(
            "TOO_LONG",
            f"The case has {case.characters} characters; the call takes {call.longest}.",
            "Shorten it: each Chinese character and mark counts one, each run of letters or digits one.",
            "characters",
        )


def _stamped(writer: Writer, case: ExperienceCase) -> None:
    found = set(writer.session.scalars(select(CaseApproval.side).where(CaseApproval.case_id == case.id)))
    for side in ApprovingSide:
        if side not in found:
            refuse("STAMP_MISSING", f"The stamp of {side.en} ({side.zh}) is missing.", "Have it approved first.", "id")
