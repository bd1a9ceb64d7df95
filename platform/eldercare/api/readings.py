"""Who read whose data: told on the audit trail before the answer leaves, many readings in one commit."""

import asyncio
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from eldercare.kit.errors import Unavailable
from eldercare.registry.audit import Action, Entry, Through, write
from eldercare.security.principal import Principal

MOST = 200
"""Readings that share one commit."""


class Readings:
    """Writes readings down. While one commit is under way the next readings gather, and all of them share the next one.

    Each waits until it is committed: nothing is answered that the trail does not tell of.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="readings")
        self._waiting: list[tuple[Entry, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def tell(self, viewer: Principal, people: Iterable[int], through: Through, request_id: str = "") -> None:
        """Tell that somebody read these people's data; `Unavailable` (AUDIT_UNAVAILABLE) when it cannot be told."""
        entry = reading(viewer, people, through, request_id)
        told = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, told))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        await asyncio.shield(told)

    def close(self) -> None:
        """Finish what is being written."""
        self._thread.shutdown()

    async def _write_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            part, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            try:
                await loop.run_in_executor(self._thread, self._write, [entry for entry, _ in part])
            except SQLAlchemyError:
                for _, told in part:
                    if not told.done():
                        told.set_exception(unavailable())
            else:
                for _, told in part:
                    if not told.done():
                        told.set_result(None)

    def _write(self, entries: list[Entry]) -> None:
        with self._engine.begin() as connection:
            write(connection, entries)


def reading(viewer: Principal, people: Iterable[int], through: Through, request_id: str = "") -> Entry:
    """A reading before it has its place in the trail."""
    named = through._replace(operation=through.operation[:120])
    return Entry(
        viewer.id[:120],
        viewer.role.value,
        Action.READ,
        "person",
        people=sorted(people),
        through=named,
        request_id=request_id or None,
    )


def unavailable() -> Unavailable:
    """What is answered instead of people's data when the trail cannot be written."""
    return Unavailable(
        "AUDIT_UNAVAILABLE",
        "Nobody's data is shown while it cannot be written down who read it.",
        remedy="Try again; tell the operator if it stays.",
    )
