"""The demonstration, as a newcomer runs it: one command, from nothing to a table and a page."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from eldercare.__main__ import cli
from eldercare.command.demo import prepare
from eldercare.kit.errors import Conflict, Unavailable
from eldercare.kit.settings import Settings
from eldercare.registry import Source
from eldercare.registry.change import Writer
from eldercare.registry.source import CollectionMethod
from eldercare.web.listen import bind

COMMAND = [sys.executable, "-m", "eldercare"]


def clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("ELDERCARE_")}


def run(folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *words], cwd=folder, env=clean(), capture_output=True, text=True, check=False)


@contextmanager
def serving(folder: Path, *words: str) -> Iterator[str]:
    """Run a command that serves; gives the address it tells, and ends it with Ctrl-C, which it must take well."""
    process = subprocess.Popen([*COMMAND, *words], cwd=folder, env=clean(), stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        told = ""
        for line in process.stderr:
            told += line
            if found := re.search(r"Start page +(\S+)/", line):
                yield found[1]
                break
        else:
            pytest.fail(told)
        process.send_signal(signal.SIGINT)
        process.stderr.read()
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait()
        process.stderr.close()


def ask(address: str, query: str) -> object:
    body = json.dumps({"query": query}).encode()
    with urllib.request.urlopen(f"{address}/tokens.json") as page:
        (token,) = [each["token"] for each in json.load(page)["tokens"] if each["role"] == "PLANNER"]
    headers = {"content-type": "application/json", "authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"{address}/graphql", body, headers)
    with urllib.request.urlopen(request) as response:
        return json.load(response)


def test_a_busy_port_is_told_before_anything_else_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with closing(bind("127.0.0.1", 0)) as taken:
        error = CliRunner().invoke(cli, ["demo", "--port", str(taken.getsockname()[1])]).exception
    assert isinstance(error, Unavailable)
    assert error.code == "PORT_BUSY"
    assert not (tmp_path / "var").exists()


def test_a_registry_with_other_data_is_left_alone(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with Session(sqlite_engine) as session, session.begin():
        writer = Writer(session, author="registrar", source=None)
        values = {"system": "civil affairs", "collection_method": CollectionMethod.ENTRY, "recorded_by": "registrar"}
        writer.create(Source, values)
    settings = Settings(key_file=tmp_path / "keys.json")
    for fresh in (False, True):
        with pytest.raises(Conflict) as caught:
            prepare(sqlite_engine, settings, fresh=fresh, people="sample")
        assert caught.value.code == "NOT_A_DEMONSTRATION"


@pytest.mark.long
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_the_demonstration_is_filled_computed_kept_and_started_over(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    where = [] if kind == "sqlite" else ["--database", request.getfixturevalue("postgres_url")]
    first = run(tmp_path, "demo", "--no-serve", *where)
    assert first.returncode == 0, first.stderr
    for figure in ("34.87 %", "32.88 %"):
        assert figure in first.stdout
    assert "var/keys.json" in first.stderr
    again = run(tmp_path, "demo", "--no-serve", *where)
    assert again.stdout == first.stdout
    assert "filled already" in again.stderr
    fresh = run(tmp_path, "demo", "--no-serve", "--fresh", *where)
    assert fresh.stdout == first.stdout
    assert "complete" in fresh.stderr


@pytest.mark.long
def test_the_demonstration_serves_the_page_the_registry_and_the_study(tmp_path: Path) -> None:
    with serving(tmp_path, "demo", "--port", "0") as address:
        with urllib.request.urlopen(f"{address}/") as page:
            assert b"/static/app.js" in page.read()
        assert ask(address, "{ me { role } }") == {"data": {"me": {"role": "PLANNER"}}}
        assert ask(address, "{ studies(first: 1) { nodes { state } } }") == {
            "data": {"studies": {"nodes": [{"state": "DONE"}]}}
        }
