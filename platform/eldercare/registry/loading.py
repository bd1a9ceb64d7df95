"""Inserting many rows in constant memory, with keys that follow each other."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Table, func, insert, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eldercare.registry.entity import now
from eldercare.registry.value import stored

BATCH = 5_000


def insert_all(session: Session, table: Any, rows: Iterable[Mapping[str, Any]], *, columns: Sequence[str]) -> range:
    """Insert the rows and return their keys; other writers of this table wait until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        return _copy(session, table, rows, columns=columns)
    first = (session.scalar(select(func.max(table.c.id))) or 0) + 1
    following, recorded = first, now()
    for batch in _batches(rows):
        values = [
            {"id": key, "version": 1, "recorded_at": recorded, **row} for key, row in enumerate(batch, start=following)
        ]
        session.execute(insert(table), values)
        following += len(values)
    return range(first, following)


def _copy(session: Session, table: Table, rows: Iterable[Mapping[str, Any]], *, columns: Sequence[str]) -> range:
    # The lock comes first: nobody can take a key of the sequence between the first row and the last.
    session.execute(text(f"LOCK TABLE {table.name} IN SHARE ROW EXCLUSIVE MODE"))
    sequence = session.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name})
    first: int = session.scalar(text("SELECT nextval(CAST(:sequence AS regclass))"), {"sequence": sequence}) or 1
    following, recorded = first, now()
    json_columns = {name for name in columns if isinstance(table.c[name].type, JSON)}
    names = ", ".join(f'"{name}"' for name in columns)
    driver: Any = session.connection().connection.driver_connection
    # A batch is drafted before its COPY begins: rules look parents up, and a connection in the middle of a COPY cannot answer.
    for batch in _batches(rows):
        copying = f"COPY {table.name} ({names}) FROM STDIN"
        with _worded(copying), driver.cursor() as cursor, cursor.copy(copying) as copy:
            for row in batch:
                values = {"id": following, "version": 1, "recorded_at": recorded, **row}
                copy.write_row([_field(values[name], name in json_columns) for name in columns])
                following += 1
    used = max(following - 1, first)
    session.execute(text("SELECT setval(CAST(:sequence AS regclass), :last)"), {"sequence": sequence, "last": used})
    return range(first, following)


@contextmanager
def _worded(statement: str) -> Iterator[None]:
    """What a constraint refuses in a COPY is the same error as in an INSERT, though SQLAlchemy does not see it."""
    try:
        yield
    except Exception as error:
        if not str(getattr(error, "sqlstate", "")).startswith("23"):
            raise
        raise IntegrityError(statement, None, error, hide_parameters=True) from error


def _field(value: Any, as_json: bool) -> Any:
    if as_json and value is not None:
        return json.dumps(value, ensure_ascii=False)
    return stored(value)


def _batches(rows: Iterable[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch
