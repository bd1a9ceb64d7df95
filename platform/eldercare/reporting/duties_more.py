"""More duties, about hazards, projects, orders, reports and fund issues."""

from typing import Any

from sqlalchemy import or_

from eldercare.registry.change_report import ReportStatus
from eldercare.registry.query import View
from eldercare.registry.service_state import reached
from eldercare.reporting.days import after
from eldercare.reporting.duties import days, soon
from eldercare.reporting.work import Hit


def not_by(day: Any, view: View) -> Any:
    """Whether something had not happened by the view's date."""
    return or_(day.is_(None), day > view.as_of)


def hazard_open(row: Any, view: View) -> Hit:
    """A hazard that is not closed."""
    return Hit(row.found_on, row.due_on, [row.found_on <= view.as_of, not_by(row.closed_on, view)])


def upgrade_due(row: Any, view: View) -> Hit:
    """A star project that is due soon, or was, and is not completed."""
    where = [row.started_on <= view.as_of, not_by(row.completed_on, view), not_by(row.cancelled_on, view)]
    return Hit(row.started_on, row.due_on, [*where, soon(row.due_on, "PROJECT_DUE", view)])


def project_due(row: Any, view: View) -> Hit:
    """A project that is due soon, or was, and is not completed."""
    where = [not_by(row.completed_on, view), not_by(row.cancelled_on, view), soon(row.due_on, "PROJECT_DUE", view)]
    return Hit(row.started_on, row.due_on, where)


def order_without_provider(row: Any, view: View) -> Hit:
    """An order that nobody was found for and that has not ended."""
    where = [row.ordered_on <= view.as_of, row.provider_id.is_(None)]
    where += [~reached(row.completed_at, view), ~reached(row.ended_at, view)]
    return Hit(row.ordered_on, after(row.ordered_on, days("ORDER_WITHOUT_PROVIDER")), where)


def report_waiting(row: Any, view: View) -> Hit:
    """A reported change that nobody has decided about."""
    waiting = row.status.in_((ReportStatus.REPORTED, ReportStatus.VERIFIED))
    return Hit(
        row.reported_on, after(row.reported_on, days("REPORT_WAITING")), [row.reported_on <= view.as_of, waiting]
    )
