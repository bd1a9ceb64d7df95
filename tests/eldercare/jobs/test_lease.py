"""A lease is held by one worker, and only that one is heard."""

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from eldercare.jobs import Job, JobState, Lease, LeaseLost, cancel, claim, results, status, submit

DEAD = -1.0
"""A lease that has run out when it begins: its worker counts as dead."""


@pytest.fixture
def job(engine: Engine) -> int:
    with Session(engine) as session, session.begin():
        return submit(session, "count", {}, batches=2)


def take(engine: Engine, owner: str, seconds: float = 60.0) -> Lease | None:
    return claim(engine, owner, kinds=["count"], seconds=seconds)


def held(engine: Engine, owner: str, seconds: float = 60.0) -> Lease:
    lease = take(engine, owner, seconds)
    assert lease is not None
    return lease


def test_a_job_is_given_to_one_worker_only(engine: Engine, job: int) -> None:
    assert held(engine, "first").job_id == job
    assert take(engine, "second") is None


def test_a_worker_takes_only_what_it_knows(engine: Engine, job: int) -> None:
    assert claim(engine, "w", kinds=["other"], seconds=9) is None


def test_the_oldest_job_comes_first(engine: Engine, job: int) -> None:
    with Session(engine) as session, session.begin():
        later = submit(session, "count", {}, batches=1)
    assert [held(engine, "a").job_id, held(engine, "b").job_id] == [job, later]


def test_a_dead_workers_job_is_taken_over_and_the_dead_one_is_not_heard(engine: Engine, job: int) -> None:
    dead = held(engine, "dead", DEAD)
    dead.save(0, "mine")
    with Session(engine) as session, session.begin():
        session.execute(update(Job).values(lease_until=0.0))
    heir = held(engine, "heir")
    assert heir.finished() == {0}
    for late in (dead.beat, lambda: dead.save(1, "late"), lambda: dead.finish(lambda _session: None), dead.stop):
        with pytest.raises(LeaseLost):
            late()
    heir.save(1, "heir's")
    with Session(engine) as session:
        assert results(session, job) == {0: "mine", 1: "heir's"}


def test_the_same_worker_in_an_older_attempt_is_not_heard(engine: Engine, job: int) -> None:
    old = held(engine, "same", DEAD)
    held(engine, "same")
    with pytest.raises(LeaseLost):
        old.save(0, None)


def test_what_concludes_a_job_is_seen_with_its_end_or_not_at_all(engine: Engine, job: int) -> None:
    lease = held(engine, "w")

    def conclude(session: Session) -> None:
        session.execute(update(Job).values(author="concluded"))
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        lease.finish(conclude)
    with Session(engine) as session:
        found = status(session, job)
    assert (found.state, found.author) == (JobState.RUNNING, None)


def test_a_job_put_back_waits_a_while(engine: Engine, job: int) -> None:
    held(engine, "w").retry(3600)
    assert take(engine, "w") is None


def test_a_job_handed_back_is_free_at_once(engine: Engine, job: int) -> None:
    held(engine, "w").hand_back()
    assert held(engine, "other").strikes == 1


def test_progress_clears_the_strikes(engine: Engine, job: int) -> None:
    held(engine, "a", DEAD)
    lease = held(engine, "b", DEAD)
    assert lease.strikes == 2
    lease.save(0, None)
    with Session(engine) as session, session.begin():
        session.execute(update(Job).values(lease_until=0.0))
    assert held(engine, "c").strikes == 1


def test_the_worker_learns_that_its_job_was_cancelled(engine: Engine, job: int) -> None:
    lease = held(engine, "w")
    assert lease.beat() is False
    with Session(engine) as session, session.begin():
        cancel(session, job)
    assert lease.beat() is True
    lease.stop()
    with Session(engine) as session:
        assert status(session, job).state is JobState.CANCELLED
