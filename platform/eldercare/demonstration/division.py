"""The divisions of the demonstration: today's list of codes and the counties that went before."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from eldercare.demonstration.ledger import Ledger
from eldercare.demonstration.table import rows
from eldercare.registry import Division, DivisionSuccessor
from eldercare.registry.division import Level
from eldercare.registry.entity import Quality

BEGINNING = date(1983, 1, 1)
"""From when a code is taken to hold whose beginning is not stated: the list of counties begins in 1983."""

DIGITS = {Level.NATION: 0, Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWN: 9, Level.VILLAGE: 12}
"""Significant digits of a code at each level; the rest are zeros."""

LEVELS = tuple(DIGITS)

UNASSIGNED = {Level.TOWN: "999", Level.VILLAGE: "999"}
"""Last digits of the child that holds what cannot be placed more exactly; no real division has them."""

SUFFIXES = (
    ("开发区", "开发区"),
    ("园区", "开发区"),
    ("林区", "林区"),
    ("矿区", "市辖区"),
    ("街道", "街道"),
    ("街道办事处", "街道"),
    ("民族乡", "民族乡"),
    ("自治县", "自治县"),
    ("自治州", "自治州"),
    ("自治区", "自治区"),
    ("自治旗", "自治旗"),
    ("地区", "地区"),
    ("盟", "盟"),
    ("旗", "旗"),
    ("镇", "镇"),
    ("乡", "乡"),
    ("县", "县"),
)
"""What the end of a name says about the kind of division."""


@dataclass(frozen=True, slots=True)
class Place:
    """A division to be written: its digits say where it belongs."""

    level: Level
    digits: str
    name: str
    begins: date
    ends: date | None = None
    parent: str = ""
    estimated: bool = True

    @property
    def above(self) -> tuple[Level, str]:
        """Level and digits of the division it belongs to; the nation names itself, which nothing has."""
        level = LEVELS[max(LEVELS.index(self.level) - 1, 0)]
        return level, self.parent or self.digits[: DIGITS[level]]

    @property
    def code(self) -> str:
        """The twelve-digit code."""
        return self.digits.ljust(12, "0")


def places() -> list[Place]:
    """Every division, parents before children, the nation first."""
    history = rows("division_history.csv")
    current = {row["digits"]: _year(row["from"]) for row in history if not row["to"]}
    found = [Place(Level.NATION, "", "中国", BEGINNING)]
    found += [_listed(row, current) for row in rows("divisions.csv.gz")]
    found += _former(history)
    found += _unassigned(found)
    return sorted(found, key=lambda place: (LEVELS.index(place.level), place.digits, place.begins))


def successions() -> Iterator[tuple[str, str, Decimal | None]]:
    """Which county took over from which, and with which share; a split has no known shares."""
    for row in rows("division_history.csv"):
        successors = row["successors"].split()
        for successor in successors:
            yield row["digits"], successor, Decimal(1) if len(successors) == 1 else None


def write_divisions(ledger: Ledger) -> None:
    """Write all divisions level by level, because a path continues the parent's, then the successions of counties."""
    keys: dict[tuple[Level, str], int] = {}
    ended: dict[str, list[int]] = defaultdict(list)
    for level, found in groupby(places(), lambda place: place.level):
        for place in found:
            key = ledger.add(Division, **_values(place), parent_id=keys.get(place.above))
            if place.ends is None:
                keys[level, place.digits] = key
            else:
                ended[place.digits].append(key)
        ledger.write()
    _write_successions(ledger, keys, ended)


def _write_successions(ledger: Ledger, keys: Mapping[tuple[Level, str], int], ended: Mapping[str, list[int]]) -> None:
    for digits, successor, share in successions():
        taker = keys.get((Level.COUNTY, successor)) or ended[successor][-1]
        ledger.add(DivisionSuccessor, division_id=ended[digits][0], successor_id=taker, share=share)


def _values(place: Place) -> dict[str, object]:
    zone = place.level is Level.COUNTY and place.digits[4] == "7"
    grouping = place.level in (Level.TOWN, Level.VILLAGE)
    return {
        "code": place.code,
        "level": place.level,
        "name": place.name,
        "kind": "功能区" if zone else kind_of(place),
        "gb2260": None if zone or grouping or not place.digits else place.digits.ljust(6, "0"),
        "valid_from": place.begins,
        "valid_to": place.ends,
        "quality": Quality.ESTIMATED if place.estimated else Quality.REPORTED,
    }


def kind_of(place: Place) -> str | None:
    """What kind of division it is, as far as its level and name tell."""
    if place.digits.endswith(UNASSIGNED[Level.TOWN]) and place.name.startswith("未分配"):
        return "未分配"
    if place.level is Level.VILLAGE:
        return "社区" if place.digits[9] == "0" or place.digits[9] == "1" else "村"
    for suffix, kind in SUFFIXES:
        if place.name.endswith(suffix):
            return kind
    by_level = {Level.NATION: "国家", Level.PROVINCE: "省", Level.CITY: "地级市", Level.TOWN: "其他乡级单位"}
    if place.level is Level.COUNTY:
        return "县级市" if place.name.endswith("市") else "市辖区"
    if place.level is Level.PROVINCE and place.name.endswith("市"):
        return "直辖市"
    return by_level[place.level]


def _listed(row: Mapping[str, str], current: Mapping[str, date]) -> Place:
    level = LEVELS[int(row["level"])]
    begins = current.get(row["digits"][:6], BEGINNING)
    return Place(level, row["digits"], row["name"], begins)


def _former(history: list[dict[str, str]]) -> list[Place]:
    """Counties that ended; one whose city's code is unknown today belongs to the city of its successor."""
    cities = {row["digits"][:4] for row in history if not row["to"]}
    return [
        Place(
            Level.COUNTY,
            row["digits"],
            row["name"],
            _year(row["from"]),
            _year(row["to"]),
            parent=row["digits"][:4] if row["digits"][:4] in cities else row["successors"].split()[0][:4],
        )
        for row in history
        if row["to"]
    ]


def _unassigned(found: list[Place]) -> list[Place]:
    """Under every county that has towns one town for what cannot be placed, so that totals add up exactly."""
    counties = {place.digits[:6] for place in found if place.level is Level.TOWN}
    return [
        Place(Level.TOWN, place.digits + UNASSIGNED[Level.TOWN], f"未分配({place.name})", place.begins)
        for place in found
        if place.level is Level.COUNTY and place.ends is None and place.digits in counties
    ]


def _year(text: str) -> date:
    return date(int(text), 1, 1) if text else BEGINNING
