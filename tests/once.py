"""What only one of the processes of a test run does, while the others wait for it."""

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def once(folder: Path, name: str) -> Iterator[bool]:
    """Whether this process is the first of the run to do something; the others wait until it is done."""
    with (folder / f"{name}.lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / f"{name}.done"
        yield not done.exists()
        done.touch()
