"""Progress as people see it: a bar on a terminal, a line now and then otherwise."""

import sys
import time
from types import TracebackType
from typing import Any

import click

SECONDS = 5.0
"""Between two plain lines of one step: enough to see that it goes on, few enough to read in a log."""


class Progress:
    """Called with (step, done, total); draws a bar for each step on a terminal, prints plain lines elsewhere."""

    def __init__(self) -> None:
        self._bars = sys.stderr.isatty()
        self._step = ""
        self._bar: Any = None
        self._shown = 0
        self._told = 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        """Say how far a step is; a new name ends the step before."""
        if step != self._step:
            self._begin(step, total)
        if self._bar is not None:
            self._bar.update(done - self._shown)
            self._shown = done
        elif done >= total or time.monotonic() - self._told > SECONDS:
            self._told = time.monotonic()
            click.echo(f"  {step}: {done:,} of {total:,}", err=True)

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._end()

    def _begin(self, step: str, total: int) -> None:
        self._end()
        self._step, self._shown, self._told = step, 0, time.monotonic()
        if self._bars:
            self._bar = click.progressbar(length=max(total, 1), label=f"  {step:<34}", file=sys.stderr, width=30)
            self._bar.__enter__()

    def _end(self) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)
            self._bar = None
