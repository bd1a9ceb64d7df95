"""The small county of the tests of planning, in the databases of each test."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from small_county import County, fill


@pytest.fixture
def fill_county() -> Callable[[Session], County]:
    """Writes the small county into a session."""
    return fill


@pytest.fixture
def county(session: Session) -> County:
    """The small county, in the session of the test."""
    return fill(session)


@pytest.fixture
def county_engine(engine: Engine) -> Engine:
    """A database that holds the small county."""
    with Session(engine) as session, session.begin():
        fill(session)
    return engine


@pytest.fixture
def in_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches run in threads: for tests that are not about processes, whose start takes seconds."""
    monkeypatch.setattr("eldercare.jobs.worker.make_executor", ThreadPoolExecutor)
