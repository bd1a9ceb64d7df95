"""What is counted in a territory on a day: people, facilities, beds and residents, as building blocks."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, case, exists, func, select
from sqlalchemy.orm import aliased

from eldercare.registry import rules
from eldercare.registry.capacity import BedType, CapacityPeriod
from eldercare.registry.division import Division, Level
from eldercare.registry.facility import Facility, FacilityKind, Sector
from eldercare.registry.group import alive, effective, holds, latest_level, people_within
from eldercare.registry.membership import GroupCategory, GroupMembership
from eldercare.registry.person import Person, ResidenceBase
from eldercare.registry.query import View, in_force, visible
from eldercare.registry.stay import Stay
from eldercare.registry.summary import bed_total, resident_total


@dataclass(frozen=True)
class Place:
    """A territory at a view's date: expressions for its key and its path."""

    territory: Any
    path: Any
    view: View

    def holds(self, path: Any) -> ColumnElement[bool]:
        """Whether a division of a path lies in the territory."""
        inside: ColumnElement[bool] = path.between(self.path, self.path.concat("~"))
        return inside


Part = Callable[[Place], ColumnElement[Any]]
"""A whole number that is counted in a place; null where it is unknown."""
Condition = Callable[[Any, View], ColumnElement[bool]]

INSTITUTIONAL = rules.BED_CLASSES["INSTITUTIONAL"]


def beds(measure: str = "filed", types: Sequence[BedType] = INSTITUTIONAL) -> Part:
    """Beds of the territory's facilities; unknown when one of them does not state the measure."""
    return lambda place: bed_total(place.view, measure=measure, territory_id=place.territory, bed_types=types)


def some_beds(measure: str, types: Sequence[BedType]) -> Part:
    """Beds of types that need not be there at all: none where all beds of the class are known."""

    def part(place: Place) -> ColumnElement[int]:
        period = aliased(CapacityPeriod)
        counted = getattr(period, measure)
        total = case((func.count() == func.count(counted), func.coalesce(func.sum(counted), 0)))
        chosen = select(total).where(*visible(period, place.view.at_date()), period.bed_type.in_(types))
        return chosen.where(period.facility_id.in_(houses(place))).scalar_subquery()

    return part


def residents(types: Sequence[BedType] = INSTITUTIONAL) -> Part:
    """People who live in beds of these types."""
    return lambda place: resident_total(place.view, territory_id=place.territory, bed_types=types)


def residents_who(condition: Condition, types: Sequence[BedType] = INSTITUTIONAL) -> Part:
    """Residents of whom something holds."""

    def part(place: Place) -> ColumnElement[int]:
        stay, person, view = aliased(Stay), aliased(Person), place.view.at_date()
        chosen = select(func.count(stay.id)).join(person, person.id == stay.person_id)
        chosen = chosen.where(*visible(stay, view), stay.bed_type.in_(types), condition(person, view))
        return chosen.where(stay.facility_id.in_(houses(place))).scalar_subquery()

    return part


def people(*conditions: Condition, base: ResidenceBase | None = None) -> Part:
    """People alive who live or are registered in the territory and of whom all conditions hold."""

    def part(place: Place) -> ColumnElement[int]:
        person, view = aliased(Person), place.view.at_date()
        chosen = select(func.count(person.id)).where(alive(person, view), *visible(person, view))
        chosen = chosen.where(person.id.in_(people_within(place.territory, view, base=base)))
        return chosen.where(*(each(person, view) for each in conditions)).scalar_subquery()

    return part


def determined(category: GroupCategory, **values: Any) -> Part:
    """People alive in the territory with an effective determination of a group whose columns have these values."""

    def part(place: Place) -> ColumnElement[int]:
        membership, person, view = aliased(GroupMembership), aliased(Person), place.view.at_date()
        chosen = select(func.count(membership.person_id.distinct())).join(person, person.id == membership.person_id)
        chosen = chosen.where(membership.category == category, *effective(membership, view), alive(person, view))
        chosen = chosen.where(*(getattr(membership, name) == value for name, value in values.items()))
        return chosen.where(
            *visible(person, view), membership.person_id.in_(people_within(place.territory, view))
        ).scalar_subquery()

    return part


