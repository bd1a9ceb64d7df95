"""Whose data an answer shows is on the audit trail before the answer leaves, whichever way the answer was made."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import orjson
import pytest
from asker import Asker
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session
from territory_world import TODAY, World, plant

from eldercare.api.compiler.personal import PERSON, cut
from eldercare.api.execute import Request
from eldercare.api.readings import MOST
from eldercare.api.schema import Api
from eldercare.registry.audit import AuditDocument, AuditEvent, AuditPerson
from eldercare.registry.audit_check import verify
from eldercare.registry.viewer import shape_of
from eldercare.security.principal import ANYBODY, SYSTEM, Role
from factories import KEYS

QUERY = 'query Who { people(filter: {name: {ne: "诸葛亮"}}) { nodes { id name } } }'


@pytest.fixture(scope="module")
def county(empty_engine: Engine) -> World:
    with Session(empty_engine) as session:
        return plant(session)


@pytest.fixture(scope="module")
def ask(api: Api, empty_url: str, empty_engine: Engine, asking: Callable[..., Asker], county: World) -> Asker:
    return asking(empty_url, empty_engine, today=TODAY, services={"keys": KEYS})


@pytest.fixture
def told(empty_engine: Engine, county: World) -> Iterator[Callable[[], list[Any]]]:
    """What was put on the trail since the test began: (principal, operation, people)."""
    with Session(empty_engine) as session:
        before = session.scalar(select(AuditEvent.number).order_by(AuditEvent.number.desc()).limit(1)) or 0

    def since() -> list[Any]:
        with Session(empty_engine) as session:
            query = select(AuditEvent).where(AuditEvent.number > before, AuditEvent.action == "READ")
            return [
                (event.principal, event.operation, people_of(session, event.number))
                for event in session.scalars(query.order_by(AuditEvent.number))
            ]

    yield since
    with empty_engine.connect() as connection:
        assert verify(connection) is None


def people_of(session: Session, number: int) -> list[int]:
    found = session.scalars(select(AuditPerson.person_id).where(AuditPerson.event == number))
    return sorted(found)


def ids_in(found: Any) -> set[int]:
    """The keys of all people whose id an answer shows."""
    if isinstance(found, dict):
        return set().union(*(ids_in(each) for each in found.values()), set())
    if isinstance(found, list):
        return set().union(*(ids_in(each) for each in found), set())
    return {int(found.removeprefix("Person_"))} if isinstance(found, str) and found.startswith("Person_") else set()


EXITS = {
    "straight": QUERY,
    "walked": QUERY.replace("{ people", '{ vocabulary(name: "Sex") { name } people', 1),
}


@pytest.mark.parametrize("way", ["straight", "walked", "ordinary"])
def test_each_exit_tells_whose_data_it_shows(
    way: str, ask: Asker, county: World, told: Callable[[], list[Any]]
) -> None:
    officer = county.viewer(Role.TOWN_OFFICER, "harbour")
    request = Request(EXITS.get(way, QUERY), viewer=officer, request_id=f"r-{way}")
    operation, _, shape, _ = ask.executor.prepared(request)
    if way == "ordinary":
        operation.refuse((shape_of(officer), shape))
    answer = ask.loop.run_until_complete(ask.executor.execute(request))
    operation.refused.clear()
    assert answer.exit == way
    assert PERSON.encode() not in answer.body
    shown = ids_in(orjson.loads(answer.body))
    assert len(shown) == 5
    assert told() == [(officer.id, "Who", sorted(shown))]


def test_what_is_kept_of_a_document_tells_nothing_of_anybody(
    ask: Asker, county: World, told: Callable[[], list[Any]], empty_engine: Engine
) -> None:
    ask(QUERY.replace("Who {", "Who { secret13800000000:"), viewer=county.viewer(Role.TOWN_OFFICER, "harbour"))
    assert told()
    with Session(empty_engine) as session:
        texts = "".join(session.scalars(select(AuditDocument.text)))
    assert "people(filter: { name: { ne: " in texts
    assert not {"诸葛亮", "13800000000"} & {part for part in ("诸葛亮", "13800000000") if part in texts}


NESTED = """{ facilities { nodes { name stays(first: 9) { nodes { admittedOn } } } }
    residences(first: 50) { edges { node { validFrom } } } }"""


def test_a_record_about_somebody_is_theirs_however_it_is_reached(
    ask: Asker, county: World, told: Callable[[], list[Any]]
) -> None:
    officer = county.viewer(Role.COUNTY_ADMIN, "east")
    found = ask(NESTED, viewer=officer)["data"]
    assert sum(len(each["stays"]["nodes"]) for each in found["facilities"]["nodes"])
    same = ask(
        "{ facilities { nodes { stays(first: 9) { nodes { person { id } } } } } residences(first: 50) { nodes { person { id } } } }",
        viewer=officer,
    )["data"]
    first, second = told()
    assert first[2] == second[2] == sorted(ids_in(same))


def test_who_shows_nobody_pays_nothing(ask: Asker, county: World, told: Callable[[], list[Any]]) -> None:
    officer = county.viewer(Role.COUNTY_ADMIN, "east")
    counts = "{ people { totalCount } personSummary { count } facilities { nodes { name residents } } }"
    plan = ask.executor._outline(*prepared(ask, Request(counts, viewer=officer)))[0].plan
    assert plan is not None
    assert not plan.personal
    for viewer, query in ((officer, counts), (ANYBODY, "{ people { nodes { id } } }"), (SYSTEM, QUERY)):
        assert "errors" not in ask(query, viewer=viewer)
    assert told() == []


def prepared(ask: Asker, request: Request) -> Any:
    operation, values, shape, _ = ask.executor.prepared(request)
    return operation, values, shape, TODAY, request.viewer


def test_a_payload_tells_too_in_the_transaction_of_its_change(
    ask: Asker, county: World, told: Callable[[], list[Any]]
) -> None:
    admin = replace(county.viewer(Role.COUNTY_ADMIN, "east"), scopes=frozenset({"read", "write"}))
    key = county.people["王秀英"].key
    query = "mutation Tell($id: ID!) { correctPerson(id: $id, input: {education: PRIMARY}) { errors { code } person { name } } }"
    found = ask(query, {"id": f"Person_{key}"}, viewer=admin)["data"]["correctPerson"]
    assert found == {"errors": [], "person": {"name": "王秀英"}}
    assert told() == [(admin.id, "Tell", [key])]


FEED = "query Feed($nouns: [String!]) { changes(first: 500, nouns: $nouns) { nodes { type id } } }"


def test_to_be_told_of_changes_is_to_read(ask: Asker, county: World, told: Callable[[], list[Any]]) -> None:
    """Of people, of what belongs to them, and of what belongs to that; a facility is nobody's, and programs are not told."""
    officer = county.viewer(Role.COUNTY_ADMIN, "east")
    for nouns in (["Person"], ["Residence"], ["StayLeave"], ["Facility"]):
        found: list[Any] = []
        deadline = time.monotonic() + 10
        while not found and time.monotonic() < deadline:  # other tests' transactions may hold the feed back
            found = ask(FEED, {"nouns": nouns}, viewer=officer)["data"]["changes"]["nodes"]
        assert found, nouns
    ask(FEED, {"nouns": ["Person"]})
    people, homes, away = told()
    mine = {"east", "harbour", "hills", "pier", "quay", "ridge"}
    ever = {one.key: {one.registered, *(place for place, _ in one.homes)} for one in county.people.values()}
    everybody = sorted(key for key, places in ever.items() if places & mine)  # who has left is told as gone
    assert people == (officer.id, "Feed", everybody)
    here = sorted(one.key for one in county.people.values() if one.places(TODAY) & mine)
    assert homes == (officer.id, "Feed", here)
    assert away == (officer.id, "Feed", [county.people["孙七"].key])


