"""The tables packaged with the demonstration: each opens with lines that name its source, licence and traps."""

import csv
import gzip
from functools import cache
from importlib import resources
from typing import Any

import yaml

FOLDER = resources.files("eldercare.demonstration") / "data"


def text(name: str) -> str:
    """A packaged file as text, unpacked when its name ends in .gz."""
    content = (FOLDER / name).read_bytes()
    return (gzip.decompress(content) if name.endswith(".gz") else content).decode("utf-8")


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a packaged table by their column names; empty cells are empty texts."""
    lines = (line for line in text(name).splitlines(keepends=True) if not line.startswith("#"))
    return list(csv.DictReader(lines))


def origin(name: str) -> str:
    """What a packaged table says about itself: its opening lines without the sign in front."""
    lines = [line[1:].strip() for line in text(name).splitlines() if line.startswith("#")]
    return " ".join(lines)


@cache
def settings(name: str) -> dict[str, Any]:
    """A packaged file of figures for the synthetic people and places, each with where it comes from."""
    content: dict[str, Any] = yaml.safe_load(text(name))
    return content
