"""Batches of work on several processes: a killed worker costs only the batches it held, and no result is lost."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from eldersim.errors import EldersimError, Unavailable

Prepared = TypeVar("Prepared")
Result = TypeVar("Result")

ATTEMPTS = 3
"""How often in a row workers may die without finishing a batch before the work is given up."""

WAIT = 0.5
"""Seconds between two looks at whether the work was cancelled."""


class CancelledError(EldersimError):
    """The work was cancelled; the batches finished so far were handed over."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is: batches done of all, seconds since the start, and an estimate of the seconds left."""

    done: int
    total: int
    seconds: float
    seconds_left: float | None

    @property
    def share(self) -> float:
        """Done as a share of all, 1 when there is nothing to do."""
        return self.done / self.total if self.total else 1.0


@dataclass
class Batches(Generic[Prepared, Result]):
    """Work cut into numbered batches: ``task(prepared, number)`` depends on its arguments alone.

    ``task`` must be a function of a module, ``prepared`` and the result must be picklable. ``finished`` is called in
    the caller's process with each result as it comes (in any order); ``progress`` after each; ``cancelled`` is asked
    again and again. The result is the same for any number of workers, because it is put together by number.
    """

    task: Callable[[Prepared, int], Result]
    prepared: Prepared
    progress: Callable[[Progress], None] | None = None
    finished: Callable[[int, Result], None] | None = None
    cancelled: Callable[[], bool] | None = None
    _started: float = field(default_factory=time.monotonic, init=False)

    def run(
        self, numbers: Sequence[int], *, workers: int | None = None, executor: Executor | None = None
    ) -> dict[int, Result]:
        """All results by batch number.

        With one worker the work is done here; with more on a pool of processes of its own, or on the ``executor``
        given (for example that of a Dask cluster), which is used but never closed.
        """
        self._started = time.monotonic()
        count = usable_workers() if workers is None else workers
        if executor is None and (count <= 1 or len(numbers) <= 1):
            found = dict(self._watched(self._here(numbers), len(numbers)))
        else:
            found = dict(self._watched(self._spread(numbers, count, executor), len(numbers)))
        return {number: found[number] for number in numbers}

    def _watched(self, results: Iterator[tuple[int, Result]], total: int) -> Iterator[tuple[int, Result]]:
        for done, (number, result) in enumerate(results, start=1):
            if self.finished is not None:
                self.finished(number, result)
            if self.progress is not None:
                self.progress(self._progress(done, total))
            yield number, result

    def _progress(self, done: int, total: int) -> Progress:
        seconds = time.monotonic() - self._started
        return Progress(done, total, seconds, seconds / done * (total - done))

    def _here(self, numbers: Sequence[int]) -> Iterator[tuple[int, Result]]:
        for number in numbers:
            self._stop_if_cancelled()
            yield number, self.task(self.prepared, number)

    def _spread(self, numbers: Sequence[int], workers: int, executor: Executor | None) -> Iterator[tuple[int, Result]]:
        left, deaths = dict.fromkeys(numbers), 0
        while left:
            pool = executor or _pool(min(workers, len(left)))
            try:
                for number, result in self._round(pool, list(left)):
                    del left[number]
                    deaths = 0
                    yield number, result
            except BrokenExecutor as broken:
                deaths += 1
                if deaths >= ATTEMPTS or executor is not None:
                    raise _worker_died(deaths, len(left)) from broken
            finally:
                if executor is None:
                    pool.shutdown(wait=True, cancel_futures=True)

    def _round(self, pool: Executor, numbers: list[int]) -> Iterator[tuple[int, Result]]:
        """Results as they come; what a broken pool has finished is handed over before the break is reported."""
        running: dict[Future[Result], int] = {pool.submit(self.task, self.prepared, n): n for n in numbers}
        broken: BrokenExecutor | None = None
        try:
            while running:
                done, _ = wait(running, timeout=WAIT, return_when=FIRST_COMPLETED)
                self._stop_if_cancelled()
                for future in sorted(done, key=lambda each: running[each]):
                    number = running.pop(future)
                    error = future.exception()
                    if isinstance(error, BrokenExecutor):
                        broken = error
                    elif error is not None:
                        raise error
                    else:
                        yield number, future.result()
        finally:
            for future in running:
                future.cancel()
        if broken is not None:
            raise broken

    def _stop_if_cancelled(self) -> None:
        if self.cancelled is not None and self.cancelled():
            raise CancelledError(
                "CANCELLED", "The work was cancelled.", remedy="Start it again; finished batches need not be repeated."
            )


def usable_workers() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _pool(workers: int) -> ProcessPoolExecutor:
    """A pool whose workers start clean; a fork server, where there is one, starts them ten times faster."""
    kind = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context: Any = multiprocessing.get_context(kind)
    return ProcessPoolExecutor(workers, mp_context=context)


def _worker_died(deaths: int, left: int) -> Unavailable:
    return Unavailable(
        "WORKER_DIED",
        f"Workers died {deaths} times in a row without finishing one of the {left} batches left.",
        remedy="Most likely memory ran out: use fewer workers, or smaller batches. A program of your own must do its work "
        'below `if __name__ == "__main__":`, because each worker imports it again.',
    )
