"""`eldercare schema`: the contract with those who build on the API."""

import difflib
from pathlib import Path

import click
from sqlalchemy.orm import Session

from eldercare import app
from eldercare.api import breaking
from eldercare.api.schema import whole_api
from eldercare.kit import clock
from eldercare.kit.errors import InvalidInput, RuleViolation
from eldercare.kit.settings import load
from eldercare.registry import usage

RELEASES = Path("docs") / "schema"


@click.group(name="schema")
def command() -> None:
    """Print the GraphQL schema, check it against the committed one or the last release, see who uses what."""


@command.command(name="print")
@click.option("--relay", is_flag=True, help="As relay-compiler wants it: node takes an id and nothing else.")
def print_schema(relay: bool) -> None:
    """Print the schema in the schema language."""
    click.echo(breaking.for_relay(app.sdl()) if relay else app.sdl(), nl=False)


@command.command()
@click.argument("file", type=click.Path(path_type=Path), default=Path("schema.graphql"))
def check(file: Path) -> None:
    """Compare a committed schema with the program's; a difference ends with exit code 2."""
    try:
        committed = file.read_text("utf-8")
    except OSError as error:
        raise InvalidInput(
            "SCHEMA_FILE", f"{file} cannot be read: {error}.", remedy="Name the file to compare."
        ) from None
    differences = list(difflib.unified_diff(committed.splitlines(), app.sdl().splitlines(), str(file), "program", n=1))
    if differences:
        shown = "\n".join(differences[:40])
        raise RuleViolation(
            "SCHEMA_DIFFERS", f"The schema differs:\n{shown}", remedy="Run `make docs` and commit the result."
        )
    click.echo(f"{file} is the program's schema.")


@command.command()
@click.argument("old", type=click.Path(path_type=Path), required=False)
@click.argument("new", type=click.Path(path_type=Path), required=False)
def breaks(old: Path | None, new: Path | None) -> None:
    """List what breaks those who use the schema OLD; NEW is the program's unless named, OLD the last release.

    What was deprecated may go once its day has passed. A break ends with exit code 2.
    """
    old = old or breaking.last_edition(RELEASES)
    if old is None:
        click.echo(f"Nothing was released yet: {RELEASES} holds no schema.")
        return
    text = app.sdl() if new is None else _text(new)
    found = breaking.breaking_changes(_text(old), text, today=clock.today())
    if found:
        raise RuleViolation(
            "SCHEMA_BREAKS",
            f"Since {old} this was broken:\n" + "\n".join(f"  {each}" for each in found),
            remedy="Bring it back and deprecate it first; docs/schema-policy.md says how.",
        )
    click.echo(f"Nothing was broken since {old}.")


@command.command()
@click.argument("number", metavar="VERSION")
def release(number: str) -> None:
    """Keep the program's schema as that of a release, which later ones must not break."""
    place = RELEASES / f"{number}.graphql"
    if not breaking.EDITION.match(place.name):
        raise InvalidInput("VERSION", f"{number} is no version.", remedy="Name it like 1.2.0.")
    RELEASES.mkdir(parents=True, exist_ok=True)
    place.write_text(app.sdl(), "utf-8")
    click.echo(f"wrote {place}")


@command.command(name="usage")
@click.option("--client", help="Only of this client.")
@click.option("--deprecated", is_flag=True, help="Only fields that are deprecated.")
@click.option("--field", "names", multiple=True, metavar="TYPE.FIELD", help="Only this field; may be repeated.")
def show_usage(client: str | None, deprecated: bool, names: tuple[str, ...]) -> None:
    """Show which client used which field, how often and when last."""
    reasons = breaking.deprecated_fields(whole_api().schema)
    wanted = [name for name in names or reasons if not deprecated or name in reasons] if names or deprecated else None
    engine = app.open_registry(load())
    try:
        with Session(engine.execution_options(readonly=True)) as session:
            found = usage.read(session, coordinates=wanted, client=client)
            for each in found:
                mark = f"  {reasons[each.coordinate]}" if each.coordinate in reasons else ""
                click.echo(f"{each.last_on}  {each.requests:>9}  {each.client:<24}  {each.coordinate}{mark}")
        if not found:
            click.echo("Nothing was counted.")
    finally:
        engine.dispose()


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise InvalidInput("SCHEMA_FILE", f"{file} cannot be read: {error}.", remedy="Name a file.") from None
