"""Commands about projects, upgrades, group operation and evaluation: what is begun, closed, set and concluded."""

from datetime import date
from decimal import Decimal

from sqlalchemy import func, literal, select
from sqlalchemy.orm import aliased

from eldercare.kit.errors import NotFound
from eldercare.registry.change import Writer
from eldercare.registry.draft import refuse
from eldercare.registry.evaluation import EvaluationCriterion, EvaluationScore, PerformanceEvaluation
from eldercare.registry.facility import Facility
from eldercare.registry.gaps import gap_closed
from eldercare.registry.grouping import Unification, UnificationItem, UnificationState
from eldercare.registry.query import View
from eldercare.registry.upgrade import Project, StarUpgradeProject, UpgradeGap


def open_gap(writer: Writer, *, upgrade_id: int, text: str) -> UpgradeGap:
    """Add a gap to an upgrade; its options, any one of which closes it, are added with createGapOption."""
    _running(writer, upgrade_id)
    last = writer.session.scalar(select(func.max(UpgradeGap.number)).where(UpgradeGap.project_id == upgrade_id))
    return writer.create(UpgradeGap, {"project_id": upgrade_id, "number": (last or 0) + 1, "text": text})


def close_gap(writer: Writer, *, gap_id: int, on: date, note: str) -> UpgradeGap:
    """State that a gap is closed, where no record of the facility says so by itself."""
    gap = writer.locked(UpgradeGap, gap_id)
    if gap.closed_on is not None:
        refuse("ALREADY_ENDED", "This gap was stated to be closed before.", "Correct it instead.", "gap_id")
    return writer.correct(UpgradeGap, gap_id, {"closed_on": on, "note": note})


def complete_upgrade(writer: Writer, *, upgrade_id: int, on: date) -> StarUpgradeProject:
    """An upgrade is complete: every gap is closed and a rating of its level is valid on the day."""
    _running(writer, upgrade_id)
    gap, view = aliased(UpgradeGap), View(literal(on))
    query = select(gap.number).where(gap.project_id == upgrade_id, ~gap_closed(gap, view)).order_by(gap.number)
    still = writer.session.scalars(query).all()
    if still:
        refuse(
            "GAPS_OPEN",
            f"Gap {', '.join(map(str, still))} is still open on {on}.",
            "Record what closes it, such as a capability, or state it with closeGap.",
            "upgrade_id",
        )
    return writer.correct(StarUpgradeProject, upgrade_id, {"completed_on": on})


def cancel_upgrade(writer: Writer, *, upgrade_id: int, on: date, reason: str) -> StarUpgradeProject:
    """Give an upgrade up."""
    _running(writer, upgrade_id)
    return writer.correct(StarUpgradeProject, upgrade_id, {"cancelled_on": on}, reason=reason)


def start_project(writer: Writer, *, project_id: int, on: date) -> Project:
    """The work on a project begins."""
    if _open_project(writer, project_id).started_on is not None:
        refuse("ALREADY_STARTED", "The work has begun before.", "Correct the project instead.", "project_id")
    return writer.correct(Project, project_id, {"started_on": on})


def complete_project(writer: Writer, *, project_id: int, on: date) -> Project:
    """A project is completed."""
    project = _open_project(writer, project_id)
    begun = {} if project.started_on else {"started_on": on}
    return writer.correct(Project, project_id, {"completed_on": on, **begun})


def cancel_project(writer: Writer, *, project_id: int, on: date, reason: str) -> Project:
    """Give a project up."""
    _open_project(writer, project_id)
    return writer.correct(Project, project_id, {"cancelled_on": on}, reason=reason)


def set_unification(
    writer: Writer,
    *,
    facility_id: int,
    item: Unification,
    state: UnificationState,
    on: date,
    note: str | None = None,
) -> UnificationItem:
    """Say how far one of the five unifications is at a facility from a day on."""
    writer.locked(Facility, facility_id)
    same = (UnificationItem.facility_id == facility_id, UnificationItem.item == item)
    current = writer.session.scalars(select(UnificationItem).where(*same, UnificationItem.valid_to.is_(None))).first()
    values = {"state": state, "note": note}
    if current is not None and on < current.valid_from:
        refuse("BEFORE_CURRENT_STATE", "The present state began later.", "Correct that record instead.", "on")
    if current is not None and (on == current.valid_from or current.state is state):
        return writer.correct(UnificationItem, current.id, values)
    if current is not None:
        writer.end(UnificationItem, current.id, on)
    return writer.create(UnificationItem, {"facility_id": facility_id, "item": item, "valid_from": on, **values})


def score_indicator(
    writer: Writer, *, evaluation_id: int, number: int, achieved: Decimal, note: str | None = None
) -> EvaluationScore:
    """Say what was achieved of one indicator of the plan, 0 to 100; said again, it replaces what was said."""
    done = writer.locked(PerformanceEvaluation, evaluation_id)
    criterion = writer.session.scalar(
        select(EvaluationCriterion.id).where(
            EvaluationCriterion.plan_id == done.plan_id, EvaluationCriterion.number == number
        )
    )
    if criterion is None:
        remedy = "Read the plan's indicators."
        raise NotFound("NO_SUCH_INDICATOR", f"The plan has no indicator {number}.", remedy=remedy, path=("number",))
    if done.concluded_on is not None:
        refuse("EVALUATION_CONCLUDED", "The evaluation is concluded.", "Correct its records.", "evaluation_id")
    same = (EvaluationScore.evaluation_id == evaluation_id, EvaluationScore.criterion_id == criterion)
    known = writer.session.scalar(select(EvaluationScore.id).where(*same))
    values = {"achieved": achieved, "note": note}
    if known is not None:
        return writer.correct(EvaluationScore, known, values)
    return writer.create(EvaluationScore, {"evaluation_id": evaluation_id, "criterion_id": criterion, **values})


def conclude_evaluation(writer: Writer, *, evaluation_id: int, on: date) -> PerformanceEvaluation:
    """An evaluation counts from a day on; every indicator must have its score."""
    done = writer.locked(PerformanceEvaluation, evaluation_id)
    if done.concluded_on is not None:
        refuse("ALREADY_ENDED", "The evaluation was concluded before.", "Correct it instead.", "evaluation_id")
    return writer.correct(PerformanceEvaluation, evaluation_id, {"concluded_on": on})


def _running(writer: Writer, upgrade_id: int) -> StarUpgradeProject:
    project = writer.locked(StarUpgradeProject, upgrade_id)
    if project.completed_on is not None or project.cancelled_on is not None:
        refuse("ALREADY_ENDED", "This upgrade has ended.", "Begin another one.", "upgrade_id")
    return project


def _open_project(writer: Writer, project_id: int) -> Project:
    project = writer.locked(Project, project_id)
    if project.completed_on is not None or project.cancelled_on is not None:
        refuse("ALREADY_ENDED", "This project has ended.", "Correct it instead.", "project_id")
    return project