def test_readings_that_come_together_share_a_commit(ask: Asker, county: World, told: Callable[[], list[Any]]) -> None:
    officer = county.viewer(Role.TOWN_OFFICER, "harbour")
    commits = []
    own = ask.executor.readings._write
    ask.executor.readings._write = lambda entries: (time.sleep(0.05), commits.append(len(entries)), own(entries))  # type: ignore[assignment]

    async def many() -> None:
        requests = [Request(QUERY, viewer=officer, request_id=f"r{n}") for n in range(20)]
        await asyncio.gather(*[ask.executor.execute(each) for each in requests])

    try:
        ask.loop.run_until_complete(many())
    finally:
        ask.executor.readings._write = own  # type: ignore[method-assign]
    assert len(told()) == sum(commits) == 20 <= MOST
    assert len(commits) < 10


def test_nothing_is_shown_that_cannot_be_told(ask: Asker, county: World, empty_engine: Engine) -> None:
    officer = county.viewer(Role.TOWN_OFFICER, "harbour")
    for statement in ("ALTER TABLE audit_head RENAME TO audit_gone", "ALTER TABLE audit_gone RENAME TO audit_head"):
        with empty_engine.begin() as connection:
            connection.execute(text(statement))
        found = ask(QUERY, viewer=officer)
        if statement.endswith("gone"):
            assert found["errors"][0]["extensions"]["code"] == "AUDIT_UNAVAILABLE"
            assert "data" not in found
    assert "errors" not in found


