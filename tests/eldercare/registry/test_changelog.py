"""The log of changes loses nothing, whatever transactions overlap."""

import time

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import factories as make
from eldercare.kit.errors import InvalidInput
from eldercare.registry.changelog import Position, changes_after, latest


def nouns(session: Session, position: Position) -> list[str]:
    return [change.noun for change in changes_after(session, position)]


def nouns_in_time(session: Session, position: Position, *, many: int) -> list[str]:
    """The nouns after a position, as soon as there are so many.

    PostgreSQL publishes what lies below the oldest transaction of the whole server, and other tests use the server too.
    """
    for _ in range(200):
        found = nouns(session, position)
        session.commit()
        if len(found) >= many:
            break
        time.sleep(0.05)
    return found


def test_changes_are_told_in_order_and_each_once(session: Session) -> None:
    w = make.writer(session)
    make.division(w)
    session.commit()
    assert nouns_in_time(session, Position(), many=2) == ["source", "division"]
    kept = latest(session)
    session.commit()
    make.person(w)
    session.commit()
    assert nouns_in_time(session, kept, many=1) == ["person"]
    assert nouns(session, latest(session)) == []


def test_an_empty_log_has_a_position_before_everything(session: Session) -> None:
    assert latest(session) == Position()


def test_a_limit_cuts_and_the_rest_follows(session: Session) -> None:
    w = make.writer(session)
    for _ in range(4):
        make.person(w)
    session.commit()
    nouns_in_time(session, Position(), many=5)
    position, seen = Position(), []
    while found := list(changes_after(session, position, limit=2)):
        seen += [change.number for change in found]
        position = Position(found[-1].transaction, found[-1].number)
    assert len(seen) == len(set(seen)) == 5


def test_what_is_rolled_back_is_never_told(session: Session) -> None:
    make.person(make.writer(session))
    session.rollback()
    assert nouns(session, Position()) == []


def test_a_slow_transaction_cannot_slip_behind_a_reader(postgres_engine: Engine) -> None:
    with Session(postgres_engine) as first:
        make.writer(first)
        first.commit()
    with Session(postgres_engine) as slow, Session(postgres_engine) as fast, Session(postgres_engine) as reader:
        make.division(make.writer(slow))
        make.person(make.writer(fast))
        fast.commit()
        seen = nouns_in_time(reader, Position(), many=1)
        kept = latest(reader)
        reader.commit()
        slow.commit()
        later = nouns_in_time(reader, kept, many=2)
    assert seen == ["source"]
    assert sorted(later) == ["division", "person"]


def test_a_transaction_that_numbered_late_but_began_early_is_not_lost(postgres_engine: Engine) -> None:
    with Session(postgres_engine) as session:
        make.writer(session)
        session.commit()
    with Session(postgres_engine) as early, Session(postgres_engine) as late, Session(postgres_engine) as reader:
        make.person(make.writer(early))
        make.person(make.writer(late))
        make.division(make.writer(early))
        early.commit()
        seen, kept = nouns(reader, Position()), latest(reader)
        reader.commit()
        late.commit()
        later = nouns_in_time(reader, kept, many=4 - len(seen))
        assert sorted(seen + later) == ["division", "person", "person", "source"]


@pytest.mark.parametrize("text", ["x", "1", "1-2-3", "-1-2", "1-x", "１-2"])
def test_a_position_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="CHANGE_POSITION"):
        Position.read(text)


def test_a_position_survives_being_written_down() -> None:
    assert Position.read(str(Position(12, 34))) == Position(12, 34)
