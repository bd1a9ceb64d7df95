"""Published counts through the API: the edition of a date, by level, with what is withheld told as such."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from eldercare.registry.division import Level
from eldercare.registry.person import Sex
from eldercare.registry.publishing import publish
from eldercare.security.principal import SYSTEM, Principal, Role
from factories import capacity, division, facility, person, residence, stay, writer

ASK = """query Ask($where: ID!, $level: Level, $on: Date) {
  publishedCounts(division: $where, level: $level, measures: [AGE_60], asOf: $on) {
    measure people withheld edition countedOn division { code }
  }
}"""


def plant(engine: Engine) -> str:
    """A town with villages of 3, 6 and 9 men of 61, published for two quarters; gives the town's code."""
    with Session(engine) as session:
        w = writer(session)
        town = division(w, level=Level.TOWN)
        for size in (3, 6, 9):
            village = division(w, level=Level.VILLAGE, parent_id=town.id)
            for _ in range(size):
                made = person(w, sex=Sex.MALE, birth_date=date(1964, 5, 6))
                residence(w, made.id, village.id)
        publish(w, date(2026, 1, 1))
        publish(w, date(2026, 4, 1))
        session.commit()
        return town.code


@pytest.fixture
def town(engine: Engine, database_url: str, asking: Callable[[str, Engine], Asker]) -> tuple[str, Asker]:
    """The town's code and somebody who asks."""
    code = plant(engine)
    return code, asking(database_url, engine)


def rows(ask: Asker, **variables: Any) -> list[Any]:
    answer = ask(ASK, variables)
    assert "errors" not in answer, answer
    return [(row["people"], row["withheld"], row["edition"]) for row in answer["data"]["publishedCounts"]]


def test_counts_are_those_of_the_edition_that_was_out(town: tuple[str, Asker]) -> None:
    code, ask = town
    assert rows(ask, where=code) == [(18, False, "2026-04-01")]
    assert rows(ask, where=code, on="2026-03-31") == [(18, False, "2026-01-01")]
    assert rows(ask, where=code, on="2025-12-31") == []
    below = rows(ask, where=code, level="VILLAGE")
    assert below == [(None, True, "2026-04-01"), (None, True, "2026-04-01"), (9, False, "2026-04-01")]


# Who sees counts only as they are published tries to get at small ones all the same.

PLANNER = Principal("planner", Role.PLANNER, scopes=frozenset({"read"}))
ANYBODY = Principal("anybody", Role.PUBLIC, scopes=frozenset({"read"}))
COUNTING = (
    "groupCounts(categories: [LIVING_ALONE]) { people }",
    "groupCounts(distinct: true, level: VILLAGE) { people }",
    "personSummary { count }",
    "personSummary(groupBy: [VILLAGE]) { count }",
    'personSummary(filter: {within: "%s"}) { count }',
    "staySummary { count }",
    "groupMembershipSummary(groupBy: [CATEGORY]) { count people }",
    "indicatorValues(codes: [OCC_END]) { value }",
    "smallFacilities { residents }",
    "occupancy(bedTypes: [NURSING]) { residents }",
)


@pytest.mark.parametrize("viewer", [PLANNER, ANYBODY], ids=["planner", "public"])
def test_nobody_counts_people_past_what_is_published(town: tuple[str, Asker], viewer: Principal) -> None:
    code, ask = town
    for query in COUNTING:
        answer = ask(f"{{ {query.replace('%s', code)} }}", viewer=viewer)
        assert [e["extensions"]["code"] for e in answer["errors"]] == ["PUBLISHED_ONLY"], query
        assert "publishedCounts" in answer["errors"][0]["extensions"]["remedy"]
    assert ask("{ people { totalCount } }", viewer=viewer) == {"data": {"people": {"totalCount": 0}}}
    assert rows(ask, where=code, level="VILLAGE")[0] == (None, True, "2026-04-01")


def test_a_home_in_which_few_live_adds_nothing_to_any_sum(
    engine: Engine, database_url: str, asking: Callable[[str, Engine], Asker]
) -> None:
    with Session(engine) as session:
        w = writer(session)
        place = division(w, level=Level.COUNTY)
        for size in (3, 7):
            home = facility(w, division_id=place.id, name=f"Home of {size}")
            capacity(w, home.id)
            for _ in range(size):
                stay(w, person(w).id, home.id)
        session.commit()
    ask = asking(database_url, engine)
    query = """{ facilities(orderBy: [{field: NAME}]) { nodes { name residents occupancy } }
        facilitySummary { count residents occupancy } occupancy { residents }
        more: facilities(filter: {residents: {gte: 1}}) { totalCount }
        one: facilities(filter: {residents: {eq: 3}}) { totalCount }
        first: facilities(first: 1, orderBy: [{field: RESIDENTS}]) { nodes { name } } }"""
    seen = {viewer.role: ask(query, viewer=viewer)["data"] for viewer in (PLANNER, ANYBODY, SYSTEM)}
    assert seen[Role.PLANNER] == seen[Role.PUBLIC]
    found = seen[Role.PLANNER]
    assert [each["residents"] for each in found["facilities"]["nodes"]] == [None, 7]
    assert found["facilities"]["nodes"][0]["occupancy"] is None
    assert found["facilitySummary"] == [{"count": 2, "residents": 7, "occupancy": 0.7}]
    assert (found["occupancy"], found["more"], found["one"]) == ({"residents": 7}, {"totalCount": 1}, {"totalCount": 0})
    assert found["first"]["nodes"] == [{"name": "Home of 7"}], "an unknown number says nothing by its place"
    assert seen[Role.SYSTEM]["occupancy"] == {"residents": 10}
