"""A baseline as canonical JSON and back: equal baselines give equal bytes."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import date
from typing import Any

import numpy as np

from eldersim import entities as of
from eldersim.demand import Demand
from eldersim.errors import InvalidInput
from eldersim.parameters import Parameter, Parameters
from eldersim.population import Population

LISTS: dict[str, type[Any]] = {
    "divisions": of.Division,
    "facilities": of.Facility,
    "places": of.Place,
    "residents": of.Resident,
    "waiting": of.Applicant,
}


def write(baseline: Any) -> bytes:
    """The bytes of a baseline."""
    content: dict[str, Any] = {"name": baseline.name, "date": baseline.date.isoformat()}
    for name, kind in LISTS.items():
        content[name] = [[getattr(each, part.name) for part in fields(kind)] for each in getattr(baseline, name)]
    content["parameters"] = [asdict(each) for each in baseline.parameters.values()]
    content["population"] = _population(baseline.population)
    content["demand"] = _demand(baseline.demand)
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read(content: bytes) -> dict[str, Any]:
    """The fields of the baseline of these bytes."""
    try:
        found = json.loads(content)
        parts = {name: tuple(_thing(kind, row) for row in found[name]) for name, kind in LISTS.items()}
        parameters = Parameters({row["id"]: Parameter(**row) for row in found["parameters"]})
        when, population, demand = date.fromisoformat(found["date"]), found["population"], found["demand"]
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput(
            "BASELINE_UNREADABLE", f"The baseline cannot be read: {error}.", remedy="Take it from the registry again."
        ) from error
    return {
        "name": found["name"],
        "date": when,
        **parts,
        "population": None if population is None else Population(**_arrays(population, ("people", "younger"))),
        "parameters": parameters,
        "demand": None if demand is None else Demand(**_arrays(demand, ("intensity",))),
    }


def _thing(kind: type[Any], row: list[Any]) -> Any:
    return kind(*(_tuples(value) for value in row))


def _tuples(value: Any) -> Any:
    return tuple(_tuples(each) for each in value) if isinstance(value, list) else value


def _population(population: Population | None) -> dict[str, Any] | None:
    if population is None:
        return None
    return {
        "divisions": list(population.divisions),
        "groups": list(population.groups),
        "people": population.people.tolist(),
        "younger": population.younger.tolist(),
    }


def _demand(demand: Demand | None) -> dict[str, Any] | None:
    if demand is None:
        return None
    return {
        "divisions": list(demand.divisions),
        "groups": list(demand.groups),
        "intensity": demand.intensity.tolist(),
    }


def _arrays(content: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    arrays = {name: np.array(content[name], dtype=np.float64) for name in names}
    return {**content, "divisions": tuple(content["divisions"]), "groups": tuple(content["groups"]), **arrays}
