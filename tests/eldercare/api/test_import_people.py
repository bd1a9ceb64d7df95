"""Who may bring people in through the API, and that nobody learns of people outside their own territory by it."""

from collections.abc import Callable
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from territory_world import TODAY, World, plant

from eldercare.security.principal import Principal, Role
from factories import KEYS

Bring = Callable[..., Any]
IMPORT = """mutation ($input: ImportPeopleInput!) { importPeople(input: $input) { errors { code path }
  notices { code } importBatch { id document feed sha256 division { name } importedBy status created linked refused conflicts
  rows { nodes { number sourceRecord outcome code message fields remedy person { name } } } } } }"""
PIER, SQUARE = "990101001001", "990102001001"


@pytest.fixture(scope="module")
def county(empty_engine: Engine) -> World:
    """The planted county."""
    with Session(empty_engine) as session:
        return plant(session)


@pytest.fixture(scope="module")
def ask(empty_url: str, empty_engine: Engine, asking: Callable[..., Asker], county: World) -> Asker:
    """Asks it."""
    return asking(empty_url, empty_engine, today=TODAY, services={"keys": KEYS})


@pytest.fixture(scope="module")
def bring(ask: Asker) -> Bring:
    """Brings rows in as somebody."""

    def act(viewer: Principal, *rows: dict[str, Any], system: str = "S", **more: Any) -> Any:
        found = ask(IMPORT, {"input": {"system": system, "document": "m", "rows": rows, **more}}, viewer=viewer)
        assert "errors" not in found, found
        return found["data"]["importPeople"]

    return act


def rows_of(answer: Any) -> list[dict[str, Any]]:
    """The rows of an answer."""
    assert answer["errors"] == []
    found: list[dict[str, Any]] = answer["importBatch"]["rows"]["nodes"]
    return found


@pytest.mark.parametrize("role", [Role.VILLAGE_WORKER, Role.CITY_ADMIN, Role.PARTNER_API, Role.PLANNER, Role.PUBLIC])
def test_who_may_not_register_people_brings_none_in(bring: Bring, county: World, role: Role) -> None:
    answer = bring(county.viewer(role, "harbour"), {"name": "冯新"})
    assert (answer["importBatch"], [each["code"] for each in answer["errors"]]) == (None, ["FORBIDDEN"])


def test_rows_outside_the_territory_are_refused_one_by_one(bring: Bring, ask: Asker, county: World) -> None:
    officer, born = county.viewer(Role.TOWN_OFFICER, "harbour"), "1944-04-04"
    answer = bring(
        officer,
        {"sourceRecord": "1", "name": "冯新", "birthDate": born, "division": PIER},
        {"sourceRecord": "2", "name": "陈新", "birthDate": born, "division": SQUARE},
        {"sourceRecord": "3", "name": "褚新", "birthDate": born},
    )
    assert [(row["outcome"], row["code"]) for row in rows_of(answer)] == [
        ("CREATED", None),
        ("REFUSED", "OUT_OF_SCOPE"),
        ("REFUSED", "DIVISION_MISSING"),
    ]
    batch = answer["importBatch"]
    assert (batch["division"], batch["importedBy"], batch["feed"]) == ({"name": "harbour"}, officer.id, "GraphQL")
    query = "query ($id: ID!) { node(id: $id) { ... on ImportBatch { created rows { totalCount } } } }"
    for place, seen in (("east", {"created": 1, "rows": {"totalCount": 3}}), ("west", None)):
        told = ask(query, {"id": batch["id"]}, viewer=county.viewer(Role.COUNTY_ADMIN, place))
        assert told["data"]["node"] == seen, place


def test_a_number_outside_the_territory_is_taken_and_says_no_more(bring: Bring, ask: Asker, county: World) -> None:
    officer, stranger = county.viewer(Role.TOWN_OFFICER, "harbour"), county.people["诸葛明"]
    row = {"name": "冯新", "birthDate": str(stranger.born), "idNumber": stranger.number, "division": PIER}
    imported = rows_of(bring(officer, {**row, "sourceRecord": "9"}))[0]
    same_name = rows_of(bring(officer, {**row, "sourceRecord": "9", "name": stranger.name, "phone": "13800000000"}))[0]
    assert imported == same_name, "whether the particulars are right is not told"
    assert (imported["outcome"], imported["code"], imported["person"]) == ("REFUSED", "ID_NUMBER_TAKEN", None)
    register = """mutation ($input: RegisterPersonInput!) { registerPerson(input: $input) { errors { code message remedy } } }"""
    home = {"divisionId": f"Division_{county.divisions['pier']}", "since": "2026-01-01", "idType": "RESIDENT_ID"}
    alone = {name: row[name] for name in ("name", "birthDate", "idNumber")}
    told = ask(register, {"input": alone | home}, viewer=officer)["data"]["registerPerson"]["errors"]
    assert told == [{name: imported[name] for name in ("code", "message", "remedy")}], "the same as registering"


