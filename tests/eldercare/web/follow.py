"""A server over a registry of its own, with the streams of the real one, for the tests of following."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session
from starlette.testclient import TestClient

import factories as make
from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Executor
from eldercare.api.schema import Api
from eldercare.api.subscribing import Subscriber
from eldercare.security.principal import SYSTEM, Principal
from eldercare.web.following import FollowLimits
from eldercare.web.server import Edge, make_server

TODAY = date(2026, 11, 1)
FEED = "subscription F($after: Cursor) { changes(after: $after) { nodes { id kind } pageInfo { endCursor } } }"


@contextmanager
def served(api: Api, url: str, engine: Engine, **edge: Any) -> Iterator[tuple[TestClient, Subscriber]]:
    """A client of a server that looks for changes twenty times a second, and what runs its subscriptions."""
    executor = Executor(api, open_reads(url, size=2), engine, today=lambda: TODAY)
    subscriber = Subscriber(executor, interval=0.05)
    edge.setdefault("follow", FollowLimits(keep_alive=0.2, init_seconds=0.2, per_connection=2))
    app = make_server(
        executor.execute,
        authenticate=edge.pop("authenticate", everybody),
        sdl=api.text,
        ready=lambda: None,
        edge=Edge(**edge),
        answers=subscriber.answers,
    )
    with TestClient(app) as client:
        yield client, subscriber
        assert client.portal
        client.portal.call(executor.reads.close)


async def everybody(_headers: Mapping[bytes, str], _address: str) -> Principal:
    """Lets everybody do everything."""
    return SYSTEM


def add_person(engine: Engine) -> None:
    """Record somebody, and what they need first."""
    with Session(engine) as session:
        make.person(make.writer(session))
        session.commit()
