"""What the cities of the demonstration have reported upward: editions of returns, statements of homes, and the holidays."""

from typing import Any

from sqlalchemy import func, select

from eldercare.demonstration.facility import seat
from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry import CalendarDay, CapacityPeriod, Facility, FacilityStatement
from eldercare.registry.division import within
from eldercare.registry.entity import Quality
from eldercare.registry.facility import FacilityKind
from eldercare.registry.statement import Heating
from eldercare.reporting.issue import open_return, submit_return
from eldercare.reporting.returns import ReturnCode


def write_returns(world: World) -> None:
    """Write the holidays and the statements, then draw up the returns from what the registry holds, and hand them in."""
    plan = settings("returns.yaml")
    _calendar(world, plan["calendar"])
    _statements(world, plan["statements"])
    world.ledger.write()
    writer = world.ledger.writer
    for row in plan["editions"]:
        edition = open_return(
            writer,
            code=ReturnCode[row["code"]],
            division_id=seat(world, row["at"]),
            period=row["period"],
            as_of=row["as_of"],
        )
        submit_return(writer, edition_id=edition.id)


def _calendar(world: World, plan: dict[str, Any]) -> None:
    for row in plan["days"]:
        for day in [*row["free"], *row["worked"]]:
            values = {"day": day, "working": day in row["worked"], "name": row["name"], "basis": plan["basis"]}
            world.ledger.add(CalendarDay, **values, quality=Quality.ESTIMATED)


def _statements(world: World, plan: dict[str, Any]) -> None:
    """The statement of each home of a kind, by its beds."""
    beds = func.sum(CapacityPeriod.filed)
    homes = select(Facility.id, beds).join(CapacityPeriod, CapacityPeriod.facility_id == Facility.id)
    homes = homes.where(
        Facility.kind == FacilityKind[plan["kind"]], within(Facility.division_id, seat(world, plan["at"]))
    )
    for home, size in world.ledger.session.execute(homes.group_by(Facility.id).order_by(Facility.id)):
        each = {name: value["each_bed"] * size for name, value in plan.items() if isinstance(value, dict)}
        values = {
            **each,
            "vegetable_area": round(each["vegetable_area"], 2),
            "vegetable_output": int(each["vegetable_output"]),
        }
        world.ledger.add(
            FacilityStatement,
            facility_id=home,
            year=plan["year"],
            heating=Heating[plan["heating"]],
            support_standard=plan["support_standard"],
            **values,
        )
