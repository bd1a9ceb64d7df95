"""Published figures, the indicators they are values of, targets, the census, and the rules of admission."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from eldercare.demonstration.age import BANDS, SIGNS, census
from eldercare.demonstration.arithmetic import worked_out
from eldercare.demonstration.facility import seat
from eldercare.demonstration.table import rows, settings
from eldercare.demonstration.world import World
from eldercare.registry import AdmissionRule, Indicator, IndicatorTarget, PopulationStatistic, ReportedFigure, rules
from eldercare.registry.division import Level
from eldercare.registry.entity import Quality
from eldercare.registry.membership import GroupCategory, SelfCareClass
from eldercare.registry.person import ResidenceBase
from eldercare.registry.source import CollectionMethod
from eldercare.registry.statistic import Basis, Comparator, Qualifier

CENSUS_DAY = date(2020, 11, 1)

ROUNDED = {"sjz_elderly": 60}
"""Published numbers of people by age, with the youngest age counted."""


def write_census(world: World) -> None:
    """Write the census's people aged 60 and over by sex and class of age, for the cities, their counties and the nation."""
    for code, row in census().items():
        division = _area(world, code)
        if division is None:
            continue
        for sex, sign in SIGNS.items():
            for low, high in BANDS:
                _band(world, division, low, high, sex, row[f"{sign}_{low}_{high - 1}"])
            _band(world, division, 85, None, sex, row[f"{sign}_85plus"])
        _band(world, division, 0, None, None, row["population"])


def write_figures(world: World) -> None:
    """Write every published figure under the source that printed it, then the number of people it gives by age."""
    keys = {row.code: row.id for row in world.ledger.session.execute(select(Indicator.code, Indicator.id))}
    by_source: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows("figures.csv"):
        by_source[row["publisher"], row["published"]].append(row)
    for (publisher, published), printed in by_source.items():
        source = {
            "system": publisher.split(",")[0],
            "document": publisher,
            "document_date": date.fromisoformat(published) if published else None,
            "collection_method": CollectionMethod.SEED_TEXT,
            **settings("sources.yaml")["figures"],
        }
        open_source(world, "figures", source)
        for row in printed:
            _figure(world, row, keys)


def write_indicators(world: World) -> None:
    """Write the indicators, their targets and the rules of admission."""
    tables = settings("targets.yaml")
    keys = {row["code"]: _indicator(world, row) for row in rules.table("indicators")["indicators"]}
    for row in tables["targets"]:
        values = {
            "indicator_id": keys[row["indicator"]],
            "division_id": seat(world, row["division"]) if row["division"] else world.division(Level.NATION, ""),
            "year": row["year"],
            "comparator": Comparator[row["comparator"]],
            "value": Decimal(str(row["value"])),
            "plan": row["plan"],
            "valid_from": row["from"],
            "quality": Quality[row["quality"]],
        }
        world.ledger.add(IndicatorTarget, **values)
    for row in tables["admission"]["rules"]:
        _admission(world, row, tables["admission"])


def checks() -> list[tuple[dict[str, str], float | None]]:
    """The arithmetic between the published figures: each check with what it gives from the figures as they stand here."""
    figures = {row["id"]: float(row["value"]) for row in rows("figures.csv") if row["value"]}
    return [(row, worked_out(row["expr"], {**figures, **_inputs(row)})) for row in rows("checks.csv")]


def open_source(world: World, step: str, values: Mapping[str, Any]) -> None:
    """Write a source of the demonstration; the records that follow come from it."""
    world.ledger.open_source({"import_batch": f"{BATCH}{step}", "recorded_by": AUTHOR, **values})


AUTHOR = "eldercare demonstration"
BATCH = "demonstration/"


def _inputs(row: Mapping[str, str]) -> dict[str, float]:
    """Outside numbers an expression needs: name=value, apart by spaces."""
    return {name: float(value) for name, value in (part.split("=") for part in row["inputs"].split())}


def _area(world: World, code: str) -> int | None:
    """The division a census row is of; None where it has ended since."""
    try:
        if code == "000000":
            return world.division(Level.NATION, "")
        return seat(world, code[:4] if code.endswith("00") else code)
    except KeyError:
        return None


def _band(world: World, division: int, low: int, high: int | None, sex: Any, people: int) -> None:
    world.ledger.add(
        PopulationStatistic,
        division_id=division,
        counted_on=CENSUS_DAY,
        base=ResidenceBase.RESIDENT,
        age_from=low,
        age_to=high,
        sex=sex,
        people=people,
    )


def _figure(world: World, row: Mapping[str, str], indicators: Mapping[str, int]) -> None:
    level = Level.NATION if row["division"] == "000000" else None
    division = world.division(level, "") if level else seat(world, row["division"].removesuffix("00"))
    begins, ends = _period(row["period"])
    values = {
        "code": row["id"],
        "label": row["en"],
        "label_zh": row["zh"],
        "division_id": division,
        "indicator_id": indicators.get(settings("targets.yaml")["figures"].get(row["id"], "")),
        "period_from": begins,
        "period_to": ends,
        "value": Decimal(row["value"]) if row["value"] else None,
        "value_text": row["text"] or None,
        "value_as_reported": row["reported"] or None,
        "unit": row["unit"],
        "qualifier": Qualifier[row["qualifier"].upper()],
        "quality": Quality[row["quality"]],
        "quote": row["quote"],
        "note": row["note"] or None,
    }
    world.ledger.add(ReportedFigure, **values)
    if row["id"] in ROUNDED and begins:
        values = {"division_id": division, "counted_on": begins, "base": None, "age_from": ROUNDED[row["id"]]}
        world.ledger.add(PopulationStatistic, **values, people=int(row["value"]))


def _period(text: str) -> tuple[date | None, date | None]:
    """First day and first day after: of a year, of one day, or unknown."""
    if not text:
        return None, None
    if len(text) == 4:
        return date(int(text), 1, 1), date(int(text) + 1, 1, 1)
    day = date.fromisoformat(text)
    return day, day


def _indicator(world: World, row: Mapping[str, Any]) -> int:
    values = {
        "code": row["code"],
        "name": row["en"],
        "name_zh": row["zh"],
        "unit": row["unit"],
        "formula": row["formula"],
        "numerator": row.get("numerator"),
        "denominator": row.get("denominator"),
        "basis": Basis[row.get("basis", "RECORDS")],
        "decimals": row.get("decimals", 1),
        "valid_from": settings("targets.yaml")["valid_from"],
    }
    return world.ledger.add(Indicator, **values)


def _admission(world: World, row: Mapping[str, Any], table: Mapping[str, Any]) -> None:
    category, self_care = row.get("category"), row.get("self_care")
    world.ledger.add(
        AdmissionRule,
        priority_class=row["class"],
        category=GroupCategory[category] if category else None,
        level_min=row.get("level_min"),
        age_min=row.get("age_min"),
        self_care=SelfCareClass[self_care] if self_care else None,
        local_only=row.get("local_only", False),
        promote_after_days=table["promote_after_days"],
        basis=table["source"],
        valid_from=table["valid_from"],
    )
