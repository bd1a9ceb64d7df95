"""A registry whose every text about a person is a mark of its own, somebody of each role who looks, and who may see which mark."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from typing import Any

from oracle import Facts, is_personal
from queries import DAYS
from sqlalchemy import Enum, String, bindparam, select, update
from sqlalchemy import inspect as mapping
from sqlalchemy.orm import Session

from eldercare.api.noun import camel
from eldercare.registry import ENTITIES
from eldercare.security.principal import Principal, Role
from factories import KEYS

LISTED = frozenset({"Person.name", "Person.phone", "Person.sex", "Stay.admittedOn", "AbilityAssessment.level"})
MARK = re.compile(r"m\d{6}")
SURNAMES = ("王", "欧阳", "诸葛", "李")


def mark(session: Session) -> dict[str, tuple[str, int, str]]:
    """Give every text about a person a value of its own, protected ones encrypted: where each value stands."""
    marks: dict[str, tuple[str, int, str]] = {}
    for entity in filter(is_personal, ENTITIES):
        table = mapping(entity).local_table
        for column in filter(markable, table.c):
            keys = session.scalars(select(table.c.id).where(column.is_not(None)).order_by(table.c.id)).all()
            texts = {key: f"m{len(marks) + i:06}" for i, key in enumerate(keys)}
            marks |= {text: (entity.__name__, key, column.name) for key, text in texts.items()}
            change = update(table).where(table.c.id == bindparam("k")).values({column.name: bindparam("v")})
            rows = [{"k": key, "v": marked(column, key, text)} for key, text in texts.items()]
            if rows:
                session.connection().execute(change, rows)
    session.commit()
    return marks


def marked(column: Any, key: int, text: str) -> Any:
    """The value that carries a mark."""
    if column.info.get("secret"):
        return KEYS.encrypt(f"{column.table.name}.{column.name}", text)
    return SURNAMES[key % 4] + text if column.name == "name" else text


def markable(column: Any) -> bool:
    """Whether a column of a record about a person can hold a text of a test's own."""
    if column.info.get("secret"):
        return not column.info.get("derived")
    return isinstance(column.type, String) and not isinstance(column.type, Enum) and (column.type.length or 99) >= 12


def viewers(facts: Facts) -> list[Principal]:
    """Somebody of each role, in scopes where there is something to see and something to hide."""
    division = {row["level"].value: key for key, row in facts.rows["division"].items()}
    homes = Counter(s["facility_id"] for s in facts.all("stay") if facts.holds(s, "admitted_on", "discharged_on"))
    facilities = tuple(key for key, _ in homes.most_common(2)) or (1,)
    served = Counter(
        facts.rows["service_provider"][o["provider_id"]]["organisation_id"]
        for o in facts.all("service_order")
        if o["provider_id"]
    )
    paid = Counter(e["scheme_id"] for e in facts.all("entitlement"))
    in_charge = [
        Principal("v", Role.VILLAGE_WORKER, division["TOWN"]),
        Principal("t", Role.TOWN_OFFICER, division["TOWN"] - 1),
        Principal("ts", Role.TOWN_OFFICER, division["CITY"], special_family=True),
        Principal("c", Role.COUNTY_ADMIN, division["COUNTY"]),
        Principal("nowhere", Role.COUNTY_ADMIN),
        Principal("city", Role.CITY_ADMIN, division["CITY"]),
    ]
    others = [
        Principal("prov", Role.PROVINCE, division["PROVINCE"]),
        Principal("f", Role.FACILITY_OPERATOR, facility_ids=facilities),
        Principal("p", Role.PROVIDER, organisation_id=served.most_common(1)[0][0] if served else None),
        Principal("call", Role.CALL_AGENT, division["CITY"]),
        Principal("i", Role.INSPECTOR, facility_ids=facilities[:1]),
        Principal("a", Role.FINANCE_AUDITOR, division["CITY"], scheme_ids=tuple(key for key, _ in paid.most_common(2))),
        Principal("plan", Role.PLANNER, division["COUNTY"]),
        Principal("partner", Role.PARTNER_API, division["CITY"], fields=LISTED),
        Principal("anybody", Role.PUBLIC),
    ]
    return [*in_charge, *others]


def open_marks(facts: Facts, viewer: Principal) -> set[str]:
    """The marks that a viewer may see on some day that random documents ask about."""
    entities = {entity.__name__: entity for entity in ENTITIES}
    found = set()
    for day in {*map(date.fromisoformat, DAYS), facts.day}:
        then = replace(facts, day=day)
        for text, (noun, key, column) in facts.marks.items():
            entity = entities[noun]
            row, kind = facts.rows[entity.__tablename__][key], mapping(entity).columns[column].info.get("privacy")
            if text not in found and then.sees(viewer, entity, row):
                how = then.how(viewer, entity, row, f"{noun}.{camel(column)}", str(kind))
                found |= {text} if how == "C" else set()
    return found
