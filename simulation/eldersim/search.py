"""Finds the fewest beds that reach a target, when each trial is a simulation with an error of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eldersim.errors import NoAnswer

Trial = Callable[[int, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Fewest:
    """The fewest beds for a target, with what was found there and at one bed less; ``certain`` if chance cannot tell otherwise."""

    beds: int
    reached: float
    missed: float
    certain: bool


def fewest_beds(trial: Trial, *, target: float, guess: int, errors: float = 3.5, finest: float = 1e-4) -> Fewest:
    """The fewest beds whose measure is at most ``target``; the measure must fall as beds are added.

    ``trial(beds, precision)`` simulates until its standard error is at most ``precision`` and gives (value, error). A
    trial is made finer only as long as its value is within ``errors`` standard errors of the target and it is coarser
    than ``finest`` times the target.

    >>> fewest_beds(lambda beds, precision: (10.0 / beds, 0.0), target=1.5, guess=3).beds
    7
    """
    decided: dict[int, tuple[bool, float, bool]] = {}

    def enough(beds: int) -> bool:
        if beds not in decided:
            decided[beds] = _decide(trial, beds, target, errors, finest)
        return decided[beds][0]

    low, high = _bracket(enough, guess)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    missed = decided[low] if low in decided else (False, float("inf"), True)
    return Fewest(high, decided[high][1], missed[1], decided[high][2] and missed[2])


def _bracket(enough: Callable[[int], bool], guess: int) -> tuple[int, int]:
    """Beds that are too few and beds that are enough, by steps that double."""
    beds, step = max(1, guess), 1
    if enough(beds):
        while beds > 1 and enough(max(1, beds - step)):
            beds, step = max(1, beds - step), 2 * step
        return (max(0, beds - step), beds)
    for _ in range(60):
        if enough(beds + step):
            return beds, beds + step
        beds, step = beds + step, 2 * step
    raise NoAnswer(
        "TARGET_OUT_OF_REACH",
        "No number of beds reaches the target.",
        remedy="Look at the target and its unit.",
        path=["target"],
    )


def _decide(trial: Trial, beds: int, target: float, errors: float, finest: float) -> tuple[bool, float, bool]:
    """Whether so many beds are enough, the value found, and whether that is certain."""
    precision = target / 10
    while True:
        value, error = trial(beds, precision)
        clear = abs(value - target) >= errors * error
        if clear or precision <= finest * target:
            return value <= target, value, clear
        precision = max(precision / 2, finest * target)
