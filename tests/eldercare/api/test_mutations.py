"""Writes through the API: every noun, the named commands, their errors, retries and versions."""

import asyncio
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.api.execute import Request
from eldercare.api.schema import Api
from eldercare.registry import Change, Facility, IdempotencyKey, Person, Source, Stay
from eldercare.security.principal import SYSTEM


@pytest.fixture
def home(engine: Engine) -> dict[str, str]:
    """The ids of an operating home with one nursing bed and of an assessed person."""
    with Session(engine) as session:
        w = make.writer(session)
        facility, person = make.facility(w), make.person(w)
        make.phase(w, facility.id)
        make.capacity(w, facility.id, bed_type="NURSING", open=1)
        make.assessment(w, person.id)
        session.commit()
        return {"facility": f"Facility_{facility.id}", "person": f"Person_{person.id}"}


def data(answer: dict[str, Any], field: str) -> Any:
    """What a root field answered, when nothing went wrong outside its payload."""
    assert "errors" not in answer, answer
    return answer["data"][field]


NEW_PERSON = """mutation New($input: CreatePersonInput!, $key: String) {
  createPerson(input: $input, idempotencyKey: $key) {
    person { id name sex birthDate version source { system collectionMethod recordedBy } }
    errors { code message path remedy } notices { code path } } }"""

ADMIT = """mutation Admit($input: AdmitInput!) { admit(input: $input) {
    stay { id admittedOn bedType person { name } facility { residents } }
    errors { code message path remedy } } }"""


def test_a_person_is_created_with_what_the_number_says(tell: Asker, engine: Engine) -> None:
    number = "990101194503122747"
    values = {"name": "李桂兰", "idType": "RESIDENT_ID", "idNumber": number, "phone": "13800000000"}
    found = data(tell(NEW_PERSON, {"input": values}), "createPerson")
    assert found["errors"] == []
    assert {k: found["person"][k] for k in ("name", "sex", "birthDate", "version")} == {
        "name": "李桂兰",
        "sex": "FEMALE",
        "birthDate": "1945-03-12",
        "version": 1,
    }
    assert found["person"]["source"] == {"system": "API", "collectionMethod": "ENTRY", "recordedBy": "system"}
    with Session(engine) as session:
        kept = session.scalars(select(Person)).one()
        assert kept.id_digest == make.KEYS.digest(number)
        assert kept.phone is not None
        assert make.KEYS.decrypt("person.phone", kept.phone) == "13800000000"


def test_a_wrong_check_digit_is_answered_with_code_path_and_remedy(tell: Asker, engine: Engine) -> None:
    values = {"name": "李桂兰", "idType": "RESIDENT_ID", "idNumber": "990101194503122748"}
    found = data(tell(NEW_PERSON, {"input": values}), "createPerson")
    assert found["person"] is None
    assert [error["code"] for error in found["errors"]] == ["ID_NUMBER_CHECK"]
    assert found["errors"][0]["remedy"]
    with Session(engine) as session:
        assert session.scalar(select(func.count(Person.id))) == 0
        assert session.scalar(select(func.count(Source.id))) == 0


def test_a_mismatch_of_sex_is_a_notice_and_no_error(tell: Asker) -> None:
    values = {"name": "李桂兰", "sex": "MALE", "idType": "RESIDENT_ID", "idNumber": "990101194503122747"}
    found = data(tell(NEW_PERSON, {"input": values}), "createPerson")
    assert (found["errors"], found["notices"]) == ([], [{"code": "ID_NUMBER_OTHER_SEX", "path": ["input", "sex"]}])


def test_a_number_belongs_to_one_person(tell: Asker) -> None:
    values = {"name": "李桂兰", "idType": "RESIDENT_ID", "idNumber": "990101194503122747"}
    tell(NEW_PERSON, {"input": values})
    found = data(tell(NEW_PERSON, {"input": values}), "createPerson")
    assert [(e["code"], e["path"]) for e in found["errors"]] == [("ID_NUMBER_TAKEN", ["input", "idNumber"])]
    assert "990101194503122747" not in str(found)


def test_a_retry_with_the_same_key_does_nothing_twice(tell: Asker, engine: Engine) -> None:
    values = {"name": "李桂兰", "sex": "FEMALE", "birthDate": "1945-03-12"}
    first, again = (tell(NEW_PERSON, {"input": values, "key": "k-1"}) for _ in range(2))
    assert first == again
    with Session(engine) as session:
        assert session.scalar(select(func.count(Person.id))) == 1
        assert session.scalar(select(func.count()).select_from(IdempotencyKey)) == 1


def test_the_same_request_sent_twice_at_once_is_done_once(tell: Asker, engine: Engine) -> None:
    number = {"name": "李桂兰", "idType": "RESIDENT_ID", "idNumber": "990101194503122747"}
    request = Request(NEW_PERSON, {"input": number, "key": "k-1"}, viewer=SYSTEM)

    async def together() -> list[bytes]:
        answers = await asyncio.gather(*(tell.executor.execute(request) for _ in range(3)))
        return [answer.body for answer in answers]

    bodies = tell.loop.run_until_complete(together())
    assert len(set(bodies)) == 1
    assert b'"errors":[]' in bodies[0]
    with Session(engine) as session:
        assert session.scalar(select(func.count(Person.id))) == 1


