"""The command that makes one of two records of the same person."""

from typing import Any

from sqlalchemy import select

from eldercare.registry.change import Writer
from eldercare.registry.draft import refuse
from eldercare.registry.invariants import OF_A_PERSON
from eldercare.registry.person import Person


def merge_people(
    writer: Writer, *, person_id: int, into_id: int, reason: str | None = None, expected_version: int | None = None
) -> Person:
    """Move everything recorded under one record to the other, which stands for the person from now on.

    Refused where the two contradict each other, such as two stays at once: correct or annul one of them first.
    """
    kept, gone = writer.locked(Person, into_id), writer.locked(Person, person_id)
    writer.expect(gone, expected_version)
    if into_id == person_id or kept.merged_into_id is not None or gone.merged_into_id is not None:
        refuse(
            "ALREADY_MERGED", "One of the two is no record of its own.", "Use the record that stands now.", "into_id"
        )
    with writer.together():
        for noun in OF_A_PERSON:
            found: Any = noun
            for key in writer.session.scalars(select(found.id).where(found.person_id == person_id)).all():
                writer.correct(noun, key, {"person_id": into_id}, reason=reason)
        writer.correct(Person, person_id, {"merged_into_id": into_id}, reason=reason)
    return writer.find(Person, into_id)
