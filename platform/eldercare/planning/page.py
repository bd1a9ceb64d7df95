"""A study as one page: what was asked, the chart, the comparison, what it means, and what it starts from."""

from collections.abc import Iterable
from html import escape
from importlib.resources import files

from eldercare.kit.errors import Unavailable
from eldercare.planning import picture
from eldercare.planning.outcome import Outcome, Text
from eldercare.planning.table import notes, say, table_rows, title_of

HEADS = {
    "scenarios": Text(en="Scenarios", zh="情景"),
    "chart": Text(en="Occupancy, waiting and misplacement by year", zh="各年入住率、轮候与床位不符"),
    "comparison": Text(en="Comparison", zh="比较"),
    "value": Text(en="Value", zh="数值"),
    "what": Text(en="What", zh="项目"),
    "source": Text(en="Source", zh="来源"),
    "base": Text(en="The base of the comparison.", zh="比较的基准。"),
    "made": Text(
        en="Computed by Eldercare {version} from the baseline {digest}. The same seed gives the same numbers.",
        zh="由 Eldercare {version} 根据基线 {digest} 计算；同一种子得到同样的数字。",
    ),
}


def render_page(outcome: Outcome, language: str = "en") -> str:
    """The page as HTML that needs nothing else: no network, no script."""
    style = (files("eldercare.planning") / "page.css").read_text("utf-8")
    title = escape(title_of(outcome, language))
    body = "".join(_sections(outcome, language))
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{style}</style></head>'
        f"<body><main><h1>{title}</h1>{body}</main></body></html>\n"
    )


def _sections(outcome: Outcome, language: str) -> Iterable[str]:
    yield _findings(outcome, language)
    yield _chart(outcome, language)
    header, *rows = table_rows(outcome, language)
    yield _section(
        _head("comparison", language),
        _table(header, rows) + f"<p class=note>{escape(' '.join(notes(outcome, language)))}</p>",
    )
    yield _scenarios(outcome, language)
    yield _taken(outcome, language)
    made = _head("made", language).format(version=outcome.code_version, digest=outcome.baseline_hash[:12])
    yield f"<footer>{escape(made)}</footer>"


def _findings(outcome: Outcome, language: str) -> str:
    items = "".join(f"<li>{escape(each.label(language))}</li>" for each in outcome.findings)
    return _section(say("findings", language), f"<ul>{items}</ul>")


def _chart(outcome: Outcome, language: str) -> str:
    """The chart, or the sentence that says what it needs."""
    try:
        drawn = picture.svg(outcome, language)
    except Unavailable as missing:
        drawn = f"<p class=note>{escape(f'{missing.message} {missing.remedy}')}</p>"
    return _section(_head("chart", language), f"<figure>{drawn}</figure>")


def _scenarios(outcome: Outcome, language: str) -> str:
    parts = []
    for each in outcome.scenarios:
        changes = [change.label(language) for change in each.changes] or [_head("base", language)]
        items = "".join(f"<li>{escape(change)}</li>" for change in changes)
        parts.append(f"<dt>{escape(each.title.label(language))}</dt><dd><ul>{items}</ul></dd>")
    return _section(_head("scenarios", language), f"<dl>{''.join(parts)}</dl>")


def _taken(outcome: Outcome, language: str) -> str:
    header = [_head("what", language), _head("value", language), _head("source", language), ""]
    mark = say("assumed", language)
    rows = [
        [each.what.label(language), each.value, each.source.label(language), mark if each.assumed else ""]
        for each in outcome.taken
    ]
    return _section(say("taken", language), _table(header, rows, kind="sources"))


def _table(header: list[str], rows: Iterable[list[str]], kind: str = "numbers") -> str:
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    lines = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f'<div class="wide"><table class="{kind}"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'
    )


def _section(head: str, content: str) -> str:
    return f"<section><h2>{escape(head)}</h2>{content}</section>"


def _head(name: str, language: str) -> str:
    return HEADS[name].label(language)
