"""Terms counted in working days, by weekdays and the calendar's exceptions, in SQL."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, func, literal, not_, select, union_all
from sqlalchemy.orm import aliased

from eldercare.registry.calendar import CalendarDay
from eldercare.registry.days import after, day_number, shifted, weekdays_until

LONGEST = 3
"""How many calendar days a working day can take at most, with the longest holidays in it, when there are several."""


def working_days(start: Any, end: Any) -> ColumnElement[int]:
    """How many working days lie after a day, up to and including another."""
    plain = weekdays_until(after(end, 1)) - weekdays_until(after(start, 1))
    return plain + _exceptions(start, end, working=True) - _exceptions(start, end, working=False)


def working_day_after(start: Any, days: int) -> ColumnElement[Any]:
    """The day on which so many working days after another have passed."""
    numbers = union_all(*(select(literal(n, Integer).label("n")) for n in range(days, days * LONGEST + 10))).subquery()
    day = shifted(start, numbers.c.n)
    return select(func.min(day)).where(working_days(start, day) >= days).scalar_subquery()


def _exceptions(start: Any, end: Any, *, working: bool) -> ColumnElement[int]:
    row: Any = aliased(CalendarDay)
    weekend = day_number(row.day) % 7 >= 5
    counts = and_(row.working, weekend) if working else and_(not_(row.working), not_(weekend))
    return select(func.count(row.id)).where(row.day > start, row.day <= end, counts).scalar_subquery()
