"""Ages and sexes of synthetic people: a county's own from the census, or those of people who live in homes."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from math import exp
from typing import Any

from eldercare.demonstration.luck import Luck, Weighted
from eldercare.demonstration.table import rows, settings
from eldercare.registry.person import Sex

BANDS = ((60, 65), (65, 70), (70, 75), (75, 80), (80, 85))
"""The census's closed classes of age; the open one begins at 85."""

SIGNS = {Sex.MALE: "m", Sex.FEMALE: "f"}

Ages = Weighted[tuple[Sex, int]]
"""Sexes and ages in full years, by their weights."""


@cache
def census() -> dict[str, dict[str, int]]:
    """The census of 2020 by six-digit code; 000000 is the nation."""
    return {row.pop("code"): {name: int(count) for name, count in row.items()} for row in rows("census2020.csv")}


@cache
def ages_of(code: str) -> Ages:
    """The ages of a county's people aged 60 and over, each year of a class as likely as another."""
    return Weighted(list(_population(census()[code])))


@cache
def ages_in_homes(kind: str) -> Ages:
    """The ages of people who live in homes, bell-shaped between 60 and the oldest."""
    shape = settings("people.yaml")[kind]
    oldest = settings("people.yaml")["age_85_and_over"]["oldest"]
    women = {Sex.FEMALE: shape["female"], Sex.MALE: 1 - shape["female"]}
    return Weighted(
        [((sex, age), share * _bell(age, shape)) for sex, share in women.items() for age in range(60, oldest)]
    )


def birthday(luck: Luck, age: int, on: date) -> date:
    """A date of birth that makes somebody that many full years old on a day."""
    last = on.replace(year=on.year - age) if (on.month, on.day) != (2, 29) else date(on.year - age, 2, 28)
    return last - timedelta(days=luck.below(365))


def full_years(born: date, on: date) -> int:
    """The age on a day, in full years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _population(row: dict[str, int]) -> Iterator[tuple[tuple[Sex, int], float]]:
    old = settings("people.yaml")["age_85_and_over"]
    for sex, sign in SIGNS.items():
        for low, high in BANDS:
            for age in range(low, high):
                yield (sex, age), row[f"{sign}_{low}_{high - 1}"] / (high - low)
        for low, high, share in _oldest(old, sex):
            for age in range(low, high):
                yield (sex, age), row[f"{sign}_85plus"] * share / (high - low)


def _oldest(old: dict[str, Any], sex: Sex) -> Iterator[tuple[int, int, float]]:
    """The open class of the census cut by the nation's split, up to the oldest age there is here."""
    counts = old[sex.value]
    ends = [*old["from"][1:], old["oldest"]]
    for low, high, count in zip(old["from"], ends, counts, strict=True):
        yield low, high, count / sum(counts)


def _bell(age: int, shape: dict[str, Any]) -> float:
    return exp(-0.5 * ((age - shape["mean"]) / shape["deviation"]) ** 2)
