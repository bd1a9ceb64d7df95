"""A PostgreSQL database for one test after another: emptied between them, which takes a fraction of making it anew."""

import contextlib
from collections.abc import Iterator

import psycopg
from psycopg import sql

from pgtemp import address

TESTS = 50
"""After so many tests a database is made anew: what was deleted still lies in its files and would slow it down."""

# Statements about tables leave their marks in the catalogues: another number of rows, or a row of a newer transaction.
SHAPE = " UNION ALL ".join(
    f"SELECT concat(count(*), ' ', max(xmin::text::bigint)) FROM {catalogue}"
    for catalogue in ("pg_class", "pg_attribute", "pg_constraint", "pg_trigger")
)
FILLED = """SELECT relname FROM pg_class
  WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0"""
OTHERS = "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
COUNTERS = "SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"


class Emptied:
    """The databases of one worker: made from a template, emptied after a test, made anew when one cannot be."""

    def __init__(self, server: str, template: str, name: str) -> None:
        self.server, self.template, self.name = server, template, name
        self.left = 0
        self.shape = ""
        self.seeds: dict[str, str] = {}

    def url(self) -> Iterator[str]:
        """The address of an empty database, for one test."""
        if self.left == 0:
            self._make()
        yield address(self.server, self.name)
        self.left -= 1
        with contextlib.suppress(psycopg.Error):
            if self._empty():
                return
        self.left = 0

    def drop(self) -> None:
        """Remove the database."""
        self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)")

    def _make(self) -> None:
        self.drop()
        self._administer("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        with self._open() as connection:
            self.shape = _told(connection, SHAPE)
            self.seeds = {table: _content(connection, table) for table in _filled(connection)}
        self.left = TESTS

    def _empty(self) -> bool:
        """Delete the test's rows; tells whether the database is as it was made."""
        with self._open() as connection:
            connection.execute(OTHERS)
            if _told(connection, SHAPE) != self.shape:
                return False
            connection.execute("SET session_replication_role = replica")
            for table in _filled(connection):
                if table not in self.seeds:
                    connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            connection.execute(COUNTERS)
            return all(_content(connection, table) == told for table, told in self.seeds.items())

    def _open(self) -> psycopg.Connection[tuple[object, ...]]:
        options = "-c lock_timeout=2000"
        return psycopg.connect(host=self.server, user="postgres", dbname=self.name, autocommit=True, options=options)

    def _administer(self, statement: str) -> None:
        names = [sql.Identifier(each) for each in (self.name, self.template)][: statement.count("{}")]
        with psycopg.connect(host=self.server, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*names))


def _told(connection: psycopg.Connection[tuple[object, ...]], query: str) -> str:
    return str(connection.execute(query.encode()).fetchall())


def _filled(connection: psycopg.Connection[tuple[object, ...]]) -> list[str]:
    return [str(row[0]) for row in connection.execute(FILLED)]


def _content(connection: psycopg.Connection[tuple[object, ...]], table: str) -> str:
    rows = sql.SQL("SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} AS t").format(sql.Identifier(table))
    row = connection.execute(rows).fetchone()
    return str(row and row[0])
