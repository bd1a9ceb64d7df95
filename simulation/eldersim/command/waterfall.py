"""`eldersim waterfall`: what each measure of a scenario adds, and why demand grows."""

from pathlib import Path
from typing import Any

import click

from eldersim.shell import Line, experiment_of, explained, language_option, plan_argument, run_options


@click.command("waterfall")
@plan_argument
@click.option("--scenario", required=True, help="The scenario to take apart.")
@click.option("--measure", default="waiting", show_default=True, help="The measure to explain, over the whole time.")
@run_options
@language_option
@explained
def command(plan: Path, scenario: str, measure: str, language: str, workers: int | None, **given: Any) -> None:
    """Show what each measure of a scenario of PLAN adds, one after the other, and what drives demand."""
    from eldersim.plan import read_plan
    from eldersim.results import known_measure
    from eldersim.texts import aligned, change, number, whole_label
    from eldersim.waterfall import demand_drivers, steps_of

    known_measure(measure)
    experiment = experiment_of(read_plan(plan), (scenario,), **given)
    start, steps = steps_of(experiment, measure, workers=workers, progress=Line("steps"))
    zh = language == "zh"
    rows = [[whole_label(measure, language), ""]]
    rows.append(["现状" if zh else "as it is", number(start, measure)])
    rows += [[each.label(language), change(each.difference, measure)] for each in steps]
    if steps:
        rows.append(["合计" if zh else "together", change(steps[-1].so_far, measure)])
    click.echo(aligned(rows))
    causes = demand_drivers(experiment.baseline, years=experiment.years)
    if causes:
        click.echo("\n" + ("申请人数变化的原因" if zh else "Why applications change"))
        click.echo(aligned([[each.label(language), f"{100 * each.change:+.1f}%"] for each in causes]))