def test_likeness_decisions_and_records_reach_no_further_than_the_territory(
    bring: Bring, ask: Asker, county: World
) -> None:
    officer, stranger = county.viewer(Role.TOWN_OFFICER, "harbour"), county.people["诸葛明"]
    operator = Principal("operator", Role.SYSTEM, scopes=frozenset({"write"}))
    row = {"name": stranger.name, "sex": "FEMALE", "birthDate": str(stranger.born), "division": PIER}
    there = rows_of(bring(officer, {**row, "sameAs": f"Person_{stranger.key}"}, system="T"))[0]
    nowhere = rows_of(bring(officer, {**row, "sameAs": "Person_999999"}, system="T"))[0]
    assert there == nowhere
    assert there["code"] == "NOT_FOUND"
    linked = bring(operator, {"sourceRecord": "77", "name": stranger.name, "idNumber": stranger.number}, system="T")
    assert rows_of(linked)[0]["outcome"] == "LINKED"
    taken = rows_of(bring(officer, {**row, "sourceRecord": "77"}, system="T"))[0]
    assert (taken["outcome"], taken["code"], taken["person"]) == ("REFUSED", "RECORD_TAKEN", None)
    li = county.people["李娜"]  # in the same county, in the neighbouring town
    like = {"sourceRecord": "78", "name": li.name, "sex": "FEMALE", "birthDate": str(li.born), "division": PIER}
    admin = county.viewer(Role.COUNTY_ADMIN, "east")
    assert rows_of(bring(admin, like, system="T"))[0]["code"] == "MATCH_UNSURE"
    assert rows_of(bring(officer, like, system="T"))[0]["outcome"] == "CREATED", "nobody like that in the harbour"
    wang = county.people["王秀英"]
    unsure = {"sourceRecord": "79", "name": wang.name, "sex": "FEMALE", "birthDate": str(wang.born), "division": PIER}
    assert rows_of(bring(officer, unsure, system="T"))[0]["code"] == "MATCH_UNSURE"
    decided = bring(officer, {**unsure, "sameAs": f"Person_{wang.key}"}, system="T")
    assert [(row["outcome"], row["person"]) for row in rows_of(decided)] == [("LINKED", {"name": wang.name})]
    query = "query ($id: ID!) { node(id: $id) { ... on Person { sourceLinks { nodes { system sourceRecord } } } } }"
    seen = ask(query, {"id": f"Person_{wang.key}"}, viewer=officer)["data"]["node"]["sourceLinks"]["nodes"]
    assert seen == [{"system": "T", "sourceRecord": None}], "a key of another system may hold anything"


def test_a_refused_row_opens_nothing_for_the_next(bring: Bring, county: World) -> None:
    """What a row touched before it was refused is not the writer's own afterwards."""
    officer, stranger = county.viewer(Role.TOWN_OFFICER, "harbour"), county.people["周八"]
    new = {"name": "卫新", "birthDate": "1944-04-04", "division": SQUARE}
    row = {"name": stranger.name, "birthDate": str(stranger.born), "idNumber": stranger.number}
    answer = bring(officer, new, {**row, "phone": "13800000000"}, {**row, "division": SQUARE}, system="U")
    assert [each["code"] for each in rows_of(answer)] == ["OUT_OF_SCOPE", "DIVISION_MISSING", "ID_NUMBER_TAKEN"]


def test_the_same_message_again_is_answered_with_what_came_of_it(bring: Bring, county: World) -> None:
    officer, row = (
        county.viewer(Role.TOWN_OFFICER, "harbour"),
        {"name": "何新", "birthDate": "1943-04-04", "division": PIER},
    )
    first, again = (bring(officer, row, system="V") for _ in range(2))
    assert again["importBatch"] == first["importBatch"]
    assert [each["code"] for each in again["notices"]] == ["IMPORTED_BEFORE"]
    neighbour = bring(county.viewer(Role.TOWN_OFFICER, "hills"), row, system="V")
    assert neighbour["importBatch"]["id"] != first["importBatch"]["id"], "an answer is for whom it was made"
    assert rows_of(neighbour)[0]["code"] == "OUT_OF_SCOPE"


def test_what_is_no_import_is_refused_as_a_whole(bring: Bring, county: World) -> None:
    officer, row = county.viewer(Role.TOWN_OFFICER, "harbour"), {"name": "何新"}
    assert bring(officer)["errors"] == [{"code": "NO_ROWS", "path": ["input", "rows"]}]
    assert bring(officer, *[row] * 501)["errors"] == [{"code": "TOO_MANY_ROWS", "path": ["input", "rows"]}]
    assert bring(officer, row, method="SEED_TEXT")["errors"] == [{"code": "METHOD", "path": ["input", "method"]}]
    assert bring(officer, row, system=" ")["errors"] == [{"code": "VALUE", "path": ["input", "system"]}]
