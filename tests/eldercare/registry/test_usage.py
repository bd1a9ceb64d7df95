"""Who uses which field is added up over processes and days."""

from datetime import date

from sqlalchemy.orm import Session

from eldercare.registry import usage


def test_counts_are_added_up_by_client_and_field(session: Session) -> None:
    usage.add(session, {("desk", "Facility.name"): 3, ("app", "Facility.name"): 1}, date(2026, 11, 1))
    usage.add(session, {("desk", "Facility.name"): 2, ("desk", "Person.age"): 1}, date(2026, 11, 5))
    usage.add(session, {("desk", "Facility.name"): 1}, date(2026, 11, 2))
    found = [(each.client, each.coordinate, each.requests, each.first_on, each.last_on) for each in usage.read(session)]
    assert found == [
        ("app", "Facility.name", 1, date(2026, 11, 1), date(2026, 11, 1)),
        ("desk", "Facility.name", 6, date(2026, 11, 1), date(2026, 11, 5)),
        ("desk", "Person.age", 1, date(2026, 11, 5), date(2026, 11, 5)),
    ]
    assert len(usage.read(session, coordinates=["Person.age"])) == 1
    assert len(usage.read(session, client="app")) == 1
