"""What a baseline asks for: applications by cell and bed type, in balance with the residents there are unless told otherwise."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eldersim.ability import fitted
from eldersim.baseline import Baseline
from eldersim.beds import TYPES
from eldersim.demand import Demand, applications, propensity, total
from eldersim.demography import project
from eldersim.entities import BED_TYPES
from eldersim.parameters import Parameters
from eldersim.population import AGES, FIRST, LEVELS

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

ORDINARY, NURSING, DEMENTIA, REHAB, SHORT_STAY = range(TYPES)
INSTEAD = {REHAB: NURSING, DEMENTIA: NURSING, SHORT_STAY: ORDINARY}
"""The bed type asked for where a territory has none of the type needed."""

DAYS = 365.25


@dataclass(frozen=True, slots=True)
class Asking:
    """Applications a year ``intensity[year, cell]`` of cells with these traits; ``needs[level, type]`` are shares."""

    intensity: Floats
    division: Integers
    sex: Integers
    age: Integers
    level: Integers
    group: Integers
    groups: tuple[str, ...]
    needs: Floats


def asking(baseline: Baseline, parameters: Parameters, *, years: int, offered: frozenset[int]) -> Asking:
    """The applications of each year, from the baseline's own demand or calibrated."""
    demand = baseline.demand or _from_people(baseline, parameters, years)
    needs = need_shares(parameters, offered)
    intensity = demand.intensity
    if baseline.demand is None and baseline.residents:
        by_level = np.array([total(intensity[0][..., level, :]) for level in range(LEVELS)])
        needs, factor = _balanced(
            baseline, parameters, by_level, needs=needs, dementia=dementia_share(parameters, offered)
        )
        intensity = intensity * factor[:, None]
    order = [demand.divisions.index(each) for each in demand.divisions]
    places = {each.code: number for number, each in enumerate(baseline.divisions)}
    cells = np.indices(intensity.shape[1:]).reshape(5, -1)
    flat = intensity.reshape(len(intensity), -1)
    used = np.flatnonzero(flat.max(axis=0) > 0)
    home = np.array([places[demand.divisions[each]] for each in order], np.int64)
    return Asking(
        np.ascontiguousarray(flat[:, used]),
        home[cells[0][used]],
        cells[1][used],
        cells[2][used] + FIRST,
        cells[3][used],
        cells[4][used],
        demand.groups,
        needs,
    )


def need_shares(parameters: Parameters, offered: frozenset[int]) -> Floats:
    """Shares of bed types needed by level, short stays included; a type the territory lacks goes to the next best."""
    rows = np.array(parameters["need.by_level"].value, dtype=float)
    respite = float(parameters.mapping("stay.respite")["share"])
    needs = np.concatenate([rows * (1 - respite), np.full((LEVELS, 1), respite)], axis=1)
    for missing, other in INSTEAD.items():
        if missing not in offered:
            needs[:, other] += needs[:, missing]
            needs[:, missing] = 0.0
    return needs


def dementia_share(parameters: Parameters, offered: frozenset[int]) -> float:
    """The share of those whose need grows who then need a dementia bed, where there are any."""
    return float(parameters.mapping("need.after_worsening")["dementia"]) if DEMENTIA in offered else 0.0


def mean_stay(parameters: Parameters, level: int) -> float:
    """The mean stay in days at a level."""
    law = parameters.mapping("stay.permanent")
    mean = math.fsum(share * days for share, days in zip(law["shares"], law["means_days"], strict=True))
    return mean * parameters.numbers("stay.by_level")[level]


def _from_people(baseline: Baseline, parameters: Parameters, years: int) -> Demand:
    if baseline.population is None:
        return _steady(baseline, parameters)
    people = project(baseline.population, fitted(parameters), first_year=baseline.date.year, years=years).people
    groups = baseline.population.groups
    return Demand(baseline.population.divisions, groups, applications(people, parameters, groups))


