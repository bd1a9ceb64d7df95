"""Ending what is old on the audit trail: its beginning is cut off, and a sealed checkpoint stands in its place."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, DateTime, Integer, LargeBinary, String, delete, func, select
from sqlalchemy.orm import Mapped, Session

from eldercare.kit.db import Base, Key
from eldercare.kit.errors import InvalidInput
from eldercare.registry import audit
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
from eldercare.registry.entity import column, now
from eldercare.registry.rules import rule
from eldercare.security.principal import Principal


class AuditCheckpoint(Base):
    """Where the trail begins since its older events were cut off; an event behind it tells its seal, so that a change shows."""

    __tablename__ = "audit_checkpoint"
    __zh__ = "审计检查点"

    number: Mapped[int] = column(Key, primary_key=True, autoincrement=False, en="The last event cut off.", zh="序号")
    link: Mapped[bytes] = column(LargeBinary(32), en="Its link, on which the next event rests.", zh="链值")
    events: Mapped[int] = column(Integer, en="How many events were cut off.", zh="清理事件数")
    first_at: Mapped[datetime] = column(DateTime(timezone=True), en="When the first of them was.", zh="首条时间")
    last_at: Mapped[datetime] = column(DateTime(timezone=True), en="When the last of them was.", zh="末条时间")
    cut_at: Mapped[datetime] = column(DateTime(timezone=True), en="When they were cut off.", zh="清理时间")
    cut_by: Mapped[str] = column(String(120), en="By whom.", zh="清理人")
    seal: Mapped[bytes] = column(LargeBinary(32), en="Digest of this and the seal before.", zh="封印")

    def content(self) -> bytes:
        """What the seal covers."""
        numbers, told = [self.number, self.events], (self.cut_by, bytes(self.link).hex())
        return canonical(self.number, self.cut_at, told, numbers, [], (_moment(self.first_at), _moment(self.last_at)))

    def attested(self) -> tuple[list[int], str]:
        """What the event that tells of it says: its keys and its reason."""
        return [self.number], f"checkpoint {bytes(self.seal).hex()}"


def youngest(today: date) -> date:
    """The first day whose events must be kept: some years before a day."""
    years = int(rule("audit_kept_years"))
    return today.replace(year=today.year - years, day=min(today.day, 28))


def prune(session: Session, before: date, *, principal: Principal, today: date) -> AuditCheckpoint | None:
    """Cut off what was told before a day, in the caller's transaction; None when there is nothing so old.

    The trail should have been verified just before: what is cut off can be verified no more.
    """
    if before > (limit := youngest(today)):
        raise InvalidInput(
            "AUDIT_TOO_YOUNG",
            f"Events since {limit} must be kept; {before} was named.",
            remedy="Name an earlier day. How many years are kept is the rule audit_kept_years.",
            path=("before",),
        )
    last = cut_to(session.connection(), before)
    row = session.get(AuditEvent, last)
    if row is None:
        return None
    first, events = session.execute(
        select(func.min(AuditEvent.recorded_at), func.count()).where(AuditEvent.number <= last)
    ).one()
    made = AuditCheckpoint(number=last, link=bytes(row.link), events=events, first_at=first, last_at=row.recorded_at)
    made.cut_at, made.cut_by = now(), principal.id[:120]
    known = checkpoints(session.connection())
    made.seal = linked(bytes(known[-1].seal) if known else NOTHING, made.content())
    session.add(made)
    _delete(session, last)
    keys, reason = made.attested()
    audit.append(session, principal=principal, action=Action.PRUNED, noun="audit_checkpoint", keys=keys, reason=reason)
    return made


def cut_to(connection: Connection, before: date) -> int:
    """The number of the last of those first events that were all told before a day; 0 when there is none."""
    moment = datetime(before.year, before.month, before.day, tzinfo=UTC)
    kept = connection.scalar(select(func.min(AuditEvent.number)).where(AuditEvent.recorded_at >= moment))
    if kept is not None:
        return int(kept) - 1
    return connection.scalar(select(AuditHead.number).where(AuditHead.id == 1)) or 0


def checkpoints(connection: Connection) -> Sequence[Any]:
    """Every checkpoint there ever was, the oldest first."""
    with Session(connection) as session:
        found = session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.number)).all()
        session.expunge_all()
    return found


def breach_of_seals(cuts: Sequence[Any]) -> str:
    """What is wrong with the checkpoints by themselves; empty when each seal covers its row and the seal before."""
    seal = NOTHING
    for each in cuts:
        seal = linked(seal, each.content())
        if bytes(each.seal) != seal:
            return f"the checkpoint at event {each.number} is not what was written"
    return ""


def _delete(session: Session, last: int) -> None:
    session.execute(delete(AuditPerson).where(AuditPerson.event <= last))
    session.execute(delete(AuditEvent).where(AuditEvent.number <= last).execution_options(synchronize_session=False))
    used = select(AuditEvent.document).where(AuditEvent.document.is_not(None))
    session.execute(delete(AuditDocument).where(AuditDocument.digest.not_in(used)))


def _moment(value: datetime) -> str:
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="microseconds")