values = st.recursive(
    st.none() | st.integers() | st.text() | st.sampled_from([f'"{PERSON}":7,', PERSON, f'{{"{PERSON}":7}}', '"', "\\"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(people=st.lists(st.tuples(st.integers(1, 10**12) | st.none(), values), max_size=5), spaced=st.booleans())
def test_no_value_can_look_like_a_mark(people: list[tuple[int | None, Any]], spaced: bool) -> None:
    """Texts with quotes and the very mark in them; keys of stored JSON cannot know the mark, so they are other than it."""
    rows = [{PERSON: key, "value": value} for key, value in people]
    data = json.dumps(rows, separators=(", ", " : ") if spaced else (",", ":"))
    found, shown = cut(data.encode())
    assert json.loads(found) == [{"value": value} for _, value in people]
    assert shown == {key for key, _ in people if key is not None}


LOG = """query Log($id: ID!, $first: Int!, $after: Cursor) { personAccessLog(person: $id, first: $first, after: $after) {
  totalCount nodes { principal role action operation document } pageInfo { hasNextPage endCursor } edges { cursor } } }"""


def test_a_person_can_be_told_who_read_their_record(ask: Asker, county: World) -> None:
    admin, officer = county.viewer(Role.COUNTY_ADMIN, "east"), county.viewer(Role.TOWN_OFFICER, "hills")
    someone = f"Person_{county.people['李娜'].key}"
    for _ in range(2):
        ask("query Visit($id: ID!) { person(id: $id) { name phone } }", {"id": someone}, viewer=officer)
    seen = ask(LOG, {"id": someone, "first": 1}, viewer=admin)["data"]["personAccessLog"]
    assert seen["nodes"] == [
        {
            "principal": officer.id,
            "role": "TOWN_OFFICER",
            "action": "READ",
            "operation": "Visit",
            "document": "query Visit($id: ID!) {\n  person(id: $id) {\n    name\n    phone\n  }\n}",
        }
    ]
    after = {"id": someone, "first": 9, "after": seen["pageInfo"]["endCursor"]}
    rest = ask(LOG, after, viewer=admin)["data"]["personAccessLog"]
    assert rest["nodes"][0]["operation"] == "Visit"
    newest = ask(LOG, {"id": someone, "first": 1}, viewer=admin)["data"]["personAccessLog"]
    assert newest["nodes"][0]["operation"] == "Log", "who looks at the log has read of the person too"
    assert newest["totalCount"] == seen["totalCount"] + 2
    assert "CHANGE" in {each["action"] for each in rest["nodes"]}


def test_who_read_a_record_is_told_to_a_county_of_its_own_people_alone(ask: Asker, county: World) -> None:
    someone = {"id": f"Person_{county.people['李娜'].key}", "first": 5}
    elsewhere = county.viewer(Role.COUNTY_ADMIN, "west")
    assert ask(LOG, someone, viewer=elsewhere)["data"] == {"personAccessLog": None}
    assert ask(LOG, {"id": "Person_999999", "first": 5}, viewer=elsewhere)["data"] == {"personAccessLog": None}
    for role in (Role.TOWN_OFFICER, Role.PLANNER, Role.PUBLIC):
        viewer = ANYBODY if role is Role.PUBLIC else county.viewer(role, "east")
        assert ask(LOG, someone, viewer=viewer)["errors"][0]["extensions"]["code"] == "FORBIDDEN"
