"""Cursors hold nothing about anybody in the clear, and serve as before."""

from collections.abc import Callable
from typing import Any

import pytest
from asker import Asker
from oracle import is_personal
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from territory_world import TODAY, World, plant

from eldercare.api.compiler.cursor import read_cursor
from eldercare.api.compiler.order import TELLS_NOTHING
from eldercare.api.noun import Value, camel
from eldercare.api.schema import Api
from eldercare.registry import ENTITIES
from eldercare.security.cipher import KeyRing
from eldercare.security.principal import Role
from factories import KEYS

PEOPLE = """query($by: [PersonOrder!], $first: Int, $after: Cursor) { people(orderBy: $by, first: $first, after: $after) {
  edges { cursor node { name birthDate } } pageInfo { endCursor hasNextPage } } }"""


@pytest.fixture(scope="module")
def county(empty_engine: Engine) -> World:
    with Session(empty_engine) as session:
        return plant(session)


@pytest.fixture(scope="module")
def ask(api: Api, empty_url: str, empty_engine: Engine, asking: Callable[..., Asker], county: World) -> Asker:
    return asking(empty_url, empty_engine, today=TODAY, services={"keys": KEYS})


def page(ask: Asker, county: World, field: str, **more: Any) -> Any:
    viewer = county.viewer(Role.COUNTY_ADMIN, "east")
    return ask(PEOPLE, {"by": [{"field": field, "nulls": "FIRST"}], **more}, viewer=viewer)


def test_no_cursor_tells_of_anybody(ask: Asker, county: World) -> None:
    """Every order of every noun about people: what it is ordered by is in no cursor, and no name or day of birth is in any."""
    catalogue, personal = ask.executor.api.catalogue, {e.__name__ for e in ENTITIES if is_personal(e)}
    planted = [
        text for one in county.people.values() for text in (one.name, one.born.isoformat(), one.phone, one.number)
    ]
    seen: list[str] = []
    for noun in sorted(personal & catalogue.nouns.keys()):
        fields = {f.name.upper(): f for f in catalogue.shapes[noun].values() if isinstance(f, Value)}
        orders: Any = ask.executor.api.schema.type_map[f"{noun}OrderField"]
        plural = catalogue.nouns[noun].plural
        for name in orders.values:
            query = f"{{ {plural}(first: 9, orderBy: [{{field: {name}}}]) {{ edges {{ cursor }} pageInfo {{ endCursor }} }} }}"
            found = ask(query)["data"][plural]
            cursors = [each["cursor"] for each in found["edges"]]
            telling = name in fields and fields[name].privacy not in TELLS_NOTHING
            assert [each.startswith("~") for each in cursors] == [telling] * len(cursors), (noun, camel(name))
            seen += [*cursors, *[each for each in [found["pageInfo"]["endCursor"]] if each]]
    assert len(seen) > 100
    clear = [bytes.fromhex(each).decode() for each in seen if not each.startswith("~")] + seen
    assert [text for text in planted if any(text in each or text.encode().hex() in each for each in clear)] == []


@pytest.mark.parametrize("field", ["NAME", "BIRTH_DATE", "DECEASED_ON"])
def test_pages_follow_each_other_behind_sealed_cursors(ask: Asker, county: World, field: str) -> None:
    whole = [each["node"] for each in page(ask, county, field)["data"]["people"]["edges"]]
    found, after, more = [], None, True
    while more:
        part = page(ask, county, field, first=3, after=after)["data"]["people"]
        found += [each["node"] for each in part["edges"]]
        after, more = part["pageInfo"]["endCursor"], part["pageInfo"]["hasNextPage"]
        assert after == part["edges"][-1]["cursor"]
    assert found == whole
    assert len(whole) > 6


def test_a_sealed_cursor_that_was_touched_is_refused(ask: Asker, county: World) -> None:
    cursor = page(ask, county, "NAME", first=1)["data"]["people"]["pageInfo"]["endCursor"]
    head, empty, sealed = cursor.split(".")
    other = page(ask, county, "BIRTH_DATE", first=1)["data"]["people"]["pageInfo"]["endCursor"]
    for forged in (
        f"{head}.{empty}.{sealed[:-2]}00", f"{head}.10.{sealed}", f"{head}.{empty}0.{sealed}", f"{head}.{empty}.ff",
        f"{head}.{empty}.{other.split('.')[2]}", other, f"{head}.{empty}.", "~", f"~{'0' * 8}.00.{sealed}",
    ):  # fmt: skip
        answer = page(ask, county, "NAME", first=1, after=forged)
        assert answer["errors"][0]["extensions"]["code"] == "BAD_CURSOR", forged


def test_a_cursor_needs_the_keys_it_was_made_with(ask: Asker, county: World) -> None:
    cursor = page(ask, county, "NAME", first=1)["data"]["people"]["pageInfo"]["endCursor"]
    assert read_cursor(cursor).opened(KEYS)[0] in county.people
    with pytest.raises(Exception, match="BAD_CURSOR"):
        read_cursor(cursor).opened(KeyRing.fresh())
