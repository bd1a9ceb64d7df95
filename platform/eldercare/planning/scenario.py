"""A study's scenarios as the simulation reads them, with their difference to the base in words."""

from dataclasses import dataclass
from typing import Any

from eldercare.kit.errors import InvalidInput
from eldercare.planning.outcome import Planned, Text
from eldercare.planning.request import Request
from eldercare.planning.world import World
from eldersim import scenario as sim
from eldersim.errors import EldersimError


@dataclass(frozen=True)
class Plan:
    """A scenario, ready to run, and how people are told about it."""

    planned: Planned
    scenario: sim.Scenario


def plans(request: Request, world: World) -> tuple[Plan, ...]:
    """All scenarios of a request, checked against the start; `InvalidInput` keeps the simulation's code and adds the path."""
    read = [_read(index, asked, world) for index, asked in enumerate(request.model_dump(mode="json")["scenarios"])]
    base = read[0]
    return tuple(
        Plan(Planned(name=asked.name, title=asked.title, changes=() if each is base else _changes(base, each)), each)
        for asked, each in zip(request.scenarios, read, strict=True)
    )


def measure_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario, its measures among it."""
    return sim.schema()


def _read(index: int, asked: dict[str, Any], world: World) -> sim.Scenario:
    document = {"name": asked["name"], "title": asked["title"]["en"], "measures": asked["measures"]}
    try:
        return sim.read(document, baseline=world.baseline, path=("scenarios", index))
    except EldersimError as error:
        raise InvalidInput(error.code, error.message, remedy=error.remedy, path=error.path) from None


def _changes(base: sim.Scenario, other: sim.Scenario) -> tuple[Text, ...]:
    pairs = zip(sim.difference(base, other, "en"), sim.difference(base, other, "zh"), strict=True)
    return tuple(Text(en=en, zh=zh) for en, zh in pairs)
