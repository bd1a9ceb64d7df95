"""Whether every facility has enough open beds of each type on every day."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from eldercare.kit.errors import RuleViolation
from eldercare.registry.capacity import BedType, CapacityPeriod
from eldercare.registry.stay import Stay


class Breach(NamedTuple):
    """A day on which more people stay than beds are open."""

    facility_id: int
    bed_type: BedType
    day: date
    residents: int
    beds: int


def breaches(session: Session, pairs: set[tuple[int, BedType]], since: date | None = None) -> Iterator[Breach]:
    """The first day of each facility and bed type on which residents exceed open beds, from a day on."""
    for facility_id, bed_type in sorted(pairs):
        changes = _changes(session, Stay, facility_id, bed_type, since)
        beds = _changes(session, CapacityPeriod, facility_id, bed_type, since)
        found = _first_breach(changes, beds)
        if found is not None:
            yield Breach(facility_id, bed_type, *found)


def enforce(session: Session, pairs: set[tuple[int, BedType]], since: date | None = None) -> None:
    """Raise `RuleViolation` (BEDS_EXCEEDED) when there is such a day."""
    for found in breaches(session, pairs, since):
        raise RuleViolation(
            "BEDS_EXCEEDED",
            f"On {found.day} {found.residents} people would stay in {found.beds} open beds of type {found.bed_type} "
            f"({found.bed_type.zh}).",
            remedy="Open more beds with setCapacity, choose another type or facility, or discharge somebody first.",
            path=("bed_type",),
        )


def _first_breach(stays: dict[date, int], beds: dict[date, int]) -> tuple[date, int, int] | None:
    residents = places = 0
    for day in sorted(stays.keys() | beds.keys()):
        residents += stays.get(day, 0)
        places += beds.get(day, 0)
        if residents > places:
            return day, residents, places
    return None


def _changes(session: Session, noun: Any, facility_id: int, bed_type: BedType, since: date | None) -> dict[date, int]:
    """By how much a number rises or falls on each day: a validity counts from its start and no longer at its end.

    What began before `since` counts from that day: earlier days are not looked at.
    """
    start, end = (getattr(noun, name) for name in noun.__validity__)
    amount = noun.open if noun is CapacityPeriod else None
    columns = [start, end] if amount is None else [start, end, amount]
    chosen = select(*columns).where(noun.facility_id == facility_id, noun.bed_type == bed_type)
    if since is not None:
        chosen = chosen.where(or_(end.is_(None), end > since))
    changes: dict[date, int] = {}
    for first, last, *rest in session.execute(chosen):
        number = rest[0] if rest else 1
        first = first if since is None else max(first, since)
        changes[first] = changes.get(first, 0) + number
        if last is not None:
            changes[last] = changes.get(last, 0) - number
    return changes
