"""The registry as a city uses it: through the GraphQL API, on both databases."""

import asyncio
from collections.abc import Iterator

import pytest
from asker import Asker
from sqlalchemy import Engine

import factories as make
from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Executor
from eldercare.api.schema import Api, build_api
from eldercare.kit import clock


@pytest.fixture(scope="session")
def api() -> Api:
    """The schema."""
    return build_api()


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
