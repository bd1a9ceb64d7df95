"""The commands of imports: begin one or find it again, tie a person to a record of a system, and settle rows."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import select

from eldercare.kit.errors import Conflict
from eldercare.registry.change import Writer
from eldercare.registry.division import Division
from eldercare.registry.entity import table_of
from eldercare.registry.import_batch import ImportBatch, ImportRow, ImportStatus, RowOutcome, SourceLink
from eldercare.registry.source import CollectionMethod, Source

COUNTERS = {
    RowOutcome.CREATED: "created",
    RowOutcome.LINKED: "linked",
    RowOutcome.UPDATED: "updated",
    RowOutcome.UNCHANGED: "unchanged",
    RowOutcome.CONFLICT: "conflicts",
    RowOutcome.REFUSED: "refused",
}
"""Where a batch counts each outcome."""

OPEN = (RowOutcome.CONFLICT, RowOutcome.REFUSED)
"""Outcomes of rows that somebody must look at, and that are tried again when it is asked for."""


class Settled(NamedTuple):
    """What came of a row: its outcome, the person, the fields it is about, and why it was not taken as it was."""

    number: int
    outcome: RowOutcome
    source_record: str | None = None
    person_id: int | None = None
    fields: tuple[str, ...] = ()
    code: str | None = None
    message: str | None = None
    remedy: str | None = None
    reports: int = 0


def begin_import(
    writer: Writer,
    *,
    system: str,
    document: str,
    sha256: str,
    fingerprint: str,
    feed: str,
    row_count: int,
    division_id: int | None = None,
    method: CollectionMethod = CollectionMethod.IMPORT,
) -> ImportBatch:
    """The import of a fingerprint: the one that was begun before, or a new one with a source of its own."""
    found = _of(writer, fingerprint)
    if found is not None:
        return found
    reporting = None if division_id is None else writer.find(Division, division_id).code
    origin = {"system": system, "document": document, "document_date": writer.today, "collection_method": method}
    more = {"reported_by": reporting, "import_batch": fingerprint, "recorded_by": writer.author}
    about = {"feed": feed, "row_count": row_count, "division_id": division_id, "sha256": sha256}
    who = {"imported_by": writer.author, "imported_on": writer.today, "fingerprint": fingerprint}
    try:
        with writer.session.begin_nested():
            source = writer.create(Source, origin | more)
            values = {"system": system, "document": document, "source_id": source.id}
            return writer.create(ImportBatch, {**values, **about, **who})
    except Conflict:
        begun = _of(writer, fingerprint)  # somebody else began the same one in the meantime
        if begun is None:
            raise
        return begun


def reopen_import(writer: Writer, batch_id: int) -> list[ImportRow]:
    """The rows of an import that somebody must look at, to be tried again; those about people who have left are left out."""
    writer.locked(ImportBatch, batch_id)
    query = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.outcome.in_(OPEN))
    found = writer.session.scalars(query.order_by(ImportRow.number)).all()
    return [row for row in found if writer.scope.sees(table_of(ImportRow), row.id)]


def link_person(writer: Writer, batch: ImportBatch, person_id: int, source_record: str | None) -> bool:
    """Tie a person to a record of the batch's system, or note that it was seen again; whether the tie is new."""
    found = link_of(writer, batch.system, source_record, person_id)
    seen = {"last_seen_on": max(writer.today, batch.imported_on), "last_batch_id": batch.id}
    if found is None:
        first = {"first_seen_on": seen["last_seen_on"], "first_batch_id": batch.id}
        values = {"person_id": person_id, "system": batch.system, "source_record": source_record}
        writer.create(SourceLink, {**values, **first, **seen})
        return True
    if found.last_batch_id != batch.id:
        again = max(found.last_seen_on, writer.today)
        writer.correct(SourceLink, found.id, {**seen, "last_seen_on": again, "source_id": found.source_id})
    return False


def link_of(writer: Writer, system: str, source_record: str | None, person_id: int | None = None) -> SourceLink | None:
    """The tie of a record of a system; of a system that numbers no records, that of a person."""
    query = select(SourceLink).where(SourceLink.system == system)
    if source_record is not None:
        query = query.where(SourceLink.source_record == source_record)
    elif person_id is None:
        return None
    else:
        query = query.where(SourceLink.source_record.is_(None), SourceLink.person_id == person_id)
    return writer.session.scalars(query.order_by(SourceLink.id).limit(1)).one_or_none()


def settle_rows(writer: Writer, batch: ImportBatch, rows: Iterable[Settled]) -> ImportBatch:
    """Keep what came of the next rows of an import, and count it."""
    found = list(rows)
    writer.load(ImportRow, (_values(batch, row) for row in found))
    done = batch.done + len(found)
    changed = _counted(batch, found) | {"done": done} | _ended(writer, batch, done)
    return writer.correct(ImportBatch, batch.id, changed)


def settle_again(writer: Writer, batch: ImportBatch, rows: Iterable[tuple[ImportRow, Settled]]) -> ImportBatch:
    """Keep what came of rows that were tried once more, in the place of what had come of them."""
    found = list(rows)
    before = [Settled(row.number, row.outcome) for row, _ in found]
    for row, after in found:
        values = _values(batch, after)
        writer.correct(ImportRow, row.id, {name: values[name] for name in values if name not in ("batch_id", "number")})
    counts = _counted(batch, [after for _, after in found])
    for each in before:
        counts[COUNTERS[each.outcome]] -= 1
    return writer.correct(ImportBatch, batch.id, counts)


def _of(writer: Writer, fingerprint: str) -> ImportBatch | None:
    query = select(ImportBatch).where(ImportBatch.fingerprint == fingerprint)
    return writer.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _values(batch: ImportBatch, row: Settled) -> dict[str, Any]:
    values = row._asdict()
    del values["reports"]
    return values | {"batch_id": batch.id, "fields": ", ".join(row.fields) or None}


def _counted(batch: ImportBatch, rows: list[Settled]) -> dict[str, int]:
    counts = {name: getattr(batch, name) for name in (*COUNTERS.values(), "reports")}
    for row in rows:
        counts[COUNTERS[row.outcome]] += 1
        counts["reports"] += row.reports
    return counts


def _ended(writer: Writer, batch: ImportBatch, done: int) -> dict[str, Any]:
    return (
        {"status": ImportStatus.DONE, "ended_on": max(writer.today, batch.imported_on)}
        if done == batch.row_count
        else {}
    )
