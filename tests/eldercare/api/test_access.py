"""Who sees whom: one row at a time, in lists, through relations, in sums, and by ids; and how fields are masked."""

from collections.abc import Callable
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from territory_world import TODAY, World, plant

from eldercare.api.schema import Api
from eldercare.security.principal import ANYBODY, SYSTEM, Principal, Role
from factories import KEYS

See = Callable[..., Any]


@pytest.fixture(scope="module")
def county(empty_engine: Engine) -> World:
    """The planted county."""
    with Session(empty_engine) as session:
        return plant(session)


@pytest.fixture(scope="module")
def see(api: Api, empty_url: str, empty_engine: Engine, asking: Callable[..., Asker], county: World) -> See:
    """Asks as somebody: the data of an answer, or with `errors` its errors."""
    ask = asking(empty_url, empty_engine, today=TODAY, services={"keys": KEYS})

    def answer(viewer: Principal, query: str, *, errors: bool = False, **variables: Any) -> Any:
        found = ask(query, variables, viewer=viewer)
        assert ("errors" in found) == errors, found
        return found["errors"] if errors else found["data"]

    return answer


def names(found: Any) -> list[str]:
    """The names in a page."""
    return [each["name"] for each in found["nodes"]]


PAGE = "{ people { totalCount nodes { name } } personSummary { count } }"


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("pier", ["王秀英", "张伟", "钱一"]),
        ("harbour", ["王秀英", "欧阳建国", "张伟", "郑十", "钱一"]),
        ("east", ["王秀英", "欧阳建国", "李娜", "张伟", "孙七", "郑十", "钱一"]),
        ("square", ["诸葛明", "张伟", "赵六", "周八", "吴九"]),
    ],
)
def test_a_division_sees_who_lives_or_is_registered_there(
    see: See, county: World, place: str, expected: list[str]
) -> None:
    found = see(county.viewer(Role.COUNTY_ADMIN, place), PAGE)
    assert sorted(names(found["people"])) == sorted(expected)
    assert found["people"]["totalCount"] == len(expected)
    assert found["personSummary"] == [{"count": len([n for n in expected if n != "钱一"])}]


def test_somebody_elses_row_and_no_row_look_the_same(see: See, county: World) -> None:
    officer, hidden = county.viewer(Role.TOWN_OFFICER, "harbour"), county.people["诸葛明"]
    query = "query Q($id: ID!) { person(id: $id) { name } node(id: $id) { id } nodes(ids: [$id]) { id } }"
    there, nowhere = (see(officer, query, id=f"Person_{key}") for key in (hidden.key, 999_999))
    assert there == nowhere == {"person": None, "node": None, "nodes": [None]}


def test_relations_lead_only_to_what_one_sees(see: See, county: World) -> None:
    officer = county.viewer(Role.TOWN_OFFICER, "hills")
    lodge = f"Facility_{county.facilities['lodge']}"
    query = """query Q($id: ID!) { facility(id: $id) { name residents stays { totalCount nodes { person { name } } } }
        facilities(filter: {stays: {some: {person: {name: {eq: "周八"}}}}}) { totalCount } }"""
    found = see(officer, query, id=lodge)
    assert found["facility"] == {
        "name": "lodge",
        "residents": 2,  # of a facility, a public fact
        "stays": {"totalCount": 1, "nodes": [{"person": {"name": "孙七"}}]},
    }
    assert found["facilities"]["totalCount"] == 0, "a filter does not reach further than the eye"


def test_who_moved_away_is_counted_where_they_lived_and_shown_where_they_live(see: See, county: World) -> None:
    before = '{ personSummary(asOf: "2024-01-01") { count } people(asOf: "2024-01-01") { nodes { name } } }'
    found = see(county.viewer(Role.VILLAGE_WORKER, "pier"), before)
    assert found["personSummary"] == [{"count": 4}]
    assert sorted(names(found["people"])) == ["张伟", "王秀英", "钱一"], "赵六 is another village's now"
    history = "{ people(first: 20) { nodes { name memberships(history: true, first: 9) { nodes { category } } } } }"
    found = see(county.viewer(Role.VILLAGE_WORKER, "square"), history)
    assert {"name": "赵六", "memberships": {"nodes": [{"category": "DIBAO"}]}} in found["people"]["nodes"]


