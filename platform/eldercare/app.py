"""The composition root: settings go in, wired objects come out, and nothing is global."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, MetaData, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.types import ASGIApp

from eldercare import jobs, registry
from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Executor
from eldercare.api.limits import Limits
from eldercare.api.schema import whole_api
from eldercare.api.subscribing import Subscriber
from eldercare.api.trusted import Trusted
from eldercare.api.usage import Usage
from eldercare.kit import clock, log
from eldercare.kit.db import Base, open_engine
from eldercare.kit.errors import Unavailable
from eldercare.kit.settings import Settings, public
from eldercare.planning import run, study
from eldercare.registry import idempotency, migrate, reencryption
from eldercare.registry.entity import now
from eldercare.registry.usage import add as add_usage
from eldercare.reporting.paper import take_away
from eldercare.security.cipher import KeyRing
from eldercare.web import listen as listening
from eldercare.web import tracing
from eldercare.web.authentication import Door, Pace
from eldercare.web.exports import export_routes
from eldercare.web.following import FollowLimits
from eldercare.web.gate import Gate
from eldercare.web.proof import Prover, open_proof
from eldercare.web.server import Edge, make_server

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


def has_tables(engine: Engine) -> bool:
    """Whether anything is in the database at all."""
    return bool(inspect(engine).get_table_names())


def empty(engine: Engine) -> None:
    """Drop every table of ours and make them again."""
    migrate.downgrade(engine, tables())
    migrate.upgrade(engine, tables())


def key_ring(settings: Settings, engine: Engine, *, coming: bool = False) -> KeyRing:
    """The keys of the registry; made at first use, but never beside data that other keys have encrypted.

    Keys of another registry are refused (KEY_WRONG) before anything is read or written with them.
    """
    if not settings.key_file.exists() and not holds_ciphertext(engine):
        return KeyRing.create(settings.key_file)
    keys = KeyRing.load(settings.key_file)
    reencryption.check(engine, tables(), keys)
    if keys.coming and not coming:
        raise Unavailable(
            "KEY_COMING",
            "A new key for digests is being brought in, and that was interrupted.",
            remedy="Run `eldercare keys digests` to its end.",
        )
    return keys


def holds_ciphertext(engine: Engine) -> bool:
    """Whether anything in the registry can be read only with its keys."""
    secret = [column for table in tables().sorted_tables for column in table.columns if column.info.get("secret")]
    with engine.connect().execution_options(readonly=True) as connection:
        return any(connection.execute(select(each).where(each.is_not(None)).limit(1)).first() for each in secret)


def make_worker(settings: Settings, engine: Engine) -> jobs.Worker:
    """A worker that knows every kind of job, and every hour forgets what need not be kept."""
    kept = timedelta(days=settings.idempotency_days)
    return jobs.Worker(
        engine,
        run.tasks(),
        lease=settings.job_lease,
        processes=settings.job_processes,
        chores=[lambda session: idempotency.forget_before(session, now() - kept)],
    )


def sdl() -> str:
    """The schema of the API in the schema language."""
    return whole_api().text()


def listen(settings: Settings) -> socket.socket:
    """The socket of the server; a busy port is told with its remedy."""
    return listening.bind(settings.host, settings.port)


def make_door(settings: Settings, prover: Prover) -> Door:
    """The door, as strict as the settings want it."""
    pace = Pace(settings.rate_limit, settings.rate_burst, settings.anonymous_rate, settings.failure_rate)
    return Door(prover, anonymous=settings.anonymous == "public", pace=pace, tell=prover.tell)


def make_web(settings: Settings, engine: Engine, *, tokens: Sequence[Mapping[str, str]] = ()) -> ASGIApp:
    """The server with the API behind it, and its workers while it runs; `tokens` are the demonstration's."""
    api = whole_api()
    reads = open_reads(settings.database_url, size=settings.pool_size, timeout=settings.statement_seconds)
    keys = key_ring(settings, engine)
    services = {"keys": keys, "settings": settings}
    prover = open_proof(settings, engine, keys)
    trusted = Trusted(settings.trusted_documents, only=settings.trusted_only)
    limits = limits_of(settings)
    executor = Executor(api, reads, engine, today=clock.today, limits=limits, services=services, trusted=trusted)

    edge = edge_of(settings, engine)
    subscriber = Subscriber(executor, interval=settings.feed_interval, through=edge.gate.through)

    @asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[None]:
        workers = [make_worker(settings, engine) for _ in range(settings.job_workers)]
        threads = [threading.Thread(target=each.run, name=f"worker {each.name}", daemon=True) for each in workers]
        for thread in threads:
            thread.start()
        counting = asyncio.create_task(keep_usage(executor.usage, engine, settings.usage_interval))
        yield
        counting.cancel()
        await asyncio.to_thread(note_usage, executor.usage, engine)
        for each in workers:
            each.stop()
        for thread in threads:
            thread.join()
        await reads.close()
        prover.close()

    authenticate = make_door(settings, prover).authenticate
    tracer = None if settings.traces == "off" else tracing.open_tracer(settings.traces)
    app = make_server(
        executor.execute if tracer is None else tracing.traced(executor.execute, tracer),
        authenticate=authenticate,
        files=export_routes(partial(take_away, engine), authenticate),
        sdl=api.text,
        tokens=tokens,
        ready=partial(is_ready, engine),
        edge=edge,
        lifespan=lifespan,
        answers=subscriber.answers,
    )
    return app if tracer is None else tracing.Traced(app, tracer)


async def keep_usage(usage: Usage, engine: Engine, interval: float) -> None:
    """Note now and then which clients used which fields."""
    while True:
        await asyncio.sleep(interval)
        await asyncio.to_thread(note_usage, usage, engine)


def note_usage(usage: Usage, engine: Engine) -> None:
    """Write down what was counted; where the database does not answer, that much is not known."""
    if counts := usage.take():
        try:
            with Session(engine) as session:
                add_usage(session, counts, clock.today())
                session.commit()
        except SQLAlchemyError as error:
            log.get("usage").warning("not noted", kind=type(error).__name__)


def limits_of(settings: Settings) -> Limits:
    """The limits of documents that an operator has set."""
    return Limits(
        tokens=settings.query_tokens,
        depth=settings.query_depth,
        aliases=settings.query_aliases,
        directives=settings.query_directives,
        cost=settings.query_cost,
    )


def edge_of(settings: Settings, engine: Engine) -> Edge:
    """What an operator has decided about the edge."""
    inside, waiting = settings.concurrent_requests, settings.waiting_requests
    edge = Edge(
        body_limit=settings.body_limit,
        gate=Gate(inside=inside, waiting=waiting, seconds=settings.waiting_seconds),
        metrics_key=settings.metrics_key.get_secret_value(),
        origins=settings.allowed_origins,
        follow=FollowLimits(
            connections=settings.stream_connections,
            per_connection=settings.stream_operations,
            message_length=settings.body_limit,
            keep_alive=settings.stream_keep_alive,
        ),
    )
    edge.metrics.watch_by("jobs", "Jobs, by state.", "state", partial(jobs.count_by_state, engine))
    return edge
