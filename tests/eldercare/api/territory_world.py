"""A small county with neighbours whose people are known one by one: who lives where, and what may be told of them to whom."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

import factories as make
from eldercare.registry import ApplicationPhase, CareRiskEvent, Person, StayLeave
from eldercare.registry.change import Writer
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import ResidenceBase
from eldercare.registry.stay import Payer
from eldercare.security.principal import Principal, Role

TODAY = date(2026, 6, 1)
MOVED = date(2024, 7, 1)
TREE = {
    "nation": (None, "000000000000", "NATION"),
    "province": ("nation", "990000000000", "PROVINCE"),
    "city": ("province", "990100000000", "CITY"),
    "east": ("city", "990101000000", "COUNTY"),
    "west": ("city", "990102000000", "COUNTY"),
    "harbour": ("east", "990101001000", "TOWN"),
    "hills": ("east", "990101002000", "TOWN"),
    "market": ("west", "990102001000", "TOWN"),
    "pier": ("harbour", "990101001001", "VILLAGE"),
    "quay": ("harbour", "990101001002", "VILLAGE"),
    "ridge": ("hills", "990101002001", "VILLAGE"),
    "square": ("market", "990102001001", "VILLAGE"),
}
"""Every division with the one above it, its code and level."""


@dataclass
class Someone:
    """A person as the tests know them: where they lived from which day, where they are registered, and what else is true."""

    name: str
    born: date
    homes: list[tuple[str, date]]
    registered: str
    phone: str
    groups: tuple[GroupCategory, ...] = ()
    stay: tuple[str, Payer] | None = None
    offered: str = ""
    died: date | None = None
    key: int = 0
    number: str = ""
    keys: dict[str, list[int]] = field(default_factory=dict)

    def places(self, day: date) -> set[str]:
        """Where the person belongs on a day: the last home begun by then, and where they are registered."""
        begun = [place for place, since in self.homes if since <= day]
        return {self.registered, *begun[-1:]}


LONG_AGO = date(2010, 1, 1)
PEOPLE = (
    Someone("王秀英", date(1940, 5, 6), [("pier", LONG_AGO)], "pier", "13811110001", (GroupCategory.EXTREMELY_POOR,)),
    Someone(
        "欧阳建国",
        date(1938, 1, 2),
        [("quay", LONG_AGO)],
        "quay",
        "13811110002",
        (GroupCategory.FAMILY_PLANNING_SPECIAL,),
    ),
    Someone("李娜", date(1950, 3, 4), [("ridge", LONG_AGO)], "ridge", "13811110003", (GroupCategory.DEMENTIA,)),
    Someone("诸葛明", date(1945, 7, 8), [("square", LONG_AGO)], "square", "13811110004", (GroupCategory.LEFT_BEHIND,)),
    # lives in the east, is registered in the west
    Someone("张伟", date(1948, 9, 10), [("pier", LONG_AGO)], "square", "13811110005"),
    # moved from the pier to the market's square
    Someone(
        "赵六",
        date(1941, 2, 3),
        [("pier", LONG_AGO), ("square", MOVED)],
        "square",
        "13811110006",
        (GroupCategory.DIBAO,),
    ),
    Someone(
        "孙七",
        date(1939, 4, 5),
        [("ridge", LONG_AGO)],
        "ridge",
        "13811110007",
        (GroupCategory.EXTREMELY_POOR,),
        ("lodge", Payer.CENTRALISED_SUPPORT),
    ),
    Someone(
        "周八",
        date(1937, 6, 7),
        [("square", LONG_AGO)],
        "square",
        "13811110008",
        (GroupCategory.DIBAO,),
        ("lodge", Payer.SELF),
    ),
    Someone("吴九", date(1936, 8, 9), [("square", LONG_AGO)], "square", "13811110009", (), ("manor", Payer.SELF)),
    Someone("郑十", date(1942, 10, 11), [("quay", LONG_AGO)], "quay", "13811110010", offered="lodge"),
    Someone("钱一", date(1935, 12, 1), [("pier", LONG_AGO)], "pier", "13811110011", died=date(2025, 3, 1)),
)
FACILITIES = {"lodge": "harbour", "manor": "market"}


@dataclass
class World:
    """The keys of what was planted."""

    divisions: dict[str, int] = field(default_factory=dict)
    facilities: dict[str, int] = field(default_factory=dict)
    people: dict[str, Someone] = field(default_factory=dict)

    def viewer(self, role: Role, place: str = "", **more: Any) -> Principal:
        """Somebody in a role, in a division or for facilities of this world."""
        facilities = tuple(self.facilities[name] for name in more.pop("facilities", ()))
        division = self.divisions[place] if place else None
        scopes = frozenset({"read", "write", "plan", "reveal"})
        return Principal(f"{role}@{place}", role, division, facilities, scopes=scopes, **more)


def plant(session: Session) -> World:
    """Put the county in."""
    writer, world = make.writer(session, today=TODAY), World()
    for name, (above, code, level) in TREE.items():
        values = {"code": code, "level": level, "name": name, "parent_id": world.divisions.get(above or "")}
        world.divisions[name] = make.division(writer, **values).id
    for name, place in FACILITIES.items():
        found = make.facility(writer, name=name, division_id=world.divisions[place])
        make.phase(writer, found.id)
        make.capacity(writer, found.id)
        world.facilities[name] = found.id
    for each in PEOPLE:
        someone = Someone(**{**vars(each), "keys": {}})
        _plant_one(writer, world, someone)
        world.people[each.name] = someone
    session.commit()
    return world


def _plant_one(writer: Writer, world: World, one: Someone) -> None:
    one.number = make.id_number(one.born)
    kept: dict[str, Any] = {"id_type": "RESIDENT_ID", "id_number": one.number, "phone": one.phone}
    one.key = make.person(writer, name=one.name, birth_date=one.born, deceased_on=one.died, **kept).id
    note = one.keys.setdefault
    ends = [since for _, since in one.homes[1:]] + [one.died]
    for (place, since), end in zip(one.homes, ends, strict=True):
        values = {"valid_from": since, "valid_to": end, "address": f"{place} 1 号 {one.name}"}
        note("Residence", []).append(make.residence(writer, one.key, world.divisions[place], **values).id)
    values = {"valid_from": LONG_AGO, "valid_to": one.died, "base": ResidenceBase.HUKOU}
    note("Residence", []).append(make.residence(writer, one.key, world.divisions[one.registered], **values).id)
    if not one.died:
        note("LivingArrangement", []).append(make.living(writer, one.key).id)
        note("AbilityAssessment", []).append(make.assessment(writer, one.key).id)
        event = {"person_id": one.key, "happened_on": date(2026, 3, 3), "kind": "FALL", "note": f"跌倒 {one.name}"}
        note("CareRiskEvent", []).append(writer.create(CareRiskEvent, event).id)
    for category in one.groups:
        values = {"category": category, "basis": f"民字 {one.name}"}
        if category is GroupCategory.EXTREMELY_POOR:
            values |= {"support_mode": "CENTRALISED" if one.stay else "SCATTERED", "self_care": "PARTIAL"}
        note("GroupMembership", []).append(make.membership(writer, one.key, **values).id)
    if one.stay:
        facility, payer = one.stay
        kept = {"payer": payer, "admitted_on": date(2025, 1, 1), "bed_number": "7"}
        stay = make.stay(writer, one.key, world.facilities[facility], **kept)
        note("Stay", []).append(stay.id)
        left = {"stay_id": stay.id, "left_on": date(2026, 5, 1), "reason": "FAMILY_VISIT"}
        note("StayLeave", []).append(writer.create(StayLeave, left).id)
    if one.offered:
        _offer(writer, world, one)


def _offer(writer: Writer, world: World, one: Someone) -> None:
    made = make.application(writer, one.key, division_id=world.divisions["harbour"])
    one.keys["Application"] = [made.id]
    phase = writer.session.query(ApplicationPhase).filter_by(application_id=made.id).one()
    writer.end(ApplicationPhase, phase.id, date(2026, 4, 1))
    offered = {"application_id": made.id, "status": "OFFERED", "facility_id": world.facilities[one.offered]}
    begun = writer.create(ApplicationPhase, {**offered, "valid_from": date(2026, 4, 1), "reason": f"轮到 {one.name}"})
    one.keys["ApplicationPhase"] = [phase.id, begun.id]


def everybody(session: Session) -> int:
    """How many people there are."""
    return session.query(Person).count()