def _steady(baseline: Baseline, parameters: Parameters) -> Demand:
    """Without a population: people like the residents, where the beds are, and no growth."""
    cells = np.zeros((1, len(baseline.divisions), 2, len(AGES), LEVELS, 1))
    homes = {each.code: each.division for each in baseline.facilities}
    numbers = {each.code: number for number, each in enumerate(baseline.divisions)}
    levels = resident_levels(baseline, parameters)
    for resident, level in zip(baseline.residents, levels, strict=True):
        age = min(max(resident.age, FIRST), FIRST + len(AGES) - 1) - FIRST
        cells[0, numbers[homes[resident.facility]], int(resident.sex != "male"), age, level, 0] += 1.0
    return Demand(tuple(numbers), ("OTHER",), cells)


def resident_levels(baseline: Baseline, parameters: Parameters) -> list[int]:
    """The level of each resident; where it is unknown, one spread over the levels of those who need that bed type."""
    chances = np.array(parameters["need.by_level"].value, dtype=float)
    weights = propensity(parameters, ("OTHER",))[AGES.index(80), :, 0] * chances[:, :NURSING].sum(axis=1)
    spread = np.cumsum(weights) / math.fsum(weights.tolist())
    found, unknown = [], 0
    for resident in baseline.residents:
        if resident.level is not None:
            found.append(resident.level)
        elif resident.bed_type in ("ORDINARY", "SHORT_STAY"):
            # an even sequence instead of luck: the golden ratio's multiples fill the unit evenly
            unknown += 1
            found.append(int(np.searchsorted(spread, (unknown * 0.6180339887498949) % 1.0)))
        else:
            found.append(3)
    return found


def _balanced(
    baseline: Baseline, parameters: Parameters, by_level: Floats, *, needs: Floats, dementia: float
) -> tuple[Floats, Floats]:
    """Shares of needs and factors by level, such that each bed type takes in as many as leave it now (Little's law)."""
    residents = np.array([sum(each.bed_type == kind for each in baseline.residents) for kind in BED_TYPES], float)
    asked = by_level[:, None] * needs
    time = np.zeros((TYPES, TYPES))
    for kind in range(TYPES):
        for level in range(LEVELS):
            time[kind] += _years_in(parameters, kind, level, dementia=dementia) * asked[level, kind]
    wanted = np.zeros(TYPES)
    left = residents.copy()
    for kind in (ORDINARY, NURSING, DEMENTIA, REHAB, SHORT_STAY):
        if time[kind, kind] > 0:
            wanted[kind] = max(left[kind], 0.0) / time[kind, kind]
            left -= wanted[kind] * time[kind]
    raised = needs * wanted
    factor = raised.sum(axis=1)
    shares = np.where(factor[:, None] > 0, raised / np.where(factor > 0, factor, 1.0)[:, None], needs)
    return shares, factor


def _years_in(parameters: Parameters, kind: int, level: int, *, dementia: float) -> Floats:
    """Mean years one applicant spends in beds of each type, if every move finds a bed at once."""
    spent = np.zeros(TYPES)
    if kind == SHORT_STAY:
        spent[kind] = float(parameters.mapping("stay.respite")["mean_days"]) / DAYS
        return spent
    whole = mean_stay(parameters, level) / DAYS
    if kind != ORDINARY:
        spent[kind] = whole
        return spent
    law, ratio = parameters.mapping("stay.permanent"), parameters.numbers("stay.by_level")[level]
    hazard = parameters.numbers("need.worsening")[level]
    rates = [DAYS / (days * ratio) + hazard for days in law["means_days"]]
    spent[ORDINARY] = math.fsum(share / rate for share, rate in zip(law["shares"], rates, strict=True))
    spent[NURSING] = (whole - spent[ORDINARY]) * (1 - dementia)
    spent[DEMENTIA] = (whole - spent[ORDINARY]) * dementia
    return spent
