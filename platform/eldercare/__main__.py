"""The command line `eldercare`."""

import importlib
import sys

import click

from eldercare.kit.errors import EldercareError

COMMANDS = {
    "demo": "Fill a demonstration registry, run the Xiaoshan scenario, and serve both.",
    "serve": "Serve the GraphQL API and the start page.",
    "work": "Work off queued jobs, beside the server or on another machine.",
    "plan": "Compare planning scenarios from the registry's state and print their table.",
    "ingest": "Bring a partner's file of people into the registry, and report what came of each row.",
    "return": "List the returns that are owed upward, and print them.",
    "token": "Issue, list, replace and revoke API tokens.",
    "keys": "Replace the keys that protect numbers, phones and addresses.",
    "audit": "Prove the audit trail, give it out, tell who read a person's data, or end what is old.",
    "publish": "Publish the counts of people by group and division for one quarter.",
    "disburse": "Compute what a subsidy scheme pays for a month.",
    "db": "Upgrade, check or measure the database.",
    "schema": "Print the GraphQL schema, check it against the committed one or the last release, see who uses what.",
    "trusted": "Register, check and list trusted documents.",
    "settings": "Show every setting with its value and where it came from.",
}
"""What there is, with the sentence that the list shows: the modules behind it are loaded only when called."""

MODULES = {"return": "returns"}
"""Where a command stands whose name is a word of the language."""


class Commands(click.Group):
    """Loads a command's module when the command is called, so that `--help` answers at once."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """The names, in the order of use."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The command of that name, from the module of that name."""
        if name not in COMMANDS:
            return None
        found: click.Command = importlib.import_module(f"eldercare.command.{MODULES.get(name, name)}").command
        return found

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """The list for `--help`, without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="eldercare", prog_name="eldercare")
def cli() -> None:
    """One registry of older people and of everything that cares for them, one GraphQL API, and a simulation from it.

    Settings come from ELDERCARE_* variables and from eldercare.toml; `eldercare settings` lists them.
    """


def main() -> None:
    """Run the command line; what a person can act on is told as code, sentence and remedy, without a traceback."""
    try:
        cli()
    except EldercareError as error:
        click.echo(f"{click.style(error.code, fg='red', bold=True)}: {error.message}", err=True)
        if error.remedy:
            click.echo(error.remedy, err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
