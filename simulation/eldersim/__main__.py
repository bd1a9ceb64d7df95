"""The command line of the simulation: each command loads only when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "run": "Run one scenario of a plan and show it year by year.",
    "compare": "Run all scenarios of a plan with the same luck and show them side by side.",
    "waterfall": "Show what each measure of a scenario adds, and what drives demand.",
    "optimise": "Find the fewest new beds of each year that keep a target.",
    "sensitivity": "Show which uncertain parameters decide a result.",
    "report": "Write stored results as a page, a table or text.",
    "explain": "Say how one number of stored results was computed.",
    "validate": "Check the simulation against a file of cases with known answers.",
    "schema": "Print the JSON Schema of a scenario or of a plan.",
    "example": "Print an example plan to begin with.",
    "parameters": "List every number of the model with its source and confidence.",
}


class Lazy(click.Group):
    """Commands whose modules are imported when they are called, so that help is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the order in which one needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"eldersim.command.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A wrong name is told with the nearest right one."""
        from difflib import get_close_matches

        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = get_close_matches(name, COMMANDS, n=1, cutoff=0.4)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"There is no command {name!r}.{hint}")
        return super().resolve_command(ctx, args)


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="eldercare", prog_name="eldersim")
def cli() -> None:
    """Simulate long-term-care beds: who applies, who waits, who is placed, and what measures change.

    Begin with `eldersim example -o plan.yaml`, then `eldersim compare plan.yaml -o report.html`.
    """


def main() -> Any:
    """The entry point."""
    return cli()


if __name__ == "__main__":
    main()
