"""`eldersim sensitivity`: which uncertain parameters decide a result."""

from pathlib import Path
from typing import Any

import click

from eldersim.shell import Line, experiment_of, explained, language_option, plan_argument, run_options


@click.command("sensitivity")
@plan_argument
@click.option(
    "--measure", default="waiting", show_default=True, help="The measure whose value over the whole time is looked at."
)
@click.option("--scenario", default="base", show_default=True, help="The scenario to look at.")
@click.option("--difference", is_flag=True, help="Look at the difference of the scenario to the base.")
@click.option(
    "--morris", "trajectories", type=click.IntRange(2), help="So many Morris walks instead of one parameter at a time."
)
@run_options
@language_option
@explained
def command(
    plan: Path, measure: str, scenario: str, difference: bool, trajectories: int | None, language: str,
    workers: int | None, **given: Any,
) -> None:  # fmt: skip
    """Show which uncertain parameters of PLAN decide a result."""
    from eldersim.plan import read_plan
    from eldersim.results import known_measure
    from eldersim.sensitivity import morris, one_at_a_time
    from eldersim.texts import aligned, number, whole_label

    known_measure(measure)
    experiment = experiment_of(read_plan(plan), (scenario,), **given)
    names = {each.id: each.label(language) for each in experiment.baseline.parameters.values()}
    told = Line("points")
    zh = language == "zh"
    if trajectories is None:
        middle, swings = one_at_a_time(
            experiment, measure, scenario=scenario, difference=difference, workers=workers, progress=told
        )
        click.echo(f"{whole_label(measure, language)}: {number(middle, measure)}")
        rows = [["参数", "说明", "取低值", "取高值"] if zh else ["parameter", "meaning", "at low", "at high"]]
        rows += [[s.factor, names[s.factor], number(s.at_low, measure), number(s.at_high, measure)] for s in swings]
    else:
        effects = morris(
            experiment, measure, scenario=scenario, difference=difference, trajectories=trajectories, workers=workers,
            progress=told,
        )  # fmt: skip
        click.echo(whole_label(measure, language))
        head = (
            ["参数", "说明", "平均效应", "效应大小", "离散"]
            if zh
            else ["parameter", "meaning", "mean effect", "size", "spread"]
        )
        rows = [head]
        for e in effects:
            sizes = [number(value, measure) for value in (e.mean, e.mean_size, e.spread)]
            rows.append([e.factor, names[e.factor], *sizes])
    click.echo(aligned(rows, right=2))
