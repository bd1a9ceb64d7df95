"""Every rule of the registry, each with an attempt to break it."""

import threading
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, insert, literal, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import factories as make
from eldercare.kit.errors import Conflict, EldercareError, InvalidInput, RuleViolation
from eldercare.registry import (
    ENTITIES,
    AbilityAssessment,
    CapacityPeriod,
    CareRiskEvent,
    Change,
    Division,
    Facility,
    FacilityPhase,
    GroupMembership,
    Organisation,
    Person,
    PopulationStatistic,
    Rating,
    Residence,
    Stay,
    StayLeave,
)
from eldercare.registry.change import Writer
from eldercare.registry.entity import Entity, names_of, table_of
from eldercare.registry.group import people_within
from eldercare.registry.invariant import reachable
from eldercare.registry.membership import GroupCategory
from eldercare.registry.query import View
from eldercare.registry.rules import DERIVED_CATEGORIES, rule
from eldercare.registry.scoring import maxima


@pytest.fixture
def w(session: Session) -> Writer:
    return make.writer(session)


def refused(code: str) -> Any:
    """What is refused with this code, a remedy and without a value in its sentence."""
    return pytest.raises(EldercareError, match=rf"^{code}: .+ .+")


DISCHARGED = {"discharged_on": date(2024, 6, 1), "discharge_reason": "WENT_HOME"}

# 1: one open stay per person, and stays that do not overlap.


def home(w: Writer, **values: Any) -> int:
    found = make.facility(w)
    make.capacity(w, found.id, **values)
    return found.id


def copied(stay: Stay) -> dict[str, Any]:
    return {name: getattr(stay, name) for name in names_of(Stay) if name != "id"}


def test_nobody_lives_in_two_places(w: Writer) -> None:
    person_id = make.person(w).id
    make.stay(w, person_id, home(w))
    with refused("OVERLAP"):
        make.stay(w, person_id, home(w), admitted_on=date(2026, 1, 1))


def test_an_ended_stay_does_not_overlap_another(w: Writer) -> None:
    person_id, there = make.person(w).id, home(w)
    make.stay(w, person_id, there, **DISCHARGED)
    with refused("OVERLAP"):
        make.stay(w, person_id, there, admitted_on=date(2024, 5, 31), **DISCHARGED)
    make.stay(w, person_id, there, admitted_on=date(2024, 6, 1))


def test_the_database_itself_refuses_a_second_open_stay(w: Writer) -> None:
    stay = make.stay(w, make.person(w).id, home(w))
    row = copied(stay)
    with pytest.raises(IntegrityError), w.session.begin_nested():
        w.session.execute(insert(Stay).values(**row))


def test_postgresql_itself_refuses_overlapping_stays(postgres_engine: Engine) -> None:
    with Session(postgres_engine) as session:
        w = make.writer(session)
        stay = make.stay(w, make.person(w).id, home(w), **DISCHARGED)
        row = copied(stay)
        with pytest.raises(IntegrityError, match="ex_stay_person"), session.begin_nested():
            session.execute(insert(Stay).values(**row))


