"""Writing an outcome to a file in the form its name asks for."""

from collections.abc import Callable
from pathlib import Path

from eldercare.kit.errors import InvalidInput, Unavailable
from eldercare.planning.outcome import Outcome
from eldercare.planning.page import render_page
from eldercare.planning.picture import png, svg
from eldercare.planning.table import render_csv, render_table

FORMS: dict[str, Callable[[Outcome, str], str | bytes]] = {
    ".html": render_page,
    ".svg": svg,
    ".png": png,
    ".txt": render_table,
    ".csv": lambda outcome, _language: render_csv(outcome),
    ".json": lambda outcome, _language: outcome.to_json() + "\n",
}
"""What is written for each ending: the page, the chart, the table, all estimates, or the whole document."""


def write(outcome: Outcome, path: Path, language: str = "en") -> None:
    """Write an outcome; `InvalidInput` OUTPUT_FORM for an ending that means nothing, `Unavailable` OUTPUT_FILE if it cannot be written."""
    form = FORMS.get(path.suffix.lower())
    if form is None:
        raise InvalidInput(
            "OUTPUT_FORM",
            f"The file {path.name} has no ending that names a form.",
            remedy=f"Use one of {', '.join(FORMS)}.",
            path=("output",),
        )
    made = form(outcome, language)
    try:
        path.write_bytes(made if isinstance(made, bytes) else made.encode())
    except OSError as error:
        raise Unavailable(
            "OUTPUT_FILE", f"The file {path} cannot be written: {error.strerror}.", remedy="Choose another place."
        ) from None
