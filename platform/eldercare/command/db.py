"""`eldercare db`: upgrade, check and measure the database."""

import click
from sqlalchemy import Engine, func, select, text

from eldercare import app
from eldercare.kit.errors import RuleViolation
from eldercare.kit.settings import load, public
from eldercare.registry import migrate


@click.group(name="db")
def command() -> None:
    """Upgrade, check or measure the database."""


@command.command()
def upgrade() -> None:
    """Bring the database to the newest schema; one that is there already stays as it is."""
    engine = app.open_registry(load())
    try:
        newest = migrate.is_newest(engine)
        app.upgrade(engine)
        click.echo(f"{_name(engine)} {'was already at' if newest else 'is now at'} the newest schema.")
    finally:
        engine.dispose()


@command.command()
def check() -> None:
    """Compare the database with what the program expects; differences end with exit code 2."""
    engine = app.open_registry(load())
    try:
        differences = migrate.check(engine, app.tables())
    finally:
        engine.dispose()
    if differences:
        raise RuleViolation(
            "DATABASE_DIFFERS",
            "\n".join(["The database differs from what the program expects:", *differences]),
            remedy="Run `eldercare db upgrade`; if that does not help, the database was changed by hand.",
        )
    click.echo("The database is as the program expects it.")


@command.command()
def stats() -> None:
    """Count the rows of every table and the bytes of the database."""
    engine = app.open_registry(load())
    try:
        app.is_ready(engine)
        with engine.connect().execution_options(readonly=True) as connection:
            for table in app.tables().sorted_tables:
                rows = connection.scalar(select(func.count()).select_from(table)) or 0
                click.echo(f"{rows:>12,}  {table.name}")
            size = int(connection.scalar(text(_SIZE[engine.dialect.name])) or 0)
        click.echo(f"{size / 1e6:>12,.1f}  MB in all")
    finally:
        engine.dispose()


_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


def _name(engine: Engine) -> str:
    return public(engine.url.render_as_string())
