"""Writes every document that follows from the code; a test compares them with what is committed."""

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from sqlalchemy import Enum, LargeBinary
from sqlalchemy.types import TypeEngine

from eldercare import app, registry
from eldercare.__main__ import cli
from eldercare.kit.db import Base
from eldercare.kit.settings import Settings, describe
from eldercare.kit.term import Term
from eldercare.registry.statistic import Basis
from eldercare.reporting.indicators import MEASURES
from eldercare.reporting.measure import DECLARED
from eldersim.__main__ import cli as simulator

ROOT = Path(__file__).parents[1]
NOTE = "<!-- Written by `make docs` from the code; changes made here are lost. -->\n"
COMMON = ("id", "version", "recorded_at", "source_id", "source_record", "quality", "verified_on")


def documents() -> dict[Path, str]:
    """Every generated document with its text."""
    return {
        ROOT / "schema.graphql": app.sdl(),
        ROOT / "docs" / "data-dictionary.md": data_dictionary(),
        ROOT / "docs" / "cli.md": command_line(),
        ROOT / "docs" / "settings.md": settings(),
        ROOT / "docs" / "access-table.md": access_table(),
        ROOT / "docs" / "indicators.md": indicators(),
        ROOT / "docs" / "coverage.md": beside("coverage_page").coverage_page(),
    }


def access_table() -> str:
    """Who may see and do what."""
    sys.path.insert(0, str(ROOT / "docs"))
    from access_table import page

    return page(NOTE)


def beside(name: str) -> Any:
    """A module that lies beside this one, wherever this one was loaded from."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "docs" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def settings() -> str:
    """Every setting with its default and meaning."""
    rows = [
        f"| `{line.name}` | `{line.variable}` | `{line.default}` | {line.meaning} |" for line in describe(Settings())
    ]
    return "\n".join(
        [
            "# Settings",
            NOTE,
            "An environment variable wins over the settings file, the file over the default. The file is `eldercare.toml` in the",
            "working folder, or the one that `ELDERCARE_FILE` names; `eldercare settings` shows what holds and where it came from.",
            "",
            "| setting | variable | default | meaning |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def command_line() -> str:
    """The help of every command of both programs, as the command itself prints it."""
    parts = ["# Command line", NOTE]
    for context in commands():
        parts += [f"## {context.command_path}", "", "```text", context.get_help(), "```", ""]
    return "\n".join(parts)


def commands() -> Iterator[click.Context]:
    """Each command in the place it is called at, groups before what they hold."""
    for program, group in (("eldercare", cli), ("eldersim", simulator)):
        yield from _commands_of(group, program)


def _commands_of(group: click.Group, program: str) -> Iterator[click.Context]:
    top = click.Context(group, info_name=program, terminal_width=100, **group.context_settings)
    yield top
    for name in group.list_commands(top):
        command = group.get_command(top, name)
        assert command is not None
        inner = click.Context(command, parent=top, info_name=name)
        yield inner
        if isinstance(command, click.Group):
            for part in command.commands:
                yield click.Context(command.commands[part], parent=inner, info_name=part)


def data_dictionary() -> str:
    """Every table, column and enumeration with its English meaning and Chinese term."""
    classes = sorted((mapper.class_ for mapper in Base.registry.mappers), key=position)
    parts = ["# Data dictionary 数据字典", NOTE, *common(classes)]
    for each in classes:
        parts += table(each)
    parts += ["## Enumerations 枚举", ""]
    for kind in terms(classes):
        parts += enumeration(kind)
    return "\n".join(parts)


def position(each: type[Base]) -> tuple[int, str]:
    """The nouns in the registry's own order, then the tables of other rooms by name."""
    known: list[object] = list(registry.ENTITIES)
    return (known.index(each) if each in known else len(known), each.__tablename__)


def common(classes: list[type[Base]]) -> list[str]:
    """The columns every record has, said once."""
    full = next(each for each in classes if set(COMMON) <= set(each.__table__.columns.keys()))
    columns = [full.__table__.columns[name] for name in COMMON if name != "id"]
    intro = "Every record of the registry has a key `id` and these columns; they are left out below."
    return ["## Every record 通用字段", "", intro, "", *header(), *[row(column) for column in columns], ""]


def table(each: type[Base]) -> list[str]:
    """One table."""
    lines = (each.__doc__ or "").strip().splitlines()
    validity = getattr(each, "__validity__", None)
    holds = f"Holds from `{validity.start}` up to but not including `{validity.end}`." if validity else ""
    if validity and not validity.end:
        holds = f"Tells of something that happened: holds from `{validity.start}` on."
    is_record = {"id", "version", "recorded_at"} <= set(each.__table__.columns.keys())
    columns = [column for column in each.__table__.columns if not (is_record and column.name in COMMON)]
    title = f"## {each.__tablename__} {getattr(each, '__zh__', '')}".rstrip()
    parts = [title, "", " ".join(line.strip() for line in lines), ""]
    return [*parts, *([holds, ""] if holds else []), *header(), *[row(column) for column in columns], ""]


