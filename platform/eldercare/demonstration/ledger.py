"""Writes many records in constant memory: each gets its key at once and goes in through the registry's own writer."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from eldercare.kit.db import Base
from eldercare.kit.errors import Conflict
from eldercare.registry import ENTITIES, Source
from eldercare.registry.change import Writer
from eldercare.registry.entity import Entity, Record
from eldercare.security.cipher import KeyRing

HELD = 20_000
"""Records held back before they are written: enough for a fast run, few enough for a small memory."""

TABLES = [table.name for table in Base.metadata.sorted_tables]
PARENTS_FIRST = sorted(ENTITIES, key=lambda noun: TABLES.index(noun.__tablename__))
"""All nouns, each after those it refers to."""


class Ledger:
    """Takes records one at a time and loads them in runs, parents first.

    Keys are counted on from the last one each table gave, so that a record can be referred to before it is written. That is
    right only while nobody else writes; a run that gets other keys is refused.
    """

    def __init__(self, session: Session, keys: KeyRing, author: str) -> None:
        self.session = session
        self.writer = Writer(session, author=author, source=None, keys=keys)
        self._held: dict[type[Record], list[Mapping[str, Any]]] = {noun: [] for noun in PARENTS_FIRST}
        self._next = {noun: _next_key(session, noun) for noun in ENTITIES}
        self._count = 0

    @property
    def connection(self) -> Connection:
        """The connection of the fill's transaction."""
        return self.session.connection()

    def open_source(self, values: Mapping[str, Any]) -> int:
        """Write the source that the records after it come from; gives its key."""
        self.write()
        source = self.writer.create(Source, dict(values))
        self._next[Source] = source.id + 1
        self.writer.source_id = source.id
        return source.id

    def add(self, noun: type[Entity], **values: Any) -> int:
        """Take a record and give its key."""
        key: int = self._next[noun]
        self._next[noun] += 1
        self._held[noun].append(values)
        self._count += 1
        if self._count >= HELD:
            self.write()
        return key

    def write(self) -> None:
        """Load everything held back."""
        for noun, rows in self._held.items():
            if rows:
                given = self.writer.load(noun, rows)
                if given.stop != self._next[noun]:
                    raise Conflict(
                        "FILL_DISTURBED",
                        f"Somebody else wrote into {noun.__tablename__} while the demonstration was being filled.",
                        remedy="Fill it again when nobody else works with this database.",
                    )
                self._held[noun] = []
        self._count = 0

    def close(self) -> None:
        """Write the rest and have the registry's rules proved over all of it."""
        self.write()
        self.writer.verify()


def _next_key(session: Session, noun: type[Record]) -> int:
    """The key the next record of a noun will get; PostgreSQL's sequence does not go back after an interrupted fill."""
    if session.get_bind().dialect.name != "postgresql":
        return (session.scalar(select(func.max(noun.id))) or 0) + 1
    sequence = session.scalar(select(func.pg_get_serial_sequence(noun.__tablename__, "id")))
    last, given = session.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()
    return int(last) + bool(given)
