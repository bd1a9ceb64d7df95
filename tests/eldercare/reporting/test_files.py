"""Every return over the demonstration: the same cells in GraphQL, CSV and XLSX, and nothing that a spreadsheet would run."""

import csv
import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from eldercare.api.returns import table_of
from eldercare.registry import Division
from eldercare.reporting.files import Printed, harmless, to_csv, to_json, to_text, to_xlsx
from eldercare.reporting.form import Frame, Period, Return, period_of
from eldercare.reporting.paper import preview
from eldercare.reporting.returns import RETURNS

PERIODS = {Period.MONTH: "2017-12", Period.QUARTER: "2018-Q4", Period.YEAR: "2018"}


def drawn(engine: Engine, form: Return) -> Printed:
    """A return of Shijiazhuang as it would be drawn up."""
    with Session(engine) as session:
        place = session.scalars(select(Division.id).where(Division.code == "130100000000")).one()
        start, end = period_of(form, PERIODS.get(form.period, "2018-10-01"))
        return preview(session, form, Frame(place, start, end, end - timedelta(days=1)), viewer="王审计")


@pytest.mark.parametrize("form", RETURNS, ids=lambda form: form.code)
def test_the_three_formats_have_the_same_cells(demonstration_engine: Engine, form: Return) -> None:
    printed = drawn(demonstration_engine, form)
    tables = [table_of(table) for table in printed.tables]
    lines = list(csv.reader(io.StringIO(to_csv(printed).decode("utf-8-sig"))))
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(printed)))
    for place, table in enumerate(tables):
        begins = lines.index([f"{table.zh} {table.en}"]) + 3
        sheet = book.get_sheet_by_index(place).to_python()
        top = next(n for n, row in enumerate(sheet) if row[0] == table.columns[0].en) + 1
        for number, row in enumerate([*table.rows, *([table.total] if table.total else [])]):
            for column, cell in enumerate(row.cells):
                if column == 0 and row.key == "total":
                    continue
                assert lines[begins + number][column].removeprefix("'") == (cell.text or ""), (cell, number)
                assert same(sheet[top + number][column], cell), (cell, sheet[top + number])
    assert lines[-1][0].startswith("打印人 printed by 王审计 ")


def same(found: Any, cell: Any) -> bool:
    """Whether a cell of a workbook is that of the API."""
    if cell.text is None:
        return bool(found == "")
    if isinstance(found, float):
        return Decimal(str(found)) == Decimal(cell.text)
    return str(found) == cell.text


def test_no_cell_is_a_formula_and_numbers_stay_numbers() -> None:
    at = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    columns = [
        {"name": "name", "en": "=A1", "zh": "姓名", "kind": "TEXT", "unit": ""},
        {"name": "n", "en": "n", "zh": "数", "kind": "COUNT", "unit": ""},
    ]
    rows = [{"key": "1", "cells": ["=cmd|' /C calc'!A0", -5]}, {"key": "2", "cells": ["@SUM(1)", 7]}]
    table = {"code": "T", "en": "T", "zh": "表", "columns": columns, "rows": rows, "total": None, "checks": []}
    printed = Printed("报表", "Return", (("理由 reason", "+1"),), [table], "=evil", at)
    text = to_csv(printed, bom=False).decode()
    assert "'=cmd|" in text
    assert "'@SUM(1),7" in text
    assert ",-5" in text
    assert "'+1" in text
    assert not text.startswith("\ufeff")
    assert to_csv(printed).startswith(b"\xef\xbb\xbf")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(printed))).get_sheet_by_index(0).to_python()
    assert ["=cmd|' /C calc'!A0", -5.0] in [row[:2] for row in sheet]
    assert "2026-11-25 17:00:00 (+08:00)" in to_text(printed)
    assert '"printed"' in to_json(printed)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\tx", "\rx"])
def test_dangerous_beginnings_are_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


def test_the_day_of_a_frame_is_the_end_of_its_period() -> None:
    frame = Frame(1, date(2026, 1, 1), date(2026, 4, 1), date(2026, 3, 31))
    assert (frame.view.as_of.value, frame.opening.as_of.value) == (date(2026, 3, 31), date(2025, 12, 31))  # type: ignore[attr-defined]
