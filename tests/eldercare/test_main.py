"""The command line: quick to start, friendly when something is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from eldercare.__main__ import COMMANDS, cli

HEAVY = ("sqlalchemy", "pydantic", "strawberry", "starlette", "numpy", "simpy", "alembic")


def run(folder: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a process of its own, as a person would, with nothing set but what is given."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ELDERCARE_")}
    given = {f"ELDERCARE_{name.upper()}": value for name, value in settings.items()}
    command = [sys.executable, "-m", "eldercare", *words]
    return subprocess.run(command, cwd=folder, env=clean | given, capture_output=True, text=True, check=False)


def test_help_loads_nothing_that_takes_time(tmp_path: Path) -> None:
    program = (
        "import sys; from click.testing import CliRunner; from eldercare.__main__ import cli; "
        f"print(CliRunner().invoke(cli, ['--help']).exit_code, [m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "0 []\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_says_what_the_command_says(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert (command.help or "").split("\n\n")[0].replace("\n", " ") == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    assert CliRunner().invoke(cli, [name, "--help"]).exit_code == 0


def test_an_error_is_code_sentence_and_remedy_and_no_traceback(tmp_path: Path) -> None:
    done = run(tmp_path, "db", "check", database_url="mysql://somewhere")
    assert done.returncode == 2
    assert done.stderr.startswith("DATABASE_URL: ")
    assert "sqlite:///" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_is_upgraded_checked_and_measured(tmp_path: Path) -> None:
    assert run(tmp_path, "db", "stats").returncode == 2
    done = run(tmp_path, "db", "upgrade")
    assert (done.returncode, done.stdout) == (0, "sqlite:///var/eldercare.sqlite is now at the newest schema.\n")
    assert "already" in run(tmp_path, "db", "upgrade").stdout
    assert run(tmp_path, "db", "check").stdout == "The database is as the program expects it.\n"
    assert "  facility\n" in run(tmp_path, "db", "stats").stdout


def test_a_worker_with_an_empty_queue_ends(tmp_path: Path) -> None:
    run(tmp_path, "db", "upgrade")
    done = run(tmp_path, "work", "--once")
    assert (done.returncode, "0 jobs worked off." in done.stderr) == (0, True)


def test_settings_are_listed_with_their_origin(tmp_path: Path) -> None:
    (tmp_path / "eldercare.toml").write_text("pool_size = 4\n")
    done = run(tmp_path, "settings", port="8123")
    assert "port = 8123  (environment)" in done.stdout
    assert "pool_size = 4  (eldercare.toml)" in done.stdout