def test_the_same_key_for_another_request_is_a_conflict(tell: Asker) -> None:
    values = {"name": "李桂兰", "sex": "FEMALE", "birthDate": "1945-03-12"}
    tell(NEW_PERSON, {"input": values, "key": "k-1"})
    found = data(tell(NEW_PERSON, {"input": {**values, "name": "other"}, "key": "k-1"}), "createPerson")
    assert [(e["code"], e["path"]) for e in found["errors"]] == [("IDEMPOTENCY_KEY_REUSED", ["idempotencyKey"])]


def test_a_refused_request_may_be_sent_again_with_the_same_key(tell: Asker) -> None:
    tell(NEW_PERSON, {"input": {"name": "李桂兰"}, "key": "k-1"})
    values = {"name": "李桂兰", "sex": "FEMALE", "birthDate": "1945-03-12"}
    assert data(tell(NEW_PERSON, {"input": values, "key": "k-1"}), "createPerson")["errors"] == []


CORRECT = """mutation Fix($id: ID!, $input: FacilityCorrection!, $version: Int) {
  correctFacility(id: $id, input: $input, expectedVersion: $version, reason: "moved") {
    facility { name version closedOn contactPhone } errors { code path } } }"""


def test_a_correction_changes_what_is_sent_and_null_empties(tell: Asker, home: dict[str, str]) -> None:
    first = {"id": home["facility"], "input": {"name": "New", "contactPhone": "0571-1"}, "version": 1}
    assert data(tell(CORRECT, first), "correctFacility")["facility"] == {
        "name": "New",
        "version": 2,
        "closedOn": None,
        "contactPhone": "0571-1",
    }
    second = {"id": home["facility"], "input": {"contactPhone": None}, "version": 2}
    assert data(tell(CORRECT, second), "correctFacility")["facility"]["contactPhone"] is None


def test_a_lost_update_is_refused(tell: Asker, home: dict[str, str]) -> None:
    given = {"id": home["facility"], "input": {"name": "New"}, "version": 1}
    tell(CORRECT, given)
    found = data(tell(CORRECT, given), "correctFacility")
    assert found == {"facility": None, "errors": [{"code": "VERSION", "path": ["expectedVersion"]}]}


@pytest.mark.parametrize(
    ("given", "code", "path"),
    [
        ({"id": "Facility_999", "input": {}}, "NOT_FOUND", ["id"]),
        ({"id": "Person_1", "input": {}}, "WRONG_TYPE_OF_ID", ["id"]),
        ({"id": "nonsense", "input": {}}, "BAD_ID", ["id"]),
        ({"input": {"divisionId": "Division_999"}}, "NOT_FOUND", ["input", "divisionId"]),
        ({"input": {"divisionId": "Stay_1"}}, "WRONG_TYPE_OF_ID", ["input", "divisionId"]),
        ({"input": {"name": ""}}, "VALUE", ["input", "name"]),
        ({"input": {"name": None}}, "REQUIRED", ["input", "name"]),
        ({"input": {"establishedOn": "2027-01-01"}}, "DATE_IN_FUTURE", ["input", "establishedOn"]),
    ],
)
def test_what_cannot_be_is_answered_with_its_place(
    tell: Asker, home: dict[str, str], given: dict[str, Any], code: str, path: list[str]
) -> None:
    found = data(tell(CORRECT, {"id": home["facility"], **given}), "correctFacility")
    assert found == {"facility": None, "errors": [{"code": code, "path": path}]}


def test_an_admission_shows_the_facility_as_it_is_after_it(tell: Asker, home: dict[str, str], engine: Engine) -> None:
    given = {
        "personId": home["person"],
        "facilityId": home["facility"],
        "bedType": "NURSING",
        "on": "2026-05-01",
        "agreementNumber": "X-1",
    }
    found = data(tell(ADMIT, {"input": given}), "admit")
    assert found["errors"] == []
    assert (found["stay"]["admittedOn"], found["stay"]["facility"]["residents"]) == ("2026-05-01", 1)
    again = data(tell(ADMIT, {"input": given}), "admit")
    assert [error["code"] for error in again["errors"]] == ["OVERLAP"]
    with Session(engine) as session:
        assert session.scalar(select(func.count(Stay.id))) == 1


def test_nobody_is_admitted_to_a_bed_that_is_not_there(tell: Asker, home: dict[str, str]) -> None:
    given = {
        "personId": home["person"],
        "facilityId": home["facility"],
        "bedType": "ORDINARY",
        "on": "2026-05-01",
        "agreementNumber": "X-1",
    }
    found = data(tell(ADMIT, {"input": given}), "admit")
    assert [(error["code"], error["path"]) for error in found["errors"]] == [("BEDS_EXCEEDED", ["input", "bedType"])]


