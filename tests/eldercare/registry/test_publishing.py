"""Published editions: what is shown, what is withheld, that nothing small follows, and that an edition stays as it is."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eldercare.registry import Division
from eldercare.registry.change import Writer
from eldercare.registry.division import Level
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import Sex
from eldercare.registry.publication import PublishedCount, PublishedEdition, PublishedMeasure
from eldercare.registry.publishing import containing, latest_day, order, publish
from factories import division, membership, person, refused, residence, writer

SPRING, SUMMER = date(2026, 1, 1), date(2026, 4, 1)


def villages(w: Writer, *sizes: int) -> list[int]:
    """A town with villages of so many men of 61 each; the town's key first."""
    town = division(w, level=Level.TOWN).id
    keys = [division(w, level=Level.VILLAGE, parent_id=town).id for _ in sizes]
    for key, size in zip(keys, sizes, strict=True):
        people(w, key, size)
    return [town, *keys]


def people(w: Writer, place: int, size: int, *, since: date = date(2010, 1, 1), **values: Any) -> list[int]:
    """So many people, men born in 1964 unless said otherwise, who live in a place."""
    made = [person(w, **{"sex": Sex.MALE, "birth_date": date(1964, 5, 6), **values}).id for _ in range(size)]
    for key in made:
        residence(w, key, place, valid_from=since)
    return made


def counts(session: Session, as_of: date, measure: str = "AGE_60") -> dict[int, int | None]:
    """The published counts of a measure by division."""
    count = PublishedCount
    found = select(count.division_id, count.people).join(PublishedEdition, PublishedEdition.id == count.edition_id)
    found = found.where(PublishedEdition.as_of == as_of, count.measure == PublishedMeasure[measure])
    return {row.division_id: row.people for row in session.execute(found)}


def test_a_small_village_takes_the_next_smallest_with_it_and_the_town_is_exact(session: Session) -> None:
    w = writer(session)
    town, small, middle, large = villages(w, 3, 6, 9)
    publish(w, SPRING)
    assert counts(session, SPRING) == {town: 18, small: None, middle: None, large: 9}


def test_people_who_live_in_no_village_are_protected_as_well(session: Session) -> None:
    w = writer(session)
    town, first, second = villages(w, 6, 9)
    people(w, town, 2)  # town - villages would tell them
    publish(w, SPRING)
    assert counts(session, SPRING) == {town: 17, first: None, second: 9}


def test_special_families_are_shown_from_ten_on(session: Session) -> None:
    w = writer(session)
    town, first, second, *_ = villages(w, 0, 0)
    for key in people(w, first, 9) + people(w, second, 12):
        membership(w, key, category=GroupCategory.FAMILY_PLANNING_SPECIAL)
    publish(w, SPRING)
    assert counts(session, SPRING, "FAMILY_PLANNING_SPECIAL") == {town: 21, first: None, second: None}


def test_a_group_that_adds_few_to_a_group_in_it_is_not_shown_beside_it(session: Session) -> None:
    w = writer(session)
    town = villages(w, 2)[0]  # 60 and over: 14, of them 12 women
    people(w, town, 12, sex=Sex.FEMALE)
    publish(w, SPRING)
    assert (counts(session, SPRING, "FEMALE_60")[town], counts(session, SPRING)[town]) == (12, None)


def test_a_count_that_hardly_moves_is_shown_as_it_was(session: Session) -> None:
    w = writer(session)
    town, first, second = villages(w, 10, 20)
    publish(w, SPRING)
    people(w, first, 1, since=date(2026, 2, 1))
    people(w, second, 8, since=date(2026, 2, 1))
    done = publish(w, SUMMER)
    assert counts(session, SUMMER) == {town: 39, first: 10, second: 28}
    assert done.kept > 0


def test_an_edition_is_published_once_and_stays(session: Session) -> None:
    w = writer(session)
    town, first, _second = villages(w, 10, 20)
    assert publish(w, SPRING).new
    people(w, first, 9)
    assert not publish(w, SPRING).new
    assert counts(session, SPRING)[town] == 30


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2026, 7, 1), date(2025, 10, 1)])
def test_only_past_first_days_of_quarters_in_their_order_are_published(session: Session, day: date) -> None:
    w = writer(session)
    villages(w, 6)
    publish(w, SPRING)
    with refused("EDITION_DAY"):
        publish(w, day)


def test_every_measure_comes_after_what_it_contains() -> None:
    places = {measure: place for place, measure in enumerate(order())}
    assert len(places) == len(PublishedMeasure)
    assert all(places[inner] < places[outer] for inner in places for outer in containing(inner))
    assert latest_day(date(2026, 3, 31)) == SPRING


@pytest.fixture
def session(sqlite_engine: object, request: pytest.FixtureRequest) -> Iterator[Session]:
    """A session on both databases in turn would take twice as long; the statements are those of groups, proved elsewhere."""
    with Session(sqlite_engine) as opened:  # type: ignore[call-overload]
        yield opened


def test_editions_are_the_same_on_postgresql(postgres_engine: object) -> None:
    with Session(postgres_engine) as session:  # type: ignore[call-overload]
        w = writer(session)
        town, small, middle, large = villages(w, 3, 6, 9)
        publish(w, SPRING)
        assert counts(session, SPRING) == {town: 18, small: None, middle: None, large: 9}
        assert session.scalar(select(Division.level).where(Division.id == town)) == Level.TOWN
