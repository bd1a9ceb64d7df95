"""Synthetic ability assessments: scores of all items that add up to a wanted level."""

from datetime import date, timedelta
from functools import cache

from eldercare.demonstration.luck import Luck, Weighted
from eldercare.demonstration.person import Elder
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry import AbilityAssessment
from eldercare.registry.assessment import AssessmentReason, Instrument
from eldercare.registry.membership import SelfCareClass
from eldercare.registry.people_rules import months_after
from eldercare.registry.scoring import level_of, maxima


def assess(world: World, elder: Elder, level: int, on: date, luck: Luck) -> int:
    """Write an assessment made in the half year before a day that found this level; gives its key.

    It holds until a later one replaces it, longer than in practice. It uses the standard of 2022 also for earlier years, so that
    the whole demonstration can be compared; its source says so.
    """
    day = on - timedelta(days=luck.between(1, 180))
    years = settings("people.yaml")["assessments"]["years"]
    return world.ledger.add(
        AbilityAssessment,
        person_id=elder.key,
        instrument=Instrument.GBT_42195_2022,
        assessed_on=day,
        valid_to=months_after(day, 12 * years),
        reason=AssessmentReason.ROUTINE,
        item_scores=item_scores(level, luck),
    )


def item_scores(level: int, luck: Luck) -> dict[str, int]:
    """Scores of all items whose total lies in the level: points are taken from items drawn by chance."""
    scores, points = dict(_maxima()), _points()
    for code in luck.some(points, len(points) - luck.one(_totals()[level])):
        scores[code] -= 1
    return scores


def level_at_home(age: int, luck: Luck) -> int:
    """The ability level of somebody of this age who lives at home."""
    shares = settings("people.yaml")["ability_by_age"]
    disabled = [share for start, share in zip(shares["from"], shares["disabled"], strict=True) if start <= age][-1]
    return luck.of(_disabled()) if luck.hit(disabled) else 0


def self_care(level: int) -> SelfCareClass:
    """The six-item class of somebody of a level; the scales are never converted, so this only keeps the invention sensible."""
    if level >= 3:
        return SelfCareClass.NONE
    return SelfCareClass.PARTIAL if level == 2 else SelfCareClass.FULL


@cache
def _disabled() -> Weighted[int]:
    return Weighted(settings("people.yaml")["ability_by_age"]["levels_of_disabled"])


@cache
def _maxima() -> dict[str, int]:
    return maxima()


@cache
def _points() -> list[str]:
    """Every point of the whole score by the item it belongs to."""
    return [code for code, most in _maxima().items() for _ in range(most)]


@cache
def _totals() -> dict[int, list[int]]:
    """The totals that make each level."""
    found: dict[int, list[int]] = {}
    for total in range(len(_points()) + 1):
        found.setdefault(level_of(total), []).append(total)
    return found
