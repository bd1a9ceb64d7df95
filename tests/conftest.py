"""What every test may ask for: migrated databases of both kinds, each test its own, and a session on one."""

import contextlib
import importlib
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import structlog
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from eldercare.kit.db import Base, open_engine
from eldercare.security.cipher import KeyRing
from emptied import Emptied
from once import once, shared
from pgtemp import address, temporary_postgres

BOTH = ["sqlite", "postgres"]
SERVER = pytest.StashKey[tuple[contextlib.ExitStack, str]]()


# One server for the whole run: with xdist the controller starts it and tells the workers where it is.


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a starting worker where the server is; the first one makes the controller start it."""
    node.workerinput["postgres"] = _server(node.config)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server, if this process started one."""
    if found := config.stash.get(SERVER, None):
        found[0].close()


def _server(config: pytest.Config) -> str:
    """The socket folder of the run's server, started at the first call."""
    if hasattr(config, "workerinput"):
        return str(config.workerinput["postgres"])
    if SERVER not in config.stash:
        stack = contextlib.ExitStack()
        config.stash[SERVER] = (stack, stack.enter_context(temporary_postgres()))
    return config.stash[SERVER][1]


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> str:
    """The folder of the PostgreSQL server's socket (see `pgtemp.address`)."""
    return _server(request.config)


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder that all workers of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if hasattr(request.config, "workerinput") else base


# Templates: migrated once in a run, then copied as files, which takes milliseconds.


def migrate(url: str, fill: Callable[[Engine], Any] | None = None) -> None:
    """Bring an empty database to the newest schema by its migrations, and perhaps put something in."""
    engine = open_engine(url)
    try:
        upgrade(engine)
        if fill:
            fill(engine)
    finally:
        engine.dispose()


def upgrade(engine: Engine) -> None:
    """Run the migrations with the tables of every room."""
    for room in ("eldercare.registry", "eldercare.jobs", "eldercare.planning.study"):
        importlib.import_module(room)
    importlib.import_module("eldercare.registry.migrate").upgrade(engine, Base.metadata)


@pytest.fixture(scope="session")
def sqlite_template(run_folder: Path) -> Path:
    """A migrated SQLite file to copy."""
    path = run_folder / "template.sqlite"
    with once(run_folder, "sqlite") as first:
        if first:
            migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(run_folder: Path, postgres_server: str) -> str:
    """The name of a migrated PostgreSQL database to copy."""
    with once(run_folder, "postgres") as first:
        if first:
            administer(postgres_server, "CREATE DATABASE template_eldercare")
            migrate(address(postgres_server, "template_eldercare"))
    return "template_eldercare"


def administer(server: str, statement: str) -> None:
    """Run a statement about databases, which PostgreSQL allows only outside a transaction."""
    with psycopg.connect(host=server, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement)


# What tests ask for.


@pytest.fixture(scope="session")
def engines() -> Iterator[dict[str, Engine]]:
    """The engines of this worker by address. A database is new in each test, its address and engine are not:

    an engine keeps the statements it has compiled, and compiling them is most of the work of a small test.
    """
    opened: dict[str, Engine] = {}
    yield opened
    for each in opened.values():
        each.dispose()


@pytest.fixture
def sqlite_url(sqlite_template: Path, run_folder: Path, worker: str) -> str:
    """The address of an empty, migrated SQLite database of this test's own."""
    path = run_folder / f"test-{worker}.sqlite"
    # a new file, not new content: a connection of the last test that is closed late would write into this one
    for rest in ("", "-wal", "-shm"):
        path.with_name(path.name + rest).unlink(missing_ok=True)
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """The name of the process that runs this test."""
    found = getattr(request.config, "workerinput", {})
    return str(found.get("workerid", "only"))


@pytest.fixture(scope="session")
def emptied(postgres_template: str, postgres_server: str, worker: str) -> Iterator[Emptied]:
    """The PostgreSQL database that this worker's tests have one after another."""
    database = Emptied(postgres_server, postgres_template, f"test_{worker}")
    yield database
    database.drop()


