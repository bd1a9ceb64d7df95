"""Results in files: JSON to be read again, CSV or Parquet as tidy rows, text, or one HTML page."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from pathlib import Path

from eldersim.errors import InvalidInput, Unavailable
from eldersim.results import Results
from eldersim.texts import COLUMNS, side_by_side, tidy

Writer = Callable[[Results, str], bytes]


def write_results(results: Results, path: Path, language: str = "en") -> None:
    """Write one file; its ending says the form."""
    if path.suffix not in WRITERS:
        raise InvalidInput(
            "FORM_UNKNOWN",
            f"{path} has an ending that is not known.",
            remedy=f"Use one of {', '.join(WRITERS)}.",
            path=["output"],
        )
    content = WRITERS[path.suffix](results, language)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Unavailable(
            "FILE_NOT_WRITABLE", f"{path} cannot be written: {error.strerror}.", remedy="Choose another folder."
        ) from error


def as_csv(results: Results, _: str = "en") -> bytes:
    """Tidy rows, one a scenario, measure and year."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows(tidy(results))
    return text.getvalue().encode()


def as_parquet(results: Results, _: str = "en") -> bytes:
    """The tidy rows as Parquet; needs pyarrow."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise Unavailable(
            "PARQUET_NEEDS_PYARROW", "Parquet needs the package pyarrow.", remedy="Install it, or write .csv."
        ) from error
    columns = zip(*([None if cell == "" else cell for cell in row] for row in tidy(results)), strict=True)
    table = pyarrow.table(dict(zip(COLUMNS, (list(column) for column in columns), strict=True)))
    sink = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(table, sink)
    return bytes(sink.getvalue().to_pybytes())


def as_text(results: Results, language: str = "en") -> bytes:
    """The comparison as text."""
    return (side_by_side(results, language) + "\n").encode()


def as_html(results: Results, language: str = "en") -> bytes:
    """One page that needs no network."""
    from eldersim.report import page

    return page(results, language).encode()


WRITERS: dict[str, Writer] = {
    ".json": lambda results, _: results.to_json(),
    ".csv": as_csv,
    ".parquet": as_parquet,
    ".txt": as_text,
    ".html": as_html,
}
"""The forms by the ending of the file's name."""
