"""Translates cases without chance: life tables, cohorts, states of ability, arithmetic of places, fluid flows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from eldersim.capacity import free_beds, implied_beds, share_housed
from eldersim.fluid import FluidPlace, Level
from eldersim.lifetables import classic_remaining_years, moved_up, remaining_years, survivors
from eldersim.transitions import probabilities, years_spent
from eldersim.validation_case import Case, judge, leaves, unknown
from eldersim.validation_stations import Asked

VARIANT = re.compile(r"^(beds|los|rate)_([0-9.]+)$")


def compared(case: Case, found: Mapping[tuple[str, ...], float]) -> Asked:
    """Every expected number against what was found for the same keys; what was not found is unknown."""
    rows = []
    for path, expected in leaves(case.expected):
        if isinstance(expected, list):
            rows.extend(_compared_list(case, found, path, expected))
        elif path in found and isinstance(expected, int | float):
            rows.append(judge(case, path, float(expected), float(found[path])))
        else:
            rows.append(unknown(case, ".".join(path), "this number is not known", expected=expected))
    return Asked(rows=rows)


def ask_life_table(case: Case) -> Asked:
    """Remaining years and survivors of a table of death hazards by age group."""
    table = case.model["mortality_hazard_by_age"]
    ages = [int(re.split(r"[-+]", str(group))[0]) for group in table]
    hazards = [float(hazard) for hazard in table.values()]
    width = float(ages[1] - ages[0])
    found: dict[tuple[str, ...], float] = {}
    for age, years, classic in zip(
        ages, remaining_years(hazards, width=width), classic_remaining_years(hazards, width=width), strict=True
    ):
        found["remaining_life_expectancy", f"e{age}"] = years
        found[(f"classic_life_table_e{age}",)] = classic
    for since, first in enumerate(ages):
        for age, share in zip(ages[since:], survivors(hazards[since:], width=width), strict=True):
            found[f"survival_from_{first}", f"l{age}"] = share
    return compared(case, found)


def ask_cohort(case: Case) -> Asked:
    """A closed population by age group, moved up step by step."""
    model = case.model
    people = {sex: [float(count) for count in counts] for sex, counts in model["start"].items()}
    lowest = [int(re.split(r"[-+]", str(group))[0]) for group in model["groups"]]
    found: dict[tuple[str, ...], float] = {}
    for period, hazards in model["mortality"].items():
        first, year = (int(part) for part in re.split(r"\s*-\s*", str(period)))
        people = {sex: moved_up(counts, hazards[sex], width=float(year - first)) for sex, counts in people.items()}
        for sex, counts in people.items():
            found.update({(str(year), sex, str(i)): count for i, count in enumerate(counts)})
        for age in lowest:
            found[str(year), f"total_{age}plus"] = sum(
                count for counts in people.values() for low, count in zip(lowest, counts, strict=True) if low >= age
            )
    return compared(case, found)


def ask_states(case: Case) -> Asked:
    """Years and chances in several states under hazards by single age; everybody is dead after the last age."""
    model = case.model
    states = [str(state) for state in model["states"]]
    table = {int(age): row for age, row in model["hazards_by_single_age"].items()}
    hazards = np.zeros((len(table), len(states), len(states)))
    for number, age in enumerate(sorted(table)):
        for move, value in table[age].items():
            origin, _, target = str(move).partition("_to_")
            hazards[number, states.index(origin), states.index(target)] = float(value)
    start = str(model.get("initial_state", model.get("start", states[0])))
    first = min(table)
    found = _years(states, hazards, start, first) | _chances(states, hazards, start, first)
    return compared(case, found)


def ask_occupancy(case: Case) -> Asked:
    """What an occupancy implies."""
    model = case.model
    residents = float(model["residents"])
    found: dict[tuple[str, ...], float] = {}
    if "occupancy" in model:
        beds = implied_beds(residents, float(model["occupancy"]))
        found = {("implied_beds",): beds, ("free_beds",): free_beds(residents, beds)}
    if "beds" in model:
        found = {
            ("occupancy",): residents / float(model["beds"]),
            ("free_beds",): free_beds(residents, float(model["beds"])),
        }
    if "target_group" in model:
        found["share_of_target_group_housed",] = share_housed(residents, float(model["target_group"]))
    return compared(case, found)


def ask_fluid(case: Case) -> Asked:
    """The levels of a fluid place at given months, in its base and in variants such as beds_665."""
    found: dict[tuple[str, ...], float] = {}
    for variant, rows in case.expected.items():
        months = [float(str(month).split()[-1]) for month in rows]
        levels = {level.time: level for level in _levels(case.model, str(variant), max(months))}
        for month, time in zip(rows, months, strict=True):
            level = levels[time]
            values = {
                "placement": level.residents,
                "residents": level.residents,
                "waiting": level.waiting,
                "admissions": level.admissions,
            }
            found.update({(str(variant), str(month), name): value for name, value in values.items()})
    return compared(case, found)


def _levels(model: Mapping[str, Any], variant: str, end: float) -> list[Level]:
    changed = VARIANT.match(variant)
    values = {
        "beds": float(model["beds"]),
        "los": float(model["los_months"]),
        "rate": float(model["admission_rate_per_10000_per_year"]),
    }
    if changed:
        values[changed[1]] = float(changed[2])
    table = next(value for key, value in model.items() if str(key).startswith("population"))
    times, people = [float(t) for t in table["times"]], [float(v) for v in table["values"]]
    place = FluidPlace(
        lambda time: values["rate"] / 10_000 / 12 * float(np.interp(time, times, people)), values["los"], values["beds"]
    )
    return place.path(
        float(model["initial_residents"]), start=float(model.get("start_month", 0)), end=end, step=float(model["dt"])
    )


def _years(states: Sequence[str], hazards: Any, start: str, first: int) -> dict[tuple[str, ...], float]:
    spent = years_spent(hazards, start=states.index(start))
    alive = [(state, float(years)) for state, years in zip(states, spent, strict=True) if state != "dead"]
    found: dict[tuple[str, ...], float] = {(f"{state}_life_expectancy_{first}",): years for state, years in alive}
    found[f"total_life_expectancy_{first}",] = sum(years for _, years in alive)
    return found


def _chances(states: Sequence[str], hazards: Any, start: str, first: int) -> dict[tuple[str, ...], float]:
    place = np.zeros(len(states))
    place[states.index(start)] = 1.0
    found: dict[tuple[str, ...], float] = {}
    for number in range(len(hazards) + 1):
        alive = float(sum(share for state, share in zip(states, place.tolist(), strict=True) if state != "dead"))
        for state, share in zip(states, place.tolist(), strict=True):
            found["state_probabilities", f"age {first + number}", state] = share
        if "disabled" in states and alive > 0:
            found["prevalence_among_alive", f"age {first + number}"] = float(place[states.index("disabled")]) / alive
        if number < len(hazards):
            place = place @ probabilities(hazards[number])
    return found


def _compared_list(
    case: Case, found: Mapping[tuple[str, ...], float], path: tuple[str, ...], expected: Sequence[Any]
) -> list[Any]:
    rows = []
    for index, value in enumerate(expected):
        where = (*path, str(index))
        rows.append(
            judge(case, where, float(value), found[where])
            if where in found
            else unknown(case, ".".join(where), "this number is not known", expected=value)
        )
    return rows
