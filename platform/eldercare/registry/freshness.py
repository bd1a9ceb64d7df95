"""Who was verified when, how fresh what is recorded is, and who must be visited this month."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, literal, not_, or_, select, union_all
from sqlalchemy.orm import aliased

from eldercare.registry import rules
from eldercare.registry.census import Census, Visit, VisitPurpose, VisitResult
from eldercare.registry.change_report import ChangeReport, ReportKind, ReportStatus
from eldercare.registry.days import before, month_start
from eldercare.registry.division import Level, within
from eldercare.registry.group import at_least, holds
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import ResidenceBase
from eldercare.registry.query import View, visible
from eldercare.registry.rollup import at_home, counted, how_many, one_if, share

VERIFYING = tuple(VisitResult[code] for code in rules.rule("verifying_results"))
NEW = (ReportKind.NEW_ELDER, ReportKind.MOVE_IN)
GONE = (ReportKind.DEATH, ReportKind.MOVE_OUT)


def _confirming(visit: Any, person: Any, view: View) -> list[ColumnElement[bool]]:
    """That a visit was to a person, confirmed what is recorded, and is one that the viewer may know of."""
    return [visit.person_id == person.id, visit.result.in_(VERIFYING), *visible(visit, view.at_date())]


def last_verified(person: Any, view: View) -> ColumnElement[Any]:
    """The last day until the view's date on which somebody confirmed what is recorded; empty when nobody did."""
    visit = aliased(Visit)
    query = select(func.max(visit.visited_on)).where(*_confirming(visit, person, view))
    seen = query.where(visit.visited_on <= view.as_of).correlate(person).scalar_subquery()
    stated = case((person.verified_on <= view.as_of, person.verified_on))
    return case((stated.is_(None), seen), (seen > stated, seen), else_=stated)


def verified_since(person: Any, first: ColumnElement[Any], view: View) -> ColumnElement[bool]:
    """Whether somebody confirmed what is recorded of a person between a day and the view's date."""
    visit = aliased(Visit)
    query = select(visit.id).where(*_confirming(visit, person, view))
    query = query.where(visit.visited_on >= first, visit.visited_on <= view.as_of)
    seen = exists(query.correlate_except(visit))
    stated = and_(person.verified_on >= first, person.verified_on <= view.as_of)
    return or_(seen, func.coalesce(stated, false()))


def fresh(person: Any, days: int | ColumnElement[int], view: View) -> ColumnElement[bool]:
    """Whether somebody confirmed what is recorded within the last so many days, the view's date included."""
    return verified_since(person, before(view.as_of, days - 1), view)


def special(person: Any, view: View) -> ColumnElement[bool]:
    """Whether a person must be visited every month."""
    return holds(GroupCategory.SPECIAL_DIFFICULTY, person, view)


def visited_this_month(person: Any, view: View) -> ColumnElement[bool]:
    """Whether somebody met a person on a visit of care in the month of the view's date, until that date."""
    visit = aliased(Visit)
    return exists(
        select(visit.id)
        .where(
            *_confirming(visit, person, view),
            visit.purpose == VisitPurpose.CARE,
            visit.visited_on >= month_start(view.as_of),
            visit.visited_on <= view.as_of,
        )
        .correlate_except(visit)
    )


def meant_by(census: Any, person: Any, view: View) -> ColumnElement[bool]:
    """Whether a person is among those a campaign is to verify."""
    of_group = [and_(census.category == category, holds(category, person, view)) for category in GroupCategory]
    return and_(old_enough(census, person, view), or_(census.category.is_(None), *of_group))


def old_enough(census: Any, person: Any, view: View) -> ColumnElement[bool]:
    """Whether a person has the age of a campaign on its first day."""
    return at_least(person, census.age_from, View(census.begins_on))


def seen_in(census: Any, person: Any, view: View) -> ColumnElement[bool]:
    """Whether somebody confirmed what is recorded of a person in the days of a campaign, until the view's date."""
    visit = aliased(Visit)
    return exists(
        select(visit.id)
        .where(
            *_confirming(visit, person, view),
            visit.visited_on >= census.begins_on,
            visit.visited_on <= census.ends_on,
            visit.visited_on <= view.as_of,
        )
        # the campaign may stand more than one level above, where SQLAlchemy does not look by itself
        .correlate_except(visit)
    )


