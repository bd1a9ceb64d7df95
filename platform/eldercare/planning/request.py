"""What a planner asks for: territory, date, years, replications, seed and the scenarios, from a file, a preset or the API."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from pydantic import Field, ValidationError

from eldercare.kit.errors import InvalidInput, NotFound
from eldercare.planning.comparison import Frozen
from eldercare.planning.outcome import Text

YEARS_MOST, REPLICATIONS_MOST, SCENARIOS_MOST = 30, 2000, 6
"""Limits of one study: what a planner can read and one worker finishes in reasonable time."""


class AskedScenario(Frozen):
    """One scenario as it is asked for; its measures are checked by the simulation, which knows what they mean."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,59}$")
    title: Text
    measures: tuple[dict[str, Any], ...] = ()


class Request(Frozen):
    """A study to be made; the first scenario is the base of every comparison.

    With `uncertain` every replication draws its own value of each parameter that is known only as an interval, the same
    for all its scenarios.
    """

    territory: str = Field(min_length=2, max_length=12)
    as_of: date
    years: int = Field(10, ge=1, le=YEARS_MOST)
    replications: int = Field(100, ge=2, le=REPLICATIONS_MOST)
    seed: int = Field(1, ge=0, lt=2**31)
    uncertain: bool = False
    scenarios: tuple[AskedScenario, ...] = Field(min_length=1, max_length=SCENARIOS_MOST)

    @property
    def fingerprint(self) -> str:
        """The same for two requests exactly when they ask for the same."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def asked(values: Mapping[str, Any]) -> Request:
    """A request from plain values; `InvalidInput` (STUDY_INVALID) names the key, what was expected and the nearest name."""
    try:
        request = Request.model_validate(values)
    except ValidationError as error:
        raise _explained(error) from None
    names = [each.name for each in request.scenarios]
    for index, name in enumerate(names):
        if name in names[:index]:
            raise InvalidInput(
                "STUDY_INVALID",
                f"Two scenarios are called {name!r}.",
                remedy="Give each scenario a name of its own.",
                path=("scenarios", index, "name"),
            )
    return request


def read_request(path: Path, **override: Any) -> Request:
    """A request from a YAML or JSON file; given values that are not None win over the file's."""
    try:
        values = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            "STUDY_FILE", f"The scenario file {path} cannot be read: {error}.", remedy="Check the path."
        ) from None
    except yaml.YAMLError as error:
        raise InvalidInput(
            "STUDY_FILE", f"The scenario file {path} is not YAML or JSON: {error}.", remedy="Correct it at that line."
        ) from None
    if not isinstance(values, dict):
        raise InvalidInput(
            "STUDY_FILE",
            f"The scenario file {path} holds no keys.",
            remedy="Start from `eldercare plan --show xiaoshan`.",
        )
    return asked(values | {key: value for key, value in override.items() if value is not None})


def preset(name: str, **override: Any) -> Request:
    """A study that comes with the package; given values that are not None win over its own."""
    return asked(preset_values(name) | {key: value for key, value in override.items() if value is not None})


def preset_values(name: str) -> dict[str, Any]:
    """What a preset says, by name; `NotFound` (PRESET_UNKNOWN) tells the names there are."""
    if name not in presets():
        near = get_close_matches(name, presets(), n=1)
        raise NotFound(
            "PRESET_UNKNOWN",
            f"There is no preset {name!r}.",
            remedy=(f"Did you mean {near[0]!r}? " if near else "") + f"There are: {', '.join(presets())}.",
            path=("preset",),
        )
    values: dict[str, Any] = yaml.safe_load(preset_text(name))
    return values


@cache
def presets() -> tuple[str, ...]:
    """The names of the studies that come with the package."""
    folder = files("eldercare.planning") / "presets"
    return tuple(sorted(each.name.removesuffix(".yaml") for each in folder.iterdir() if each.name.endswith(".yaml")))


def preset_text(name: str) -> str:
    """The file of a preset, to start one's own from."""
    return (files("eldercare.planning") / "presets" / f"{name}.yaml").read_text("utf-8")


def _explained(error: ValidationError) -> InvalidInput:
    """The first thing wrong, with the nearest name that exists when a key is unknown."""
    first = error.errors(include_url=False)[0]
    path = tuple(first["loc"])
    remedy = "See the preset `xiaoshan` for a complete example."
    message = f"{'.'.join(str(part) for part in path)}: {first['msg']}."
    if first["type"] == "extra_forbidden":
        known = [*Request.model_fields, *AskedScenario.model_fields, *Text.model_fields]
        near = get_close_matches(str(path[-1]), known, n=1)
        message = f"There is no key {path[-1]!r}."
        remedy = f"Did you mean {near[0]!r}?" if near else remedy
    return InvalidInput("STUDY_INVALID", message, remedy=remedy, path=path)
