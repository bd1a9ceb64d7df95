"""What queueing formulas say about the same place, beside the simulated numbers, with the reason why they differ."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eldersim.entities import BED_TYPES, NURSING_TYPES
from eldersim.errors import EldersimError
from eldersim.results import Results
from eldersim.theory import delay, erlang_a

NURSING = [BED_TYPES.index(each) for each in NURSING_TYPES]
DISABLED = 3
"""The ability level that stands for people who need nursing beds."""


@dataclass(frozen=True, slots=True)
class Beside:
    """One number by formula and by simulation, and what the formula leaves out."""

    en: str
    zh: str
    formula: str
    computed: str
    simulated: str
    why_en: str
    why_zh: str

    def label(self, language: str) -> str:
        """What is compared."""
        return self.zh if language == "zh" else self.en

    def why(self, language: str) -> str:
        """Why the two may differ."""
        return self.why_zh if language == "zh" else self.why_en


def beside(results: Results, name: str, parameters: Mapping[str, Mapping[str, Any]]) -> list[Beside]:
    """The formulas that apply to one scenario at its end; none where there are no nursing beds."""
    beds = math.fsum(results.by_type(name, "beds", results.years)[place] for place in NURSING)
    there = math.fsum(results.by_type(name, "residents", results.years)[place] for place in NURSING)
    waiting = math.fsum(results.by_type(name, "waiting", results.years)[place] for place in NURSING)
    if round(beds) < 1 or there + waiting <= 0:
        return []
    stay, patience = _stay(parameters), 1 / _giving_up(parameters)
    load = there + waiting
    pooled = erlang_a(load / stay, stay, round(beds), patience)
    found = [
        Beside(
            "People waiting for a nursing bed, if all nursing beds were one list",
            "若所有护理型床位共用一张轮候名单，轮候护理型床位人数",
            f"Erlang A: n = {round(beds)}, a = {load:.1f}, 1/θ = {patience:.2f} y",
            f"{pooled.mean_queue:.1f}",
            f"{waiting:.1f}",
            "The formula knows one place, one class and a steady state; homes, prices, wishes and growth make real lists longer.",
            "公式假设单一机构、单一等级和稳态；机构、价格、志愿与需求增长会使实际名单更长。",
        )
    ]
    return [*found, _without_patience(load, stay, round(beds), waiting)]


def _without_patience(load: float, stay: float, beds: int, waiting: float) -> Beside:
    """Erlang C, or the words that no steady state exists."""
    try:
        computed = f"{delay(load / stay, stay, beds).mean_queue:.1f}"
    except EldersimError:
        computed = "∞"
    return Beside(
        "The same, if nobody gave up or died while waiting",
        "同上，若无人放弃或在轮候中去世",
        f"Erlang C: n = {beds}, a = {load:.1f}",
        computed,
        f"{waiting:.1f}",
        "∞: demand is above the beds, so the list would grow without end; it stays finite only because people give up or die."
        if computed == "∞"
        else "An upper bound for one list in a steady state.",
        "∞：需求超过床位，名单会无限增长；实际有限只因有人放弃或去世。"
        if computed == "∞"
        else "单一名单稳态下的上界。",
    )


def _stay(parameters: Mapping[str, Mapping[str, Any]]) -> float:
    """The mean stay in years of those who need nursing beds."""
    law = parameters["stay.permanent"]["value"]
    days = math.fsum(share * mean for share, mean in zip(law["shares"], law["means_days"], strict=True))
    return float(days * parameters["stay.by_level"]["value"][DISABLED] / 365.25)


def _giving_up(parameters: Mapping[str, Mapping[str, Any]]) -> float:
    """The yearly hazard of leaving the list of those who need nursing beds."""
    death, hospital = (parameters[name]["value"][DISABLED] for name in ("waiting.death", "waiting.hospital"))
    return float(parameters["waiting.withdrawal"]["value"] + death + hospital)