def test_a_facility_with_a_resident_cannot_be_closed(tell: Asker, home: dict[str, str]) -> None:
    given = {"personId": home["person"], "facilityId": home["facility"], "bedType": "NURSING", "on": "2026-05-01"}
    stay = data(tell(ADMIT, {"input": {**given, "agreementNumber": "X"}}), "admit")["stay"]["id"]
    close = """mutation($input: CloseFacilityInput!) { closeFacility(input: $input) {
      facility { closedOn status } errors { code } } }"""
    closing = {"facilityId": home["facility"], "on": "2026-06-01", "reason": "merged"}
    refused = data(tell(close, {"input": closing}), "closeFacility")
    assert refused == {"facility": None, "errors": [{"code": "FACILITY_NOT_EMPTY"}]}
    tell(
        'mutation($stay: ID!) { discharge(input: {stayId: $stay, on: "2026-05-20", reason: WENT_HOME}) '
        "{ errors { code } } }",
        {"stay": stay},
    )
    done = data(tell(close, {"input": closing}), "closeFacility")
    assert (done["errors"], done["facility"]["closedOn"]) == ([], "2026-06-01")


def test_capacity_is_set_with_its_reserve(tell: Asker, home: dict[str, str]) -> None:
    text = """mutation($input: SetCapacityInput!) { setCapacity(input: $input) {
      capacityPeriod { open validFrom } errors { code } } }"""
    given = {
        "facilityId": home["facility"],
        "bedType": "NURSING",
        "on": "2026-06-01",
        "open": 9,
        "reserved": [{"category": "EXTREMELY_POOR", "beds": 2}],
    }
    found = data(tell(text, {"input": given}), "setCapacity")
    assert found == {"capacityPeriod": {"open": 9, "validFrom": "2026-06-01"}, "errors": []}


def test_what_one_request_changes_it_changes_together(tell: Asker, engine: Engine) -> None:
    text = """mutation {
      a: createSource(input: {system: "A", collectionMethod: IMPORT, recordedBy: "me"}) { source { id } }
      b: createSource(input: {system: "B", collectionMethod: IMPORT, recordedBy: "me"}) { source { system } }
    }"""
    assert data(tell(text), "b") == {"source": {"system": "B"}}
    with Session(engine) as session:
        changes = session.scalars(select(Change).order_by(Change.number)).all()
        assert [(change.noun, change.author) for change in changes] == [("source", "system")] * 2


def test_a_membership_is_created_ended_and_annulled(tell: Asker, home: dict[str, str]) -> None:
    create = """mutation($input: CreateGroupMembershipInput!) { createGroupMembership(input: $input) {
      groupMembership { id status nextReviewOn } errors { code path } } }"""
    given = {"personId": home["person"], "category": "EXTREMELY_POOR", "validFrom": "2026-01-01"}
    made = data(tell(create, {"input": given}), "createGroupMembership")["groupMembership"]
    assert (made["status"], made["nextReviewOn"]) == ("EFFECTIVE", "2027-01-01")
    overlapping = data(tell(create, {"input": {**given, "validFrom": "2026-02-01"}}), "createGroupMembership")
    assert overlapping["errors"][0]["code"] == "OVERLAP"
    derived = data(tell(create, {"input": {**given, "category": "EMPTY_NEST"}}), "createGroupMembership")
    assert derived["errors"] == [{"code": "GROUP_IS_DERIVED", "path": ["input", "category"]}]
    end = """mutation($id: ID!) { endGroupMembership(id: $id, on: "2026-05-01", input: {endReason: VOLUNTARY}) {
      groupMembership { validTo endReason version } errors { code } } }"""
    assert data(tell(end, {"id": made["id"]}), "endGroupMembership") == {
        "groupMembership": {"validTo": "2026-05-01", "endReason": "VOLUNTARY", "version": 2},
        "errors": [],
    }
    annul = """mutation($id: ID!) { annulGroupMembership(id: $id, reason: "another person") {
      groupMembership { id } errors { code } } }"""
    assert data(tell(annul, {"id": made["id"]}), "annulGroupMembership") == {"groupMembership": None, "errors": []}
    assert (
        data(tell("query($id: ID!) { groupMembership(id: $id) { id } }", {"id": made["id"]}), "groupMembership") is None
    )


def test_an_unexpected_error_is_masked_and_nothing_is_written(
    tell: Asker, home: dict[str, str], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("eldercare.registry.change.shown", lambda noun, values: 1 // 0)
    found = tell(CORRECT, {"id": home["facility"], "input": {"name": "New"}})
    assert found["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "division" not in found["errors"][0]["message"]
    with Session(engine) as session:
        assert session.scalars(select(Facility.name)).one() != "New"


def test_every_noun_has_its_mutations_and_every_one_is_described(api: Api) -> None:
    mutation = api.schema.mutation_type
    assert mutation is not None
    for name, noun in api.catalogue.nouns.items():
        for verb in ("create", "correct", "annul"):
            assert (f"{verb}{name}" in mutation.fields) is not noun.entity.__commanded__
    for name, field in mutation.fields.items():
        assert field.description, name
        assert all(argument.description for argument in field.args.values()), name
