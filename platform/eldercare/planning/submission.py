"""Asking for a study and looking after it: create, find, see how far it is, cancel."""

import contextlib
import threading
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Engine, false, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eldercare.jobs import JobState, JobStatus, Worker, cancel, status, statuses, submit
from eldercare.kit.errors import Forbidden, NotFound, Unavailable
from eldercare.planning.outcome import Outcome
from eldercare.planning.request import Request
from eldercare.planning.run import KIND, Progress, batches, check, tasks
from eldercare.planning.snapshot import find_territory
from eldercare.planning.study import Study, StudyBaseline
from eldercare.planning.world import Frozen, code_version, freeze
from eldercare.registry import idempotency
from eldercare.registry.division import Division
from eldercare.registry.scope_people import inside
from eldercare.registry.viewer import constant, viewer_of
from eldercare.security.policy import Scope
from eldercare.security.principal import SYSTEM, Principal

POLL_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Progressed:
    """A study and where its job stands."""

    study: Study
    job: JobStatus

    @property
    def outcome(self) -> Outcome | None:
        """What came out, once it is there."""
        return Outcome.model_validate_json(self.study.outcome) if self.study.outcome else None


def create(
    session: Session,
    request: Request,
    *,
    author: str = "",
    principal: Principal = SYSTEM,
    idempotency_key: str | None = None,
    limit: int = 200,
) -> Progressed:
    """Freeze the registry, check every scenario against it, and queue the work; in the caller's transaction.

    A territory outside the division of whoever asks is `Forbidden` (OUT_OF_SCOPE).
    A repeated request under the same key gives the same study, also at the same moment; another one is a `Conflict`.
    """
    asked = {"createStudy": request.model_dump(mode="json")}
    if idempotency_key and (known := idempotency.claim(session, author, idempotency_key, asked)) is not None:
        return find(session, int(known), principal)
    _check_territory(session, request, principal)
    frozen = freeze(session, request.territory, request.as_of)
    check(request, frozen.world)
    study = _stored(session, request, frozen, author)
    study.job_id = submit(
        session, KIND, {"study": study.id}, batches=batches(request), author=author or None, limit=limit
    )
    session.flush()
    if idempotency_key:
        idempotency.settle(session, author, idempotency_key, study.id)
    return find(session, study.id)


def find(session: Session, key: int, principal: Principal = SYSTEM) -> Progressed:
    """A study by its key; `NotFound` STUDY_UNKNOWN, also when its territory is not the asker's."""
    study = session.scalars(select(Study).where(Study.id == key, *own(principal, Study.territory_id))).one_or_none()
    if study is None or study.job_id is None:
        raise NotFound("STUDY_UNKNOWN", "There is no such study.", remedy="Ask for `studies` to see which there are.")
    return Progressed(study, status(session, study.job_id))


def found(
    session: Session, *, before: int | None = None, first: int = 20, principal: Principal = SYSTEM
) -> list[Progressed]:
    """The newest studies of the asker's territory, or the newest older than one."""
    query = select(Study).where(*own(principal, Study.territory_id)).order_by(Study.id.desc()).limit(first)
    studies = session.scalars(query if before is None else query.where(Study.id < before)).all()
    known = statuses(session, [each.job_id for each in studies if each.job_id is not None])
    return [Progressed(each, known[each.job_id]) for each in studies if each.job_id in known]


def count(session: Session, principal: Principal = SYSTEM) -> int:
    """How many studies there are of the asker's territory."""
    counted = select(func.count()).select_from(Study).where(*own(principal, Study.territory_id))
    return session.scalar(counted) or 0


def own(principal: Principal, territory: Any) -> list[ColumnElement[bool]]:
    """That a study's territory lies in the asker's division; those without one see no studies, the operator all."""
    viewer = viewer_of(principal, constant)
    if viewer is None:
        return []
    if viewer.rights.facilities is not Scope.DIVISION or viewer.division is None:
        return [false()]
    return [inside(territory, viewer.division)]


def _check_territory(session: Session, request: Request, principal: Principal) -> None:
    division = find_territory(session, request.territory, request.as_of)
    if session.scalar(select(Division.id).where(Division.id == division.id, *own(principal, Division.id))) is None:
        raise Forbidden(
            "OUT_OF_SCOPE",
            "This territory is not yours to study.",
            remedy="Name your own division or one below it.",
            path=("territory",),
        )


def cancel_study(session: Session, key: int, principal: Principal = SYSTEM) -> Progressed:
    """Cancel a study; one that has ended stays as it is."""
    study = find(session, key, principal).study
    return Progressed(study, cancel(session, study.job_id or 0))


def ensure(
    engine: Engine, request: Request, *, author: str = "", processes: int = 0, progress: Progress | None = None
) -> Outcome:
    """The stored outcome of a study: of an equal one that starts from the same registry, else computed here and now."""
    with Session(engine) as session, session.begin():
        key = _equal(session, request) or create(session, request, author=author).study.id
    with Session(engine.execution_options(readonly=True)) as session:
        done = find(session, key).study.outcome
    if done is None:
        _work(engine, key, Worker(engine, tasks(), processes=processes), progress)
    with Session(engine.execution_options(readonly=True)) as session:
        ended = find(session, key)
        if (outcome := ended.outcome) is not None:
            return outcome
        raise Unavailable(
            ended.job.error_code or "STUDY_UNFINISHED",
            ended.job.error or f"The study ended as {ended.job.state.en}.",
            remedy="Ask for it again.",
        )


def _work(engine: Engine, key: int, worker: Worker, progress: Progress | None) -> None:
    """Work the queue off in a thread and tell how far the study is meanwhile."""
    thread = threading.Thread(target=worker.run, kwargs={"once": True}, name=f"study {key}")
    thread.start()
    try:
        while thread.is_alive():
            thread.join(POLL_SECONDS)
            if progress:
                with Session(engine.execution_options(readonly=True)) as session:
                    job = find(session, key).job
                progress(job.finished, job.batches)
    finally:
        worker.stop()
        thread.join()


def _equal(session: Session, request: Request) -> int | None:
    """A study that asked for the same, was not given up, and started from what the registry still says."""
    query = select(Study).where(Study.fingerprint == request.fingerprint, Study.code_version == code_version())
    studies = session.scalars(query.order_by(Study.id.desc())).all()
    if not studies:
        return None
    digest = freeze(session, request.territory, request.as_of).world.digest
    for study in studies:
        if study.baseline == digest and find(session, study.id).job.state not in (JobState.FAILED, JobState.CANCELLED):
            return study.id
    return None


def _stored(session: Session, request: Request, frozen: Frozen, author: str) -> Study:
    """The study's row and, unless it is known already, the frozen start it belongs to."""
    if session.get(StudyBaseline, frozen.world.digest) is None:
        with contextlib.suppress(IntegrityError), session.begin_nested():  # somebody else may keep the same one now
            session.add(StudyBaseline(digest=frozen.world.digest, content=frozen.world.write()))
            session.flush()
    study = Study(
        territory_id=frozen.territory,
        as_of=request.as_of,
        years=request.years,
        replications=request.replications,
        seed=request.seed,
        request=request.model_dump(mode="json"),
        taken=[each.model_dump(mode="json") for each in frozen.taken],
        baseline=frozen.world.digest,
        code_version=frozen.code_version,
        author=author,
        fingerprint=request.fingerprint,
    )
    session.add(study)
    session.flush()
    return study
