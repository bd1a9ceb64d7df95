"""The numbers of the model with unit, source and confidence: read from the package, overridden by a user's file, drawn."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from io import StringIO
from pathlib import Path
from typing import Any

import yaml

from eldersim.errors import InvalidInput, Unavailable

CONFIDENCES = ("high", "medium", "low", "unconfirmed")
FIELDS = ("id", "en", "zh", "value", "low", "high", "unit", "source", "confidence", "use")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number (or list, or mapping of numbers) of the model.

    ``low`` and ``high`` have the shape of ``value`` and make it an interval; they are None for a fixed value.
    ``confidence`` is high, medium, low or unconfirmed (an assumption that a planner should replace).
    """

    id: str
    en: str
    zh: str
    value: Any
    unit: str
    source: str
    confidence: str
    use: str
    low: Any = None
    high: Any = None

    @property
    def uncertain(self) -> bool:
        """Whether each replication draws its own value."""
        return self.low is not None

    def label(self, language: str) -> str:
        """Its name in Chinese (`zh`) or English."""
        return self.zh if language == "zh" else self.en

    def at(self, share: float) -> Parameter:
        """This parameter fixed at a share of the way from low (0) to high (1); a fixed one stays as it is."""
        if not self.uncertain:
            return self
        return replace(self, value=_between(self.low, self.high, share), low=None, high=None)


class Parameters(Mapping[str, Parameter]):
    """All parameters by id; never changed, every change makes a new set.

    >>> parameters = load()
    >>> parameters["policy.nursing_share"].value
    0.55
    """

    def __init__(self, entries: Mapping[str, Parameter]) -> None:
        self._entries = dict(entries)

    def __getitem__(self, name: str) -> Parameter:
        if name not in self._entries:
            raise _unknown(name, self._entries)
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def number(self, name: str) -> float:
        """The value of a parameter that is one number."""
        value = self[name].value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise InvalidInput("PARAMETER_NOT_A_NUMBER", f"{name} is not one number.", remedy="Read it as a list.")
        return float(value)

    def numbers(self, name: str) -> tuple[float, ...]:
        """The value of a parameter that is a list of numbers."""
        value = self[name].value
        if not isinstance(value, list):
            raise InvalidInput("PARAMETER_NOT_A_LIST", f"{name} is not a list.", remedy="Read it as one number.")
        return tuple(float(each) for each in value)

    def mapping(self, name: str) -> dict[str, Any]:
        """The value of a parameter that has named parts."""
        value = self[name].value
        if not isinstance(value, dict):
            raise InvalidInput("PARAMETER_NOT_NAMED", f"{name} has no named parts.", remedy="Read it as one number.")
        return dict(value)

    def changed(self, values: Mapping[str, Any]) -> Parameters:
        """These parameters with some values replaced and fixed."""
        fixed = {name: replace(self[name], value=value, low=None, high=None) for name, value in values.items()}
        return Parameters({**self._entries, **fixed})

    def placed(self, shares: Mapping[str, float]) -> Parameters:
        """These parameters with some intervals fixed at a share of the way from low (0) to high (1)."""
        return Parameters({**self._entries, **{name: self[name].at(share) for name, share in shares.items()}})

    def drawn(self, *, seed: int, replication: int) -> Parameters:
        """The values of one replication: every interval at its own random place.

        The place depends on seed, replication and the parameter's id alone, so that one more parameter changes no other.
        """
        shares = {name: _luck(seed, replication, name) for name, each in self._entries.items() if each.uncertain}
        return self.placed(shares)

    def uncertain(self) -> tuple[Parameter, ...]:
        """The parameters that are intervals, in the order of the file."""
        return tuple(each for each in self._entries.values() if each.uncertain)


@cache
def standard() -> Parameters:
    """The parameters of the package."""
    return Parameters(_entries((files("eldersim") / "data" / "parameters.yaml").read_text("utf-8"), "parameters.yaml"))


