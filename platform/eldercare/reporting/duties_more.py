"""More duties, about hazards, projects, orders, reports, visits and the census."""

from dataclasses import replace
from typing import Any

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import aliased

from eldercare.registry.census import Census
from eldercare.registry.change_report import ReportStatus
from eldercare.registry.days import after, before, month_start
from eldercare.registry.division import within
from eldercare.registry.freshness import meant_by, seen_in, special, visited_this_month
from eldercare.registry.group import alive, at_home_in
from eldercare.registry.person import Person, Residence
from eldercare.registry.query import View, visible
from eldercare.registry.service_state import reached
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


def visit_missed(row: Any, view: View) -> Hit:
    """Somebody in special difficulty whom nobody met last month, and nobody has met in this one."""
    last = before(month_start(view.as_of), 1)
    earlier = replace(view, as_of=last)
    where = [
        ~visited_this_month(row, view),
        ~visited_this_month(row, earlier),
        special(row, earlier),
        special(row, view),
    ]
    return Hit(month_start(last), last, where)


def census_open(row: Any, view: View) -> Hit:
    """A village or other place where somebody is still to be visited in a census that ends soon or has ended lately."""
    census: Any = aliased(Census)
    current = [census.begins_on <= view.as_of, soon(census.ends_on, "CENSUS_OPEN", view)]
    current += [after(census.ends_on, days("CENSUS_OPEN")) >= view.as_of, *visible(census, view)]
    current += [within(row.id, census.division_id)]
    person: Any = aliased(Person)
    home: Any = aliased(Residence)
    left = select(person.id).join(home, home.person_id == person.id)
    left = left.where(home.division_id == row.id, *visible(home, view), alive(person, view), *visible(person, view))
    left = left.where(
        at_home_in(person, view) == row.id, meant_by(census, person, view), ~seen_in(census, person, view)
    )
    open_ones = [*current, exists(left.correlate(row, census))]
    since = select(func.min(census.begins_on)).where(*open_ones).correlate(row).scalar_subquery()
    due = select(func.min(census.ends_on)).where(*open_ones).correlate(row).scalar_subquery()
    return Hit(since, due, [exists(select(census.id).where(*open_ones).correlate(row))])
