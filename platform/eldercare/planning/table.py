"""A study's outcome as a table for terminals, as CSV rows and as JSON."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

from eldercare.planning.comparison import Estimate
from eldercare.planning.outcome import Outcome, Shown, Text

WORDS = {
    "title": Text(
        en="{territory}: {years} years from {date}, {replications} paired replications, seed {seed}",
        zh="{territory}：自{date}起{years}年，{replications}次配对重复，种子{seed}",
    ),
    "indicator": Text(en="indicator", zh="指标"),
    "start": Text(en="at the start", zh="期初"),
    "end": Text(en="after {years} years", zh="{years}年后"),
    "sum": Text(en="over {years} years", zh="{years}年合计"),
    "against": Text(en="difference", zh="与基准之差"),
    "interval": Text(
        en="Each number is a mean with the half width of its 95 % interval; * marks a difference that stands after the correction for several scenarios.",
        zh="数字为均值±95%区间半宽；*表示经多方案校正后差异仍成立。",
    ),
    "uncertain": Text(
        en="Every replication draws its own value of each parameter that is known only as an interval.",
        zh="仅知其区间的参数在每次重复中各取一值。",
    ),
    "taken": Text(en="What the calculation starts from", zh="计算的出发点"),
    "assumed": Text(en="assumed", zh="假设"),
    "findings": Text(en="What it means", zh="结论"),
}


EXACT = 1000
"""From here on a tenth of a person or day is noise to a reader."""


def render_table(outcome: Outcome, language: str = "en") -> str:
    """The comparison as text: a row an indicator, a column a scenario, then the findings and what was assumed."""
    parts = [title_of(outcome, language), "", *_grid(table_rows(outcome, language)), "", *notes(outcome, language)]
    if outcome.findings:
        parts += ["", say("findings", language), *(f"  - {each.label(language)}" for each in outcome.findings)]
    return "\n".join([*parts, "", say("taken", language), *_taken(outcome, language), ""])


def render_csv(outcome: Outcome) -> str:
    """Tidy rows: scenario, indicator, year (or `whole`, `difference`), mean, low, high; shares as fractions of one."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["scenario", "indicator", "unit", "year", "mean", "low", "high", "p10", "p90"])
    writer.writerows(_tidy(outcome))
    return text.getvalue()


def half_up(value: float, digits: int) -> float:
    """The value rounded as it is written, halves away from zero: what a reader, a spreadsheet and the page do.

    >>> round(32.65, 1), half_up(32.65, 1)
    (32.6, 32.7)
    """
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def number(value: float | None, unit: str, *, signed: bool = False) -> str:
    """A number as people read it: shares as per cent with two decimals, heads and days with one where they are not whole."""
    if value is None:
        return "–"
    scaled = value * 100 if unit == "share" else value
    digits = 2 if unit == "share" else int(not (unit == "beds" or scaled.is_integer() or abs(scaled) >= EXACT))
    shown = half_up(scaled, digits) + 0.0  # a negative nothing becomes plain nothing
    text = f"{shown:+,.{digits}f}" if signed and shown else f"{shown:,.{digits}f}"
    return text + (" %" if unit == "share" else "")


def estimate(found: Estimate, unit: str, *, signed: bool = False) -> str:
    """A mean and the half width of its interval; the half width is left out where every replication agrees."""
    text = number(found.mean, unit, signed=signed)
    if found.mean is None or found.low is None or found.high is None:
        return text
    half = (found.high - found.low) / 2
    return text if half < 5e-7 else f"{text} ±{number(half, unit).removesuffix(' %')}"


def notes(outcome: Outcome, language: str) -> list[str]:
    """How the numbers are to be read."""
    return [say("interval", language), *([say("uncertain", language)] if outcome.uncertain else [])]


def say(word: str, language: str, **values: object) -> str:
    """One of the words of a table in a language."""
    return WORDS[word].label(language).format(**values)


def title_of(outcome: Outcome, language: str) -> str:
    """What a study is, in a line."""
    return say(
        "title",
        language,
        territory=outcome.territory_name,
        years=outcome.years,
        date=outcome.as_of,
        replications=outcome.replications,
        seed=outcome.seed,
    )


def table_rows(outcome: Outcome, language: str) -> list[list[str]]:
    """The header and the rows of the comparison: the indicator, when, each scenario, each difference to the base."""
    heads = [each.title.label(language) for each in outcome.scenarios]
    rows = [[say("indicator", language), "", *heads, *(f"{say('against', language)}: {h}" for h in heads[1:])]]
    for indicator in outcome.indicators:
        if indicator.table and not _nobody(outcome, indicator):
            rows += _indicator_rows(outcome, indicator, language)
    return rows


def _nobody(outcome: Outcome, indicator: Shown) -> bool:
    """Whether a priority class had nobody waiting in any scenario, at the start or at the end."""
    curves = [each.curve(indicator.code) for each in outcome.compared]
    return indicator.code.startswith("waiting_class_") and not any(
        place.mean for curve in curves for place in (curve.years[0], curve.whole)
    )


def _indicator_rows(outcome: Outcome, indicator: Shown, language: str) -> Iterator[list[str]]:
    """One row for a flow, two for a level: at the start and at the end."""
    name = indicator.name.label(language)
    whole = say("end" if indicator.kind == "level" else "sum", language, years=outcome.years)
    if indicator.kind == "level" and outcome.compared[0].curve(indicator.code).years[0].mean is not None:
        yield [name, say("start", language), *_cells(outcome, indicator, at_start=True)]
        name = ""
    yield [name, whole, *_cells(outcome, indicator, at_start=False)]


def _cells(outcome: Outcome, indicator: Shown, *, at_start: bool) -> list[str]:
    cells, differences = [], []
    for each in outcome.compared:
        curve, difference = each.curve(indicator.code), each.difference(indicator.code)
        cells.append(estimate(curve.years[0] if at_start else curve.whole, indicator.unit))
        if difference:
            found = difference.start if at_start else difference.whole
            star = " *" if difference.certain and not at_start else ""
            differences.append(estimate(found, indicator.unit, signed=True) + star)
    return cells + differences


def _taken(outcome: Outcome, language: str) -> list[str]:
    """Where each starting figure comes from, assumptions marked."""
    lines = []
    for each in outcome.taken:
        mark = f" [{say('assumed', language)}]" if each.assumed else ""
        lines.append(f"  - {each.what.label(language)}: {each.value} ({each.source.label(language)}){mark}")
    return lines


def _tidy(outcome: Outcome) -> Iterator[list[object]]:
    for scenario in outcome.compared:
        for curve in scenario.curves:
            unit = outcome.indicator(curve.indicator).unit
            places: list[tuple[object, Estimate]] = [*enumerate(curve.years), ("whole", curve.whole)]
            if difference := scenario.difference(curve.indicator):
                places.append(("difference", difference.whole))
            for place, found in places:
                yield [
                    scenario.name,
                    curve.indicator,
                    unit,
                    place,
                    found.mean,
                    found.low,
                    found.high,
                    found.p10,
                    found.p90,
                ]


def _grid(rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as their widest cell; Chinese characters count double, as terminals show them."""
    widths = [max(_width(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(_fit(cell, widths[i], right=i > 1) for i, cell in enumerate(row)).rstrip() for row in rows]
    return [lines[0], "  ".join("─" * width for width in widths), *lines[1:]]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _fit(text: str, width: int, *, right: bool) -> str:
    gap = " " * (width - _width(text))
    return gap + text if right else text + gap
