"""Who sees what, once more in plain Python over plain rows: written from the table of roles and visibility, not from the policy.

It takes the declarations (whose a record is, what a column tells) and nothing else of the product; what follows from
them it works out by itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy import inspect as mapping

from eldercare.api.noun import camel
from eldercare.registry import ENTITIES
from eldercare.registry.membership import GroupCategory
from eldercare.security.principal import Principal, Role

Row = dict[str, Any]
ROLES = [
    "VILLAGE_WORKER",
    "TOWN_OFFICER",
    "COUNTY_ADMIN",
    "CITY_ADMIN",
    "FACILITY_OPERATOR",
    "PROVIDER",
    "CALL_AGENT",
    "INSPECTOR",
    "FINANCE_AUDITOR",
]
# C clear, M masked, I initials, - nothing; o clear while an order is open; p if public money pays; a if assigned
TABLE = {
    "PERSONAL": "C C C C C C C - C",
    "NAME": "C C C M C o C I M",
    "IDENTITY": "M M M M M - - - M",
    "BIRTH": "- C C - C - - - -",
    "AGE": "C C C - C - C - -",
    "AGE_BAND": "C C C C C C C - C",
    "CONTACT": "C C C M C o C - -",
    "HOME": "- - M - - o - - -",
    "ABILITY": "C C C C C o - - C",
    "HEALTH": "- - C - C - - - -",
    "POVERTY": "C C C C p - - - C",
    "SPECIAL_FAMILY": "- a C - - - - - -",
    "ACCOUNT": "- - M - - - - - M",
    "NOTE": "- - C - C - - - -",
}
COUNTED = {"PERSONAL", "AGE_BAND", "ABILITY", "POVERTY", "SPECIAL_FAMILY"}
"""What those who only count may filter and group by."""
COUNTERS = (Role.PROVINCE, Role.PLANNER, Role.PUBLIC)
PUBLISHED_ONLY = (Role.PLANNER, Role.PARTNER_API, Role.PUBLIC)
"""Who may not count people themselves."""
READ = {
    Role.FACILITY_OPERATOR: "Person Residence LivingArrangement GroupMembership AbilityAssessment CareRiskEvent Application "
    "ApplicationPhase ApplicationPreference Stay StayLeave",
    Role.PROVIDER: "Person Residence ServiceOrder",
    Role.CALL_AGENT: "Person Residence Device HotlineCall ServiceRequest ServiceOrder",
    Role.INSPECTOR: "Person Stay",
    Role.FINANCE_AUDITOR: "Person GroupMembership AbilityAssessment Entitlement ServiceAccount AccountTransaction "
    "DisbursementLine ReconciliationDifference FundIssue",
}
TERRITORIAL = (Role.VILLAGE_WORKER, Role.TOWN_OFFICER, Role.COUNTY_ADMIN, Role.CITY_ADMIN, Role.PARTNER_API)
POVERTY = {"EXTREMELY_POOR", "THREE_WITHOUT", "DIBAO", "DIBAO_MARGINAL", "LOW_INCOME", "POVERTY_RELIEF"}
ABILITY = {"SEVERE_DISABILITY_CERT", "DISABLED_ABILITY"}
COMPOUND = ("欧阳", "诸葛", "司马", "上官")
KNOWN = {
    "Person.name": "NAME",
    "Person.idNumber": "IDENTITY",
    "Person.idType": "IDENTITY",
    "Person.birthDate": "BIRTH",
    "Person.age": "AGE",
    "Person.ageBand": "AGE_BAND",
    "Person.phone": "CONTACT",
    "Person.emergencyContact": "CONTACT",
    "Person.abilityLevel": "ABILITY",
    "Residence.address": "CONTACT",
    "AbilityAssessment.level": "ABILITY",
    "AbilityAssessment.itemScores": "HEALTH",
    "AbilityAssessment.mentalDiagnosis": "HEALTH",
    "CareRiskEvent.kind": "HEALTH",
    "GroupMembership.supportMode": "POVERTY",
    "Stay.payer": "POVERTY",
}
"""What the table itself names: the declarations must say the same."""


def sight(kind: str, viewer: Principal, name: str) -> str:
    """How a viewer sees a kind of field, as a letter of the table; `name` is the field's own, such as Person.name."""
    if viewer.role is Role.SYSTEM or kind == "OPEN":
        return "C"
    if viewer.role is Role.PARTNER_API:
        hidden = kind in ("ACCOUNT", "SPECIAL_FAMILY", "COUNT") or name not in viewer.fields
        return "-" if hidden else "C"
    if kind == "COUNT":
        return "C"
    if viewer.role in COUNTERS:
        return "-"
    found = TABLE[kind].split()[ROLES.index(viewer.role.value)]
    return ("C" if viewer.special_family else "-") if found == "a" else found


