"""`eldersim run`: one scenario year by year, and its event log if asked for."""

from pathlib import Path
from typing import Any

import click

from eldersim.shell import Line, experiment_of, explained, language_option, plan_argument, run_options, write


@click.command("run")
@plan_argument
@click.option("--scenario", default="base", show_default=True, help="The scenario to run; 'base' is the present state.")
@run_options
@language_option
@click.option(
    "--output",
    "-o",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Also write .json, .csv, .parquet, .txt or .html.",
)
@click.option(
    "--log",
    type=click.Path(path_type=Path),
    help="Write every event of the first replication, with its reason, as CSV.",
)
@explained
def command(
    plan: Path,
    scenario: str,
    language: str,
    output: tuple[Path, ...],
    log: Path | None,
    workers: int | None,
    **given: Any,
) -> None:
    """Run one scenario of PLAN and show it year by year."""
    from eldersim.experiment import compare
    from eldersim.plan import read_plan
    from eldersim.texts import by_year, notes

    experiment = experiment_of(read_plan(plan), (scenario,), **given)
    results = compare(experiment, workers=workers, progress=Line(f"{experiment.replications} replications"))
    click.echo(by_year(results, scenario, language))
    for sentence in notes(results, language):
        click.echo(sentence)
    write(results, output, language)
    if log is not None:
        from eldersim.event_log import write_log

        chosen = next(each for each in experiment.scenarios if each.name == scenario)
        lines = write_log(experiment, chosen, log)
        click.echo(f"wrote {log} ({lines:,} events)", err=True)
