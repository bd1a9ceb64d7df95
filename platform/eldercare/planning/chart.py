"""The chart of a study as a Vega-Lite specification: occupancy and waiting by year, with intervals."""

from collections.abc import Sequence
from typing import Any

from eldercare.planning.comparison import Estimate
from eldercare.planning.outcome import Outcome, Text

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"
PALETTE = ("#5b6b7b", "#0b7a75", "#c8553d", "#7a4ea3", "#b8860b", "#2f5d9b")
"""Calm colours that differ for colour-blind eyes and in grey; the base of the comparison is the grey one."""

DASHES = ([1, 0], [7, 3], [2, 3], [9, 2, 2, 2], [4, 4], [1, 3])
"""A line pattern for each scenario, so that lines which lie upon each other are all seen."""

PANELS = (
    ("occupancy", Text(en="Occupancy, all beds", zh="总入住率"), ".0%"),
    ("nursing_occupancy", Text(en="Occupancy, nursing beds", zh="护理型床位入住率"), ".0%"),
    ("waiting", Text(en="People waiting", zh="轮候人数"), ",.0f"),
    ("misplaced", Text(en="Misplaced residents", zh="床位类型不符的入住者"), ",.0f"),
)


def spec(outcome: Outcome, language: str = "en", *, width: int = 320, height: int = 190) -> dict[str, Any]:
    """Four panels with one line a scenario and its 95 % band; the data stand inside, nothing is fetched."""
    titles = [each.title.label(language) for each in outcome.scenarios]
    calendar = [outcome.as_of.year + year for year in range(outcome.years + 1)]
    panels = [_panel(code, text.label(language), form, width, height) for code, text, form in PANELS]
    for panel in panels:
        panel["layer"] = _layers(titles, calendar, language, form=panel.pop("form"))
    return {
        "$schema": SCHEMA,
        "data": {"values": _values(outcome, language)},
        "concat": panels,
        "columns": 2,
        "bounds": "flush",
        "spacing": {"row": 64, "column": 56},
        "background": None,
        "config": {
            "font": "system-ui, 'PingFang SC', 'Noto Sans CJK SC', sans-serif",
            "axis": {
                "gridColor": "#e8ecef",
                "domainColor": "#b8c0c8",
                "labelFontSize": 11,
                "titleFontWeight": "normal",
            },
            "view": {"stroke": None},
            "legend": {"orient": "bottom", "labelFontSize": 12, "labelLimit": 260, "symbolOpacity": 1},
        },
    }


def _panel(code: str, title: str, form: str, width: int, height: int) -> dict[str, Any]:
    return {
        "title": {"text": title, "anchor": "start", "fontWeight": 500},
        "width": width,
        "height": height,
        "transform": [{"filter": f"datum.indicator === '{code}'"}],
        "form": form,
    }


def _layers(titles: list[str], calendar: list[int], language: str, *, form: str) -> list[dict[str, Any]]:
    """The band of each scenario, its line, and what a reader sees when pointing at a year."""
    colour = _by_scenario(titles, PALETTE)
    dash = _by_scenario(titles, DASHES)
    years = {
        "field": "year",
        "type": "quantitative",
        "axis": {"format": "d", "values": calendar, "title": None, "labelOverlap": True},
        "scale": {"nice": False, "zero": False},
    }
    value = {"type": "quantitative", "axis": {"format": form, "title": None, "tickCount": 5}}
    tip = [
        {"field": "scenario", "title": "方案" if language == "zh" else "scenario"},
        {"field": "year", "title": "年" if language == "zh" else "year"},
        *(
            {"field": name, "type": "quantitative", "format": form.replace(".0", ".1")}
            for name in ("mean", "low", "high")
        ),
    ]
    return [
        {
            "mark": {"type": "area", "opacity": 0.16},
            "encoding": {"x": years, "y": {**value, "field": "low"}, "y2": {"field": "high"}, "color": colour},
        },
        {
            "mark": {"type": "line", "point": {"size": 26}, "strokeWidth": 2},
            "encoding": {
                "x": years,
                "y": {**value, "field": "mean"},
                "color": colour,
                "strokeDash": dash,
                "tooltip": tip,
            },
        },
    ]


def _by_scenario(titles: list[str], choices: Sequence[Any]) -> dict[str, Any]:
    """An appearance for each scenario, the first for the base."""
    shown = [choices[place % len(choices)] for place in range(len(titles))]
    return {"field": "scenario", "type": "nominal", "title": None, "scale": {"domain": titles, "range": shown}}


def _values(outcome: Outcome, language: str) -> list[dict[str, Any]]:
    found = []
    for planned, scenario in zip(outcome.scenarios, outcome.compared, strict=True):
        for code, _, _ in PANELS:
            for year, each in enumerate(scenario.curve(code).years):
                found.append(_value(planned.title.label(language), code, outcome.as_of.year + year, each))
    return [each for each in found if each["mean"] is not None]


def _value(title: str, code: str, year: int, found: Estimate) -> dict[str, Any]:
    low = found.mean if found.low is None else found.low
    high = found.mean if found.high is None else found.high
    return {"scenario": title, "indicator": code, "year": year, "mean": found.mean, "low": low, "high": high}
