"""The audit trail: who read or changed whose data, when, why and through which document, chained so that a change shows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, NamedTuple

import orjson
from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    event,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, SessionTransaction

from eldercare.kit.db import Base, Key
from eldercare.kit.term import Term
from eldercare.registry.entity import column, now, term
from eldercare.security.principal import Principal

NOTHING = bytes(32)
"""The link before the first event."""
OUTBOX = "audit"
"""Where a session keeps the events of its transaction until it commits."""


class Action(Term):
    """What was done, for the audit trail."""

    READ = "查阅", "read"
    SEARCH = "精确检索", "searched for by an exact number"
    REVEAL = "解密查看", "revealed, with a reason"
    EXPORT = "导出", "exported"
    CHANGE = "变更", "changed"
    IMPORT = "导入", "imported, together with its neighbours up to the last key"
    LOGIN_FAILED = "认证失败", "refused at the door"
    TOKEN_CREATED = "签发令牌", "token issued"
    TOKEN_REVOKED = "吊销令牌", "token revoked"
    TOKEN_ROTATED = "轮换令牌", "token replaced by a new one"
    PRUNED = "清理审计", "older events cut off behind a sealed checkpoint"
    KEYS_ROTATED = "轮换密钥", "protected values encrypted with a new key"


class AuditEvent(Base):
    """One thing that somebody did; its link is the digest of the link before it and of everything the event says."""

    __tablename__ = "audit_event"
    __zh__ = "审计事件"

    number: Mapped[int] = column(Key, primary_key=True, autoincrement=False, en="Counts the events.", zh="序号")
    recorded_at: Mapped[datetime] = column(DateTime(timezone=True), en="When.", zh="时间")
    principal: Mapped[str] = column(String(120), en="Who, as tokens call them.", zh="操作主体")
    role: Mapped[str] = column(String(40), en="In which role.", zh="角色")
    action: Mapped[Action] = column(term(Action), en="What was done.", zh="操作")
    noun: Mapped[str] = column(String(60), en="To which kind of record.", zh="对象类型", default="")
    keys: Mapped[Any] = column(JSON, en="The keys of the records, where they are not the people.", zh="对象编号")
    reason: Mapped[str | None] = column(String(500), en="Why, in their words.", zh="原因")
    document: Mapped[str | None] = column(String(64), en="Digest of the document it was done through.", zh="请求文档")
    operation: Mapped[str | None] = column(String(120), en="The name of the operation in it.", zh="操作名")
    request_id: Mapped[str | None] = column(String(80), en="The request it was part of.", zh="请求编号")
    link: Mapped[bytes] = column(LargeBinary(32), en="Digest of this event and the link before.", zh="链值")


class AuditPerson(Base):
    """A person whose data an event was about."""

    __tablename__ = "audit_person"
    __zh__ = "审计涉及人员"

    event: Mapped[int] = column(Key, primary_key=True, autoincrement=False, en="The event.", zh="审计事件")
    person_id: Mapped[int] = column(Key, primary_key=True, autoincrement=False, en="The person.", zh="老年人")

    __table_args__ = (Index("ix_audit_person_person", "person_id", "event"),)


class AuditDocument(Base):
    """A document through which something was done, without its literal values and aliases: they may say something of a person."""

    __tablename__ = "audit_document"
    __zh__ = "审计请求文档"

    digest: Mapped[str] = column(String(64), primary_key=True, en="SHA-256 of the text.", zh="摘要")
    text: Mapped[str] = column(Text, en="The document.", zh="文档")


class AuditHead(Base):
    """The newest link: whoever appends takes it first, so that events follow each other on every process."""

    __tablename__ = "audit_head"
    __zh__ = "审计链头"

    id: Mapped[int] = column(Integer, primary_key=True, autoincrement=False, en="Always 1.", zh="标识")
    number: Mapped[int] = column(BigInteger, en="Number of the newest event.", zh="序号")
    link: Mapped[bytes] = column(LargeBinary(32), en="Its link.", zh="链值")


class Through(NamedTuple):
    """The document through which something was done: its text without literal values, and the name of the operation.

    >>> Through("query Who { person(id: \\"\\") { name } }", "Who").digest[:8]
    '497d451f'
    """

    text: str
    operation: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the text, in hexadecimal."""
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """An event before it has its place in the chain."""

    principal: str
    role: str
    action: Action
    noun: str = ""
    keys: Sequence[int] = ()
    people: Sequence[int] = ()
    reason: str | None = None
    through: Through | None = None
    request_id: str | None = None
    at: datetime = field(default_factory=now)

    def content(self, number: int) -> bytes:
        """What the link covers."""
        digest, operation = (self.through.digest, self.through.operation) if self.through else (None, None)
        told = (self.principal, self.role, self.action.value, self.noun)
        return canonical(
            number, self.at, told, list(self.keys), list(self.people), (self.reason, digest, operation, self.request_id)
        )


