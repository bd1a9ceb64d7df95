"""Commands about inspections and hazards: from the plan of a visit to the archive of what was found."""

from datetime import date
from typing import Any

from sqlalchemy import func, literal, select

from eldercare.kit.errors import NotFound
from eldercare.registry.change import Writer
from eldercare.registry.checklist import (
    ChecklistItem,
    Inspection,
    InspectionKind,
    InspectionOutcome,
    InspectionResult,
    Inspector,
    Verdict,
)
from eldercare.registry.draft import refuse
from eldercare.registry.facility import ConditionStatus, Facility
from eldercare.registry.hazard import FireSafety, Hazard, HazardLevel, HazardReview, HazardState, Rectification
from eldercare.registry.money import Amount
from eldercare.registry.query import View
from eldercare.registry.rules import rule
from eldercare.registry.standing import hazard_state


def start_inspection(writer: Writer, *, inspection_id: int, on: date) -> Inspection:
    """The inspectors have come; one drawn by lot needs as many of them as the rules say."""
    inspection = writer.locked(Inspection, inspection_id)
    _not_completed(inspection)
    present = writer.session.scalar(select(func.count(Inspector.id)).where(Inspector.inspection_id == inspection_id))
    needed = rule("double_random_inspectors") if inspection.kind is InspectionKind.DOUBLE_RANDOM else 1
    if (present or 0) < needed:
        refuse(
            "INSPECTORS_MISSING",
            f"This inspection has {present} inspectors and needs {needed}.",
            "Name them first with createInspector.",
            "inspection_id",
        )
    return writer.correct(Inspection, inspection_id, {"started_on": on})


def record_result(
    writer: Writer, *, inspection_id: int, number: int, verdict: Verdict, note: str | None = None
) -> InspectionResult:
    """Say what was found about one item of the checklist; said again, it replaces what was said."""
    inspection = _under_way(writer, inspection_id)
    item = _item(writer, inspection, number)
    known = _results(writer, inspection_id).get(item)
    values: dict[str, Any] = {"verdict": verdict, "note": note}
    if known is not None:
        return writer.correct(InspectionResult, known, values)
    return writer.create(InspectionResult, {"inspection_id": inspection_id, "item_id": item, **values})


def pass_the_rest(writer: Writer, *, inspection_id: int) -> Inspection:
    """Every item about which nothing was said yet is passed."""
    inspection = _under_way(writer, inspection_id)
    for item in _unanswered(writer, inspection):
        values = {"inspection_id": inspection_id, "item_id": item, "verdict": Verdict.PASS}
        writer.create(InspectionResult, values)
    return writer.find(Inspection, inspection_id)


def complete_inspection(
    writer: Writer, *, inspection_id: int, on: date, outcome: InspectionOutcome | None = None, note: str | None = None
) -> Inspection:
    """End a visit: every item must be answered; with a checklist the outcome follows from the results."""
    inspection = _under_way(writer, inspection_id)
    if inspection.template_id is None:
        if outcome is None:
            refuse("OUTCOME_MISSING", "Without a checklist nothing tells the outcome.", "Send outcome.", "outcome")
    else:
        missing = _unanswered(writer, inspection)
        if missing:
            refuse(
                "RESULTS_MISSING",
                f"{len(missing)} items of the checklist have no result.",
                "Record them with recordResult, or pass the others with passTheRest.",
                "inspection_id",
            )
        outcome = outcome or _outcome(writer, inspection_id)
    values: dict[str, Any] = {"completed_on": on, "outcome": outcome}
    if note is not None:
        values["note"] = note
    return writer.correct(Inspection, inspection_id, values)


def report_hazard(writer: Writer, *, facility_id: int, level: HazardLevel, on: date, **values: Any) -> Hazard:
    """Record a hazard; its due day follows from its level."""
    writer.locked(Facility, facility_id)
    return writer.create(Hazard, {**values, "facility_id": facility_id, "level": level, "found_on": on})


def start_rectification(writer: Writer, *, hazard_id: int, on: date, responsible: str | None = None) -> Rectification:
    """Somebody begins to put a hazard right."""
    _in_state(writer, hazard_id, on, HazardState.PENDING_RECTIFY, HazardState.RECTIFYING)
    if _open_work(writer, hazard_id) is not None:
        refuse("ALREADY_RECTIFYING", "Somebody is at it already.", "Finish that first.", "hazard_id")
    values = {"hazard_id": hazard_id, "started_on": on, "responsible": responsible}
    return writer.create(Rectification, values)


def finish_rectification(
    writer: Writer, *, hazard_id: int, on: date, measure: str, cost: Amount | None = None
) -> Rectification:
    """The facility reports that a hazard has been put right; it waits for the review."""
    writer.locked(Hazard, hazard_id)
    work = _open_work(writer, hazard_id)
    if work is None:
        raise NotFound(
            "NOT_RECTIFYING", "Nobody is at this hazard.", remedy="Use startRectification first.", path=("hazard_id",)
        )
    return writer.correct(Rectification, work.id, {"finished_on": on, "measure": measure, "cost": cost})


