"""Drawing up a return: its rows read, rates and totals computed from summed parts, checks run; all of it plain and frozen."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy.orm import Session

from eldercare.reporting.form import SUMMED, CellKind, Check, Column, Frame, Return, Table

Row = dict[str, Any]
FEN_A_YUAN, FEN_A_WAN = 100, 1_000_000


def drawn_up(session: Session, declared: Return, frame: Frame) -> dict[str, Any]:
    """The whole return as printed: plain values only, which JSON keeps exactly."""
    tables = [_table(session, table, frame) for table in declared.tables]
    return {"code": declared.code, "tables": tables}


def canonical(content: Mapping[str, Any]) -> str:
    """The content as one text that is the same wherever it is written."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    """The SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def failed(content: Mapping[str, Any]) -> int:
    """How many checks of a return do not come out."""
    return sum(not check["holds"] for table in content["tables"] for check in table["checks"])


def _table(session: Session, table: Table, frame: Frame) -> dict[str, Any]:
    rows: list[Row] = [dict(row) for row in session.execute(table.rows(frame)).mappings()]
    total = _total(table, rows) if table.total and rows else None
    shown = [column for column in table.columns if not column.hidden]
    return {
        "code": table.code,
        "en": table.en,
        "zh": table.zh,
        "columns": [
            {"name": c.name, "en": c.en, "zh": c.zh, "kind": c.kind.value, "unit": c.unit or _unit(c)} for c in shown
        ],
        "rows": [{"key": str(row["row_key"]), "cells": [_cell(c, row) for c in shown]} for row in rows],
        "total": None if total is None else [_cell(c, total) if _adds_up(c) else None for c in shown],
        "checks": [found for check in table.checks for found in _checked(check, table, rows, total)],
    }


def _total(table: Table, rows: Sequence[Row]) -> Row:
    """The sums of what can be added; an unknown number makes its sum unknown."""
    found: Row = {}
    for column in table.columns:
        if column.kind in SUMMED and column.summed:
            values = [row[column.name] for row in rows]
            found[column.name] = None if any(value is None for value in values) else sum(values)
    return found


def _adds_up(column: Column) -> bool:
    return column.kind is CellKind.RATE or (column.kind in SUMMED and column.summed)


def _cell(column: Column, row: Row) -> Any:
    """A value as JSON keeps it: whole numbers as such, decimals as text with their digits."""
    if column.kind is CellKind.RATE:
        return _rate(column, row)
    value = row.get(column.name)
    if value is None:
        return None
    if column.kind is CellKind.YUAN:
        return _divided(int(value), FEN_A_YUAN, 2)
    if column.kind is CellKind.WAN_YUAN:
        return _divided(int(value), FEN_A_WAN, 4)
    if column.kind is CellKind.DECIMAL:
        times, by = column.scale
        return _divided(int(value) * times, by, column.decimals)
    if column.kind is CellKind.COUNT:
        return int(value)
    if isinstance(value, date):
        return value.isoformat()
    return bool(value) if column.kind is CellKind.FLAG else str(value)


def _rate(column: Column, row: Row) -> str | None:
    over, under = row.get(column.over), row.get(column.under)
    if over is None or not under:
        return None
    return _divided(int(over) * column.times, int(under) * column.by, column.decimals)


def _divided(over: int, under: int, decimals: int) -> str:
    """A quotient of whole numbers, rounded half up.

    >>> _divided(15872 * 100, 32916, 2), _divided(5, 1000, 2)
    ('48.22', '0.01')
    """
    exact = Decimal(over) / Decimal(under)
    return str(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def _unit(column: Column) -> str:
    if column.kind is CellKind.RATE and column.times == 100:
        return "%"
    return {CellKind.YUAN: "元", CellKind.WAN_YUAN: "万元"}.get(column.kind, "")


def _checked(check: Check, table: Table, rows: Sequence[Row], total: Row | None) -> Iterable[dict[str, Any]]:
    """One line for the whole table when every row holds; else a line for each row that does not."""
    first = next(column.name for column in table.columns if not column.hidden)
    wrong = []
    labelled = [(str(row.get(first) or row["row_key"]), row) for row in rows]
    for label, row in [*labelled, *([("合计 total", total)] if total is not None else [])]:
        expected, found = row.get(check.equals), _sum(row, check)
        if expected is None or found is None:
            continue
        if found != expected:
            wrong.append({"row": label, "expected": int(expected), "found": int(found), "holds": False})
    told = {"code": check.code, "en": check.en, "zh": check.zh}
    if wrong:
        return [{**told, **each} for each in wrong]
    return [{**told, "row": None, "expected": None, "found": None, "holds": True}]


def _sum(row: Row, check: Check) -> Any:
    values = [row.get(name) for name in (*check.plus, *check.minus)]
    if any(value is None for value in values):
        return None
    return sum(row[name] for name in check.plus) - sum(row[name] for name in check.minus)


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each cell in which two editions differ: what stood there, what stands there now, and by how much."""
    found = []
    for table in new["tables"]:
        before = next((each for each in old["tables"] if each["code"] == table["code"]), None)
        names = [column["name"] for column in table["columns"]]
        was, now = _cells(before, names), _cells(table, names)
        for key in [*now, *(key for key in was if key not in now)]:
            for name in names:
                one, other = was.get(key, {}).get(name), now.get(key, {}).get(name)
                if one != other:
                    found.append(_difference(table["code"], key, name, one, other))
    return found


def _cells(table: Mapping[str, Any] | None, names: Sequence[str]) -> dict[str, Row]:
    if table is None:
        return {}
    known = [column["name"] for column in table["columns"]]
    rows = {row["key"]: dict(zip(known, row["cells"], strict=True)) for row in table["rows"]}
    if table["total"] is not None:
        rows["total"] = dict(zip(known, table["total"], strict=True))
    return rows


def _difference(table: str, key: str, name: str, old: Any, new: Any) -> dict[str, Any]:
    one, other = number(old), number(new)
    change = None if one is None or other is None else str(other - one)
    return {"table": table, "row": key, "column": name, "old": text(old), "new": text(new), "change": change}


def number(value: Any) -> Decimal | None:
    """A cell as a number, where it is one."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return Decimal(value)
    try:
        found = Decimal(value)
    except ArithmeticError:
        return None
    return found if found.is_finite() else None


def text(value: Any) -> str | None:
    """A cell as it is read on paper."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
