"""Totals, rates and checks of returns: from summed parts, exact, and shown when they do not come out."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Integer, Select, String, literal, select, union_all
from sqlalchemy.orm import Session

from eldercare.reporting.form import CellKind, Check, Column, Frame, Period, Return, Table, period_of
from eldercare.reporting.printing import canonical, differences, digest, drawn_up, failed, number, text
from factories import refused

FRAME = Frame(1, date(2026, 1, 1), date(2026, 4, 1), date(2026, 3, 31))
COLUMNS = (
    Column("name", "Home", "机构", CellKind.TEXT),
    Column("beds", "Beds", "床位"),
    Column("residents", "Residents", "收住人数"),
    Column("occupancy", "Occupancy", "入住率", CellKind.RATE, over="residents", under="beds"),
    Column("cost", "Cost", "费用", CellKind.WAN_YUAN),
    Column("standard", "Standard", "标准", CellKind.YUAN, summed=False),
)
CHECK = Check("FULL", "Beds are residents.", "床位等于人数", ("residents",), "beds")


def rows(*values: tuple[Any, ...]) -> Any:
    """A select of these rows."""

    def of(_frame: Frame) -> Select[Any]:
        names = ("name", "beds", "residents", "cost", "standard")
        kinds = (String(), Integer(), Integer(), Integer(), Integer())
        parts = []
        for each in values:
            cells = [literal(v, k).label(n) for n, k, v in zip(names, kinds, each, strict=True)]
            parts.append(select(literal(each[0], String()).label("row_key"), *cells))
        return select(union_all(*parts).subquery())

    return of


def drawn(session: Session, *values: tuple[Any, ...], checks: tuple[Check, ...] = ()) -> Any:
    table = Table("T", "Table", "表", COLUMNS, rows(*values), checks)
    return drawn_up(session, Return("R", "Return", "报表", Period.QUARTER, "", "", "", (table,)), FRAME)


def test_a_rate_of_the_total_row_comes_from_summed_parts(session: Session) -> None:
    found = drawn(session, ("A", 10, 9, 5_000_000, 120_000), ("B", 90, 27, 12_345_678, 80_000))["tables"][0]
    assert [row["cells"] for row in found["rows"]] == [
        ["A", 10, 9, "90.00", "5.0000", "1200.00"],
        ["B", 90, 27, "30.00", "12.3457", "800.00"],
    ]
    # the mean of the two rates would be 60.00, and the sum of the standards 2000.00
    assert found["total"] == [None, 100, 36, "36.00", "17.3457", None]


def test_what_is_unknown_makes_its_sum_unknown_and_its_rate_empty(session: Session) -> None:
    found = drawn(session, ("A", 10, 9, 0, None), ("B", None, 27, 0, None))["tables"][0]
    assert found["rows"][1]["cells"][3] is None
    assert found["total"][1:4] == [None, 36, None]


def test_a_check_names_each_row_in_which_it_fails(session: Session) -> None:
    content = drawn(session, ("A", 10, 10, 0, 0), ("B", 5, 4, 0, 0), checks=(CHECK,))
    wrong = [(c["row"], c["expected"], c["found"]) for c in content["tables"][0]["checks"]]
    assert wrong == [("B", 5, 4), ("合计 total", 15, 14)]
    assert failed(content) == 2
    assert failed(drawn(session, ("A", 10, 10, 0, 0), checks=(CHECK,))) == 0


def test_a_corrected_edition_shows_old_new_and_difference_by_cell(session: Session) -> None:
    old = drawn(session, ("A", 10, 9, 0, 0), ("B", 90, 27, 0, 0))
    new = drawn(session, ("A", 10, 8, 0, 0), ("B", 90, 27, 0, 0))
    assert differences(old, new) == [
        {"table": "T", "row": "A", "column": "residents", "old": "9", "new": "8", "change": "-1"},
        {"table": "T", "row": "A", "column": "occupancy", "old": "90.00", "new": "80.00", "change": "-10.00"},
        {"table": "T", "row": "total", "column": "residents", "old": "36", "new": "35", "change": "-1"},
        {"table": "T", "row": "total", "column": "occupancy", "old": "36.00", "new": "35.00", "change": "-1.00"},
    ]
    assert differences(old, old) == []
    assert digest(canonical(old)) != digest(canonical(new))


def test_cells_are_read_as_on_paper() -> None:
    assert [text(each) for each in (None, True, False, 3, "48.22")] == [None, "是", "否", "3", "48.22"]
    assert number("2026-03-31") is None
    assert number(True) is None
    assert str(number("48.22")) == "48.22"


@pytest.mark.parametrize(
    ("period", "text", "start", "end"),
    [
        (Period.MONTH, "2026-02", date(2026, 2, 1), date(2026, 3, 1)),
        (Period.QUARTER, "2026-q4", date(2026, 10, 1), date(2027, 1, 1)),
        (Period.YEAR, "2026", date(2026, 1, 1), date(2027, 1, 1)),
        (Period.DAY, "2026-03-31", date(2026, 3, 31), date(2026, 4, 1)),
        (Period.THREE_YEARS, "2020-02-29", date(2017, 2, 28), date(2020, 2, 29)),
    ],
)
def test_periods_are_half_open(period: Period, text: str, start: date, end: date) -> None:
    assert period_of(Return("R", "", "", period, "", "", "", ()), text) == (start, end)


@pytest.mark.parametrize("text", ["", "2026-13", "2026-Q5", "March", "9" * 30 + "-Q1"])
def test_another_period_is_told_with_an_example(text: str) -> None:
    with refused("PERIOD"):
        period_of(Return("R", "", "", Period.QUARTER, "", "", "", ()), text)
