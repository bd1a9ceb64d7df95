"""The audit trail tells who read whose data, and any change of it shows."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.orm import Session

import factories as make
from eldercare.kit.errors import InvalidInput
from eldercare.registry import LivingArrangement
from eldercare.registry.audit import (
    Action,
    AuditDocument,
    AuditEvent,
    AuditHead,
    AuditPerson,
    Entry,
    Through,
    append,
    linked,
    write,
)
from eldercare.registry.audit_check import Breach, Head, events, head_of, verify
from eldercare.registry.audit_pruning import AuditCheckpoint, prune
from eldercare.security.principal import SYSTEM, Principal, Role

LI = Principal("eld_li", Role.VILLAGE_WORKER)
WHO = Through('query Who { person(id: "") { name } }', "Who")


def entries(many: int) -> list[Entry]:
    return [
        Entry("eld_li", "VILLAGE_WORKER", Action.READ, "person", (), (n, n + 1), "visit", WHO, f"request-{n}")
        for n in range(1, many + 1)
    ]


def breach(connection: Connection, *anchors: Head) -> Breach | None:
    return verify(connection, anchors)


def test_what_a_transaction_did_is_chained_when_it_commits(session: Session) -> None:
    append(session, principal=LI, action=Action.READ, noun="person", people=[8, 7, 7], document=WHO, request_id="r1")
    append(session, principal=LI, action=Action.REVEAL, noun="person", keys=[7], people=[7], reason="lost card")
    assert session.scalars(select(AuditEvent)).all() == []
    session.commit()
    one, two = session.scalars(select(AuditEvent).order_by(AuditEvent.number)).all()
    assert (one.number, one.principal, one.role, one.action, one.operation) == (
        1,
        "eld_li",
        "VILLAGE_WORKER",
        "READ",
        "Who",
    )
    assert (two.number, two.reason, two.keys, two.document) == (2, "lost card", [7], None)
    people = session.execute(select(AuditPerson.event, AuditPerson.person_id).order_by(AuditPerson.event)).all()
    assert sorted(tuple(each) for each in people) == [(1, 7), (1, 8), (2, 7)]
    assert breach(session.connection()) is None


def test_what_was_rolled_back_is_not_told(session: Session) -> None:
    append(session, principal=LI, action=Action.READ, people=[1])
    session.rollback()
    append(session, principal=LI, action=Action.READ, people=[2])
    given_up = session.begin_nested()
    append(session, principal=LI, action=Action.READ, people=[3])
    with session.begin_nested():
        append(session, principal=LI, action=Action.READ, people=[4])
    given_up.rollback()
    with session.begin_nested():
        append(session, principal=LI, action=Action.READ, people=[5])
    session.commit()
    append(session, principal=LI, action=Action.READ, people=[6])
    session.close()
    session.commit()
    assert session.scalars(select(AuditPerson.person_id).order_by(AuditPerson.person_id)).all() == [2, 5]


def test_many_writers_make_one_chain(engine: Engine) -> None:
    def work(name: str) -> None:
        for n in range(5):
            with Session(engine) as session:
                append(session, principal=Principal(name, Role.TOWN_OFFICER), action=Action.READ, people=[n])
                session.commit()

    threads = [threading.Thread(target=work, args=(f"eld_{n}",)) for n in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with engine.connect() as connection:
        assert breach(connection) is None
        assert head_of(connection).number == 20


def test_changes_tell_whom_they_are_about(session: Session) -> None:
    w = make.writer(session, request_id="r9")
    home = make.facility(w)
    one, other = make.person(w), make.person(w)
    session.commit()
    # whose territory it is stands elsewhere; here it matters who is told
    everywhere = replace(LI, role=Role.SYSTEM, scopes=SYSTEM.scopes)
    w = make.writer(session, author="eld_li", principal=everywhere, document=WHO)
    make.residence(w, one.id, home.division_id)
    make.living(w, other.id)
    found = make.living(w, one.id)
    w.annul(LivingArrangement, found.id, reason="a mistake")
    session.commit()
    found_events = {
        (row.principal, row.action.value, row.noun, row.reason, row.operation): people
        for row, people in events(session.connection())
    }
    assert found_events["test", "CHANGE", "person", None, None] == [one.id, other.id]
    assert found_events["test", "CHANGE", "facility", None, None] == []
    assert found_events["eld_li", "CHANGE", "living_arrangement", None, "Who"] == [one.id, other.id]
    assert found_events["eld_li", "CHANGE", "living_arrangement", "a mistake", "Who"] == [one.id]


# Any single change is found.

Change = Callable[[Connection, Any], object]
EVENT: dict[str, Any] = {
    "principal": "eld_wang", "role": "PUBLIC", "action": Action.EXPORT, "noun": "stay", "keys": [3], "reason": None,
    "document": None, "operation": "Other", "request_id": "other", "link": bytes(32), "number": 77,
}  # fmt: skip


def alter(name: str) -> Change:
    return lambda c, n: c.execute(update(AuditEvent).where(AuditEvent.number == n).values({name: EVENT[name]}))


def later(connection: Connection, n: int) -> None:
    at = connection.scalar(select(AuditEvent.recorded_at).where(AuditEvent.number == n))
    moved = update(AuditEvent).where(AuditEvent.number == n).values(recorded_at=at + timedelta(microseconds=1))
    connection.execute(moved)


def swap(connection: Connection, n: int) -> None:
    other = n % 5 + 1
    for old, new in ((n, 90), (other, n), (90, other)):
        for column in (AuditEvent.number, AuditPerson.event):
            connection.execute(update(column.class_).where(column == old).values({column.key: new}))


def added(connection: Connection, n: int) -> None:
    row = connection.execute(select(*AuditEvent.__table__.c).where(AuditEvent.number == n)).mappings().one()
    connection.execute(insert(AuditEvent).values({**row, "number": 6 if n < 4 else 1 - n}))


CHANGES: dict[str, Change] = {
    **{name: alter(name) for name in EVENT},
    "recorded_at": later,
    "delete": lambda c, n: c.execute(delete(AuditEvent).where(AuditEvent.number == n)),
    "delete person": lambda c, n: c.execute(delete(AuditPerson).where(AuditPerson.event == n, AuditPerson.person_id == n)),
    "another person": lambda c, n: c.execute(insert(AuditPerson).values(event=n, person_id=99)),
    "person of nothing": lambda c, n: c.execute(insert(AuditPerson).values(event=n + 50, person_id=99)),
    "person moved": lambda c, n: c.execute(
        update(AuditPerson).where(AuditPerson.event == n, AuditPerson.person_id == n).values(person_id=98)
    ),
    "swap": swap,
    "insert": added,
    "head": lambda c, n: c.execute(update(AuditHead).values(number=n - 1)),
    "no head": lambda c, n: c.execute(delete(AuditHead)),
    "document": lambda c, n: c.execute(update(AuditDocument).values(text="{ nothing }")),
    "no document": lambda c, n: c.execute(delete(AuditDocument)),
    "document of nothing": lambda c, n: c.execute(insert(AuditDocument).values(digest="ab" * 32, text="{ nothing }")),
}  # fmt: skip


@pytest.fixture
def five(engine: Engine) -> Engine:
    with engine.begin() as connection:
        write(connection, entries(5))
    return engine


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(number=st.integers(1, 5))
def test_any_single_change_is_found(number: int, five: Engine) -> None:
    with five.connect() as connection:
        unnoticed = []
        for name, change in CHANGES.items():
            assert breach(connection) is None
            change(connection, number)
            unnoticed += [name] if breach(connection) is None else []
            connection.rollback()
    assert unnoticed == []


def test_the_breach_names_the_first_broken_link(five: Engine) -> None:
    with five.begin() as connection:
        alter("reason")(connection, 3)
        assert breach(connection) == Breach(
            3, "the event or its people are not what was written, or it is not in its place"
        )


def test_a_trail_written_anew_is_not_the_one_whose_head_was_kept(five: Engine) -> None:
    with five.begin() as connection:
        kept = head_of(connection)
        assert breach(connection, kept, Head.read(str(kept))) is None
        for table in (AuditEvent, AuditPerson):
            connection.execute(delete(table))
        connection.execute(update(AuditHead).values(number=0, link=bytes(32)))
        write(connection, entries(4))
        assert breach(connection) is None
        assert breach(connection, kept) == Breach(5, "event 5, whose head was kept, is missing")
        write(connection, entries(1))
        assert breach(connection, kept) == Breach(5, "the head that was kept of this event is another one")


# What is old is cut off, and the rest can still be proved.

OLD, BEFORE, NOW = datetime(2015, 3, 1, tzinfo=UTC), date(2016, 1, 1), date(2026, 6, 1)


@pytest.fixture
def cut(engine: Engine) -> Engine:
    """Three events of long ago that were cut off, and three that stay; the trail was cut once before."""
    with engine.begin() as connection:
        write(connection, [replace(each, at=OLD.replace(year=2010)) for each in entries(2)])
    with engine.begin() as connection:
        write(connection, [replace(each, at=OLD, through=Through("{ old }")) for each in entries(3)] + entries(3))
    for before in (date(2012, 1, 1), BEFORE):
        with Session(engine) as session:
            assert prune(session, before, principal=LI, today=NOW) is not None
            session.commit()
    return engine


def test_what_is_old_is_cut_off_behind_a_checkpoint(cut: Engine) -> None:
    with Session(cut) as session:
        first, second = session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.number))
        assert (first.number, first.events, second.number, second.events, second.cut_by) == (2, 2, 5, 3, "eld_li")
        left = session.scalars(select(AuditEvent).order_by(AuditEvent.number)).all()
        assert [(each.number, each.action.value) for each in left] == [
            *((number, "READ") for number in (6, 7, 8)),
            *((number, "PRUNED") for number in (9, 10)),
        ]
        assert set(session.scalars(select(AuditPerson.event))) == {6, 7, 8}
        assert session.scalars(select(AuditDocument.text)).all() == [WHO.text]
        assert breach(session.connection()) is None
        assert breach(session.connection(), Head(5, bytes(second.link)), Head(1, bytes(32))) is None
        assert breach(session.connection(), Head(5, bytes(32))) is not None


def test_years_that_must_be_kept_are_not_cut_off(cut: Engine) -> None:
    with Session(cut) as session, pytest.raises(InvalidInput) as caught:
        prune(session, date(2025, 1, 1), principal=LI, today=NOW)
    assert caught.value.code == "AUDIT_TOO_YOUNG"
    with Session(cut) as session:
        assert prune(session, BEFORE, principal=LI, today=NOW) is None


def further(connection: Connection, n: int) -> None:
    """One more event cut off than was told, as somebody would who hides it."""
    link = connection.scalar(select(AuditEvent.link).where(AuditEvent.number == 6))
    connection.execute(delete(AuditEvent).where(AuditEvent.number == 6))
    connection.execute(delete(AuditPerson).where(AuditPerson.event == 6))
    connection.execute(update(AuditCheckpoint).where(AuditCheckpoint.number == 5).values(number=6, link=link))


def reseal(connection: Connection, n: int) -> None:
    """The newest checkpoint says fewer events, with a seal that fits."""
    with Session(connection) as session:
        first, last = session.scalars(select(AuditCheckpoint).order_by(AuditCheckpoint.number))
        last.events = 2
        last.seal = linked(bytes(first.seal), last.content())
        session.flush()


def of_checkpoint(**values: Any) -> Change:
    return lambda c, n: c.execute(update(AuditCheckpoint).where(AuditCheckpoint.number == 5).values(**values))


@pytest.mark.parametrize(
    "change",
    [
        of_checkpoint(number=4), of_checkpoint(link=bytes(32)), of_checkpoint(events=2), of_checkpoint(cut_by="eld_wang"),
        of_checkpoint(first_at=OLD.replace(year=2014)), of_checkpoint(last_at=OLD.replace(year=2014)),
        of_checkpoint(cut_at=OLD), of_checkpoint(seal=bytes(32)),
        lambda c, n: c.execute(delete(AuditCheckpoint)),
        lambda c, n: c.execute(delete(AuditCheckpoint).where(AuditCheckpoint.number == 5)),
        lambda c, n: c.execute(delete(AuditCheckpoint).where(AuditCheckpoint.number == 2)),
        lambda c, n: c.execute(insert(AuditPerson).values(event=3, person_id=9)),
        further, reseal, lambda c, n: CHANGES["delete"](c, 10), lambda c, n: CHANGES["reason"](c, 10),
    ],
)  # fmt: skip
def test_a_checkpoint_that_was_touched_is_found(cut: Engine, change: Change) -> None:
    with cut.connect() as connection:
        assert breach(connection) is None
        change(connection, 0)
        assert breach(connection) is not None
        connection.rollback()