def freshness(
    view: View,
    days: Any,
    categories: list[GroupCategory],
    territory_id: Any = None,
    base: ResidenceBase | None = None,
    level: Level | None = None,
) -> Any:
    """People, of whom how many were verified within the last days, by division."""
    of_group = [lambda person: or_(*(holds(each, person, view) for each in categories))] if categories else []
    people = at_home(
        view,
        *of_group,
        territory_id=territory_id,
        base=base,
        level=level,
        verified=lambda person: one_if(fresh(person, days, view)),
    ).cte()
    return _shares(people, level, view, "people", "verified", "overdue", "share")


def due_for_a_visit(
    view: View, territory_id: Any = None, base: ResidenceBase | None = None, level: Level | None = None
) -> Any:
    """People in special difficulty, of whom how many were met on a visit of care this month, by division."""
    chosen = at_home(
        view,
        lambda person: special(person, view),
        territory_id=territory_id,
        base=base,
        level=level,
        done=lambda person: one_if(visited_this_month(person, view)),
    )
    return _shares(chosen.cte(), level, view, "due", "done", "missed", "rate")


def campaign(view: View, census_id: Any, level: Level | None = None) -> Any:
    """The people a campaign is to verify, of whom how many it has verified, by division."""
    census, named = aliased(Census), aliased(Census)
    where = select(named.division_id).where(named.id == census_id)

    def meant(person: Any) -> ColumnElement[bool]:
        # The campaign stands beside its people, so that what is asked of both finds both in the same statement.
        return and_(census.id == census_id, meant_by(census, person, view))

    def visited(person: Any) -> ColumnElement[int]:
        return one_if(seen_in(census, person, view))

    people = at_home(view, meant, territory_id=where, level=level, visited=visited).cte()
    return _shares(people, level, view, "people", "visited", "to_visit", "share")


def month(view: View, days: Any, territory_id: Any = None, level: Level | None = None) -> Any:
    """What was added, gone, changed and verified this month, and who is overdue, by division."""
    people = at_home(
        view,
        territory_id=territory_id,
        level=level,
        verified=lambda person: one_if(verified_since(person, month_start(view.as_of), view)),
        overdue=lambda person: one_if(not_(fresh(person, days, view))),
    ).subquery()
    none = literal(0)
    rows = [
        select(
            people.c.division,
            none.label("added"),
            none.label("gone"),
            none.label("changed"),
            people.c.verified,
            people.c.overdue,
        )
    ]
    rows.append(_reported(view, territory_id))
    all_rows = union_all(*rows).subquery()
    names = ("added", "gone", "changed", "verified", "overdue")
    return counted(all_rows, level, view, {name: how_many(all_rows.c[name]) for name in names})


def _reported(view: View, territory_id: Any) -> Any:
    """A row for each person of whom something was reported and applied this month, where it was reported."""
    report = aliased(ChangeReport)
    applied = [
        report.status == ReportStatus.APPLIED,
        report.decided_on >= month_start(view.as_of),
        report.decided_on <= view.as_of,
        *visible(report, view.at_date()),
    ]
    if territory_id is not None:
        applied.append(within(report.division_id, territory_id))

    def of(condition: ColumnElement[bool]) -> ColumnElement[int]:
        return func.max(one_if(condition))

    other = and_(report.kind.not_in((*NEW, *GONE)))
    flags = [of(report.kind.in_(NEW)), of(report.kind.in_(GONE)), of(other), literal(0), literal(0)]
    found = select(report.division_id, *flags).where(*applied)
    return found.group_by(report.division_id, report.person_id)


def _shares(people: Any, level: Level | None, view: View, whole: str, part: str, rest: str, rate: str) -> Any:
    all_of, some = func.count(people.c.id), how_many(people.c[part])
    measures = {whole: all_of, part: some, rest: all_of - some, rate: share(some, all_of)}
    return counted(people, level, view, measures)
