"""What the registry holds about a territory on a day, read once, as plain rows in a fixed order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from eldercare.kit.errors import NotFound
from eldercare.planning.priority import Known, Priority, chunks
from eldercare.registry.application import (
    Application,
    ApplicationPhase,
    ApplicationPreference,
    ApplicationStatus,
    Setting,
)
from eldercare.registry.capacity import BedType, CapacityPeriod, CapacityReserve
from eldercare.registry.contract import OperatingContract
from eldercare.registry.division import Division, within
from eldercare.registry.facility import Facility, FacilityKind, FacilityPhase, FacilityStatus, Ownership
from eldercare.registry.group import age, latest_level
from eldercare.registry.membership import GroupCategory
from eldercare.registry.organisation import Organisation
from eldercare.registry.person import Person, Sex
from eldercare.registry.query import View, visible
from eldercare.registry.stay import Stay

WAITING = (
    ApplicationStatus.SUBMITTED,
    ApplicationStatus.ASSESSING,
    ApplicationStatus.QUEUED,
    ApplicationStatus.OFFERED,
)
"""States of an application in which the person still waits for a place."""


@dataclass(frozen=True, slots=True)
class Place:
    """The beds of one type in one facility; `reserved` are kept for groups, fees are fen a month."""

    facility: int
    code: str
    name: str
    path: str
    kind: FacilityKind
    ownership: Ownership
    bed_type: BedType
    open: int
    reserved: tuple[tuple[GroupCategory, int], ...]
    fee: int | None
    group: str | None


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who lives in a facility: since when, in which bed, how old, and how able by the latest valid assessment."""

    facility: int
    bed_type: BedType
    admitted_on: date
    age: int
    sex: Sex
    level: int | None
    priority_class: int


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who waits for a place: since when, in which class, for which bed, and where they would like to go."""

    applied_on: date
    age: int
    sex: Sex
    level: int | None
    bed_type: BedType | None
    priority_class: int
    preferred: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A territory on a day."""

    territory: int
    code: str
    name: str
    as_of: date
    path: str
    places: tuple[Place, ...]
    residents: tuple[Resident, ...]
    applicants: tuple[Applicant, ...]
    priority: Priority


def take(
    session: Session, territory: str, as_of: date, kinds: Sequence[FacilityKind], bed_types: Sequence[BedType]
) -> Snapshot:
    """The facilities of some kinds in a territory with their beds, residents and waiting people at a date."""
    division = find_territory(session, territory, as_of)
    view = View(as_of=literal(as_of))
    facilities = _facilities(view, division.id, kinds)
    priority = Priority(session, view, division)
    return Snapshot(
        territory=division.id,
        code=division.code,
        name=division.name,
        as_of=as_of,
        path=division.path,
        places=_places(session, view, facilities, bed_types),
        residents=_residents(session, view, priority, facilities, bed_types),
        applicants=_applicants(session, view, priority, division.id),
        priority=priority,
    )


def find_territory(session: Session, code: str, as_of: date) -> Division:
    """The division with a statistical code (trailing zeros may be left out); `NotFound` (TERRITORY_UNKNOWN) names the nearest."""
    full = code.ljust(12, "0")
    view = View(as_of=literal(as_of))
    found = session.scalars(
        select(Division)
        .where(Division.code == full, *visible(Division, view))
        .order_by(func.length(Division.path))
        .limit(1)
    ).first()
    if found is not None:
        return found
    known = session.scalars(
        select(Division.code).where(Division.code.startswith(full[:2])).order_by(Division.code)
    ).all()
    near = get_close_matches(full, known, n=1)
    raise NotFound(
        "TERRITORY_UNKNOWN",
        f"No division has the code {code!r} on {as_of}.",
        remedy=f"Did you mean {near[0]}?" if near else "Give the code of a division of the registry.",
        path=("territory",),
    )


def _inside(division: Any, territory: int) -> ColumnElement[bool]:
    return within(division, territory)


def _facilities(view: View, territory: int, kinds: Sequence[FacilityKind]) -> Select[int]:
    """Keys of the facilities that work: of the right kind, inside, not closed and not out of operation."""
    phase = aliased(FacilityPhase)
    idle = (
        select(phase.id)
        .where(phase.facility_id == Facility.id, *visible(phase, view))
        .where(phase.status.not_in([FacilityStatus.OPERATING, FacilityStatus.FILED, FacilityStatus.CLOSING]))
    )
    return select(Facility.id).where(
        Facility.kind.in_(kinds), _inside(Facility.division_id, territory), *visible(Facility, view), ~idle.exists()
    )