def review_rectification(
    writer: Writer,
    *,
    hazard_id: int,
    on: date,
    passed: bool,
    reviewer: str | None = None,
    opinion: str | None = None,
) -> Hazard:
    """Look at what was done: the hazard is closed, or goes back to be rectified."""
    _in_state(writer, hazard_id, on, HazardState.PENDING_REVIEW)
    done = writer.session.scalars(
        select(Rectification.id).where(Rectification.hazard_id == hazard_id).order_by(Rectification.started_on.desc())
    ).first()
    values = {"rectification_id": done, "reviewed_on": on, "passed": passed, "reviewer": reviewer, "opinion": opinion}
    with writer.together():
        writer.create(HazardReview, values)
        if passed:
            writer.correct(Hazard, hazard_id, {"closed_on": on})
    return writer.find(Hazard, hazard_id)


def archive_hazard(writer: Writer, *, hazard_id: int, on: date) -> Hazard:
    """Put a closed hazard into the archive."""
    _in_state(writer, hazard_id, on, HazardState.CLOSED)
    return writer.correct(Hazard, hazard_id, {"archived_on": on})


def set_fire_safety(
    writer: Writer,
    *,
    facility_id: int,
    status: ConditionStatus,
    on: date,
    reason: str | None = None,
    document: str | None = None,
) -> FireSafety:
    """Record whether a facility meets the fire standard from a day on."""
    writer.locked(Facility, facility_id)
    query = select(FireSafety).where(FireSafety.facility_id == facility_id, FireSafety.valid_to.is_(None))
    current = writer.session.scalars(query).one_or_none()
    values = {"status": status, "reason": reason, "document": document}
    if current is not None and on <= current.valid_from:
        if on < current.valid_from:
            refuse("BEFORE_CURRENT_STATE", "The present status began later.", "Correct that record instead.", "on")
        return writer.correct(FireSafety, current.id, values)
    if current is not None:
        writer.end(FireSafety, current.id, on)
    return writer.create(FireSafety, {"facility_id": facility_id, "valid_from": on, **values})


def _not_completed(inspection: Inspection) -> None:
    if inspection.completed_on is not None:
        remedy = "Correct the records themselves if something is wrong."
        refuse("INSPECTION_COMPLETED", "This inspection is completed.", remedy, "inspection_id")


def _under_way(writer: Writer, inspection_id: int) -> Inspection:
    inspection = writer.locked(Inspection, inspection_id)
    _not_completed(inspection)
    if inspection.started_on is None:
        refuse("INSPECTION_NOT_STARTED", "The inspection has not begun.", "Use startInspection.", "inspection_id")
    return inspection


def _items(writer: Writer, inspection: Inspection) -> dict[int, int]:
    query = select(ChecklistItem.number, ChecklistItem.id).where(ChecklistItem.template_id == inspection.template_id)
    return {row.number: row.id for row in writer.session.execute(query.order_by(ChecklistItem.number))}


def _item(writer: Writer, inspection: Inspection, number: int) -> int:
    items = _items(writer, inspection)
    if number not in items:
        numbers = f"Its items are numbered {min(items)} to {max(items)}." if items else "It has no checklist."
        raise NotFound("NO_SUCH_ITEM", f"This inspection has no item {number}.", remedy=numbers, path=("number",))
    return items[number]


def _results(writer: Writer, inspection_id: int) -> dict[int, int]:
    query = select(InspectionResult.item_id, InspectionResult.id)
    rows = writer.session.execute(query.where(InspectionResult.inspection_id == inspection_id))
    return {row.item_id: row.id for row in rows}


def _unanswered(writer: Writer, inspection: Inspection) -> list[int]:
    known = _results(writer, inspection.id)
    return [item for item in _items(writer, inspection).values() if item not in known]


def _outcome(writer: Writer, inspection_id: int) -> InspectionOutcome:
    failed = select(func.count(InspectionResult.id)).where(
        InspectionResult.inspection_id == inspection_id, InspectionResult.verdict == Verdict.FAIL
    )
    return InspectionOutcome.FAILED if writer.session.scalar(failed) else InspectionOutcome.PASSED


def _open_work(writer: Writer, hazard_id: int) -> Rectification | None:
    query = select(Rectification).where(Rectification.hazard_id == hazard_id, Rectification.finished_on.is_(None))
    return writer.session.scalars(query).one_or_none()


def _in_state(writer: Writer, hazard_id: int, on: date, *allowed: HazardState) -> None:
    writer.locked(Hazard, hazard_id)
    view = View(literal(on))
    found = writer.session.scalar(select(hazard_state(Hazard, view)).where(Hazard.id == hazard_id))
    if found is not None and found not in allowed:
        refuse(
            "HAZARD_STATE",
            f"On {on} this hazard is {found.en} ({found.zh}).",
            f"It must be {' or '.join(f'{each.en} ({each.zh})' for each in allowed)}.",
            "hazard_id",
        )
