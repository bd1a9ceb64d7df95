"""Scoring of GB/T 42195-2022: from the scores of the items to the level."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from eldercare.kit.errors import InvalidInput
from eldercare.registry.rules import table


class Score(NamedTuple):
    """What an assessment adds up to: sections 32 + 15 + 28 + 15, their total and the levels 0 to 4."""

    sections: dict[str, int]
    total: int
    preliminary_level: int
    level: int


def score(
    items: Mapping[str, int], *, coma: bool = False, mental_diagnosis: bool = False, risk_events: int = 0
) -> Score:
    """Add up the items and find the level; a missing, unknown or impossible item is `InvalidInput` naming it."""
    sections = {name: _section(section["items"], items) for name, section in table("gbt_42195")["sections"].items()}
    if unknown := sorted(set(items) - set(maxima())):
        raise InvalidInput(
            "ITEM_UNKNOWN",
            f"GB/T 42195 has no item {unknown[0]}.",
            remedy=f"Its items are {', '.join(maxima())}.",
            path=(unknown[0],),
        )
    total = sum(sections.values())
    level = final_level(total, coma=coma, mental_diagnosis=mental_diagnosis, risk_events=risk_events)
    return Score(sections, total, level_of(total), level)


def maxima() -> dict[str, int]:
    """The highest score of each item, in the order of the standard."""
    sections = table("gbt_42195")["sections"].values()
    return {code: item["max"] for section in sections for code, item in section["items"].items()}


def level_of(total: int) -> int:
    """The level by the total alone.

    >>> [level_of(total) for total in (90, 89, 66, 65, 46, 45, 30, 29, 0)]
    [0, 1, 1, 2, 2, 3, 3, 4, 4]
    """
    return sum(total < lowest for lowest in table("gbt_42195")["levels"]["lowest_totals"])


def final_level(total: int, *, coma: bool = False, mental_diagnosis: bool = False, risk_events: int = 0) -> int:
    """The level after what raises it: a coma, a diagnosis, or risk events within 30 days."""
    levels = table("gbt_42195")["levels"]
    if coma:
        return int(levels["coma_level"])
    reasons = [mental_diagnosis, risk_events >= levels["risk_events_that_raise"]]
    raised = sum(reasons) if levels["each_reason_raises"] else any(reasons)
    return min(level_of(total) + int(raised), len(levels["lowest_totals"]))


def _section(section: Mapping[str, Any], items: Mapping[str, int]) -> int:
    for code, item in section.items():
        value = items.get(code)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= item["max"]:
            raise InvalidInput(
                "ITEM_SCORE",
                f"The score of {code} ({item['zh']}) must be a whole number from 0 to {item['max']}, not {value}.",
                remedy="Score every item of the form.",
                path=(code,),
            )
    return sum(items[code] for code in section)
