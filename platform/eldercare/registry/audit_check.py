"""Reading the audit trail: proving that nothing in it was changed, and giving it out."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, or_, select

from eldercare.registry.audit import (
    NOTHING,
    Action,
    AuditDocument,
    AuditEvent,
    AuditHead,
    AuditPerson,
    canonical,
    linked,
)
from eldercare.registry.audit_pruning import breach_of_seals, checkpoints

STRETCH = 2_000
"""Events read at a time."""


class Breach(NamedTuple):
    """The first place where the trail is not what was written, and what is wrong there."""

    number: int
    what: str


class Head(NamedTuple):
    """The newest link of a trail: kept elsewhere, it proves that nothing up to its number was changed or cut off.

    >>> Head.read("3:" + "ab" * 32).number
    3
    """

    number: int
    link: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.link.hex()}"

    @classmethod
    def read(cls, text: str) -> "Head":
        """A head as it was printed; anything else is a `ValueError`."""
        number, _, link = text.strip().partition(":")
        found = cls(int(number), bytes.fromhex(link))
        if found.number < 0 or len(found.link) != len(NOTHING):
            raise ValueError("no head of an audit trail")
        return found


def head_of(connection: Connection) -> Head:
    """The newest link as the database has it."""
    found = connection.execute(select(AuditHead.number, AuditHead.link).where(AuditHead.id == 1)).one_or_none()
    return Head(0, NOTHING) if found is None else Head(found[0], bytes(found[1]))


def verify(connection: Connection, anchors: Sequence[Head] = ()) -> Breach | None:
    """The first breach of the trail, or None: every event follows the one before, and the heads kept elsewhere are in it.

    Where older events were cut off it begins at the newest checkpoint, which an event must tell of; heads kept of what was
    cut off can be proved no more. The connection must see one state throughout: repeatable read on PostgreSQL, a read
    transaction on SQLite.
    """
    cuts = checkpoints(connection)
    expected, link = (cuts[-1].number, bytes(cuts[-1].link)) if cuts else (0, NOTHING)
    begins, attested = expected, None
    if wrong := breach_of_seals(cuts):
        return Breach(begins, wrong)
    wanted = {anchor.number: anchor.link for anchor in anchors if anchor.number >= begins}
    if wanted.get(begins, link) != link:
        return Breach(begins, "the head that was kept of this event is another one")
    for row, people in events(connection):
        expected += 1
        if row.number != expected:
            return Breach(expected, f"event {expected} is missing; event {row.number} follows")
        link = linked(link, _content(row, people))
        if bytes(row.link) != link:
            return Breach(expected, "the event or its people are not what was written, or it is not in its place")
        if wanted.get(expected, link) != link:
            return Breach(expected, "the head that was kept of this event is another one")
        if row.action is Action.PRUNED:
            attested = (row.keys, row.reason)
    if attested != (cuts[-1].attested() if cuts else None):
        return Breach(begins, "the checkpoint before it is not the one that was written")
    return _breach_of_head(connection, begins, Head(expected, link), wanted) or _breach_of_documents(connection)


def events(connection: Connection, after: int = -(2**62), until: int = 2**62) -> Iterator[tuple[Any, list[int]]]:
    """All events in order, each with the people it is about."""
    while True:
        some = AuditEvent.number > after, AuditEvent.number <= until
        query = select(AuditEvent).where(*some).order_by(AuditEvent.number).limit(STRETCH)
        rows = connection.execute(query.with_only_columns(*AuditEvent.__table__.columns)).all()
        if not rows:
            return
        people: dict[int, list[int]] = {}
        chosen = select(AuditPerson.event, AuditPerson.person_id).where(
            AuditPerson.event.between(rows[0].number, rows[-1].number)
        )
        for number, person in connection.execute(chosen.order_by(AuditPerson.event, AuditPerson.person_id)):
            people.setdefault(number, []).append(person)
        for row in rows:
            yield row, people.get(row.number, [])
        after = rows[-1].number


def about(connection: Connection, person: int, before: int | None = None, limit: int | None = None) -> Sequence[Any]:
    """The events about a person, the newest first; `before` is the number of the last one seen."""
    query = select(*AuditEvent.__table__.columns).join(AuditPerson, AuditPerson.event == AuditEvent.number)
    query = query.where(AuditPerson.person_id == person).order_by(AuditPerson.event.desc()).limit(limit)
    if before is not None:
        query = query.where(AuditPerson.event < before)
    return connection.execute(query).all()


def told(row: Any, people: list[int]) -> dict[str, Any]:
    """An event as it is given out: who, when, what and whose keys; reasons stay, they may name somebody."""
    return {
        "number": row.number,
        "at": row.recorded_at.isoformat(),
        "principal": row.principal,
        "role": row.role,
        "action": row.action.value,
        "noun": row.noun,
        "keys": row.keys,
        "people": people,
        "document": row.document,
        "operation": row.operation,
        "requestId": row.request_id,
        "link": bytes(row.link).hex(),
    }


def _content(row: Any, people: list[int]) -> bytes:
    return canonical(
        row.number,
        row.recorded_at,
        (row.principal, row.role, row.action.value, row.noun),
        row.keys,
        people,
        (row.reason, row.document, row.operation, row.request_id),
    )


def _breach_of_head(connection: Connection, begins: int, head: Head, wanted: dict[int, bytes]) -> Breach | None:
    last = head.number
    if beyond := [number for number in wanted if number > last]:
        return Breach(last + 1, f"event {min(beyond)}, whose head was kept, is missing")
    if head_of(connection) != head:
        return Breach(last + 1, "the head is not that of the last event: events after it are missing")
    outside = or_(AuditPerson.event <= begins, AuditPerson.event > last)
    if connection.scalar(select(func.count()).select_from(AuditPerson).where(outside)):
        return Breach(last + 1, "there are people of events that do not exist")
    return None


def _breach_of_documents(connection: Connection) -> Breach | None:
    texts = {row.digest: row.text for row in connection.execute(select(AuditDocument.digest, AuditDocument.text))}
    altered = {digest for digest, text in texts.items() if sha256(text.encode()).hexdigest() != digest}
    first = select(AuditEvent.document, func.min(AuditEvent.number)).where(AuditEvent.document.is_not(None))
    used = {row[0]: row[1] for row in connection.execute(first.group_by(AuditEvent.document))}
    if gone := [number for digest, number in used.items() if digest not in texts or digest in altered]:
        return Breach(min(gone), "the document it was done through is missing or not what was written")
    if altered or texts.keys() - used.keys():
        return Breach(0, "there is a document that no event was done through")
    return None
