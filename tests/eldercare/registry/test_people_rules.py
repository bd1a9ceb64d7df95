"""Memberships, dates, lives and identities, each with an attempt to break its rule."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

import factories as make
from eldercare.kit.errors import Conflict, RuleViolation
from eldercare.registry import (
    ENTITIES,
    CareRiskEvent,
    GroupMembership,
    Person,
    Residence,
    StayLeave,
)
from eldercare.registry.change import Writer
from eldercare.registry.entity import table_of
from eldercare.registry.identifier import citizen_check
from eldercare.registry.membership import GroupCategory
from eldercare.registry.rules import DERIVED_CATEGORIES


@pytest.fixture
def w(session: Session) -> Writer:
    return make.writer(session)


# 3: memberships.


def test_no_two_memberships_of_one_category_overlap(w: Writer) -> None:
    person_id = make.person(w).id
    make.membership(w, person_id, valid_to=date(2020, 1, 1))
    with make.refused("OVERLAP"):
        make.membership(w, person_id, valid_from=date(2019, 12, 31))
    make.membership(w, person_id, valid_from=date(2020, 1, 1))
    make.membership(w, person_id, category=GroupCategory.DIBAO)


def test_a_rejected_membership_stands_in_nobodys_way(w: Writer) -> None:
    person_id = make.person(w).id
    make.membership(w, person_id, status="REJECTED")
    make.membership(w, person_id)


def test_no_membership_begins_before_birth(w: Writer) -> None:
    with make.refused("OUTSIDE_LIFE"):
        make.membership(w, make.person(w).id, valid_from=date(1940, 5, 5))


@pytest.mark.parametrize("category", DERIVED_CATEGORIES)
def test_derived_groups_are_never_stored(w: Writer, category: GroupCategory) -> None:
    with make.refused("GROUP_IS_DERIVED"):
        make.membership(w, make.person(w).id, category=category)


# 4: dates.


def test_a_validity_ends_after_it_begins(w: Writer) -> None:
    with make.refused("CHECK_VALID_FROM_BEFORE_VALID_TO"):
        make.membership(w, make.person(w).id, valid_to=date(2018, 1, 1))


@pytest.mark.parametrize("noun", [noun for noun in ENTITIES if noun.__validity__ and noun.__validity__.end])
def test_the_database_holds_the_order_of_every_validity(w: Writer, noun: type[Any]) -> None:
    start, end = noun.__validity__
    checks = [str(c.sqltext) for c in table_of(noun).constraints if hasattr(c, "sqltext")]
    assert any(start in check and end in check and "<" in check for check in checks)


def test_no_fact_lies_in_the_future_but_plans_may(w: Writer) -> None:
    with make.refused("DATE_IN_FUTURE"):
        make.membership(w, make.person(w).id, valid_from=date(2026, 6, 2))
    make.membership(w, make.person(w).id, next_review_on=date(2027, 1, 1))
    make.contract(w, make.facility(w).id, make.organisation(w).id, valid_from=date(2026, 7, 1))


# 5: lives.


def test_nobody_is_admitted_before_birth_or_after_death(w: Writer) -> None:
    person = make.person(w, birth_date=date(1930, 1, 1), deceased_on=date(2020, 1, 1))
    for day in (date(1929, 12, 31), date(2020, 1, 2)):
        with pytest.raises(RuleViolation, match=r"OUTSIDE_LIFE|FACILITY_NOT_OPEN|BEDS_EXCEEDED"):
            make.stay(w, person.id, make.home(w), admitted_on=day, discharged_on=day, discharge_reason="OTHER")


def test_nobody_dies_and_stays(w: Writer) -> None:
    stay = make.stay(w, make.person(w).id, make.home(w))
    with make.refused("STAY_AFTER_DEATH"):
        w.correct(Person, stay.person_id, {"deceased_on": date(2026, 1, 1)})


def test_nobody_is_discharged_after_death(w: Writer) -> None:
    person = make.person(w, deceased_on=date(2024, 5, 1))
    with make.refused("STAY_AFTER_DEATH"):
        make.stay(w, person.id, make.home(w), **make.DISCHARGED)


def test_a_date_of_birth_cannot_move_behind_what_happened(w: Writer) -> None:
    person = w.create(Person, {"name": "王", "sex": "MALE", "birth_date": date(1940, 1, 1)})
    make.membership(w, person.id, valid_from=date(1950, 1, 1))
    with make.refused("OUTSIDE_LIFE"):
        w.correct(Person, person.id, {"birth_date": date(1950, 1, 2)})


def test_a_risk_event_lies_within_a_life(w: Writer) -> None:
    with make.refused("OUTSIDE_LIFE"):
        w.create(CareRiskEvent, {"person_id": make.person(w).id, "kind": "FALL", "happened_on": date(1930, 1, 1)})


def test_nothing_is_recorded_under_a_record_that_was_merged_away(w: Writer) -> None:
    kept, gone = make.person(w), make.person(w)
    w.correct(Person, gone.id, {"merged_into_id": kept.id})
    with make.refused("OUTSIDE_LIFE"):
        make.membership(w, gone.id)


def test_a_leave_lies_within_its_stay(w: Writer) -> None:
    stay = make.stay(w, make.person(w).id, make.home(w))
    with make.refused("LEAVE_OUTSIDE_STAY"):
        w.create(StayLeave, {"stay_id": stay.id, "left_on": date(2023, 12, 31), "reason": "HOSPITAL"})


# 6: identity.


def test_a_wrong_check_digit_is_refused(w: Writer) -> None:
    with make.refused("ID_NUMBER_CHECK"):
        make.person(w, id_type="RESIDENT_ID", id_number="990101194005060001", birth_date=date(1940, 5, 6))


def test_the_number_and_the_date_of_birth_agree(w: Writer) -> None:
    with make.refused("ID_NUMBER_OTHER_BIRTH_DATE"):
        make.person(w, id_type="RESIDENT_ID", id_number="990101194503122747")


def test_the_sex_of_the_number_is_only_a_notice(w: Writer) -> None:
    values = {"id_type": "RESIDENT_ID", "id_number": "990101194503122747"}
    make.person(w, sex="MALE", birth_date=date(1945, 3, 12), **values)
    assert [notice.code for notice in w.warnings] == ["ID_NUMBER_OTHER_SEX"]


def test_an_unknown_area_is_only_a_notice(w: Writer) -> None:
    body = "98010119450312274"
    values = {"id_type": "RESIDENT_ID", "id_number": body + citizen_check(body), "birth_date": date(1945, 3, 12)}
    assert make.person(w, **values).id_prefix == "980101"
    assert [notice.code for notice in w.warnings] == ["ID_NUMBER_AREA"]


def test_a_number_stands_for_one_person_until_two_records_are_merged(w: Writer) -> None:
    values = {"id_type": "RESIDENT_ID", "id_number": "990101194503122747", "birth_date": date(1945, 3, 12)}
    first = make.person(w, **values)
    with pytest.raises(Conflict, match="ID_NUMBER_TAKEN") as taken:
        make.person(w, **values)
    assert "990101194503122747" not in str(taken.value)
    other = make.person(w)
    w.correct(Person, first.id, {"merged_into_id": other.id})
    make.person(w, **values)


def test_an_old_number_of_fifteen_digits_is_the_same_person(w: Writer) -> None:
    values = {"id_type": "RESIDENT_ID", "birth_date": date(1945, 3, 12)}
    make.person(w, id_number="990101194503122747", **values)
    with pytest.raises(Conflict, match="ID_NUMBER_TAKEN"):
        make.person(w, id_number="990101450312274", **values)


def test_a_row_changed_behind_the_registrys_back_is_found_by_its_rules(w: Writer) -> None:
    held = make.membership(w, make.person(w).id)
    w.session.execute(update(GroupMembership).values(valid_from=date(1900, 1, 1)))
    w.session.execute(text("SELECT 1"))
    with make.refused("OUTSIDE_LIFE"):
        w.correct(GroupMembership, held.id, {"basis": "x"})
    assert w.session.scalar(select(func.count(Residence.id))) == 0
