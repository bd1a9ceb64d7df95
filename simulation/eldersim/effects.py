"""What a scenario's measures do to people: who applies, how long they stay, who is cared for at home."""

from __future__ import annotations

from eldersim import measures as kinds
from eldersim.baseline import Baseline
from eldersim.layout import TYPE
from eldersim.sampling import DAY, Effect, HomeOffer
from eldersim.scenario import Scenario, day_of
from eldersim.streams import threshold

Traits = tuple[tuple[str, frozenset[int] | None], ...]


def demand_effects(scenario: Scenario, baseline: Baseline, groups: tuple[str, ...]) -> tuple[Effect, ...]:
    """Factors on applications."""
    found = []
    for measure in scenario.measures:
        factor = _factor(measure)
        if factor is not None and isinstance(measure, kinds.People):
            start = day_of(measure.start, baseline.date) * DAY
            found.append(Effect(start, factor, _traits(measure, baseline, groups)))
    return tuple(found)


def stay_effects(scenario: Scenario, baseline: Baseline) -> tuple[Effect, ...]:
    """Factors on stays."""
    return tuple(
        Effect(day_of(each.start, baseline.date) * DAY, each.factor, (("type", _types(each.bed_types)),))
        for each in scenario.measures
        if isinstance(each, kinds.StayFactor)
    )


def home_offers(scenario: Scenario, baseline: Baseline) -> tuple[HomeOffer, ...]:
    """Home care on offer."""
    return tuple(
        HomeOffer(
            day_of(each.start, baseline.date) * DAY, threshold(each.divert_share), frozenset(each.levels), each.bridge
        )
        for each in scenario.measures
        if isinstance(each, kinds.HomeCare)
    )


def _factor(measure: kinds.Measure) -> float | None:
    if isinstance(measure, kinds.Inclusion):
        return measure.share
    if isinstance(measure, kinds.DemandFactor | kinds.Willingness | kinds.Subsidy):
        return measure.factor
    return None


def _traits(measure: kinds.People, baseline: Baseline, groups: tuple[str, ...]) -> Traits:
    divisions = {each.code: number for number, each in enumerate(baseline.divisions)}
    numbers = {name: number for number, name in enumerate(groups)}
    return (
        ("division", None if measure.divisions is None else frozenset(divisions[code] for code in measure.divisions)),
        ("class", None if measure.classes is None else frozenset(measure.classes)),
        ("level", None if measure.levels is None else frozenset(measure.levels)),
        ("group", None if measure.groups is None else frozenset(numbers[g] for g in measure.groups if g in numbers)),
        ("type", _types(measure.bed_types)),
    )


def _types(names: tuple[str, ...] | None) -> frozenset[int] | None:
    return None if names is None else frozenset(TYPE[name] for name in names)
