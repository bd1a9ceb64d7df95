"""Reads YAML or JSON and remembers the line of every key, so that an error can say where to look."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from eldersim.errors import EldersimError, InvalidInput, Unavailable

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Document:
    """The content of a file, its name, and the line on which each path begins."""

    name: str
    content: Any
    lines: dict[Place, int]

    def line(self, path: Sequence[str | int]) -> int:
        """The line of a path, or of the nearest part of it that the file has."""
        place = tuple(path)
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)

    def located(self, error: EldersimError) -> EldersimError:
        """The same error with the file and the line before its sentence."""
        where = f"{self.name}, line {self.line(error.path)}: "
        return type(error)(error.code, where + error.message, remedy=error.remedy, path=error.path)


def read_document(path: str | Path) -> Document:
    """A YAML or JSON file (JSON is YAML); `Unavailable` if it cannot be read, `InvalidInput` if it is neither."""
    try:
        text = Path(path).read_text("utf-8-sig")
    except OSError as error:
        raise Unavailable(
            "FILE_NOT_READABLE", f"{path} cannot be read: {error.strerror}.", remedy="Check the name of the file."
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidInput("NOT_UTF8", f"{path} is not UTF-8 text.", remedy="Save it as UTF-8.") from error
    return parse(text, name=str(path))


def parse(text: str, *, name: str) -> Document:
    """The document of a text.

    >>> parse("a:\\n  - b: 1\\n  - b: 2\\n", name="x").line(("a", 1, "b"))
    3
    """
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        tree = yaml.compose(text, Loader=loader)
        content = yaml.load(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        raise InvalidInput(
            "NOT_YAML",
            f"{name}, line {line}: {error.problem or error}.",
            remedy="Correct that line; indent with spaces.",
        ) from error
    return Document(name, content, dict(_lines(tree, ())) if tree is not None else {})


def _lines(node: yaml.Node, path: Place) -> Iterator[tuple[Place, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, key.value)
            yield here, key.start_mark.line + 1
            yield from _lines(value, here)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            here = (*path, number)
            yield here, value.start_mark.line + 1
            yield from _lines(value, here)
