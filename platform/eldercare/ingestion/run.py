"""An import from begin to end: chunk by chunk, so that one broken off goes on where it stopped, and done twice it does nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from eldercare.ingestion.apply import settle
from eldercare.ingestion.check import checked
from eldercare.ingestion.person_row import PersonRow
from eldercare.kit.errors import InvalidInput
from eldercare.registry.change import Writer
from eldercare.registry.draft import Notice
from eldercare.registry.import_batch import ImportBatch, ImportStatus
from eldercare.registry.importing import begin_import, reopen_import, settle_again, settle_rows
from eldercare.registry.source import CollectionMethod

CHUNK = 200
"""Rows that are brought in together: what a broken import has to do again at most."""

Commit = Callable[[], None]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Plan:
    """What is to be brought in: from which system, in which file, by which feed, and the rows."""

    system: str
    document: str
    sha256: str
    rows: tuple[PersonRow, ...]
    feed: str
    feed_digest: str = ""
    method: CollectionMethod = CollectionMethod.IMPORT
    division_id: int | None = None

    def fingerprint(self, writer: Writer) -> str:
        """What decides an import: what is brought in, how it is read and decided, and for whom, whose scope it is done in."""
        decisions = [f"{row.number}={row.same_as}" for row in self.rows if row.same_as is not None]
        who = [str(writer.principal.role), str(writer.principal.division_id)]
        told = [self.system, self.sha256, self.feed_digest, self.method.value, *decisions, *who]
        return sha256("\n".join(told).encode()).hexdigest()


def run_import(
    writer: Writer,
    plan: Plan,
    *,
    commit: Commit = lambda: None,
    progress: Progress = lambda done, total: None,
    again: bool = False,
) -> ImportBatch:
    """Bring the rows in; `commit` is called after each chunk, and whoever runs it may be killed between two.

    The same content from the same system was brought in before: its batch is the answer, and nothing is done; `again`
    tries those rows once more that were refused or in conflict.
    """
    if not plan.rows:
        raise InvalidInput("NO_ROWS", "There are no rows.", remedy="Send at least one.", path=("rows",))
    rows = checked(plan.rows, writer.today)
    batch = _begun(writer, plan)
    writer.source_id = batch.source_id
    commit()
    if batch.done:
        writer.warnings.append(_before(batch))
    if batch.status is ImportStatus.DONE and again:
        batch = _again(writer, batch, rows)
        commit()
    progress(batch.done, batch.row_count)
    while batch.status is not ImportStatus.DONE:
        batch = writer.locked(ImportBatch, batch.id)  # two at once take turns
        if batch.status is ImportStatus.DONE:
            break
        chunk = rows[batch.done : batch.done + CHUNK]
        batch = settle_rows(writer, batch, [settle(writer, batch, row) for row in chunk])
        writer.verify()
        commit()
        progress(batch.done, batch.row_count)
    return batch


def decided(rows: tuple[PersonRow, ...], decisions: Mapping[int, str]) -> tuple[PersonRow, ...]:
    """The rows with decisions by row number; a number that no row has is refused."""
    missing = decisions.keys() - {row.number for row in rows}
    if missing:
        raise InvalidInput(
            "ROW_UNKNOWN",
            f"There is no row {min(missing)}.",
            remedy="Rows are counted as a spreadsheet does: the header is row 1.",
            path=("same_as",),
        )
    return tuple(replace(row, same_as=decisions.get(row.number, row.same_as)) for row in rows)


def _begun(writer: Writer, plan: Plan) -> ImportBatch:
    return begin_import(
        writer,
        system=plan.system,
        document=plan.document,
        sha256=plan.sha256,
        fingerprint=plan.fingerprint(writer),
        feed=plan.feed,
        row_count=len(plan.rows),
        division_id=plan.division_id,
        method=plan.method,
    )


def _before(batch: ImportBatch) -> Notice:
    begun = f"on {batch.imported_on} by {batch.imported_by}"
    if batch.status is ImportStatus.DONE:
        return Notice("IMPORTED_BEFORE", f"This content was brought in before, {begun}; this is what came of it.")
    return Notice(
        "IMPORT_GOES_ON", f"This import was begun {begun} and goes on behind row {batch.done} of the content."
    )


def _again(writer: Writer, batch: ImportBatch, rows: tuple[PersonRow, ...]) -> ImportBatch:
    by_number = {row.number: row for row in rows}
    before = reopen_import(writer, batch.id)
    return settle_again(writer, batch, [(each, settle(writer, batch, by_number[each.number])) for each in before])
