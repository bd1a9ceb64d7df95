"""What all commands share: their options, the progress line, how an error is shown and how results are written."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from eldersim.errors import EldersimError, InvalidInput

if TYPE_CHECKING:
    from eldersim.executor import Progress
    from eldersim.experiment import Experiment
    from eldersim.plan import Plan
    from eldersim.results import Results

P = ParamSpec("P")
T = TypeVar("T")

FAILED = 2
"""The exit code of a command that could not do its work."""


def plan_argument(function: Callable[P, T]) -> Callable[P, T]:
    """The plan: a YAML or JSON file."""
    return click.argument("plan", type=click.Path(dir_okay=False, path_type=Path))(function)


def run_options(function: Callable[P, T]) -> Callable[P, T]:
    """Options that win over what the plan says."""
    for option in (
        click.option("--uncertain/--fixed", default=None, help="Draw uncertain parameters anew in each replication."),
        click.option("--workers", type=click.IntRange(1), help="Processes to use; all processors without it."),
        click.option("--seed", type=click.IntRange(0), help="Another seed than the plan's."),
        click.option("--replications", type=click.IntRange(1), help="Another number of replications than the plan's."),
        click.option("--years", type=click.IntRange(1, 40), help="Another number of years than the plan's."),
    ):
        function = option(function)
    return function


def language_option(function: Callable[P, T]) -> Callable[P, T]:
    """English or Chinese."""
    kinds = click.Choice(["en", "zh"])
    return click.option("--language", type=kinds, default="en", show_default=True, help="English or Chinese.")(function)


def explained(function: Callable[P, T]) -> Callable[P, T]:
    """Show an error of ours as its sentence and remedy, without a trace, and end with code 2."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return function(*args, **kwargs)
        except EldersimError as error:
            click.echo(click.style(f"{error.code}: ", fg="red", bold=True) + error.message, err=True)
            if error.remedy:
                click.echo(f"  {error.remedy}", err=True)
            sys.exit(FAILED)

    return run


def experiment_of(plan: Plan, only: tuple[str, ...] = (), **given: Any) -> Experiment:
    """The experiment of a plan with the options that were given; ``only`` names scenarios beside the base."""
    from eldersim.experiment import Experiment

    names = [each.name for each in plan.scenarios]
    for name in only:
        if name not in names:
            raise InvalidInput(
                "SCENARIO_UNKNOWN", f"The plan has no scenario {name!r}.", remedy=f"It has {', '.join(names)}."
            )
    scenarios = tuple(each for each in plan.scenarios if not only or each.name in only or each.name == names[0])
    settings = {key: getattr(plan, key) for key in ("years", "replications", "seed", "uncertain")}
    settings |= {key: value for key, value in given.items() if value is not None}
    return Experiment(plan.baseline, scenarios, **settings)


class Line:
    """One line of progress on the terminal, rewritten as the work goes on; nothing where nobody looks."""

    def __init__(self, what: str) -> None:
        self._what, self._shown = what, sys.stderr.isatty()

    def __call__(self, progress: Progress) -> None:
        """Show how far the work is and how long it will still take."""
        if not self._shown:
            return
        left = "" if progress.seconds_left is None else f", {duration(progress.seconds_left)} left"
        filled = round(24 * progress.share)
        bar = "█" * filled + "·" * (24 - filled)
        end = "\n" if progress.done == progress.total else ""
        click.echo(f"\r{self._what} {bar} {progress.share:4.0%}{left}        {end}", nl=False, err=True)


def duration(seconds: float) -> str:
    """Seconds as people say them.

    >>> duration(3), duration(200)
    ('3 s', '3 min 20 s')
    """
    whole = round(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def write(results: Results, paths: tuple[Path, ...], language: str) -> None:
    """Write results in the form each file's name asks for."""
    from eldersim.export import write_results

    for path in paths:
        write_results(results, path, language)
        click.echo(f"wrote {path}", err=True)
