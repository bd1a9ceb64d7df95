"""Whose records a viewer sees: the predicate that every statement carries, from what a record declares as its reach."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy import inspect as mapping
from sqlalchemy.orm import aliased

from eldercare.registry.entity import Record, table_of
from eldercare.registry.facility import Facility
from eldercare.registry.membership import GroupCategory
from eldercare.registry.organisation import Organisation
from eldercare.registry.scope_people import in_scope, inside, own_order, own_scheme
from eldercare.registry.service_order import ServiceOrder
from eldercare.registry.stay import Stay
from eldercare.registry.viewer import Viewer
from eldercare.security.policy import Scope, Sight
from eldercare.security.privacy import Privacy, Reach

Condition = ColumnElement[bool]


def seen(
    row: Any, viewer: Viewer, days: Sequence[Any], *, counting: bool = False, lead: bool = False, writing: bool = False
) -> list[Condition]:
    """The conditions under which a viewer sees a row (of an entity or an alias) whose person must be theirs on these days.

    `counting` is for sums, in which nobody is shown. `lead` begins with the viewer's people instead of asking of each row
    whether it is one of theirs: right where all rows are wanted. `writing` asks who may change the row, public or not.
    """
    entity = mapping(row).mapper.class_
    reach: Reach | None = entity.__reach__
    if reach is None:
        return [false()]
    if not is_personal(entity):
        return [] if reach.everybody and not writing else _of_a_place(row, reach, viewer, days, writing=writing)
    scope = viewer.rights.counts if counting else viewer.rights.people
    if scope is Scope.NOBODY or not _told(reach.tells, viewer, counting) or not viewer.reads(entity.__name__):
        return [false()]
    if not reach.person:
        return [_through(row, reach.via, viewer, days, counting=counting, writing=writing)]
    found = [_of_a_person(row, reach, scope, viewer, days, lead=lead), *_of_its_group(row, viewer, counting)]
    if table_of(entity).c[reach.person].nullable:
        nobodys = and_(getattr(row, reach.person).is_(None), *_of_a_place(row, reach, viewer, days, writing=writing))
        return [or_(and_(*found), nobodys)]
    return found


@cache
def is_personal(entity: type[Record]) -> bool:
    """Whether the records of an entity are about a person."""
    reach = entity.__reach__
    if reach is None or reach.person:
        return reach is not None
    return bool(reach.via) and is_personal(target_of(entity, reach.via))


@cache
def target_of(entity: type[Record], name: str) -> type[Record]:
    """The entity that a reference leads to."""
    table = next(iter(table_of(entity).c[column_of(entity, name)].foreign_keys)).column.table
    return next(m.class_ for m in Record.registry.mappers if m.local_table is table)


def column_of(entity: type[Record], name: str) -> str:
    """The column of a reference, which may be named with or without its ending."""
    return name if name in table_of(entity).c else f"{name}_id"


def person_of(row: Any) -> ColumnElement[Any]:
    """The key of the person whom a row is about."""
    entity = mapping(row).mapper.class_
    reach = entity.__reach__
    if reach.person:
        return getattr(row, reach.person)  # type: ignore[no-any-return]
    target = aliased(target_of(entity, reach.via))
    found = select(person_of(target)).where(target.id == getattr(row, column_of(entity, reach.via)))
    return found.correlate(mapping(row).selectable).scalar_subquery()


def _told(kind: Privacy, viewer: Viewer, counting: bool) -> bool:
    """Whether what a record's existence tells may be told this viewer, at least in sums; a condition decides by row."""
    if kind is Privacy.PERSONAL:
        return True  # who sees initials, or what a contract lists, sees rows too: the scope decides which
    found = viewer.rights.sights[kind]
    return found is Sight.LISTED or viewer.sight(kind) not in (Sight.HIDDEN, *(() if counting else (Sight.COUNTED,)))


def _through(row: Any, name: str, viewer: Viewer, days: Sequence[Any], **how: bool) -> Condition:
    entity = mapping(row).mapper.class_
    target, key = aliased(target_of(entity, name)), getattr(row, column_of(entity, name))
    found = select(target.id).where(target.id == key, *seen(target, viewer, days, **how))
    return exists(found.correlate_except(target))


