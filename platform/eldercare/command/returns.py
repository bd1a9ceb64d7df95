"""`eldercare return`: list what is owed upward, and print one for a division and a period."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Date, literal, select
from sqlalchemy.orm import Session

from eldercare import app
from eldercare.kit import clock
from eldercare.kit.errors import InvalidInput, NotFound
from eldercare.kit.settings import load
from eldercare.registry.division import Division
from eldercare.registry.query import View
from eldercare.reporting import files, paper
from eldercare.reporting.form import Frame, period_of
from eldercare.reporting.issue import declared
from eldercare.reporting.returns import RETURNS

FORMS = ("text", "csv", "xlsx", "json")


@click.group(name="return")
def command() -> None:
    """List the returns that are owed upward, and print them."""


@command.command(name="list")
def list_returns() -> None:
    """Show every return with its code, how often it is due, and who owes it."""
    for each in RETURNS:
        click.echo(f"{each.code:<28} {each.period.zh}  {each.zh} {each.en} ({each.owner_zh} {each.owner_en})")


@command.command(name="print")
@click.argument("code")
@click.option("--division", required=True, help="Twelve-digit code of the division whose return it is.")
@click.option("--period", required=True, help="2026-03, 2026-Q1, 2026, or a day, as the return's period is.")
@click.option("--format", "form", type=click.Choice(FORMS), help="By default text, or what --output ends with.")
@click.option("--bom/--no-bom", default=True, show_default=True, help="A mark for Excel in front of CSV.")
@click.option("--output", type=click.Path(path_type=Path), help="Write to a file instead.")
@click.option("--database", help="Address of the registry, instead of the setting.")
def print_return(code: str, output: Path | None, form: str | None, bom: bool, **options: Any) -> None:
    """Print the newest edition of a return; where none was drawn up, a preview that nothing keeps."""
    chosen = form or (output.suffix.removeprefix(".") if output else "text")
    if chosen not in FORMS:
        raise InvalidInput("FORMAT", f"There is no format {chosen}.", remedy=f"Use {', '.join(FORMS)}.")
    settings = load(database=options["database"])
    engine = app.open_registry(settings)
    try:
        app.is_ready(engine)
        with Session(engine.execution_options(readonly=True)) as session:
            printed = found(session, code.upper(), options["division"], options["period"])
    finally:
        engine.dispose()
    content = written(printed, chosen, bom=bom)
    if output:
        output.write_bytes(content)
        click.echo(f"wrote {output}")
    else:
        click.echo(content, nl=False)


def found(session: Session, code: str, division: str, period: str) -> files.Printed:
    """The newest edition, else a preview."""
    form, today = declared(code), clock.today()
    start, end = period_of(form, period)
    day = min(end - timedelta(days=1), today)
    if day < start:
        raise InvalidInput("PERIOD_NOT_BEGUN", f"The period begins on {start}.", remedy="Ask for one that has begun.")
    frame = Frame(division_key(session, division), start, end, day)
    edition = paper.newest(session, form, frame)
    if edition is None:
        return paper.preview(session, form, frame, viewer="command line")
    return paper.printed(session, edition.id, View(literal(today, Date())), viewer="command line")


def division_key(session: Session, code: str) -> int:
    """The key of the division with a code, the highest where several levels share it."""
    key = session.scalar(
        select(Division.id).where(Division.code == code, Division.valid_to.is_(None)).order_by(Division.path).limit(1)
    )
    if key is None:
        raise NotFound("NO_DIVISION", f"There is no division {code}.", remedy="Send a twelve-digit code.")
    return key


def written(printed: files.Printed, form: str, *, bom: bool) -> bytes:
    """The return in a format."""
    if form == "csv":
        return files.to_csv(printed, bom=bom)
    if form == "xlsx":
        return files.to_xlsx(printed)
    return (files.to_json(printed) if form == "json" else files.to_text(printed)).encode()
