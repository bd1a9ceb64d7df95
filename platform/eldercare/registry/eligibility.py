"""Whether a person meets a condition of a subsidy on a day, and lives where its scheme holds: expressions over rows."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from eldercare.registry import rules
from eldercare.registry.assessment import AbilityAssessment
from eldercare.registry.division import Division
from eldercare.registry.group import alive, at_least, effective, holds, latest_level
from eldercare.registry.membership import GroupCategory, GroupMembership
from eldercare.registry.person import Person, Residence, ResidenceBase
from eldercare.registry.query import View, visible
from eldercare.registry.scheme import EligibilityRule, SchemeDivision, SubsidyScheme, SubsidyTier


def meets(rule: Any, person: Any, view: View) -> ColumnElement[bool]:
    """Whether a person meets every condition of a row of eligibility at the view's date."""
    level = func.coalesce(latest_level(person, view), -1)
    return and_(
        alive(person, view),
        _in_group(rule, person, view),
        or_(rule.level_min.is_(None), level >= rule.level_min),
        or_(rule.level_max.is_(None), and_(level >= 0, level <= rule.level_max)),
        or_(rule.age_min.is_(None), at_least(person, rule.age_min, view)),
        or_(rule.age_max.is_(None), ~at_least(person, rule.age_max, view)),
    )


def belongs(scheme: Any, person_id: Any, view: View) -> ColumnElement[bool]:
    """Whether a person lives, or is registered, where a scheme holds at the view's date."""
    residence, at_date = aliased(Residence), view.at_date()
    where = [residence.person_id == person_id, *visible(residence, at_date), covers(scheme, residence, at_date)]
    return exists(select(residence.id).where(*where).correlate_except(residence))


def covers(scheme: Any, residence: Any, view: View) -> ColumnElement[bool]:
    """Whether a residence lies where a scheme holds, in the sense the scheme asks for."""
    place, lived, territory = aliased(SchemeDivision), aliased(Division), aliased(Division)
    inside = (
        select(place.id)
        .join(territory, territory.id == place.division_id)
        .join(lived, lived.path.between(territory.path, territory.path + "~"))
        .where(place.scheme_id == scheme.id, lived.id == residence.division_id, *visible(place, view.at_date()))
        .correlate_except(place, territory, lived)
    )
    return and_(or_(scheme.base.is_(None), scheme.base == residence.base), exists(inside))


def candidates(session: Session, scheme_id: int, person_id: int, view: View) -> list[tuple[int, int, int]]:
    """The rules of a scheme that a person meets at the view's date: (rule, tier, amount), the highest amount first."""
    scheme, tier, rule, person = (
        aliased(SubsidyScheme),
        aliased(SubsidyTier),
        aliased(EligibilityRule),
        aliased(Person),
    )
    found = (
        select(rule.id, tier.id, tier.amount)
        .join(tier, tier.id == rule.tier_id)
        .join(scheme, scheme.id == tier.scheme_id)
        .join(person, person.id == person_id)
        .where(scheme.id == scheme_id, *visible(scheme, view), *visible(tier, view), *visible(rule, view))
        .where(belongs(scheme, person.id, view), meets(rule, person, view))
        .order_by(tier.amount.desc(), rule.id)
    )
    return [(row[0], row[1], row[2]) for row in session.execute(found)]


class Loss(NamedTuple):
    """Days within an entitlement on which something it rests on is lost: the row they come from, the day, and when so."""

    row: Any
    day: Any
    where: list[ColumnElement[bool]]

    def happens(self) -> ColumnElement[bool]:
        """Whether there is such a day."""
        return exists(select(self.row.id).where(*self.where).correlate_except(self.row))

    def first(self, before: Any) -> ColumnElement[Any]:
        """The first such day, of those before another."""
        found = select(func.min(self.day)).where(*self.where, self.day < before)
        return found.correlate_except(self.row).scalar_subquery()


def left_group(entitlement: Any, person: Any, rule: Any) -> Loss:
    """A membership ended and the rule no longer holds."""
    held = aliased(GroupMembership)
    where = [held.person_id == entitlement.person_id, *_within(entitlement, held.valid_to)]
    return Loss(held, held.valid_to, [*where, ~meets(rule, person, _at(held.valid_to))])


def left_area(entitlement: Any, scheme: Any) -> Loss:
    """A residence ended and the person no longer belongs to the scheme's area; a death is no move."""
    lived, person = aliased(Residence), aliased(Person)
    died = exists(
        select(person.id)
        .where(person.id == entitlement.person_id, person.deceased_on <= lived.valid_to)
        .correlate_except(person)
    )
    where = [lived.person_id == entitlement.person_id, ~died, *_within(entitlement, lived.valid_to)]
    return Loss(lived, lived.valid_to, [*where, ~belongs(scheme, entitlement.person_id, _at(lived.valid_to))])


def improved(entitlement: Any, person: Any, rule: Any) -> Loss:
    """An assessment was made by which the rule no longer holds."""
    made = aliased(AbilityAssessment)
    asked = or_(rule.level_min.is_not(None), rule.level_max.is_not(None))
    where = [made.person_id == entitlement.person_id, asked, *_within(entitlement, made.assessed_on)]
    return Loss(made, made.assessed_on, [*where, ~meets(rule, person, _at(made.assessed_on))])


def lived_in(person_id: Any, day: Any) -> ColumnElement[int]:
    """Where a person lived on a day, or last before it: somebody who has died keeps the place."""
    residence = aliased(Residence)
    lives = case((residence.base == ResidenceBase.RESIDENT, 0), else_=1)
    found = select(residence.division_id).where(residence.person_id == person_id, residence.valid_from <= day)
    return found.order_by(lives, residence.valid_from.desc()).limit(1).correlate_except(residence).scalar_subquery()


def _at(day: Any) -> View:
    return View(day)


def _within(entitlement: Any, day: Any) -> list[ColumnElement[bool]]:
    return [day > entitlement.valid_from, or_(entitlement.valid_to.is_(None), day < entitlement.valid_to)]


def _in_group(rule: Any, person: Any, view: View) -> ColumnElement[bool]:
    computed = [(rule.category == each.value, holds(each, person, view)) for each in rules.DERIVED_CATEGORIES]
    return case((rule.category.is_(None), true()), *computed, else_=_determined(rule, person, view))


def _determined(rule: Any, person: Any, view: View) -> ColumnElement[bool]:
    """Whether an effective determination of the rule's group, or of one that its label includes, meets the rule."""
    held = aliased(GroupMembership)
    labels = rules.rule("group_labels").items()
    included = [
        and_(rule.category == label, held.category.in_([GroupCategory[code] for code in codes]))
        for label, codes in labels
    ]
    detail = [
        or_(getattr(rule, name).is_(None), func.coalesce(getattr(held, name) == getattr(rule, name), false()))
        for name in ("subtype", "self_care", "support_mode")
    ]
    same = or_(held.category == rule.category, *included)
    found = select(held.id).where(held.person_id == person.id, same, *detail, *effective(held, view))
    return exists(found.correlate_except(held))
