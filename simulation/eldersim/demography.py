"""The yearly step of a population: deaths, ageing, onset, worsening and recovery of disability, newcomers, migration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eldersim.ability import AbilityHazards, YearStep, mortality, spread, year_step
from eldersim.errors import InvalidInput
from eldersim.population import (
    AGES,
    FIRST,
    LEVELS,
    SEXES,
    Array,
    Population,
    national_bands,
    old_bands,
    single_ages,
    younger_like_nation,
)
from eldersim.transitions import added, survival


@dataclass(frozen=True, slots=True)
class Projection:
    """A population at its start and after each year.

    ``people[year, division, sex, age, level, group]`` has one entry more than the flows: ``deaths`` and ``entrants``
    by [year, division], ``factor[year, sex, age]`` on all death hazards of the survey.
    """

    first_year: int
    divisions: tuple[str, ...]
    groups: tuple[str, ...]
    people: Array
    deaths: Array
    entrants: Array
    factor: Array

    @property
    def years(self) -> int:
        """How many years are projected."""
        return len(self.deaths)

    def aged(self, age: int) -> list[float]:
        """All people of an age and over, at the start and after each year."""
        return [float(each[:, :, age - FIRST :].sum()) for each in self.people]

    def disabled(self, level: int = 1) -> list[float]:
        """All people of an ability level or worse, at the start and after each year."""
        return [float(each[..., level:, :].sum()) for each in self.people]

    def mean_factor(self, year: int) -> float:
        """The factor on death hazards of a year, averaged over the people it applied to."""
        weight = self.people[year].sum(axis=(0, 3, 4))
        return float((weight * self.factor[year]).sum() / weight.sum())


def project(
    population: Population,
    hazards: AbilityHazards,
    *,
    first_year: int,
    years: int,
    migration: Array | None = None,
) -> Projection:
    """The population year by year.

    Deaths are those of the United Nations by sex, age and calendar year; within an age the disabled die sooner, as in
    the survey. ``migration[division, sex, age]`` is the net yearly number of people moving in for each person there.
    """
    people, younger = population.people, population.younger
    shares = _entrant_shares(population)
    states, deaths, entrants, factors = [people], [], [], []
    for year in range(first_year, first_year + years):
        step, young_survival = _year(people, hazards, year)
        moved = _moved(people, step)
        newcomers = (younger[:, :, -1] * young_survival[None, :, -1])[:, :, None, None] * shares
        deaths.append(_by_division(people) - _by_division(moved))
        people = _aged(moved, newcomers)
        younger = _aged_young(younger * young_survival[None])
        people = _migrated(people, migration)
        entrants.append(_by_division(newcomers[:, :, None]))
        states.append(people)
        factors.append(step.factor)
    shape = (years, len(population.divisions))
    return Projection(
        first_year,
        population.divisions,
        population.groups,
        np.stack(states),
        np.reshape(deaths, shape),
        np.reshape(entrants, shape),
        np.reshape(factors, (years, 2, len(AGES))),
    )


def from_bands(
    bands: dict[str, dict[str, dict[int, float]]],
    hazards: AbilityHazards,
    *,
    year: int,
    group_shares: dict[str, float] | None = None,
) -> Population:
    """A population from five-year bands: ``{division: {"male": {60: people, 65: ...}, "female": ...}}``.

    Ability levels are spread as in the nation by sex and age; groups by ``group_shares`` (everybody OTHER without it);
    people below 60 as in the nation, in proportion to the band 60-64, unless their bands are given too.
    """
    shares = {"OTHER": 1.0} if group_shares is None else group_shares
    weights = np.array(list(shares.values()))
    if weights.min() < 0 or abs(float(weights.sum()) - 1) > 1e-9:
        raise InvalidInput("GROUP_SHARES_WRONG", "The shares of the groups do not add up to 1.", remedy="Correct them.")
    levels = spread(hazards, year=year)
    old, young = zip(*(_division(bands[name]) for name in bands), strict=True)
    people = np.stack(old)[..., None, None] * levels[None, ..., None] * weights
    return Population(tuple(bands), tuple(shares), people, np.stack(young))


def nation_2020(hazards: AbilityHazards) -> Population:
    """All of China on 1 November 2020, as one division."""
    bands = {sex: {age: n for age, n in national_bands(sex).items() if age >= FIRST} for sex in SEXES}
    return from_bands({"CN": bands}, hazards, year=2020)


def _division(bands: dict[str, dict[int, float]]) -> tuple[Array, Array]:
    old, young = [], []
    for sex in SEXES:
        known = old_bands({age: n for age, n in bands[sex].items() if age >= FIRST}, sex=sex)
        old.append(single_ages(known))
        young.append(younger_like_nation(known, sex=sex))
    return np.stack(old), np.stack(young)


def _year(people: Array, hazards: AbilityHazards, year: int) -> tuple[YearStep, Array]:
    """The chances of a year for those of 60 and over, and the survival of the younger.

    Somebody of completed age a is on average a + 1 in the middle of the year, so the hazards of a and a + 1 are averaged.
    """
    old, young = mortality(year)
    ahead = np.concatenate([old[:, 1:], old[:, -1:]], axis=1)
    step = year_step(hazards, _over_divisions_and_groups(people), (old + ahead) * 0.5)
    next_young = np.concatenate([young[:, 1:], old[:, :1]], axis=1)
    return step, survival((young + next_young) * 0.5)


def _moved(people: Array, step: YearStep) -> Array:
    """Those alive after a year at their new level, still at their old age; summed in a fixed order."""
    chances = step.chances
    found = np.zeros_like(people)
    for new in range(LEVELS):
        total = people[..., 0, :] * chances[None, :, :, 0, new, None]
        for old in range(1, LEVELS):
            total = total + people[..., old, :] * chances[None, :, :, old, new, None]
        found[..., new, :] = total
    return found


def _aged(people: Array, newcomers: Array) -> Array:
    older = np.empty_like(people)
    older[:, :, 1:] = people[:, :, :-1]
    older[:, :, -1] = older[:, :, -1] + people[:, :, -1]
    older[:, :, 0] = newcomers
    return older


def _aged_young(younger: Array) -> Array:
    """One year older; the youngest age is filled with as many as it had, which matters only after thirty years."""
    return np.concatenate([younger[:, :, :1], younger[:, :, :-1]], axis=2)


def _migrated(people: Array, migration: Array | None) -> Array:
    if migration is None:
        return people
    if migration.shape != people.shape[:3]:
        raise InvalidInput(
            "MIGRATION_SHAPE",
            f"Migration has the shape {migration.shape}, not {people.shape[:3]}.",
            remedy="Give a rate for each division, sex and age 60 to 100.",
        )
    return np.maximum(people * (1.0 + migration[..., None, None]), 0.0)


def _entrant_shares(population: Population) -> Array:
    """Levels and groups of those who turn 60: as those of 60 to 64 in their division now, else as in all divisions."""
    recent = added(population.people[:, :, :5], axis=2)
    everywhere = added(recent, axis=0)[None]
    return np.asarray(np.where(_everybody(recent) > 0, _shares(recent), _shares(everywhere)))


def _shares(people: Array) -> Array:
    """People by [division, sex, level, group] as shares of their division and sex; zero where nobody is."""
    total = _everybody(people)
    return np.asarray(np.where(total > 0, people, 0.0) / np.where(total > 0, total, 1.0))


def _everybody(people: Array) -> Array:
    return added(added(people, axis=3), axis=2)[:, :, None, None]


def _by_division(people: Array) -> Array:
    while people.ndim > 1:
        people = added(people, axis=-1)
    return people


def _over_divisions_and_groups(people: Array) -> Array:
    """People by [sex, age, level]."""
    return added(added(people, axis=4), axis=0)