def canonical(
    number: int,
    at: datetime,
    told: tuple[str, ...],
    keys: list[int],
    people: list[int],
    more: tuple[str | None, ...],
) -> bytes:
    """The one way to write an event down; a JSON array cannot be read two ways."""
    moment = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return orjson.dumps([number, moment, *told, keys, people, *more])


def linked(before: bytes, content: bytes) -> bytes:
    """The link of an event behind another link."""
    return sha256(before + content).digest()


def append(
    session: Session,
    *,
    principal: Principal,
    action: Action,
    noun: str = "",
    keys: Iterable[int] = (),
    people: Iterable[int] = (),
    reason: str | None = None,
    document: Through | None = None,
    request_id: str | None = None,
) -> None:
    """Tell of something done in this transaction: it takes its place in the chain when the transaction commits.

    Nothing is told of what was rolled back, a savepoint alone included; and nothing is committed that could not be told.
    """
    entry = Entry(
        principal.id[:120],
        principal.role.value,
        action,
        noun,
        sorted(set(keys)),
        sorted(set(people)),
        reason[:500] if reason else None,
        document._replace(operation=document.operation[:120]) if document else None,
        request_id or None,
    )
    session.info.setdefault(OUTBOX, []).append((_transactions(session), entry))


def write(connection: Connection, entries: Sequence[Entry]) -> None:
    """Chain events in this transaction. The head stays locked until it ends, so it should end soon."""
    head = select(AuditHead.number, AuditHead.link).where(AuditHead.id == 1).with_for_update()
    last, link = connection.execute(head).one()
    rows = []
    for number, entry in enumerate(entries, last + 1):
        link = linked(link, entry.content(number))
        rows.append(_row(number, entry, link))
    postgres = connection.dialect.name == "postgresql"
    known = {each.through.digest: each.through.text for each in entries if each.through}
    if known:
        add = (postgres_insert if postgres else sqlite_insert)(AuditDocument).on_conflict_do_nothing()
        connection.execute(add, [{"digest": digest, "text": text} for digest, text in sorted(known.items())])
    connection.execute(insert(AuditEvent), rows)
    pairs = [(row["number"], person) for row, entry in zip(rows, entries, strict=True) for person in entry.people]
    if pairs:
        (_people_postgres if postgres else _people_sqlite)(connection, pairs)
    connection.execute(update(AuditHead).where(AuditHead.id == 1).values(number=last + len(rows), link=link))


def _row(number: int, entry: Entry, link: bytes) -> dict[str, Any]:
    return {
        "number": number,
        "recorded_at": entry.at,
        "principal": entry.principal,
        "role": entry.role,
        "action": entry.action,
        "noun": entry.noun,
        "keys": list(entry.keys),
        "reason": entry.reason,
        "document": entry.through.digest if entry.through else None,
        "operation": entry.through.operation if entry.through else None,
        "request_id": entry.request_id,
        "link": link,
    }


def _people_postgres(connection: Connection, pairs: list[tuple[int, int]]) -> None:
    """One statement with two arrays: many times faster than a row at a time."""
    text = "INSERT INTO audit_person (event, person_id) SELECT * FROM unnest(%s::bigint[], %s::bigint[])"
    connection.exec_driver_sql(text, tuple([pair[place] for pair in pairs] for place in (0, 1)))


def _people_sqlite(connection: Connection, pairs: list[tuple[int, int]]) -> None:
    text = "INSERT INTO audit_person (event, person_id) VALUES (?, ?)"
    connection.exec_driver_sql(text, pairs)


def _transactions(session: Session) -> list[SessionTransaction]:
    """The savepoint something happens in, those around it, and the transaction, which is begun if need be."""
    session.connection()
    found, each = [], session.get_nested_transaction() or session.get_transaction()
    while each is not None:
        found.append(each)
        each = each.parent
    return found


@event.listens_for(Session, "before_commit")
def _seal(session: Session) -> None:
    if OUTBOX not in session.info or session.in_nested_transaction():
        return
    own = session.get_transaction()
    entries = [entry for transactions, entry in session.info.pop(OUTBOX) if transactions[-1] is own]
    if entries:
        session.flush()
        write(session.connection(), list(merged(entries)))


def merged(entries: Iterable[Entry]) -> Iterator[Entry]:
    """The entries, with changes of the same kind of record made for the same reason told as one."""
    same: dict[Any, list[Entry]] = {}
    for place, each in enumerate(entries):
        told = (each.principal, each.role, each.noun, each.reason, each.through, each.request_id)
        same.setdefault(told if each.action is Action.CHANGE else place, []).append(each)
    for several in same.values():
        keys, people = ({n for each in several for n in getattr(each, name)} for name in ("keys", "people"))
        yield replace(several[0], keys=sorted(keys), people=sorted(people)) if len(several) > 1 else several[0]


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: SessionTransaction) -> None:
    if waiting := session.info.get(OUTBOX):
        session.info[OUTBOX] = [each for each in waiting if ended not in each[0]]
