"""From the bytes of a file to numbered rows of text, whatever its format and encoding."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from eldercare.kit.errors import InvalidInput

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How workbooks begin: XLSX and ODS, and XLS."""

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = (",", "\t", ";")
EXACT = 1e15
"""A spreadsheet keeps whole numbers exactly only below it; longer ones, such as citizen numbers, have lost digits."""


class Line(NamedTuple):
    """One row: its number as a spreadsheet counts, the header being 1, and its cells."""

    number: int
    cells: tuple[str, ...]


class Table(NamedTuple):
    """A file as rows of text: its header, the rows that are not empty, how it was encoded, and the digest of its bytes."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]
    encoding: str
    sha256: str


def read_file(path: Path) -> Table:
    """The table in a file; one that cannot be opened is `InvalidInput` (FILE_UNREADABLE)."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(
            "FILE_UNREADABLE", f"{path} cannot be read: {error.strerror}.", remedy="Check the path."
        ) from None
    return read(content)


def read(content: bytes) -> Table:
    """The table in the bytes of a CSV file or a workbook; `InvalidInput` says what is wrong with others."""
    if not content.strip(b"\x00 \r\n\t"):
        raise InvalidInput("FILE_EMPTY", "The file is empty.", remedy="Send one with a header and rows.")
    if content.startswith(WORKBOOKS):
        encoding, rows = "workbook", _sheet(content)
    else:
        text, encoding = decoded(content)
        rows = _separated(text)
    return _table(rows, encoding, sha256(content).hexdigest())


def decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding: UTF-8 with or without a mark, UTF-16 with one, else GB18030, which holds GBK and GB2312."""
    marked = next((name for mark, name in MARKS if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(character < " " and character not in "\t\r\n" for character in text):
            return text, encoding
    raise InvalidInput(
        "FILE_ENCODING",
        "The file is no text in UTF-8 or GB18030, and no workbook.",
        remedy="Save it as CSV UTF-8 or as XLSX.",
    )


def _separated(text: str) -> Iterator[tuple[str, ...]]:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            yield tuple(next(reader))
        except StopIteration:
            return
        except csv.Error as error:
            raise InvalidInput(
                "FILE_BROKEN",
                f"Line {reader.line_num} of the file is no row: {error}.",
                remedy="Look for a quotation mark that is not closed, or save it as XLSX.",
                path=(reader.line_num,),
            ) from None


def _sheet(content: bytes) -> Iterator[tuple[str, ...]]:
    """The rows of the first sheet that has any."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = (book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names)
        rows = next((each for each in sheets if any(any(cell != "" for cell in row) for row in each)), [])
    except (CalamineError, ValueError, OSError):
        raise InvalidInput(
            "FILE_WORKBOOK",
            "The workbook cannot be read.",
            remedy="Open it and save it again as XLSX, without a password.",
        ) from None
    return (tuple(_text(cell) for cell in row) for row in rows)


def _text(cell: Any) -> str:
    """The text of a cell: days as ISO, whole numbers without a fraction; one too long to be exact shows that it is not."""
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        return (
            str(int(cell))
            if cell.is_integer() and abs(cell) < EXACT
            else f"{cell:.14E}"
            if abs(cell) >= EXACT
            else str(cell)
        )
    return str(cell)


def _table(rows: Iterable[tuple[str, ...]], encoding: str, digest: str) -> Table:
    filled = (Line(number, _trimmed(cells)) for number, cells in enumerate(rows, start=1))
    found = [line for line in filled if any(line.cells)]
    if not found:
        raise InvalidInput("FILE_EMPTY", "The file has no rows.", remedy="Send one with a header and rows.")
    if len(found) == 1:
        raise InvalidInput(
            "FILE_NO_ROWS",
            "The file has a header and no rows.",
            remedy="Send the rows too; if there are none, send nothing.",
        )
    return Table(found[0].cells, tuple(found[1:]), encoding, digest)


def _trimmed(cells: tuple[str, ...]) -> tuple[str, ...]:
    """The cells without white space around them and without the empty ones at the end: some sheets claim thousands."""
    found = [cell.strip() for cell in cells]
    while found and not found[-1]:
        found.pop()
    return tuple(found)
