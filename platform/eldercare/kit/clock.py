"""The business day, which is China's wherever the server stands."""

from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has kept one offset without summer time since 1991, so no time-zone tables are needed on the machine."""


def day_of(moment: date) -> date:
    """The day in China of an instant, which carries its offset; a day is its own.

    >>> from datetime import UTC
    >>> day_of(datetime(2018, 10, 11, 17, 30, tzinfo=UTC))
    datetime.date(2018, 10, 12)
    """
    return moment.astimezone(CHINA).date() if isinstance(moment, datetime) else moment


def today() -> date:
    """Today's date in China: the date at which the registry is read when nobody names another."""
    return datetime.now(CHINA).date()
