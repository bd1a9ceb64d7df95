"""Whom a record is about: the person that its reach leads to."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from eldercare.kit.db import Base
from eldercare.registry.entity import Record, table_of
from eldercare.security.privacy import Reach

OWN = Reach(person="id")


def reach_of(noun: type[Record]) -> Reach:
    """The declared reach of a noun; one that declares none belongs to the person it names, if it names one."""
    if noun.__reach__ is not None:
        return noun.__reach__
    if noun.__tablename__ == "person":
        return OWN
    return Reach(person="person_id" if "person_id" in table_of(noun).c else "")


def step(noun: type[Record]) -> tuple[str, type[Record] | None]:
    """The column that leads towards the person, and the noun it leads to when that is not the person itself."""
    reach = reach_of(noun)
    if reach.person or not reach.via:
        return reach.person, None
    name = reach.via if reach.via in table_of(noun).c else f"{reach.via}_id"
    table = next(iter(table_of(noun).c[name].foreign_keys)).column.table.name
    return name, _noun_of(table)


def person_of(session: Session, noun: type[Record], key: int, values: Mapping[str, Any]) -> int | None:
    """The person whom a record is about, if any; `values` are what is known of it already."""
    name, further = step(noun)
    if not name:
        return None
    found = key if name == "id" else values.get(name)
    if found is None and name not in values:
        found = session.scalar(select(table_of(noun).c[name]).where(table_of(noun).c.id == key))
    if further is None or found is None:
        return found
    return person_of(session, further, found, {})


def people_of(session: Session, noun: type[Record], keys: Collection[int]) -> dict[int, int]:
    """The people whom records of a noun are about, by the keys of the records: one statement for each step that leads there."""
    name, further = step(noun)
    if not name or not keys:
        return {}
    if name == "id":
        return {key: key for key in keys}
    table = table_of(noun)
    query = select(table.c.id, table.c[name]).where(table.c.id.in_(sorted(keys)), table.c[name].is_not(None))
    found = {int(key): int(value) for key, value in session.execute(query)}
    if further is None:
        return found
    behind = people_of(session, further, set(found.values()))
    return {key: behind[value] for key, value in found.items() if value in behind}


def _noun_of(table: str) -> type[Record]:
    for mapper in Base.registry.mappers:
        if mapper.class_.__tablename__ == table:
            found: type[Record] = mapper.class_
            return found
    raise LookupError(f"There is no noun of the table {table}.")