@dataclass
class Facts:
    """The rows of a registry by table and key, on a day."""

    day: date
    rows: dict[str, dict[int, Row]] = field(default_factory=dict)
    marks: dict[str, tuple[str, int, str]] = field(default_factory=dict)
    """Texts that stand at one place only: their noun, key and column."""

    @classmethod
    def read(cls, engine: Engine, day: date) -> "Facts":
        """Everything there is."""
        found = cls(day)
        with engine.connect() as connection:
            for entity in ENTITIES:
                table = mapping(entity).local_table
                found.rows[entity.__tablename__] = {
                    r["id"]: dict(r) for r in connection.execute(select(table)).mappings()
                }
        return found

    def all(self, table: str) -> Iterable[Row]:
        """The rows of a table."""
        return self.rows[table].values()

    def inside(self, division: int | None, territory: int | None) -> bool:
        """Whether a division lies in a territory."""
        if division is None or territory is None:
            return False
        own, whole = self.rows["division"][division]["path"], self.rows["division"][territory]["path"]
        return bool(own == whole or own.startswith(whole + "/"))

    def belongs(self, person: int, territory: int | None) -> bool:
        """Whether somebody lives or is registered in a territory: by base, the last place that had begun."""
        own = [r for r in self.all("residence") if r["person_id"] == person and r["valid_from"] <= self.day]
        for row in own:
            newer = any(r["base"] == row["base"] and r["valid_from"] > row["valid_from"] for r in own)
            if not newer and self.inside(row["division_id"], territory):
                return True
        return False

    def holds(self, row: Row, start: str, end: str) -> bool:
        """Whether a row holds on the day."""
        return bool(row[start] <= self.day and (row[end] is None or row[end] > self.day))

    def stays(self, person: int, facilities: Iterable[int]) -> list[Row]:
        """The stays of a person in some facilities on the day."""
        found = [s for s in self.all("stay") if s["person_id"] == person and s["facility_id"] in facilities]
        return [s for s in found if self.holds(s, "admitted_on", "discharged_on")]

    def offered(self, person: int, facilities: Iterable[int]) -> bool:
        """Whether a place in one of the facilities is offered to a person."""
        return any(
            p["facility_id"] in facilities
            and p["status"].value in ("OFFERED", "ACCEPTED")
            and self.holds(p, "valid_from", "valid_to")
            and self.rows["application"][p["application_id"]]["person_id"] == person
            for p in self.all("application_phase")
        )

    def own_order(self, order: Row, viewer: Principal) -> bool:
        """Whether an order was given to the viewer's organisation."""
        provider = self.rows["service_provider"].get(order["provider_id"] or 0)
        return provider is not None and provider["organisation_id"] == viewer.organisation_id is not None

    def orders(self, person: int, viewer: Principal, *, open_only: bool = False) -> bool:
        """Whether the viewer's organisation serves a person."""
        found = [o for o in self.all("service_order") if o["person_id"] == person and o["ordered_on"] <= self.day]
        found = [o for o in found if self.own_order(o, viewer)]
        return any(not open_only or (o["completed_at"] is None and o["ended_at"] is None) for o in found)

    def called(self, person: int, territory: int | None) -> bool:
        """Whether a person called, or is to be served, in a territory."""
        days = (("hotline_call", "called_on"), ("service_request", "requested_on"), ("service_order", "ordered_on"))
        return any(
            row["person_id"] == person and row[day] <= self.day and self.inside(row["division_id"], territory)
            for table, day in days
            for row in self.all(table)
        )

    def entitled(self, person: int, schemes: Iterable[int]) -> bool:
        """Whether a person was entitled by one of the schemes."""
        found = [e for e in self.all("entitlement") if e["person_id"] == person and e["valid_from"] <= self.day]
        return any(e["scheme_id"] in schemes for e in found)

    def theirs(self, person: int, viewer: Principal, *, counting: bool = False) -> bool:
        """Whether a person is one of the viewer's."""
        role = viewer.role
        if role is Role.SYSTEM or (counting and role is Role.PUBLIC):
            return True
        if role in TERRITORIAL:
            return not (counting and role is Role.PARTNER_API) and self.belongs(person, viewer.division_id)
        if role in COUNTERS:
            return counting and self.belongs(person, viewer.division_id)
        if role in (Role.FACILITY_OPERATOR, Role.INSPECTOR):
            own = viewer.facility_ids
            return bool(self.stays(person, own)) or self.offered(person, own)
        if role is Role.PROVIDER:
            return self.orders(person, viewer)
        if role is Role.CALL_AGENT:
            return self.called(person, viewer.division_id)
        return self.entitled(person, viewer.scheme_ids)

    def person_of(self, entity: Any, row: Row) -> int | None:
        """The person a row is about, through whatever leads there."""
        reach = entity.__reach__
        if reach.person:
            return row[reach.person]  # type: ignore[no-any-return]
        if not reach.via:
            return None
        target, key = self.through(entity, row)
        return None if key is None else self.person_of(target, self.rows[target.__tablename__][key])

    def through(self, entity: Any, row: Row) -> tuple[Any, int | None]:
        """Where a row's reach goes on."""
        name = entity.__reach__.via if entity.__reach__.via in row else f"{entity.__reach__.via}_id"
        table = next(iter(mapping(entity).local_table.c[name].foreign_keys)).column.table.name
        return next(e for e in ENTITIES if e.__tablename__ == table), row[name]

    def sees(self, viewer: Principal, entity: Any, row: Row, *, counting: bool = False) -> bool:
        """Whether a viewer sees a row."""
        if viewer.role is Role.SYSTEM:
            return True
        if not is_personal(entity):
            return bool(entity.__reach__.everybody) or self.placed(viewer, entity, row)
        if counting is False and viewer.role in COUNTERS:
            return False
        if counting and viewer.role in PUBLISHED_ONLY:
            return False
        if not reads(viewer, entity.__name__) or not told(viewer, entity.__reach__.tells.value, counting):
            return False
        if not entity.__reach__.person:
            target, key = self.through(entity, row)
            return key is not None and self.sees(
                viewer, target, self.rows[target.__tablename__][key], counting=counting
            )
        return self._about_somebody(viewer, entity, row, counting)

    def _about_somebody(self, viewer: Principal, entity: Any, row: Row, counting: bool) -> bool:
        person = row[entity.__reach__.person]
        if person is None:
            return self.placed(viewer, entity, row)
        if not self._of_its_group(viewer, row, counting):
            return False
        own = row.get(entity.__reach__.facility) if entity.__reach__.facility else None
        if viewer.role in (Role.FACILITY_OPERATOR, Role.INSPECTOR) and own is not None:
            return own in viewer.facility_ids
        if viewer.role is Role.PROVIDER and entity.__tablename__ == "service_order":
            return self.own_order(row, viewer)
        if viewer.role is Role.FINANCE_AUDITOR and not self._of_its_scheme(viewer, row):
            return False
        return self.theirs(person, viewer, counting=counting)

    def _of_its_scheme(self, viewer: Principal, row: Row) -> bool:
        scheme = row.get("scheme_id", 0)
        if "scheme_id" not in row:
            if "entitlement_id" not in row:
                return True
            scheme = self.rows["entitlement"][row["entitlement_id"]]["scheme_id"]
        return scheme in viewer.scheme_ids

    def _of_its_group(self, viewer: Principal, row: Row, counting: bool) -> bool:
        category = row.get("category")
        if not isinstance(category, GroupCategory):
            return True
        kind = "POVERTY" if category.value in POVERTY else "ABILITY" if category.value in ABILITY else ""
        kind = {"DEMENTIA": "HEALTH", "FAMILY_PLANNING_SPECIAL": "SPECIAL_FAMILY"}.get(category.value, kind)
        if not kind or (counting and viewer.role in COUNTERS and kind in COUNTED):
            return True
        how = sight(kind, viewer, "GroupMembership.category")
        return how == "C" or (how == "p" and self.paid(viewer, row["person_id"], on_the_day=False))

    def paid(self, viewer: Principal, person: int, *, on_the_day: bool = True) -> bool:
        """Whether public money pays for a person's stay in the viewer's facility."""
        own = [s for s in self.all("stay") if s["person_id"] == person and s["facility_id"] in viewer.facility_ids]
        own = self.stays(person, viewer.facility_ids) if on_the_day else own
        return any(s["payer"].value != "SELF" for s in own)

    def placed(self, viewer: Principal, entity: Any, row: Row) -> bool:
        """Whether a row about nobody lies where the viewer is responsible."""
        reach, role = entity.__reach__, viewer.role
        if reach.via:
            target, key = self.through(entity, row)
            return key is not None and self.sees(viewer, target, self.rows[target.__tablename__][key])
        facility, organisation = (row[name] if name else None for name in (reach.facility, reach.organisation))
        if role in (Role.FACILITY_OPERATOR, Role.INSPECTOR):
            return facility in viewer.facility_ids
        if role is Role.PROVIDER:
            return organisation is not None and organisation == viewer.organisation_id
        if role in (Role.PUBLIC, Role.PARTNER_API):
            return False
        places = [row[reach.division]] if reach.division else []
        places += [self.rows["facility"][facility]["division_id"]] if facility is not None else []
        places += [self.rows["organisation"][organisation]["division_id"]] if organisation is not None else []
        return any(self.inside(place, viewer.division_id) for place in places)

    def shown(self, viewer: Principal, entity: Any, row: Row, name: str, kind: str, value: Any, number: Row) -> Any:
        """What a viewer sees of a value that the operator's own programs see."""
        how = self.how(viewer, entity, row, name, kind)
        if how == "C":
            return value
        if how not in ("M", "I") or value is None or not isinstance(value, str):
            return None
        if kind == "NAME" and name.endswith(".name"):
            surname = value[:2] if len(value) > 2 and value[:2] in COMPOUND else value[:1]
            if how == "I":
                return surname + "某"
            return "*" if len(value) < 2 else surname + "*" * (len(value) - len(surname))
        if name == "Person.idNumber":
            return (number["id_prefix"] or "" if number["id_type"].value == "RESIDENT_ID" else "") + "*" * 12
        if name == "ChangeReport.idNumber":
            return "*" * 12  # the area is not kept beside it
        if kind == "CONTACT" and name.rsplit(".")[1] in ("phone", "callerPhone"):
            return "***" if len(value) <= 7 else value[:3] + "*" * (len(value) - 7) + value[-4:]
        return "***" if kind == "CONTACT" and name in SEALED else None

    def how(self, viewer: Principal, entity: Any, row: Row, name: str, kind: str) -> str:
        """The letter of the table for a field of a row, with its condition decided."""
        how = sight(kind, viewer, name)
        person = self.person_of(entity, row)
        if how == "p":
            return "C" if person is not None and self.paid(viewer, person) else "-"
        if how == "o":
            return "C" if person is not None and self.orders(person, viewer, open_only=True) else "M"
        return how


