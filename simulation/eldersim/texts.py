"""Results as text for a terminal, as rows of a table, and as the explanation of one number."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from eldersim.meanings import meaning
from eldersim.outcome import MEASURES
from eldersim.results import RATIOS, Results
from eldersim.statistics import Comparison, Interval, student_factor

SHARES = ("occupancy", "nursing_occupancy", "placed_30", "lost_share", "occupancy_mean")
"""Measures that are shares and shown in percent."""

TOLD = (
    "occupancy", "nursing_occupancy", "residents", "beds", "waiting", "waiting_nursing", "misplaced", "applied", "placed",
    "mean_wait", "placed_30", "died", "withdrew", "lost_share", "transferred",
)  # fmt: skip
"""The measures of a table, in its order; total occupancy is always beside that of nursing beds."""

COLUMNS = (
    "scenario", "measure", "year", "calendar_year", "mean", "low", "high", "replications",
    "difference", "difference_low", "difference_high", "certain",
)  # fmt: skip


def number(value: float | None, measure: str, *, signed: bool = False) -> str:
    """A value as people read it: shares in percent, people whole, days with one decimal; a dash where there is none."""
    if value is None or math.isnan(value):
        return "–"
    plus = "+" if signed else ""
    if measure in SHARES:
        return f"{100 * value:{plus}.1f}" + (" pp" if signed else "%")
    return f"{value:{plus},.1f}" if measure == "mean_wait" or abs(value) < 100 else f"{value:{plus},.0f}"


def aligned(rows: Sequence[Sequence[str]], *, right: int = 1) -> str:
    """Rows in columns; the first ``right`` columns to the left, all others to the right. Chinese counts double."""
    widths = [max(_width(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            _padded(cell, width, left=place < right)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)


def by_year(results: Results, name: str, language: str = "en") -> str:
    """One scenario year by year."""
    years = [results.years_of("waiting")[place] for place in _chosen(results.years)]
    head = [
        "",
        *(("start" if language == "en" else "期初") if year == 0 else _calendar(results, year) for year in years),
    ]
    rows = [head]
    for measure in TOLD:
        known = results.years_of(measure)
        found = [results.estimate(name, measure, year) if year in known else None for year in years]
        rows.append(
            [label(measure, language), *(number(None if each is None else each.mean, measure) for each in found)]
        )
    return aligned(rows)


def side_by_side(results: Results, language: str = "en") -> str:
    """All scenarios over the whole time: the mean, and under it the difference to the base with its interval."""
    head = ["", *(results.title(name) for name in results.names)]
    rows = [head]
    for measure in TOLD:
        found = [results.estimate(name, measure) for name in results.names]
        rows.append(
            [whole_label(measure, language), *(number(None if each is None else each.mean, measure) for each in found)]
        )
        differences = results.differences(measure)
        if differences:
            cells = [change(differences.get(name), measure) for name in results.names[1:]]
            rows.append(["", "", *cells])
    return aligned(rows)


def change(found: Comparison | None, measure: str) -> str:
    """A difference with its interval (pp: percentage points); in brackets where chance alone could explain it, = if none."""
    if found is None:
        return "–"
    if found.difference.mean == 0 and found.difference.half_width == 0:
        return "="
    ends = (found.interval.low, found.interval.high)
    low, high = (number(value, measure, signed=True).removesuffix(" pp") for value in ends)
    text = f"{number(found.difference.mean, measure, signed=True)} [{low} … {high}]"
    return text if found.certain else f"({text})"


def tidy(results: Results) -> Iterable[tuple[object, ...]]:
    """One row for each scenario, measure and year (empty: the whole time), with interval and difference to the base."""
    for measure in MEASURES:
        for year in (*results.years_of(measure), None):
            differences = results.differences(measure, year)
            for name in results.names:
                yield _row(results, name, measure, year, differences.get(name))


def explain(results: Results, name: str, measure: str, *, year: int | None = None, language: str = "en") -> str:
    """How one number was computed: its meaning, its parts, its interval, and what it rests on."""
    found = results.estimate(name, measure, year)
    values = results.whole(name, measure) if year is None else results.at(name, measure, year)
    when = whole_label(measure, "en") if year is None else f"{label(measure, 'en')} in {_calendar(results, year)}"
    lines = [
        f"{when}, scenario {results.title(name)!r}"
        if language == "en"
        else f"{label(measure, 'zh')}，方案“{results.title(name)}”",
        _say(language, "How: ", "算法：") + meaning(measure, language),
        _say(language, _span_words(measure, year), _span_words_zh(measure, year)),
        _say(language, f"Each replication gave: {_some(values, measure)}", f"各次重复的值：{_some(values, measure)}"),
        *_interval_lines(found, measure, language),
    ]
    comparison = results.differences(measure, year).get(name)
    if comparison is not None:
        lines.append(
            _say(language, "Against the base, replication by replication: ", "与基准逐次比较：")
            + change(comparison, measure)
        )
    lines.append(_origin(results, language))
    return "\n".join(lines)


def label(measure: str, language: str = "en") -> str:
    """The name of a measure in English or Chinese."""
    return MEASURES[measure].zh if language == "zh" else MEASURES[measure].en


def whole_label(measure: str, language: str = "en") -> str:
    """The name of a measure over the whole time: at the end, summed, or averaged over the years."""
    if not MEASURES[measure].flow:
        return label(measure, language) + _say(language, ", at the end", "（期末）")
    if measure in RATIOS:
        return label(measure, language) + _say(language, ", mean of the years", "（各年平均）")
    return label(measure, language) + _say(language, ", all years", "（各年合计）")


def notes(results: Results, language: str = "en") -> list[str]:
    """What the runs themselves had to say."""
    return [zh if language == "zh" else en for en, zh in results.notes]


def _row(
    results: Results, name: str, measure: str, year: int | None, comparison: Comparison | None
) -> tuple[object, ...]:
    found = results.estimate(name, measure, year)
    when = "" if year is None else _calendar(results, year)
    middle: tuple[object, ...] = ("", "", "", 0) if found is None else (found.mean, found.low, found.high, found.count)
    if comparison is None:
        return (name, measure, "" if year is None else year, when, *middle, "", "", "", "")
    difference, wide = comparison.difference, comparison.interval
    return (
        name, measure, "" if year is None else year, when, *middle,
        difference.mean, wide.low, wide.high, comparison.certain,
    )  # fmt: skip


def _interval_lines(found: Interval | None, measure: str, language: str) -> list[str]:
    if found is None:
        return [_say(language, "There was nothing to measure.", "没有可测量的数值。")]
    if found.count < 2:
        return [_say(language, "One replication has no interval.", "只有一次重复，无法给出区间。")]
    factor = student_factor(found.degrees, level=found.level)
    mean, half = number(found.mean, measure), number(found.half_width, measure)
    return [
        _say(
            language,
            f"Mean {mean}; standard deviation {found.standard_deviation:.4g} over {found.count} replications; "
            f"half width = {factor:.3f} x {found.standard_deviation:.4g} / sqrt({found.count}) = {half} ({found.level:.0%}, Student).",
            f"均值{mean}；{found.count}次重复的标准差{found.standard_deviation:.4g}；"
            f"半宽 = {factor:.3f} × {found.standard_deviation:.4g} / √{found.count} = {half}（{found.level:.0%}，t分布）。",
        )
    ]


def _origin(results: Results, language: str) -> str:
    drawn = (
        _say(language, ", uncertain parameters drawn anew each time", "，不确定参数逐次抽取")
        if results.uncertain
        else ""
    )
    return _say(
        language,
        f"From {results.place} on {results.date}, baseline {results.digest[:12]}, seed {results.seed}{drawn}, eldersim {results.version}. "
        "A computed change under the assumptions, not a proven effect.",
        f"依据：{results.place}，{results.date}，基线{results.digest[:12]}，种子{results.seed}{drawn}，eldersim {results.version}。"
        "这是在假设下计算出的变化，不是被证明的因果效应。",
    )


def _span_words(measure: str, year: int | None) -> str:
    if year is not None:
        return "Counted within that year." if MEASURES[measure].flow else "Read at the turn of that year."
    if not MEASURES[measure].flow:
        return "Read at the end of the last year."
    return "The mean of the yearly values." if measure in RATIOS else "The sum over all years."


def _span_words_zh(measure: str, year: int | None) -> str:
    if year is not None:
        return "该年内计数。" if MEASURES[measure].flow else "该年年末读数。"
    if not MEASURES[measure].flow:
        return "最后一年年末读数。"
    return "各年数值的平均。" if measure in RATIOS else "各年合计。"


def _some(values: Sequence[float | None], measure: str) -> str:
    shown = ", ".join(number(value, measure) for value in values[:8])
    return shown + (f", … ({len(values)})" if len(values) > 8 else "")


def _say(language: str, en: str, zh: str) -> str:
    return zh if language == "zh" else en


def _calendar(results: Results, year: int) -> str:
    """The calendar year at whose end or in which a model year lies, for a baseline of the start of a year."""
    return str(int(results.date[:4]) + year)


def _chosen(years: int) -> list[int]:
    """At most seven years for a terminal: the start, the end, and some between."""
    step = max(1, math.ceil(years / 6))
    return sorted({*range(0, years + 1, step), years})


def _width(text: str) -> int:
    return sum(2 if "\u2e80" <= each <= "\uffef" else 1 for each in text)


def _padded(text: str, width: int, *, left: bool) -> str:
    space = " " * (width - _width(text))
    return text + space if left else space + text
