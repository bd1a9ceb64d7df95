"""The results of an experiment as one self-contained page: charts, tables, costs, equity, scenarios and assumptions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from html import escape
from importlib.resources import files

from eldersim.charts import PALETTE, Bar, Format, Line, difference_chart, line_chart
from eldersim.closed_form import beside
from eldersim.costs import KINDS, Costs, costs
from eldersim.equity import equity
from eldersim.parameters import Parameter, Parameters
from eldersim.report_words import CONFIDENCES, sentences, word
from eldersim.results import Results
from eldersim.scenario import Scenario, difference
from eldersim.texts import SHARES, TOLD, change, label, notes, number, whole_label

CHARTS = ("nursing_occupancy", "occupancy", "waiting", "mean_wait", "placed", "died")
DIFFERENCES = ("waiting", "placed", "mean_wait", "died")
UNUSED = ("institution.", "policy.", "willingness.", "dementia.", "ability.split")
"""Parameters for orientation only, which no run reads."""


def page(results: Results, language: str = "en") -> str:
    """The whole page; it needs no network and no script."""
    style = (files("eldersim") / "data" / "report.css").read_text("utf-8")
    title = escape(word("title", language, place=results.place))
    under = word(
        "under", language, date=results.date, years=results.years, scenarios=len(results.names),
        replications=results.replications,
    )  # fmt: skip
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{style}</style></head><body><main><h1>{title}</h1>"
        f'<p class="under">{escape(under)}</p>{"".join(_sections(results, language))}</main></body></html>\n'
    )


def _sections(results: Results, language: str) -> Iterator[str]:
    parameters = _parameters(results)
    said = [*sentences(results, language), *notes(results, language)]
    yield _section("findings", language, f"<ul>{''.join(f'<li>{escape(each)}</li>' for each in said)}</ul>")
    yield _section("charts", language, _key(results) + _charts(results, language), "charts_note")
    yield _section("table", language, _comparison(results, language), "table_note")
    if len(results.names) > 1 and results.replications > 1:
        yield _section("differences", language, _key(results) + _differences(results, language), "differences_note")
    yield _section("costs", language, _costs(results, parameters, language), "costs_note")
    yield _section("equity", language, _equity(results, language), "equity_note")
    yield _beside(results, language)
    yield _section("scenarios", language, _scenarios(results, language))
    yield _section("assumptions", language, _assumptions(parameters, language), "assumptions_note")
    made = word("footer", language, version=results.version, digest=results.digest[:12], seed=results.seed)
    yield f"<footer>{escape(made)}</footer>"


def _charts(results: Results, language: str) -> str:
    figures = []
    for measure in CHARTS:
        years = results.years_of(measure)
        calendar = [int(results.date[:4]) + year for year in years]
        lines = [
            _line(results, name, measure, years, PALETTE[n % len(PALETTE)]) for n, name in enumerate(results.names)
        ]
        title = label(measure, language)
        drawn = line_chart(lines, calendar, title=title, form=_ticks(measure))
        figures.append(f"<figure><h3>{escape(title)}</h3>{drawn}</figure>")
    return f'<div class="charts">{"".join(figures)}</div>'


def _line(results: Results, name: str, measure: str, years: Iterable[int], colour: str) -> Line:
    found = [results.estimate(name, measure, year) for year in years]
    means = [None if each is None else each.mean for each in found]
    sure = [None if each is None or each.count < 2 else each for each in found]
    most = 1.0 if measure in SHARES else math.inf
    lows = [None if each is None else max(0.0, each.low) for each in sure]
    highs = [None if each is None else min(most, each.high) for each in sure]
    return Line(results.title(name), colour, means, lows, highs)


def _differences(results: Results, language: str) -> str:
    figures = []
    for measure in DIFFERENCES:
        found = results.differences(measure)
        bars = [
            Bar(
                f"{results.title(name)}: {change(each, measure)}", PALETTE[results.names.index(name) % len(PALETTE)],
                each.difference.mean, each.interval.low, each.interval.high, each.certain,
            )
            for name, each in found.items()
        ]  # fmt: skip
        title = whole_label(measure, language)
        drawn = difference_chart(bars, title=title, form=_ticks(measure))
        figures.append(f"<figure><h3>{escape(title)}</h3>{drawn}</figure>")
    return f'<div class="charts">{"".join(figures)}</div>'


def _comparison(results: Results, language: str) -> str:
    rows = []
    for measure in TOLD:
        differences = results.differences(measure)
        cells = [escape(whole_label(measure, language))]
        for name in results.names:
            found = results.estimate(name, measure)
            cell = escape(number(None if found is None else found.mean, measure))
            if name in differences:
                sure = ' class="sure"' if differences[name].certain else ""
                said = escape(change(differences[name], measure)).replace(" [", "<br>[", 1)
                cell += f"<small{sure}>{said}</small>"
            cells.append(cell)
        rows.append(cells)
    return _table(["", *map(results.title, results.names)], rows)


def _costs(results: Results, parameters: Parameters, language: str) -> str:
    start = date.fromisoformat(results.date)
    found = [
        costs(each, [sample[each["name"]] for sample in results.samples], parameters, start=start, years=results.years)
        for each in results.scenarios
    ]
    rows = [
        [zh if language == "zh" else en, *(_millions(sum(each.by_kind[kind])) for each in found)]
        for kind, en, zh in KINDS
    ]
    rows.insert(4, [word("total", language), *(_millions(sum(each.total)) for each in found)])
    rows.append([word("present", language), *(_millions(each.present) for each in found)])
    rows.append([word("public", language), *(_millions(each.public_present) for each in found)])
    rows.append([word("per_placed", language), *(_yuan(each.per_placed) for each in found)])
    rows.append([word("per_more", language), *_per_more(results, found)])
    return _table(["", *map(results.title, results.names)], rows)


def _per_more(results: Results, found: Sequence[Costs]) -> list[str]:
    """Extra cost for each extra person placed, only where that difference is certain and upward."""
    certain = results.differences("placed")
    cells = ["–"]
    for name, each in zip(results.names[1:], found[1:], strict=True):
        more = certain.get(name)
        sound = more is not None and more.certain and more.difference.mean > 0
        cells.append(_yuan((each.present - found[0].present) / more.difference.mean) if sound and more else "–")
    return cells


def _equity(results: Results, language: str) -> str:
    rows = []
    for kind, names in (("divisions", results.divisions), ("classes", tuple(str(n) for n in range(1, 9)))):
        for title, measure in (("worst", "minimum"), ("decile", "lower_decile"), ("gini", "gini")):
            cells = [f"{word(title, language)}, {word('by_division' if kind == 'divisions' else 'by_class', language)}"]
            for scenario in results.names:
                applied, placed = (results.grouped(scenario, kind, flow) for flow in ("applied", "placed"))
                there = [n for n, count in enumerate(applied) if count > 0]
                if not there:
                    cells.append("–")
                    continue
                found = equity({names[n]: placed[n] / applied[n] for n in there}, {names[n]: applied[n] for n in there})
                value = f"{getattr(found, measure):.2f}"
                cells.append(escape(value + (f" ({found.worst})" if measure == "minimum" else "")))
            rows.append(cells)
    return _table(["", *map(results.title, results.names)], rows)


def _beside(results: Results, language: str) -> str:
    values = {each["id"]: each for each in results.parameters}
    rows = [
        [
            escape(f"{results.title(name)}: {each.label(language)}"),
            each.formula,
            each.computed,
            each.simulated,
            each.why(language),
        ]
        for name in results.names
        for each in beside(results, name, values)
    ]
    if not rows:
        return ""
    head = ["", *(word(name, language) for name in ("formula", "computed", "simulated", "why"))]
    return _section("beside", language, _table(head, rows, kind="words"))


def _scenarios(results: Results, language: str) -> str:
    base = Scenario.model_validate(results.scenarios[0])
    parts = []
    for content in results.scenarios:
        other = Scenario.model_validate(content)
        said = difference(base, other, language) if other != base else ()
        items = "".join(f"<li>{escape(each)}</li>" for each in said or (word("nothing", language),))
        parts.append(f"<h3>{escape(results.title(other.name))}</h3><ul>{items}</ul>")
    return "".join(parts)


def _assumptions(parameters: Parameters, language: str) -> str:
    rows = []
    for each in parameters.values():
        if not each.id.startswith(UNUSED):
            interval = f"{_short(each.low)} … {_short(each.high)}" if each.uncertain else ""
            rows.append(
                [
                    escape(each.label(language)),
                    escape(f"{_short(each.value)} {each.unit}"),
                    escape(interval),
                    escape(each.source),
                    _confidence(each, language),
                ]
            )
    head = [word(name, language) for name in ("what", "value", "interval", "source", "confidence")]
    return _table(head, rows, kind="words")


def _confidence(parameter: Parameter, language: str) -> str:
    return CONFIDENCES[parameter.confidence] if language == "zh" else parameter.confidence


def _parameters(results: Results) -> Parameters:
    return Parameters({each["id"]: Parameter(**each) for each in results.parameters})


def _key(results: Results) -> str:
    marks = "".join(
        f'<span><i style="background:{PALETTE[n % len(PALETTE)]}"></i>{escape(results.title(name))}</span>'
        for n, name in enumerate(results.names)
    )
    return f'<p class="key">{marks}</p>'


def _table(header: Sequence[str], rows: Iterable[Sequence[str]], kind: str = "numbers") -> str:
    """A table; cells are HTML already, headers are text."""
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return (
        f'<div class="wide"><table class="{kind}"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'
    )


def _section(name: str, language: str, content: str, note: str | None = None) -> str:
    below = "" if note is None else f'<p class="note">{escape(word(note, language))}</p>'
    return f"<section><h2>{escape(word(name, language))}</h2>{content}{below}</section>"


def _ticks(measure: str) -> Format:
    """How the numbers on the axis of a measure are written."""
    return lambda value: number(value, measure).replace(".0", "") if abs(value) < 100 else f"{value:,.0f}"


def _millions(yuan: float) -> str:
    return f"{yuan / 1e6:,.1f}"


def _yuan(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _short(value: object) -> str:
    return str(value).replace("'", "").strip("{}")
