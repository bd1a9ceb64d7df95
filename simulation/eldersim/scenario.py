"""A scenario: a named, versioned list of dated measures over a baseline; read with the nearest name told when one is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eldersim.baseline import Baseline
from eldersim.entities import known
from eldersim.errors import InvalidInput
from eldersim.measures import KINDS, AnyMeasure, Measure, OpenFacility
from eldersim.wording import differences


class Scenario(BaseModel):
    """What would be done: measures in the order given; ``base`` names the scenario it is to be compared with."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    name: str = Field(min_length=1, max_length=60)
    title: str = ""
    version: int = Field(1, ge=1)
    base: str | None = None
    measures: tuple[AnyMeasure, ...] = ()

    def __hash__(self) -> int:
        return hash(self.model_dump_json())

    def with_measures(self, *more: Measure, name: str) -> Scenario:
        """This scenario with further measures, under a new name; the other one stays as it is.

        >>> more = BASE.with_measures(KINDS[0].model_validate({"bed_type": "NURSING", "beds": 10}), name="more")
        >>> more.base, len(more.measures)
        ('base', 1)
        """
        return Scenario.model_validate(
            {"name": name, "base": self.name, "measures": (*self.measures, *more), "version": self.version}
        )


BASE = Scenario(name="base", version=1)
"""As it is: no measure."""


def read(content: Mapping[str, Any], *, baseline: Baseline | None = None, path: tuple[str | int, ...] = ()) -> Scenario:
    """The scenario plain values describe; `InvalidInput` names the key, what was expected and the nearest valid name.

    With a baseline, names of facilities and divisions are checked as well.

    >>> read({"name": "x", "measures": [{"kind": "add_beds", "bed_typ": "NURSING", "beds": 3}]})
    Traceback (most recent call last):
    eldersim.errors.InvalidInput: SCENARIO_INVALID: measures.0: there is no key 'bed_typ'. Did you mean 'bed_type'?
    """
    try:
        scenario = Scenario.model_validate(dict(content))
    except ValidationError as error:
        raise _explained(error, path) from None
    if baseline is not None:
        check(scenario, baseline, path=path)
    return scenario


def check(scenario: Scenario, baseline: Baseline, *, path: tuple[str | int, ...] = ()) -> None:
    """Refuse facilities and divisions that neither the baseline nor a measure before knows."""
    facilities = {facility.code for facility in baseline.facilities}
    divisions = [division.code for division in baseline.divisions]
    for index, measure in enumerate(scenario.measures):
        where = (*path, "measures", index)
        for name in ("division", "divisions"):
            for code in _all(getattr(measure, name, None)):
                known(code, divisions, "DIVISION_UNKNOWN", (*where, name))
        if isinstance(measure, OpenFacility):
            facilities.add(measure.facility)
        for name in ("facility", "into", "facilities"):
            for code in _all(getattr(measure, name, None)):
                known(code, facilities, "FACILITY_UNKNOWN", (*where, name))
        day_of(measure.start, baseline.date, (*where, "from"))


def day_of(given: int | date, start: date, path: tuple[str | int, ...] = ()) -> int:
    """The day a date is, counted from the baseline's."""
    day = given if isinstance(given, int) else (given - start).days
    if day < 0:
        raise InvalidInput(
            "MEASURE_TOO_EARLY",
            f"{'.'.join(map(str, path))}: {given} is before the baseline's date {start}.",
            remedy="Give a later date, or 0 for the start.",
            path=path,
        )
    return day


def difference(base: Scenario, other: Scenario, language: str = "en") -> tuple[str, ...]:
    """How a scenario differs from its base, a sentence for each measure, in English (`en`) or Chinese (`zh`)."""
    return differences(base.measures, other.measures, language)


def schema() -> dict[str, Any]:
    """The JSON Schema of a scenario."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Scenario.model_json_schema()}


def _all(given: Any) -> tuple[str, ...]:
    return () if given is None else given if isinstance(given, tuple) else (given,)


def _explained(error: ValidationError, path: tuple[str | int, ...]) -> InvalidInput:
    """The first thing wrong; a key too many comes before a key that is missing, as it is often the same mistake."""
    found = error.errors(include_url=False)
    first = next((each for each in found if each["type"] == "extra_forbidden"), found[0])
    kinds = {str(kind.model_fields["kind"].default): kind for kind in KINDS}
    at = tuple(part for part in first["loc"] if part not in kinds)
    where = ".".join(map(str, at[:-1])) or "the scenario"
    near: list[str] = []
    message = f"{'.'.join(map(str, at)) or 'the scenario'}: {first['msg'][0].lower()}{first['msg'][1:]}."
    if first["type"] == "extra_forbidden":
        kind = next((kinds[str(part)] for part in first["loc"] if part in kinds), None)
        fields = Scenario.model_fields if kind is None else kind.model_fields
        near = _nearest(str(at[-1]), [each.alias or name for name, each in fields.items()])
        message = f"{where}: there is no key {at[-1]!r}."
    elif first["type"] == "union_tag_invalid":
        tag = str(first.get("ctx", {}).get("tag"))
        near = _nearest(tag, list(kinds))
        message = f"{'.'.join(map(str, at))}: there is no kind of measure {tag!r}."
    elif first["type"] == "literal_error":
        near = _nearest(str(first["input"]), str(first.get("ctx", {}).get("expected", "")).replace("'", "").split(", "))
    remedy = f"Did you mean {near[0]!r}?" if near else "`eldersim schema` prints what a scenario may hold."
    return InvalidInput("SCENARIO_INVALID", message, remedy=remedy, path=(*path, *at))


def _nearest(given: str, names: list[str]) -> list[str]:
    return get_close_matches(given, names, n=1, cutoff=0.4)
