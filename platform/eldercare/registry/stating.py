"""The command that records whether somebody wants a place: what was said before ends when something else is said."""

from datetime import date
from typing import Any

from sqlalchemy import select

from eldercare.registry.change import Writer
from eldercare.registry.person import Person
from eldercare.registry.willingness import Willingness


def state_willingness(writer: Writer, *, person_id: int, willing: bool, on: date, **values: Any) -> Willingness:
    """Record that somebody wants a place or does not, from a day on; a second word on one day replaces the first."""
    writer.locked(Person, person_id)
    said = {"reason": None, "refused_bed_type": None, "planned_on": None, "witness": None, "note": None}
    said |= values | {"willing": willing}
    query = select(Willingness).where(Willingness.person_id == person_id, Willingness.valid_to.is_(None))
    present = writer.session.scalars(query).one_or_none()
    if present is not None and present.valid_from == on:
        return writer.correct(Willingness, present.id, said)
    if present is not None:
        writer.end(Willingness, present.id, on)
    return writer.create(Willingness, {**said, "person_id": person_id, "valid_from": on})
