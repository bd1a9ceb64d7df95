"""What those who want work done may do: submit it, look at it, cancel it, read its results."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from eldercare.jobs.job import Clock, Job, JobBatch, JobState
from eldercare.kit.errors import NotFound, Refused

OPEN = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class JobStatus:
    """Where a job stands; instants carry their offset, `seconds_left` is an estimate from the batches so far."""

    id: int
    kind: str
    state: JobState
    batches: int
    finished: int
    author: str | None
    created: datetime
    started: datetime | None
    ended: datetime | None
    seconds_left: float | None
    error_code: str | None
    error: str | None

    @property
    def progress(self) -> float:
        """Share of the batches that are finished, 0 to 1."""
        return self.finished / self.batches


def submit(
    session: Session,
    kind: str,
    specification: Mapping[str, Any],
    *,
    batches: int,
    author: str | None = None,
    limit: int = 200,
) -> int:
    """Put a job into the queue within the caller's transaction; gives its key, or `Refused` JOB_QUEUE_FULL."""
    waiting = session.scalar(select(func.count()).select_from(Job).where(Job.state == JobState.QUEUED)) or 0
    if waiting >= limit:
        raise Refused(
            "JOB_QUEUE_FULL",
            f"{waiting} jobs are waiting already; no more than {limit} may.",
            remedy="Try again later, cancel jobs that are no longer needed, or start more workers with `eldercare work`.",
        )
    row = {"kind": kind, "specification": dict(specification), "batches": batches, "author": author, "created": Clock()}
    key = session.execute(insert(Job).values(row).returning(Job.id)).scalar_one()
    return int(key)


def status(session: Session, job_id: int) -> JobStatus:
    """Where a job stands; `NotFound` JOB_UNKNOWN when there is none."""
    row = session.execute(_statuses().where(Job.id == job_id)).first()
    if row is None:
        raise _unknown(job_id)
    return _status(*row)


def statuses(session: Session, job_ids: list[int]) -> dict[int, JobStatus]:
    """Where several jobs stand, in one statement."""
    return {row[0].id: _status(*row) for row in session.execute(_statuses().where(Job.id.in_(job_ids)))}


def cancel(session: Session, job_id: int) -> JobStatus:
    """Ask to cancel a job: a waiting one ends at once, a running one before its next batch, an ended one stays."""
    waiting = update(Job).where(Job.id == job_id, Job.state == JobState.QUEUED)
    session.execute(waiting.values(state=JobState.CANCELLED, ended=Clock()))
    session.execute(
        update(Job).where(Job.id == job_id, Job.state.in_((*OPEN, JobState.CANCELLED))).values(cancelled=True)
    )
    session.expire_all()
    return status(session, job_id)


def results(session: Session, job_id: int) -> dict[int, Any]:
    """The results of the finished batches by number, in order."""
    found = select(JobBatch.number, JobBatch.result).where(JobBatch.job_id == job_id).order_by(JobBatch.number)
    return {row[0]: row[1] for row in session.execute(found)}


def forget(session: Session, job_id: int) -> None:
    """Remove an ended job and its results; `NotFound` when there is no ended job of this key."""
    gone = session.execute(delete(Job).where(Job.id == job_id, Job.state.not_in(OPEN)).returning(Job.id)).first()
    if gone is None:
        raise _unknown(job_id)


def _statuses() -> Select[Job, int, float]:
    finished = select(func.count()).where(JobBatch.job_id == Job.id).correlate(Job).scalar_subquery()
    return select(Job, finished, Clock())


def _status(job: Job, finished: int, now: float) -> JobStatus:
    return JobStatus(
        id=job.id,
        kind=job.kind,
        state=job.state,
        batches=job.batches,
        finished=finished,
        author=job.author,
        created=_instant(job.created) or datetime.now(UTC),
        started=_instant(job.started),
        ended=_instant(job.ended),
        seconds_left=_seconds_left(job, finished, now),
        error_code=job.error_code,
        error=job.error,
    )


def _seconds_left(job: Job, finished: int, now: float) -> float | None:
    if job.state is not JobState.RUNNING or not finished or job.started is None:
        return None
    return (now - job.started) / finished * (job.batches - finished)


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _unknown(job_id: int) -> NotFound:
    return NotFound(
        "JOB_UNKNOWN", f"There is no job {job_id}.", remedy="Look at the list of studies for those there are."
    )


def count_by_state(engine: Engine) -> dict[str, float]:
    """The number of jobs in each state."""
    query = select(Job.state, func.count()).group_by(Job.state)
    with engine.connect().execution_options(readonly=True) as connection:
        found = {state.value: number for state, number in connection.execute(query)}
    return {state.value: found.get(state.value, 0) for state in JobState}
