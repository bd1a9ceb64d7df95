"""What a mutation answers, done or refused, tells nobody of somebody else's people."""

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from asker import Asker
from graphql import get_named_type, is_leaf_type, is_object_type
from marked import MARK, mark, open_marks, viewers
from oracle import Facts
from planted import TODAY, plant
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from test_hostile_writes import Sender

from eldercare.api.schema import Api
from eldercare.security.principal import Principal
from factories import KEYS

ROWS = 12
SCOPES = frozenset({"read", "write", "plan", "reveal", "export", "admin"})
TOLD_APART = {"reveal": "it opens what is masked, of one's own people alone: test_access.py"}
"""Mutations that may tell more than a record shows, and where that is proved."""


@pytest.fixture(scope="module")
def facts(empty_engine: Engine) -> Facts:
    with Session(empty_engine) as session:
        plant(session, seed=5, rows=ROWS)
        marks = mark(session)
    return replace(Facts.read(empty_engine, TODAY), marks=marks)


@pytest.fixture(scope="module")
def ask(api: Api, empty_url: str, empty_engine: Engine, asking: Callable[..., Asker], facts: Facts) -> Asker:
    return asking(empty_url, empty_engine, services={"keys": KEYS})


def selection(kind: Any, depth: int = 2) -> str:
    """Every plain field of a payload and of the records in it."""
    parts = []
    for name, field in kind.fields.items():
        below = get_named_type(field.type)
        if field.args or name == "errors":
            continue
        if is_leaf_type(below):
            parts.append(name)
        elif is_object_type(below) and depth and (inner := selection(below, depth - 1)):
            parts.append(f"{name} {{ {inner} }}")
    return " ".join(parts)


def tell_nothing_beyond(ask: Asker, facts: Facts, names: Iterable[str], people: list[Principal]) -> int:
    """Send each mutation as somebody, with the ids of anybody; how many were done."""
    api, done = ask.executor.api, 0
    sender, known = Sender(api, 1, last=ROWS), {each.id: open_marks(facts, each) for each in people}
    for i, name in enumerate(names):
        kind = get_named_type(api.schema.mutation_type.fields[name].type)  # type: ignore[union-attr]
        query, values = sender.mutation(name, selection(kind))
        viewer = people[i % len(people)]
        answer = ask(query, values, viewer=viewer)
        text = json.dumps(answer)
        assert '"INTERNAL"' not in text, (viewer, query, values, answer)
        assert set(MARK.findall(text)) <= known[viewer.id], (viewer, query, values, answer)
        done += bool(answer.get("data") and answer["data"]["done"] and not answer["data"]["done"]["errors"])
    return done


def writers(facts: Facts) -> list[Principal]:
    return [replace(each, scopes=SCOPES) for each in viewers(facts)]


def names(api: Api) -> list[str]:
    """Every mutation of the schema but those about studies, which are about nobody."""
    every = api.schema.mutation_type.fields  # type: ignore[union-attr]
    assert TOLD_APART.keys() <= every.keys()
    return [name for name in sorted(every) if name not in TOLD_APART and "Study" not in name]


@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_some_payloads_tell_nothing_beyond(ask: Asker, facts: Facts) -> None:
    tell_nothing_beyond(ask, facts, names(ask.executor.api)[::12], writers(facts))


@pytest.mark.long
@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
def test_every_payload_tells_nothing_beyond(ask: Asker, facts: Facts) -> None:
    """Each as the county, which may do most, and as one of the others in turn."""
    people = writers(facts)
    for part in (people[3:4], people):
        tell_nothing_beyond(ask, facts, names(ask.executor.api), part)
