"""Invented names for people and houses."""

from functools import cache

from eldercare.demonstration.luck import Luck, Weighted
from eldercare.demonstration.table import settings
from eldercare.registry.person import Sex


@cache
def _surnames() -> Weighted[str]:
    return Weighted(settings("names.yaml")["surnames"])


def person_name(luck: Luck, sex: Sex) -> str:
    """A full name such as people born between 1915 and 1965 bear, put together by chance."""
    parts = settings("names.yaml")
    given = parts["male" if sex is Sex.MALE else "female"]
    name: str = luck.of(_surnames()) + luck.one(given)
    return name if luck.hit(parts["single"]) else name + luck.one(given)


def house_names(luck: Luck, count: int) -> list[str]:
    """Names for that many houses, none twice: the words in mixed order, then with a number in front of the suffix."""
    words = luck.mixed(settings("names.yaml")["houses"])
    ordinals = "一二三四五六七八九十"
    return [
        words[place % len(words)] + (f"第{ordinals[place // len(words)]}" if place >= len(words) else "")
        for place in range(count)
    ]
