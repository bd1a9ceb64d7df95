"""`eldersim validate`: the simulation against a file of cases with known answers."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from eldersim.shell import explained


@click.command("validate")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--case", "only", multiple=True, help="Only these cases.")
@click.option("--workers", type=click.IntRange(1), help="Processes to use; all processors without it.")
@click.option("--seed", type=click.IntRange(0), help="Another seed.")
@click.option("--all-rows", is_flag=True, help="Show every number, not the most telling of each case.")
@explained
def command(file: Path, only: tuple[str, ...], workers: int | None, seed: int | None, all_rows: bool) -> None:
    """Check the simulation against FILE: expected, simulated, standard error, verdict.

    Ends with 0 if every number passed, 1 if one failed, 3 if nothing failed but a kind of case is not known.
    """
    from eldersim.executor import usable_workers
    from eldersim.validate import validate

    def told(name: str, rows: Sequence[Any]) -> None:
        if sys.stderr.isatty():
            click.echo(f"\r{name}: {len(rows)} numbers      ", nl=False, err=True)

    settings = {} if seed is None else {"seed": seed}
    report = validate(file, workers=workers or usable_workers(), only=only, progress=told, **settings)
    if sys.stderr.isatty():
        click.echo("\r" + " " * 40 + "\r", nl=False, err=True)
    click.echo(report.text(every_row=all_rows))
    sys.exit(report.exit_code)
