"""An unchanged answer need not be made again: its tag says so, whatever transactions overlap, whoever asks, and at midnight."""

import asyncio
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from asker import Asker
from planted import TODAY
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import factories as make
from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Answer, Executor
from eldercare.api.schema import Api
from eldercare.kit.work import PROCESS
from eldercare.security.principal import Principal, Role

QUERY = "{ people(history: true) { totalCount } }"


@pytest.fixture
def ask(api: Api, engine: Engine, database_url: str) -> Iterator[Asker]:
    loop = asyncio.new_event_loop()
    executor = Executor(api, open_reads(database_url, size=2), engine, today=lambda: TODAY)
    yield Asker(loop, executor)
    loop.run_until_complete(executor.reads.close())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


def tagged(ask: Asker, *known: str, query: str = QUERY, **options: Any) -> Answer:
    return ask.answer(query, tags=known, **options)


def test_an_unchanged_answer_is_not_made_again(ask: Asker) -> None:
    first = tagged(ask)
    before = PROCESS.statements
    again = tagged(ask, "x", first.tag)
    assert (again.unchanged, again.body, again.tag) == (True, b"", first.tag)
    assert PROCESS.statements == before + 1, "only the state of the log was read"


def test_a_change_changes_the_tag_and_a_rolled_back_one_does_not(ask: Asker, session: Session) -> None:
    kept = tagged(ask).tag
    w = make.writer(session)
    session.rollback()
    assert tagged(ask, kept).unchanged
    w = make.writer(session)
    make.person(w)
    session.commit()
    changed = tagged(ask, kept)
    assert not changed.unchanged
    assert b'"totalCount":1' in changed.body


def test_a_commit_beside_a_slow_transaction_is_not_overlooked(ask: Asker, engine: Engine) -> None:
    """The feed waits for the older transaction, a read does not: the tag must follow the read."""
    if engine.dialect.name == "sqlite":
        return  # there is one writer at a time
    with Session(engine) as first:
        make.writer(first)
        first.commit()
    with Session(engine) as slow, Session(engine) as fast:
        make.division(make.writer(slow))
        kept = tagged(ask)
        make.person(make.writer(fast))
        fast.commit()
        seen = tagged(ask, kept.tag)
        assert (seen.unchanged, b'"totalCount":1' in seen.body) == (False, True)
        assert tagged(ask, seen.tag).unchanged
        make.person(make.writer(slow))
        slow.commit()
        last = tagged(ask, seen.tag)
        assert (last.unchanged, b'"totalCount":2' in last.body) == (False, True)


def test_the_day_is_part_of_the_tag(ask: Asker) -> None:
    kept = tagged(ask).tag
    ask.executor.today = lambda: date(2026, 11, 2)
    assert not tagged(ask, kept).unchanged


def test_a_tag_is_one_viewers_one_documents_and_one_set_of_variables(ask: Asker) -> None:
    query = "query Q($n: Int) { people(first: $n) { totalCount } }"
    some = Principal("wang", Role.TOWN_OFFICER, 4, fields=frozenset({"Person.name", "Person.sex"}))
    found = [
        tagged(ask, query=query, variables={"n": 1}),
        tagged(ask, query=query, variables={"n": 2}),
        tagged(ask, query=query + " ", variables={"n": 1}),
        tagged(ask, query=query, variables={"n": 1}, viewer=some),
        tagged(ask, query=query, variables={"n": 1}, viewer=Principal("wang", Role.TOWN_OFFICER, 5)),
    ]
    assert len({each.tag for each in found}) == len(found)
    assert tagged(ask, found[3].tag, query=query, variables={"n": 1}, viewer=some).unchanged
    assert not tagged(ask, found[3].tag, query=query, variables={"n": 1}).unchanged


@pytest.mark.parametrize("query", ["{ studies { totalCount } }", "{ people(first: 501) { totalCount } }", "{ nix }"])
def test_what_the_log_does_not_tell_of_has_no_tag(ask: Asker, query: str) -> None:
    assert tagged(ask, query=query).tag == ""
