"""`eldercare audit`: prove the trail, give it out, tell who read or changed a person's data, and end what is old."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
import orjson
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from eldercare import app
from eldercare.kit import clock
from eldercare.kit.errors import InvalidInput, RuleViolation
from eldercare.kit.settings import load
from eldercare.registry import audit_check as checking
from eldercare.registry import audit_pruning as pruning
from eldercare.security.principal import SYSTEM


@click.group(name="audit")
def command() -> None:
    """Prove the audit trail, give it out, tell who read a person's data, or end what is old."""


@command.command()
@click.option("--anchor", "anchors", multiple=True, metavar="NUMBER:LINK",
              help="A head that was kept elsewhere: it must be in the trail. May be repeated.")  # fmt: skip
def verify(anchors: tuple[str, ...]) -> None:
    """Prove that no event was changed, removed, added or moved; the first broken link ends with exit code 2.

    Prints the head. Kept outside the database, it proves later that nothing before it was written anew.
    """
    heads = [_head(anchor) for anchor in anchors]
    with _registry() as engine, _snapshot(engine) as connection:
        _proved(connection, heads)
        head, cuts = checking.head_of(connection), pruning.checkpoints(connection)
    begins = cuts[-1].number if cuts else 0
    click.echo(f"{head.number - begins:,} events, each linked to the one before.")
    if cuts:
        click.echo(f"Events up to {begins:,} were cut off on {cuts[-1].cut_at:%Y-%m-%d} by {cuts[-1].cut_by}.")
    for each in heads:
        if each.number < begins:
            click.echo(f"The head of event {each.number:,} lies before that and can be proved no more.")
    click.echo(f"head {head}")


@command.command()
@click.option("--after", type=int, default=0, show_default=True, help="Only events after this number.")
def export(after: int) -> None:
    """Print every event as one line of JSON: keys only, no name, no reason, no number of a person."""
    with _registry() as engine, _snapshot(engine) as connection:
        for row, people in checking.events(connection, after):
            click.echo(orjson.dumps(checking.told(row, people)))


@command.command()
@click.argument("person")
def person(person: str) -> None:
    """Print who read or changed the data of PERSON (an id of the API, or a key), the newest first."""
    with _registry() as engine, _snapshot(engine) as connection:
        for row in checking.about(connection, _key(person)):
            through = f"{row.operation or '-'} ({(row.document or '-')[:12]})"
            words = (f"{row.recorded_at:%Y-%m-%d %H:%M:%S}", row.action.value, row.role, row.principal, through)
            click.echo("  ".join((*words, row.reason or "")).rstrip())


@command.command()
@click.option("--before", type=click.DateTime(["%Y-%m-%d"]),
              help="Cut off what was told before this day; all that need not be kept any longer unless said.")  # fmt: skip
@click.option("--export", "file", type=click.Path(dir_okay=False, path_type=Path),
              help="A new file that gets the events first, as `audit export` prints them.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Do not ask.")
def prune(before: datetime | None, file: Path | None, yes: bool) -> None:
    """Cut off the events of long ago; a sealed checkpoint stands in their place, and the trail can still be proved.

    The whole trail is proved first. Events younger than the rule audit_kept_years says are never cut off.
    """
    today = clock.today()
    day = before.date() if before else pruning.youngest(today)
    with _registry() as engine:
        with _snapshot(engine) as connection:
            _proved(connection)
            last = pruning.cut_to(connection, day)
            if last and file:
                _keep(connection, last, file)
        if last and not yes:
            click.confirm(f"Cut off the events up to {last:,}, told before {day}? They cannot be had back.", abort=True)
        with Session(engine) as session:
            made = pruning.prune(session, day, principal=SYSTEM, today=today)
            told = made and (made.events, made.number)
            session.commit()
        with _snapshot(engine) as connection:
            _proved(connection)
            head = checking.head_of(connection)
    click.echo(f"{told[0]:,} events up to {told[1]:,} were cut off." if told else f"Nothing was told before {day}.")
    click.echo(f"head {head}")


def _keep(connection: Connection, last: int, file: Path) -> None:
    """Write the events that are to be cut off into a new file that only its owner can read."""
    file.touch(mode=0o600, exist_ok=False)
    with file.open("wb") as out:
        for row, people in checking.events(connection, until=last):
            out.write(orjson.dumps(checking.told(row, people)) + b"\n")


def _proved(connection: Connection, heads: Sequence[checking.Head] = ()) -> None:
    """Return when the trail is whole."""
    if breach := checking.verify(connection, heads):
        raise RuleViolation(
            "AUDIT_BROKEN",
            f"The audit trail is broken at event {breach.number}: {breach.what}.",
            remedy="Keep the database as it is, compare it with backups and exports, and find out who could write to it.",
        )


@contextmanager
def _registry() -> Iterator[Engine]:
    """The registry, ready."""
    engine = app.open_registry(load())
    try:
        app.is_ready(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """One state of the registry, whatever is written meanwhile."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with engine.connect().execution_options(readonly=True, **options) as connection:
        yield connection


def _head(text: str) -> checking.Head:
    try:
        return checking.Head.read(text)
    except ValueError:
        raise InvalidInput(
            "AUDIT_HEAD", "This is no head of an audit trail.", remedy="Give it as `audit verify` prints it."
        ) from None


def _key(text: str) -> int:
    number = text.removeprefix("Person_")
    if not (number.isascii() and number.isdigit()):
        raise InvalidInput("BAD_ID", "This is not the id of a person.", remedy="Give it as the API does: Person_17.")
    return int(number)
