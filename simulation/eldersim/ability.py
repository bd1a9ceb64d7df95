"""Hazards between ability levels and death by sex and age, and how people of an age are spread over the levels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from eldersim.errors import InvalidInput
from eldersim.parameters import Parameters, table
from eldersim.population import (
    AGES,
    BAND,
    FIRST,
    LEVELS,
    SEXES,
    YOUNG,
    Array,
    national_bands,
    single_ages,
)
from eldersim.transitions import added, probabilities, product, survival

DEAD = LEVELS
"""Death is the state after the last ability level."""

ROUNDS = 4
"""Corrections of the death factor within a year; four bring the deaths within 1e-5 of the target."""

SETTLING = 30
"""Years at the hazards of age 60 after which the levels of those alive no longer change."""

TOLERANCE = 1e-7
"""How near the fitted prevalence comes to the stated one."""

TRIALS = 8
"""Secant steps that fit onset to a prevalence; the share is nearly proportional to onset, so fewer would do."""


@dataclass(frozen=True, slots=True)
class AbilityHazards:
    """Yearly hazards by [sex, age] (ages 60 to 100) and, for deaths and changes, by level."""

    onset: Array
    recovery: Array
    worsening: tuple[float, ...]
    improvement: tuple[float, ...]
    death: Array

    def matrix(self, factor: Array, place: int | slice = slice(None)) -> Array:
        """Hazards ``[sex, age, from, to]`` over five levels and death, all deaths times ``factor[sex, age]``.

        ``place`` picks one age by its number (60 is 0); the age axis is then left out.
        """
        onset, recovery, death = self.onset[:, place], self.recovery[:, place], self.death[:, place]
        found = np.zeros((*onset.shape, LEVELS + 1, LEVELS + 1))
        found[..., 0, 1] = onset
        for level in range(1, LEVELS):
            found[..., level, level - 1] = recovery * self.improvement[level - 1]
            if level + 1 < LEVELS:
                found[..., level, level + 1] = self.worsening[level - 1]
        found[..., :LEVELS, DEAD] = death * factor[..., None]
        return found


@dataclass(frozen=True, slots=True)
class YearStep:
    """What one year does: chances ``[sex, age, from, to]`` and the factor on all death hazards ``[sex, age]``."""

    chances: Array
    factor: Array


def mortality(year: int) -> tuple[Array, Array]:
    """The United Nations' death hazards of a calendar year: ``[sex, age]`` for ages 60 to 100 and for 30 to 59."""
    rows = table("mortality")
    periods = [name for name in rows[0] if name[:4].isdigit()]
    period = next((name for name in periods if int(name[:4]) <= year < int(name[5:])), None)
    if period is None:
        near = periods[0] if year < int(periods[0][:4]) else periods[-1]
        raise InvalidInput(
            "YEAR_OUTSIDE_MORTALITY",
            f"There is no mortality for {year}.",
            remedy=f"The tables reach from {periods[0][:4]} to {periods[-1][5:]}; the nearest period is {near}.",
        )
    found = {(row["sex"], int(row["age_from"])): float(row[period]) for row in rows}
    old = [[found[sex, age - age % BAND] for age in AGES] for sex in SEXES]
    young = [[found[sex, age - age % BAND] for age in YOUNG] for sex in SEXES]
    return np.array(old), np.array(young)


@lru_cache(maxsize=256)
def _survey() -> dict[str, Array]:
    """The survey's hazards by [sex, age], carried from 65 down to 60 at the same ratio a year."""
    names = ("healthy_to_disabled", "disabled_to_healthy", "healthy_to_dead", "disabled_to_dead")
    rows = {(row["sex"], int(row["age"])): row for row in table("disability_hazards")}
    found: dict[str, Array] = {}
    for name in names:
        lines = []
        for sex in SEXES:
            known = [float(rows[sex, age][name]) for age in range(65, 101)]
            ratio = known[0] / known[1]
            early = [known[0]]
            for _ in range(65 - FIRST):
                early.append(early[-1] * ratio)
            lines.append(early[:0:-1] + known)
        found[name] = np.array(lines)
    return found


