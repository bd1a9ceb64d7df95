"""Full inclusion: who is placed of those entitled and willing, and why each of the others is not."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, literal, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.registry import Division, Person, Willingness
from eldercare.registry.application import ApplicationStatus
from eldercare.registry.capacity import BedType
from eldercare.registry.change import Writer
from eldercare.registry.facility import Ownership
from eldercare.registry.group import alive
from eldercare.registry.inclusion import ENTITLED, GapReason, inclusion, person_gap
from eldercare.registry.query import View
from eldercare.registry.queueing import decline, offer
from eldercare.registry.stating import state_willingness

TODAY = make.TODAY
NAMES = ("eligible", "unwilling", "willing", "placed", "gap")


@pytest.fixture
def w(session: Session) -> Writer:
    return make.writer(session)


def poor(w: Writer, village: Division) -> int:
    elder = make.person(w)
    make.residence(w, elder.id, village.id)
    make.membership(w, elder.id)
    return elder.id


def home_in(w: Writer, village: Division, open: int = 10, **values: Any) -> int:
    found = make.facility(w, division_id=village.id, **values)
    make.phase(w, found.id)
    make.capacity(w, found.id, bed_type=BedType.NURSING, open=open, filed=None, designed=None)
    return found.id


def counted(w: Writer, territory_id: int, day: date = TODAY) -> list[int]:
    [found] = w.session.execute(inclusion(ENTITLED, View(literal(day)), literal(territory_id))).mappings()
    return [found[name] for name in NAMES]


def reason(w: Writer, elder: int, day: date = TODAY) -> GapReason | None:
    return w.session.scalar(select(person_gap(Person, View(literal(day)))).where(Person.id == elder))


def test_who_does_not_want_a_place_leaves_the_denominator_and_who_has_one_stays(w: Writer) -> None:
    town, (village, _) = make.town(w)
    home = home_in(w, village)
    placed, reluctant, refuses, waits = (poor(w, village) for _ in range(4))
    for elder in (placed, reluctant):
        make.stay(w, elder, home, bed_type=BedType.NURSING)
    for elder in (reluctant, refuses):
        state_willingness(w, person_id=elder, willing=False, on=date(2026, 5, 1), reason="HOME")
    assert counted(w, town.id) == [4, 1, 3, 2, 1]
    assert [reason(w, elder) for elder in (placed, reluctant, refuses, waits)] == [None, None, None, "NO_APPLICATION"]
    assert counted(w, town.id, date(2026, 4, 30)) == [4, 0, 4, 2, 2]
    state_willingness(w, person_id=refuses, willing=True, on=date(2026, 5, 20), planned_on=date(2026, 7, 1))
    assert counted(w, town.id) == [4, 0, 4, 2, 2]


def test_each_in_the_gap_has_the_first_reason_that_fits(w: Writer) -> None:
    _, (village, _) = make.town(w)
    home, private = home_in(w, village, open=1), home_in(w, village, ownership=Ownership.PRIVATE_FORPROFIT)
    offered, elsewhere, refused, waits, handled, none = (poor(w, village) for _ in range(6))
    made = {elder: make.application(w, elder, division_id=village.id).id for elder in (offered, refused, waits)}
    offer(w, application_id=made[offered], facility_id=home, on=TODAY)
    make.stay(w, elsewhere, private, bed_type=BedType.NURSING)
    offer(w, application_id=made[refused], facility_id=home, on=date(2026, 5, 1))
    decline(w, application_id=made[refused], on=date(2026, 5, 3))
    begun = make.application(w, handled)
    w.annul(
        make.ApplicationPhase,
        w.session.scalar(select(make.ApplicationPhase.id).where(make.ApplicationPhase.application_id == begun.id)) or 0,
        reason="test",
    )
    w.create(
        make.ApplicationPhase,
        {"application_id": begun.id, "status": ApplicationStatus.ASSESSING, "valid_from": begun.applied_on},
    )
    people = (offered, elsewhere, refused, waits, handled, none)
    expected = ["OFFERED", "OTHER_HOME", "REFUSED_BED", "WAITING", "IN_PROCESS", "NO_APPLICATION"]
    assert [reason(w, elder) for elder in people] == expected
    make.stay(w, make.person(w).id, home, bed_type=BedType.NURSING)
    assert reason(w, waits) == "NO_BED"
    state_willingness(w, person_id=waits, willing=True, on=TODAY, reason="BED_TYPE", refused_bed_type="ORDINARY")
    assert reason(w, waits) == "REFUSED_BED"


def test_a_free_bed_in_another_county_is_no_free_bed(w: Writer) -> None:
    _, (here, _) = make.town(w)
    _, (far, _) = make.town(w)
    home_in(w, far)
    elder = poor(w, here)
    make.application(w, elder, division_id=here.id)
    assert reason(w, elder) == "NO_BED"
    home_in(w, here)
    assert reason(w, elder) == "WAITING"


def test_a_refusal_says_why_and_what_is_said_later_counts(w: Writer) -> None:
    elder = make.person(w).id
    with make.refused("CHECK_A_REFUSAL_HAS_A_REASON"):
        state_willingness(w, person_id=elder, willing=False, on=date(2026, 5, 1))
    first = state_willingness(w, person_id=elder, willing=False, on=date(2026, 5, 1), reason="FAMILY")
    again = state_willingness(w, person_id=elder, willing=True, on=date(2026, 5, 1))
    assert (again.id, again.reason) == (first.id, None)
    state_willingness(w, person_id=elder, willing=False, on=date(2026, 5, 9), reason="DISTANCE")
    said = [
        (s.willing, s.valid_from.day, s.valid_to and s.valid_to.day) for s in w.session.scalars(select(Willingness))
    ]
    assert said == [(True, 1, 9), (False, 9, None)]


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_the_placed_are_some_of_the_willing_and_the_gap_lists_the_others(engine: Engine, seed: int) -> None:
    luck = random.Random(seed)
    with Session(engine) as session:
        w = make.writer(session)
        town, villages = make.town(w)
        homes = [home_in(w, villages[0]), home_in(w, villages[1], ownership=Ownership.PRIVATE_FORPROFIT)]
        people = [poor(w, luck.choice(villages)) for _ in range(10)]
        for elder in people:
            day = date(2026, 1, 1) + timedelta(days=luck.randrange(150))
            if luck.random() < 0.4:
                make.stay(w, elder, luck.choice(homes), bed_type=BedType.NURSING, admitted_on=day)
            if luck.random() < 0.4:
                state_willingness(w, person_id=elder, willing=luck.random() < 0.3, on=day, reason="HOME")
            if luck.random() < 0.3:
                make.application(w, elder, division_id=town.id)
        for day in (date(2026, 3, 1), TODAY):
            eligible, unwilling, willing, placed, gap = counted(w, town.id, day)
            assert 0 <= placed <= willing <= eligible == 10
            assert (unwilling + willing, placed + gap) == (eligible, willing)
            view = View(literal(day))
            listed = select(func.count(Person.id)).where(alive(Person, view), person_gap(Person, view).is_not(None))
            assert session.scalar(listed) == gap
