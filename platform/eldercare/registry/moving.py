"""Commands about where people live: a move to another division or away, with all that hangs on the place."""

from datetime import date
from typing import Any

from sqlalchemy import literal, or_, select

from eldercare.registry import rules
from eldercare.registry.application import Application, ApplicationStatus
from eldercare.registry.change import Writer
from eldercare.registry.division import Division, Level, within
from eldercare.registry.draft import refuse
from eldercare.registry.membership import GroupCategory, GroupMembership, MembershipEnd, MembershipStatus
from eldercare.registry.person import LivingArrangement, LivingKind, Person, Residence, ResidenceBase
from eldercare.registry.placement import settle

BY_VILLAGE = tuple(GroupCategory[code] for code in rules.rule("village_determined"))
BY_COUNTY = tuple(GroupCategory[code] for code in rules.rule("county_determined"))


def move(
    writer: Writer,
    *,
    person_id: int,
    on: date,
    to_division_id: int | None = None,
    base: ResidenceBase = ResidenceBase.RESIDENT,
    address: str | None = None,
    living: LivingKind | None = None,
) -> Person:
    """Let a person live, or be registered, in another division from a day on; without a division, nowhere that is known.

    Groups that the village determined are reviewed where the person now lives. Groups that the county determined end when
    nothing ties the person to the county any more, and applications handled there expire.
    """
    person = writer.locked(Person, person_id)
    if person.deceased_on is not None and person.deceased_on <= on:
        refuse("ALREADY_DECEASED", "This person died before.", "Check who is meant.", "person_id")
    left = _leave(writer, person_id, base, on, to_division_id)
    if to_division_id is not None:
        begun = {"person_id": person_id, "base": base, "division_id": to_division_id, "valid_from": on}
        writer.create(Residence, begun | ({} if address is None else {"address": address}))
    if living is not None:
        live(writer, person_id=person_id, on=on, living=living)
    if left is not None:
        _left_behind(writer, person_id, left, on)
    return writer.find(Person, person_id)


def live(writer: Writer, *, person_id: int, on: date, living: LivingKind) -> LivingArrangement:
    """Let a person live with others than before from a day on; what is known of the children is kept."""
    present = _present(writer, LivingArrangement, person_id)
    kept = {} if present is None else {n: getattr(present, n) for n in ("children_count", "children_nearby")}
    if present is not None and present.valid_from == on:
        return writer.correct(LivingArrangement, present.id, {"kind": living})
    if present is not None and present.valid_from < on:
        writer.end(LivingArrangement, present.id, on)
    return writer.create(LivingArrangement, {**kept, "person_id": person_id, "kind": living, "valid_from": on})


def _leave(writer: Writer, person_id: int, base: ResidenceBase, on: date, to: int | None) -> int | None:
    """End the present residence and give its division."""
    present = _present(writer, Residence, person_id, Residence.base == base)
    if present is None:
        if to is None:
            refuse("NO_RESIDENCE", "No place of this kind is recorded for the person.", "Check base.", "person_id")
        return None
    if present.division_id == to:
        refuse("SAME_PLACE", f"The person already belongs there ({base.zh}).", "Nothing needs to be done.", "person_id")
    if present.valid_from == on:
        writer.annul(Residence, present.id, reason="moved on the day it began")
    else:
        writer.end(Residence, present.id, on)
    return int(present.division_id)


def _left_behind(writer: Writer, person_id: int, left: int, on: date) -> None:
    county = _county(writer, left)
    tied = _tied(writer, person_id, county, on) if county is not None else True
    for held in _open_memberships(writer, person_id):
        if not tied and held.category in BY_COUNTY:
            _end_membership(writer, held, on)
        elif held.category in BY_VILLAGE and held.status is MembershipStatus.EFFECTIVE:
            due = {"status": MembershipStatus.REVIEW_DUE, "next_review_on": on}
            writer.correct(GroupMembership, held.id, due, reason="moved")
    if not tied:
        for application in _handled_in(writer, person_id, county):
            settle(writer, application.id, ApplicationStatus.EXPIRED, on, reason="moved away")


def _end_membership(writer: Writer, held: GroupMembership, on: date) -> None:
    if held.valid_from >= on:
        writer.annul(GroupMembership, held.id, reason="moved away before it began")
    else:
        writer.end(GroupMembership, held.id, on, also={"end_reason": MembershipEnd.MOVED_OUT})


def _county(writer: Writer, division_id: int) -> int | None:
    """The county-level division above a division, or itself; none above a city."""
    division: Division | None = writer.find(Division, division_id)
    while division is not None and division.level is not Level.COUNTY:
        division = None if division.parent_id is None else writer.find(Division, division.parent_id)
    return None if division is None else division.id


def _tied(writer: Writer, person_id: int, county: int, on: date) -> bool:
    """Whether the person still lives or is registered in a county."""
    going_on = or_(Residence.valid_to.is_(None), Residence.valid_to > on)
    here = select(Residence.id).where(Residence.person_id == person_id, Residence.valid_from <= on, going_on)
    here = here.where(within(Residence.division_id, literal(county)))
    return writer.session.scalar(here.limit(1)) is not None


def _handled_in(writer: Writer, person_id: int, county: int | None) -> list[Application]:
    found = select(Application).where(Application.person_id == person_id, Application.settled_on.is_(None))
    found = found.where(within(Application.division_id, literal(county))).order_by(Application.id)
    return list(writer.session.scalars(found))


def _open_memberships(writer: Writer, person_id: int) -> list[GroupMembership]:
    query = select(GroupMembership).where(GroupMembership.person_id == person_id, GroupMembership.valid_to.is_(None))
    query = query.where(GroupMembership.status != MembershipStatus.REJECTED).order_by(GroupMembership.id)
    return list(writer.session.scalars(query))


def _present(writer: Writer, noun: Any, person_id: int, *also: Any) -> Any:
    query = select(noun).where(noun.person_id == person_id, noun.valid_to.is_(None), *also)
    return writer.session.scalars(query).one_or_none()
