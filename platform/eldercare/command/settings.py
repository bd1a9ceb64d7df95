"""`eldercare settings`: what can be set, what is set, and by what."""

import json
from dataclasses import asdict

import click

from eldercare.kit.settings import Line, describe, load


@click.command(name="settings")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(as_json: bool) -> None:
    """Show every setting with its value and where it came from."""
    lines = describe(load())
    if as_json:
        click.echo(json.dumps([asdict(line) for line in lines], ensure_ascii=False, indent=2))
    else:
        click.echo("\n\n".join(_text(line) for line in lines))


def _text(line: Line) -> str:
    value = f"{click.style(line.name, bold=True)} = {line.value}"
    return f"{value}  ({line.origin})\n    {line.meaning}\n    Set it by {line.variable} or `{line.name}` in the settings file."
