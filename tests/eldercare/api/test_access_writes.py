"""Who may change what: the right of the role, the scope before and after; what is revealed once; who has an exact number."""

from collections.abc import Callable
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from territory_world import TODAY, World, plant

from eldercare.api.schema import Api
from eldercare.registry import AuditEvent, Person
from eldercare.security.principal import ANYBODY, Principal, Role
from factories import KEYS

Act = Callable[..., Any]


@pytest.fixture(scope="module")
def county(empty_engine: Engine) -> World:
    """The planted county."""
    with Session(empty_engine) as session:
        return plant(session)


@pytest.fixture(scope="module")
def act(api: Api, empty_url: str, empty_engine: Engine, asking: Callable[..., Asker], county: World) -> Act:
    """Carries out one mutation as somebody: its payload."""
    ask = asking(empty_url, empty_engine, today=TODAY, services={"keys": KEYS})

    def answer(viewer: Principal, query: str, **variables: Any) -> Any:
        found = ask(query, variables, viewer=viewer)
        assert "errors" not in found, found
        return next(iter(found["data"].values()))

    return answer


def codes(payload: Any) -> list[str]:
    """The codes of a payload's errors."""
    return [each["code"] for each in payload["errors"]]


CORRECT = "mutation M($id: ID!) { correctPerson(id: $id, input: {education: PRIMARY}) { person { id } errors { code message path remedy } } }"


def test_a_stranger_s_record_cannot_be_changed_and_looks_like_none(act: Act, county: World) -> None:
    officer = county.viewer(Role.TOWN_OFFICER, "harbour")
    there = act(officer, CORRECT, id=f"Person_{county.people['诸葛明'].key}")
    nowhere = act(officer, CORRECT, id="Person_999999")
    assert there == nowhere
    assert codes(there) == ["NOT_FOUND"]
    assert codes(act(officer, CORRECT, id=f"Person_{county.people['王秀英'].key}")) == []


@pytest.mark.parametrize("role", [Role.VILLAGE_WORKER, Role.CITY_ADMIN, Role.PLANNER, Role.INSPECTOR, Role.PUBLIC])
def test_who_has_no_right_is_told_so_whatever_there_is(act: Act, county: World, role: Role) -> None:
    somebody = county.viewer(role, "harbour")
    answers = [act(somebody, CORRECT, id=each) for each in (f"Person_{county.people['王秀英'].key}", "Person_999999")]
    assert answers[0] == answers[1]
    assert codes(answers[0]) == ["FORBIDDEN"]


def test_a_token_that_only_reads_writes_nothing(act: Act, county: World) -> None:
    officer = Principal("reader", Role.TOWN_OFFICER, county.divisions["harbour"], scopes=frozenset({"read"}))
    found = act(officer, CORRECT, id=f"Person_{county.people['王秀英'].key}")
    assert codes(found) == ["FORBIDDEN"]
    assert "`write`" in found["errors"][0]["message"]


REGISTER = """mutation M($input: RegisterPersonInput!) {
    registerPerson(input: $input) { person { id name phone residences { totalCount } } errors { code } } }"""


def test_somebody_new_belongs_to_a_territory_from_the_first_moment(act: Act, county: World) -> None:
    officer = county.viewer(Role.TOWN_OFFICER, "harbour")
    new = {"name": "冯新", "sex": "FEMALE", "birthDate": "1944-04-04", "phone": "13800009999", "since": "2026-01-01"}
    here, elsewhere = (f"Division_{county.divisions[name]}" for name in ("pier", "square"))
    assert codes(act(officer, REGISTER, input={**new, "divisionId": elsewhere})) == ["OUT_OF_SCOPE"]
    found = act(officer, REGISTER, input={**new, "divisionId": here})
    assert codes(found) == []
    assert (found["person"]["name"], found["person"]["phone"]) == ("冯新", "13800009999")
    assert found["person"]["residences"]["totalCount"] == 1
    alone = "mutation M($input: CreatePersonInput!) { createPerson(input: $input) { person { id } errors { code } } }"
    assert codes(act(officer, alone, input={k: v for k, v in new.items() if k != "since"})) == ["OUT_OF_SCOPE"]


def test_nobody_is_moved_out_of_the_territory_of_the_writer(act: Act, county: World, empty_engine: Engine) -> None:
    officer, wang = county.viewer(Role.TOWN_OFFICER, "harbour"), county.people["王秀英"]
    move = """mutation M($id: ID!, $to: ID!) {
        correctResidence(id: $id, input: {divisionId: $to}) { residence { id } errors { code } } }"""
    to = f"Division_{county.divisions['square']}"
    for key in wang.keys["Residence"][:1]:
        found = act(officer, move, id=f"Residence_{key}", to=to)
        assert codes(found) == [], "she is registered here still, so she remains seen"
    assert codes(act(officer, move, id=f"Residence_{wang.keys['Residence'][1]}", to=to)) == ["OUT_OF_SCOPE"]
    county_of_hers = county.viewer(Role.COUNTY_ADMIN, "city")
    back = act(
        county_of_hers, move, id=f"Residence_{wang.keys['Residence'][0]}", to=f"Division_{county.divisions['pier']}"
    )
    assert codes(back) == []


