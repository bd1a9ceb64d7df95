"""Days in SQL: weekdays, working days with holidays, and terms, the same on both databases as on a calendar of paper."""

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Date, Integer, literal, select
from sqlalchemy.orm import Session

from eldercare.registry import CalendarDay
from eldercare.registry.days import after, before, between, day_number, month_start
from eldercare.reporting.working_days import working_day_after, working_days
from factories import writer

HOLIDAYS = {date(2026, 10, day) for day in range(1, 9)}
MADE_UP = {date(2026, 9, 27), date(2026, 10, 10)}
"""The national day of 2026 as these tests have it: eight days off, a Sunday and a Saturday worked for them."""


def calendar(session: Session) -> None:
    """Write the exceptions."""
    w = writer(session)
    for day in HOLIDAYS | MADE_UP:
        w.create(CalendarDay, {"day": day, "working": day in MADE_UP, "name": "国庆节"})


def works(day: date) -> bool:
    return day in MADE_UP or (day.weekday() < 5 and day not in HOLIDAYS)


def told(session: Session, expression: Any) -> Any:
    return session.scalar(select(expression))


def day(value: date) -> Any:
    return literal(value, Date())


def test_mondays_are_divisible_by_seven(session: Session) -> None:
    assert told(session, day_number(day(date(2026, 11, 23))) % 7) == 0
    assert told(session, between(day(date(2026, 2, 1)), day(date(2026, 3, 1)))) == 28
    assert told(session, after(day(date(2026, 12, 31)), 1)) == date(2027, 1, 1)


def test_a_day_goes_back_by_a_number_or_by_what_a_statement_computes(session: Session) -> None:
    march = day(date(2024, 3, 1))
    assert told(session, before(march, 1)) == told(session, before(march, literal(3, Integer) - 2)) == date(2024, 2, 29)
    assert told(session, month_start(before(march, 1))) == date(2024, 2, 1)


def test_ten_working_days_over_the_national_day_end_on_the_thirteenth(session: Session) -> None:
    calendar(session)
    # Thursday 24 September: 25, Sunday 27 worked, 28, 29, 30, Friday 9, Saturday 10 worked, 12, 13, 14 October
    assert told(session, working_day_after(day(date(2026, 9, 24)), 10)) == date(2026, 10, 14)
    assert told(session, working_days(day(date(2026, 9, 24)), day(date(2026, 10, 14)))) == 10


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.dates(date(2026, 9, 1), date(2026, 11, 1)), length=st.integers(0, 60))
def test_working_days_are_counted_as_on_paper(session: Session, start: date, length: int) -> None:
    if session.scalar(select(CalendarDay.id).limit(1)) is None:
        calendar(session)
    end = start + timedelta(days=length)
    expected = sum(works(start + timedelta(days=n)) for n in range(1, length + 1))
    assert told(session, working_days(day(start), day(end))) == expected
