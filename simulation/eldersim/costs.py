"""What a scenario costs: building, converting, running and subsidising beds and home care, year by year and discounted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from eldersim.entities import BED_TYPES
from eldersim.parameters import Parameters

MONTHS = 12.0
DAYS_OF_MONTH = 365.25 / MONTHS

LIKE = {"ORDINARY": 0, "NURSING": 1, "DEMENTIA": 2, "REHAB": 1, "SHORT_STAY": 0}
"""Which of the three costs (ordinary, nursing, dementia) holds for a bed type."""

TYPICAL_LEVEL = {"ORDINARY": 0, "NURSING": 3, "DEMENTIA": 3, "REHAB": 2, "SHORT_STAY": 0}
"""The ability level whose subsidy is paid for a resident of a bed type."""

KINDS = (
    ("building", "Building", "新建"),
    ("conversion", "Conversion", "改造"),
    ("operation", "Operation", "运营"),
    ("home_care", "Home care", "居家服务"),
    ("building_subsidy", "of which building subsidy", "其中：建设补贴"),
    ("operating_subsidy", "of which operating subsidy", "其中：运营补贴"),
)
"""Kinds of cost with their names; subsidies are parts of who pays, not added to the total."""

PAID_TWICE = ("building_subsidy", "operating_subsidy")


@dataclass(frozen=True, slots=True)
class Costs:
    """Yuan by kind and year, as means over the replications; ``present`` is the whole, discounted to the start."""

    by_kind: dict[str, tuple[float, ...]]
    total: tuple[float, ...]
    present: float
    public_present: float
    placed: float

    @property
    def per_placed(self) -> float | None:
        """Discounted yuan for each person placed."""
        return self.present / self.placed if self.placed else None


def costs(
    scenario: dict[str, Any], samples: Sequence[dict[str, Any]], parameters: Parameters, *, start: date, years: int
) -> Costs:
    """The costs of one scenario from its samples."""
    new, converted = investments(scenario, start=start, years=years)
    subsidy = parameters.number("cost.building_subsidy")
    by_bed = parameters.numbers("cost.new_bed")
    found = {
        "building": [math.fsum(n * by_bed[LIKE[kind]] for kind, n in year.items()) for year in new],
        "conversion": [beds * parameters.number("cost.conversion") for beds in converted],
        "operation": _mean([_operation(sample, parameters) for sample in samples]),
        "home_care": _mean([_home(sample, parameters) for sample in samples]),
        "building_subsidy": [subsidy * sum(year.values()) for year in new],
        "operating_subsidy": _mean([_subsidy(sample, parameters) for sample in samples]),
    }
    total = [math.fsum(found[kind][y] for kind in found if kind not in PAID_TWICE) for y in range(years)]
    public = [
        found["building_subsidy"][y] + found["operating_subsidy"][y] + found["home_care"][y] for y in range(years)
    ]
    rate = parameters.number("cost.discount")
    placed = [math.fsum(sample["measures"]["placed"]) for sample in samples]
    return Costs(
        {kind: tuple(values) for kind, values in found.items()},
        tuple(total),
        present_value(total, rate),
        present_value(public, rate),
        math.fsum(placed) / len(placed),
    )


def investments(scenario: dict[str, Any], *, start: date, years: int) -> tuple[list[dict[str, float]], list[float]]:
    """New beds by type and converted beds of each year, from the measures of a scenario as plain values."""
    new: list[dict[str, float]] = [{} for _ in range(years)]
    converted = [0.0] * years
    for measure in scenario["measures"]:
        year = _year(measure, start)
        if not 0 <= year < years:
            continue
        for kind, beds in _new_beds(measure).items():
            new[year][kind] = new[year].get(kind, 0.0) + beds
        if measure["kind"] == "convert_beds":
            converted[year] += measure["beds"]
        elif measure["kind"] == "childcare_conversion":
            converted[year] += measure["places"] * measure["beds_per_place"]
    return new, converted


def present_value(yearly: Sequence[float], rate: float) -> float:
    """Yearly amounts, each paid in the middle of its year, discounted to the start.

    >>> round(present_value([103.0, 0.0], 0.0609), 4)
    100.0
    """
    return math.fsum(amount / (1 + rate) ** (year + 0.5) for year, amount in enumerate(yearly))


def _new_beds(measure: dict[str, Any]) -> dict[str, float]:
    if measure["kind"] == "add_beds":
        return {measure["bed_type"]: float(measure["beds"])}
    if measure["kind"] == "open_facility":
        return {kind: float(beds) for kind, beds in measure["beds"].items()}
    return {}


def _year(measure: dict[str, Any], start: date) -> int:
    given = measure.get("from", 0)
    day = given if isinstance(given, int) else (date.fromisoformat(str(given)) - start).days
    return int((day + measure.get("lead_days", 0)) // 365.25)


def _operation(sample: dict[str, Any], parameters: Parameters) -> list[float]:
    full, empty = parameters.numbers("cost.operation"), parameters.number("cost.empty_bed")
    return [
        math.fsum(
            full[LIKE[kind]] * (used[place] + empty * max(open_[place] - used[place], 0.0)) / DAYS_OF_MONTH
            for place, kind in enumerate(BED_TYPES)
        )
        for used, open_ in zip(sample["bed_days"], sample["open_days"], strict=True)
    ]


def _subsidy(sample: dict[str, Any], parameters: Parameters) -> list[float]:
    rates = parameters.numbers("cost.operating_subsidy")
    return [
        math.fsum(rates[TYPICAL_LEVEL[kind]] * used[place] / DAYS_OF_MONTH for place, kind in enumerate(BED_TYPES))
        for used in sample["bed_days"]
    ]


def _home(sample: dict[str, Any], parameters: Parameters) -> list[float]:
    return [parameters.number("cost.home_service") * days / DAYS_OF_MONTH for days in sample["home_days"]]


def _mean(rows: Sequence[Sequence[float]]) -> list[float]:
    return [math.fsum(column) / len(rows) for column in zip(*rows, strict=True)]
