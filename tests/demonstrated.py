"""Questions to the demonstration registry, asked through the GraphQL API."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import orjson
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Executor, Request
from eldercare.api.schema import whole_api
from eldercare.registry import Division
from eldercare.registry.division import Level
from eldercare.security.principal import SYSTEM

TODAY = date(2026, 11, 24)
"""The day these tests are asked on, so that an answer without a date of its own stays the same."""

LEVELS = {0: Level.NATION, 2: Level.PROVINCE, 4: Level.CITY, 6: Level.COUNTY, 9: Level.TOWN}

Ask = Callable[..., Any]
Place = Callable[[str], str]


def asking(engine: Engine, url: str, **services: Any) -> Iterator[Ask]:
    """Ask a GraphQL question of a registry and get its data; errors fail the test."""
    with asyncio.Runner() as runner:
        reads = open_reads(url)
        executor = Executor(whole_api(), reads, engine, today=lambda: TODAY, services=services)

        def asked(query: str, **variables: Any) -> Any:
            answer = runner.run(executor.execute(Request(query, variables, viewer=SYSTEM)))
            response = orjson.loads(answer.body)
            assert "errors" not in response, response
            return response["data"]

        yield asked
        runner.run(reads.close())


def place_in(engine: Engine) -> Place:
    """Gives the API's id of the division with some digits."""

    def found(digits: str) -> str:
        query = select(Division.id).where(
            Division.code == digits.ljust(12, "0"), Division.level == LEVELS[len(digits)], Division.valid_to.is_(None)
        )
        with Session(engine) as session:
            return f"Division_{session.scalars(query).one()}"

    return found
