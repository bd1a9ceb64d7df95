"""One query, one statement: twenty representative documents, counted at the driver."""

from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine, event

PEOPLE = "nodes { id name age memberships(first: 5) { nodes { category validFrom } } }"
DOCUMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "by id": ('{ facility(id: "Facility_1") { id name kind division { name } } }', {}),
    "by id through a variable": ("query Q($id: ID!) { facility(id: $id) { name } }", {"id": "Facility_2"}),
    "a page": (
        "{ facilities(first: 50) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id } } } }",
        {},
    ),
    "a page with references": (
        "{ facilities { nodes { name division { name parent { name } } owner { name } } } }",
        {},
    ),
    "beds and occupancy": ("{ facilities { nodes { name openBeds residents occupancy operator { name } } } }", {}),
    "nested pages": ("{ divisions { nodes { name children(first: 2) { totalCount nodes { name } } } } }", {}),
    "three levels of pages": (
        "{ facilities { nodes { stays(first: 2) { nodes { leaves { nodes { reason } } person { name } } } } } }",
        {},
    ),
    "people with their groups": (f"{{ people(first: 500) {{ {PEOPLE} }} }}", {}),
    "filters through relations": (
        '{ people(filter: {stays: {some: {facility: {kind: {eq: NURSING_HOME}}}}, within: "990100000000"}) { totalCount } }',
        {},
    ),
    "a filter in a variable": (
        "query Q($f: PersonFilter) { people(filter: $f) { nodes { name } } }",
        {"f": {"or": [{"age": {"gte": 80}}, {"sex": {"in": ["FEMALE"]}}]}},
    ),
    "order through a reference": ("{ facilities(orderBy: [{division: {field: NAME}}]) { nodes { name } } }", {}),
    "the last ones": (
        "{ people(last: 3, orderBy: [{field: BIRTH_DATE}]) { nodes { name } pageInfo { hasPreviousPage } } }",
        {},
    ),
    "fragments": (
        "{ facilities { nodes { ...F } } } fragment F on Facility { name division { ...D } } fragment D on Division { name }",
        {},
    ),
    "aliases": ('{ a: facility(id: "Facility_1") { x: name y: name } b: facility(id: "Facility_2") { name } }', {}),
    "skip and include": (
        "query Q($no: Boolean!) { facilities { totalCount @include(if: $no) nodes { name @skip(if: $no) id } } }",
        {"no": False},
    ),
    "a summary": ("{ facilitySummary(groupBy: [OWNERSHIP]) { ownership count openBeds residents occupancy } }", {}),
    "groups of people by territory": (
        "{ personSummary(groupBy: [COUNTY, AGE_BAND]) { county { name } ageBand count } }",
        {},
    ),
    "group counts": ("{ groupCounts(categories: [EXTREMELY_POOR, LIVING_ALONE]) { category people } }", {}),
    "nodes of many kinds": (
        '{ node(id: "Person_1") { id __typename ... on Person { name } } nodes(ids: ["Stay_1", "Facility_1"]) { id } }',
        {},
    ),
    "a dashboard": (
        '{ facility(id: "Facility_1") { name } facilities(first: 20) { totalCount nodes { name } } '
        'groupCounts { category people } occupancy { residents beds occupancy } division(id: "Division_3") { name } }',
        {},
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_one_statement(ask: Asker, planted_engine: Engine, name: str) -> None:
    query, variables = DOCUMENTS[name]
    sent: list[str] = []
    fetch = ask.executor.reads.fetch

    async def counting(plan: Any, values: Any) -> bytes:
        sent.append(plan.sql)
        return await fetch(plan, values)

    def elsewhere(*arguments: Any) -> None:
        sent.append(arguments[2])

    event.listen(planted_engine, "before_cursor_execute", elsewhere)
    ask.executor.reads.fetch = counting  # type: ignore[method-assign]
    try:
        answer = ask.answer(query, variables)
    finally:
        ask.executor.reads.fetch = fetch  # type: ignore[method-assign]
        event.remove(planted_engine, "before_cursor_execute", elsewhere)
    assert b'"errors"' not in answer.body, answer.body
    assert len(sent) == 1, sent


def test_there_are_twenty_of_them() -> None:
    assert len(DOCUMENTS) == 20