def _places(session: Session, view: View, facilities: Select[int], bed_types: Sequence[BedType]) -> tuple[Place, ...]:
    rows = session.execute(
        select(Facility, Division.path, CapacityPeriod.id, CapacityPeriod.bed_type, CapacityPeriod.open)
        .join(CapacityPeriod, CapacityPeriod.facility_id == Facility.id)
        .join(Division, Division.id == Facility.division_id)
        .where(Facility.id.in_(facilities), CapacityPeriod.bed_type.in_(bed_types), *visible(CapacityPeriod, view))
        .order_by(Facility.id, CapacityPeriod.bed_type)
    ).all()
    kept = _reserves(session, [row[2] for row in rows])
    groups = _groups(session, view, facilities)
    return tuple(
        Place(
            facility=facility.id,
            code=facility.code or f"F{facility.id}",
            name=facility.name,
            path=path,
            kind=facility.kind,
            ownership=facility.ownership,
            bed_type=bed_type,
            open=beds,
            reserved=kept.get(period, ()),
            fee=_fee(facility),
            group=groups.get(facility.id),
        )
        for facility, path, period, bed_type, beds in rows
    )


def _groups(session: Session, view: View, facilities: Select[int]) -> dict[int, str]:
    """The operator of each facility that is run together with others: they share one waiting list."""
    rows = session.execute(
        select(OperatingContract.facility_id, Organisation.name)
        .join(Organisation, Organisation.id == OperatingContract.operator_id)
        .where(OperatingContract.facility_id.in_(facilities), OperatingContract.group_operation)
        .where(*visible(OperatingContract, view))
        .order_by(OperatingContract.id)
    )
    return {row[0]: row[1] for row in rows}


def _fee(facility: Facility) -> int | None:
    """The middle of what a bed and its care cost a month, where the facility says it."""
    bounds = [facility.bed_fee_low, facility.bed_fee_high, facility.care_fee_low, facility.care_fee_high]
    known = [each for each in bounds if each is not None]
    return sum(known) // 2 if known else None


def _reserves(session: Session, periods: Sequence[int]) -> dict[int, tuple[tuple[GroupCategory, int], ...]]:
    kept: dict[int, tuple[tuple[GroupCategory, int], ...]] = {}
    for chunk in chunks(periods):
        query = select(CapacityReserve.capacity_period_id, CapacityReserve.category, CapacityReserve.beds)
        rows = session.execute(query.where(CapacityReserve.capacity_period_id.in_(chunk)).order_by(CapacityReserve.id))
        for period, category, beds in rows:
            kept[period] = (*kept.get(period, ()), (category, beds))
    return kept


def _residents(
    session: Session, view: View, priority: Priority, facilities: Select[int], bed_types: Sequence[BedType]
) -> tuple[Resident, ...]:
    rows = session.execute(
        select(Person.id, Stay.facility_id, Stay.bed_type, Stay.admitted_on, Person.sex)
        .add_columns(age(Person, view), latest_level(Person, view))
        .join(Person, Person.id == Stay.person_id)
        .where(Stay.facility_id.in_(facilities), Stay.bed_type.in_(bed_types), *visible(Stay, view))
        .order_by(Stay.facility_id, Stay.bed_type, Stay.admitted_on, Stay.id)
    ).all()
    classes = priority.classes(Known(person, level, years) for person, *_, years, level in rows)
    return tuple(
        Resident(facility, bed_type, admitted, years, sex, level, classes[person])
        for person, facility, bed_type, admitted, sex, years, level in rows
    )


def _applicants(session: Session, view: View, priority: Priority, territory: int) -> tuple[Applicant, ...]:
    """Open applications for an institution that are handled in the territory or name no division but a facility in it."""
    phase, preference, preferred = aliased(ApplicationPhase), aliased(ApplicationPreference), aliased(Facility)
    wished = (
        select(preference.id)
        .join(preferred, preferred.id == preference.facility_id)
        .where(preference.application_id == Application.id, _inside(preferred.division_id, territory))
    )
    handled = Application.division_id
    rows = session.execute(
        select(Application.id, Person.id, Application.applied_on, Person.sex)
        .add_columns(age(Person, view), latest_level(Person, view), Application.bed_type, Application.priority_class)
        .join(Person, Person.id == Application.person_id)
        .join(phase, and_(phase.application_id == Application.id, *visible(phase, view)))
        .where(Application.setting == Setting.INSTITUTION, phase.status.in_(WAITING), *visible(Application, view))
        .where(or_(_inside(handled, territory), and_(handled.is_(None), wished.exists())))
        .order_by(Application.applied_on, Application.id)
    ).all()
    wishes = _wishes(session, [row[0] for row in rows])
    classes = priority.classes(Known(row[1], row[5], row[4]) for row in rows)
    return tuple(
        Applicant(applied, years, sex, level, bed_type, number or classes[person], wishes.get(key, ()))
        for key, person, applied, sex, years, level, bed_type, number in rows
    )


def _wishes(session: Session, applications: Sequence[int]) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    for chunk in chunks(applications):
        query = select(ApplicationPreference.application_id, ApplicationPreference.facility_id)
        wanted = ApplicationPreference.application_id.in_(chunk)
        for application, facility in session.execute(query.where(wanted).order_by(ApplicationPreference.rank)):
            found[application] = (*found.get(application, ()), facility)
    return found
