"""The registry as a city uses it: through the GraphQL API, on both databases."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from asker import Asker
from sqlalchemy import Engine

import factories as make
from demonstrated import Ask, Place, asking, place_in
from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Executor
from eldercare.api.schema import Api, whole_api
from eldercare.kit import clock
from eldercare.kit.db import open_engine
from eldercare.security.cipher import KeyRing


@pytest.fixture(scope="session")
def api() -> Api:
    """The schema."""
    return whole_api()


@pytest.fixture
def tell(api: Api, engine: Engine, database_url: str) -> Iterator[Asker]:
    """Asks and tells an empty registry whose day is 1 June 2026."""
    loop = asyncio.new_event_loop()
    services = {"keys": make.KEYS}
    executor = Executor(api, open_reads(database_url, size=2), engine, today=lambda: make.TODAY, services=services)
    yield Asker(loop, executor)
    loop.run_until_complete(executor.reads.close())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


@pytest.fixture(scope="module")
def city(api: Api, demonstration_url: str, demonstration_engine: Engine) -> Iterator[Asker]:
    """Asks the demonstration registry; nobody writes there."""
    loop = asyncio.new_event_loop()
    executor = Executor(api, open_reads(demonstration_url, size=2), demonstration_engine, today=clock.today)
    yield Asker(loop, executor)
    loop.run_until_complete(executor.reads.close())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


@pytest.fixture(scope="session")
def ask(demonstration_engine: Engine, demonstration_url: str) -> Iterator[Ask]:
    """Asks the demonstration of the four cities, on both databases, for reading only; errors fail the test."""
    yield from asking(demonstration_engine, demonstration_url)


@pytest.fixture(scope="session")
def territory(demonstration_engine: Engine) -> Place:
    """The API's id of the division with these digits, in the demonstration."""
    return place_in(demonstration_engine)


@pytest.fixture(scope="session")
def copy_engine(demonstration_sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine on a copy of the demonstration in which a test may write: what it writes, no other test reads."""
    path = tmp_path_factory.mktemp("copy") / "demonstration.sqlite"
    shutil.copy(Path(demonstration_sqlite_url.removeprefix("sqlite:///")), path)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def act(copy_engine: Engine, demonstration_keys: KeyRing) -> Iterator[Ask]:
    """Asks and changes the copy of the demonstration."""
    yield from asking(copy_engine, copy_engine.url.render_as_string(), keys=demonstration_keys)