def _of_a_person(row: Any, reach: Reach, scope: Scope, viewer: Viewer, days: Sequence[Any], *, lead: bool) -> Condition:
    """A row that names the viewer's own facility is theirs by that; any other one by its person."""
    if scope is Scope.ORDERS and mapping(row).mapper.class_ is ServiceOrder:
        return own_order(row, viewer)
    if scope is Scope.SCHEMES:
        return and_(*own_scheme(row, viewer), _on_all(row, reach, scope, viewer, days, lead))
    if scope is Scope.FACILITY and reach.facility:
        own = getattr(row, reach.facility)
        kept = own.in_(viewer.facilities) if viewer.facilities else false()
        if not table_of(mapping(row).mapper.class_).c[reach.facility].nullable:
            return kept
        return or_(kept, and_(own.is_(None), _on_all(row, reach, scope, viewer, days, lead)))
    return _on_all(row, reach, scope, viewer, days, lead)


def _on_all(row: Any, reach: Reach, scope: Scope, viewer: Viewer, days: Sequence[Any], lead: bool) -> Condition:
    person = getattr(row, reach.person)
    return and_(*[in_scope(person, scope, viewer, day, lead=lead and day is days[0]) for day in days])


def _of_its_group(row: Any, viewer: Viewer, counting: bool) -> list[Condition]:
    """A membership is seen by those who see what its group tells."""
    category = getattr(row, "category", None)
    if category is None or getattr(category.type, "enum_class", None) is not GroupCategory:
        return []
    found: list[Condition] = []
    for kind in dict.fromkeys(viewer.policy.groups.values()):
        names = [GroupCategory[name] for name, each in viewer.policy.groups.items() if each is kind]
        how = viewer.sight(kind, f"{mapping(row).mapper.class_.__name__}.category")
        other = or_(category.is_(None), category.not_in(names))  # a report of a death names no group
        if how is Sight.PAYER:
            found.append(or_(other, pays(row, viewer)))
        elif how is not Sight.CLEAR and not (counting and how is Sight.COUNTED):
            found.append(other)
    return found


def pays(row: Any, viewer: Viewer, day: Any = None) -> Condition:
    """Whether public money pays for the stay of a row's person in the viewer's facility; on any day when none is named."""
    stay = aliased(Stay)
    where = [stay.person_id == person_of(row), stay.payer.in_(viewer.policy.public_payers)]
    where.append(stay.facility_id.in_(viewer.facilities) if viewer.facilities else false())
    if day is not None:
        where += [stay.admitted_on <= day, or_(stay.discharged_on.is_(None), stay.discharged_on > day)]
    return exists(select(stay.id).where(*where).correlate_except(stay))


def _of_a_place(row: Any, reach: Reach, viewer: Viewer, days: Sequence[Any], *, writing: bool) -> list[Condition]:
    """A row about no person is seen, or changed, by those in whose territory, facilities or organisation it lies."""
    scope = viewer.rights.facilities
    if scope is Scope.EVERYTHING:
        return []
    if reach.via:
        return [_through(row, reach.via, viewer, days, writing=writing)]
    named = {name: getattr(row, name) for name in (reach.facility, reach.organisation, reach.division) if name}
    if not named:
        return [] if reach.everybody else [false()]
    found: list[Condition] = []
    if scope is Scope.FACILITY and reach.facility and viewer.facilities:
        found.append(named[reach.facility].in_(viewer.facilities))
    if scope is Scope.ORGANISATION and reach.organisation and viewer.organisation is not None:
        found.append(named[reach.organisation] == viewer.organisation)
    if scope is Scope.DIVISION and viewer.division is not None:
        found += _lies(reach, named, viewer.division)
    return [or_(false(), *found)]


def _lies(reach: Reach, named: dict[str, Any], division: ColumnElement[int]) -> list[Condition]:
    found: list[Condition] = []
    if reach.division:
        found.append(inside(named[reach.division], division))
    for name, entity in ((reach.facility, Facility), (reach.organisation, Organisation)):
        if name and not (reach.division and name == "id"):
            place: Any = aliased(entity)
            at = select(place.id).where(place.id == named[name], inside(place.division_id, division))
            found.append(exists(at.correlate_except(place)))
    return found
