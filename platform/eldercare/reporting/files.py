"""A printed return as a file: text, CSV or XLSX, with the same cells in each, and who printed it when."""

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

from eldercare.kit.clock import CHINA
from eldercare.reporting.printing import text

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
NUMBERS = ("COUNT", "DECIMAL", "RATE", "YUAN", "WAN_YUAN")


@dataclass(frozen=True)
class Printed:
    """A return ready for paper: its titles, the facts of its edition by their words, its tables, and who prints it."""

    zh: str
    en: str
    facts: tuple[tuple[str, str], ...]
    tables: Sequence[dict[str, Any]]
    viewer: str
    at: datetime
    corrections: Sequence[dict[str, Any]] = field(default_factory=tuple)

    @property
    def foot(self) -> str:
        """Who printed it, and when."""
        return f"打印人 printed by {self.viewer} {self.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S} (+08:00)"


Line = list[tuple[Any, bool]]
"""Cells with whether each is a number."""


def lines(table: dict[str, Any]) -> Iterator[Line]:
    """A table from its headers in both languages to its total and its checks."""
    columns = table["columns"]
    yield _words(f"{c['zh']}({c['unit']})" if c["unit"] and c["unit"] not in c["zh"] else c["zh"] for c in columns)
    yield _words(c["en"] for c in columns)
    for row in table["rows"]:
        yield _row(columns, row["cells"])
    if table["total"] is not None:
        first, *rest = _row(columns, table["total"])
        yield [("合计 total", False) if first[0] is None else first, *rest]


def checks(table: dict[str, Any]) -> Iterator[Line]:
    """The sums that were checked, in words."""
    for check in table["checks"]:
        told = "通过 holds" if check["holds"] else f"{check['row']}: {check['found']} ≠ {check['expected']}"
        yield _words(["校验 check", f"{check['zh']} {check['en']}", told])


def corrections(printed: Printed) -> Iterator[Line]:
    """The cells in which a corrected edition differs from the one before."""
    if not printed.corrections:
        return
    yield _words(["更正 corrections", "行 row", "栏 column", "原值 old", "新值 new", "差额 change"])
    for each in printed.corrections:
        values = [each[name] for name in ("table", "row", "column", "old", "new", "change")]
        yield _words("" if value is None else value for value in values)


def _words(values: Iterable[str]) -> Line:
    return [(value, False) for value in values]


def _row(columns: Sequence[dict[str, Any]], cells: Sequence[Any]) -> Line:
    return [(value, column["kind"] in NUMBERS) for column, value in zip(columns, cells, strict=True)]


def harmless(value: str) -> str:
    """A text that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("敬老院")
    ("'=1+1", '敬老院')
    """
    return f"'{value}" if value.startswith(DANGEROUS) else value


def to_csv(printed: Printed, *, bom: bool = True) -> bytes:
    """The return as CSV in UTF-8; with `bom` Excel reads the Chinese rightly."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    write = writer.writerow
    write([harmless(f"{printed.zh} {printed.en}")])
    for name, value in printed.facts:
        write([name, harmless(value)])
    for table in printed.tables:
        write([])
        write([f"{table['zh']} {table['en']}"])
        for line in (*lines(table), *checks(table)):
            write([_field(value, number) for value, number in line])
    for line in corrections(printed):
        write([_field(value, number) for value, number in line])
    write([])
    write([harmless(printed.foot)])
    return out.getvalue().encode("utf-8-sig" if bom else "utf-8")


def _field(value: Any, number: bool) -> str:
    shown = text(value) or ""
    return shown if number else harmless(shown)


def to_xlsx(printed: Printed) -> bytes:
    """The return as a workbook: a sheet for each table, numbers as numbers with their decimals, texts never as formulas."""
    xlsxwriter: Any = import_module("xlsxwriter")
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    sheets = _Sheets(book)
    for place, table in enumerate(printed.tables):
        sheets.table(printed, table, f"{place + 1} {table['zh']}")
    if printed.corrections:
        sheets.plain(corrections(printed), "更正 corrections")
    book.close()
    return out.getvalue()


class _Sheets:
    """Writes the sheets of a workbook."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.bold = book.add_format({"bold": True})
        self.head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "valign": "top"})
        self.numbers = {n: book.add_format({"num_format": f"0.{'0' * n}" if n else "0"}) for n in range(7)}

    def table(self, printed: Printed, table: dict[str, Any], name: str) -> None:
        """One table with the facts above it and the foot below."""
        sheet = self._sheet(name)
        sheet.write_string(0, 0, f"{printed.zh} {printed.en}", self.bold)
        sheet.write_string(1, 0, f"{table['zh']} {table['en']}", self.bold)
        place = 2
        for word, value in printed.facts:
            sheet.write_string(place, 0, word)
            sheet.write_string(place, 1, value)
            place += 1
        place += 1
        for number, line in enumerate(lines(table)):
            self._line(sheet, place, line, self.head if number < 2 else None)
            place += 1
        sheet.freeze_panes(place - len(table["rows"]) - (table["total"] is not None), 1)
        for line in checks(table):
            self._line(sheet, place, line, None)
            place += 1
        sheet.write_string(place + 1, 0, printed.foot)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, max(1, len(table["columns"]) - 1), 14)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def plain(self, found: Iterable[Line], name: str) -> None:
        """A sheet of lines."""
        sheet = self._sheet(name)
        for place, line in enumerate(found):
            self._line(sheet, place, line, self.bold if place == 0 else None)

    def _sheet(self, name: str) -> Any:
        for letter in "[]:*?/\\":
            name = name.replace(letter, " ")
        return self.book.add_worksheet(name[:31])

    def _line(self, sheet: Any, place: int, line: Line, form: Any) -> None:
        for column, (value, number) in enumerate(line):
            if value is None:
                continue
            if number:
                exact = Decimal(str(value))
                decimals = -int(exact.as_tuple().exponent)
                sheet.write_number(place, column, float(exact), self.numbers[min(max(decimals, 0), 6)])
            else:
                sheet.write_string(place, column, text(value) or "", form)


def to_text(printed: Printed) -> str:
    """The return as text in columns, for a terminal."""
    found = [f"{printed.zh} {printed.en}", *(f"{name}: {value}" for name, value in printed.facts)]
    for table in printed.tables:
        found += ["", f"{table['zh']} {table['en']}", *_aligned([*lines(table)])]
        found += ["  ".join(value for value, _ in line) for line in checks(table)]
    found += ["  ".join(value for value, _ in line) for line in corrections(printed)]
    return "\n".join([*found, "", printed.foot, ""])


def _aligned(rows: list[Line]) -> Iterator[str]:
    shown = [[(text(value) or "", number) for value, number in row] for row in rows]
    widths = [max(_width(row[n][0]) for row in shown) for n in range(len(shown[0]))]
    for row in shown:
        cells = []
        for (value, number), width in zip(row, widths, strict=True):
            space = " " * (width - _width(value))
            cells.append(space + value if number else value + space)
        yield "  ".join(cells).rstrip()


def _width(value: str) -> int:
    """How many columns of a terminal a text takes; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in value)


def to_json(printed: Printed) -> str:
    """The return as JSON."""
    told = {
        "zh": printed.zh,
        "en": printed.en,
        "facts": dict(printed.facts),
        "tables": printed.tables,
        "corrections": list(printed.corrections),
        "printed": printed.foot,
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"
