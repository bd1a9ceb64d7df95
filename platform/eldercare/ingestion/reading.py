"""From the lines of a table to rows about people, as a feed reads them; each cell that cannot be read is a problem."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from eldercare.ingestion.feed import Feed, Unknown, places, plain
from eldercare.ingestion.person_row import PARTS, Part, PersonRow, Problem, row_of
from eldercare.ingestion.source import Line, Table

SEPARATORS = re.compile(r"[、,;|]")
DOTS = re.compile(r"[•‧・∙･]")
"""Dots that stand in names for the one that belongs there."""


class Reading(NamedTuple):
    """The rows of a file, and the columns that no field takes."""

    rows: tuple[PersonRow, ...]
    unknown: tuple[Unknown, ...]


def read_rows(feed: Feed, table: Table) -> Reading:
    """All rows of a table."""
    where, unknown = places(feed, table.header)
    rows = tuple(_row(feed, line, where, len(table.header)) for line in table.lines)
    return Reading(rows, tuple(unknown))


def _row(feed: Feed, line: Line, where: Mapping[str, int], width: int) -> PersonRow:
    said: dict[str, Any] = {}
    problems = list(_too_long(line, width))
    for part in PARTS:
        text = _cell(feed, line, where.get(part.name)) or feed.defaults.get(part.name)
        if text:
            value = _value(feed, part, text)
            if isinstance(value, Problem):
                problems.append(value)
            else:
                said[part.name] = value
    return row_of(line.number, said, tuple(problems))


def _too_long(line: Line, width: int) -> Iterator[Problem]:
    if len(line.cells) > width:
        yield Problem(
            "",
            "ROW_TOO_LONG",
            f"The row has {len(line.cells)} cells under {width} headers.",
            "Look for a separator inside a cell that is not quoted.",
        )


def _cell(feed: Feed, line: Line, place: int | None) -> str:
    """The text of a cell; one of the feed's words for nothing is nothing."""
    text = line.cells[place] if place is not None and place < len(line.cells) else ""
    return "" if plain(text) in feed.empty else text


def _value(feed: Feed, part: Part, text: str) -> Any:
    """The value of a cell, or the problem with it."""
    if part.kind == "text":
        return DOTS.sub("·", " ".join(unicodedata.normalize("NFC", text).split()))
    wide = unicodedata.normalize("NFKC", text).strip()
    if part.kind == "date":
        return feed.day(wide) or _no_day(feed, part)
    if part.kind == "code":
        return feed.vocabulary.get(part.name, {}).get(plain(wide), wide)
    words = SEPARATORS.split(re.sub(r"\(.*?\)", "", wide)) if part.many else [wide]
    terms = [feed.term(part, word) for word in words if word.strip()]
    if None in terms:
        return _no_term(part)
    return terms if part.many else terms[0]


def _no_day(feed: Feed, part: Part) -> Problem:
    forms = ", ".join(feed.dates)
    return Problem(
        part.name,
        "DATE_FORM",
        f"{part.name} ({part.zh}) is no day that the feed can read.",
        f"Write it as 1945-03-12, or name its form in `dates` of a feed of your own; this one has {forms}.",
    )


def _no_term(part: Part) -> Problem:
    terms = () if isinstance(part.kind, str) else tuple(part.kind)
    known = ", ".join(f"{term.zh} ({term.value})" for term in terms)
    return Problem(
        part.name,
        "WORD_UNKNOWN",
        f"{part.name} ({part.zh}) is none of the words that the feed knows.",
        f"Use one of these, or add the word to `vocabulary` of a feed of your own: {known}.",
    )
