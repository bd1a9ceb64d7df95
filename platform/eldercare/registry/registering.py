"""Recording somebody new together with where they live, so that they belong to somebody's territory from the first moment."""

from datetime import date
from typing import Any

from eldercare.registry.change import Writer
from eldercare.registry.person import Person, Residence, ResidenceBase


def register(
    writer: Writer,
    *,
    division_id: int,
    since: date,
    base: ResidenceBase = ResidenceBase.RESIDENT,
    address: str | None = None,
    **values: Any,
) -> Person:
    """Record a person and, in the same step, where they have lived or been registered since a day."""
    with writer.together():
        found = writer.create(Person, values)
        place = {"person_id": found.id, "division_id": division_id, "base": base, "valid_from": since}
        writer.create(Residence, {**place, "address": address})
    return writer.find(Person, found.id)
