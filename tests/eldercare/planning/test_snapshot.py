"""What the registry gives a study: beds, residents and waiting people of a territory on a day."""

from collections import Counter
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from eldercare.kit.errors import NotFound
from eldercare.planning.snapshot import Snapshot, take
from eldercare.registry.capacity import BedType, CapacityPeriod
from eldercare.registry.facility import FacilityKind, FacilityStatus
from eldercare.registry.membership import GroupCategory

DAY = date(2020, 5, 19)
KINDS = (FacilityKind.RURAL_SUPPORT_CENTER,)
TYPES = (BedType.ORDINARY, BedType.NURSING)


def taken(session: Session, as_of: date = DAY, territory: str = "990101") -> Snapshot:
    """The county on a day."""
    return take(session, territory, as_of, KINDS, TYPES)


def test_beds_are_counted_by_type_with_their_reserves(session: Session, county: Any) -> None:
    places = {place.bed_type: place for place in taken(session).places}
    assert {kind: place.open for kind, place in places.items()} == {BedType.ORDINARY: 60, BedType.NURSING: 20}
    assert places[BedType.NURSING].reserved == ((GroupCategory.EXTREMELY_POOR, 4),)


def test_residents_come_with_their_admission_and_their_latest_valid_level(session: Session, county: Any) -> None:
    residents = taken(session).residents
    assert Counter(each.bed_type for each in residents) == {BedType.ORDINARY: 15, BedType.NURSING: 19}
    assert {each.level for each in residents if each.bed_type == BedType.NURSING} == {3}


def test_a_resident_who_was_never_assessed_has_no_level(session: Session, county: Any) -> None:
    county.stay(BedType.ORDINARY, date(2020, 2, 2), age=66, level=None)
    assert [each.level for each in taken(session).residents].count(None) == 1


def test_who_was_admitted_later_is_not_there_yet(session: Session, county: Any) -> None:
    county.stay(BedType.ORDINARY, date(2020, 5, 20), age=66, level=1)
    assert len(taken(session).residents) == 34
    assert len(taken(session, date(2020, 5, 20)).residents) == 35


def test_the_waiting_list_is_in_the_order_of_application(session: Session, county: Any) -> None:
    waiting = taken(session).applicants
    assert [each.applied_on.day for each in waiting] == [1, 2, 3, 4, 5, 6]
    assert waiting[0].preferred == (county.home,)
    assert [each.priority_class for each in waiting] == [1, 2, 3, 1, 2, 3]


def test_a_suspended_home_gives_no_beds(session: Session, county: Any) -> None:
    county.facility("T2", "Suspended home", FacilityStatus.SUSPENDED)
    assert {place.code for place in taken(session).places} == {"T1"}


def test_beds_follow_the_date(session: Session, county: Any) -> None:
    period = session.query(CapacityPeriod).filter_by(bed_type=BedType.NURSING).one()
    period.valid_to = date(2021, 1, 1)
    session.flush()
    assert [place.bed_type for place in taken(session, date(2021, 1, 1)).places] == [BedType.ORDINARY]


def test_an_unknown_territory_is_answered_with_the_nearest_code(session: Session, county: Any) -> None:
    with pytest.raises(NotFound, match="990110") as caught:
        taken(session, territory="990110")
    assert (caught.value.code, caught.value.path) == ("TERRITORY_UNKNOWN", ("territory",))
    assert "990101000000" in caught.value.remedy
