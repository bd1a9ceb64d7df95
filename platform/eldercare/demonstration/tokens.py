"""A ready token for each role of the demonstration, kept in a file beside the keys and issued again when it no longer holds."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from eldercare.registry.access_token import known
from eldercare.registry.division import Division, Level
from eldercare.registry.entitlement import Entitlement
from eldercare.registry.entity import now
from eldercare.registry.facility import Facility
from eldercare.registry.organisation import Organisation
from eldercare.registry.person import Residence
from eldercare.registry.provider import ServiceProvider
from eldercare.registry.stay import Stay
from eldercare.registry.token_office import MOST_DAYS, Office
from eldercare.security.cipher import KeyRing
from eldercare.security.principal import SYSTEM, Principal, Role
from eldercare.security.token import read

NATION, CITY, COUNTY = "000000000000", "330100000000", "330109000000"
OFFICERS = frozenset({"read", "write", "plan", "export", "reveal"})
LISTED = frozenset({"Person.name", "Person.sex", "Person.ageBand", "Person.abilityLevel"})


MOST_SCHEMES = 5


@dataclass(frozen=True)
class Ready:
    """A token that is ready to be used, with the role it gives and the place it is for."""

    role: str
    place: str
    subject: str
    token: str


def ensure(engine: Engine, keys: KeyRing, path: Path) -> list[Ready]:
    """A token that holds for each role; those of an earlier start are kept."""
    kept = {each.role: each for each in _read(path)}
    with Session(engine) as session, session.begin():
        found = []
        for wanted, place in _wanted(session):
            old = kept.get(wanted.role.value)
            holds = old is not None and _holds(session, keys, old, wanted)
            found.append(old if old and holds else _issue(Office(session, keys, SYSTEM), wanted, place))
    _write(path, found)
    return found


def _wanted(session: Session) -> Iterator[tuple[Principal, str]]:
    """A principal for each role, in places that the demonstration has filled."""
    village = _fullest(session)
    town = session.get_one(Division, village.parent_id)
    nation, city, county = (_division(session, code) for code in (NATION, CITY, COUNTY))
    homes = list(session.scalars(_homes(county)))
    organisation = session.get_one(Organisation, _provider(session))
    paid = select(Entitlement.scheme_id).distinct().order_by(Entitlement.scheme_id)
    schemes = tuple(session.scalars(paid.limit(MOST_SCHEMES)))
    yield _principal(Role.PLANNER, nation, scopes=frozenset({"read", "plan", "export"})), nation.name
    yield _principal(Role.VILLAGE_WORKER, village, scopes=frozenset({"read", "write"})), village.name
    yield _principal(Role.TOWN_OFFICER, town, scopes=OFFICERS, special_family=True), town.name
    yield _principal(Role.COUNTY_ADMIN, county, scopes=OFFICERS | {"admin"}, special_family=True), county.name
    yield _principal(Role.CITY_ADMIN, city, scopes=OFFICERS | {"admin"}), city.name
    yield _principal(Role.PROVINCE, nation, scopes=OFFICERS), nation.name
    mine = homes[0]
    yield _principal(Role.FACILITY_OPERATOR, facility_ids=(mine.id,), scopes=frozenset({"read", "write"})), mine.name
    yield _principal(Role.PROVIDER, organisation_id=organisation.id), organisation.name
    yield _principal(Role.CALL_AGENT, organisation_id=organisation.id), organisation.name
    assigned = tuple(sorted(home.id for home in homes[:2]))
    yield _principal(Role.INSPECTOR, facility_ids=assigned), " + ".join(home.name for home in homes[:2])
    audits = frozenset({"read", "write", "reveal", "export"})
    yield _principal(Role.FINANCE_AUDITOR, county, scheme_ids=schemes, scopes=audits), county.name
    yield _principal(Role.PARTNER_API, county, fields=LISTED), county.name
    yield _principal(Role.PUBLIC), ""


def _principal(
    role: Role,
    division: Division | None = None,
    *,
    facility_ids: tuple[int, ...] = (),
    organisation_id: int | None = None,
    scheme_ids: tuple[int, ...] = (),
    special_family: bool = False,
    fields: frozenset[str] = frozenset(),
    scopes: frozenset[str] = frozenset({"read"}),
) -> Principal:
    key = None if division is None else division.id
    subject = f"demo.{role.value.lower().replace('_', '-')}"
    return Principal(subject, role, key, facility_ids, organisation_id, scheme_ids, special_family, fields, scopes)


def _provider(session: Session) -> int:
    """The organisation that provides services, else any."""
    found = session.scalar(select(ServiceProvider.organisation_id).order_by(ServiceProvider.id).limit(1))
    return found or session.scalars(select(Organisation.id).order_by(Organisation.id).limit(1)).one()


def _fullest(session: Session) -> Division:
    """The village or community of Xiaoshan where most people live."""
    lived = select(Residence.division_id, func.count().label("n")).group_by(Residence.division_id).subquery()
    query = select(Division).join(lived, lived.c.division_id == Division.id)
    query = query.where(Division.code.startswith(COUNTY[:6]), Division.level == Level.VILLAGE)
    return session.scalars(query.order_by(lived.c.n.desc(), Division.id).limit(1)).one()


def _division(session: Session, code: str) -> Division:
    newest = select(Division).where(Division.code == code).order_by(Division.valid_from.desc()).limit(1)
    return session.scalars(newest).one()


def _homes(county: Division) -> Select[Any]:
    lived = select(Stay.facility_id, func.count().label("n")).group_by(Stay.facility_id).subquery()
    query = select(Facility).join(lived, lived.c.facility_id == Facility.id)
    inside = select(Division.id).where(Division.path.between(county.path, county.path + "~"))
    return query.where(Facility.division_id.in_(inside)).order_by(lived.c.n.desc(), Facility.id)


def _issue(office: Office, wanted: Principal, place: str) -> Ready:
    """A new token; one of an earlier start whose text is lost is taken back first."""
    for old in office.held_by(wanted.id):
        office.revoke(old.id)
    office.session.flush()
    _, token = office.issue(wanted, days=MOST_DAYS, note="demonstration")
    return Ready(wanted.role.value, place, wanted.id, token.text)


def _holds(session: Session, keys: KeyRing, ready: Ready, wanted: Principal) -> bool:
    """Whether a kept token is taken for the principal that is wanted."""
    token = read(ready.token)
    found = None if token is None else known(session, token, keys)
    return found is not None and found.ends_at() > now() and found.principal() == wanted


def _read(path: Path) -> list[Ready]:
    try:
        return [Ready(**each) for each in json.loads(path.read_text("utf-8"))]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def _write(path: Path, tokens: list[Ready]) -> None:
    """Keep the tokens in a file that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump([asdict(each) for each in tokens], file, ensure_ascii=False, indent=1)
