"""Who was verified when: freshness, campaigns with their progress, visits of care, and the return of the month."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.registry import Person
from eldercare.registry.change import Writer
from eldercare.registry.division import Level
from eldercare.registry.freshness import campaign, due_for_a_visit, freshness, last_verified, month
from eldercare.registry.query import View
from eldercare.registry.reporting import apply_report, verify_report

TODAY = make.TODAY


@pytest.fixture
def w(session: Session) -> Writer:
    return make.writer(session)


def view(day: date = TODAY) -> View:
    return View(literal(day))


def resident(w: Writer, division_id: int, **values: Any) -> int:
    elder = make.person(w, **values)
    make.residence(w, elder.id, division_id)
    return elder.id


def row(w: Writer, query: Any) -> dict[str, Any]:
    [found] = w.session.execute(query).mappings()
    return {name: value for name, value in found.items() if name not in ("division", "under", "share", "rate")}


def test_the_last_verification_is_the_latest_until_the_day_looked_at(w: Writer) -> None:
    elder = make.person(w, verified_on=date(2026, 2, 1))
    for day, result in (("2026-03-01", "CONFIRMED"), ("2026-04-01", "CHANGED"), ("2026-05-01", "ABSENT")):
        make.visit(w, elder.id, visited_on=date.fromisoformat(day), result=result)

    def last(day: date) -> Any:
        return w.session.scalar(select(last_verified(Person, view(day))).where(Person.id == elder.id))

    days = [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), TODAY]
    assert [str(last(day)) for day in days] == ["None", "2026-02-01", "2026-03-01", "2026-04-01"]


def test_freshness_counts_who_was_verified_within_the_days(w: Writer) -> None:
    here = make.division(w).id
    lately, long_ago, absent, never = (resident(w, here) for _ in range(4))
    make.visit(w, lately, visited_on=date(2026, 3, 4))
    make.visit(w, long_ago, visited_on=date(2026, 3, 3))
    make.visit(w, absent, result="ABSENT")
    make.membership(w, never)
    assert row(w, freshness(view(), 90, [], literal(here))) == {"people": 4, "verified": 1, "overdue": 3}
    poor = freshness(view(), 90, [make.GroupCategory.EXTREMELY_POOR], literal(here))
    assert row(w, poor) == {"people": 1, "verified": 0, "overdue": 1}


def test_a_campaign_counts_those_it_means_by_village(w: Writer) -> None:
    town, (first, second) = make.town(w)
    seen, unseen, young = (
        resident(w, first.id),
        resident(w, second.id),
        resident(w, first.id, birth_date=date(1970, 1, 1)),
    )
    strays = resident(w, town.id)
    made = make.census(w, town.id)
    for elder in (seen, young, strays):
        make.visit(w, elder, census_id=made.id)
    make.visit(w, unseen, visited_on=date(2026, 4, 30))
    found = {
        (r["division"], r["under"]): (r["people"], r["visited"], r["to_visit"])
        for r in w.session.execute(campaign(view(), literal(made.id), Level.VILLAGE)).mappings()
    }
    assert found == {(first.id, None): (1, 1, 0), (second.id, None): (1, 0, 1), (None, town.id): (1, 1, 0)}
    assert row(w, campaign(view(date(2026, 5, 20)), literal(made.id))) == {"people": 3, "visited": 0, "to_visit": 3}


def test_a_campaign_for_a_group_means_its_members_alone(w: Writer) -> None:
    here = make.division(w).id
    alone, _ = resident(w, here), resident(w, here)
    make.living(w, alone)
    made = make.census(w, here, category="LIVING_ALONE")
    assert row(w, campaign(view(), literal(made.id))) == {"people": 1, "visited": 0, "to_visit": 1}


def test_whoever_is_in_special_difficulty_is_visited_each_month(w: Writer) -> None:
    here = make.division(w).id
    met, called, missed, _ = (resident(w, here) for _ in range(4))
    for elder in (met, called, missed):
        make.living(w, elder)
    make.visit(w, met, visited_on=date(2026, 5, 3), purpose="CARE")
    make.visit(w, called, visited_on=date(2026, 5, 31), purpose="CARE", manner="PHONE")
    make.visit(w, missed, purpose="CARE", result="ABSENT")
    make.visit(w, missed)
    assert row(w, due_for_a_visit(view(date(2026, 5, 31)), literal(here))) == {"due": 3, "done": 2, "missed": 1}
    assert row(w, due_for_a_visit(view(date(2026, 5, 30)), literal(here))) == {"due": 3, "done": 1, "missed": 2}
    assert row(w, due_for_a_visit(view(), literal(here))) == {"due": 3, "done": 0, "missed": 3}
    with make.refused("CHECK_CARE_MEETS_SOMEBODY"):
        make.visit(w, met, purpose="CARE", manner="DATA_MATCH")


def test_the_return_of_the_month_tells_what_was_applied_and_verified(w: Writer) -> None:
    _, (here, there) = make.town(w)
    dead, moved, called = (resident(w, here.id) for _ in range(3))
    told: list[tuple[str, dict[str, Any]]] = [
        ("NEW_ELDER", {"name": "覃桂英", "birth_date": date(1946, 3, 4)}),
        ("DEATH", {"person_id": dead}),
        ("CONTACT", {"person_id": called, "phone": "13900000000"}),
        ("LIVING_CHANGE", {"person_id": called, "living": "ALONE"}),
        ("MOVE_OUT", {"person_id": moved, "to_division_id": there.id}),
    ]
    for kind, values in told:
        report = make.report(w, kind, division_id=here.id, **values)
        verify_report(w, report_id=report.id)
        apply_report(w, report_id=report.id)
    make.report(w, "ABILITY_CHANGE", division_id=here.id, person_id=called)  # nobody has verified it yet
    make.visit(w, called, visited_on=TODAY)
    found = {
        r["division"]: [r[name] for name in ("added", "gone", "changed", "verified", "overdue")]
        for r in w.session.execute(month(view(), 90, level=Level.VILLAGE)).mappings()
    }
    assert found == {here.id: [1, 2, 1, 1, 1], there.id: [0, 0, 0, 0, 1]}
