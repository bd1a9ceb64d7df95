"""Beds, residents, occupancy and group counts come out the same way for everybody."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.registry import Facility, Stay
from eldercare.registry.bedding import set_capacity
from eldercare.registry.capacity import BedType
from eldercare.registry.change import Writer
from eldercare.registry.facility import FacilityKind
from eldercare.registry.membership import GroupCategory
from eldercare.registry.query import View
from eldercare.registry.stay import DischargeReason
from eldercare.registry.summary import (
    bed_total,
    beds,
    distinct_members,
    group_counts,
    members,
    nursing_share,
    occupied,
    rate,
    reserved,
    resident_total,
)

C = GroupCategory


@pytest.fixture
def w(session: Session) -> Writer:
    return make.writer(session)


def view(day: date = make.TODAY) -> View:
    return View(literal(day))


def one(w: Writer, expression: Any, facility_id: int | None = None) -> Any:
    query = select(expression)
    return w.session.scalar(query if facility_id is None else query.where(Facility.id == facility_id))


def test_occupied_counts_residents_of_that_day_on_leave_or_not(w: Writer) -> None:
    home = make.facility(w)
    make.capacity(w, home.id)
    make.stay(w, make.person(w).id, home.id)
    left = make.stay(w, make.person(w).id, home.id)
    w.end(Stay, left.id, date(2025, 1, 1), also={"discharge_reason": DischargeReason.WENT_HOME})
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)]
    assert [one(w, occupied(Facility, view(day)), home.id) for day in days] == [0, 2, 2, 1]


def test_beds_are_those_of_the_day_and_the_type(w: Writer) -> None:
    home = make.facility(w)
    make.capacity(w, home.id)
    set_capacity(w, facility_id=home.id, bed_type=BedType.NURSING, on=date(2026, 5, 1), open=4)
    assert one(w, beds(Facility, view(date(2026, 4, 30))), home.id) == 10
    assert one(w, beds(Facility, view()), home.id) == 14
    assert one(w, beds(Facility, view(), bed_types=[BedType.NURSING]), home.id) == 4


def test_an_unknown_number_of_beds_is_null_and_not_zero(w: Writer) -> None:
    home, empty = make.facility(w), make.facility(w)
    make.capacity(w, home.id, filed=None, designed=None)
    make.capacity(w, home.id, bed_type=BedType.NURSING, filed=5)
    assert one(w, beds(Facility, view(), measure="filed"), home.id) is None
    assert one(w, beds(Facility, view(), measure="open"), home.id) == 20
    assert one(w, beds(Facility, view()), empty.id) is None


def test_occupancy_of_a_territory_is_summed_before_it_is_divided(w: Writer) -> None:
    here = make.division(w)
    small, large = make.facility(w, division_id=here.id), make.facility(w, division_id=here.id)
    make.capacity(w, small.id, open=1, filed=1)
    make.capacity(w, large.id, open=9, filed=9)
    make.stay(w, make.person(w).id, small.id)
    share = rate(resident_total(view(), territory_id=here.id), bed_total(view(), territory_id=here.id, measure="filed"))
    assert round(Decimal(str(one(w, share))), 4) == Decimal("0.1")


def test_a_rate_without_a_denominator_is_null(w: Writer) -> None:
    assert one(w, rate(literal(3), literal(0))) is None
    assert one(w, rate(resident_total(view()), bed_total(view()))) is None


def test_day_care_and_family_beds_never_enter_institutional_totals(w: Writer) -> None:
    home = make.facility(w)
    for bed_type, number in (("NURSING", 3), ("DAY", 50), ("FAMILY", 70)):
        make.capacity(w, home.id, bed_type=bed_type, open=number, filed=None, designed=None)
    make.stay(w, make.person(w).id, home.id, bed_type="DAY")
    assert (one(w, bed_total(view())), one(w, resident_total(view()))) == (3, 0)
    assert one(w, bed_total(view(), bed_types=[BedType.DAY])) == 50


def test_only_facilities_of_the_kinds_and_the_day_are_summed(w: Writer) -> None:
    make.capacity(w, make.facility(w).id, open=5)
    make.capacity(w, make.facility(w, kind="MEAL_POINT").id, open=7)
    gone = make.facility(w, closed_on=date(2020, 1, 1))
    make.capacity(w, gone.id, open=11, valid_to=date(2020, 1, 1))
    assert one(w, bed_total(view(), kinds=[FacilityKind.NURSING_HOME])) == 5
    assert one(w, bed_total(view(date(2019, 12, 31)), kinds=[FacilityKind.NURSING_HOME])) == 16


def test_the_nursing_share_counts_dementia_beds_too(w: Writer) -> None:
    home = make.facility(w)
    for bed_type, number in (("ORDINARY", 6), ("NURSING", 3), ("DEMENTIA", 1)):
        make.capacity(w, home.id, bed_type=bed_type, open=number)
    assert round(Decimal(str(one(w, nursing_share(view())))), 4) == Decimal("0.4")


def test_reserved_beds_are_told_by_group(w: Writer) -> None:
    home = make.facility(w)
    kept = {C.EXTREMELY_POOR: 2, C.DIBAO: 1}
    set_capacity(w, facility_id=home.id, bed_type=BedType.NURSING, on=date(2026, 1, 1), open=9, reserved=kept)
    assert one(w, reserved(Facility, view()), home.id) == 3
    assert one(w, reserved(Facility, view(), C.DIBAO), home.id) == 1


def test_groups_are_counted_by_category_and_without_double_counting(w: Writer) -> None:
    here, elsewhere = make.division(w), make.division(w)
    both, poor, stranger, dead = (
        make.person(w),
        make.person(w),
        make.person(w),
        make.person(w, deceased_on=date(2026, 1, 1)),
    )
    for person, division in ((both, here), (poor, here), (stranger, elsewhere), (dead, here)):
        make.residence(w, person.id, division.id)
        make.membership(w, person.id)
    make.membership(w, both.id, category=C.DIBAO)
    asked = [C.EXTREMELY_POOR, C.DIBAO, C.ADVANCED_AGE_80]
    counts = dict(map(tuple, w.session.execute(group_counts(asked, view(), territory_id=here.id))))  # type: ignore[arg-type]
    assert counts == {"EXTREMELY_POOR": 2, "DIBAO": 1, "ADVANCED_AGE_80": 2}
    assert one(w, distinct_members(asked, view(), territory_id=here.id)) == 2
    assert set(w.session.scalars(members(C.EXTREMELY_POOR, view()))) == {both.id, poor.id, stranger.id}
