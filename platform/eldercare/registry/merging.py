"""The command that makes one of two records of the same person."""

from typing import Any

from sqlalchemy import select

from eldercare.registry.change import Writer
from eldercare.registry.draft import refuse
from eldercare.registry.entity import Record, table_of
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
        for noun, name in _about_people():
            found: Any = noun
            for key in writer.session.scalars(select(found.id).where(getattr(found, name) == person_id)).all():
                writer.correct(noun, key, {name: into_id}, reason=reason)
        writer.correct(Person, person_id, {"merged_into_id": into_id}, reason=reason)
    return writer.find(Person, into_id)


def _about_people() -> list[tuple[type[Record], str]]:
    """Every noun that refers to a person, with the column that does; a person's own reference to another is none."""
    found = []
    for mapper in sorted(Record.registry.mappers, key=lambda each: each.class_.__name__):
        noun: type[Any] = mapper.class_
        if not issubclass(noun, Record) or noun is Person:
            continue
        for name, column in table_of(noun).c.items():
            if any(key.column.table.name == Person.__tablename__ for key in column.foreign_keys):
                found.append((noun, name))
    return found
