"""`eldersim optimise`: the fewest new beds of each year that keep a target."""

from pathlib import Path
from typing import Any

import click

from eldersim.shell import Line, experiment_of, explained, language_option, plan_argument, run_options


@click.command("optimise")
@plan_argument
@click.option("--target", required=True, help='Such as "placed_30>=90%" or "lost_share<=5%".')
@click.option("--bed-type", default="NURSING", show_default=True, help="The type of bed to add.")
@click.option("--division", help="Only in this division; spread over the whole territory without it.")
@click.option("--scenario", default="base", show_default=True, help="The scenario whose measures hold as well.")
@run_options
@language_option
@explained
def command(
    plan: Path, target: str, bed_type: str, division: str | None, scenario: str, language: str, workers: int | None,
    **given: Any,
) -> None:  # fmt: skip
    """Find the fewest new beds of each year of PLAN that keep a target in that year."""
    from eldersim.entities import BED_TYPES, known
    from eldersim.executor import usable_workers
    from eldersim.optimise import fewest_beds_by_year, read_target
    from eldersim.plan import read_plan
    from eldersim.texts import aligned, label, number

    wanted = read_target(target)
    known(bed_type, BED_TYPES, "BED_TYPE_UNKNOWN", ("bed_type",))
    experiment = experiment_of(read_plan(plan), (scenario,), **given)
    found = fewest_beds_by_year(
        experiment, wanted, bed_type=bed_type, division=division,
        workers=workers or usable_workers(), progress=Line("years"),
    )  # fmt: skip
    zh = language == "zh"
    rows = [
        ["年", "新增床位", "累计", label(wanted.measure, "zh"), ""]
        if zh
        else ["year", "new beds", "so far", label(wanted.measure), ""]
    ]
    for each in found:
        reached = None if each.reached is None else each.reached.mean
        missed = "" if each.attained else ("任何床位数都达不到" if zh else "no number of beds is enough")
        rows.append([str(each.year), str(each.added), str(each.so_far), number(reached, wanted.measure), missed])
    click.echo(aligned(rows, right=0))
