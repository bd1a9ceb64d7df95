"""`eldercare audit`: prove the trail, give it out, and tell who read or changed a person's data."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
import orjson
from sqlalchemy import Connection

from eldercare import app
from eldercare.kit.errors import InvalidInput, RuleViolation
from eldercare.kit.settings import load
from eldercare.registry import audit_check as checking


@click.group(name="audit")
def command() -> None:
    """Prove the audit trail, give it out, or tell who read a person's data."""


@command.command()
@click.option("--anchor", "anchors", multiple=True, metavar="NUMBER:LINK",
              help="A head that was kept elsewhere: it must be in the trail. May be repeated.")  # fmt: skip
def verify(anchors: tuple[str, ...]) -> None:
    """Prove that no event was changed, removed, added or moved; the first broken link ends with exit code 2.

    Prints the head. Kept outside the database, it proves later that nothing before it was written anew.
    """
    heads = [_head(anchor) for anchor in anchors]
    with _snapshot() as connection:
        breach = checking.verify(connection, heads)
        head = checking.head_of(connection)
    if breach:
        raise RuleViolation(
            "AUDIT_BROKEN",
            f"The audit trail is broken at event {breach.number}: {breach.what}.",
            remedy="Keep the database as it is, compare it with backups and exports, and find out who could write to it.",
        )
    click.echo(f"{head.number:,} events, each linked to the one before.")
    click.echo(f"head {head}")


@command.command()
@click.option("--after", type=int, default=0, show_default=True, help="Only events after this number.")
def export(after: int) -> None:
    """Print every event as one line of JSON: keys only, no name, no reason, no number of a person."""
    with _snapshot() as connection:
        for row, people in checking.events(connection, after):
            click.echo(orjson.dumps(checking.told(row, people)))


@command.command()
@click.argument("person")
def person(person: str) -> None:
    """Print who read or changed the data of PERSON (an id of the API, or a key), the newest first."""
    with _snapshot() as connection:
        for row in checking.about(connection, _key(person)):
            through = f"{row.operation or '-'} ({(row.document or '-')[:12]})"
            words = (f"{row.recorded_at:%Y-%m-%d %H:%M:%S}", row.action.value, row.role, row.principal, through)
            click.echo("  ".join((*words, row.reason or "")).rstrip())


@contextmanager
def _snapshot() -> Iterator[Connection]:
    """One state of the registry, whatever is written meanwhile."""
    engine = app.open_registry(load())
    try:
        app.is_ready(engine)
        options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
        with engine.connect().execution_options(readonly=True, **options) as connection:
            yield connection
    finally:
        engine.dispose()


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
