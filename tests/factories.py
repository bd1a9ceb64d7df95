"""One function a noun: makes a record with sensible values, through the registry's own rules; all of it synthetic."""

import itertools
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from eldercare.kit.errors import EldercareError
from eldercare.registry import (
    AbilityAssessment,
    Application,
    ApplicationPhase,
    CapacityPeriod,
    Census,
    ChangeReport,
    Division,
    Facility,
    FacilityPhase,
    GroupMembership,
    LivingArrangement,
    OperatingContract,
    Organisation,
    Person,
    Residence,
    Source,
    Stay,
    Visit,
)
from eldercare.registry.application import ApplicationStatus
from eldercare.registry.assessment import Instrument
from eldercare.registry.capacity import BedType
from eldercare.registry.census import VisitResult
from eldercare.registry.change import Writer
from eldercare.registry.change_report import ReportChannel, ReportKind
from eldercare.registry.division import Level
from eldercare.registry.facility import FacilityKind, FacilityStatus, OperatingMode, Ownership
from eldercare.registry.identifier import citizen_check
from eldercare.registry.membership import GroupCategory
from eldercare.registry.organisation import OrganisationKind
from eldercare.registry.person import IdType, LivingKind, ResidenceBase, Sex
from eldercare.registry.reporting import report_change
from eldercare.registry.source import CollectionMethod
from eldercare.security.cipher import KeyRing

KEYS = KeyRing((bytes(range(64)),), bytes(range(32)))
TODAY = date(2026, 6, 1)
_numbers: Iterator[int] = itertools.count(1)


def writer(session: Session, **options: Any) -> Writer:
    """A writer of synthetic records, with its source."""
    made = Writer(session, **{"author": "test", "keys": KEYS, "today": TODAY, **options})
    if made.source_id is None:
        made.source_id = session.scalar(select(Source.id).limit(1)) or source(made).id
    return made


def source(w: Writer, **values: Any) -> Source:
    """The source of synthetic records."""
    method = CollectionMethod.SYNTHETIC
    return w.create(Source, {"system": "tests", "collection_method": method, "recorded_by": "tests", **values})


def division(w: Writer, **values: Any) -> Division:
    """A county without a parent, from 2000 on."""
    code = f"99{next(_numbers) % 10_000:04}000000"
    default = {"code": code, "level": Level.COUNTY, "name": f"County {code}", "valid_from": date(2000, 1, 1)}
    return w.create(Division, default | values)


def id_number(born: date, sex: Sex = Sex.FEMALE) -> str:
    """A valid citizen number of the area 990101, which was never assigned."""
    order = next(_numbers) % 500 * 2 + (sex is Sex.MALE)
    body = f"990101{born:%Y%m%d}{order:03}"
    return body + citizen_check(body)


def person(w: Writer, **values: Any) -> Person:
    """A woman born in 1940 with a valid number."""
    default = {"name": "王秀英", "sex": Sex.FEMALE, "birth_date": date(1940, 5, 6)}
    merged = default | values
    if "id_number" not in merged:
        number = id_number(merged["birth_date"], merged["sex"])
        merged |= {"id_type": IdType.RESIDENT_ID, "id_number": number}
    return w.create(Person, merged)


def residence(w: Writer, person_id: int, division_id: int, **values: Any) -> Residence:
    """That a person has lived in a division since 2010."""
    default = {"base": ResidenceBase.RESIDENT, "valid_from": date(2010, 1, 1)}
    return w.create(Residence, {"person_id": person_id, "division_id": division_id} | default | values)


def living(w: Writer, person_id: int, **values: Any) -> LivingArrangement:
    """That a person has lived alone since 2015."""
    default = {"kind": LivingKind.ALONE, "valid_from": date(2015, 1, 1)}
    return w.create(LivingArrangement, {"person_id": person_id} | default | values)


def membership(w: Writer, person_id: int, **values: Any) -> GroupMembership:
    """That a person has been extremely poor since 2018."""
    default = {"category": GroupCategory.EXTREMELY_POOR, "valid_from": date(2018, 1, 1)}
    return w.create(GroupMembership, {"person_id": person_id} | default | values)


def assessment(w: Writer, person_id: int, **values: Any) -> AbilityAssessment:
    """An assessment of this spring with 40 points: severe."""
    default = {"instrument": Instrument.GBT_42195_2022, "assessed_on": date(2026, 3, 1), "total": 40}
    return w.create(AbilityAssessment, {"person_id": person_id} | default | values)


def organisation(w: Writer, **values: Any) -> Organisation:
    """A social service organisation."""
    default = {"name": f"Organisation {next(_numbers)}", "kind": OrganisationKind.SOCIAL_SERVICE_ORG}
    return w.create(Organisation, default | values)


