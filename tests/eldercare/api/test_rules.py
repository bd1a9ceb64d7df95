"""Every rule of the registry cannot be broken through the API either."""

from datetime import date
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.registry import Change
from eldercare.registry.scoring import maxima


@pytest.fixture
def ids(engine: Engine) -> dict[str, str]:
    """A registry with somebody in the only bed of a home, and its ids by name."""
    with Session(engine) as session:
        w = make.writer(session)
        county = make.division(w, code="990100000000")
        gone = make.division(w, code="990200000000", valid_to=date(2016, 1, 1))
        home, closed = make.facility(w, division_id=county.id), make.facility(w, closed_on=date(2025, 1, 1))
        period = make.capacity(w, home.id, open=1)
        resident, other = make.person(w), make.person(w)
        stay = make.stay(w, resident.id, home.id)
        make.membership(w, resident.id)
        operator = make.organisation(w, uscc="52990101000000027H")
        session.commit()
        return {
            "county": f"Division_{county.id}",
            "gone": f"Division_{gone.id}",
            "home": f"Facility_{home.id}",
            "closed": f"Facility_{closed.id}",
            "period": f"CapacityPeriod_{period.id}",
            "resident": f"Person_{resident.id}",
            "other": f"Person_{other.id}",
            "stay": f"Stay_{stay.id}",
            "operator": f"Organisation_{operator.id}",
        }


