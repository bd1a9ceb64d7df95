"""The worker finishes what can be finished, gives up what cannot, and repeats no finished batch when it is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, text, update
from sqlalchemy.orm import Session

from eldercare.jobs import Job, JobState, JobStatus, Task, Worker, cancel, results, status, submit
from eldercare.jobs.processes import make_executor
from eldercare.kit.errors import RuleViolation


def square(prepared: Any, number: int) -> int:
    return int(prepared["plus"]) + number * number


def refuse(_prepared: Any, number: int) -> None:
    raise RuleViolation("NO_BEDS", "There is no bed.", remedy="Open one.")


def break_at_two(_prepared: Any, number: int) -> int:
    if number == 2:
        raise ZeroDivisionError
    return number


def kill_itself(_prepared: Any, number: int) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def note(session: Session, specification: Any, found: Mapping[int, Any]) -> None:
    session.execute(update(Job).values(author=str(sum(found.values()))))


def put(engine: Engine, kind: str, batches: int = 4) -> int:
    with Session(engine) as session, session.begin():
        return submit(session, kind, {"plus": 10}, batches=batches)


def look(engine: Engine, job: int) -> tuple[JobStatus, dict[int, Any]]:
    with Session(engine) as session:
        return status(session, job), results(session, job)


def in_threads(engine: Engine, task: Task) -> Worker:
    """A worker whose batches need no process of their own."""
    return Worker(engine, [task], processes=1, executor=ThreadPoolExecutor)


def test_a_job_is_worked_off_and_concluded(engine: Engine) -> None:
    executor = ThreadPoolExecutor if engine.dialect.name == "postgresql" else None  # processes take long to start
    job = put(engine, "square")
    worker = Worker(engine, [Task("square", square, finish=note)], processes=2, executor=executor)
    assert worker.run(once=True) == 1
    found, values = look(engine, job)
    assert (found.state, found.progress, found.author) == (JobState.DONE, 1, "54")
    assert values == {0: 10, 1: 11, 2: 14, 3: 19}


def test_an_error_that_a_person_can_act_on_ends_the_job(sqlite_engine: Engine) -> None:
    job = put(sqlite_engine, "refuse")
    in_threads(sqlite_engine, Task("refuse", refuse)).run(once=True)
    found, _ = look(sqlite_engine, job)
    assert (found.state, found.error_code, found.error) == (JobState.FAILED, "NO_BEDS", "There is no bed. Open one.")


@pytest.mark.parametrize(
    ("batch", "executor"),
    [(break_at_two, ThreadPoolExecutor), pytest.param(kill_itself, make_executor, marks=pytest.mark.long)],
)
def test_a_poison_job_is_given_up_and_the_queue_goes_on(
    sqlite_engine: Engine, batch: Any, executor: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eldercare.jobs.worker.RETRY_SECONDS", 0.0)
    poison, good = put(sqlite_engine, "poison"), put(sqlite_engine, "square")
    tasks = [Task("poison", batch), Task("square", square)]
    Worker(sqlite_engine, tasks, processes=1, executor=executor).run(once=True)
    found, _ = look(sqlite_engine, poison)
    assert (found.state, found.error_code) == (JobState.FAILED, "JOB_FAILED")
    assert "log" in str(found.error)
    assert look(sqlite_engine, good)[0].state is JobState.DONE


def test_a_job_whose_workers_keep_dying_is_given_up(engine: Engine) -> None:
    job = put(engine, "square")
    with Session(engine) as session, session.begin():
        session.execute(update(Job).values(strikes=3, state=JobState.RUNNING, lease_until=0.0))
    in_threads(engine, Task("square", square)).run(once=True)
    found, _ = look(engine, job)
    assert (found.state, found.error_code) == (JobState.FAILED, "JOB_GAVE_UP")


def test_a_cancelled_job_whose_worker_died_ends_as_cancelled(sqlite_engine: Engine) -> None:
    job = put(sqlite_engine, "square", batches=50)
    with Session(sqlite_engine) as session, session.begin():
        session.execute(update(Job).values(state=JobState.RUNNING, lease_until=0.0))
        cancel(session, job)
    in_threads(sqlite_engine, Task("square", square)).run(once=True)
    found, values = look(sqlite_engine, job)
    assert found.state is JobState.CANCELLED
    assert len(values) < 50


def pause(_prepared: Any, number: int) -> int:
    time.sleep(0.1)
    return number


def test_a_worker_that_is_stopped_hands_its_job_back(engine: Engine) -> None:
    job = put(engine, "pause", batches=60)
    worker = in_threads(engine, Task("pause", pause))
    thread = threading.Thread(target=worker.run)
    thread.start()
    wait_for(engine, job, 2)
    worker.stop()
    thread.join()
    found, values = look(engine, job)
    assert (found.state, 2 <= len(values) < 60) == (JobState.QUEUED, True)


def write_beside(session: Session, specification: Any, other: Engine) -> Any:
    """Read as a task does, and write through another connection before the reading ends."""
    session.execute(select(Job.id)).all()
    with Session(other) as writer, writer.begin():
        writer.execute(update(Job).values(author="meanwhile"))
    return specification


def test_preparing_a_job_keeps_nobody_from_writing(sqlite_engine: Engine) -> None:
    job = put(sqlite_engine, "square")
    other = sqlite_engine.execution_options(readonly=False)
    task = Task("square", square, prepare=lambda session, given: write_beside(session, given, other))
    in_threads(sqlite_engine, task).run(once=True)
    found, _ = look(sqlite_engine, job)
    assert (found.state, found.author) == (JobState.DONE, "meanwhile")


PROGRAM = """
import sys, time
from pathlib import Path
from sqlalchemy.orm import Session
from eldercare.jobs import Task, Worker
from eldercare.kit.db import open_engine

