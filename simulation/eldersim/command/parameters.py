"""`eldersim parameters`: every number of the model with its source and confidence."""

from pathlib import Path
from typing import Any

import click

from eldersim.shell import explained, language_option


@click.command("parameters")
@click.option(
    "--file", type=click.Path(dir_okay=False, path_type=Path), help="Your own values, put over those of the package."
)
@click.option(
    "--confidence", type=click.Choice(["high", "medium", "low", "unconfirmed"]), help="Only those of this confidence."
)
@language_option
@explained
def command(file: Path | None, confidence: str | None, language: str) -> None:
    """List every number of the model with its interval, unit, source and confidence."""
    from eldersim.parameters import load

    for each in load(file).values():
        if confidence is not None and each.confidence != confidence:
            continue
        interval = f"  [{_short(each.low)} … {_short(each.high)}]" if each.uncertain else ""
        click.echo(click.style(each.id, bold=True) + f"  {each.label(language)}")
        click.echo(f"  {_short(each.value)}{interval} {each.unit}")
        click.echo(f"  {each.confidence}: {each.source}")


def _short(value: Any) -> str:
    return str(value).replace("'", "")