def load(path: str | Path | None = None) -> Parameters:
    """The package's parameters, with the entries of a user's YAML file in their place.

    A user's entry gives the id and only what differs; a value given without ``low`` and ``high`` is fixed.
    """
    base = standard()
    if path is None:
        return base
    try:
        text = Path(path).read_text("utf-8")
    except OSError as error:
        raise Unavailable(
            "FILE_NOT_READABLE",
            f"The parameter file {path} cannot be read: {error.strerror}.",
            remedy="Check the path.",
        ) from error
    return Parameters({**base, **_entries(text, str(path), base)})


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a CSV table of the package, in the order of the file."""
    text = (files("eldersim") / "data" / f"{name}.csv").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return tuple(csv.DictReader(StringIO("\n".join(lines))))


def _entries(text: str, name: str, base: Mapping[str, Parameter] | None = None) -> dict[str, Parameter]:
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidInput(
            "PARAMETERS_NOT_YAML", f"{name} is not YAML: {error}", remedy="Correct that line."
        ) from error
    rows = document.get("parameters") if isinstance(document, dict) else None
    if not isinstance(rows, list):
        raise InvalidInput(
            "PARAMETERS_MISSING", f"{name} has no list `parameters`.", remedy="Write `parameters:` and a list below it."
        )
    return dict(_entry(row, f"{name}, entry {number}", base) for number, row in enumerate(rows, start=1))


def _entry(row: Any, where: str, base: Mapping[str, Parameter] | None) -> tuple[str, Parameter]:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise InvalidInput("PARAMETER_WITHOUT_ID", f"{where}: no id.", remedy="Give the id of the parameter.")
    for key in row:
        if key not in FIELDS:
            raise _nearest("PARAMETER_KEY_UNKNOWN", f"{where}: unknown key {key!r}.", str(key), FIELDS)
    known = None if base is None else base[row["id"]]
    given = {**_same(known), **row}
    if "value" in row and "low" not in row and "high" not in row:
        given |= {"low": None, "high": None}
    missing = [key for key in FIELDS if key not in given and key not in ("low", "high")]
    if missing:
        raise InvalidInput("PARAMETER_INCOMPLETE", f"{where}: {', '.join(missing)} missing.", remedy="Add it.")
    return row["id"], _checked(Parameter(**given), where)


def _same(known: Parameter | None) -> dict[str, Any]:
    return {} if known is None else {key: getattr(known, key) for key in FIELDS}


def _checked(parameter: Parameter, where: str) -> Parameter:
    if parameter.confidence not in CONFIDENCES:
        raise _nearest(
            "CONFIDENCE_UNKNOWN", f"{where}: confidence {parameter.confidence!r}.", parameter.confidence, CONFIDENCES
        )
    if (parameter.low is None) != (parameter.high is None) or not _ordered(
        parameter.low, parameter.value, parameter.high
    ):
        raise InvalidInput(
            "INTERVAL_WRONG",
            f"{where}: {parameter.id} is not between its low and its high.",
            remedy="Give low and high in the shape of value, low <= value <= high.",
        )
    return parameter


def _ordered(low: Any, value: Any, high: Any) -> bool:
    if low is None or high is None:
        return True
    if isinstance(value, list):
        same = isinstance(low, list) and isinstance(high, list) and len(low) == len(value) == len(high)
        return same and all(map(_ordered, low, value, high))
    return all(isinstance(each, (int, float)) for each in (low, value, high)) and bool(low <= value <= high)


def _between(low: Any, high: Any, share: float) -> Any:
    if isinstance(low, list):
        return [_between(a, b, share) for a, b in zip(low, high, strict=True)]
    return low + (high - low) * share


def _luck(seed: int, replication: int, name: str) -> float:
    word = hashlib.blake2b(f"{seed}/{replication}/{name}".encode(), digest_size=8).digest()
    return (int.from_bytes(word, "big") >> 11) / 2**53


def _unknown(name: str, entries: Mapping[str, Parameter]) -> InvalidInput:
    return _nearest("PARAMETER_UNKNOWN", f"There is no parameter {name!r}.", name, tuple(entries))


def _nearest(code: str, message: str, given: str, known: tuple[str, ...]) -> InvalidInput:
    near = get_close_matches(given, known, n=1, cutoff=0.0)
    return InvalidInput(code, message, remedy=f"Did you mean {near[0]}?" if near else "")
