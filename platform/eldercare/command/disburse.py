"""`eldercare disburse`: compute what a scheme pays in a division for a month, in stretches that are each kept at once."""

from datetime import datetime

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from eldercare import app
from eldercare.command.progress import Progress
from eldercare.kit.clock import today
from eldercare.kit.errors import NotFound
from eldercare.kit.settings import load
from eldercare.registry import DisbursementBatch, Division, Source, SubsidyScheme, disbursing
from eldercare.registry.change import Writer
from eldercare.registry.money import yuan
from eldercare.registry.monthly import count_in
from eldercare.registry.source import CollectionMethod

SYSTEM = "eldercare disburse"


@click.command(name="disburse")
@click.argument("scheme")
@click.argument("division")
@click.argument("month", type=click.DateTime(["%Y-%m"]))
@click.option("--author", default="operator", show_default=True, help="Who computes, for the log of changes.")
@click.option("--database", help="Address of the registry, instead of the setting.")
def command(scheme: str, division: str, month: datetime, author: str, database: str | None) -> None:
    """Compute what a subsidy scheme pays for a month.

    SCHEME is its code, DIVISION twelve digits, MONTH such as 2026-05.

    It can be broken off and run again, also by two at once: what is done is not done twice. Approval and payment follow by
    advanceBatch.
    """
    settings = load(database=database)
    engine = app.open_registry(settings)
    try:
        app.is_ready(engine)
        with Session(engine) as session:
            batch = run(session, scheme, division, month, author)
            click.echo(
                f"{batch.month:%Y-%m} {scheme}: {batch.people} people, {yuan(batch.total)} yuan, "
                f"{batch.status.en} ({batch.status.zh})"
            )
    finally:
        engine.dispose()


def run(session: Session, scheme: str, division: str, month: datetime, author: str) -> DisbursementBatch:
    """Compute the batch, a stretch a transaction, and tell how far it is."""
    writer = Writer(session, author=author)
    writer.source_id = _source(writer, author)
    keys = (_key(session, SubsidyScheme.id, SubsidyScheme.code == scheme, f"scheme {scheme}"),
            _key(session, Division.id, (Division.code == division) & Division.valid_to.is_(None), f"division {division}"))  # fmt: skip
    batch = disbursing.open_batch(writer, scheme_id=keys[0], division_id=keys[1], month=month.date())
    total = count_in(session, batch)
    key = batch.id
    session.commit()
    with Progress() as progress:
        for seen in disbursing.stretches(writer, key):
            session.commit()
            progress("entitlements", min(seen, total), total)
    session.commit()
    return writer.find(DisbursementBatch, key)


def _key(session: Session, column: object, where: object, name: str) -> int:
    found: int | None = session.scalar(select(column).where(where).order_by(column).limit(1))  # type: ignore[call-overload]
    if found is None:
        raise NotFound("NOT_FOUND", f"There is no {name}.", remedy="Check the code.")
    return found


def _source(writer: Writer, author: str) -> int:
    """The source of what this command writes for an author."""
    own = select(Source.id).where(Source.system == SYSTEM, Source.recorded_by == author).limit(1)
    found = writer.session.scalar(own)
    values = {"system": SYSTEM, "collection_method": CollectionMethod.ENTRY, "recorded_by": author}
    return found if found is not None else writer.create(Source, {**values, "document_date": today()}).id
