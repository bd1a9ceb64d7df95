"""Policies, pilots and one experience of the four cities, as far as the published texts name them."""

from datetime import datetime
from typing import Any

from eldercare.demonstration.table import settings
from eldercare.demonstration.world import World
from eldercare.registry import (
    ExperienceCall,
    ExperienceCase,
    Organisation,
    Pilot,
    PilotBatch,
    PilotRegion,
    PlanMeasure,
    PolicyAddressee,
    PolicyDocument,
)
from eldercare.registry.division import Level
from eldercare.registry.entity import Quality
from eldercare.registry.experience import ExperienceKind
from eldercare.registry.organisation import OrganisationKind
from eldercare.registry.pilot import PilotTheme
from eldercare.registry.policy_document import DocumentKind

LEVELS = {2: Level.PROVINCE, 4: Level.CITY}


def plan() -> dict[str, Any]:
    """What the published texts name."""
    return settings("pilots.yaml")


def write_pilots(world: World) -> None:
    """Write documents, pilots, the call for experiences and one example of them."""
    documents = {row["code"]: _document(world, row) for row in plan()["documents"]}
    for row in plan()["counted"]:
        for number in range(row["count"]):
            _document(world, {**row, "code": f"{row['code']}-{number + 1}", "quality": Quality.INCOMPLETE})
    _measures(world, documents)
    _addressees(world, documents)
    pilots = {row["code"]: _pilot(world, row, documents) for row in plan()["pilots"]}
    _experience(world, _call(world, pilots, documents))


def _place(world: World, digits: str | None) -> int | None:
    return None if digits is None else world.division(LEVELS[len(digits)], digits)


def _document(world: World, row: dict[str, Any]) -> int:
    kept = {name: row.get(name) for name in ("title", "number", "issuer", "issued_on")}
    return world.ledger.add(
        PolicyDocument,
        code=row["code"],
        kind=DocumentKind[row["kind"]],
        level=Level[row["level"]],
        division_id=_place(world, row.get("division")),
        quality=row.get("quality", Quality.REPORTED),
        **kept,
    )


def _measures(world: World, documents: dict[str, int]) -> None:
    row = plan()["aspects"]
    for number in range(row["measures"]):
        aspect = number * len(row["names"]) // row["measures"] + 1
        world.ledger.add(
            PlanMeasure,
            document_id=documents[row["document"]],
            aspect=aspect,
            aspect_name=row["names"][aspect - 1],
            number=number + 1,
            quality=Quality.INCOMPLETE,
        )


def _addressees(world: World, documents: dict[str, int]) -> None:
    row = plan()["addressees"]
    for name in [*(f"{each}民政厅(局)、财政厅(局)" for each in row["provinces"]), row["corps"]]:
        world.ledger.add(PolicyAddressee, document_id=documents[row["document"]], name=name)


def _pilot(world: World, row: dict[str, Any], documents: dict[str, int]) -> int:
    pilot = world.ledger.add(
        Pilot,
        code=row["code"],
        theme=PilotTheme[row["theme"]],
        name=row["name"],
        document_id=documents[row["document"]],
        began_on=row.get("began_on"),
    )
    batches = [
        world.ledger.add(PilotBatch, pilot_id=pilot, number=number, regions_claimed=claimed)
        for number, claimed in enumerate(row["batches"], start=1)
    ]
    for region in row["regions"]:
        place = region["division"]
        world.ledger.add(
            PilotRegion,
            batch_id=batches[region["batch"] - 1],
            name=world.name(LEVELS[len(place)], place),
            division_id=_place(world, place),
        )
    return pilot


def _call(world: World, pilots: dict[str, int], documents: dict[str, int]) -> int:
    row = dict(plan()["call"])
    pilot, document = pilots[row.pop("pilot")], documents[row.pop("document")]
    deadline = datetime.fromisoformat(row.pop("deadline"))
    return world.ledger.add(ExperienceCall, pilot_id=pilot, document_id=document, deadline=deadline, **row)


def _experience(world: World, call: int) -> None:
    row = dict(plan()["experience"])
    place = _place(world, row.pop("division"))
    author = world.ledger.add(Organisation, name=row.pop("author"), kind=OrganisationKind.GOVERNMENT)
    world.ledger.add(
        ExperienceCase,
        call_id=call,
        division_id=place,
        kind=ExperienceKind.WORK_EXPERIENCE,
        author_id=author,
        first_in_province=True,
        **row,
    )
