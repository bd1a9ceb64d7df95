"""The composition root: settings go in, wired objects come out, and nothing is global."""

from pathlib import Path

from sqlalchemy import Engine, MetaData, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from eldercare import jobs, registry
from eldercare.kit.db import Base, open_engine
from eldercare.kit.errors import Unavailable
from eldercare.kit.settings import Settings, public
from eldercare.planning import run, study
from eldercare.registry import migrate

WITH_TABLES = (registry, jobs, study)
"""Importing a module declares its tables; migrations and their check need all of them."""


def tables() -> MetaData:
    """The tables of every room."""
    return Base.metadata


def open_registry(settings: Settings) -> Engine:
    """An engine on a database that answers; `Unavailable` DATABASE_UNREACHABLE when it does not."""
    make_folder(settings.database_url)
    engine = open_engine(settings.database_url, pool_size=settings.pool_size)
    try:
        answers(engine)
    except Unavailable:
        engine.dispose()
        raise
    return engine


def make_folder(url: str) -> None:
    """SQLite makes its file but not the folder around it."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)


def answers(engine: Engine) -> None:
    """Return when the database answers."""
    try:
        with engine.connect().execution_options(readonly=True) as connection:
            connection.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        raise Unavailable(
            "DATABASE_UNREACHABLE",
            f"The database {public(engine.url.render_as_string())} does not answer.",
            remedy="Start it, or correct the setting database_url (ELDERCARE_DATABASE_URL).",
        ) from None


def is_ready(engine: Engine) -> None:
    """Return when the database answers and has the newest schema."""
    answers(engine)
    if not migrate.is_newest(engine):
        raise Unavailable(
            "DATABASE_OLD", "The database has not the newest schema.", remedy="Run `eldercare db upgrade`."
        )


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema."""
    migrate.upgrade(engine, tables())


def make_worker(settings: Settings, engine: Engine) -> jobs.Worker:
    """A worker that knows every kind of job."""
    return jobs.Worker(engine, run.tasks(), lease=settings.job_lease, processes=settings.job_processes)