def slow(prepared, number):
    with open(prepared["log"], "a") as log:
        log.write(f"{number}\\n")
    time.sleep(0.15)
    return number

if __name__ == "__main__":
    worker = Worker(open_engine(sys.argv[1]), [Task("slow", slow)], lease=1.0, processes=1)
    print("ready", flush=True)
    worker.run(once=sys.argv[2] == "once")
"""


def start(program: Path, url: str, how: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, str(program), url, how], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def wait_for(engine: Engine, job: int, finished: int) -> None:
    deadline = time.monotonic() + 60
    while look(engine, job)[0].finished < finished:
        assert time.monotonic() < deadline, "the worker made no progress"
        time.sleep(0.05)


@pytest.mark.long
def test_a_killed_worker_costs_its_present_batches_and_no_finished_one(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    """Two processes work off one queue; the one that holds the job is killed with SIGKILL, the other takes over."""
    (program := tmp_path / "program.py").write_text(PROGRAM)
    with Session(engine) as session, session.begin():
        job = submit(session, "slow", {"log": str(tmp_path / "log")}, batches=14)
    victim = start(program, database_url, "for ever")
    try:
        wait_for(engine, job, 3)
        heir = start(program, database_url, "for ever")
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        kept = set(look(engine, job)[1])
        wait_for(engine, job, 14)
        heir.terminate()
        heir.wait()
    finally:
        victim.kill()
    begun = [int(line) for line in (tmp_path / "log").read_text().split()]
    assert look(engine, job)[1] == {number: number for number in range(14)}
    assert [number for number in kept if begun.count(number) != 1] == []


def test_chores_are_done_now_and_then_and_one_that_fails_again(engine: Engine) -> None:
    done: list[str] = []

    def broken(session: Session) -> None:
        done.append("broken")
        session.execute(text("SELECT nothing FROM nowhere"))

    worker = Worker(engine, [], processes=1, chores=[broken, lambda session: done.append("swept")])
    worker.run(once=True)
    worker.run(once=True)
    assert done == ["broken", "swept"], "an hour has not passed"
    Worker(engine, [], processes=1, chores=[broken], chores_every=0.0).run(once=True)
    assert done == ["broken", "swept", "broken"]