def group(category: GroupCategory) -> Part:
    """People alive in the territory who belong to a group, stored or derived."""
    if category in rules.DERIVED_CATEGORIES:
        return people(lambda person, view: holds(category, person, view))
    return determined(category)


def located(found: Any, division: Any, place: Place) -> Any:
    """The rows of a select whose division lies in the territory; joined, because a list of keys would be made for each row."""
    there: Any = aliased(Division)
    return found.join(there, there.id == division).where(place.holds(there.path))


def facilities(*conditions: Condition, kinds: Iterable[FacilityKind] | None = rules.INSTITUTIONAL_KINDS) -> Part:
    """Facilities for older people in the territory, of these kinds, of which all conditions hold."""
    of = None if kinds is None else list(kinds)

    def part(place: Place) -> ColumnElement[int]:
        facility, view = aliased(Facility), place.view.at_date()
        chosen: Any = select(func.count(facility.id)).where(*visible(facility, view), facility.sector == Sector.ELDERLY)
        chosen = located(chosen, facility.division_id, place)
        if of is not None:
            chosen = chosen.where(facility.kind.in_(of))
        counted: ColumnElement[int] = chosen.where(*(each(facility, view) for each in conditions)).scalar_subquery()
        return counted

    return part


def divisions(level: Level, *conditions: Condition) -> Part:
    """Divisions of a level in the territory of which all conditions hold; placeholders without a kind of their own left out."""

    def part(place: Place) -> ColumnElement[int]:
        division, view = aliased(Division), place.view.at_date()
        chosen = select(func.count(division.id)).where(*in_force(division, view), division.level == level)
        chosen = chosen.where(place.holds(division.path), division.name.not_like("未分配%"))
        return chosen.where(*(each(division, view) for each in conditions)).scalar_subquery()

    return part


def covered(level: Level, kind: FacilityKind) -> Part:
    """Divisions of a level in the territory that have a facility of a kind."""

    def part(place: Place) -> ColumnElement[int]:
        facility, view = aliased(Facility), place.view.at_date()
        chain: list[Any] = [aliased(Division) for _ in range(len(Level) - 1 - list(Level).index(level) + 1)]
        found = case(*((each.level == level, each.id) for each in chain))
        chosen = select(func.count(found.distinct())).select_from(facility)
        chosen = chosen.join(chain[0], chain[0].id == facility.division_id)
        for below, above in pairwise(chain):
            chosen = chosen.outerjoin(above, above.id == below.parent_id)
        chosen = chosen.where(facility.kind == kind, place.holds(chain[0].path), *visible(facility, view))
        return chosen.scalar_subquery()

    return part


def has_related(noun: Any, *conditions: Callable[[Any], ColumnElement[bool]]) -> Condition:
    """Whether a facility has a record of a noun in force."""

    def condition(facility: Any, view: View) -> ColumnElement[bool]:
        row = aliased(noun)
        where = [row.facility_id == facility.id, *visible(row, view.at_date()), *(each(row) for each in conditions)]
        return exists(select(row.id).where(*where))

    return condition


def level_at_least(level: int) -> Condition:
    """Whether the newest valid assessment of a person gives this level or a higher one."""
    return lambda person, view: func.coalesce(latest_level(person, view), -1) >= level


def houses(place: Place, *, history: bool = False) -> Any:
    """The keys of the territory's facilities, with history those too that have closed."""
    facility, view = aliased(Facility), replace(place.view, history=history)
    chosen = select(facility.id).where(*visible(facility, view))
    return located(chosen, facility.division_id, place)


def later(one: Any, other: Any) -> ColumnElement[Any]:
    """The later of two days."""
    return case((one > other, one), else_=other)


def earlier(one: Any, other: Any) -> ColumnElement[Any]:
    """The earlier of two days."""
    return case((one < other, one), else_=other)