def header() -> list[str]:
    """The head of a table of columns."""
    return ["| column | type | needed | meaning | 中文 |", "|---|---|---|---|---|"]


def row(column: Any) -> str:
    """One column; protected ones are marked, because they hold ciphertext or digests."""
    secret = " Protected: never shown." if column.info.get("secret") else ""
    needed = "" if column.nullable else "yes"
    en, zh = (column.doc or "", column.info.get("zh", "")) if column.doc else ("Its key.", "编号")
    return f"| `{column.name}` | {kind_of(column)} | {needed} | {en}{secret} | {zh} |"


def kind_of(column: Any) -> str:
    """The type in a word, with the table or enumeration it points to."""
    for key in column.foreign_keys:
        return f"→ `{key.column.table.name}`"
    kind: TypeEngine[Any] = column.type
    if isinstance(kind, Enum) and kind.enum_class:
        return f"[{kind.enum_class.__name__}](#{kind.enum_class.__name__.lower()})"
    if isinstance(kind, LargeBinary):
        return "bytes"
    length = getattr(kind, "length", None)
    name = type(kind).__name__.lower()
    return f"{name}({length})" if length else name


def terms(classes: list[type[Base]]) -> list[type[Term]]:
    """Every enumeration that a column uses, by name."""
    kinds = [column.type for each in classes for column in each.__table__.columns]
    found = {kind.enum_class for kind in kinds if isinstance(kind, Enum)}
    return sorted((each for each in found if each and issubclass(each, Term)), key=lambda each: each.__name__)


def enumeration(kind: type[Term]) -> list[str]:
    """One enumeration."""
    rows = [f"| `{term.value}` | {term.zh} | {term.en} | {term.note} |" for term in kind]
    head = ["| value | 中文 | meaning | note |", "|---|---|---|---|"]
    return [f"### {kind.__name__}", "", (kind.__doc__ or "").strip(), "", *head, *rows, ""]


def indicators() -> str:
    """Every indicator: its definition, the bases on which it is computed, and its variants."""
    rows = []
    for code, told in DECLARED.items():
        own = [each for each in MEASURES if each.code == code]
        bases = [basis.value for basis in Basis if any(each.basis is basis for each in own)]
        variants = list(dict.fromkeys(each.variant for each in own if each.variant))
        shown = ", ".join(variants[:6]) + (f" and {len(variants) - 6} more" if len(variants) > 6 else "")
        above, below = told.get("numerator") or "", told.get("denominator") or ""
        cells = [f"`{code}`", told["zh"], told["en"], told["unit"], told["formula"], above, below]
        rows.append(f"| {' | '.join([*cells, ', '.join(bases) or 'reported figures only', shown])} |")
    head = ["code", "中文", "name", "unit", "formula", "above the line", "below the line", "computed from", "variants"]
    return INDICATORS_PAGE + "\n".join([f"| {' | '.join(head)} |", "|" + "---|" * len(head), *rows, ""])


INDICATORS_PAGE = f"""# Indicators 指标

{NOTE}
An indicator is two counted numbers, divided. `indicatorValues` gives them for any divisions and days in one statement, and each basis
in rows of its own: RECORDS counts the registry's records, REPORTED takes what was published; the two are never mixed in one value. A
published figure that cannot be true is listed without a value. A value is rounded half up, in whole numbers, to the decimals that the
definition in force says (`Indicator.decimals`, a row that can be corrected), and empty where the denominator is zero or unknown.

```graphql
{{
  indicatorValues(codes: [OCC_END, NURSING_SHARE], divisions: ["330109000000"], asOf: "2020-05-19", variants: [""]) {{
    code basis numerator denominator value
  }}
}}
```

```json
{{
  "indicatorValues": [
    {{"code": "NURSING_SHARE", "basis": "RECORDS", "numerator": 120, "denominator": 1649, "value": 7.3}},
    {{"code": "OCC_END", "basis": "RECORDS", "numerator": 575, "denominator": 1649, "value": 34.87}},
    {{"code": "OCC_END", "basis": "REPORTED", "numerator": null, "denominator": null, "value": 34.87}}
  ]
}}
```

`level: TOWN` gives a row for each town of the divisions, `dates` a series of days. `indicatorProgress` sets targets beside values: the
comparator, what is missing, whether it is met, and on which basis. Targets are rows by plan and year (`createIndicatorTarget`); those of
a new plan are entered like any other record.

Flows (services, calls, money, items inspected, bed-days) are counted over the year that ends with the day. Population is that of the
newest published count; both numbers of a share come from the same count and base.

"""


def main() -> None:
    """Write what differs, and say so; the page about the model, whose numbers are computed, has a test of its own."""
    from model_page import model_page

    for path, text in {**documents(), ROOT / "docs" / "model.md": model_page()}.items():
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            click.echo(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
