"""`eldersim compare`: all scenarios of a plan side by side."""

from pathlib import Path
from typing import Any

import click

from eldersim.errors import InvalidInput
from eldersim.shell import Line, experiment_of, explained, language_option, plan_argument, run_options, write


@click.command("compare")
@plan_argument
@click.option("--scenario", "only", multiple=True, help="Only these scenarios beside the base.")
@click.option(
    "--ladder", metavar="TYPE:N,N,...", help="Also compare so many new beds of a type, such as NURSING:10,20,30."
)
@click.option("--until", metavar="MEASURE=SHARE", help="Replicate until a measure is so precise, such as waiting=5%.")
@run_options
@language_option
@click.option(
    "--output",
    "-o",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Also write .json, .csv, .parquet, .txt or .html.",
)
@explained
def command(
    plan: Path, only: tuple[str, ...], ladder: str | None, until: str | None, language: str, output: tuple[Path, ...],
    workers: int | None, **given: Any,
) -> None:  # fmt: skip
    """Run all scenarios of PLAN with the same luck and show them side by side.

    A difference in brackets can be chance; intervals hold for all scenarios together.
    """
    from dataclasses import replace

    from eldersim.experiment import compare, compare_until
    from eldersim.ladder import read_ladder, rungs
    from eldersim.plan import read_plan
    from eldersim.texts import notes, side_by_side

    experiment = experiment_of(read_plan(plan), only, **given)
    if ladder is not None:
        more = rungs(*read_ladder(ladder))
        experiment = replace(experiment, scenarios=(*experiment.scenarios, *more))
    told = Line(f"{len(experiment.scenarios)} scenarios, {experiment.replications} replications")
    if until is None:
        results = compare(experiment, workers=workers, progress=told)
    else:
        results = compare_until(experiment, _precision(until), workers=workers, progress=told)
    click.echo(side_by_side(results, language))
    for sentence in notes(results, language):
        click.echo(sentence)
    write(results, output, language)


def _precision(text: str) -> Any:
    from eldersim.experiment import Precision
    from eldersim.results import known_measure

    name, _, share = text.partition("=")
    try:
        value = float(share.strip().rstrip("%")) / (100 if share.strip().endswith("%") else 1)
    except ValueError:
        raise InvalidInput(
            "PRECISION_UNREADABLE", f"{text!r} is no precision.", remedy="Write for example waiting=5%."
        ) from None
    return Precision(known_measure(name.strip()), value)
