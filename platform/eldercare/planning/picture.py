"""A study's chart as an image: drawn by vl-convert, which the extra `charts` brings, without browser or network."""

import json
from typing import Any

from eldercare.kit.errors import Unavailable
from eldercare.planning.chart import spec
from eldercare.planning.outcome import Outcome

WIDTH, HEIGHT = 440, 220
"""Size of a panel, so that two fill a page."""

SCALE = 2
"""Pixels of a PNG for each unit of the chart: sharp on paper and on dense screens."""


def svg(outcome: Outcome, language: str = "en") -> str:
    """The chart as SVG text; `Unavailable` CHARTS_MISSING without the extra `charts`."""
    return str(_converter().vegalite_to_svg(_text(outcome, language)))


def png(outcome: Outcome, language: str = "en") -> bytes:
    """The chart as a PNG image; `Unavailable` CHARTS_MISSING without the extra `charts`."""
    return bytes(_converter().vegalite_to_png(_text(outcome, language), scale=SCALE))


def _text(outcome: Outcome, language: str) -> str:
    return json.dumps(spec(outcome, language, width=WIDTH, height=HEIGHT), ensure_ascii=False)


def _converter() -> Any:
    """The drawing library, loaded only when something is drawn."""
    try:
        import vl_convert
    except ImportError:
        raise Unavailable(
            "CHARTS_MISSING",
            "Drawing a chart needs the package vl-convert-python, which is not installed.",
            remedy="Install the extra: pip install 'eldercare[charts]'.",
        ) from None
    return vl_convert
