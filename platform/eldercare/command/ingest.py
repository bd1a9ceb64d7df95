"""`eldercare ingest`: bring a partner's file of people into the registry, and report what came of each row."""

import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from eldercare import app
from eldercare.command.progress import Progress
from eldercare.command.returns import division_key
from eldercare.ingestion import feed as feeds
from eldercare.ingestion.reading import Reading, read_rows
from eldercare.ingestion.report import Report, report_of, to_csv, to_text
from eldercare.ingestion.run import Plan, decided, run_import
from eldercare.ingestion.source import Table, read_file
from eldercare.kit.errors import InvalidInput
from eldercare.kit.settings import load
from eldercare.registry.change import Writer
from eldercare.security.cipher import KeyRing

DECISION = re.compile(r"(\d+)=(Person_\d+|NEW)")


@click.command(name="ingest")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--system", help="Name of the system it comes from; always the same one, by which its records are found again.")  # fmt: skip
@click.option("--feed", "feed_file", type=click.Path(path_type=Path), help="A feed of your own (YAML): columns, words, dates.")  # fmt: skip
@click.option("--same-as", multiple=True, metavar="ROW=ID", help="Decide an unsure row: 12=Person_7, or 12=NEW. Repeatable.")  # fmt: skip
@click.option("--division", help="Twelve-digit code of whose file it is: who works there sees the import.")
@click.option("--dry-run", is_flag=True, help="Do everything, tell it, and take it back.")
@click.option("--again", is_flag=True, help="Of a file that was brought in before: try refused rows once more.")
@click.option("--report", "output", type=click.Path(path_type=Path), help="Write the rows that need a look as CSV.")
@click.option("--strict", is_flag=True, help="End with 1 when rows were refused or in conflict.")
@click.option("--show-feed", is_flag=True, help="Print the packaged feed, to start your own from; FILE is not read.")
@click.option("--author", default="operator", show_default=True, help="Who brings it in, for the log of changes.")
@click.option("--database", help="Address of the registry, instead of the setting.")
def command(file: Path | None, show_feed: bool, output: Path | None, strict: bool, **options: Any) -> None:
    """Bring a partner's file of people into the registry, and report what came of each row.

    FILE is CSV (UTF-8 or GB18030) or a workbook (XLSX); its first row is the header.

    Each row is new, linked, filled, unchanged, in conflict or refused. It can be broken off and run again, and the same
    file twice changes nothing.

    \b
    Example:
      eldercare ingest people.csv --system 民政业务系统 --dry-run
      eldercare ingest people.csv --system 民政业务系统 --report refused.csv
    """
    if show_feed:
        click.echo(feeds.packaged_text(), nl=False)
        return
    if file is None:
        raise click.UsageError("Missing argument 'FILE'.")
    feed = feeds.read_feed(options["feed_file"]) if options["feed_file"] else feeds.packaged()
    table = read_file(file)
    reading = read_rows(feed, table)
    tell_columns(reading)
    settings = load(database=options["database"])
    engine = app.open_registry(settings)
    try:
        app.is_ready(engine)
        plan = planned(file, feed, table, reading, options)
        report = bring_in(engine, app.key_ring(settings, engine), plan, options)
    finally:
        engine.dispose()
    if output:
        output.write_bytes(to_csv(report))
        click.echo(f"wrote {output}", err=True)
    if strict and report.refused:
        sys.exit(1)


def planned(file: Path, feed: feeds.Feed, table: Table, reading: Reading, options: Mapping[str, Any]) -> Plan:
    """What is to be brought in."""
    system = options["system"] or feed.system
    if not system:
        raise InvalidInput(
            "SYSTEM_MISSING", "Which system does it come from?", remedy="Say --system NAME, or `system` in the feed."
        )
    rows = decided(reading.rows, decisions(options["same_as"]))
    return Plan(system, file.name, table.sha256, rows, feed.name, feed.digest(), feed.method)


def decisions(said: tuple[str, ...]) -> dict[int, str]:
    """Decisions by row number.

    >>> decisions(("12=Person_7", "14=NEW"))
    {12: 'Person_7', 14: 'NEW'}
    """
    found = {}
    for each in said:
        parts = DECISION.fullmatch(each)
        if parts is None:
            raise InvalidInput("SAME_AS", f"--same-as {each} is no decision.", remedy="Say 12=Person_7 or 12=NEW.")
        found[int(parts[1])] = parts[2]
    return found


def bring_in(engine: Engine, keys: KeyRing, plan: Plan, options: Mapping[str, Any]) -> Report:
    """Run the import with its progress, print what came of it, and give the report; a dry run is taken back."""
    dry = options["dry_run"]
    with Session(engine) as session:
        writer = Writer(session, author=options["author"], keys=keys)
        if options["division"]:
            plan = replace(plan, division_id=division_key(session, options["division"]))
        with Progress() as progress:
            batch = run_import(
                writer,
                plan,
                commit=(lambda: None) if dry else session.commit,
                progress=lambda done, total: progress("rows", done, total),
                again=options["again"],
            )
        report = report_of(session, batch)
        for notice in writer.warnings:
            click.echo(notice.message, err=True)
        click.echo(to_text(report))
        session.expunge_all()
        session.rollback()
    if dry:
        click.echo("This was a dry run: nothing was kept.")
    return report


def tell_columns(reading: Reading) -> None:
    """Say which columns nobody knows."""
    for each in reading.unknown:
        near = f"; the nearest that is known is {each.nearest!r}" if each.nearest else ""
        click.echo(f"The column {each.header!r} is not read{near}.", err=True)
