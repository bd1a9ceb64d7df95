"""A planted registry on both databases, and executors over it."""

import asyncio
import shutil
import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
import scopes
from asker import Asker
from planted import TODAY, plant
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import factories as make
from eldercare.api.compiler import plan
from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Executor
from eldercare.api.schema import Api, whole_api
from eldercare.kit.db import open_engine
from once import once
from pgtemp import address


@pytest.fixture(scope="session")
def api() -> Api:
    """The schema."""
    return whole_api()


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty registry that the tests of a module share."""
    template = request.getfixturevalue(f"{request.param}_template")
    yield from _copy(template, request, tmp_path_factory)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def planted_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a registry with a few random rows of every noun, which the tests of a module share."""
    template = request.getfixturevalue(f"planted_{request.param}")
    yield from _copy(template, request, tmp_path_factory)


def _copy(
    template: Path | str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    if isinstance(template, Path):
        path = tmp_path_factory.mktemp("planted") / "eldercare.sqlite"
        shutil.copy(template, path)
        yield f"sqlite:///{path}"
        return
    server, name = request.getfixturevalue("postgres_server"), f"planted_{uuid.uuid4().hex}"
    administer(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    yield address(server, name)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def planted_sqlite(run_folder: Path, sqlite_template: Path) -> Path:
    """A planted SQLite registry to copy, made once in a run: planting takes seconds."""
    path = run_folder / "planted.sqlite"
    with once(run_folder, "planted-sqlite") as first:
        if first:
            shutil.copy(sqlite_template, path)
            fill(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def planted_postgres(run_folder: Path, postgres_server: str, postgres_template: str) -> str:
    """The name of a planted PostgreSQL registry to copy."""
    with once(run_folder, "planted-postgres") as first:
        if first:
            administer(postgres_server, f"CREATE DATABASE template_planted TEMPLATE {postgres_template}")
            fill(address(postgres_server, "template_planted"))
    return "template_planted"


@pytest.fixture(scope="module")
def empty_engine(empty_url: str) -> Iterator[Engine]:
    """An engine on the registry that the tests of a module share."""
    engine = open_engine(empty_url)
    yield engine
    engine.dispose()


def administer(server: str, statement: str) -> None:
    """Run a statement about databases, which PostgreSQL allows only outside a transaction."""
    with psycopg.connect(host=server, user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(statement)


def fill(url: str) -> None:
    """Plant a registry."""
    engine = open_engine(url)
    with Session(engine) as session:
        plant(session)
    engine.dispose()


@pytest.fixture(scope="module")
def planted_engine(planted_url: str) -> Iterator[Engine]:
    """An engine on the planted registry."""
    engine = open_engine(planted_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def asking(api: Api) -> Iterator[Callable[..., Asker]]:
    """Makes askers for registries."""
    loop = asyncio.new_event_loop()
    made: list[Executor] = []

    def make(url: str, engine: Engine, *, today: date = TODAY, **options: Any) -> Asker:
        executor = Executor(api, open_reads(url, size=3), engine, today=lambda: today, **options)
        made.append(executor)
        return Asker(loop, executor)

    yield make
    for executor in made:
        loop.run_until_complete(executor.reads.close())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


@pytest.fixture(scope="module")
def ask(asking: Callable[..., Asker], planted_url: str, planted_engine: Engine) -> Asker:
    """Asks the planted registry."""
    return asking(planted_url, planted_engine)


@pytest.fixture
def tell(api: Api, engine: Engine, database_url: str) -> Iterator[Asker]:
    """Asks and tells an empty registry of the test's own, whose day is 1 June 2026."""
    loop = asyncio.new_event_loop()
    services = {"keys": make.KEYS}
    executor = Executor(api, open_reads(database_url, size=2), engine, today=lambda: make.TODAY, services=services)
    yield Asker(loop, executor)
    loop.run_until_complete(executor.reads.close())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


@pytest.fixture
def own_rows(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No statement that is written meanwhile names a row anew that one around it means."""
    lost: dict[str, set[str]] = {}

    def compiled(*given: Any) -> plan.Plan:
        found = original(*given)
        if rows := scopes.lost(found.sql):
            lost[found.sql] = rows
        return found

    original = plan.compiled
    monkeypatch.setattr(plan, "compiled", compiled)
    yield
    assert lost == {}
