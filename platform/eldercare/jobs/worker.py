"""The worker: takes jobs, runs their batches in processes of its own, keeps each result, and survives what can fail."""

import os
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from eldercare.jobs import queue
from eldercare.jobs.lease import Lease, LeaseLost, claim
from eldercare.jobs.processes import make_executor
from eldercare.kit import log
from eldercare.kit.errors import EldercareError

STRIKES = 3
"""Take-overs without one finished batch after which a job counts as poison."""

POLL_SECONDS = 0.5
RETRY_SECONDS = 2.0

Chore = Callable[[Session], object]
"""Something to be tidied up now and then, in a transaction of its own; doing it twice does no harm."""


def _as_it_is(_session: Session, specification: Any) -> Any:
    return specification


def _nothing(_session: Session, _specification: Any, _results: Mapping[int, Any]) -> None:
    return None


@dataclass(frozen=True)
class Task:
    """A kind of job: `prepare` once an attempt, `batch` once a number, `finish` once, with the job's end in one transaction.

    `batch(prepared, number)` runs in another process: a module-level function of picklable things that gives a JSON value
    depending on its arguments alone, so that it does not matter who computes it. `finish(session, specification, results)`.
    """

    kind: str
    batch: Callable[[Any, int], Any]
    prepare: Callable[[Session, Any], Any] = _as_it_is
    finish: Callable[[Session, Any, Mapping[int, Any]], None] = _nothing


class Worker:
    """Works off the jobs of some kinds, one at a time, until it is told to stop."""

    def __init__(
        self,
        engine: Engine,
        tasks: Sequence[Task],
        *,
        lease: float = 30.0,
        processes: int = 0,
        executor: Callable[[int], Executor] | None = None,
        chores: Sequence[Chore] = (),
        chores_every: float = 3600.0,
    ) -> None:
        self.engine = engine
        self.tasks = {task.kind: task for task in tasks}
        self.lease = lease
        self.processes = processes or max(1, (os.cpu_count() or 2) - 1)
        self.name = f"{socket.gethostname()}:{os.getpid()}:{log.new_id()}"
        self._stop = threading.Event()
        self._make_executor = executor or make_executor
        self._executor: Executor | None = None
        self._chores, self._chores_every, self._chores_due = chores, chores_every, 0.0
        self._log = log.get("jobs").bind(worker=self.name)

    def run(self, *, once: bool = False) -> int:
        """Work until `stop` is called, or with `once` until the queue is empty; gives the number of jobs taken."""
        taken = 0
        try:
            while not self._stop.is_set():
                self._tidy()
                if self._step():
                    taken += 1
                elif once:
                    break
                else:
                    self._stop.wait(POLL_SECONDS)
        finally:
            self._close()
        return taken

    def stop(self) -> None:
        """Finish nothing more: the present job goes back to the queue, its finished batches stay."""
        self._stop.set()

    def _tidy(self) -> None:
        """Do the chores when they are due; one that fails is due again the next time."""
        if not self._chores or time.monotonic() < self._chores_due:
            return
        self._chores_due = time.monotonic() + self._chores_every
        for chore in self._chores:
            try:
                with Session(self.engine) as session, session.begin():
                    chore(session)
            except SQLAlchemyError:
                self._log.exception("a chore was not done")

    def _step(self) -> bool:
        """Take one job and work on it; a database that does not answer is waited for."""
        try:
            lease = claim(self.engine, self.name, kinds=list(self.tasks), seconds=self.lease)
            if lease is None:
                return False
            self._work(lease)
        except LeaseLost:
            self._log.warning("another worker took the job over")
        except SQLAlchemyError:
            self._log.exception("the database did not answer; trying again")
            self._stop.wait(RETRY_SECONDS)
        return True

    def _work(self, lease: Lease) -> None:
        line = self._log.bind(job=lease.job_id, attempt=lease.attempt)
        if lease.strikes > STRIKES:
            line.error("given up")
            lease.fail("JOB_GAVE_UP", _gave_up(lease.strikes - 1))
            return
        line.info("taken")
        try:
            self._batches(lease, self.tasks[lease.kind])
        except (LeaseLost, SQLAlchemyError):
            raise
        except EldercareError as error:
            line.warning("refused", code=error.code)
            lease.fail(error.code, f"{error.message} {error.remedy}".strip())
        except Exception:  # whatever a batch raises must not end the worker
            self._strike(lease, line)

    def _strike(self, lease: Lease, line: Any) -> None:
        """Something unforeseen: try again later, or give up with an id under which the log tells all."""
        incident = log.new_id()
        line.exception("failed", incident=incident)
        self._close()
        if lease.strikes >= STRIKES:
            lease.fail("JOB_FAILED", f"{_gave_up(lease.strikes)} The log has the reason under {incident}.")
        else:
            lease.retry(RETRY_SECONDS * lease.strikes)

    def _batches(self, lease: Lease, task: Task) -> None:
        """Run what is missing, a few ahead of the processes; the pulse runs beside."""
        with Pulse(lease) as pulse:
            with Session(self.engine.execution_options(readonly=True)) as session:
                prepared = task.prepare(session, lease.specification)
            missing = sorted(set(range(lease.batches)) - lease.finished(), reverse=True)
            running: dict[Future[Any], int] = {}
            try:
                while (missing or running) and not pulse.over() and not self._stop.is_set():
                    while missing and len(running) < 2 * self.processes:
                        number = missing.pop()
                        running[self._pool().submit(task.batch, prepared, number)] = number
                    self._keep(lease, pulse, running)
            finally:
                for future in running:
                    future.cancel()
            self._conclude(lease, task, pulse, unfinished=bool(missing or running))

    def _keep(self, lease: Lease, pulse: "Pulse", running: dict[Future[Any], int]) -> None:
        """Save what is finished; wait a moment when nothing is."""
        done, _ = wait(running, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
        for future in sorted(done, key=running.__getitem__):
            number = running.pop(future)
            if lease.save(number, future.result()):
                pulse.cancelled.set()

    def _conclude(self, lease: Lease, task: Task, pulse: "Pulse", *, unfinished: bool) -> None:
        if pulse.lost.is_set():
            raise LeaseLost
        if pulse.cancelled.is_set():
            lease.stop()
        elif unfinished:
            lease.hand_back()
        else:
            lease.finish(
                lambda session: task.finish(session, lease.specification, queue.results(session, lease.job_id))
            )
            self._log.info("done", job=lease.job_id)

    def _pool(self) -> Executor:
        if self._executor is None:
            self._executor = self._make_executor(self.processes)
        return self._executor

    def _close(self) -> None:
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
            self._executor = None


class Pulse:
    """A thread that keeps a lease alive three times as often as needed, and knows when it is lost or cancelled."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.lost = threading.Event()
        self.cancelled = threading.Event()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._beat, name=f"pulse of job {lease.job_id}", daemon=True)

    def __enter__(self) -> "Pulse":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._end.set()
        self._thread.join()

    def over(self) -> bool:
        """Whether there is no use in going on."""
        return self.lost.is_set() or self.cancelled.is_set()

    def _beat(self) -> None:
        alive = time.monotonic()
        while not self._end.wait(self.lease.seconds / 3):
            try:
                if self.lease.beat():
                    self.cancelled.set()
                alive = time.monotonic()
            except LeaseLost:
                self.lost.set()
                return
            except SQLAlchemyError:
                if time.monotonic() - alive > self.lease.seconds:
                    self.lost.set()
                    return


def _gave_up(times: int) -> str:
    return (
        f"The job was tried {times} times without finishing one more batch. Submit it again once the cause is removed."
    )
