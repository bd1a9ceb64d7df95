"""What an import came to: counts by outcome, and the rows somebody must look at, as a table and as a CSV file."""

import csv
import io
import re
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from eldercare.registry.import_batch import ImportBatch, ImportRow, RowOutcome
from eldercare.registry.importing import COUNTERS, OPEN

HEADER = (
    "行号 row",
    "来源记录号 record",
    "处理结果 outcome",
    "字段 fields",
    "代码 code",
    "原因 message",
    "处理办法 remedy",
    "人员 person",
)
NUMBER = re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx]|\d)?(?!\d)")
SHOWN = 10
"""Rows that the table shows; the file has them all."""


class Report(NamedTuple):
    """An import with the rows that were refused, are in conflict, or were taken with a remark."""

    batch: ImportBatch
    counts: dict[RowOutcome, int]
    rows: tuple[ImportRow, ...]

    @property
    def refused(self) -> int:
        """Rows that were not brought in: refused, or in conflict."""
        return sum(self.counts[outcome] for outcome in OPEN)


def report_of(session: Session, batch: ImportBatch) -> Report:
    """The report of an import as it stands."""
    counts = {outcome: getattr(batch, name) for outcome, name in COUNTERS.items()}
    query = select(ImportRow).where(ImportRow.batch_id == batch.id, ImportRow.code.is_not(None))
    return Report(batch, counts, tuple(session.scalars(query.order_by(ImportRow.number))))


def to_csv(report: Report) -> bytes:
    """The rows as a file for a spreadsheet; it repeats nothing of what they say, and numbers of people are masked."""
    text = io.StringIO()
    file = csv.writer(text)
    file.writerow(HEADER)
    for row in report.rows:
        person = "" if row.person_id is None else f"Person_{row.person_id}"
        outcome = f"{row.outcome.zh} {row.outcome.value}"
        cells = (row.source_record, outcome, row.fields, row.code, row.message, row.remedy, person)
        file.writerow((row.number, *(_safe(cell or "") for cell in cells)))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def to_text(report: Report) -> str:
    """The counts, and the first of the rows, for a terminal."""
    batch = report.batch
    lines = [f"{batch.system}: {batch.document} ({batch.row_count:,} rows)"]
    lines += [f"  {count:>8,}  {each.value:<10} {each.zh}" for each, count in report.counts.items()]
    if batch.reports:
        lines.append(f"  {batch.reports:>8,}  reports raised, to be verified 提请核实")
    open_rows = [row for row in report.rows if row.outcome in OPEN]
    for row in open_rows[:SHOWN]:
        lines.append(f"  row {row.number}: {row.code}: {row.message}" + (f" {row.remedy}" if row.remedy else ""))
    if len(open_rows) > SHOWN:
        lines.append(f"  and {len(open_rows) - SHOWN:,} more rows; --report FILE.csv writes them all")
    return "\n".join(lines)


def _safe(text: str) -> str:
    """A cell without whole citizen numbers, and none that a spreadsheet would take for a formula."""
    masked = NUMBER.sub(lambda found: found[1] + "*" * (len(found[0]) - 6), text)
    return f"'{masked}" if masked.startswith(("=", "+", "-", "@", "\t")) else masked
