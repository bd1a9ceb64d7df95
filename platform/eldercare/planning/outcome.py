"""The outcome of a study: one immutable document with everything that is shown of it, and nothing hidden."""

from datetime import date

from eldercare.planning.comparison import Compared, Frozen
from eldercare.planning.indicator import Indicator


class Text(Frozen):
    """The same sentence in English and Chinese."""

    en: str
    zh: str

    def label(self, language: str) -> str:
        """The sentence in Chinese (`zh`) or English."""
        return self.zh if language == "zh" else self.en


class Taken(Frozen):
    """One line of what the calculation starts from: what, how much, where it was taken from, and whether it is assumed."""

    what: Text
    value: str
    source: Text
    assumed: bool = False


class Shown(Frozen):
    """An indicator as an outcome carries it, so that old outcomes keep the words they were made with."""

    code: str
    name: Text
    unit: str
    kind: str
    better: str
    table: bool
    meaning: Text


class Planned(Frozen):
    """A scenario of a study in words: its name, and how it differs from the base."""

    name: str
    title: Text
    changes: tuple[Text, ...] = ()


class Outcome(Frozen):
    """A finished study: what was asked, what it started from, what came out, and what that means."""

    territory: str
    territory_name: str
    as_of: date
    years: int
    replications: int
    seed: int
    uncertain: bool = False
    baseline_hash: str
    code_version: str
    indicators: tuple[Shown, ...]
    scenarios: tuple[Planned, ...]
    compared: tuple[Compared, ...]
    taken: tuple[Taken, ...]
    findings: tuple[Text, ...] = ()

    def indicator(self, code: str) -> Shown:
        """The indicator with a code."""
        return next(each for each in self.indicators if each.code == code)

    def of(self, scenario: str) -> Compared:
        """The numbers of a scenario."""
        return next(each for each in self.compared if each.name == scenario)

    def to_json(self) -> str:
        """The document as text: the same outcome always gives the same bytes."""
        return self.model_dump_json()


def shown(indicator: Indicator) -> Shown:
    """An indicator with the words it has today."""
    return Shown(
        code=indicator.code,
        name=Text(en=indicator.en, zh=indicator.zh),
        unit=indicator.unit,
        kind=indicator.kind,
        better=indicator.better,
        table=indicator.table,
        meaning=Text(en=indicator.meaning_en, zh=indicator.meaning_zh),
    )
