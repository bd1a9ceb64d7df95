"""Pages: walking a list by cursors, both ways, shows every row once, in order, whatever happens in between."""

from typing import Any

import pytest
from asker import Asker
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from eldercare.registry import Facility, Stay

ORDERS = [
    None,
    [{"field": "NAME"}],
    [{"field": "FILED_ON"}],
    [{"field": "FILED_ON", "direction": "DESC", "nulls": "FIRST"}, {"field": "KIND"}],
    [{"field": "OCCUPANCY", "nulls": "FIRST"}],
    [{"field": "BUILDING_AREA", "direction": "DESC"}, {"field": "RECORDED_AT", "direction": "DESC"}],
    [{"owner": {"field": "NAME"}, "direction": "DESC"}, {"division": {"parent": {"field": "CODE"}}}],
    [{"field": "PUBLIC", "direction": "DESC"}, {"field": "LONGITUDE"}],
    [{"field": "BUILDING_AREA"}, {"field": "BUILDING_AREA", "direction": "DESC"}],
]
PAGE = """query P($first: Int, $last: Int, $after: Cursor, $before: Cursor, $orderBy: [FacilityOrder!]) {
  facilities(history: true, first: $first, last: $last, after: $after, before: $before, orderBy: $orderBy) {
    totalCount nodes { id } edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


def page(ask: Asker, **variables: Any) -> Any:
    """A page of facilities."""
    answer = ask(PAGE, {name: value for name, value in variables.items() if value is not None})
    assert "errors" not in answer, answer
    return answer["data"]["facilities"]


def ids(found: Any) -> list[str]:
    """The ids of a page."""
    return [node["id"] for node in found["nodes"]]


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("size", [1, 4])
def test_a_walk_forward_or_backward_shows_every_row_once_in_order(ask: Asker, order: Any, size: int) -> None:
    whole = ids(page(ask, first=500, orderBy=order))
    assert len(whole) == len(set(whole)) == page(ask, orderBy=order)["totalCount"]
    forward, cursor, more = [], None, True
    while more:
        found = page(ask, first=size, after=cursor, orderBy=order)
        assert found["pageInfo"]["hasPreviousPage"] == bool(forward)
        forward += ids(found)
        cursor, more = found["pageInfo"]["endCursor"], found["pageInfo"]["hasNextPage"]
    assert forward == whole
    backward: list[str] = []
    cursor, more = None, True
    while more:
        found = page(ask, last=size, before=cursor, orderBy=order)
        assert found["pageInfo"]["hasNextPage"] == bool(backward)
        backward = ids(found) + backward
        cursor, more = found["pageInfo"]["startCursor"], found["pageInfo"]["hasPreviousPage"]
    assert backward == whole


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(ORDERS),
    st.booleans(),
    st.integers(0, 6),
    st.none() | st.integers(0, 20),
    st.none() | st.integers(0, 20),
)
def test_any_window_is_the_slice_it_says(
    ask: Asker, order: Any, forward: bool, size: int, after: int | None, before: int | None
) -> None:
    whole = page(ask, first=500, orderBy=order)
    rows, cursors = ids(whole), [edge["cursor"] for edge in whole["edges"]]
    low = 0 if after is None else after % len(rows) + 1
    high = len(rows) if before is None else before % len(rows)
    within = rows[low:high]
    expected = within[:size] if forward else within[max(0, len(within) - size) :]
    found = page(
        ask,
        **{"first" if forward else "last": size},
        after=None if after is None else cursors[low - 1],
        before=None if before is None else cursors[high],
        orderBy=order,
    )
    assert ids(found) == expected
    cut = len(within) > size
    assert found["pageInfo"]["hasNextPage"] == ((cut and forward) or before is not None)
    assert found["pageInfo"]["hasPreviousPage"] == ((cut and not forward) or after is not None)


def test_a_page_goes_on_when_the_row_of_its_cursor_is_gone(ask: Asker, planted_engine: Engine) -> None:
    with Session(planted_engine) as session:
        free = session.scalars(
            select(Facility.id).where(Facility.id.not_in(select(Stay.facility_id))).order_by(Facility.id)
        )
        copy = session.get_one(Facility, free.first() or session.scalars(select(Facility.id)).first())
        session.expunge(copy)
        values = {c.key: getattr(copy, c.key) for c in Facility.__table__.columns if c.key not in ("id", "code")}
        extra = Facility(**{**values, "name": ""})
        session.add(extra)
        session.commit()
        order = [{"field": "NAME"}]
        first = page(ask, first=1, orderBy=order)
        behind = ids(page(ask, first=3, after=first["pageInfo"]["endCursor"], orderBy=order))
        session.execute(delete(Facility).where(Facility.id == extra.id))
        session.commit()
    assert ids(page(ask, first=3, after=first["pageInfo"]["endCursor"], orderBy=order)) == behind


def test_each_parent_has_its_own_page(ask: Asker) -> None:
    answer = ask(
        """{ divisions(history: true, first: 100) { nodes { id
             few: children(first: 1, history: true) { totalCount nodes { id } pageInfo { hasNextPage } }
             all: children(first: 100, history: true) { nodes { id } } } } }"""
    )
    for division in answer["data"]["divisions"]["nodes"]:
        children = division["all"]["nodes"]
        assert division["few"]["nodes"] == children[:1]
        assert division["few"]["totalCount"] == len(children)
        assert division["few"]["pageInfo"]["hasNextPage"] == (len(children) > 1)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("first: -1", "PAGE_SIZE"),
        ("first: 501", "PAGE_SIZE"),
        ("last: 501", "PAGE_SIZE"),
        ("first: 1, last: 1", "FIRST_AND_LAST"),
        ('after: "garbage"', "BAD_CURSOR"),
        ('after: ""', "BAD_CURSOR"),
        ('after: "5b5d"', "BAD_CURSOR"),
        ('before: "ffff"', "BAD_CURSOR"),
        ("orderBy: []", "EMPTY_ORDER"),
        ("orderBy: [{}]", "BAD_ORDER"),
        ("orderBy: [{direction: DESC}]", "BAD_ORDER"),
        ("orderBy: [{field: NAME, owner: {field: NAME}}]", "BAD_ORDER"),
        ("orderBy: [{field: null}]", "BAD_ORDER"),
    ],
)
def test_a_bad_page_is_a_coded_error_and_spares_the_rest(ask: Asker, arguments: str, code: str) -> None:
    answer = ask(f"{{ facilities({arguments}) {{ totalCount }} sources {{ totalCount }} }}")
    assert answer["data"]["facilities"] is None
    assert answer["data"]["sources"]["totalCount"] > 0
    assert [error["extensions"]["code"] for error in answer["errors"]] == [code]
    assert answer["errors"][0]["path"] == ["facilities"]
    assert answer["errors"][0]["extensions"]["remedy"]


def test_a_cursor_serves_only_its_own_order(ask: Asker) -> None:
    cursor = page(ask, first=1, orderBy=[{"field": "NAME"}])["pageInfo"]["endCursor"]
    answer = ask(PAGE, {"after": cursor, "orderBy": [{"field": "KIND"}]})
    assert answer["errors"][0]["extensions"]["code"] == "BAD_CURSOR"


def test_a_cursor_with_a_forged_value_is_refused(ask: Asker) -> None:
    cursor = page(ask, first=1, orderBy=[{"field": "ESTABLISHED_ON"}])["pageInfo"]["endCursor"]
    text = bytes.fromhex(cursor).decode()
    for forged in ('"x"', "1e999", "true", "[1]", "99999999999999999999"):
        head = text[: text.index(",")]
        answer = ask(PAGE, {"after": f"{head}, {forged}, 1]".encode().hex(), "orderBy": [{"field": "ESTABLISHED_ON"}]})
        assert answer["errors"][0]["extensions"]["code"] == "BAD_CURSOR", forged
