"""`eldersim report`: stored results as a page, a table or text."""

from pathlib import Path

import click

from eldersim.shell import explained, language_option, write


@click.command("report")
@click.argument("results", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--output",
    "-o",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Write .html, .csv, .parquet or .txt; text on the terminal without it.",
)
@language_option
@explained
def command(results: Path, output: tuple[Path, ...], language: str) -> None:
    """Write RESULTS, stored by `eldersim compare -o results.json`, in another form."""
    from eldersim.results import Results
    from eldersim.texts import side_by_side

    found = Results.from_file(results)
    if not output:
        click.echo(side_by_side(found, language))
    write(found, output, language)
