"""`eldersim explain`: how one number of stored results was computed."""

from pathlib import Path

import click

from eldersim.shell import explained, language_option


@click.command("explain")
@click.argument("results", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("measure")
@click.option("--scenario", help="The scenario; the last one without it.")
@click.option("--year", type=click.IntRange(0), help="The year counted from the start; the whole time without it.")
@language_option
@explained
def command(results: Path, measure: str, scenario: str | None, year: int | None, language: str) -> None:
    """Say how the number MEASURE of RESULTS was computed, and what it rests on."""
    from eldersim.errors import InvalidInput
    from eldersim.results import Results, known_measure
    from eldersim.texts import explain

    found = Results.from_file(results)
    known_measure(measure)
    if year is not None and year not in found.years_of(measure):
        years = found.years_of(measure)
        raise InvalidInput(
            "YEAR_UNKNOWN", f"{measure} has no year {year}.", remedy=f"Its years are {years[0]} to {years[-1]}."
        )
    name = found.names[-1] if scenario is None else found.scenario(scenario)
    click.echo(explain(found, name, measure, year=year, language=language))
