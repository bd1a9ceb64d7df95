"""`eldercare keys`: replace the keys that protect numbers, phones and addresses, step by step."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from eldercare import app
from eldercare.command.progress import Progress
from eldercare.kit.errors import RuleViolation
from eldercare.kit.settings import Settings, load
from eldercare.registry import reencryption
from eldercare.registry.audit import Action, append
from eldercare.security.cipher import KeyRing
from eldercare.security.principal import SYSTEM


@click.group(name="keys")
def command() -> None:
    """Replace the keys that protect numbers, phones and addresses."""


@command.command()
def check() -> None:
    """Prove that the key file belongs to the database, and tell which keys are in use."""
    with _opened() as (_, engine, keys):
        used = reencryption.used(engine, app.tables())
    for number, key in enumerate(keys.encryption):
        state = "dropped" if not key else "in use" if number in used else "not needed by what is stored"
        newest = ", what is written from now on" if number == len(keys.encryption) - 1 else ""
        click.echo(f"key {number}: {state}{newest}")
    if keys.coming:
        click.echo("A new key for digests is being brought in: `eldercare keys digests` goes on.")


@command.command()
def add() -> None:
    """Put a new key into the key file. Restart every server then: it must know the key before anybody uses it."""
    with _opened() as (settings, _, keys):
        keys.with_new_key().save(settings.key_file)
    click.echo(f"{settings.key_file} has a new key. Copy the file to its backup, restart every server and worker, then")
    click.echo("run `eldercare keys rotate`.")


@command.command()
def rotate() -> None:
    """Encrypt with the newest key what is encrypted with an older one; interrupted, it goes on where it was."""
    with _opened() as (_, engine, keys), Progress() as progress:
        done = reencryption.reencrypt(engine, app.tables(), keys, progress)
        if done:
            _tell(engine, f"{done} values with key {len(keys.encryption) - 1}")
    click.echo(f"{done:,} values were encrypted anew. `eldercare keys drop` removes the old keys.")


@command.command()
def digests() -> None:
    """Make the digests for exact search with a new key. Stop every server and worker first: they search by the old one."""
    with _opened() as (settings, engine, keys):
        keys = keys.with_coming()
        keys.save(settings.key_file)
        with engine.begin() as connection:
            done = reencryption.redigest(connection, app.tables(), keys)
        keys.with_coming_in_use().save(settings.key_file)
        _tell(engine, f"{done} digests with a new key")
    click.echo(f"{done:,} digests were made anew. Copy {settings.key_file} to its backup and start the servers.")


@command.command()
def drop() -> None:
    """Remove from the key file the keys that nothing stored needs. Backups of the database may still need them."""
    with _opened() as (settings, engine, keys):
        needed = {*reencryption.used(engine, app.tables()), len(keys.encryption) - 1}
        idle = {number for number, key in enumerate(keys.encryption) if key} - needed
        if not idle:
            raise RuleViolation("KEYS_NEEDED", "Every key is needed.", remedy="Run `eldercare keys rotate` first.")
        keys.without(idle).save(settings.key_file)
    click.echo(
        f"Dropped: {', '.join(map(str, sorted(idle)))}. A backup of the database made before needs the old key file."
    )


@contextmanager
def _opened() -> Iterator[tuple[Settings, Engine, KeyRing]]:
    settings = load()
    engine = app.open_registry(settings)
    try:
        app.is_ready(engine)
        yield settings, engine, app.key_ring(settings, engine, coming=True)
    finally:
        engine.dispose()


def _tell(engine: Engine, what: str) -> None:
    with Session(engine) as session:
        append(session, principal=SYSTEM, action=Action.KEYS_ROTATED, reason=what)
        session.commit()