def test_a_facility_writes_its_own_stays_only(act: Act, county: World) -> None:
    matron = county.viewer(Role.FACILITY_OPERATOR, facilities=("lodge",))
    capacity = """mutation M($id: ID!) { setCapacity(input: {facilityId: $id, bedType: NURSING, on: "2026-01-01", open: 3})
        { capacityPeriod { open } errors { code } } }"""
    assert codes(act(matron, capacity, id=f"Facility_{county.facilities['lodge']}")) == []
    assert codes(act(matron, capacity, id=f"Facility_{county.facilities['manor']}")) == ["OUT_OF_SCOPE"]
    away = """mutation M($id: ID!) { takeLeave(input: {stayId: $id, on: "2026-05-30", reason: HOSPITAL})
        { stayLeave { leftOn stay { person { name } } } errors { code } } }"""
    theirs = act(matron, away, id=f"Stay_{county.people['吴九'].keys['Stay'][0]}")
    nowhere = act(matron, away, id="Stay_999999")
    assert theirs == nowhere == {"stayLeave": None, "errors": [{"code": "NOT_FOUND"}]}


def test_a_reference_to_somebody_unseen_is_a_reference_to_nobody(act: Act, county: World) -> None:
    admin = county.viewer(Role.COUNTY_ADMIN, "east")
    create = """mutation M($id: ID!) { createLivingArrangement(input: {personId: $id, kind: ALONE, validFrom: "2026-01-01"})
        { livingArrangement { id } errors { code message path } } }"""
    there, nowhere = (act(admin, create, id=f"Person_{key}") for key in (county.people["诸葛明"].key, 999_999))
    assert there == nowhere
    assert codes(there) == ["NOT_FOUND"]


REVEAL = """mutation M($id: ID!, $fields: [String!]!, $reason: String!) {
    reveal(id: $id, fields: $fields, reason: $reason) { values { field value } errors { code path } } }"""


def test_a_reveal_is_answered_once_for_a_reason_and_logged(act: Act, county: World, empty_engine: Engine) -> None:
    officer, wang = county.viewer(Role.TOWN_OFFICER, "harbour"), county.people["王秀英"]
    found = act(officer, REVEAL, id=f"Person_{wang.key}", fields=["idNumber"], reason="复核特困档案")
    assert found == {"values": [{"field": "idNumber", "value": wang.number}], "errors": []}
    with Session(empty_engine) as session:
        last = session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()
        assert last is not None
        assert (last.action.value, last.principal, last.noun) == ("REVEAL", officer.id, "person")
        assert "复核特困档案" in str(last.reason)
        assert wang.number not in str(vars(last))


def test_what_cannot_be_revealed(act: Act, county: World) -> None:
    officer, key = county.viewer(Role.TOWN_OFFICER, "harbour"), f"Person_{county.people['王秀英'].key}"
    stranger = f"Person_{county.people['诸葛明'].key}"

    def told(viewer: Principal, id: str, field: str, reason: str = "办理业务需要") -> list[str]:
        return codes(act(viewer, REVEAL, id=id, fields=[field], reason=reason))

    assert told(officer, key, "idNumber", " ") == ["VALUE"]
    assert told(officer, key, "idNumber", "查") == ["REASON"]
    assert told(officer, stranger, "idNumber") == told(officer, "Person_999999", "idNumber") == ["NOT_FOUND"]
    assert told(officer, key, "phone") == ["FORBIDDEN"]
    assert told(officer, key, "idDigest") == ["FIELD_UNKNOWN"]
    assert told(county.viewer(Role.VILLAGE_WORKER, "pier"), key, "idNumber") == ["FORBIDDEN"]
    assert told(ANYBODY, key, "idNumber") == ["FORBIDDEN"]


FIND = """mutation M($number: String!) { findByIdNumber(idType: RESIDENT_ID, number: $number, reason: "核对身份信息")
    { person { name } errors { code } } }"""


def test_an_exact_number_is_searched_within_the_scope_and_logged(act: Act, county: World, empty_engine: Engine) -> None:
    officer = county.viewer(Role.TOWN_OFFICER, "harbour")
    known, stranger = county.people["王秀英"], county.people["诸葛明"]
    assert act(officer, FIND, number=known.number) == {"person": {"name": "王秀英"}, "errors": []}
    assert act(officer, FIND, number=stranger.number) == {"person": None, "errors": []}
    assert codes(act(county.viewer(Role.VILLAGE_WORKER, "pier"), FIND, number=known.number)) == ["FORBIDDEN"]
    with Session(empty_engine) as session:
        found = select(AuditEvent).where(AuditEvent.action == "SEARCH").order_by(AuditEvent.number)
        assert [each.keys for each in session.scalars(found)] == [[known.key], []]
        assert session.get(Person, known.key) is not None
