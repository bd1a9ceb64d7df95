"""`eldercare plan`: compare scenarios from a preset or a file and print what comes out."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from eldercare import app
from eldercare.command.progress import Progress
from eldercare.kit.settings import load
from eldercare.planning import export
from eldercare.planning import request as requests
from eldercare.planning.outcome import Outcome
from eldercare.planning.run import run_study
from eldercare.planning.table import render_csv, render_table


@click.command(name="plan")
@click.argument("scenarios", default="xiaoshan")
@click.option("--territory", help="Code of the division, instead of the one in the file.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day at which the registry is frozen.")
@click.option("--years", type=int, help="Years to simulate.")
@click.option("--replications", type=int, help="Paired replications of every scenario.")
@click.option("--seed", type=int, help="Seed of the random numbers; the same seed gives the same numbers.")
@click.option(
    "--uncertain",
    is_flag=True,
    default=None,
    help="Draw the parameters that are known only as intervals anew in every replication.",
)
@click.option("--processes", type=click.IntRange(1, 256), help="Processes to use; the numbers do not depend on it.")
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    help="Write to a file, whose ending names the form: html (a page with the chart), svg, png, txt, csv or json.",
)
@click.option("--database", help="Address of the registry, instead of the setting.")
@click.option("--show", is_flag=True, help="Print the preset's file, to start one's own from, and end.")
def command(scenarios: str, show: bool, form: str, language: str, output: Path | None, **options: Any) -> None:
    """Compare planning scenarios from the registry's state and print their table.

    SCENARIOS is a preset (see `eldercare plan --show`) or a YAML or JSON file.
    """
    if show:
        click.echo(requests.preset_text(requests_name(scenarios)), nl=False)
        return
    settings = load(database=options["database"])
    request = asked(scenarios, options)
    engine = app.open_registry(settings)
    try:
        app.is_ready(engine)
        with Progress() as progress:
            outcome = run_study(
                engine,
                request,
                processes=options["processes"] or settings.job_processes,
                progress=lambda done, total: progress("batches of replications", done, total),
            )
    finally:
        engine.dispose()
    if output:
        export.write(outcome, output, language)
    else:
        click.echo(written(outcome, form, language), nl=False)


def asked(scenarios: str, options: dict[str, Any]) -> requests.Request:
    """The request of a preset or file, with what was said on the command line instead of what it says."""
    override = {name: options[name] for name in ("territory", "years", "replications", "seed", "uncertain")}
    as_of: datetime | None = options["as_of"]
    override["as_of"] = as_of.date() if as_of else None
    if Path(scenarios).suffix or Path(scenarios).exists():
        return requests.read_request(Path(scenarios), **override)
    return requests.preset(scenarios, **override)


def requests_name(scenarios: str) -> str:
    """The name of a preset that exists."""
    requests.preset(scenarios)
    return scenarios


def written(outcome: Outcome, form: str, language: str) -> str:
    """The outcome in the form that was asked for."""
    if form == "json":
        return outcome.to_json() + "\n"
    return render_csv(outcome) if form == "csv" else render_table(outcome, language)