def test_two_connections_cannot_admit_the_same_person_at_once(engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        person_id, homes = make.person(w).id, [home(w), home(w)]
        session.commit()
    outcomes: list[str] = []

    def admit(facility_id: int) -> None:
        with Session(engine) as session:
            try:
                make.stay(make.writer(session), person_id, facility_id)
                session.commit()
                outcomes.append("admitted")
            except EldercareError as error:
                outcomes.append(error.code)

    threads = [threading.Thread(target=admit, args=(key,)) for key in homes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["OVERLAP", "admitted"]


# 2: beds.


def test_residents_never_exceed_open_beds_on_any_day(w: Writer) -> None:
    there = home(w, open=1)
    make.stay(w, make.person(w).id, there, **DISCHARGED)
    with refused("BEDS_EXCEEDED"):
        make.stay(w, make.person(w).id, there, admitted_on=date(2024, 5, 31))
    make.stay(w, make.person(w).id, there, admitted_on=date(2024, 6, 1))


def test_an_earlier_admission_cannot_take_a_bed_that_is_taken_later(w: Writer) -> None:
    there = home(w, open=1)
    make.stay(w, make.person(w).id, there, admitted_on=date(2024, 6, 1))
    with refused("BEDS_EXCEEDED"):
        make.stay(w, make.person(w).id, there, admitted_on=date(2024, 1, 1))


def test_beds_cannot_be_closed_under_residents(w: Writer) -> None:
    there = home(w, open=1)
    make.stay(w, make.person(w).id, there)
    period = w.session.scalars(select(CapacityPeriod)).one()
    with refused("BEDS_EXCEEDED"):
        w.correct(CapacityPeriod, period.id, {"open": 0})
    with refused("BEDS_EXCEEDED"):
        w.end(CapacityPeriod, period.id, date(2026, 1, 1))


def test_two_connections_cannot_take_the_last_bed_at_once(engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        there, people = home(w, open=1), [make.person(w).id for _ in range(3)]
        session.commit()
    outcomes: list[str] = []

    def admit(person_id: int) -> None:
        with Session(engine) as session:
            try:
                make.stay(make.writer(session), person_id, there)
                session.commit()
                outcomes.append("admitted")
            except EldercareError as error:
                outcomes.append(error.code)

    threads = [threading.Thread(target=admit, args=(key,)) for key in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["BEDS_EXCEEDED", "BEDS_EXCEEDED", "admitted"]


def test_more_open_than_filed_is_a_notice(w: Writer) -> None:
    make.capacity(w, make.facility(w).id, open=11, filed=10, designed=9)
    assert [notice.code for notice in w.warnings] == ["MORE_THAN_FILED", "MORE_THAN_DESIGNED"]


def test_capacity_has_no_gap(w: Writer) -> None:
    there = home(w, valid_to=date(2020, 1, 1))
    with refused("GAP"):
        make.capacity(w, there, valid_from=date(2020, 1, 2))


# 3: memberships.


def test_no_two_memberships_of_one_category_overlap(w: Writer) -> None:
    person_id = make.person(w).id
    make.membership(w, person_id, valid_to=date(2020, 1, 1))
    with refused("OVERLAP"):
        make.membership(w, person_id, valid_from=date(2019, 12, 31))
    make.membership(w, person_id, valid_from=date(2020, 1, 1))
    make.membership(w, person_id, category=GroupCategory.DIBAO)


def test_a_rejected_membership_stands_in_nobodys_way(w: Writer) -> None:
    person_id = make.person(w).id
    make.membership(w, person_id, status="REJECTED")
    make.membership(w, person_id)


def test_no_membership_begins_before_birth(w: Writer) -> None:
    with refused("OUTSIDE_LIFE"):
        make.membership(w, make.person(w).id, valid_from=date(1940, 5, 5))


@pytest.mark.parametrize("category", DERIVED_CATEGORIES)
def test_derived_groups_are_never_stored(w: Writer, category: GroupCategory) -> None:
    with refused("GROUP_IS_DERIVED"):
        make.membership(w, make.person(w).id, category=category)


# 4: dates.


def test_a_validity_ends_after_it_begins(w: Writer) -> None:
    with refused("CHECK_VALID_FROM_BEFORE_VALID_TO"):
        make.membership(w, make.person(w).id, valid_to=date(2018, 1, 1))


@pytest.mark.parametrize("noun", [noun for noun in ENTITIES if noun.__validity__])
def test_the_database_holds_the_order_of_every_validity(w: Writer, noun: type[Any]) -> None:
    start, end = noun.__validity__
    checks = [str(c.sqltext) for c in table_of(noun).constraints if hasattr(c, "sqltext")]
    assert any(start in check and end in check and "<" in check for check in checks)


def test_no_fact_lies_in_the_future_but_plans_may(w: Writer) -> None:
    with refused("DATE_IN_FUTURE"):
        make.membership(w, make.person(w).id, valid_from=date(2026, 6, 2))
    make.membership(w, make.person(w).id, next_review_on=date(2027, 1, 1))
    make.contract(w, make.facility(w).id, make.organisation(w).id, valid_from=date(2026, 7, 1))


# 5: lives.


def test_nobody_is_admitted_before_birth_or_after_death(w: Writer) -> None:
    person = make.person(w, birth_date=date(1930, 1, 1), deceased_on=date(2020, 1, 1))
    for day in (date(1929, 12, 31), date(2020, 1, 2)):
        with pytest.raises(RuleViolation, match=r"OUTSIDE_LIFE|FACILITY_NOT_OPEN|BEDS_EXCEEDED"):
            make.stay(w, person.id, home(w), admitted_on=day, discharged_on=day, discharge_reason="OTHER")


def test_nobody_dies_and_stays(w: Writer) -> None:
    stay = make.stay(w, make.person(w).id, home(w))
    with refused("STAY_AFTER_DEATH"):
        w.correct(Person, stay.person_id, {"deceased_on": date(2026, 1, 1)})


def test_nobody_is_discharged_after_death(w: Writer) -> None:
    person = make.person(w, deceased_on=date(2024, 5, 1))
    with refused("STAY_AFTER_DEATH"):
        make.stay(w, person.id, home(w), **DISCHARGED)


def test_a_date_of_birth_cannot_move_behind_what_happened(w: Writer) -> None:
    person = w.create(Person, {"name": "王", "sex": "MALE", "birth_date": date(1940, 1, 1)})
    make.membership(w, person.id)
    with refused("OUTSIDE_LIFE"):
        w.correct(Person, person.id, {"birth_date": date(2018, 1, 2)})


def test_a_risk_event_lies_within_a_life(w: Writer) -> None:
    with refused("OUTSIDE_LIFE"):
        w.create(CareRiskEvent, {"person_id": make.person(w).id, "kind": "FALL", "happened_on": date(1930, 1, 1)})


def test_nothing_is_recorded_under_a_record_that_was_merged_away(w: Writer) -> None:
    kept, gone = make.person(w), make.person(w)
    w.correct(Person, gone.id, {"merged_into_id": kept.id})
    with refused("OUTSIDE_LIFE"):
        make.membership(w, gone.id)


def test_a_leave_lies_within_its_stay(w: Writer) -> None:
    stay = make.stay(w, make.person(w).id, home(w))
    with refused("LEAVE_OUTSIDE_STAY"):
        w.create(StayLeave, {"stay_id": stay.id, "left_on": date(2023, 12, 31), "reason": "HOSPITAL"})


# 6: identity.


def test_a_wrong_check_digit_is_refused(w: Writer) -> None:
    with refused("ID_NUMBER_CHECK"):
        make.person(w, id_type="RESIDENT_ID", id_number="990101194005060001", birth_date=date(1940, 5, 6))


def test_the_number_and_the_date_of_birth_agree(w: Writer) -> None:
    with refused("ID_NUMBER_OTHER_BIRTH_DATE"):
        make.person(w, id_type="RESIDENT_ID", id_number="990101194503122747")


def test_the_sex_of_the_number_is_only_a_notice(w: Writer) -> None:
    values = {"id_type": "RESIDENT_ID", "id_number": "990101194503122747"}
    make.person(w, sex="MALE", birth_date=date(1945, 3, 12), **values)
    assert [notice.code for notice in w.warnings] == ["ID_NUMBER_OTHER_SEX"]


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


# 7: organisations.


def test_a_credit_code_is_checked_and_unique(w: Writer) -> None:
    make.organisation(w, uscc="52990101000000027H")
    with refused("TAKEN"):
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
        ({"total": 40, "level": 2}, "SCORE_DISAGREES"),
        ({"total": 40, "level": 3, "mental_diagnosis": True}, "SCORE_DISAGREES"),
        ({"total": 91}, "TOTAL_RANGE"),
        ({"instrument": "LTCI_2021", "level": 3, "total": None}, "LEVEL_NOT_CONVERTED"),
        ({"total": None, "level": 5}, "CHECK_LEVEL"),
        ({"total": None}, "CHECK_LEVEL_OF_GBT_42195"),
    ],
)
def test_a_level_that_does_not_follow_is_refused(w: Writer, values: dict[str, Any], code: str) -> None:
    with refused(code):
        make.assessment(w, make.person(w).id, **values)


def test_a_corrected_diagnosis_raises_the_level_with_it(w: Writer) -> None:
    found = make.assessment(w, make.person(w).id, item_scores=maxima(), total=None)
    with refused("SCORE_DISAGREES"):
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
        with refused("FACILITY_CLOSED"):
            act()


def test_a_facility_cannot_be_closed_by_a_correction_while_beds_are_open(w: Writer) -> None:
    there = home(w)
    with refused("FACILITY_NOT_EMPTY"):
        w.correct(Facility, there, {"closed_on": date(2026, 1, 1)})


def test_the_state_closed_belongs_to_a_closed_facility(w: Writer) -> None:
    with refused("FACILITY_NOT_CLOSED"):
        w.create(
            FacilityPhase,
            {"facility_id": make.facility(w).id, "status": "CLOSED", "valid_from": date(2026, 1, 1)},
        )


# 10: roll-up.


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
    with refused("DIVISION_LEVEL"):
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
    stay = make.stay(w, make.person(w).id, home(w))
    w.correct(Stay, stay.id, {"bed_number": "1"})
    w.end(Stay, stay.id, date(2026, 1, 1), also={"discharge_reason": "OTHER"})
    told = select(Change.kind, Change.version).where(Change.noun == "stay").order_by(Change.number)
    assert list(map(tuple, w.session.execute(told))) == [("CREATE", 1), ("CORRECT", 2), ("END", 3)]


# 17: divisions.


def test_a_residence_lies_in_a_division_that_existed(w: Writer) -> None:
    person_id, gone = make.person(w).id, make.division(w, valid_to=date(2016, 1, 1))
    with refused("DIVISION_NOT_IN_FORCE"):
        make.residence(w, person_id, gone.id, valid_from=date(2016, 1, 1))
    make.residence(w, person_id, gone.id, valid_from=date(2015, 12, 31))


def test_a_facility_and_a_figure_lie_in_a_division_that_existed(w: Writer) -> None:
    gone = make.division(w, valid_to=date(2005, 1, 1))
    with refused("DIVISION_NOT_IN_FORCE"):
        make.facility(w, division_id=gone.id)
    figure = {"division_id": gone.id, "counted_on": date(2010, 1, 1), "age_from": 60, "people": 5}
    with refused("DIVISION_NOT_IN_FORCE"):
        w.create(PopulationStatistic, figure)


def test_a_division_begins_under_a_parent_that_exists(w: Writer) -> None:
    parent = make.division(w, level="CITY", valid_from=date(2010, 1, 1))
    with refused("DIVISION_NOT_IN_FORCE"):
        make.division(w, parent_id=parent.id)


def test_one_code_of_one_level_stands_for_one_division_at_a_time(w: Writer) -> None:
    first = make.division(w, valid_to=date(2010, 1, 1))
    with refused("OVERLAP"):
        make.division(w, code=first.code, valid_from=date(2009, 1, 1))
    make.division(w, code=first.code, valid_from=date(2010, 1, 1))


def test_a_division_keeps_its_code(w: Writer) -> None:
    with refused("DIVISION_MOVED"):
        w.correct(Division, make.division(w).id, {"code": "998877000000"})


# Ratings.


def test_a_scheme_takes_its_kinds_levels_and_issuers_only(w: Writer) -> None:
    nursing, centre = make.facility(w), make.facility(w, kind="HOME_CARE_CENTER")
    city = make.division(w, level="CITY")
    base = {"scheme": "INSTITUTION_STAR", "level": 2, "issued_on": date(2026, 1, 1)}
    with refused("RATING_OF_ANOTHER_KIND"):
        w.create(Rating, base | {"facility_id": centre.id})
    with refused("RATING_LEVEL"):
        w.create(Rating, base | {"facility_id": nursing.id, "level": 6})
    with refused("RATING_TOO_HIGH"):
        w.create(Rating, base | {"facility_id": nursing.id, "level": 4, "issuer_id": city.id})
    given = w.create(Rating, base | {"facility_id": nursing.id, "issuer_id": city.id})
    assert given.valid_to == date(2029, 1, 1)
    with refused("OVERLAP"):
        w.create(Rating, base | {"facility_id": nursing.id, "issued_on": date(2026, 2, 1)})


def test_every_state_leads_only_to_states_that_exist() -> None:
    for table in ("facility_transitions", "application_transitions"):
        steps = rule(table)
        assert {after for each in steps.values() for after in each} <= set(steps)
        assert all(state not in after or after for state, after in reachable(steps).items())


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=8), st.integers(1, 3))
def test_whatever_is_accepted_leaves_a_bed_for_everybody(
    sqlite_engine: Engine, wishes: list[tuple[int, int]], beds: int
) -> None:
    start = date(2024, 1, 1).toordinal()
    with Session(sqlite_engine) as session:
        w = make.writer(session)
        there, people = home(w, open=beds), [make.person(w).id for _ in range(3)]
        for number, (first, length) in enumerate(wishes):
            last = date.fromordinal(start + first + length)
            try:
                make.stay(
                    w,
                    people[number % 3],
                    there,
                    admitted_on=date.fromordinal(start + first),
                    discharged_on=last,
                    discharge_reason="OTHER",
                )
            except RuleViolation:
                continue
        stays = session.scalars(select(Stay)).all()
        for day in range(start, start + 81):
            there_then = [s for s in stays if s.admitted_on.toordinal() <= day < _end(s)]
            assert len(there_then) <= beds
            assert len({s.person_id for s in there_then}) == len(there_then)
        session.rollback()


def _end(stay: Stay) -> int:
    assert stay.discharged_on is not None
    return stay.discharged_on.toordinal()


def test_a_row_changed_behind_the_registrys_back_is_found_by_its_rules(w: Writer) -> None:
    held = make.membership(w, make.person(w).id)
    w.session.execute(update(GroupMembership).values(valid_from=date(1900, 1, 1)))
    w.session.execute(text("SELECT 1"))
    with refused("OUTSIDE_LIFE"):
        w.correct(GroupMembership, held.id, {"basis": "x"})
    assert w.session.scalar(select(func.count(Residence.id))) == 0
