"""Admission, transfer, leave, discharge and death, each with what it must not do."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.kit.errors import Conflict, NotFound, RuleViolation
from eldercare.registry import Application, GroupMembership, LivingArrangement, Stay, StayLeave
from eldercare.registry.capacity import BedType
from eldercare.registry.change import Writer
from eldercare.registry.membership import MembershipEnd
from eldercare.registry.person import LivingKind
from eldercare.registry.placement import admit, come_back, discharge, leave, report_death, transfer
from eldercare.registry.query import View
from eldercare.registry.state import application_status, stay_status
from eldercare.registry.stay import DischargeReason, LeaveReason, StayStatus

MAY = date(2026, 5, 1)


@pytest.fixture
def w(session: Session) -> Writer:
    return make.writer(session)


def home(w: Writer, beds: int = 2, **values: Any) -> int:
    """The key of an operating home with ordinary and nursing beds."""
    found = make.facility(w, **values)
    make.phase(w, found.id)
    make.capacity(w, found.id, open=beds)
    make.capacity(w, found.id, open=beds, bed_type=BedType.NURSING)
    return found.id


def assessed(w: Writer, **values: Any) -> int:
    """The key of a person with a valid assessment."""
    found = make.person(w)
    make.assessment(w, found.id, **values)
    return found.id


def moved_in(w: Writer, facility_id: int | None = None, **values: Any) -> Stay:
    found = {"bed_type": BedType.ORDINARY, "on": MAY, "agreement_number": "X-1"} | values
    return admit(w, person_id=assessed(w), facility_id=facility_id or home(w), **found)


def status(w: Writer, stay_id: int, on: date) -> StayStatus | None:
    return w.session.scalar(select(stay_status(Stay, View(literal(on)))).where(Stay.id == stay_id))


def test_an_admission_rests_on_the_latest_assessment_and_changes_the_living_arrangement(w: Writer) -> None:
    person_id = assessed(w)
    make.living(w, person_id)
    stay = admit(w, person_id=person_id, facility_id=home(w), bed_type=BedType.NURSING, on=MAY, agreement_number="X-1")
    assert (stay.admitted_on, stay.bed_type, stay.assessment_id is not None) == (MAY, BedType.NURSING, True)
    kinds = w.session.execute(select(LivingArrangement.kind, LivingArrangement.valid_to).order_by("valid_from"))
    assert list(map(tuple, kinds)) == [(LivingKind.ALONE, MAY), (LivingKind.IN_INSTITUTION, None)]


def test_nobody_is_admitted_without_a_valid_assessment(w: Writer) -> None:
    person_id = assessed(w, assessed_on=date(2025, 10, 1))
    with pytest.raises(RuleViolation, match="ASSESSMENT_MISSING"):
        admit(w, person_id=person_id, facility_id=home(w), bed_type=BedType.NURSING, on=MAY, agreement_number="X")


def test_nobody_is_admitted_without_an_agreement_unless_on_trial(w: Writer) -> None:
    with pytest.raises(RuleViolation, match="AGREEMENT_MISSING"):
        moved_in(w, agreement_number=None)
    stay = moved_in(w, agreement_number=None, trial_until=date(2026, 5, 31))
    assert status(w, stay.id, MAY) is StayStatus.TRIAL
    assert status(w, stay.id, date(2026, 6, 1)) is StayStatus.ACTIVE


def test_nobody_is_admitted_where_the_level_is_not_taken(w: Writer) -> None:
    with pytest.raises(RuleViolation, match="LEVEL_NOT_ACCEPTED"):
        moved_in(w, home(w, accepts_level_to=2))


def test_nobody_is_admitted_to_a_home_that_does_not_operate(w: Writer) -> None:
    planned = make.facility(w)
    make.capacity(w, planned.id)
    with pytest.raises(RuleViolation, match="FACILITY_NOT_OPERATING"):
        moved_in(w, planned.id)


def test_nobody_is_admitted_to_a_full_home(w: Writer) -> None:
    full = home(w, beds=1)
    moved_in(w, full)
    with pytest.raises(RuleViolation, match="BEDS_EXCEEDED"):
        moved_in(w, full)
    assert w.session.scalars(select(Stay)).all().__len__() == 1


def test_a_transfer_ends_one_stay_and_begins_the_next_on_the_same_day(w: Writer) -> None:
    first, target = moved_in(w), home(w)
    day = date(2026, 5, 20)
    second = transfer(w, stay_id=first.id, facility_id=target, bed_type=BedType.NURSING, on=day, agreement_number="Y-1")
    first = w.find(Stay, first.id)
    assert (first.discharged_on, first.discharge_reason, first.transfer_to_id) == (
        day,
        DischargeReason.TRANSFERRED,
        second.id,
    )
    assert (second.admitted_on, second.facility_id, status(w, first.id, day)) == (day, target, StayStatus.TRANSFERRED)


def test_a_refused_transfer_can_be_taken_back_as_a_whole(w: Writer) -> None:
    stay, full = moved_in(w), home(w, beds=1)
    moved_in(w, full)
    saved = w.session.begin_nested()
    with pytest.raises(RuleViolation, match="BEDS_EXCEEDED"):
        transfer(w, stay_id=stay.id, facility_id=full, bed_type=BedType.ORDINARY, on=make.TODAY, agreement_number="Z")
    saved.rollback()
    assert w.find(Stay, stay.id).discharged_on is None


def test_somebody_on_leave_comes_back(w: Writer) -> None:
    stay = moved_in(w)
    leave(w, stay_id=stay.id, on=date(2026, 5, 10), reason=LeaveReason.FAMILY_VISIT)
    assert status(w, stay.id, date(2026, 5, 12)) is StayStatus.ON_LEAVE
    come_back(w, stay_id=stay.id, on=date(2026, 5, 15))
    assert status(w, stay.id, date(2026, 5, 15)) is StayStatus.ACTIVE


def test_nobody_comes_back_who_was_not_away(w: Writer) -> None:
    with pytest.raises(NotFound, match="NOT_ON_LEAVE"):
        come_back(w, stay_id=moved_in(w).id, on=date(2026, 5, 15))


def test_nobody_is_away_twice_at_once(w: Writer) -> None:
    stay = moved_in(w)
    leave(w, stay_id=stay.id, on=date(2026, 5, 10), reason=LeaveReason.HOSPITAL)
    with pytest.raises(RuleViolation, match="OVERLAP"):
        leave(w, stay_id=stay.id, on=date(2026, 5, 11), reason=LeaveReason.HOSPITAL)


def test_a_discharge_ends_an_open_leave(w: Writer) -> None:
    stay = moved_in(w)
    leave(w, stay_id=stay.id, on=date(2026, 5, 10), reason=LeaveReason.HOSPITAL)
    ended = discharge(w, stay_id=stay.id, on=date(2026, 5, 20), reason=DischargeReason.HOSPITAL)
    assert ended.discharged_on == date(2026, 5, 20)
    assert w.session.scalars(select(StayLeave.returned_on)).one() == date(2026, 5, 20)


def test_nobody_is_discharged_before_admission(w: Writer) -> None:
    stay = moved_in(w)
    with pytest.raises(RuleViolation, match="CHECK_ADMITTED_BEFORE_DISCHARGED"):
        discharge(w, stay_id=stay.id, on=date(2026, 4, 30), reason=DischargeReason.WENT_HOME)


def test_a_discharge_of_another_version_is_a_lost_update(w: Writer) -> None:
    stay = moved_in(w)
    w.correct(Stay, stay.id, {"bed_number": "3-2"})
    with pytest.raises(Conflict, match="VERSION"):
        discharge(w, stay_id=stay.id, on=MAY, reason=DischargeReason.WENT_HOME, expected_version=1)


@pytest.mark.parametrize("reason", [DischargeReason.DECEASED, DischargeReason.TRANSFERRED])
def test_what_is_more_than_a_discharge_has_its_own_command(w: Writer, reason: DischargeReason) -> None:
    with pytest.raises(RuleViolation, match="USE_"):
        discharge(w, stay_id=moved_in(w).id, on=MAY, reason=reason)


def test_an_admission_settles_the_application(w: Writer) -> None:
    person_id = assessed(w)
    asked = make.application(w, person_id, bed_type=BedType.ORDINARY)
    admit(
        w,
        person_id=person_id,
        facility_id=home(w),
        bed_type=BedType.ORDINARY,
        on=MAY,
        agreement_number="X",
        application_id=asked.id,
    )
    assert w.find(Application, asked.id).settled_on == MAY
    view = View(literal(MAY))
    assert w.session.scalar(select(application_status(Application, view))) == "ADMITTED"


def test_an_application_of_somebody_else_is_not_settled(w: Writer) -> None:
    asked = make.application(w, make.person(w).id)
    with pytest.raises(RuleViolation, match="APPLICATION_OF_ANOTHER"):
        moved_in(w, application_id=asked.id)


def test_a_death_ends_stay_membership_residence_and_application(w: Writer) -> None:
    stay = moved_in(w)
    held = make.membership(w, stay.person_id)
    where = make.residence(w, stay.person_id, make.division(w).id)
    asked = make.application(w, stay.person_id, setting="HOME")
    day = date(2026, 5, 30)
    dead = report_death(w, person_id=stay.person_id, on=day)
    assert dead.deceased_on == day
    assert (w.find(Stay, stay.id).discharged_on, w.find(Stay, stay.id).discharge_reason) == (
        day,
        DischargeReason.DECEASED,
    )
    held = w.find(GroupMembership, held.id)
    assert (held.valid_to, held.end_reason) == (day, MembershipEnd.DEATH)
    assert w.find(type(where), where.id).valid_to == day
    assert w.find(Application, asked.id).settled_on == day
