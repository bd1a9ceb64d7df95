"""The log of changes: every create, correction, end and import, readable in an order that loses nothing."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Index,
    Integer,
    String,
    and_,
    func,
    insert,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from eldercare.kit.db import Base, Key
from eldercare.kit.errors import InvalidInput
from eldercare.kit.term import Term
from eldercare.registry.entity import Record, column, now, only_where, term


class ChangeKind(Term):
    """What was done to a record."""

    CREATE = "新建", "created"
    CORRECT = "更正", "corrected"
    END = "终止", "ended"
    ANNUL = "作废", "annulled, it should never have been recorded"
    IMPORT = "导入", "imported, together with its neighbours up to the last key"


class Change(Base):
    """One change of one record, or the import of a run of records."""

    __tablename__ = "change"
    __zh__ = "变更记录"

    number: Mapped[int] = mapped_column(Key, primary_key=True, doc="Counts the changes.", info={"zh": "序号"})
    transaction: Mapped[int] = column(
        BigInteger, en="The database transaction it belongs to; 0 where writers take turns.", zh="事务号", default=0
    )
    noun: Mapped[str] = column(String(60), en="The table of the record.", zh="对象类型")
    key: Mapped[int] = column(Key, en="The key of the record.", zh="对象编号")
    last_key: Mapped[int | None] = column(Key, en="Last key of an import; all between were imported.", zh="末位编号")
    kind: Mapped[ChangeKind] = column(term(ChangeKind), en="What was done.", zh="变更类型")
    version: Mapped[int] = column(Integer, en="The record's version after the change.", zh="变更后版本", default=1)
    before: Mapped[Any | None] = column(
        JSON(none_as_null=True), en="The changed columns before; secrets are left out.", zh="变更前"
    )
    after: Mapped[Any | None] = column(
        JSON(none_as_null=True), en="The changed columns after; secrets are left out.", zh="变更后"
    )
    reason: Mapped[str | None] = column(String(300), en="Why, in the author's words.", zh="原因")
    author: Mapped[str] = column(String(120), en="Who did it.", zh="操作人")
    source_id: Mapped[int | None] = column(Key, en="The source that said so.", zh="来源")
    request_id: Mapped[str | None] = column(String(80), en="The request it was part of.", zh="请求编号")
    cause: Mapped[str | None] = column(
        String(80), en="The record because of which it was done, such as a change report.", zh="变更缘由"
    )
    recorded_at: Mapped[datetime] = column(DateTime(timezone=True), en="When.", zh="记录时间", default=now)

    __table_args__ = (
        Index("ix_change_record", "noun", "key"),
        Index("ix_change_position", "transaction", "number"),
        Index("ix_change_cause", "cause", **only_where("cause IS NOT NULL")),
    )


class Position(NamedTuple):
    """A place in the log; everything after it is found again whatever transactions overlapped.

    >>> str(Position.read("17-4")), Position.read("")
    ('17-4', Position(transaction=-1, number=-1))
    """

    transaction: int = -1
    number: int = -1

    def __str__(self) -> str:
        return f"{self.transaction}-{self.number}"

    @classmethod
    def read(cls, text: str) -> "Position":
        """The position a reader kept; empty is the beginning; anything else unreadable is `InvalidInput`."""
        if not text:
            return cls()
        parts = text.split("-")
        if len(parts) != 2 or not all(part.isascii() and part.isdigit() for part in parts):
            raise InvalidInput(
                "CHANGE_POSITION",
                "This is no position in the change log.",
                remedy="Send back what the feed gave, or nothing.",
            )
        return cls(int(parts[0]), int(parts[1]))


def cause_of(record: Record) -> str:
    """How the log names a record because of which others change: by its type and key, as the API's ids do."""
    return f"{type(record).__name__}_{record.id}"


def changes_because(session: Session, record: Record) -> list[Change]:
    """Everything that was changed because of a record, in order."""
    query = select(Change).where(Change.cause == cause_of(record)).order_by(Change.number)
    return list(session.scalars(query))


def append(session: Session, rows: list[dict[str, Any]]) -> None:
    """Write rows of the log in the transaction of the changes they tell of."""
    if not rows:
        return
    values = [{"recorded_at": now(), **row} for row in rows]
    if session.get_bind().dialect.name == "postgresql":
        current: Any = literal_column("pg_current_xact_id()::text::bigint")
        session.execute(insert(Change).values(transaction=current), values)
    else:
        session.execute(insert(Change), values)


def changes_after(session: Session, position: Position, limit: int = 1000) -> Iterator[Change]:
    """The next changes after a position, in order.

    On PostgreSQL a transaction's changes are told only when no older transaction is still running, so that a reader who
    keeps the last position can miss none: a slow transaction cannot put rows behind the reader's back.
    """
    later = or_(
        Change.transaction > position.transaction,
        and_(Change.transaction == position.transaction, Change.number > position.number),
    )
    query = select(Change).where(later).order_by(Change.transaction, Change.number).limit(limit)
    if session.get_bind().dialect.name == "postgresql":
        query = query.where(Change.transaction < _settled())
    return iter(session.scalars(query))


def latest(session: Session) -> Position:
    """The last position that `changes_after` would tell now."""
    query = select(Change.transaction, Change.number).order_by(Change.transaction.desc(), Change.number.desc()).limit(1)
    if session.get_bind().dialect.name == "postgresql":
        query = query.where(Change.transaction < _settled())
    found = session.execute(query).one_or_none()
    return Position(*found) if found else Position()


def _settled() -> Any:
    """The oldest transaction that is still running: all below it have ended."""
    return (
        func.pg_snapshot_xmin(func.pg_current_snapshot())
        .op("::")(literal_column("text"))
        .op("::")(literal_column("bigint"))
    )


STATE = {
    "postgresql": """
        WITH oldest AS MATERIALIZED (SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS running)
        SELECT json_build_array(
            (SELECT json_build_array(transaction, number) FROM change, oldest WHERE transaction < running
             ORDER BY transaction DESC, number DESC LIMIT 1),
            (SELECT json_build_array(count(*), max(transaction), max(number)) FROM change, oldest
             WHERE transaction >= running))
    """,
    "sqlite": "SELECT json_array(max(number)) FROM change",
}
"""What identifies the changes that can be seen now, in one statement; equal answers mean equal changes.

`latest` would not do: a transaction that has committed while an older one still runs is seen by every read, but told by
the feed only later. So the unsettled changes are counted too: settled ones are told by their last position, and of the
unsettled ones the number grows with each that commits.
"""
