"""What a comparison measures: the indicators with their words, read from a table that comes with the package."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

Kind = Literal["level", "flow"]
Unit = Literal["share", "people", "beds", "days"]
Better = Literal["up", "down", "none"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One thing that is measured: a `level` is read at the end of each year, a `flow` is counted over it."""

    code: str
    en: str
    zh: str
    unit: Unit
    kind: Kind
    better: Better
    table: bool
    meaning_en: str
    meaning_zh: str
    by: Literal["", "class"] = ""

    def numbered(self, number: int, en: str, zh: str) -> "Indicator":
        """This indicator for one priority class, with the class's own words in its name."""
        return replace(
            self,
            code=f"{self.code}_{number}",
            en=f"{self.en.format(number=number)}: {en}",
            zh=f"{self.zh.format(number=number)}：{zh}",
            by="",
        )

    def label(self, language: str) -> str:
        """Its name in Chinese (`zh`) or English."""
        return self.zh if language == "zh" else self.en


@cache
def declared() -> tuple[Indicator, ...]:
    """All indicators as the table has them, those by class still in one row."""
    table = yaml.safe_load((files("eldercare.planning") / "indicators.yaml").read_text("utf-8"))
    return tuple(Indicator(**row) for row in table["indicators"])


def indicators(classes: Mapping[int, tuple[str, str]] | Sequence[int] = ()) -> tuple[Indicator, ...]:
    """All indicators, with one for each priority class given as number -> (English, Chinese)."""
    named = classes if isinstance(classes, Mapping) else dict.fromkeys(classes, ("", ""))
    found: list[Indicator] = []
    for each in declared():
        found += [each.numbered(n, *named[n]) for n in sorted(named)] if each.by == "class" else [each]
    return tuple(found)
