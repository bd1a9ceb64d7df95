"""Changes in people's lives that were reported, verified and carried out by the registry's own commands."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import aliased

from eldercare.demonstration.facility import seat
from eldercare.demonstration.update import known, plan
from eldercare.demonstration.world import World
from eldercare.registry import Facility, GroupMembership, Stay
from eldercare.registry.change import Writer
from eldercare.registry.change_report import ReportChannel, ReportKind, ReportStatus
from eldercare.registry.division import within
from eldercare.registry.facility import FacilityKind
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import LivingKind
from eldercare.registry.query import View, in_force
from eldercare.registry.reporting import apply_report, reject_report, report_change, verify_report


def write_changes(world: World) -> None:
    """Report, verify and apply, each on the day it was done."""
    cities = {city["code"]: city for city in plan()["cities"]}
    single = {code: _alone(world, city) for code, city in cities.items()}
    for row in plan()["changes"]:
        resident = row["who"] == "poor_resident"
        person, home = _poor_resident(world, cities[row["city"]]) if resident else single[row["city"]][row["place"]]
        report = report_change(
            _writer(world, row["reported"]),
            kind=ReportKind[row["kind"]],
            on=row["happened"],
            channel=ReportChannel[row["channel"]],
            person_id=person,
            division_id=home,
            evidence=row.get("evidence"),
            **_particulars(world, row),
        )
        for number, state in enumerate(row["then"], 1):
            _decide(_writer(world, row["reported"] + timedelta(days=number)), report.id, ReportStatus[state], row)


def _writer(world: World, today: date) -> Writer:
    """A writer for what was done on a day."""
    ledger = world.ledger.writer
    return Writer(ledger.session, author=ledger.author, source=ledger.source_id, keys=ledger.keys, today=today)


def _decide(writer: Writer, report: int, status: ReportStatus, row: dict[str, Any]) -> None:
    if status is ReportStatus.VERIFIED:
        verify_report(writer, report_id=report)
    elif status is ReportStatus.APPLIED:
        apply_report(writer, report_id=report)
    else:
        reject_report(writer, report_id=report, decision=row["decision"])


def _particulars(world: World, row: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "living" in row:
        found["living"] = LivingKind[row["living"]]
    if "category" in row:
        found["category"] = GroupCategory[row["category"]]
    if "to" in row:
        found["to_division_id"] = seat(world, row["to"])
    return found


def _alone(world: World, city: dict[str, Any]) -> list[tuple[int, int]]:
    """Who lives alone in the city, the last recorded first: each person's key and home."""
    return [(one.key, one.home) for one in reversed(known(world, city["at"], city["day"])) if one.alone]


def _poor_resident(world: World, city: dict[str, Any]) -> tuple[int, int]:
    """An extremely poor resident of the city's welfare institute: the person's key and the institute's division."""
    view = View(literal(city["day"]))
    stay, home, held = aliased(Stay), aliased(Facility), aliased(GroupMembership)
    query = (
        select(stay.person_id, home.division_id)
        .join(home, home.id == stay.facility_id)
        .join(held, held.person_id == stay.person_id)
        .where(home.kind == FacilityKind.SOCIAL_WELFARE_INSTITUTE, held.category == GroupCategory.EXTREMELY_POOR)
        .where(within(home.division_id, literal(seat(world, city["code"]))), *in_force(stay, view))
        .order_by(stay.person_id)
        .limit(1)
    )
    person, division = world.ledger.session.execute(query).one()
    return person, division
