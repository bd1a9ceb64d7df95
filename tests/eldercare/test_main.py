"""The command line: quick to start, friendly when something is wrong."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from eldercare.__main__ import COMMANDS, cli
from eldercare.kit.errors import RuleViolation, Unavailable

HEAVY = ("sqlalchemy", "pydantic", "strawberry", "starlette", "numpy", "simpy", "alembic")


@pytest.fixture(autouse=True)
def _alone(alone: None) -> None:
    """Each test in a folder of its own with nothing set."""


def run(*words: str) -> Result:
    """Run the command in this process."""
    return CliRunner().invoke(cli, words)


def test_help_loads_nothing_that_takes_time() -> None:
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


def test_an_error_is_code_sentence_and_remedy_and_no_traceback() -> None:
    command = [sys.executable, "-m", "eldercare", "db", "check"]
    environment = {**os.environ, "ELDERCARE_DATABASE_URL": "mysql://somewhere"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("DATABASE_URL: ")
    assert "sqlite:///" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_is_upgraded_checked_and_measured() -> None:
    assert isinstance(run("db", "stats").exception, Unavailable)
    assert run("db", "upgrade").output == "sqlite:///var/eldercare.sqlite is now at the newest schema.\n"
    assert "already" in run("db", "upgrade").output
    assert run("db", "check").output == "The database is as the program expects it.\n"
    assert "  facility\n" in run("db", "stats").output


def test_a_worker_with_an_empty_queue_ends() -> None:
    run("db", "upgrade")
    assert "0 jobs worked off." in run("work", "--once").output


def test_the_schema_is_checked_against_a_file(tmp_path: Path) -> None:
    (tmp_path / "schema.graphql").write_text(run("schema", "print").output, "utf-8")
    assert run("schema", "check").output == "schema.graphql is the program's schema.\n"
    (tmp_path / "schema.graphql").write_text("type Query", "utf-8")
    error = run("schema", "check").exception
    assert isinstance(error, RuleViolation)
    assert (error.code, "-type Query" in error.message) == ("SCHEMA_DIFFERS", True)


def test_settings_are_listed_with_their_origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "eldercare.toml").write_text("pool_size = 4\n")
    monkeypatch.setenv("ELDERCARE_PORT", "8123")
    output = run("settings").output
    assert "port = 8123  (environment)" in output
    assert "pool_size = 4  (eldercare.toml)" in output