def facility(w: Writer, **values: Any) -> Facility:
    """A public nursing home in a county of its own."""
    default = {
        "name": f"Home {next(_numbers)}",
        "kind": FacilityKind.NURSING_HOME,
        "ownership": Ownership.GOVERNMENT,
        "operating_mode": OperatingMode.PUBLIC_PUBLIC,
        "established_on": date(2010, 1, 1),
    }
    if "division_id" not in values:
        default["division_id"] = division(w).id
    return w.create(Facility, default | values)


def phase(w: Writer, facility_id: int, **values: Any) -> FacilityPhase:
    """That a facility has been operating since 2010."""
    default = {"status": FacilityStatus.OPERATING, "valid_from": date(2010, 1, 1)}
    return w.create(FacilityPhase, {"facility_id": facility_id} | default | values)


def capacity(w: Writer, facility_id: int, **values: Any) -> CapacityPeriod:
    """That a facility has had ten ordinary beds since 2010."""
    default = {"bed_type": BedType.ORDINARY, "open": 10, "filed": 10, "designed": 12, "valid_from": date(2010, 1, 1)}
    return w.create(CapacityPeriod, {"facility_id": facility_id} | default | values)


def contract(w: Writer, facility_id: int, operator_id: int, **values: Any) -> OperatingContract:
    """That an operator has run a facility since 2020."""
    default = {"mode": OperatingMode.PUBLIC_BUILT_PRIVATE_RUN, "valid_from": date(2020, 1, 1)}
    return w.create(OperatingContract, {"facility_id": facility_id, "operator_id": operator_id} | default | values)


def stay(w: Writer, person_id: int, facility_id: int, **values: Any) -> Stay:
    """That a person has stayed in an ordinary bed since 2024."""
    default = {"bed_type": BedType.ORDINARY, "admitted_on": date(2024, 1, 1), "agreement_number": "A-1"}
    return w.create(Stay, {"person_id": person_id, "facility_id": facility_id} | default | values)


def application(w: Writer, person_id: int, **values: Any) -> Application:
    """An application of this year for a nursing bed, waiting."""
    default = {"bed_type": BedType.NURSING, "applied_on": date(2026, 2, 1), "priority_class": 8}
    made = w.create(Application, {"person_id": person_id} | default | values)
    begun = {"application_id": made.id, "status": ApplicationStatus.QUEUED, "valid_from": made.applied_on}
    w.create(ApplicationPhase, begun)
    return made


DISCHARGED = {"discharged_on": date(2024, 6, 1), "discharge_reason": "WENT_HOME"}
"""What ends the stay of `stay` in the middle of its first year."""


def home(w: Writer, **values: Any) -> int:
    """The key of a facility with beds, ten ordinary ones unless said otherwise."""
    found = facility(w)
    capacity(w, found.id, **values)
    return found.id


def refused(code: str) -> Any:
    """Expects a refusal with this code, a sentence and a remedy."""
    return pytest.raises(EldercareError, match=rf"^({code}): .+ .+")


def report(w: Writer, kind: str = "DEATH", **values: Any) -> ChangeReport:
    """A report of the village that something happened today."""
    default = {"on": TODAY, "kind": ReportKind[kind], "channel": ReportChannel.VILLAGE}
    return report_change(w, **(default | values))


def town(w: Writer, villages: int = 2) -> tuple[Division, list[Division]]:
    """A town in a county and city of its own, with its villages."""
    number = next(_numbers) % 1000
    begun = {"valid_from": date(2000, 1, 1)}
    codes = (f"9{number:03}00000000", f"9{number:03}01000000", f"9{number:03}01100000")
    above: Division | None = None
    for code, level in zip(codes, (Level.CITY, Level.COUNTY, Level.TOWN), strict=True):
        named = {"code": code, "level": level, "name": f"{level.zh}{code[:9]}"}
        above = w.create(Division, named | begun | ({} if above is None else {"parent_id": above.id}))
    assert above is not None
    named = [{"code": f"{above.code[:9]}{n + 1:03}", "name": f"第{n + 1}村"} for n in range(villages)]
    made = [w.create(Division, each | begun | {"level": Level.VILLAGE, "parent_id": above.id}) for each in named]
    return above, made


def visit(w: Writer, person_id: int, **values: Any) -> Visit:
    """That the village found all as recorded, at home, a week ago."""
    default = {"visited_on": date(2026, 5, 25), "result": VisitResult.CONFIRMED}
    return w.create(Visit, {"person_id": person_id} | default | values)


def census(w: Writer, division_id: int, **values: Any) -> Census:
    """A campaign of this May in a territory."""
    default = {"name": "五月摸底排查", "begins_on": date(2026, 5, 1), "ends_on": date(2026, 5, 31)}
    return w.create(Census, {"division_id": division_id} | default | values)
