"""Hostile inputs, alone and at once: no 500, no unmasked message, no leaked row, no half-written change, on both databases."""

import random
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from hostile import Attack, Attacker
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis_graphql import from_schema, nodes
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

import factories as make
from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Executor
from eldercare.api.schema import Api, whole_api
from eldercare.api.subscribing import Subscriber
from eldercare.registry import ENTITIES, Change
from eldercare.registry.invariant import first_of
from eldercare.registry.invariants import INVARIANTS
from eldercare.security.principal import Principal, Role
from eldercare.web.authentication import unauthenticated
from eldercare.web.server import Edge, make_server

TODAY = date(2026, 11, 1)
QUICK, LONG = 60, 2_000
MARK = "钟离外人"
"""Part of the names of those whom the attacker must not see."""
INSIDE = (
    "Traceback",
    "sqlalchemy",
    "psycopg",
    "asyncpg",
    "sqlite3",
    'File \\"',
    "site-packages",
    "KeyError",
    "TypeError",
    "NoneType",
)


@pytest.fixture(scope="module")
def api() -> Api:
    return whole_api()


@pytest.fixture
def target(api: Api, engine: Engine, database_url: str) -> Iterator[TestClient]:
    """A server whose caller is an administrator of one county; in the other one live those who are marked."""
    with Session(engine) as session:
        w = make.writer(session)
        own, other = make.division(w), make.division(w)
        for division, name in ((own, "王"), (other, MARK)):
            for i in range(3):
                person = make.person(w, name=f"{name}{i}")
                make.residence(w, person.id, division.id)
                make.membership(w, person.id)
        session.commit()
        viewer = Principal("attacker", Role.COUNTY_ADMIN, own.id, scopes=frozenset({"read", "write"}))

    async def authenticate(headers: Mapping[bytes, str], _address: str) -> Principal:
        if headers.get(b"authorization") != "Bearer right":
            raise unauthenticated()
        return viewer

    executor = Executor(
        api, open_reads(database_url, size=4), engine, today=lambda: TODAY, services={"keys": make.KEYS}
    )
    app = make_server(
        executor.execute,
        authenticate=authenticate,
        sdl=api.text,
        ready=lambda: None,
        edge=Edge(body_limit=200_000),
        answers=Subscriber(executor, interval=0.05).answers,
    )
    with TestClient(app, raise_server_exceptions=False, follow_redirects=False) as client:
        yield client
        assert client.portal
        client.portal.call(executor.reads.close)


def attacker(api: Api, seed: int) -> Attacker:
    return Attacker(api.schema, api.catalogue.roots(), sorted(api.catalogue.nouns), random.Random(seed), "right")


def fired(client: TestClient, attack: Attack) -> Any:
    return client.request(
        attack.method,
        attack.path,
        headers={name: value.encode("latin-1", "replace") for name, value in attack.headers.items()},
        params=attack.params,
        content=attack.body,
    )


def judged(response: Any, attack: Attack) -> None:
    """What must be so whatever was asked."""
    told = f"{attack}\n{response.status_code} {response.text[:2000]}"
    assert response.status_code < 500, told
    assert '"INTERNAL"' not in response.text, told
    assert MARK not in response.text, told
    assert [word for word in INSIDE if word in response.text] == [], told
    assert response.headers.get("x-request-id") or response.status_code == 404, told


def consistent(engine: Engine) -> None:
    """No change is half-written: what must hold between records does, and each version of a record is in the log."""
    with Session(engine) as session:
        for noun in ENTITIES:
            keys = session.scalars(select(noun.id)).all()
            for rule in first_of(INVARIANTS, noun):
                if keys:
                    rule.enforce(session, noun, range(min(keys), max(keys) + 1))
            logged = select(Change.key, func.max(Change.version)).where(Change.noun == noun.__tablename__)
            last: dict[int, int] = dict(session.execute(logged.group_by(Change.key)).all())
            for key, version in session.execute(select(noun.id, noun.version)):
                assert last.get(key) == version, f"{noun.__name__} {key}"


def attacked(api: Api, target: TestClient, engine: Engine, seed: int, count: int) -> None:
    """So many hostile requests one after another, and a tenth as many at once."""
    source = attacker(api, seed)
    for _ in range(count):
        attack = source.next()
        judged(fired(target, attack), attack)
    together = [source.mutation() for _ in range(count // 10)]
    for attack in together:
        attack.headers["authorization"] = "Bearer right"
    with ThreadPoolExecutor(4) as threads:
        for attack, response in zip(together, threads.map(lambda each: fired(target, each), together), strict=True):
            judged(response, attack)
    consistent(engine)


def test_some_hostile_inputs(api: Api, target: TestClient, engine: Engine) -> None:
    attacked(api, target, engine, 20261125, QUICK)


@pytest.mark.long
def test_two_thousand_hostile_inputs(api: Api, target: TestClient, engine: Engine) -> None:
    attacked(api, target, engine, 4711, LONG)


SCALARS: dict[str, Any] = {
    "Date": st.dates().map(lambda day: nodes.String(day.isoformat())),
    "DateTime": st.just(nodes.String("2026-01-01T00:00:00Z")),
    "Cursor": st.text(max_size=20).map(nodes.String),
    "JSON": st.text(max_size=5).map(nodes.String),
    "Money": st.sampled_from(["1.00", "-1", "x"]).map(nodes.String),
}


@pytest.mark.long
def test_documents_of_hypothesis(api: Api, target: TestClient, engine: Engine) -> None:
    @settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(from_schema(api.text(), custom_scalars=SCALARS))
    def ask(query: str) -> None:
        attack = attacker(api, 1).posted(query)
        attack.headers["authorization"] = "Bearer right"
        judged(fired(target, attack), attack)

    ask()
    consistent(engine)
