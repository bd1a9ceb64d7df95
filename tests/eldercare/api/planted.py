"""A small registry filled at random from the entities' own columns, so that a new noun is covered without a word here."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Boolean, Date, DateTime, Enum, Float, Integer, LargeBinary, Numeric
from sqlalchemy import inspect as mapping
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from eldercare.registry import ENTITIES, Division

TODAY = date(2026, 11, 1)
WORDS = ["王家", "A", "b%_'\"\\x", "Ödön", "aB", "12", "中心敬老院", " ", "_", "O'Brien"]
ROWS = 14


def plant(session: Session, seed: int = 1, rows: int = ROWS) -> None:
    """Fill every table with rows that its constraints allow."""
    luck = random.Random(seed)
    keys: dict[str, list[int]] = {}
    for entity in ENTITIES:
        keys[entity.__tablename__] = []
        if entity is Division:
            plant_divisions(session, keys)
            continue
        for _ in range(rows):
            plant_row(session, entity, luck, keys)
    session.commit()


def plant_divisions(session: Session, keys: dict[str, list[int]]) -> None:
    """A nation, a province, a city, three counties of which one has ended, and towns; one code stands for two levels."""
    source = keys["source"][0]

    def add(code: str, level: str, parent: Division | None, ended: date | None = None) -> Division:
        path = code if parent is None else f"{parent.path}/{code}"
        row = Division(
            code=code,
            level=level,
            name=f"{level.title()} {code[:6]}",
            parent_id=parent and parent.id,
            path=path,
            valid_from=date(1990, 1, 1),
            valid_to=ended,
            source_id=source,
        )
        session.add(row)
        session.flush()
        keys["division"].append(row.id)
        return row

    province = add("990000000000", "PROVINCE", add("000000000000", "NATION", None))
    city = add("990100000000", "CITY", province)
    for i in range(3):
        county = add(f"99010{i}000000", "COUNTY", city, date(2020, 1, 1) if i == 2 else None)
        for j in range(2):
            add(f"99010{i}10{j}000", "TOWN", county)


def plant_row(session: Session, entity: type[Any], luck: random.Random, keys: dict[str, list[int]]) -> None:
    """One row of an entity; one that a constraint refuses is left out."""
    for _ in range(4):
        values = {
            name: value(column, luck, keys)
            for name, column in mapping(entity).columns.items()
            if name not in ("id", "version")
        }
        row = entity(**values)
        try:
            with session.begin_nested():
                session.add(row)
                session.flush()
        except IntegrityError:
            continue
        keys[entity.__tablename__].append(row.id)
        return


def value(column: Any, luck: random.Random, keys: dict[str, list[int]]) -> Any:
    """A value for a column; one that refers to a table filled later stays empty."""
    targets = [keys.get(key.column.table.name, []) for key in column.foreign_keys]
    if column.nullable and (luck.random() < 0.4 or (targets and not targets[0])):
        return None
    if targets:
        return luck.choice(targets[0])
    return plain(column.type, luck)


def plain(of: Any, luck: random.Random) -> Any:
    """A value of a column's type."""
    if isinstance(of, Enum):
        return luck.choice(of.enums and list(of.enum_class))
    if isinstance(of, Boolean):
        return luck.random() < 0.5
    if isinstance(of, DateTime):
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(microseconds=luck.randrange(10**14))
    if isinstance(of, Date):
        return TODAY + timedelta(
            days=luck.choice([-33000, -30000, -20000, -400, -30, -1, 0, 1, 30, 400]) + luck.randrange(3)
        )
    if isinstance(of, Integer):
        return luck.randrange(4)
    if isinstance(of, Float | Numeric):
        scale = getattr(of, "scale", None)
        number = Decimal(luck.randrange(min(25, 10 ** ((of.precision or 9) - (scale or 0))) * 4)) / 4
        return number if scale is None else number.quantize(Decimal(1).scaleb(-scale))  # as the registry's writer does
    if isinstance(of, LargeBinary):
        return luck.randbytes(20)
    if isinstance(of, JSON):
        return {"eating": luck.randrange(5), "b": [None, True, "x'"]}
    text = f"{luck.choice(WORDS)}{luck.randrange(30)}"
    return text[: of.length] if of.length else text
