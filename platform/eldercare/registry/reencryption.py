"""Replacing keys: every protected value is encrypted with the newest one, in steps that can be interrupted and repeated."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, Engine, MetaData, Select, Table, bindparam, func, select, update

from eldercare.kit.errors import EldercareError, Unavailable
from eldercare.security.cipher import KeyRing

STRETCH = 1_000
"""Rows that are written in one transaction."""

Progress = Callable[[str, int, int], None]


class Place(NamedTuple):
    """A column of protected values."""

    table: Table
    column: Column[Any]

    @property
    def name(self) -> str:
        """What ciphertexts are bound to."""
        return f"{self.table.name}.{self.column.name}"


def places(metadata: MetaData) -> Iterator[Place]:
    """Every column that holds ciphertext."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            if column.info.get("secret") and not column.info.get("derived"):
                yield Place(table, column)


def digests(metadata: MetaData) -> Iterator[tuple[Place, Place]]:
    """Every digest of a protected value, with the column of that value: `id_digest` is of `id_number`."""
    for table in metadata.sorted_tables:
        for column in table.columns:
            value = f"{column.name.removesuffix('_digest')}_number"
            if column.name.endswith("_digest") and column.info.get("secret") and value in table.c:
                yield Place(table, table.c[value]), Place(table, column)


def digested(keys: KeyRing, value: Place, sealed: bytes) -> str:
    """The text that a protected number is digested as."""
    return keys.decrypt(value.name, sealed).upper()


def check(engine: Engine, metadata: MetaData, keys: KeyRing) -> None:
    """Return when the keys open what is stored; `Unavailable` (KEY_WRONG) when they are another registry's."""
    with engine.connect().execution_options(readonly=True) as connection:
        for place in places(metadata):
            found = connection.scalar(_sample(place.column))
            if found is not None and not _opens(keys, place, bytes(found)):
                raise wrong(place.name)
        for value, digest in digests(metadata):
            row = connection.execute(_sample(value.column, digest.column)).first()
            if row is not None and not _matches(keys, digested(keys, value, bytes(row[0])), bytes(row[1])):
                raise wrong(digest.name)


def _sample(*columns: Column[Any]) -> Select[Any]:
    """One row in which all of these are filled, of the first ones: a column that nobody fills is not searched through."""
    first = select(*columns).limit(STRETCH).subquery()
    return select(first).where(*[column.is_not(None) for column in first.c]).limit(1)


def wrong(place: str) -> Unavailable:
    """What is told when keys and database do not belong together."""
    return Unavailable(
        "KEY_WRONG",
        f"The key file does not belong to this database: it does not open {place}.",
        remedy="Name the right file in ELDERCARE_KEY_FILE, or restore it from its backup. Nothing was written.",
    )


def reencrypt(engine: Engine, metadata: MetaData, keys: KeyRing, progress: Progress | None = None) -> int:
    """Encrypt with the newest key what is encrypted with an older one, and tell how many values were."""
    done = 0
    for place in places(metadata):
        with engine.connect().execution_options(readonly=True) as connection:
            left = connection.scalar(select(func.count()).select_from(place.table).where(*_old(place, keys))) or 0
        whole, key = left, 0
        while True:
            with engine.begin() as connection:
                key, count = _stretch(connection, place, keys, key)
            if not count:
                break
            done += count
            if progress:
                progress(place.name, min(whole, done), whole)
    return done


def redigest(connection: Connection, metadata: MetaData, keys: KeyRing) -> int:
    """Make the digests of protected values with the next key for digests, all in one transaction; tell how many."""
    done = 0
    for value, digest in digests(metadata):
        rows = connection.execute(select(value.table.c.id, value.column).where(value.column.is_not(None)))
        made = [{"row": row[0], "made": keys.coming_digest(digested(keys, value, bytes(row[1])))} for row in rows]
        if made:
            mine = update(value.table).where(value.table.c.id == bindparam("row"))
            connection.execute(mine.values({digest.column.name: bindparam("made")}), made)
        done += len(made)
    return done


def used(engine: Engine, metadata: MetaData) -> set[int]:
    """The numbers of the keys that stored values need."""
    found: set[int] = set()
    with engine.connect().execution_options(readonly=True) as connection:
        for place in places(metadata):
            first = func.substr(place.column, 1, 1)
            rows = connection.scalars(select(first).where(place.column.is_not(None)).distinct())
            found |= {bytes(each)[0] for each in rows}
    return found


def _stretch(connection: Connection, place: Place, keys: KeyRing, after: int) -> tuple[int, int]:
    """Encrypt the next rows anew: the last key seen, and how many there were."""
    table, column = place
    query = select(table.c.id, column).where(table.c.id > after, *_old(place, keys)).order_by(table.c.id).limit(STRETCH)
    rows = connection.execute(query.with_for_update()).all()
    if not rows:
        return after, 0
    made = [
        {"row": row[0], "old": bytes(row[1]), "made": keys.encrypt(place.name, keys.decrypt(place.name, bytes(row[1])))}
        for row in rows
    ]
    same = (table.c.id == bindparam("row")) & (column == bindparam("old"))
    connection.execute(update(table).where(same).values({column.name: bindparam("made")}), made)
    return rows[-1][0], len(rows)


def _old(place: Place, keys: KeyRing) -> tuple[Any, ...]:
    newest = bytes([len(keys.encryption) - 1])
    return (place.column.is_not(None), func.substr(place.column, 1, 1) != newest)


def _matches(keys: KeyRing, text: str, digest: bytes) -> bool:
    """Whether a digest is made with the present key, or with the one that is being brought in."""
    return digest in (keys.digest(text), keys.coming_digest(text) if keys.coming else b"")


def _opens(keys: KeyRing, place: Place, sealed: bytes) -> bool:
    try:
        keys.decrypt(place.name, sealed)
    except EldercareError:
        return False
    return True
