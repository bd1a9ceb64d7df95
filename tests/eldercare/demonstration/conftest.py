"""Questions to the demonstration registry, asked through the GraphQL API."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Executor, Request
from eldercare.api.schema import build_api
from eldercare.registry import Division
from eldercare.registry.division import Level
from eldercare.security.principal import SYSTEM

TODAY = date(2026, 11, 24)
"""The day these tests are asked on, so that an answer without a date of its own stays the same."""

Ask = Callable[..., Any]


@pytest.fixture(scope="session")
def ask(demonstration_engine: Engine, demonstration_url: str) -> Iterator[Ask]:
    """Ask a GraphQL question of the demonstration registry and get its data; errors fail the test."""
    with asyncio.Runner() as runner:
        reads = open_reads(demonstration_url)
        executor = Executor(build_api(), reads, demonstration_engine, today=lambda: TODAY)

        def asked(query: str, **variables: Any) -> Any:
            answer = runner.run(executor.execute(Request(query, variables, viewer=SYSTEM)))
            response = orjson.loads(answer.body)
            assert "errors" not in response, response
            return response["data"]

        yield asked
        runner.run(reads.close())


@pytest.fixture(scope="session")
def territory(demonstration_engine: Engine) -> Callable[[str], str]:
    """The API's id of the division with these digits."""
    levels = {0: Level.NATION, 2: Level.PROVINCE, 4: Level.CITY, 6: Level.COUNTY, 9: Level.TOWN}

    def found(digits: str) -> str:
        query = select(Division.id).where(
            Division.code == digits.ljust(12, "0"), Division.level == levels[len(digits)], Division.valid_to.is_(None)
        )
        with Session(demonstration_engine) as session:
            return f"Division_{session.scalars(query).one()}"

    return found
