"""The business day is China's."""

from datetime import UTC, datetime, timedelta

from eldercare.kit.clock import CHINA, today


def test_the_day_begins_eight_hours_before_greenwich() -> None:
    assert datetime(2026, 1, 1, 16, tzinfo=UTC).astimezone(CHINA).date().isoformat() == "2026-01-02"


def test_today_is_a_day_of_now() -> None:
    assert abs(today() - datetime.now(UTC).date()) <= timedelta(days=1)
