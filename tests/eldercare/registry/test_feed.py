"""The change feed: in order, without gaps, each import record by record, with word of what is gone or has left."""

import time
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, aliased

import factories as make
from eldercare.kit.errors import InvalidInput
from eldercare.registry import ENTITIES, Person, Residence
from eldercare.registry.feed import Eyes, Page, Spot, page
from eldercare.registry.person import ResidenceBase
from eldercare.registry.query import entity_class
from eldercare.security.principal import SYSTEM, Principal, Role

TODAY = make.TODAY
BEGINNING = Spot()


def read(session: Session, after: Spot = BEGINNING, *, first: int = 100, nouns: Any = ENTITIES, **eyes: Any) -> Page:
    found = page(Eyes(session, SYSTEM, TODAY, **eyes), after, first=first, nouns=nouns)
    session.commit()
    return found


def in_time(session: Session, after: Spot = BEGINNING, *, many: int = 1, **options: Any) -> list[tuple[str, int, str]]:
    """The events after a place, as soon as there are so many: other tests' transactions may hold them back."""
    for _ in range(200):
        found = read(session, after, **options)
        if len(found.events) >= many:
            break
        time.sleep(0.05)
    return [(each.noun.__name__, each.key, each.kind.value) for each in found.events]


def now(session: Session) -> Spot:
    """The place behind everything that was committed so far."""
    last = make.source(make.writer(session)).id
    session.commit()
    for _ in range(200):
        found = read(session, first=500)
        if found.events and (found.events[-1].noun.__name__, found.events[-1].key) == ("Source", last):
            return found.spot
        time.sleep(0.05)
    raise AssertionError("the log did not settle")


def test_what_happens_to_a_record_is_told_in_order_with_the_columns_that_changed(session: Session) -> None:
    w = make.writer(session)
    session.commit()
    start = now(session)
    w = make.writer(session)
    somebody = make.person(w)
    membership = make.membership(w, somebody.id)
    w.correct(Person, somebody.id, {"deceased_on": date(2026, 5, 1)})
    w.annul(type(membership), membership.id, reason="never determined")
    session.commit()
    key = somebody.id
    told = [("Person", key, "CREATED"), ("Person", key, "CORRECTED"), ("GroupMembership", membership.id, "ANNULLED")]
    assert in_time(session, start, many=3) == told
    events = read(session, start).events
    assert [each.columns for each in events] == [(), ("deceased_on",), ()]
    assert [each.gone for each in events] == [False, False, True]
    assert read(session, events[-1].spot).events == []


def test_an_import_is_told_record_by_record_and_resumed_in_its_middle(session: Session) -> None:
    w = make.writer(session)
    session.commit()
    start = now(session)
    w = make.writer(session)
    rows = [{"name": f"王{i}", "sex": "FEMALE", "birth_date": date(1940, 1, 1)} for i in range(5)]
    keys = list(w.load(Person, rows))
    w.verify()
    session.commit()
    in_time(session, start, many=5)
    told, after = [], start
    while found := read(session, after, first=2).events:
        told += [each.key for each in found]
        after = Spot.read(str(found[-1].spot))
    assert told == keys


def test_a_slow_transaction_cannot_slip_behind_a_follower(postgres_engine: Engine) -> None:
    with Session(postgres_engine) as first:
        make.writer(first)
        first.commit()
    with Session(postgres_engine) as slow, Session(postgres_engine) as fast, Session(postgres_engine) as reader:
        start = now(reader)
        somebody = make.person(make.writer(slow))
        other = make.person(make.writer(fast))
        fast.commit()
        seen = read(reader, start)
        slow.commit()
        later = in_time(reader, seen.spot, many=2 - len(seen.events))
        assert {key for _, key, _ in later} | {each.key for each in seen.events} == {somebody.id, other.id}


def test_who_moves_out_of_what_is_asked_for_is_told_to_have_left(session: Session) -> None:
    w = make.writer(session)
    here, there, somebody = make.division(w), make.division(w), make.person(w)
    home = make.residence(w, somebody.id, here.id, base=ResidenceBase.RESIDENT, valid_from=date(2020, 1, 1))
    session.commit()
    start = now(session)

    def lives_here(entity: Any, view: Any) -> list[Any]:
        residence = aliased(Residence)
        of = entity.id if entity_class(entity) is Person else entity.person_id
        lives = residence.division_id == here.id
        ends = (residence.valid_to.is_(None)) | (residence.valid_to > view.as_of)
        return [of.in_(select(residence.person_id).where(lives, ends))]

    w = make.writer(session)
    w.end(Residence, home.id, date(2026, 5, 1))
    make.residence(w, somebody.id, there.id, base=ResidenceBase.RESIDENT, valid_from=date(2026, 5, 1))
    session.commit()
    nouns = (Person, Residence)
    told = in_time(session, start, nouns=nouns, condition=lives_here)
    assert ("Person", somebody.id, "LEFT") in told
    assert ("Person", somebody.id, "MOVED") not in told
    back = now(session)
    w = make.writer(session)
    last = max(residence.id for residence in session.query(Residence))
    w.end(Residence, last, date(2026, 5, 20))
    make.residence(w, somebody.id, here.id, base=ResidenceBase.RESIDENT, valid_from=date(2026, 5, 20))
    session.commit()
    assert ("Person", somebody.id, "MOVED") in in_time(session, back, nouns=nouns, condition=lives_here)


@pytest.mark.parametrize("text", ["x", "1", "1-2-3", "-1-2", "1-2.", "１-2", "9999999999999999999-1", "1-2.x"])
def test_a_place_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="CHANGE_POSITION"):
        Spot.read(text)


def test_a_territory_is_told_who_leaves_it_and_nothing_of_others(session: Session) -> None:
    w = make.writer(session)
    here, there, elsewhere, somebody, stranger = (
        make.division(w), make.division(w), make.division(w), make.person(w), make.person(w),
    )  # fmt: skip
    base = ResidenceBase.RESIDENT
    home = make.residence(w, somebody.id, here.id, base=base, valid_from=date(2020, 1, 1))
    make.residence(w, stranger.id, elsewhere.id, base=base, valid_from=date(2020, 1, 1))
    session.commit()
    start = now(session)
    w = make.writer(session)
    w.end(Residence, home.id, date(2026, 5, 1))
    make.residence(w, somebody.id, there.id, base=base, valid_from=date(2026, 5, 1))
    make.membership(w, somebody.id)
    make.membership(w, stranger.id)
    w.correct(Person, stranger.id, {"deceased_on": date(2026, 5, 1)})
    session.commit()

    def told(division: int) -> set[tuple[str, int, str]]:
        eyes = Eyes(session, Principal("somebody", Role.COUNTY_ADMIN, division), TODAY)
        found = page(eyes, start, first=100, nouns=ENTITIES).events
        session.commit()
        return {(each.noun.__name__, each.key, each.kind.value) for each in found}

    in_time(session, start, many=5)
    assert ("Person", somebody.id, "LEFT") in told(here.id)
    assert {kind for noun, _, kind in told(here.id) if noun == "Person"} == {"LEFT"}
    assert not [each for each in told(here.id) if each[0] == "GroupMembership"]
    assert ("Person", somebody.id, "MOVED") in told(there.id)
    assert ("Person", stranger.id, "CORRECTED") in told(elsewhere.id)
    for division in (here.id, there.id):
        assert not [each for each in told(division) if each[:2] == ("Person", stranger.id)]
