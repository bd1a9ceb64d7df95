"""What a return is: tables of declared columns over a select, with totals that are computed and checks that are run."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Select, literal

from eldercare.kit.errors import InvalidInput
from eldercare.kit.term import Term
from eldercare.registry.query import View


class Period(Term):
    """How often a return is due."""

    MONTH = "月报", "monthly"
    QUARTER = "季报", "quarterly"
    YEAR = "年报", "yearly"
    THREE_YEARS = "三年", "the three years before a day"
    DAY = "时点", "on demand, as of a day"


class CellKind(Term):
    """What the cells of a column hold."""

    COUNT = "整数", "a whole number"
    DECIMAL = "小数", "a number with decimals"
    RATE = "比率", "a rate of two summed columns"
    YUAN = "元", "an amount in yuan"
    WAN_YUAN = "万元", "an amount in ten thousand yuan"
    TEXT = "文本", "text"
    DAY = "日期", "a day"
    FLAG = "是否", "yes or no"


SUMMED = (CellKind.COUNT, CellKind.DECIMAL, CellKind.YUAN, CellKind.WAN_YUAN)
"""Kinds whose total is the sum of the column; the total of a rate is computed from summed parts, all others have none."""


@dataclass(frozen=True)
class Column:
    """A column: its name in the select, its header in both languages, and how its total comes about.

    A DECIMAL is a whole number of the select times `scale`, a fraction. A RATE is over / under * times of two other columns, in each row and in the total alike, and is no column of the select.
    `hidden` columns are not printed: they are parts of rates. `summed` says no where adding makes no sense, such as standards.
    """

    name: str
    en: str
    zh: str
    kind: CellKind = CellKind.COUNT
    over: str = ""
    under: str = ""
    times: int = 100
    by: int = 1
    decimals: int = 2
    scale: tuple[int, int] = (1, 1)
    hidden: bool = False
    summed: bool = True
    unit: str = ""


@dataclass(frozen=True)
class Check:
    """A sum that must come out right in every row: the `plus` columns less the `minus` columns are the column `equals`."""

    code: str
    en: str
    zh: str
    plus: tuple[str, ...]
    equals: str
    minus: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """For whom and when a return is drawn up: the days of its period, the day whose state it shows, and the day before it."""

    division: int
    start: date
    end: date
    as_of: date

    @property
    def view(self) -> View:
        """The registry at the end of the period."""
        return self._at(self.as_of)

    @property
    def opening(self) -> View:
        """The registry at the end of the period before."""
        return self._at(self.start - timedelta(days=1))

    @property
    def closing(self) -> View:
        """The registry with its history, at the end of the period."""
        return View(literal(self.as_of, Date()), history=True)

    def _at(self, day: date) -> View:
        return View(literal(day, Date()))


@dataclass(frozen=True)
class Table:
    """A table: a select whose rows carry `row_key`, which names a row across editions, and the columns by name."""

    code: str
    en: str
    zh: str
    columns: tuple[Column, ...]
    rows: Callable[[Frame], Select[Any]]
    checks: tuple[Check, ...] = ()
    total: bool = True


@dataclass(frozen=True)
class Return:
    """A return that is owed upward: how often, by whom, on which grounds, and its tables."""

    code: str
    en: str
    zh: str
    period: Period
    owner_en: str
    owner_zh: str
    basis: str
    tables: tuple[Table, ...]


MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}


def period_of(declared: Return, text: str) -> tuple[date, date]:
    """First day and first day after of a period: 2026-03, 2026-Q1, 2026, or a day such as 2026-03-31.

    >>> period_of(Return("R", "", "", Period.QUARTER, "", "", "", ()), "2026-Q2")
    (datetime.date(2026, 4, 1), datetime.date(2026, 7, 1))
    """
    try:
        return _read(declared.period, text.strip().upper())
    except (ValueError, OverflowError):
        example = {Period.MONTH: "2026-03", Period.QUARTER: "2026-Q1", Period.YEAR: "2026"}
        raise InvalidInput(
            "PERIOD",
            f"{text!r} is no period of this return, which is {declared.period.en}.",
            remedy=f"Write it like {example.get(declared.period, '2026-03-31')}.",
            path=("period",),
        ) from None


def _read(period: Period, text: str) -> tuple[date, date]:
    if period is Period.DAY:
        day = date.fromisoformat(text)
        return day, day + timedelta(days=1)
    if period is Period.THREE_YEARS:
        day = date.fromisoformat(text)
        return _months_on(day, -36), day
    if period is Period.QUARTER:
        year, _, quarter = text.partition("-Q")
        if quarter not in ("1", "2", "3", "4"):
            raise ValueError(text)
        start = date(int(year), int(quarter) * 3 - 2, 1)
    elif period is Period.MONTH:
        start = date.fromisoformat(f"{text}-01")
    else:
        start = date(int(text), 1, 1)
    return start, _months_on(start, MONTHS[period])


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = (date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))