SEALED = {
    f"{entity.__name__}.{name}"
    for entity in ENTITIES
    for name in ("emergencyContact", "address", "phone", "callerPhone")
}


def is_personal(entity: Any) -> bool:
    """Whether records of an entity are about people."""
    reach = entity.__reach__
    if reach.person or not reach.via:
        return bool(reach.person)
    name = reach.via if reach.via in mapping(entity).local_table.c else f"{reach.via}_id"
    table = next(iter(mapping(entity).local_table.c[name].foreign_keys)).column.table.name
    return is_personal(next(e for e in ENTITIES if e.__tablename__ == table))


def reads(viewer: Principal, noun: str) -> bool:
    """Whether a viewer's role has to do with records of a noun at all."""
    if viewer.role is Role.PARTNER_API:
        return any(each.startswith(f"{noun}.") for each in viewer.fields)
    return viewer.role not in READ or noun in READ[viewer.role].split()


def told(viewer: Principal, kind: str, counting: bool) -> bool:
    """Whether what the existence of a record tells may be told a viewer."""
    if kind == "PERSONAL" or viewer.role is Role.PARTNER_API:
        return True
    if viewer.role in COUNTERS:
        return counting and kind in COUNTED
    return sight(kind, viewer, "") != "-"


def sight_of_any(viewer: Principal, each: Any) -> bool:
    """Whether a viewer sees a field, or uses a dimension or measure, of a noun that is about nobody."""
    return each.privacy is None or sight(str(each.privacy), viewer, "") == "C"


def unless_few(viewer: Principal, each: Any, truth: Any) -> Any:
    """A number that rests on residents, empty for those from whom small counts are kept where fewer than five live."""
    few = str(each.privacy) == "COUNT" and viewer.role in (Role.PLANNER, Role.PUBLIC) and truth["residents"] < 5
    return None if few else truth[camel(each.name)]
