"""`eldersim example`: a plan to begin with."""

import click


@click.command("example")
def command() -> None:
    """Print an example plan: a made-up county with three homes and three scenarios."""
    from importlib.resources import files

    click.echo((files("eldersim") / "data" / "example.yaml").read_text("utf-8"), nl=False)