def test_a_facility_sees_its_residents_and_who_was_offered_a_place(see: See, county: World) -> None:
    matron = county.viewer(Role.FACILITY_OPERATOR, facilities=("lodge",))
    found = see(matron, "{ people { nodes { name phone } } stays { nodes { payer person { name } } } }")
    assert sorted((p["name"], p["phone"]) for p in found["people"]["nodes"]) == [
        ("周八", "13811110008"),
        ("孙七", "13811110007"),
        ("郑十", "13811110010"),
    ]
    assert {"payer": None, "person": {"name": "周八"}} in found["stays"]["nodes"], (
        "who pays is told where public money does"
    )
    assert {"payer": "CENTRALISED_SUPPORT", "person": {"name": "孙七"}} in found["stays"]["nodes"]


def test_categories_of_poverty_are_told_a_facility_whose_resident_public_money_pays(see: See, county: World) -> None:
    matron = county.viewer(Role.FACILITY_OPERATOR, facilities=("lodge",))
    found = see(matron, "{ groupMemberships { nodes { category person { name } } } }")
    assert found["groupMemberships"]["nodes"] == [{"category": "EXTREMELY_POOR", "person": {"name": "孙七"}}]


def test_who_only_counts_gets_no_rows_of_people(see: See, county: World) -> None:
    query = """{ people { totalCount nodes { name } } personSummary(groupBy: [AGE_BAND, COUNTY], first: 40) { ageBand count
        county { name facilities(first: 5) { nodes { stays(first: 5) { totalCount nodes { id } } } } } }
        groupCounts(categories: [DIBAO]) { people } occupancy { residents } }"""
    found = see(county.viewer(Role.PROVINCE, "province"), query)
    assert found["people"] == {"totalCount": 0, "nodes": []}
    assert sum(each["count"] for each in found["personSummary"]) == 10
    assert '"id"' not in str(found["personSummary"]).replace("'", '"')
    assert found["groupCounts"] == [{"people": 2}]
    assert found["occupancy"] == {"residents": 3}


def test_names_numbers_and_telephones_are_masked_for_a_city(see: See, county: World) -> None:
    query = "{ people { nodes { name idNumber phone birthDate age ageBand masked residences { nodes { address masked } } } } }"
    found = {p["ageBand"] + p["name"]: p for p in see(county.viewer(Role.CITY_ADMIN, "city"), query)["people"]["nodes"]}
    assert {"王**", "欧阳**", "李*", "诸葛*", "张*"} <= {p["name"] for p in found.values()}
    wang = found["85-89王**"]
    assert wang["idNumber"] == "990101************"
    assert wang["phone"] == "138****0001"
    assert (wang["birthDate"], wang["age"]) == (None, None)
    assert wang["masked"] == sorted(wang["masked"])
    assert {"age", "birthDate", "idNumber", "name", "phone"} <= set(wang["masked"])
    assert wang["residences"]["nodes"][0]["address"] == "***"
    assert "address" in wang["residences"]["nodes"][0]["masked"]


def test_a_county_reads_what_it_must_and_a_village_less(see: See, county: World) -> None:
    query = '{ people(filter: {name: {eq: "王秀英"}}) { nodes { birthDate age phone idNumber masked assessments { nodes { level total } } riskEvents { totalCount } memberships { nodes { category basis } } } } }'
    person = see(county.viewer(Role.COUNTY_ADMIN, "east"), query)["people"]["nodes"][0]
    assert (person["birthDate"], person["age"], person["phone"]) == ("1940-05-06", 86, "13811110001")
    assert person["masked"] == ["idNumber", "idType"]
    assert person["assessments"]["nodes"] == [{"level": 3, "total": 40}]
    person = see(county.viewer(Role.VILLAGE_WORKER, "pier"), query)["people"]["nodes"][0]
    assert (person["birthDate"], person["age"], person["phone"]) == (None, 86, "13811110001")
    assert person["assessments"]["nodes"] == [{"level": 3, "total": None}]
    assert person["riskEvents"]["totalCount"] == 0
    assert person["memberships"]["nodes"] == [{"category": "EXTREMELY_POOR", "basis": None}]


