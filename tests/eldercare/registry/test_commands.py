"""Capacity, determinations, applications and the closing of a facility: the commands and their refusals."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import literal, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.kit.errors import RuleViolation
from eldercare.registry import (
    AdmissionRule,
    Application,
    ApplicationPhase,
    CapacityPeriod,
    CapacityReserve,
    Facility,
    FacilityPhase,
    GroupMembership,
    OperatingContract,
    Person,
    Rating,
    Stay,
)
from eldercare.registry.application import ApplicationStatus
from eldercare.registry.bedding import set_capacity
from eldercare.registry.capacity import BedType
from eldercare.registry.change import Writer
from eldercare.registry.closing import change_status, close_facility
from eldercare.registry.determination import change_support_mode, determine, end_membership, review
from eldercare.registry.facility import FacilityStatus
from eldercare.registry.membership import GroupCategory, MembershipEnd, MembershipStatus, SelfCareClass, SupportMode
from eldercare.registry.merging import merge_people
from eldercare.registry.priority import improved, priority_class
from eldercare.registry.query import View, visible
from eldercare.registry.queueing import accept, advance, decline, offer, reject, submit, withdraw
from eldercare.registry.state import application_status
from eldercare.registry.stay import DischargeReason

MAY = date(2026, 5, 1)


@pytest.fixture
def w(session: Session) -> Writer:
    return make.writer(session)


def periods(w: Writer, facility_id: int) -> list[tuple[int, date, date | None]]:
    query = select(CapacityPeriod.open, CapacityPeriod.valid_from, CapacityPeriod.valid_to)
    return list(
        map(tuple, w.session.execute(query.where(CapacityPeriod.facility_id == facility_id).order_by("valid_from")))
    )  # type: ignore[arg-type]


def test_capacity_set_from_a_day_leaves_no_gap_and_keeps_what_is_not_said(w: Writer) -> None:
    home = make.facility(w)
    make.capacity(w, home.id)
    made = set_capacity(w, facility_id=home.id, bed_type=BedType.ORDINARY, on=MAY, open=8)
    assert periods(w, home.id) == [(10, date(2010, 1, 1), MAY), (8, MAY, None)]
    assert (made.filed, made.designed) == (10, 12)


def test_capacity_set_twice_on_a_day_is_a_correction(w: Writer) -> None:
    home = make.facility(w)
    for number in (8, 9):
        set_capacity(
            w,
            facility_id=home.id,
            bed_type=BedType.NURSING,
            on=MAY,
            open=number,
            reserved={GroupCategory.EXTREMELY_POOR: number - 5},
        )
    assert periods(w, home.id) == [(9, MAY, None)]
    assert w.session.scalars(select(CapacityReserve.beds)).all() == [4]


def test_capacity_change_keeps_residents_in_their_beds_and_never_falls_below_them(w: Writer) -> None:
    home = make.facility(w)
    make.capacity(w, home.id)
    for _ in range(3):
        make.stay(w, make.person(w).id, home.id)
    set_capacity(w, facility_id=home.id, bed_type=BedType.ORDINARY, on=MAY, open=3)
    with pytest.raises(RuleViolation, match="BEDS_EXCEEDED"):
        set_capacity(w, facility_id=home.id, bed_type=BedType.ORDINARY, on=date(2026, 5, 2), open=2)
    assert periods(w, home.id)[-1] == (3, MAY, None)


def test_reserves_are_taken_over_into_the_next_period(w: Writer) -> None:
    home = make.facility(w)
    poor = {GroupCategory.EXTREMELY_POOR: 4}
    set_capacity(w, facility_id=home.id, bed_type=BedType.NURSING, on=date(2025, 1, 1), open=8, reserved=poor)
    set_capacity(w, facility_id=home.id, bed_type=BedType.NURSING, on=MAY, open=9)
    assert w.session.scalars(select(CapacityReserve.beds)).all() == [4, 4]


def test_more_beds_cannot_be_reserved_than_are_open(w: Writer) -> None:
    home = make.facility(w)
    with pytest.raises(RuleViolation, match="RESERVED_EXCEEDS_OPEN"):
        set_capacity(
            w,
            facility_id=home.id,
            bed_type=BedType.NURSING,
            on=MAY,
            open=3,
            reserved={GroupCategory.EXTREMELY_POOR: 2, GroupCategory.DIBAO: 2},
        )


def test_the_reserve_cannot_fall_below_the_contract(w: Writer) -> None:
    home = make.facility(w)
    make.contract(w, home.id, make.organisation(w).id, reserved_share_min=Decimal("0.2"))
    poor = GroupCategory.EXTREMELY_POOR
    set_capacity(w, facility_id=home.id, bed_type=BedType.NURSING, on=MAY, open=10, reserved={poor: 2})
    with pytest.raises(RuleViolation, match=r"RESERVED_TOO_FEW.*20%"):
        set_capacity(w, facility_id=home.id, bed_type=BedType.NURSING, on=date(2026, 5, 2), open=11)


def test_a_determination_goes_step_by_step_and_sets_its_review(w: Writer) -> None:
    held = determine(
        w,
        person_id=make.person(w).id,
        category=GroupCategory.DIBAO,
        on=MAY,
        status=MembershipStatus.PROPOSED,
    )
    review(w, membership_id=held.id, status=MembershipStatus.UNDER_REVIEW, on=MAY)
    done = review(w, membership_id=held.id, status=MembershipStatus.EFFECTIVE, on=MAY)
    assert (done.status, done.next_review_on) == (MembershipStatus.EFFECTIVE, date(2027, 5, 1))
    with pytest.raises(RuleViolation, match="TRANSITION"):
        review(w, membership_id=held.id, status=MembershipStatus.REJECTED, on=MAY)


def test_a_membership_ends_with_a_reason(w: Writer) -> None:
    held = make.membership(w, make.person(w).id)
    ended = end_membership(w, membership_id=held.id, on=MAY, reason=MembershipEnd.NO_LONGER_ELIGIBLE)
    assert (ended.valid_to, ended.end_reason) == (MAY, MembershipEnd.NO_LONGER_ELIGIBLE)


def test_another_mode_of_support_begins_on_the_day_the_first_ends(w: Writer) -> None:
    held = make.membership(w, make.person(w).id, support_mode=SupportMode.SCATTERED, self_care=SelfCareClass.NONE)
    moved = change_support_mode(w, membership_id=held.id, mode=SupportMode.CENTRALISED, on=MAY)
    assert (moved.valid_from, moved.support_mode, moved.self_care) == (
        MAY,
        SupportMode.CENTRALISED,
        SelfCareClass.NONE,
    )
    assert w.find(GroupMembership, held.id).valid_to == MAY


def test_only_the_extremely_poor_have_a_mode_of_support(w: Writer) -> None:
    held = make.membership(w, make.person(w).id, category=GroupCategory.DIBAO)
    with pytest.raises(RuleViolation, match="NOT_EXTREMELY_POOR"):
        change_support_mode(w, membership_id=held.id, mode=SupportMode.CENTRALISED, on=MAY)


def test_a_facility_with_residents_cannot_close(w: Writer) -> None:
    home = make.facility(w)
    make.phase(w, home.id)
    make.capacity(w, home.id)
    stay = make.stay(w, make.person(w).id, home.id)
    with pytest.raises(RuleViolation, match="FACILITY_NOT_EMPTY: 1 person lives there"):
        close_facility(w, facility_id=home.id, on=MAY, reason="merged")
    w.end(Stay, stay.id, MAY, also={"discharge_reason": DischargeReason.FACILITY_CLOSED})
    assert close_facility(w, facility_id=home.id, on=MAY, reason="merged").closed_on == MAY


def test_closing_ends_capacity_contract_and_rating(w: Writer) -> None:
    home = make.facility(w)
    make.phase(w, home.id)
    make.capacity(w, home.id)
    make.contract(w, home.id, make.organisation(w).id, valid_to=date(2030, 1, 1))
    w.create(
        Rating,
        {"facility_id": home.id, "scheme": "INSTITUTION_STAR", "level": 2, "issued_on": date(2025, 1, 1)},
    )
    close_facility(w, facility_id=home.id, on=MAY, reason="merged")
    for noun in (CapacityPeriod, OperatingContract, Rating):
        assert w.session.scalars(select(noun.valid_to)).all() == [MAY], noun
    phases = w.session.execute(select(FacilityPhase.status, FacilityPhase.valid_from).order_by("valid_from"))
    assert list(map(tuple, phases))[-1] == (FacilityStatus.CLOSED, MAY)


def test_a_facility_takes_its_states_in_order(w: Writer) -> None:
    home = make.facility(w)
    make.phase(w, home.id, status=FacilityStatus.PLANNED, valid_from=date(2026, 1, 1))
    with pytest.raises(RuleViolation, match="TRANSITION"):
        change_status(w, facility_id=home.id, status=FacilityStatus.OPERATING, on=MAY)
    change_status(w, facility_id=home.id, status=FacilityStatus.REGISTERED, on=date(2026, 2, 1))
    filed = change_status(w, facility_id=home.id, status=FacilityStatus.FILED, on=MAY)
    assert filed.filed_on == MAY


def application(w: Writer) -> Application:
    found = submit(w, person_id=make.person(w).id, on=date(2026, 2, 1), bed_type=BedType.NURSING)
    return advance(w, application_id=found.id, status=ApplicationStatus.QUEUED, on=date(2026, 3, 1))


def state(w: Writer, application_id: int, on: date) -> str | None:
    return w.session.scalar(
        select(application_status(Application, View(literal(on)))).where(Application.id == application_id)
    )


def test_an_application_is_offered_declined_offered_again_and_accepted(w: Writer) -> None:
    asked, home = application(w), make.facility(w)
    make.capacity(w, home.id, bed_type=BedType.NURSING)
    offer(w, application_id=asked.id, facility_id=home.id, on=date(2026, 4, 1))
    waiting = decline(w, application_id=asked.id, on=date(2026, 4, 5), reason="too far")
    assert (waiting.declined_offers, waiting.applied_on) == (1, date(2026, 2, 1))
    offer(w, application_id=asked.id, facility_id=home.id, on=MAY)
    accept(w, application_id=asked.id, on=MAY)
    days = [date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1), date(2026, 4, 5), MAY]
    assert [state(w, asked.id, day) for day in days] == ["SUBMITTED", "QUEUED", "OFFERED", "QUEUED", "ACCEPTED"]


def test_a_place_is_offered_only_where_a_bed_is_free(w: Writer) -> None:
    asked, home = application(w), make.facility(w)
    with pytest.raises(RuleViolation, match="NO_FREE_BED"):
        offer(w, application_id=asked.id, facility_id=home.id, on=MAY)


@pytest.mark.parametrize("final", [withdraw, reject])
def test_a_settled_application_stays_settled(w: Writer, final: object) -> None:
    asked = application(w)
    settled = final(w, application_id=asked.id, on=MAY, reason="moved away")  # type: ignore[operator]
    assert settled.settled_on == MAY
    with pytest.raises(RuleViolation, match="TRANSITION"):
        advance(w, application_id=asked.id, status=ApplicationStatus.QUEUED, on=MAY)


def test_nothing_can_be_accepted_that_was_not_offered(w: Writer) -> None:
    with pytest.raises(RuleViolation, match="TRANSITION"):
        accept(w, application_id=application(w).id, on=MAY)


def test_an_extremely_poor_applicant_comes_before_one_who_pays(w: Writer) -> None:
    rules = [
        {"priority_class": 1, "category": "EXTREMELY_POOR", "self_care": "NONE"},
        {"priority_class": 2, "category": "EXTREMELY_POOR"},
        {"priority_class": 7, "level_min": 3},
        {"priority_class": 8},
    ]
    for each in rules:
        w.create(AdmissionRule, {**each, "valid_from": date(2020, 1, 1)})
    poorest, poor, severe, other = (make.person(w).id for _ in range(4))
    make.membership(w, poorest, self_care=SelfCareClass.NONE)
    make.membership(w, poor)
    make.assessment(w, severe)
    found = [priority_class(w.session, key, MAY) for key in (poorest, poor, severe, other)]
    assert found == [1, 2, 7, 8]
    assert submit(w, person_id=poor, on=MAY).priority_class == 2


def test_waiting_improves_the_class_but_never_beyond_the_first() -> None:
    assert [improved(3, date(2026, 1, 1), date(2026, month, 1), 60) for month in (2, 4, 12)] == [3, 2, 1]


def test_phases_of_an_application_leave_no_gap(w: Writer) -> None:
    asked = application(w)
    begin = {"application_id": asked.id, "status": "OFFERED", "valid_from": MAY}
    w.end(
        ApplicationPhase,
        w.session.scalars(select(ApplicationPhase.id).where(ApplicationPhase.valid_to.is_(None))).one(),
        date(2026, 4, 1),
    )
    with pytest.raises(RuleViolation, match="GAP"):
        w.create(ApplicationPhase, begin)


def test_a_facility_is_still_known_as_it_was_before_it_closed(w: Writer) -> None:
    home = make.facility(w)
    make.phase(w, home.id)
    close_facility(w, facility_id=home.id, on=MAY, reason="merged")
    seen = {
        day: w.session.scalars(select(Facility.id).where(*visible(Facility, View(literal(day))))).all()
        for day in (date(2026, 4, 30), MAY)
    }
    assert seen == {date(2026, 4, 30): [home.id], MAY: []}


def test_two_records_of_one_person_become_one_with_everything_known(w: Writer) -> None:
    kept, gone = make.person(w), make.person(w)
    held = make.membership(w, gone.id)
    make.living(w, gone.id)
    merge_people(w, person_id=gone.id, into_id=kept.id, reason="registered twice")
    assert w.find(GroupMembership, held.id).person_id == kept.id
    assert w.find(Person, gone.id).merged_into_id == kept.id
    with pytest.raises(RuleViolation, match="ALREADY_MERGED"):
        merge_people(w, person_id=gone.id, into_id=kept.id)


def test_records_that_contradict_each_other_are_not_merged(w: Writer) -> None:
    kept, gone = make.person(w), make.person(w)
    for person in (kept, gone):
        make.membership(w, person.id)
    with pytest.raises(RuleViolation, match="OVERLAP"):
        merge_people(w, person_id=gone.id, into_id=kept.id)
    assert w.find(Person, gone.id).merged_into_id is None