STAY = 'facilityId: "{home}", bedType: ORDINARY, agreementNumber: "A"'
POOR = 'personId: "{resident}", category: EXTREMELY_POOR'
ITEMS = ", ".join(f"{code}: {most}" for code, most in maxima().items())
BROKEN = {
    "1 two stays at once": (
        'createStay(input: {personId: "{resident}", admittedOn: "2025-01-01", ' + STAY + "})",
        "OVERLAP",
    ),
    "2 no bed is free": (
        'createStay(input: {personId: "{other}", admittedOn: "2025-01-01", ' + STAY + "})",
        "BEDS_EXCEEDED",
    ),
    "2 beds closed under residents": ('correctCapacityPeriod(id: "{period}", input: {open: 0})', "BEDS_EXCEEDED"),
    "2 more reserved than open": (
        'setCapacity(input: {facilityId: "{home}", bedType: NURSING, on: "2026-01-01", open: 1, '
        "reserved: [{category: DIBAO, beds: 2}]})",
        "RESERVED_EXCEEDS_OPEN",
    ),
    "3 membership twice": ("createGroupMembership(input: {" + POOR + ', validFrom: "2020-01-01"})', "OVERLAP"),
    "3 member before birth": (
        'createGroupMembership(input: {personId: "{other}", category: DIBAO, validFrom: "1939-01-01"})',
        "OUTSIDE_LIFE",
    ),
    "3 derived group stored": (
        'determineMembership(input: {personId: "{other}", category: LIVING_ALONE, on: "2026-01-01"})',
        "GROUP_IS_DERIVED",
    ),
    "4 ends before it begins": (
        'createGroupMembership(input: {personId: "{other}", category: DIBAO, validFrom: "2020-01-02", '
        'validTo: "2020-01-01"})',
        "CHECK_VALID_FROM_BEFORE_VALID_TO",
    ),
    "4 a fact in the future": (
        'createGroupMembership(input: {personId: "{other}", category: DIBAO, validFrom: "2026-06-02"})',
        "DATE_IN_FUTURE",
    ),
    "5 discharged before admitted": (
        'discharge(input: {stayId: "{stay}", on: "2023-12-31", reason: WENT_HOME})',
        "CHECK_ADMITTED_BEFORE_DISCHARGED",
    ),
    "5 stays after death": ('correctPerson(id: "{resident}", input: {deceasedOn: "2026-01-01"})', "STAY_AFTER_DEATH"),
    "6 check digit": (
        'createPerson(input: {name: "王", idType: RESIDENT_ID, idNumber: "990101194503122748"})',
        "ID_NUMBER_CHECK",
    ),
    "6 another birthday": (
        'createPerson(input: {name: "王", birthDate: "1945-03-13", idType: RESIDENT_ID, '
        'idNumber: "990101194503122747"})',
        "ID_NUMBER_OTHER_BIRTH_DATE",
    ),
    "7 check character": (
        'createOrganisation(input: {name: "X", kind: ENTERPRISE, uscc: "91990101000000035C"})',
        "CREDIT_CODE_CHECK",
    ),
    "7 code taken": (
        'createOrganisation(input: {name: "X", kind: SOCIAL_SERVICE_ORG, uscc: "52990101000000027H"})',
        "TAKEN",
    ),
    "8 item over its maximum": (
        'createAbilityAssessment(input: {personId: "{other}", assessedOn: "2026-05-01", itemScores: {EATING: 5}})',
        "ITEM_SCORE",
    ),
    "8 level does not follow": (
        'createAbilityAssessment(input: {personId: "{other}", assessedOn: "2026-05-01", level: 3, '
        "itemScores: {" + ITEMS + "}})",
        "SCORE_DISAGREES",
    ),
    "9 closed facility": (
        'createOperatingContract(input: {facilityId: "{closed}", operatorId: "{operator}", mode: PRIVATE, '
        'validFrom: "2024-01-01"})',
        "FACILITY_CLOSED",
    ),
    "9 closing with a resident": (
        'closeFacility(input: {facilityId: "{home}", on: "2026-06-01", reason: "x"})',
        "FACILITY_NOT_EMPTY",
    ),
    "10 a division above its parent": (
        'createDivision(input: {code: "991000000000", level: CITY, name: "X", validFrom: "2000-01-01", '
        'parentId: "{county}"})',
        "DIVISION_LEVEL",
    ),
    "17 a division that is gone": (
        'createResidence(input: {personId: "{other}", base: RESIDENT, divisionId: "{gone}", validFrom: "2020-01-01"})',
        "DIVISION_NOT_IN_FORCE",
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_rule_is_answered_and_nothing_is_kept(
    tell: Asker, ids: dict[str, str], engine: Engine, broken: str
) -> None:
    field, code = BROKEN[broken]
    for name, key in ids.items():
        field = field.replace(f"{{{name}}}", key)
    with Session(engine) as session:
        before = session.scalar(select(func.count(Change.number)))
    answer: dict[str, Any] = tell(f"mutation {{ done: {field} {{ errors {{ code message remedy }} }} }}")
    assert "errors" not in answer, answer
    (error,) = answer["data"]["done"]["errors"]
    assert error["code"] == code
    assert error["message"]
    assert error["remedy"]
    with Session(engine) as session:
        assert session.scalar(select(func.count(Change.number))) == before


def test_every_change_through_the_api_is_in_the_log_with_its_request(
    tell: Asker, ids: dict[str, str], engine: Engine
) -> None:
    text = 'mutation { correctPerson(id: "%s", input: {name: "李"}, reason: "typo") { errors { code } } }'
    tell(text % ids["other"], request_id="r-7")
    with Session(engine) as session:
        last = session.scalars(select(Change).order_by(Change.number.desc())).first()
        assert last is not None
        assert (last.noun, last.author, last.request_id, last.reason) == ("person", "system", "r-7", "typo")
        assert (last.before["name"], last.after["name"]) == ("王秀英", "李")


def test_people_of_the_towns_add_up_to_the_county(tell: Asker, ids: dict[str, str]) -> None:
    def done(field: str, noun: str) -> str:
        answer = tell(f"mutation {{ done: {field} {{ {noun} {{ id }} errors {{ code message }} }} }}")["data"]["done"]
        assert answer["errors"] == []
        return str(answer[noun]["id"])

    towns = [
        done(
            f'createDivision(input: {{code: "99010{n}000000", level: TOWN, name: "T", validFrom: "2010-01-01", '
            f'parentId: "{ids["county"]}"}})',
            "division",
        )
        for n in (1, 2)
    ]
    for person, town in ((ids["resident"], towns[0]), (ids["other"], towns[1])):
        done(
            f'createResidence(input: {{personId: "{person}", base: RESIDENT, divisionId: "{town}", '
            'validFrom: "2020-01-01"})',
            "residence",
        )

    def people(division: str) -> int:
        return int(
            tell(f'{{ people(filter: {{within: "{division}"}}) {{ totalCount }} }}')["data"]["people"]["totalCount"]
        )

    assert [people(town) for town in towns] == [1, 1]
    assert people(ids["county"]) == 2


def test_a_refused_value_inside_a_value_is_named_from_outside_in(tell: Asker, ids: dict[str, str]) -> None:
    text = (
        'mutation { createAbilityAssessment(input: {personId: "%s", assessedOn: "2026-05-01", '
        "itemScores: {EATING: 5}}) { errors { code path } } }"
    )
    errors = tell(text % ids["other"])["data"]["createAbilityAssessment"]["errors"]
    assert errors == [{"code": "ITEM_SCORE", "path": ["input", "itemScores", "EATING"]}]
    text = (
        'mutation { createPerson(input: {name: "王", idType: RESIDENT_ID, idNumber: "990101194503122748"}) '
        "{ errors { path } } }"
    )
    assert tell(text)["data"]["createPerson"]["errors"] == [{"path": ["input", "idNumber"]}]