def year_step(hazards: AbilityHazards, people: Array, target: Array) -> YearStep:
    """One year for people ``[sex, age, level]``, all deaths scaled so that they are those of ``target[sex, age]`` hazards.

    Where nobody lives the factor follows people without disability.
    """
    alone = np.zeros_like(people)
    alone[..., 0] = 1.0
    everybody = added(people, axis=-1)
    present = np.where((everybody > 0)[..., None], people, alone)
    share = present / added(present, axis=-1)[..., None]
    wanted = 1.0 - survival(target)
    factor = target / added(share * hazards.death, axis=-1)
    for _ in range(ROUNDS):
        dying = added(share * probabilities(hazards.matrix(factor))[..., :LEVELS, DEAD], axis=-1)
        factor = factor * (wanted / dying)
    return YearStep(probabilities(hazards.matrix(factor)), factor)


def spread(hazards: AbilityHazards, *, year: int) -> Array:
    """How people of one sex and age are spread over the levels: ``[sex, age, level]``, each adding up to 1.

    A cohort that follows the hazards from 60 on, with the deaths of the population, where it begins settled.
    """
    target, _ = mortality(year)
    found = np.zeros((2, len(AGES), LEVELS))
    found[:, 0] = _settled(hazards)
    for place in range(len(AGES) - 1):
        here = found[:, place]
        factor = target[:, place] / added(here * hazards.death[:, place], axis=-1)
        found[:, place + 1] = _alive(here, probabilities(hazards.matrix(factor, place)))
    return found


def fitted(parameters: Parameters) -> AbilityHazards:
    """The hazards whose onset gives the nation of 2020 the stated share of disabled people aged 60 and over."""
    return _fitted(
        parameters.number("ability.prevalence"),
        parameters.numbers("ability.worsening"),
        parameters.numbers("ability.improvement"),
        parameters.numbers("ability.death_ratio"),
    )


@lru_cache(maxsize=512)
def _fitted(
    prevalence: float, worsening: tuple[float, ...], improvement: tuple[float, ...], ratios: tuple[float, ...]
) -> AbilityHazards:
    survey = _survey()
    death = np.stack([survey["healthy_to_dead"], *(survey["disabled_to_dead"] * each for each in ratios)], axis=-1)
    base = AbilityHazards(survey["healthy_to_disabled"], survey["disabled_to_healthy"], worsening, improvement, death)
    before, after = (0.0, 0.0), (1.0, national_share(base))
    for _ in range(TRIALS):
        if abs(after[1] - prevalence) < TOLERANCE or after[1] == before[1]:
            break
        slope = (after[0] - before[0]) / (after[1] - before[1])
        factor = max(0.0, after[0] + slope * (prevalence - after[1]))
        before, after = after, (factor, national_share(_with_onset(base, factor)))
    return _with_onset(base, after[0])


def national_share(hazards: AbilityHazards) -> float:
    """The share of disabled people among those aged 60 and over in the nation of 2020."""
    disabled = 1.0 - spread(hazards, year=2020)[..., 0]
    people = np.stack([single_ages([national_bands(sex)[age] for age in range(60, 105, 5)]) for sex in SEXES])
    return math.fsum((disabled * people).ravel().tolist()) / math.fsum(people.ravel().tolist())


def _with_onset(base: AbilityHazards, factor: float) -> AbilityHazards:
    return AbilityHazards(base.onset * factor, base.recovery, base.worsening, base.improvement, base.death)


def _settled(hazards: AbilityHazards) -> Array:
    """The level shares ``[sex, level]`` at 60 after long exposure to the hazards of that age."""
    chances = probabilities(hazards.matrix(np.ones(2), 0))
    here = np.zeros((2, LEVELS))
    here[:, 0] = 1.0
    for _ in range(SETTLING):
        here = _alive(here, chances)
    return here


def _alive(here: Array, chances: Array) -> Array:
    """The level shares of those who live through a year."""
    alive = product(here[:, None, :], chances[:, :LEVELS, :LEVELS])[:, 0]
    return np.asarray(alive / added(alive, axis=-1)[:, None])
