"""A worker's hold on a job: claimed, kept alive, and heard only as long as nobody else took over.

Every write of a worker is fenced: it names the owner and the attempt, so that a worker which was thought dead and comes
back writes nothing. The times are the database's, so that workers on several machines need no common clock.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, and_, func, insert, or_, select, update
from sqlalchemy.orm import Session

from eldercare.jobs.job import Clock, Job, JobBatch, JobState


class LeaseLost(Exception):
    """Another worker took the job over; whatever this one still computes is thrown away."""


@dataclass(frozen=True)
class Lease:
    """One worker's hold on one job, in one attempt."""

    engine: Engine
    job_id: int
    kind: str
    specification: Any
    batches: int
    owner: str
    attempt: int
    strikes: int
    seconds: float

    def finished(self) -> set[int]:
        """Numbers of the batches that need not be computed again."""
        with Session(self.engine.execution_options(readonly=True)) as session:
            return set(session.scalars(select(JobBatch.number).where(JobBatch.job_id == self.job_id)))

    def beat(self) -> bool:
        """Say that the worker lives; gives whether somebody asked to cancel. `LeaseLost` if another has the job."""
        with Session(self.engine) as session, session.begin():
            return self._hold(session, {})

    def save(self, number: int, result: Any) -> bool:
        """Keep a batch's result, for good; gives whether somebody asked to cancel."""
        with Session(self.engine) as session, session.begin():
            cancelled = self._hold(session, {"strikes": 0})
            session.execute(insert(JobBatch).values(job_id=self.job_id, number=number, result=result, ended=Clock()))
            return cancelled

    def finish(self, conclude: Callable[[Session], None]) -> None:
        """Conclude and mark the job done in one transaction: either both are seen or neither."""
        with Session(self.engine) as session, session.begin():
            self._hold(session, {})
            conclude(session)
            self._hold(session, {"state": JobState.DONE, "ended": Clock(), "owner": None, "lease_until": None})

    def fail(self, code: str, sentence: str) -> None:
        """Give the job up for good, with the reason."""
        self._leave({"state": JobState.FAILED, "ended": Clock(), "error_code": code, "error": sentence})

    def stop(self) -> None:
        """End the job because somebody cancelled it."""
        self._leave({"state": JobState.CANCELLED, "ended": Clock()})

    def retry(self, after: float) -> None:
        """Put the job back for another attempt, by anybody, after some seconds."""
        self._leave({"state": JobState.QUEUED, "not_before": Clock() + after})

    def hand_back(self) -> None:
        """Put the job back because this worker stops; that is nobody's fault and no strike."""
        self._leave({"state": JobState.QUEUED, "strikes": 0})

    def _leave(self, values: dict[str, Any]) -> None:
        with Session(self.engine) as session, session.begin():
            self._hold(session, {**values, "owner": None, "lease_until": None})

    def _hold(self, session: Session, values: dict[str, Any]) -> bool:
        mine = and_(
            Job.id == self.job_id,
            Job.owner == self.owner,
            Job.attempt == self.attempt,
            Job.state == JobState.RUNNING,
        )
        changed = update(Job).where(mine).values({"lease_until": Clock() + self.seconds, **values})
        row = session.execute(changed.returning(Job.cancelled)).first()
        if row is None:
            raise LeaseLost
        return bool(row[0])


def claim(engine: Engine, owner: str, *, kinds: Sequence[str], seconds: float) -> Lease | None:
    """Take the oldest job that waits or whose worker is dead, in one statement; None when there is none."""
    if not _anything(engine, kinds):
        return None
    columns = (Job.id, Job.kind, Job.specification, Job.batches, Job.attempt, Job.strikes)
    oldest = select(Job.id).where(_free(kinds)).order_by(Job.id).limit(1).with_for_update(skip_locked=True)
    taken = {
        "state": JobState.RUNNING,
        "owner": owner,
        "lease_until": Clock() + seconds,
        "attempt": Job.attempt + 1,
        "strikes": Job.strikes + 1,
        "started": func.coalesce(Job.started, Clock()),
    }
    with Session(engine) as session, session.begin():
        row = session.execute(
            update(Job).where(Job.id == oldest.scalar_subquery()).values(taken).returning(*columns)
        ).first()
    if row is None:
        return None
    key, kind, specification, batches, attempt, strikes = row
    return Lease(engine, key, kind, specification, batches, owner, attempt, strikes, seconds)


def _free(kinds: Sequence[str]) -> Any:
    dead = and_(Job.state == JobState.RUNNING, Job.lease_until < Clock())
    waiting = and_(Job.state == JobState.QUEUED, Job.not_before <= Clock())
    return and_(or_(waiting, dead), Job.kind.in_(kinds))


def _anything(engine: Engine, kinds: Sequence[str]) -> bool:
    """Look before taking: on SQLite the look needs no write lock, and idle workers must not hold up writers."""
    with engine.connect().execution_options(readonly=True) as connection:
        return connection.execute(select(Job.id).where(_free(kinds)).limit(1)).first() is not None
