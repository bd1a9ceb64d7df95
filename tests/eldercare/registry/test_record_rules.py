"""Organisations, assessments, facilities, divisions and ratings, each with an attempt to break its rule."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, literal, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.kit.errors import InvalidInput
from eldercare.registry import (
    ENTITIES,
    AbilityAssessment,
    CapacityPeriod,
    Change,
    Division,
    Facility,
    FacilityPhase,
    Organisation,
    PopulationStatistic,
    Rating,
    Stay,
)
from eldercare.registry.change import Writer
from eldercare.registry.closing import close_facility
from eldercare.registry.entity import Entity, table_of
from eldercare.registry.group import people_within
from eldercare.registry.invariant import reachable
from eldercare.registry.query import View
from eldercare.registry.rules import rule
from eldercare.registry.scoring import maxima


@pytest.fixture
def w(session: Session) -> Writer:
    return make.writer(session)


# 7: organisations.


def test_a_credit_code_is_checked_and_unique(w: Writer) -> None:
    make.organisation(w, uscc="52990101000000027H")
    with make.refused("TAKEN"):
        make.organisation(w, uscc="52990101000000027H")
    with pytest.raises(InvalidInput, match="CREDIT_CODE_CHECK"):
        make.organisation(w, uscc="529901010000000270")


def test_a_credit_code_of_another_kind_is_a_notice(w: Writer) -> None:
    make.organisation(w, uscc="91990101000000035B")
    assert [notice.code for notice in w.warnings] == ["CREDIT_CODE_OTHER_KIND"]
    assert w.session.scalar(select(func.count(Organisation.id))) == 1


# 8: assessments.


def test_an_assessment_is_scored_from_its_items(w: Writer) -> None:
    found = make.assessment(w, make.person(w).id, item_scores=maxima(), total=None)
    assert (found.total, found.level, found.self_care_score, found.valid_to) == (90, 0, 32, date(2026, 9, 1))


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"item_scores": {**maxima(), "STAIRS": 4}, "total": None}, "ITEM_SCORE"),
        ({"item_scores": maxima(), "total": 89}, "SCORE_DISAGREES"),
        ({"item_scores": [4], "total": None}, "ITEM_SCORES"),
        ({"assessed_on": date(9999, 12, 31)}, "DATE_IN_FUTURE"),
        ({"total": 40, "level": 2}, "SCORE_DISAGREES"),
        ({"total": 40, "level": 3, "mental_diagnosis": True}, "SCORE_DISAGREES"),
        ({"total": 91}, "TOTAL_RANGE"),
        ({"instrument": "LTCI_2021", "level": 3, "total": None}, "LEVEL_NOT_CONVERTED"),
        ({"total": None, "level": 5}, "CHECK_LEVEL"),
        ({"total": None}, "CHECK_LEVEL_OF_GBT_42195"),
    ],
)
def test_a_level_that_does_not_follow_is_refused(w: Writer, values: dict[str, Any], code: str) -> None:
    with make.refused(code):
        make.assessment(w, make.person(w).id, **values)


def test_a_corrected_diagnosis_raises_the_level_with_it(w: Writer) -> None:
    found = make.assessment(w, make.person(w).id, item_scores=maxima(), total=None)
    with make.refused("SCORE_DISAGREES"):
        w.correct(AbilityAssessment, found.id, {"mental_diagnosis": True})
    raised = w.correct(AbilityAssessment, found.id, {"mental_diagnosis": True, "level": 1})
    assert (raised.preliminary_level, raised.level) == (0, 1)


# 9: closed facilities.


def test_a_closed_facility_takes_nothing_new(w: Writer) -> None:
    closed = make.facility(w, closed_on=date(2025, 1, 1))
    for act in (
        lambda: make.capacity(w, closed.id),
        lambda: make.contract(w, closed.id, make.organisation(w).id),
        lambda: w.create(
            Rating,
            {"facility_id": closed.id, "scheme": "INSTITUTION_STAR", "level": 1, "issued_on": date(2024, 1, 1)},
        ),
    ):
        with make.refused("FACILITY_CLOSED"):
            act()


def test_a_facility_cannot_be_closed_by_a_correction_while_beds_are_open(w: Writer) -> None:
    there = make.home(w)
    with make.refused("FACILITY_NOT_EMPTY"):
        w.correct(Facility, there, {"closed_on": date(2026, 1, 1)})


def test_the_state_closed_belongs_to_a_closed_facility(w: Writer) -> None:
    with make.refused("FACILITY_NOT_CLOSED"):
        w.create(
            FacilityPhase,
            {"facility_id": make.facility(w).id, "status": "CLOSED", "valid_from": date(2026, 1, 1)},
        )


def test_a_closed_facility_is_not_reopened_by_a_correction(w: Writer) -> None:
    home = make.facility(w)
    make.phase(w, home.id)
    close_facility(w, facility_id=home.id, on=date(2026, 1, 1), reason="merged")
    with make.refused("FACILITY_NOT_CLOSED"):
        w.correct(Facility, home.id, {"closed_on": None})


# 10: roll-up.


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 5), min_size=1, max_size=12))
def test_people_of_the_villages_add_up_to_the_city(sqlite_engine: Engine, homes: list[int]) -> None:
    with Session(sqlite_engine) as session:
        w = make.writer(session)
        tree = planted_tree(w)
        for village in homes:
            make.residence(w, make.person(w).id, tree["villages"][village])
        view = View(literal(make.TODAY))

        def people(key: int) -> int:
            return len(set(session.scalars(people_within(key, view))))

        assert sum(people(key) for key in tree["villages"]) == people(tree["county"]) == people(tree["city"])
        assert people(tree["city"]) == len(homes)
        session.rollback()


def planted_tree(w: Writer) -> dict[str, Any]:
    city = make.division(w, level="CITY", code="990000000000")
    county = make.division(w, level="COUNTY", code="990100000000", parent_id=city.id)
    town = make.division(w, level="TOWN", code="990101000000", parent_id=county.id)
    unassigned = make.division(w, level="TOWN", code="990199000000", parent_id=county.id, name="UNASSIGNED")
    parents = [town.id] * 5 + [unassigned.id]
    villages = [
        make.division(
            w, level="VILLAGE", code=f"99010{1 + 98 * (n == 5):03}{n:04}"[:12].ljust(12, "0"), parent_id=key
        ).id
        for n, key in enumerate(parents)
    ]
    return {"city": city.id, "county": county.id, "villages": villages}


def test_a_division_lies_below_its_parent(w: Writer) -> None:
    county = make.division(w)
    with make.refused("DIVISION_LEVEL"):
        make.division(w, level="CITY", parent_id=county.id)
    town = make.division(w, level="TOWN", parent_id=county.id)
    assert town.path == f"/{county.code}/{town.code}"


# 16: provenance and the log.


@pytest.mark.parametrize("noun", [noun for noun in ENTITIES if issubclass(noun, Entity)])
def test_the_database_demands_a_source_of_every_record(noun: type[Entity]) -> None:
    column = table_of(noun).c.source_id
    assert not column.nullable
    assert [key.target_fullname for key in column.foreign_keys] == ["source.id"]


def test_every_write_leaves_its_entry_in_the_log(w: Writer) -> None:
    stay = make.stay(w, make.person(w).id, make.home(w))
    w.correct(Stay, stay.id, {"bed_number": "1"})
    w.end(Stay, stay.id, date(2026, 1, 1), also={"discharge_reason": "OTHER"})
    told = select(Change.kind, Change.version).where(Change.noun == "stay").order_by(Change.number)
    assert list(map(tuple, w.session.execute(told))) == [("CREATE", 1), ("CORRECT", 2), ("END", 3)]


# 17: divisions.


def test_a_residence_lies_in_a_division_that_existed(w: Writer) -> None:
    person_id, gone = make.person(w).id, make.division(w, valid_to=date(2016, 1, 1))
    with make.refused("DIVISION_NOT_IN_FORCE"):
        make.residence(w, person_id, gone.id, valid_from=date(2016, 1, 1))
    make.residence(w, person_id, gone.id, valid_from=date(2015, 12, 31))


def test_a_facility_and_a_figure_lie_in_a_division_that_existed(w: Writer) -> None:
    gone = make.division(w, valid_to=date(2005, 1, 1))
    with make.refused("DIVISION_NOT_IN_FORCE"):
        make.facility(w, division_id=gone.id)
    figure = {"division_id": gone.id, "counted_on": date(2010, 1, 1), "age_from": 60, "people": 5}
    with make.refused("DIVISION_NOT_IN_FORCE"):
        w.create(PopulationStatistic, figure)


def test_a_division_cannot_end_before_what_is_recorded_in_it(w: Writer) -> None:
    county = make.division(w)
    make.residence(w, make.person(w).id, county.id, valid_from=date(2010, 1, 1))
    with make.refused("DIVISION_LEFT_BEHIND"):
        w.correct(Division, county.id, {"valid_from": date(2010, 1, 2)})
    with make.refused("DIVISION_LEFT_BEHIND"):
        w.end(Division, county.id, date(2010, 1, 1))
    assert w.end(Division, county.id, date(2010, 1, 2)).valid_to == date(2010, 1, 2)


def test_a_division_begins_under_a_parent_that_exists(w: Writer) -> None:
    parent = make.division(w, level="CITY", valid_from=date(2010, 1, 1))
    with make.refused("DIVISION_NOT_IN_FORCE"):
        make.division(w, parent_id=parent.id)


def test_one_code_of_one_level_stands_for_one_division_at_a_time(w: Writer) -> None:
    first = make.division(w, valid_to=date(2010, 1, 1))
    with make.refused("OVERLAP"):
        make.division(w, code=first.code, valid_from=date(2009, 1, 1))
    make.division(w, code=first.code, valid_from=date(2010, 1, 1))


def test_a_division_keeps_its_code(w: Writer) -> None:
    with make.refused("DIVISION_MOVED"):
        w.correct(Division, make.division(w).id, {"code": "998877000000"})


# What is left when a record is taken back.


def test_beds_cannot_be_annulled_under_residents(w: Writer) -> None:
    there = make.home(w, open=1)
    stay = make.stay(w, make.person(w).id, there)
    period = w.session.scalars(select(CapacityPeriod)).one()
    with make.refused("BEDS_EXCEEDED"):
        w.annul(CapacityPeriod, period.id, reason="mistake")
    w.annul(Stay, stay.id, reason="mistake")
    w.annul(CapacityPeriod, period.id, reason="mistake")


def test_a_phase_in_the_middle_cannot_be_annulled(w: Writer) -> None:
    home = make.facility(w)
    days = [date(2020 + n, 1, 1) for n in range(4)]
    states = ["OPERATING", "SUSPENDED", "OPERATING"]
    phases = [
        make.phase(w, home.id, status=state, valid_from=days[n], valid_to=days[n + 1] if n < 2 else None)
        for n, state in enumerate(states)
    ]
    with make.refused("GAP"):
        w.annul(FacilityPhase, phases[1].id, reason="mistake")
    w.annul(FacilityPhase, phases[0].id, reason="mistake")


def test_a_state_in_the_middle_cannot_become_one_that_leads_nowhere(w: Writer) -> None:
    home = make.facility(w)
    first = make.phase(w, home.id, status="OPERATING", valid_from=date(2020, 1, 1), valid_to=date(2021, 1, 1))
    make.phase(w, home.id, status="SUSPENDED", valid_from=date(2021, 1, 1))
    with make.refused("TRANSITION|FACILITY_NOT_CLOSED"):
        w.correct(FacilityPhase, first.id, {"status": "CLOSED"})


# Ratings.


def test_a_scheme_takes_its_kinds_levels_and_issuers_only(w: Writer) -> None:
    nursing, centre = make.facility(w), make.facility(w, kind="HOME_CARE_CENTER")
    city = make.division(w, level="CITY")
    base = {"scheme": "INSTITUTION_STAR", "level": 2, "issued_on": date(2026, 1, 1)}
    with make.refused("RATING_OF_ANOTHER_KIND"):
        w.create(Rating, base | {"facility_id": centre.id})
    with make.refused("RATING_LEVEL"):
        w.create(Rating, base | {"facility_id": nursing.id, "level": 6})
    with make.refused("RATING_TOO_HIGH"):
        w.create(Rating, base | {"facility_id": nursing.id, "level": 4, "issuer_id": city.id})
    given = w.create(Rating, base | {"facility_id": nursing.id, "issuer_id": city.id})
    with make.refused("RATING_OF_ANOTHER_KIND"):
        w.correct(Facility, nursing.id, {"kind": "MEAL_POINT"})
    assert given.valid_to == date(2029, 1, 1)
    with make.refused("OVERLAP"):
        w.create(Rating, base | {"facility_id": nursing.id, "issued_on": date(2026, 2, 1)})


def test_every_state_leads_only_to_states_that_exist() -> None:
    for table in ("facility_transitions", "application_transitions"):
        steps = rule(table)
        assert {after for each in steps.values() for after in each} <= set(steps)
        assert all(state not in after or after for state, after in reachable(steps).items())
