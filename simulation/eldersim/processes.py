"""Worker processes for replications: a fresh interpreter each, or none at all for one worker."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Here(Executor):
    """An executor that does the work at once in this process."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Do it, and give a future that is already done."""
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as problem:
            done.set_exception(problem)
        return done


@contextmanager
def workers_of(count: int) -> Iterator[Executor]:
    """An executor of so many processes; forked from a clean server where the platform has one."""
    if count <= 1:
        yield Here()
        return
    ways = multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
    with ProcessPoolExecutor(count, mp_context=context) as executor:
        yield executor
