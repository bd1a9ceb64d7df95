"""`eldercare schema`: the contract with those who build on the API."""

import difflib
from pathlib import Path

import click

from eldercare import app
from eldercare.kit.errors import InvalidInput, RuleViolation


@click.group(name="schema")
def command() -> None:
    """Print the GraphQL schema, or check the committed one against it."""


@command.command(name="print")
def print_schema() -> None:
    """Print the schema in the schema language."""
    click.echo(app.sdl(), nl=False)


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
