"""Engines, the declarative base and what each database needs to behave the same."""

import sqlite3
from typing import Any

from sqlalchemy import BigInteger, Engine, Integer, MetaData, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import DeclarativeBase

from eldercare.kit.errors import InvalidInput
from eldercare.kit.work import count_statement

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Key = BigInteger().with_variant(Integer, "sqlite")
"""Type of primary and foreign keys: 64 bits on PostgreSQL, the rowid on SQLite."""


class Base(DeclarativeBase):
    """All mapped classes; constraints get names, so that migrations can change them on both databases."""

    metadata = MetaData(naming_convention=NAMING)


def open_engine(url: str, *, pool_size: int = 10) -> Engine:
    """An engine for a SQLite or PostgreSQL address; anything else is `InvalidInput` (DATABASE_URL)."""
    try:
        backend = make_url(url).get_backend_name()
    except ArgumentError:
        backend = ""
    if backend == "sqlite":
        engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif backend == "postgresql":
        engine = create_engine(url, pool_size=pool_size, max_overflow=0, pool_pre_ping=True, hide_parameters=True)
    else:
        raise _unknown(backend)
    event.listen(engine, "before_cursor_execute", lambda *_: count_statement())
    return engine


def _unknown(backend: str) -> InvalidInput:
    return InvalidInput(
        "DATABASE_URL",
        f"This is not the address of a SQLite or PostgreSQL database: {backend or 'unreadable'}.",
        remedy="Use sqlite:///path/to/file.sqlite or postgresql+psycopg://user@host/database.",
    )


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """Foreign keys on, write-ahead log, and transactions begun by us: the driver's own would begin too late."""
    connection.isolation_level = None
    for pragma in ("foreign_keys=on", "journal_mode=wal", "synchronous=normal", "busy_timeout=30000"):
        connection.execute(f"pragma {pragma}")


def _begin_sqlite(connection: Any) -> None:
    """Take the write lock at once: a reader that becomes a writer half-way would otherwise fail with 'locked'."""
    readonly = connection.get_execution_options().get("readonly", False)
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")
