"""`eldercare publish`: count the people of a quarter's first day, once, and withhold what would tell too much."""

from datetime import datetime

import click
from sqlalchemy.orm import Session

from eldercare import app
from eldercare.kit import clock
from eldercare.kit.settings import load
from eldercare.registry.change import Writer
from eldercare.registry.publishing import latest_day, publish


@click.command(name="publish")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="First day of a quarter; the last one that began without."
)
@click.option("--database", help="Address of the registry, instead of the setting.")
def command(as_of: datetime | None, database: str | None) -> None:
    """Publish the counts of people by group and division for one quarter.

    An edition is published once and never changed: corrections show in the next one. Counts under five (ten for special
    families) are withheld, and as many others as it takes that none of them can be computed.
    """
    settings = load(database=database)
    day = as_of.date() if as_of else latest_day(clock.today())
    engine = app.open_registry(settings)
    try:
        app.is_ready(engine)
        with Session(engine, expire_on_commit=False) as session:
            done = publish(Writer(session, author="eldercare publish"), day)
            session.commit()
    finally:
        engine.dispose()
    click.echo(f"{'Published' if done.new else 'Was out already'}: the edition of {day}.")
    click.echo(f"{done.shown:>10,} counts are shown, {done.kept:,} of them as before because they hardly changed.")
    click.echo(f"{done.withheld:>10,} are withheld.")
