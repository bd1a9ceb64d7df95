"""Groups at a date: stored determinations, and those computed from living arrangements, assessments and birthdays."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, literal, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.registry import GroupMembership, Person
from eldercare.registry.change import Writer
from eldercare.registry.group import age, alive, at_least, holds, latest_level, resides_within
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import LivingKind, ResidenceBase
from eldercare.registry.query import View

C = GroupCategory
TODAY = make.TODAY


@pytest.fixture
def w(session: Session) -> Writer:
    return make.writer(session)


def view(day: date = TODAY) -> View:
    return View(literal(day))


def belongs(w: Writer, person_id: int, category: GroupCategory, day: date = TODAY) -> bool:
    query = select(holds(category, Person, view(day))).where(Person.id == person_id)
    return bool(w.session.scalar(query))


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(1940, 6, 1), date(2026, 5, 31), 85),
        (date(1940, 6, 1), date(2026, 6, 1), 86),
        (date(1936, 2, 29), date(2026, 2, 28), 89),
        (date(1936, 2, 29), date(2026, 3, 1), 90),
        (date(1936, 2, 29), date(2024, 2, 29), 88),
    ],
)
def test_age_counts_full_years(w: Writer, born: date, day: date, years: int) -> None:
    person = make.person(w, birth_date=born)
    assert w.session.scalar(select(age(Person, view(day))).where(Person.id == person.id)) == years


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(date(1935, 3, 1), date(2024, 2, 29))
@example(date(1935, 2, 28), date(2024, 2, 29))
@given(st.dates(date(1900, 1, 1), date(1960, 12, 31)), st.dates(date(2016, 1, 1), date(2026, 6, 1)))
def test_having_reached_an_age_is_the_same_as_being_that_old(engine: Engine, born: date, day: date) -> None:
    with Session(engine) as session:
        person = make.person(make.writer(session), birth_date=born)
        years = session.scalar(select(age(Person, view(day))).where(Person.id == person.id))
        assert years is not None
        reached = select(*(at_least(Person, years + more, view(day)) for more in (0, 1))).where(Person.id == person.id)
        assert tuple(map(bool, session.execute(reached).one())) == (True, False)
        expected = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        assert years == expected
        session.rollback()


def test_the_dead_and_the_merged_are_not_counted(w: Writer) -> None:
    kept = make.person(w)
    make.person(w, deceased_on=TODAY)
    make.person(w, merged_into_id=kept.id)
    dying = make.person(w, deceased_on=TODAY)
    living = w.session.scalars(select(Person.id).where(alive(Person, view()))).all()
    assert living == [kept.id]
    before = w.session.scalars(select(Person.id).where(alive(Person, view(TODAY - timedelta(1))))).all()
    assert dying.id in before


def test_a_determination_counts_from_its_first_day_to_the_day_before_its_end(w: Writer) -> None:
    person_id = make.person(w).id
    make.membership(w, person_id, valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))
    days = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1)]
    assert [belongs(w, person_id, C.EXTREMELY_POOR, day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    ("status", "counts"), [("PROPOSED", False), ("UNDER_REVIEW", False), ("EFFECTIVE", True), ("REVIEW_DUE", True)]
)
def test_only_effective_determinations_count(w: Writer, status: str, counts: bool) -> None:
    person_id = make.person(w).id
    make.membership(w, person_id, status=status)
    assert belongs(w, person_id, C.EXTREMELY_POOR) is counts


@pytest.mark.parametrize(
    ("kind", "alone", "empty"),
    [(LivingKind.ALONE, True, True), (LivingKind.WITH_SPOUSE, False, True), (LivingKind.WITH_CHILDREN, False, False)],
)
def test_living_alone_and_empty_nest_follow_from_the_living_arrangement(
    w: Writer, kind: LivingKind, alone: bool, empty: bool
) -> None:
    person_id = make.person(w).id
    make.living(w, person_id, kind=kind)
    assert belongs(w, person_id, C.LIVING_ALONE) is alone
    assert belongs(w, person_id, C.EMPTY_NEST) is empty
    assert not belongs(w, person_id, C.LIVING_ALONE, date(2014, 12, 31))


def test_advanced_age_begins_on_the_birthday(w: Writer) -> None:
    person_id = make.person(w, birth_date=date(1946, 6, 1)).id
    assert not belongs(w, person_id, C.ADVANCED_AGE_80, date(2026, 5, 31))
    assert belongs(w, person_id, C.ADVANCED_AGE_80, date(2026, 6, 1))
    assert not belongs(w, person_id, C.ADVANCED_AGE_90)


def test_disability_follows_from_the_newest_assessment_that_may_be_relied_on(w: Writer) -> None:
    person_id = make.person(w).id
    make.assessment(w, person_id, assessed_on=date(2026, 1, 1), total=40)
    make.assessment(w, person_id, assessed_on=date(2026, 4, 1), total=90)
    level = select(latest_level(Person, view(date(2026, 3, 1)))).where(Person.id == person_id)
    assert w.session.scalar(level) == 3
    assert belongs(w, person_id, C.DISABLED_ABILITY, date(2026, 3, 1))
    assert not belongs(w, person_id, C.DISABLED_ABILITY, date(2026, 5, 1))
    assert not belongs(w, person_id, C.DISABLED_ABILITY, date(2025, 12, 1))


def test_an_assessment_expires(w: Writer) -> None:
    person_id = make.person(w).id
    make.assessment(w, person_id, assessed_on=date(2025, 6, 1))
    assert belongs(w, person_id, C.DISABLED_ABILITY, date(2025, 11, 30))
    assert not belongs(w, person_id, C.DISABLED_ABILITY, date(2025, 12, 1))


def test_special_difficulty_is_the_union_of_its_groups(w: Writer) -> None:
    nobody, lonely, alone, disabled, rich = (make.person(w).id for _ in range(5))
    make.membership(w, lonely, category=C.LONELY)
    make.living(w, alone)
    make.assessment(w, disabled)
    make.membership(w, rich, category=C.DIBAO)
    found = [belongs(w, key, C.SPECIAL_DIFFICULTY) for key in (nobody, lonely, alone, disabled, rich)]
    assert found == [False, True, True, True, False]


def test_either_base_places_a_person_in_a_territory_unless_one_is_asked_for(w: Writer) -> None:
    here, there = make.division(w), make.division(w)
    person_id = make.person(w).id
    make.residence(w, person_id, here.id)
    make.residence(w, person_id, there.id, base=ResidenceBase.HUKOU)

    def inside(key: int, base: ResidenceBase | None = None, day: date = TODAY) -> bool:
        query = select(resides_within(Person, key, view(day), base=base)).where(Person.id == person_id)
        return bool(w.session.scalar(query))

    assert inside(here.id)
    assert inside(there.id)
    assert not inside(there.id, ResidenceBase.RESIDENT)
    assert not inside(here.id, day=date(2009, 12, 31))


def test_a_person_who_moved_is_counted_where_they_lived_then(w: Writer) -> None:
    old, new = make.division(w), make.division(w)
    person_id = make.person(w).id
    make.residence(w, person_id, old.id, valid_to=date(2020, 1, 1))
    make.residence(w, person_id, new.id, valid_from=date(2020, 1, 1))
    for day, key in ((date(2019, 12, 31), old.id), (date(2020, 1, 1), new.id)):
        query = select(Person.id).where(resides_within(Person, key, view(day)))
        assert w.session.scalars(query).all() == [person_id]


def test_every_category_can_be_asked_of_everybody(w: Writer) -> None:
    make.person(w)
    for category in GroupCategory:
        w.session.execute(select(Person.id).where(holds(category, Person, view()))).all()
    assert w.session.scalars(select(GroupMembership)).all() == []
