"""Nobody lives in two places, and nobody without a bed, whatever is tried."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import factories as make
from eldercare.kit.errors import EldercareError, RuleViolation
from eldercare.registry import (
    CapacityPeriod,
    Stay,
)
from eldercare.registry.change import Writer
from eldercare.registry.entity import names_of


@pytest.fixture
def w(session: Session) -> Writer:
    return make.writer(session)


# 1: one open stay per person, and stays that do not overlap.


def copied(stay: Stay) -> dict[str, Any]:
    return {name: getattr(stay, name) for name in names_of(Stay) if name != "id"}


def test_nobody_lives_in_two_places(w: Writer) -> None:
    person_id = make.person(w).id
    make.stay(w, person_id, make.home(w))
    with make.refused("OVERLAP"):
        make.stay(w, person_id, make.home(w), admitted_on=date(2026, 1, 1))


def test_an_ended_stay_does_not_overlap_another(w: Writer) -> None:
    person_id, there = make.person(w).id, make.home(w)
    make.stay(w, person_id, there, **make.DISCHARGED)
    with make.refused("OVERLAP"):
        make.stay(w, person_id, there, admitted_on=date(2024, 5, 31), **make.DISCHARGED)
    make.stay(w, person_id, there, admitted_on=date(2024, 6, 1))


def test_the_database_itself_refuses_a_second_open_stay(w: Writer) -> None:
    stay = make.stay(w, make.person(w).id, make.home(w))
    row = copied(stay)
    with pytest.raises(IntegrityError), w.session.begin_nested():
        w.session.execute(insert(Stay).values(**row))


def test_postgresql_itself_refuses_overlapping_stays(postgres_engine: Engine) -> None:
    with Session(postgres_engine) as session:
        w = make.writer(session)
        stay = make.stay(w, make.person(w).id, make.home(w), **make.DISCHARGED)
        row = copied(stay)
        with pytest.raises(IntegrityError, match="ex_stay_person"), session.begin_nested():
            session.execute(insert(Stay).values(**row))


def test_two_connections_cannot_admit_the_same_person_at_once(engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        person_id, homes = make.person(w).id, [make.home(w), make.home(w)]
        session.commit()
    outcomes: list[str] = []

    def admit(facility_id: int) -> None:
        with Session(engine) as session:
            try:
                make.stay(make.writer(session), person_id, facility_id)
                session.commit()
                outcomes.append("admitted")
            except EldercareError as error:
                outcomes.append(error.code)

    threads = [threading.Thread(target=admit, args=(key,)) for key in homes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["OVERLAP", "admitted"]


# 2: beds.


def test_residents_never_exceed_open_beds_on_any_day(w: Writer) -> None:
    there = make.home(w, open=1)
    make.stay(w, make.person(w).id, there, **make.DISCHARGED)
    with make.refused("BEDS_EXCEEDED"):
        make.stay(w, make.person(w).id, there, admitted_on=date(2024, 5, 31))
    make.stay(w, make.person(w).id, there, admitted_on=date(2024, 6, 1))


def test_an_earlier_admission_cannot_take_a_bed_that_is_taken_later(w: Writer) -> None:
    there = make.home(w, open=1)
    make.stay(w, make.person(w).id, there, admitted_on=date(2024, 6, 1))
    with make.refused("BEDS_EXCEEDED"):
        make.stay(w, make.person(w).id, there, admitted_on=date(2024, 1, 1))


def test_beds_cannot_be_closed_under_residents(w: Writer) -> None:
    there = make.home(w, open=1)
    make.stay(w, make.person(w).id, there)
    period = w.session.scalars(select(CapacityPeriod)).one()
    with make.refused("BEDS_EXCEEDED"):
        w.correct(CapacityPeriod, period.id, {"open": 0})
    with make.refused("BEDS_EXCEEDED"):
        w.end(CapacityPeriod, period.id, date(2026, 1, 1))


def test_two_connections_cannot_take_the_last_bed_at_once(engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        there, people = make.home(w, open=1), [make.person(w).id for _ in range(3)]
        session.commit()
    outcomes: list[str] = []

    def admit(person_id: int) -> None:
        with Session(engine) as session:
            try:
                make.stay(make.writer(session), person_id, there)
                session.commit()
                outcomes.append("admitted")
            except EldercareError as error:
                outcomes.append(error.code)

    threads = [threading.Thread(target=admit, args=(key,)) for key in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["BEDS_EXCEEDED", "BEDS_EXCEEDED", "admitted"]


def test_more_open_than_filed_is_a_notice(w: Writer) -> None:
    make.capacity(w, make.facility(w).id, open=11, filed=10, designed=9)
    assert [notice.code for notice in w.warnings] == ["MORE_THAN_FILED", "MORE_THAN_DESIGNED"]


def test_capacity_has_no_gap(w: Writer) -> None:
    there = make.home(w, valid_to=date(2020, 1, 1))
    with make.refused("GAP"):
        make.capacity(w, there, valid_from=date(2020, 1, 2))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=8), st.integers(1, 3))
def test_whatever_is_accepted_leaves_a_bed_for_everybody(
    sqlite_engine: Engine, wishes: list[tuple[int, int]], beds: int
) -> None:
    start = date(2024, 1, 1).toordinal()
    with Session(sqlite_engine) as session:
        w = make.writer(session)
        there, people = make.home(w, open=beds), [make.person(w).id for _ in range(3)]
        for number, (first, length) in enumerate(wishes):
            last = date.fromordinal(start + first + length)
            try:
                make.stay(
                    w,
                    people[number % 3],
                    there,
                    admitted_on=date.fromordinal(start + first),
                    discharged_on=last,
                    discharge_reason="OTHER",
                )
            except RuleViolation:
                continue
        stays = session.scalars(select(Stay)).all()
        for day in range(start, start + 81):
            there_then = [s for s in stays if s.admitted_on.toordinal() <= day < _end(s)]
            assert len(there_then) <= beds
            assert len({s.person_id for s in there_then}) == len(there_then)
        session.rollback()


def _end(stay: Stay) -> int:
    assert stay.discharged_on is not None
    return stay.discharged_on.toordinal()


def test_a_discharge_cannot_be_taken_back_while_somebody_else_takes_the_bed(engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        there, newcomer = make.home(w, open=1), make.person(w).id
        ended = make.stay(w, make.person(w).id, there, **make.DISCHARGED).id
        session.commit()

    def reopen(w: Writer) -> None:
        w.correct(Stay, ended, {"discharged_on": None, "discharge_reason": None})

    def admit(w: Writer) -> None:
        make.stay(w, newcomer, there, admitted_on=date(2025, 1, 1))

    outcomes: list[str] = []
    both = threading.Barrier(2)

    def attempt(act: Callable[[Writer], None]) -> None:
        both.wait()
        with Session(engine) as session:
            try:
                act(make.writer(session))
                session.commit()
                outcomes.append("done")
            except EldercareError as error:
                outcomes.append(error.code)

    threads = [threading.Thread(target=attempt, args=(act,)) for act in (reopen, admit)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["BEDS_EXCEEDED", "done"]
