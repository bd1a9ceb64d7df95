"""Chooses the translation of a case by the form of its model, so that a new case of a known form needs nothing new."""

from __future__ import annotations

from collections.abc import Callable

from eldersim.validation_case import Case, UnknownKindError
from eldersim.validation_exact import ask_cohort, ask_fluid, ask_life_table, ask_occupancy, ask_states
from eldersim.validation_plans import ask_pooling, ask_sensitivity
from eldersim.validation_published import ask_critical_care, ask_levels
from eldersim.validation_stations import Asked, ask_stations
from eldersim.validation_statistics import ask_statistics
from eldersim.validation_trace import ask_trace
from eldersim.validation_transient import ask_transient
from eldersim.validation_wards import ask_wards

FORMS: tuple[tuple[Callable[[Case], bool], Callable[[Case], Asked]], ...] = (
    (lambda case: case.family == "statistics", ask_statistics),
    (lambda case: "mortality_hazard_by_age" in case.model, ask_life_table),
    (lambda case: {"start", "mortality", "groups"} <= set(case.model), ask_cohort),
    (lambda case: "hazards_by_single_age" in case.model, ask_states),
    (lambda case: case.family == "fluid", ask_fluid),
    (lambda case: case.family == "trace", ask_trace),
    (lambda case: "base" in case.model, ask_sensitivity),
    (
        lambda case: (
            sum(isinstance(plan, dict) for plan in case.model.values()) >= 2
            and "classes" not in case.model
            and case.family == "pooling"
        ),
        ask_pooling,
    ),
    (lambda case: "residents" in case.model, ask_occupancy),
    (lambda case: "arrival_rate" in case.model, ask_transient),
    (lambda case: case.family == "published" and "reference" in case.expected and "stations" in case.model, ask_levels),
    (lambda case: {"unplanned", "elective"} <= set(case.model), ask_critical_care),
    (lambda case: "acute_interarrival_mean" in case.model, ask_wards),
    (lambda case: {"stations", "classes"} <= set(case.model), ask_stations),
)


def translator_for(case: Case) -> Callable[[Case], Asked]:
    """The translation for a case.

    Raises UnknownKindError if no known form fits.
    """
    for fits, translate in FORMS:
        if fits(case):
            return translate
    raise UnknownKindError(
        "KIND_UNKNOWN",
        f"A {case.family} case with {', '.join(map(str, case.model))} is of no known kind.",
        remedy="Extend the families.",
    )
