"""Enumerations made of declarations: each code of an indicator, a return or a list with its words."""

from collections.abc import Mapping
from typing import Any, cast

from eldercare.kit.term import Term
from eldercare.reporting.measure import DECLARED


def vocabulary(name: str, text: str, terms: Mapping[str, tuple[str, str]]) -> type[Term]:
    """An enumeration of codes, each with its Chinese and English words."""
    made: type[Term] = cast(Any, Term)(name, dict(terms), module=__name__)
    made.__doc__ = text
    return made


IndicatorCode = vocabulary(
    "IndicatorCode",
    "The indicators that are watched.",
    {code: (row["zh"], row["en"]) for code, row in DECLARED.items()},
)
