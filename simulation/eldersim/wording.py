"""Measures in words, in English and Chinese, and how one list of measures differs from another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from eldersim.measures import Measure

TRAITS = ("divisions", "classes", "levels", "groups", "bed_types")


def differences(base: Sequence[Measure], other: Sequence[Measure], language: str = "en") -> tuple[str, ...]:
    """What ``other`` does that ``base`` does not, and what it leaves out: a sentence for each measure, in their order.

    >>> from eldersim.measures import AddBeds
    >>> differences((), (AddBeds(bed_type="NURSING", beds=100),))
    ('In addition: 100 nursing beds more in the whole territory from the start.',)
    """
    more = [_part("more", language, sentence=sentence(each, language)) for each in _beyond(other, base)]
    less = [_part("less", language, sentence=sentence(each, language)) for each in _beyond(base, other)]
    return (*more, *less)


def sentence(measure: Measure, language: str = "en") -> str:
    """One measure in words, without a full stop."""
    values = {name: _value(name, value, language) for name, value in measure}
    parts = {**values, **_parts(measure, language)}
    return " ".join(_words()["kinds"][parts["kind"]][language].format(**parts).split())


def _beyond(some: Sequence[Measure], others: Sequence[Measure]) -> list[Measure]:
    """The measures of a list that another does not have, or has less often."""
    left = Counter(each.model_dump_json() for each in others)
    found = []
    for measure in some:
        content = measure.model_dump_json()
        left[content] -= 1
        if left[content] < 0:
            found.append(measure)
    return found


def _parts(measure: Measure, language: str) -> dict[str, str]:
    """The words that come from more than one value."""
    found = {"when": _when("date" if isinstance(measure.start, date) else "day", measure.start, language)}
    found["where"] = _where(measure, language)
    found["whom"] = _whom(measure, language)
    found["lead"] = _days("lead", getattr(measure, "lead_days", 0), language)
    found["works"] = _days("works", getattr(measure, "works_days", 0), language)
    until, divert = getattr(measure, "until", None), getattr(measure, "divert_share", 0.0)
    found["until"] = "" if until is None else _part("until", language, day=until)
    found["divert"] = _part("divert", language, share=f"{divert:.0%}") if divert else ""
    share, beds = getattr(measure, "share", None), getattr(measure, "beds", None)
    found["amount"] = f"{share:.0%}" if share is not None else str(beds)
    if getattr(measure, "order", None) is not None or hasattr(measure, "by"):
        found["order"] = _order(measure, language)
    return found


def _when(kind: str, start: object, language: str) -> str:
    return _part("start", language) if start == 0 else _part(kind, language, day=start)


def _where(measure: Measure, language: str) -> str:
    facility, division = getattr(measure, "facility", None), getattr(measure, "division", None)
    if facility is not None:
        return _part("at", language, place=facility)
    return _part("everywhere", language) if division is None else _part("within", language, place=division)


def _whom(measure: Measure, language: str) -> str:
    """The people a measure is about."""
    traits = []
    for name in TRAITS:
        values = getattr(measure, name, None)
        if values is not None:
            part = "bed_types_of" if name == "bed_types" else name
            traits.append(_part(part, language, values=_value(name, values, language)))
    joined = (", " if language == "en" else "、").join(traits)
    return _part("those", language, traits=joined) if traits else _part("everybody", language)


def _order(measure: Any, language: str) -> str:
    """Classes in order, or the rule that orders them."""
    if measure.order is None:
        return _label("order", measure.by, language)
    return " > ".join("+".join(map(str, classes)) for classes in measure.order)


def _days(part: str, days: int, language: str) -> str:
    return _part(part, language, days=days) if days else ""


def _value(name: str, value: Any, language: str) -> str:
    """A value as people read it."""
    if name in ("bed_type", "from_type", "to_type"):
        return _label("bed_types", value or "any", language)
    if name == "policy":
        return _label("policy", value, language)
    if name == "share" and value is not None:
        return f"{value:.0%}"
    if isinstance(value, dict):
        return ", ".join(f"{count} {_label('bed_types', kind, language)}" for kind, count in value.items())
    if isinstance(value, tuple):
        labelled = [_label("bed_types", each, language) if name == "bed_types" else str(each) for each in value]
        return (", " if language == "en" else "、").join(labelled)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _label(kind: str, name: str, language: str) -> str:
    return str(_words()[kind][name][language])


def _part(name: str, language: str, **values: object) -> str:
    return str(_words()["parts"][name][language]).format(**values)


@cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((files("eldersim") / "data" / "measure_words.yaml").read_text("utf-8"))
    return found
