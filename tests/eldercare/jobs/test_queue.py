"""Submitting, looking at and cancelling jobs."""

import pytest
from sqlalchemy.orm import Session

from eldercare.jobs import JobState, cancel, claim, forget, results, status, statuses, submit
from eldercare.kit.errors import NotFound, Refused


def put(session: Session, batches: int = 3) -> int:
    return submit(session, "count", {"to": 3}, batches=batches, author="Li Wen")


def test_a_submitted_job_waits(session: Session) -> None:
    found = status(session, put(session))
    assert (found.state, found.finished, found.batches, found.author) == (JobState.QUEUED, 0, 3, "Li Wen")
    assert found.progress == 0
    assert found.created.utcoffset() is not None


def test_a_full_queue_refuses_one_more(session: Session) -> None:
    put(session)
    with pytest.raises(Refused) as caught:
        submit(session, "count", {}, batches=1, limit=1)
    assert caught.value.code == "JOB_QUEUE_FULL"
    assert "eldercare work" in caught.value.remedy


def test_a_waiting_job_is_cancelled_at_once(session: Session) -> None:
    assert cancel(session, put(session)).state is JobState.CANCELLED


def test_an_ended_job_stays_as_it_ended(session: Session) -> None:
    key = put(session)
    session.commit()
    lease = claim(session.get_bind(), "w1", kinds=["count"], seconds=9)
    assert lease is not None
    lease.finish(lambda _session: None)
    assert cancel(session, key).state is JobState.DONE


def test_an_unknown_job_is_not_found(session: Session) -> None:
    for look in (status, cancel, forget):
        with pytest.raises(NotFound):
            look(session, 99)
    assert statuses(session, [99]) == {}
    assert results(session, 99) == {}


def test_only_an_ended_job_can_be_forgotten(session: Session) -> None:
    key = put(session)
    with pytest.raises(NotFound):
        forget(session, key)
    cancel(session, key)
    forget(session, key)
    assert statuses(session, [key]) == {}
