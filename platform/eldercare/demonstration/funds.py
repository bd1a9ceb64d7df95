"""Subsidies and funds of the four cities: schemes with their rules, sources, allocations and grants, and reported sums."""

from collections.abc import Mapping
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import select

from eldercare.demonstration.facility import seat
from eldercare.demonstration.recharge import Book, write_sample
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry import (
    EligibilityRule,
    Facility,
    FundAllocation,
    FundSource,
    Grant,
    Indicator,
    ReportedFigure,
    SchemeDivision,
    StopRule,
    SubsidyScheme,
    SubsidyTier,
)
from eldercare.registry.change import Writer
from eldercare.registry.division import Level
from eldercare.registry.entity import Quality
from eldercare.registry.fund import FundSourceKind
from eldercare.registry.membership import GroupCategory
from eldercare.registry.scheme import SchemeKind, StackingRule, StopEffect, StopEvent
from eldercare.registry.statistic import Basis

EXAMPLE = "Which of the six kinds gets how much is not published; this split is an example. 分档为示例。"


def plan() -> dict[str, Any]:
    """What is published and what the demonstration adds."""
    return settings("funds.yaml")


def write_funds(world: World) -> None:
    """Write schemes, money and grants, link the reported sums to their indicators, and a sample of service credit."""
    funds = _Funds(world)
    funds.write()
    _reported(world)
    write_sample(world, funds.book)


class _Funds:
    """Writes the schemes and the money, and remembers their keys."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.book = Book()

    def write(self) -> None:
        """Write everything that is not a person's."""
        for row in plan()["schemes"]:
            self._scheme(row)
        for row in plan()["sources"]:
            division = seat(self.world, row["division"])
            values = {"name": row["en"], "name_zh": row["zh"], "kind": FundSourceKind[row["kind"]]}
            self._sources[row["code"]] = self._add(FundSource, code=row["code"], division_id=division, **values)
        for row in plan()["allocations"]:
            self._allocation(row)
        for row in plan()["grants"]:
            self._grants(row)

    @cached_property
    def _sources(self) -> dict[str, int]:
        return {}

    def _add(self, noun: Any, **values: Any) -> int:
        return self.world.ledger.add(noun, **values)

    def _scheme(self, row: Mapping[str, Any]) -> None:
        low, high = row.get("bounds", (None, None))
        since = plan()["since"]
        key = self._add(
            SubsidyScheme,
            code=row["code"],
            name=row["en"],
            name_zh=row["zh"],
            kind=SchemeKind[row["kind"]],
            legal_basis=row["basis"],
            stacking=StackingRule[row.get("stacking", "HIGHEST_ONLY")],
            exclusive_group=row.get("exclusive"),
            amount_min=None if low is None else low * 100,
            amount_max=None if high is None else high * 100,
            credit_months=row.get("credit_months"),
            valid_from=since,
        )
        self.book.schemes[row["code"]] = key
        divisions = plan()["urban"] if row["divisions"] == "urban" else row["divisions"]
        for digits in divisions:
            begins = max(since, self.world.begins(_level(digits), digits))
            self._add(SchemeDivision, scheme_id=key, division_id=seat(self.world, digits), valid_from=begins)
        for event, effect in row.get("stops", {}).items():
            values = {"event": StopEvent[event], "effect": StopEffect[effect], "valid_from": since}
            self._add(StopRule, scheme_id=key, quality=Quality.ESTIMATED, **values)
        self._tiers(key, row)

    def _tiers(self, scheme: int, row: Mapping[str, Any]) -> None:
        since = plan()["since"]
        for code, amount in row.get("tiers", {}).items():
            values = {"name": f"{amount} yuan a month", "name_zh": f"每月{amount}元", "amount": amount * 100}
            values |= {"note": EXAMPLE, "quality": Quality.ESTIMATED, "valid_from": since}
            self.book.tiers[row["code"], code] = self._add(SubsidyTier, scheme_id=scheme, code=code, **values)
        for each in row.get("rules", ()):
            category = each.get("category")
            self.book.rules[row["code"], each["code"]] = self._add(
                EligibilityRule,
                tier_id=self.book.tiers[row["code"], each["tier"]],
                code=each["code"],
                name=each["en"],
                name_zh=each["zh"],
                category=None if category is None else GroupCategory[category],
                subtype=each.get("subtype"),
                age_min=each.get("age_min"),
                note=each.get("note", EXAMPLE),
                quality=Quality.ESTIMATED,
                valid_from=since,
            )

    def _allocation(self, row: Mapping[str, Any]) -> None:
        self.book.allocations[row["code"]] = self._add(
            FundAllocation,
            source_fund_id=self._sources[row["source"]],
            division_id=seat(self.world, row["division"]),
            scheme_id=self.book.schemes[row["scheme"]],
            year=row["year"],
            amount=row["amount"] * 100,
            allocated_on=row["allocated"],
            purpose=row["purpose"],
        )

    def _grants(self, row: Mapping[str, Any]) -> None:
        self.world.ledger.write()
        named = select(Facility.id).where(Facility.code.startswith(row["facilities"])).order_by(Facility.code)
        for facility in self.world.ledger.connection.scalars(named.limit(row["count"])).all():
            self._add(
                Grant,
                scheme_id=self.book.schemes[row["scheme"]],
                facility_id=facility,
                amount=row["amount"] * 100,
                decided_on=row["decided"],
                paid_on=row["paid"],
                allocation_id=self.book.allocations[row["allocation"]],
                reason=row["reason"],
                quality=Quality[row["quality"]],
            )


def _reported(world: World) -> None:
    """Make the published sums values of indicators, so that the annual return finds them; they keep their own source."""
    world.ledger.write()
    since: date = plan()["since"]
    writer = Writer(world.ledger.session, author=world.ledger.writer.author)
    for row in plan()["indicators"]:
        key = world.ledger.add(
            Indicator,
            code=row["code"],
            name=row["en"],
            name_zh=row["zh"],
            unit=row["unit"],
            formula=row["formula"],
            basis=Basis.REPORTED,
            decimals=0,
            valid_from=since,
        )
        world.ledger.write()
        figure = world.ledger.session.scalars(
            select(ReportedFigure.id).where(ReportedFigure.code == row["figure"])
        ).one()
        writer.correct(ReportedFigure, figure, {"indicator_id": key})


def _level(digits: str) -> Level:
    return {2: Level.PROVINCE, 4: Level.CITY, 6: Level.COUNTY}[len(digits)]