def test_an_inspector_sees_initials_only(see: See, county: World) -> None:
    inspector = county.viewer(Role.INSPECTOR, facilities=("lodge",))
    found = see(inspector, "{ stays { nodes { admittedOn facility { name } person { name sex ageBand phone } } } }")
    assert [s["person"]["name"] for s in found["stays"]["nodes"]] == ["孙某", "周某"]
    assert {v for s in found["stays"]["nodes"] for k, v in s["person"].items() if k != "name"} == {None}


def test_special_families_are_seen_by_those_they_are_assigned_to(see: See, county: World) -> None:
    query = "{ groupMemberships(filter: {category: {eq: FAMILY_PLANNING_SPECIAL}}) { totalCount } }"
    seen = {
        (role, special): see(county.viewer(role, "quay", special_family=special), query)["groupMemberships"][
            "totalCount"
        ]
        for role in (Role.VILLAGE_WORKER, Role.TOWN_OFFICER, Role.COUNTY_ADMIN)
        for special in (False, True)
    }
    assert [key for key, count in seen.items() if count] == [
        (Role.TOWN_OFFICER, True),
        (Role.COUNTY_ADMIN, False),
        (Role.COUNTY_ADMIN, True),
    ]
    counts = "{ groupCounts(categories: [FAMILY_PLANNING_SPECIAL]) { people } }"
    assert (
        see(county.viewer(Role.VILLAGE_WORKER, "quay"), counts, errors=True)[0]["extensions"]["code"] == "FIELD_HIDDEN"
    )
    assert see(county.viewer(Role.PROVINCE, "city"), counts)["groupCounts"] == [{"people": 1}]


@pytest.mark.parametrize(
    "query",
    [
        '{ people(filter: {name: {eq: "王秀英"}}) { totalCount } }',
        "{ people(orderBy: [{field: BIRTH_DATE}]) { nodes { id } } }",
        "{ people(filter: {age: {gte: 80}}) { totalCount } }",
        '{ stays(filter: {person: {name: {startsWith: "王"}}}) { totalCount } }',
        "{ stays(orderBy: [{person: {field: NAME}}]) { nodes { id } } }",
        '{ personSummary(filter: {name: {contains: "秀"}}) { count } }',
        '{ divisions(first: 20) { nodes { facilities(first: 5) { nodes { stays(filter: {person: {birthDate: {gt: "1940-01-01"}}}) { totalCount } } } } } }',
    ],
)
def test_nothing_can_be_found_by_what_is_hidden(see: See, county: World, query: str) -> None:
    for viewer in (county.viewer(Role.CITY_ADMIN, "city"), county.viewer(Role.PLANNER, "city"), ANYBODY):
        here, elsewhere = see(viewer, query, errors=True), see(viewer, query.replace("王", "无"), errors=True)
        assert here[0]["extensions"]["code"] in ("FIELD_HIDDEN", "PUBLISHED_ONLY")
        assert here == elsewhere, "the answer does not depend on what there is"


def test_a_facility_filters_nothing_by_a_poverty_it_sees_of_some(see: See, county: World) -> None:
    matron = county.viewer(Role.FACILITY_OPERATOR, facilities=("lodge",))
    assert see(matron, "{ stays(filter: {payer: {eq: SELF}}) { totalCount } }", errors=True)


def test_who_says_nothing_sees_what_is_public(see: See, county: World) -> None:
    found = see(ANYBODY, "{ facilities { totalCount nodes { name residents } } stays { totalCount } }")
    assert (found["facilities"]["totalCount"], found["stays"]["totalCount"]) == (2, 0)
    assert see(SYSTEM, "{ people { totalCount } }")["people"]["totalCount"] == 11
