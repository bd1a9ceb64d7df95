"""Charts as inline SVG: lines with intervals by year, and differences with theirs; no network, no script."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

PALETTE = ("#4a5568", "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#7b3294")
"""Colours that people with colour blindness can tell apart; the base is grey."""

WIDTH, HEIGHT = 440, 240
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 12, 26

Format = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One scenario in a chart: mean, low and high at each place of the horizontal axis; None where nothing was measured."""

    name: str
    colour: str
    means: Sequence[float | None]
    lows: Sequence[float | None]
    highs: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Bar:
    """One difference: its name, where it lies, and whether it stands after the correction."""

    name: str
    colour: str
    mean: float
    low: float
    high: float
    certain: bool


def line_chart(lines: Sequence[Line], years: Sequence[int], *, title: str, form: Format) -> str:
    """Lines over years with a band for each interval; values are not below zero."""
    values = [v for line in lines for row in (line.means, line.lows, line.highs) for v in row if v is not None]
    if not values:
        return ""
    ticks = nice_ticks(0.0, max(values))
    across = _scale(years[0], years[-1], LEFT, WIDTH - RIGHT)
    up = _scale(ticks[0], ticks[-1], HEIGHT - BOTTOM, TOP)
    parts = [_grid(ticks, up, form), _years(years, across)]
    for line in lines:
        parts.append(_band(line, years, across, up))
    for line in lines:
        parts.append(_path(line, years, across, up, form))
    return _svg(title, "".join(parts), HEIGHT)


def difference_chart(bars: Sequence[Bar], *, title: str, form: Format) -> str:
    """A point and an interval for each scenario around the line of no difference; hollow where chance could explain it."""
    if not bars:
        return ""
    ticks = nice_ticks(min(0.0, *(bar.low for bar in bars)), max(0.0, *(bar.high for bar in bars)))
    height = 34 + 30 * len(bars)
    across = _scale(ticks[0], ticks[-1], 20, WIDTH - 20)
    parts = [
        f'<line class="grid" x1="{across(t):.1f}" x2="{across(t):.1f}" y1="6" y2="{height - 24}"/>'
        f'<text class="tick" x="{across(t):.1f}" y="{height - 8}" text-anchor="middle">{escape(form(t))}</text>'
        for t in ticks
    ]
    parts.append(f'<line class="zero" x1="{across(0):.1f}" x2="{across(0):.1f}" y1="6" y2="{height - 24}"/>')
    parts += [_bar(bar, across, 18 + 30 * place) for place, bar in enumerate(bars)]
    return _svg(title, "".join(parts), height)


def nice_ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers that span an interval.

    >>> nice_ticks(0, 9.3)
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """
    if high <= low:
        high = low + 1.0
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(place * step, 10) for place in range(first, last + 1)]


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    span = (high - low) or 1.0
    return lambda value: start + (value - low) / span * (end - start)


def _grid(ticks: Sequence[float], up: Callable[[float], float], form: Format) -> str:
    return "".join(
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{up(t):.1f}" y2="{up(t):.1f}"/>'
        f'<text class="tick" x="{LEFT - 6}" y="{up(t) + 4:.1f}" text-anchor="end">{escape(form(t))}</text>'
        for t in ticks
    )


def _years(years: Sequence[int], across: Callable[[float], float]) -> str:
    step = max(1, math.ceil(len(years) / 6))
    return "".join(
        f'<text class="tick" x="{across(year):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{year}</text>'
        for year in years[::step]
    )


def _band(line: Line, years: Sequence[int], across: Callable[[float], float], up: Callable[[float], float]) -> str:
    known = [(y, a, b) for y, a, b in zip(years, line.lows, line.highs, strict=True) if a is not None and b is not None]
    if len(known) < 2:
        return ""
    top = [f"{across(y):.1f},{up(high):.1f}" for y, _, high in known]
    bottom = [f"{across(y):.1f},{up(low):.1f}" for y, low, _ in reversed(known)]
    return f'<polygon points="{" ".join(top + bottom)}" fill="{line.colour}" opacity="0.14"/>'


def _path(
    line: Line, years: Sequence[int], across: Callable[[float], float], up: Callable[[float], float], form: Format
) -> str:
    known = [(y, mean) for y, mean in zip(years, line.means, strict=True) if mean is not None]
    points = " ".join(f"{across(y):.1f},{up(mean):.1f}" for y, mean in known)
    dots = "".join(
        f'<circle cx="{across(y):.1f}" cy="{up(mean):.1f}" r="2.6" fill="{line.colour}">'
        f"<title>{escape(line.name)}, {y}: {escape(form(mean))}</title></circle>"
        for y, mean in known
    )
    return f'<polyline points="{points}" fill="none" stroke="{line.colour}" stroke-width="2"/>{dots}'


def _bar(bar: Bar, across: Callable[[float], float], y: float) -> str:
    fill = bar.colour if bar.certain else "#fff"
    return (
        f'<line x1="{across(bar.low):.1f}" x2="{across(bar.high):.1f}" y1="{y}" y2="{y}" stroke="{bar.colour}" stroke-width="3"/>'
        f'<circle cx="{across(bar.mean):.1f}" cy="{y}" r="5.5" fill="{fill}" stroke="{bar.colour}" stroke-width="2">'
        f"<title>{escape(bar.name)}</title></circle>"
    )


def _svg(title: str, content: str, height: float) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}"><title>{escape(title)}</title>'
        f"{content}</svg>"
    )
