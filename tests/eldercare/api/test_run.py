"""Running plans: connections that fail, statements that are too slow or too large, and many at once."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from asker import Asker
from planted import TODAY
from sqlalchemy import Engine

from eldercare.api.compiler.plan import Plan
from eldercare.api.compiler.run import PostgresReads, SqliteReads, open_reads
from eldercare.api.execute import Executor, Request
from eldercare.api.schema import Api
from eldercare.kit.errors import Refused, Unavailable
from eldercare.security.principal import SYSTEM

SLOW = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "asyncpg": "SELECT pg_sleep(20)",
}
NESTED = "{ divisions { nodes " + "{ children(first: 2) { nodes " * 4 + "{ name }" + " } }" * 4 + " } }"


def plan(sql: str, driver: str) -> Plan:
    """A plan of a statement without parameters."""
    return Plan(sql, (), {}, {}, driver)


def test_a_statement_that_is_too_slow_is_stopped_and_told(ask: Asker, planted_url: str) -> None:
    async def run() -> None:
        reads = open_reads(planted_url, timeout=0.2)
        try:
            with pytest.raises(Refused, match="TOO_SLOW"):
                await reads.fetch(plan(SLOW[reads.driver], reads.driver), [] if reads.driver == "asyncpg" else {})
        finally:
            await reads.close()

    ask.loop.run_until_complete(run())


def test_what_the_database_cannot_parse_is_answered_ordinarily(ask: Asker) -> None:
    answer = ask.answer(NESTED)
    assert answer.exit in ("straight", "ordinary")
    assert b'"errors"' not in answer.body
    assert ask.answer(NESTED).body == answer.body


def test_a_connection_that_was_cut_is_replaced(ask: Asker, planted_url: str) -> None:
    if planted_url.startswith("sqlite"):
        return

    async def run() -> bytes:
        reads = PostgresReads(planted_url, size=1)
        try:
            assert await reads.fetch(plan("SELECT '1'::json", "asyncpg"), []) == b"1"
            with pytest.raises(Unavailable):
                await reads.fetch(plan("SELECT pg_terminate_backend(pg_backend_pid())", "asyncpg"), [])
            return await reads.fetch(plan("SELECT '2'::json", "asyncpg"), [])
        finally:
            await reads.close()

    assert ask.loop.run_until_complete(run()) == b"2"


def test_nobody_listens(ask: Asker) -> None:
    reads = PostgresReads("postgresql+psycopg://postgres@127.0.0.1:1/none")
    with pytest.raises(Unavailable, match="DATABASE_UNAVAILABLE"):
        ask.loop.run_until_complete(reads.fetch(plan("SELECT 1", "asyncpg"), []))


def test_reads_cannot_write(ask: Asker) -> None:
    executor = ask.executor
    statement = "DELETE FROM stay RETURNING 'x'"
    with pytest.raises(Exception, match=r"readonly|read-only"):
        ask.loop.run_until_complete(
            executor.reads.fetch(
                plan(statement, executor.reads.driver), [] if executor.reads.driver == "asyncpg" else {}
            )
        )


def test_more_requests_than_connections_wait_for_each_other(
    ask: Asker, api: Api, planted_url: str, planted_engine: Engine
) -> None:
    async def run() -> list[bytes]:
        executor = Executor(api, open_reads(planted_url, size=2), planted_engine, today=lambda: TODAY)
        query = Request("{ facilities { totalCount nodes { name residents } } }", viewer=SYSTEM)
        try:
            return [answer.body for answer in await asyncio.gather(*(executor.execute(query) for _ in range(20)))]
        finally:
            await executor.reads.close()

    bodies = ask.loop.run_until_complete(run())
    assert len(set(bodies)) == 1
    assert b'"errors"' not in bodies[0]


def test_a_request_that_was_given_up_gives_its_connection_back(ask: Asker, planted_url: str) -> None:
    async def run() -> Any:
        reads = open_reads(planted_url, size=1, timeout=2)
        empty: Any = [] if reads.driver == "asyncpg" else {}
        one = "SELECT '1'::json" if reads.driver == "asyncpg" else "SELECT '1'"
        slow = "SELECT pg_sleep(0.5)" if reads.driver == "asyncpg" else one
        try:
            first = asyncio.ensure_future(reads.fetch(plan(slow, reads.driver), empty))
            second = asyncio.ensure_future(reads.fetch(plan(one, reads.driver), empty))
            await asyncio.sleep(0.05)
            second.cancel()
            first.cancel()
            await asyncio.gather(first, second, return_exceptions=True)
            return await asyncio.wait_for(reads.fetch(plan(one, reads.driver), empty), 5)
        finally:
            await reads.close()

    assert ask.loop.run_until_complete(run()) == b"1"


def test_any_file_name_serves_for_sqlite(ask: Asker, tmp_path: Path) -> None:
    path = tmp_path / "a b#c?d%20.sqlite"
    sqlite3.connect(path).close()
    reads = SqliteReads(str(path))
    found = ask.loop.run_until_complete(reads.fetch(plan("SELECT 'x'", "sqlite"), {}))
    ask.loop.run_until_complete(reads.close())
    assert found == b"x"
