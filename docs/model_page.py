"""Writes docs/model.md: the method as a planner reads it, with every assumption, its source, and what the model cannot say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from inspect import cleandoc
from pathlib import Path

from eldersim.ability import fitted
from eldersim.demand import applications, total
from eldersim.demography import Projection, nation_2020, project
from eldersim.drivers import drivers
from eldersim.experiment import Experiment, compare
from eldersim.ladder import rungs
from eldersim.measures import KINDS
from eldersim.outcome import MEASURES
from eldersim.parameters import Parameter, Parameters, standard, table
from eldersim.plan import read_plan
from eldersim.results import Results
from eldersim.statistics import variance_ratio

NOTE = "<!-- Written by `make docs` from the code; changes made here are lost. -->"
FIRST, YEARS = 2020, 31
HERE = Path(__file__).parent


def write_model_page(root: Path) -> Path:
    """Write the page below a repository's root and give its path."""
    path = root / "docs" / "model.md"
    path.write_text(model_page(), "utf-8")
    return path


def model_page() -> str:
    """The page: text that people wrote, with numbers that are computed now."""
    words = (HERE / "model_words.md").read_text("utf-8")
    parameters = standard()
    hazards = fitted(parameters)
    nation = project(nation_2020(hazards), hazards, first_year=FIRST, years=YEARS)
    example = read_plan(str(files("eldersim") / "data" / "example.yaml"))
    scenarios = (example.scenarios[0], *rungs("NURSING", (5, 30)))
    found = compare(Experiment(example.baseline, scenarios, replications=30), workers=1)
    parts = {
        "population": _population(nation),
        "drivers": _drivers(nation, parameters),
        "measures": _measures(),
        "outcomes": _outcomes(),
        "luck": _luck(found),
        "parameters": _parameters(parameters),
        "unconfirmed": str(sum(each.confidence == "unconfirmed" for each in parameters.values())),
        "count": str(len(parameters)),
    }
    for name, text in parts.items():
        words = words.replace("{" + name + "}", text)
    return words.replace("# How", f"{NOTE}\n\n# How", 1)


def _population(nation: Projection) -> str:
    """Our projection beside that of the United Nations."""
    un = {int(row["year"]): row for row in table("projection")}
    rows = []
    for year in range(FIRST, FIRST + YEARS, 5):
        place = year - FIRST
        cells = [str(year)]
        for age in (60, 65, 80):
            ours, theirs = nation.aged(age)[place] / 1e6, float(un[year][f"aged_{age}"]) / 1e3
            cells.append(f"{ours:.1f} ({100 * (ours / theirs - 1):+.1f} %)")
        cells.append(f"{100 * nation.disabled()[place] / nation.aged(60)[place]:.1f} %")
        cells.append(f"{nation.mean_factor(min(place, YEARS - 1)):.2f}")
        rows.append(cells)
    head = ["year", "aged 60+, million (against the UN)", "65+", "80+", "disabled of 60+", "factor on deaths"]
    return _table(head, rows)


def _drivers(nation: Projection, parameters: Parameters) -> str:
    """Why the applications of the nation grow, at constant propensities."""
    asked = applications(nation.people, parameters, nation.groups)
    rows = []
    for year in (5, 10, 20, 30):
        found = drivers(nation.people, parameters, nation.groups, year=year)
        change = total(asked[year]) / total(asked[0]) - 1
        rows.append([str(FIRST + year), *(f"{100 * each.change:+.0f} %" for each in found), f"{100 * change:+.0f} %"])
    names = [each.en for each in drivers(nation.people, parameters, nation.groups, year=1)]
    return _table(["from 2020 to", *names, "together"], rows)


def _measures() -> str:
    rows = [
        [f"`{kind.model_fields['kind'].default}`", " ".join(cleandoc(kind.__doc__ or "").split())] for kind in KINDS
    ]
    return _table(["measure", "what it does"], rows)


def _outcomes() -> str:
    rows = [
        [
            f"`{name}`",
            reading.en,
            reading.zh,
            "within a year" if reading.flow else "at the turn of the year",
            reading.words,
        ]
        for name, reading in MEASURES.items()
    ]
    return _table(["measure", "name", "名称", "read", "how it is computed"], rows)


def _luck(found: Results) -> str:
    """How many times the variance of a difference falls because scenarios share their luck."""
    rows = []
    for measure in ("residents", "waiting", "placed", "died"):
        base = [value or 0.0 for value in found.whole("base", measure)]
        cells = [MEASURES[measure].en]
        for name in found.names[1:]:
            other = [value or 0.0 for value in found.whole(name, measure)]
            cells.append(f"{variance_ratio(base, other):.1f}")
        rows.append(cells)
    return _table(["variance of the difference, independent luck / shared luck", "5 beds more", "30 beds more"], rows)


def _parameters(parameters: Parameters) -> str:
    return _table(
        ["parameter", "meaning", "value", "interval", "unit", "confidence", "source"],
        [_parameter(each) for each in parameters.values()],
    )


def _parameter(each: Parameter) -> list[str]:
    interval = f"{_short(each.low)} to {_short(each.high)}" if each.uncertain else ""
    return [f"`{each.id}`", each.en, _short(each.value), interval, each.unit, each.confidence, each.source]


def _short(value: object) -> str:
    return str(value).replace("'", "").strip("{}")


def _table(head: list[str], rows: Iterable[list[str]]) -> str:
    return "\n".join(_lines(head, rows))


def _lines(head: list[str], rows: Iterable[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


if __name__ == "__main__":
    print(write_model_page(HERE.parent))
