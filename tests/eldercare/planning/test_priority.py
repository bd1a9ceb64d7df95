"""The class of admission by the registry's rules."""

from datetime import date
from typing import Any

from sqlalchemy import Date, literal
from sqlalchemy.orm import Session

from eldercare.planning.priority import Known, Priority
from eldercare.registry import AdmissionRule
from eldercare.registry.division import Division
from eldercare.registry.membership import GroupCategory, SelfCareClass
from eldercare.registry.query import View

DAY = date(2020, 5, 19)


def rules(session: Session, county: Any) -> Priority:
    """Three rules: extremely poor without self-care, other extremely poor, and anyone severely disabled."""
    poor = GroupCategory.EXTREMELY_POOR
    for number, conditions in (
        (1, {"category": poor, "self_care": SelfCareClass.NONE}),
        (2, {"category": poor}),
        (7, {"level_min": 3}),
    ):
        values = {"valid_from": date(2010, 1, 1), "source_id": county.source, "promote_after_days": 180, **conditions}
        county.add(AdmissionRule(priority_class=number, **values))
    return Priority(session, View(as_of=literal(DAY, Date)), session.get_one(Division, county.division))


def test_the_lowest_class_that_fits_counts(session: Session, county: Any) -> None:
    priority = rules(session, county)
    county.member(1, GroupCategory.EXTREMELY_POOR)
    county.member(2, GroupCategory.EXTREMELY_POOR, self_care=SelfCareClass.NONE)
    people = [Known(1, 4, 80), Known(2, 0, 80), Known(3, 3, 80), Known(4, 2, 80), Known(5, None, 80)]
    assert priority.classes(people) == {1: 2, 2: 1, 3: 7, 4: 8, 5: 8}


def test_a_group_comes_under_every_class_whose_rule_names_it(session: Session, county: Any) -> None:
    assert rules(session, county).of_category(GroupCategory.EXTREMELY_POOR) == (1, 2)


def test_the_days_until_promotion_come_from_the_rules(session: Session, county: Any) -> None:
    assert rules(session, county).promotion() == 180


def test_without_rules_everybody_comes_last(session: Session, county: Any) -> None:
    priority = Priority(session, View(as_of=literal(DAY, Date)), session.get_one(Division, county.division))
    assert priority.classes([Known(1, 4, 99)]) == {1: 8}
    assert priority.promotion() is None
