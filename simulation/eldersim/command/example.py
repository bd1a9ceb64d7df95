"""`eldersim example`: a plan to begin with."""

from pathlib import Path

import click

from eldersim.shell import explained


@click.command("example")
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write it to a file.")
@explained
def command(output: Path | None) -> None:
    """Print an example plan: a made-up county with three homes and three scenarios."""
    from importlib.resources import files

    from eldersim.errors import Unavailable

    text = (files("eldersim") / "data" / "example.yaml").read_text("utf-8")
    if output is None:
        click.echo(text, nl=False)
        return
    if output.exists():
        raise Unavailable("FILE_EXISTS", f"{output} is there already.", remedy="Choose another name.")
    output.write_text(text, "utf-8")
    click.echo(f"wrote {output}", err=True)
