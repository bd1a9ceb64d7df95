"""In which class of admission an applicant comes, by the rules in force, and how waiting improves it."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, select, true
from sqlalchemy.orm import Session, aliased

from eldercare.registry.admission import AdmissionRule
from eldercare.registry.group import at_least, effective, holds, latest_level, resides_within
from eldercare.registry.membership import GroupCategory, GroupMembership
from eldercare.registry.person import Person
from eldercare.registry.query import View, visible


def priority_class(session: Session, person_id: int, on: date, division_id: int | None = None) -> int | None:
    """The first class whose rule fits a person on a day; rules of the division come before those that hold everywhere.

    None when no rule is in force or none fits.
    """
    view = View(literal(on))
    rules = list(session.scalars(select(AdmissionRule).where(*visible(AdmissionRule, view))))
    own = [rule for rule in rules if rule.division_id is not None and rule.division_id == division_id]
    chosen = own or [rule for rule in rules if rule.division_id is None]
    if not chosen:
        return None
    fits = [fits_rule(rule, Person, view, division_id).label(f"rule_{rule.id}") for rule in chosen]
    row = session.execute(select(*fits).where(Person.id == person_id)).one_or_none()
    return min((rule.priority_class for rule, fit in zip(chosen, row or (), strict=False) if fit), default=None)


def fits_rule(rule: AdmissionRule, person: Any, view: View, division_id: int | None) -> ColumnElement[bool]:
    """Whether a person meets every condition of a rule at the view's date."""
    conditions: list[ColumnElement[bool]] = [true()]
    if rule.category is not None:
        conditions.append(holds(rule.category, person, view))
    if rule.level_min is not None:
        conditions.append(func.coalesce(latest_level(person, view), -1) >= rule.level_min)
    if rule.age_min is not None:
        conditions.append(at_least(person, rule.age_min, view))
    if rule.self_care is not None:
        conditions.append(_self_care(rule, person, view))
    if rule.local_only and division_id is not None:
        conditions.append(resides_within(person, division_id, view))
    return and_(*conditions)


def improved(priority: int, applied_on: date, on: date, promote_after_days: int | None) -> int:
    """The class after waiting: one better for each full period, never better than 1.

    >>> improved(4, date(2026, 1, 1), date(2026, 7, 1), 90)
    2
    """
    if promote_after_days is None or promote_after_days <= 0:
        return priority
    return max(1, priority - (on - applied_on).days // promote_after_days)


def _self_care(rule: AdmissionRule, person: Any, view: View) -> ColumnElement[bool]:
    held = aliased(GroupMembership)
    return (
        select(held.id)
        .where(
            held.person_id == person.id,
            held.category == GroupCategory.EXTREMELY_POOR,
            held.self_care == rule.self_care,
            *effective(held, view),
        )
        .exists()
    )
