"""Running plans: asyncpg on a stack of held read-only connections, or sqlite3; the answer comes back as bytes."""

import asyncio
import collections
import contextlib
import importlib
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol
from urllib.parse import quote

from sqlalchemy.engine import URL, make_url

from eldercare.api.compiler.plan import Plan
from eldercare.api.compiler.sql import NotCompilable
from eldercare.kit.errors import Refused, Unavailable

QUICK = 0.002
"""Seconds; a SQLite statement that was faster runs on the event loop, where it costs less than a change of threads."""
STATEMENTS = 512
"""Prepared statements kept by each connection."""


class Reads(Protocol):
    """A database that plans can be run on."""

    driver: str

    async def fetch(self, plan: Plan, values: Any) -> bytes:
        """The JSON text that a plan answers with."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


class PostgresReads:
    """Plans on PostgreSQL. The connection used last is used next: its statements are prepared and its cache is warm."""

    driver = "asyncpg"

    def __init__(self, url: str, *, size: int = 10, timeout: float = 30) -> None:
        self._url, self._size, self._timeout = make_url(url), size, timeout
        self._free: list[Any] = []
        self._open = 0
        self._waiting: collections.deque[asyncio.Future[Any]] = collections.deque()

    async def fetch(self, plan: Plan, values: Any) -> bytes:
        """The JSON text that a plan answers with."""
        while True:
            connection = self._free.pop() if self._free else await self._take()
            if connection.is_closed():
                self._give(connection)
                continue
            try:
                return await connection.fetchval(plan.sql, *values)  # type: ignore[no-any-return]
            except Exception as error:
                raise told(error) from error
            finally:
                self._give(connection)

    async def close(self) -> None:
        """Close every connection that is not in use."""
        while self._free:
            self._open -= 1
            with contextlib.suppress(OSError):  # the server may have gone before
                await self._free.pop().close()

    async def _take(self) -> Any:
        if self._open < self._size:
            self._open += 1
            try:
                return await connect(self._url, self._timeout)
            except BaseException:
                self._open -= 1
                raise
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            return await waiting or await self._take()
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():
                self._give(waiting.result())
            raise

    def _give(self, connection: Any) -> None:
        if connection is None or connection.is_closed():
            self._open -= connection is not None
            connection = None
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(connection)
                return
        if connection is not None:
            self._free.append(connection)


async def connect(url: URL, timeout: float) -> Any:
    """A read-only asyncpg connection that gives JSON as bytes."""
    asyncpg: Any = importlib.import_module("asyncpg")

    settings = {
        "default_transaction_read_only": "on",
        "timezone": "UTC",
        "jit": "off",
        "application_name": "eldercare reads",
        "statement_timeout": str(int(timeout * 1000)),
    }
    try:
        opened = await asyncpg.connect(
            host=url.query.get("host") or url.host,
            port=url.port,
            user=url.username,
            password=url.password,
            database=url.database,
            statement_cache_size=STATEMENTS,
            max_cacheable_statement_size=0,
            server_settings=settings,
        )
    except (OSError, asyncpg.PostgresError) as error:
        raise Unavailable(
            "DATABASE_UNAVAILABLE",
            "The database does not answer.",
            remedy="Check that it runs and that its address is right.",
        ) from error
    await opened.set_type_codec("json", schema="pg_catalog", encoder=bytes, decoder=bytes, format="binary")
    return opened


class SqliteReads:
    """Plans on SQLite: quick ones on the event loop's own connection, others on threads with a connection each."""

    driver = "sqlite"

    def __init__(self, path: str, *, threads: int = 2, timeout: float = 30) -> None:
        self._path, self._timeout = path, timeout
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="reads")
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._own: sqlite3.Connection | None = None

    async def fetch(self, plan: Plan, values: Any) -> bytes:
        """The JSON text that a plan answers with."""
        if plan.cost < QUICK:
            if self._own is None:
                self._own = self._connect()
            return self._run(self._own, plan, values)
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run_here, plan, values)

    async def close(self) -> None:
        """Stop the threads and close every connection."""
        self._threads.shutdown()
        for connection in self._opened:
            with contextlib.suppress(sqlite3.Error):
                connection.close()
        self._opened.clear()
        self._own = None

    def _run_here(self, plan: Plan, values: Any) -> bytes:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
        return self._run(connection, plan, values)

    def _run(self, connection: sqlite3.Connection, plan: Plan, values: Any) -> bytes:
        began = time.perf_counter()
        limit = began + self._timeout
        connection.set_progress_handler(lambda: time.perf_counter() > limit, 100_000)
        try:
            found: bytes = connection.execute(plan.sql, values).fetchone()[0]
        except sqlite3.Error as error:
            raise told(error) from error
        plan.cost = time.perf_counter() - began
        return found

    def _connect(self) -> sqlite3.Connection:
        opened = sqlite3.connect(
            f"file:{quote(self._path)}?mode=ro",
            uri=True,
            check_same_thread=False,
            cached_statements=STATEMENTS,
            isolation_level=None,
        )
        opened.text_factory = bytes
        for pragma in ("query_only=1", "mmap_size=1000000000", "cache_size=-100000", "busy_timeout=30000"):
            opened.execute(f"pragma {pragma}")
        with self._lock:
            self._opened.append(opened)
        return opened


COMPLEX = (
    "parser stack overflow",
    "Expression tree is too large",
    "too many arguments on function",
    "stack depth limit exceeded",
    "target lists can have at most",
)
"""How the databases say that a statement is too large for them."""


def told(error: Exception) -> Exception:
    """A database's error as what it means to the one who asked: too complex, too slow, or gone; else the error itself."""
    text, kind = str(error), type(error).__name__
    if any(sign in text for sign in COMPLEX):
        return NotCompilable(text)
    if text == "interrupted" or kind == "QueryCanceledError":
        return Refused("TOO_SLOW", "The answer took too long.", remedy="Ask for less, or filter more narrowly.")
    if isinstance(error, OSError) or kind in ("ConnectionDoesNotExistError", "InterfaceError", "AdminShutdownError"):
        return Unavailable(
            "DATABASE_UNAVAILABLE", "The database does not answer.", remedy="Try again; check that it runs."
        )
    return error


def open_reads(url: str, *, size: int = 10, timeout: float = 30) -> Reads:
    """The database at a SQLAlchemy address, for plans."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteReads(parsed.database or ":memory:", timeout=timeout)
    return PostgresReads(url, size=size, timeout=timeout)
