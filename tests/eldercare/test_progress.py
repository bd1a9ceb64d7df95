"""Progress is a bar on a terminal and plain lines elsewhere."""

import os
import pty
import subprocess
import sys

import pytest

from eldercare.command.progress import Progress

PROGRAM = """
from eldercare.command.progress import Progress
with Progress() as progress:
    for done in range(0, 101, 20):
        progress("people" if done < 60 else "facilities", done, 100)
"""


def test_without_a_terminal_each_step_is_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress() as progress:
        progress("people", 0, 3)
        progress("people", 1, 3)
        progress("facilities", 2, 3)
        progress("complete", 3, 3)
        progress("complete", 3, 3)
    assert capsys.readouterr().err.split("\n") == [
        "      0 of 3  people",
        "      2 of 3  facilities",
        "      3 of 3  complete",
        "",
    ]


def test_on_a_terminal_there_is_a_bar_that_names_the_step() -> None:
    reader, terminal = pty.openpty()
    subprocess.run([sys.executable, "-c", PROGRAM], stderr=terminal, check=True)
    os.close(terminal)
    shown = b""
    while True:
        try:
            if not (part := os.read(reader, 65536)):
                break
        except OSError:  # Linux says so when the other end is closed
            break
        shown += part
    os.close(reader)
    assert b"100%" in shown
    assert b"facilities" in shown