@pytest.fixture
def postgres_url(emptied: Emptied) -> Iterator[str]:
    """The address of an empty, migrated PostgreSQL database of this test's own."""
    yield from emptied.url()


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of an empty, migrated database: the test runs once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def sqlite_engine(sqlite_url: str, engines: dict[str, Engine]) -> Iterator[Engine]:
    """An engine on an empty, migrated SQLite database."""
    yield from _kept(sqlite_url, engines)


@pytest.fixture
def postgres_engine(postgres_url: str, engines: dict[str, Engine]) -> Iterator[Engine]:
    """An engine on an empty, migrated PostgreSQL database."""
    yield from _kept(postgres_url, engines)


@pytest.fixture
def engine(database_url: str, engines: dict[str, Engine]) -> Iterator[Engine]:
    """An engine on an empty, migrated database: the test runs once on SQLite and once on PostgreSQL."""
    yield from _kept(database_url, engines)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on `engine`; nothing of it is committed unless the test does."""
    with Session(engine) as opened:
        yield opened


@pytest.fixture
def log_kept() -> Iterator[None]:
    """Whatever the test does to the log, afterwards it is as it was before."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, log_kept: None) -> None:
    """For commands run in this process: a folder of their own with nothing set, and afterwards the log as it was before."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("ELDERCARE_"):
            monkeypatch.delenv(name)


# The demonstration registry, filled once in a run; tests only read it.


@pytest.fixture(scope="session")
def demonstration_keys(run_folder: Path) -> KeyRing:
    """The keys that the demonstration registries were filled with."""
    with once(run_folder, "keys"):
        return KeyRing.create(run_folder / "keys.json")


@pytest.fixture(scope="session")
def demonstrations(
    run_folder: Path, sqlite_template: Path, postgres_server: str, postgres_template: str, demonstration_keys: KeyRing
) -> dict[str, Callable[[], None]]:
    """What fills the demonstration registry of each database, in half a minute."""

    def on_sqlite() -> None:
        shutil.copy(sqlite_template, run_folder / "demonstration.sqlite")
        fill(f"sqlite:///{run_folder / 'demonstration.sqlite'}", demonstration_keys)

    def on_postgres() -> None:
        administer(postgres_server, f"CREATE DATABASE demonstration TEMPLATE {postgres_template} STRATEGY file_copy")
        fill(address(postgres_server, "demonstration"), demonstration_keys)

    return {"demonstration-sqlite": on_sqlite, "demonstration-postgres": on_postgres}


@pytest.fixture(scope="session")
def demonstration_sqlite_url(run_folder: Path, demonstrations: dict[str, Callable[[], None]]) -> str:
    """The address of the demonstration registry on SQLite."""
    shared(run_folder, demonstrations, "demonstration-sqlite")
    return f"sqlite:///{run_folder / 'demonstration.sqlite'}"


@pytest.fixture(scope="session")
def demonstration_postgres_url(
    run_folder: Path, postgres_server: str, demonstrations: dict[str, Callable[[], None]]
) -> str:
    """The address of the demonstration registry on PostgreSQL."""
    shared(run_folder, demonstrations, "demonstration-postgres")
    return address(postgres_server, "demonstration")


@pytest.fixture(scope="session", params=BOTH)
def demonstration_url(request: pytest.FixtureRequest) -> str:
    """The address of the demonstration registry, once on SQLite and once on PostgreSQL."""
    return str(request.getfixturevalue(f"demonstration_{request.param}_url"))


@pytest.fixture(scope="session")
def demonstration_engine(demonstration_url: str) -> Iterator[Engine]:
    """An engine on the demonstration registry, once on SQLite and once on PostgreSQL; for reading only."""
    yield from _engine(demonstration_url)


def fill(url: str, keys: KeyRing) -> None:
    """Put the demonstration in."""
    engine = open_engine(url)
    try:
        importlib.import_module("eldercare.demonstration").fill(engine, keys=keys)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
    finally:
        engine.dispose()


def _kept(url: str, engines: dict[str, Engine]) -> Iterator[Engine]:
    if url not in engines:
        engines[url] = open_engine(url)
    yield engines[url]
    engines[url].dispose()


def _engine(url: str) -> Iterator[Engine]:
    opened = open_engine(url)
    yield opened
    opened.dispose()
