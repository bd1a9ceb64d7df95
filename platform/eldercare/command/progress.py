"""Progress as people see it: one bar on a terminal, a line now and then otherwise."""

import sys
import time
from typing import Any

import click

SECONDS = 5.0
"""Between two plain lines about the same step: enough to see that it goes on, few enough to read in a log."""


class Progress:
    """Called with (step, done, total); draws one bar that names the present step, prints plain lines without a terminal."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._shown = 0
        self._step = ""
        self._told = 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        """Say how far the work is."""
        if sys.stderr.isatty():
            self._draw(step, done, total)
        elif step != self._step or (done != self._shown and self._is_due(done, total)):
            self._told = time.monotonic()
            self._shown = done
            click.echo(f"  {done:>5,} of {total:,}  {step}", err=True)
        self._step = step

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.__exit__(None, None, None)

    def _is_due(self, done: int, total: int) -> bool:
        return done >= total or time.monotonic() - self._told > SECONDS

    def _draw(self, step: str, done: int, total: int) -> None:
        if self._bar is None:
            self._bar = click.progressbar(
                length=max(total, 1), file=sys.stderr, width=32, item_show_func=lambda item: item or "", label=" "
            )
            self._bar.__enter__()
        self._bar.update(done - self._shown, step)
        self._shown = done
