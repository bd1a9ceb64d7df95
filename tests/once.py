"""What only one of the processes of a test run does, while the others wait for it."""

import contextlib
import fcntl
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path


@contextlib.contextmanager
def once(folder: Path, name: str) -> Iterator[bool]:
    """Whether this process is the first of the run to do something; the others wait until it is done."""
    with (folder / f"{name}.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / f"{name}.done"
        yield not done.exists()
        done.touch()


def shared(folder: Path, works: Mapping[str, Callable[[], object]], wanted: str) -> None:
    """Have a piece of work done once; while another process is at it, this one does the others that will be wanted too."""
    for name in (wanted, *(each for each in works if each != wanted)):
        if (folder / f"{wanted}.done").exists():
            return
        with (folder / f"{name}.lock").open("a+") as lock, contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _do(folder, name, works[name])
    with (folder / f"{wanted}.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _do(folder, wanted, works[wanted])


def _do(folder: Path, name: str, work: Callable[[], object]) -> None:
    if not (folder / f"{name}.done").exists():
        work()
        (folder / f"{name}.done").touch()
