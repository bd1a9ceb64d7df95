"""What a request may cost is known before it is executed, and a hostile one costs the server less than an ordinary one."""

from typing import Any

import pytest
from asker import Asker

from eldercare.api.execute import Request
from eldercare.kit.work import PROCESS

ORDINARY = "{ facilities(first: 20) { nodes { name division { name } } } }"


def cost(ask: Asker, query: str, variables: dict[str, Any] | None = None) -> Any:
    return ask(query, variables, receipt=True)["extensions"]["cost"]


def code(answer: Any) -> str:
    return str(answer["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize(
    ("query", "variables", "requested"),
    [
        ('{ facility(id: "Facility_1") { name } }', {}, 1),
        ('{ facility(id: "Facility_1") { name residents division { name } } }', {}, 3),
        ("{ facilities { nodes { name } } }", {}, 51),
        ("{ facilities(first: 3) { nodes { name division { name } } } }", {}, 7),
        ("{ facilities(last: 3) { totalCount edges { cursor node { name } } } }", {}, 24),
        ("{ divisions(first: 10) { nodes { children(first: 5) { nodes { name } } } } }", {}, 71),
        ("query Q($n: Int!) { facilities(first: $n) { nodes { ...F } } } fragment F on Facility { stays(last: $n) { nodes { id } } }", {"n": 10}, 121),
        ("query Q($n: Int) { facilities(first: $n) { nodes { id } } }", {}, 51),
        ("query Q($no: Boolean!) { facilities @include(if: $no) { nodes { id } } sources(first: 1) { nodes { id } } }", {"no": False}, 2),
        ('{ nodes(ids: ["Facility_1", "Stay_1", "x"]) { id ... on Facility { residents } } }', {}, 4),
        ("{ facilitySummary(groupBy: [KIND], first: 7) { kind count } }", {}, 207),
        ("{ facilitySummary { count } }", {}, 201),
        ('{ people(first: 1, filter: {stays: {some: {facility: {kind: {eq: NURSING_HOME}}}}}) { nodes { id } } }', {}, 13),
        ("{ studies(first: 4) { nodes { scenarios { name } } } }", {}, 37),
    ],
)  # fmt: skip
def test_objects_are_counted_through_pages_fragments_and_variables(
    ask: Asker, query: str, variables: dict[str, Any], requested: int
) -> None:
    assert cost(ask, query, variables)["requested"] == requested


def test_a_report_weighs_what_it_says(ask: Asker) -> None:
    assert (
        cost(ask, "{ occupancy { beds } }")["requested"] == ask.executor.api.catalogue.reports["occupancy"].weight + 1
    )


def test_what_costs_too_much_is_refused_with_the_cost_the_limit_and_where_it_arises(ask: Asker) -> None:
    query = "query Q($n: Int!) { sources(first: 1) { nodes { id } } a: facilities(first: 500) { nodes { stays(first: $n) { nodes { id } } } } }"
    assert "data" in ask(query, {"n": 10})
    answer = ask.answer(query, {"n": 500})
    error = ask(query, {"n": 500})["errors"][0]
    assert not answer.executed
    assert error["message"] == (
        "This asks for up to 251003 objects, and 60000 is the limit; most of them arise in a.nodes.stays.nodes."
    )
    assert error["extensions"] == {
        "code": "TOO_COSTLY",
        "remedy": "Ask for smaller pages with first, for fewer levels, or in several requests.",
        "path": ["a", "nodes", "stays", "nodes"],
        "cost": {"requested": 251003, "limit": 60000},
    }


def test_a_receipt_says_what_was_asked_for_and_what_it_took(ask: Asker) -> None:
    straight, walked = cost(ask, ORDINARY), cost(ask, '{ vocabulary(name: "Level") { name } }')
    assert (straight["limit"], straight["statements"], walked["statements"]) == (60_000, 1, 0)
    assert straight["milliseconds"] > 0
    assert straight["dataVersion"] == cost(ask, ORDINARY)["dataVersion"]
    assert "extensions" not in ask(ORDINARY)


HOSTILE = {
    "aliases": "{ " + " ".join(f"a{i}: facilities(first: 500) {{ nodes {{ id }} }}" for i in range(39)) + " b: facilities(first: 500) { nodes { stays(first: 500) { nodes { id } } } } }",
    "tokens": "{ a" + " b" * 40_000 + " }",
    "brackets": "{ a" * 300 + "}" * 300,
    "a list in a list": "{ facilities(filter: " + "{not: " * 90 + "{}" + "}" * 90 + ") { totalCount } }",
    "one field over and over": "{ facilities { nodes { " + "name " * 1900 + "} } }",
    "fragments that double": "{ facilities { nodes { ...F0 } } } "
    + " ".join(f"fragment F{i} on Facility {{ ...F{i + 1} ...F{i + 1} }}" for i in range(30))
    + " fragment F30 on Facility { name }",
    "a fragment in itself": "{ facilities { nodes { ...F } } } fragment F on Facility { ...F division { ...G } } fragment G on Division { children { nodes { ...G } } }",
    "directives": "{ facilities { nodes { id " + "@include(if: true) " * 60 + "} } }",
    "many directives": "{ facilities { nodes { " + " ".join(f"a{i}: id @include(if: true)" for i in range(60)) + "} } }",
    "the schema in the schema": "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
    "numbers": "{ facilities(first: 2147483648) { nodes { id } } }",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_before_anything_is_done_for_it(ask: Asker, name: str) -> None:
    executor = ask.executor
    before = PROCESS.statements
    assert not ask.answer(HOSTILE[name]).executed
    read = executor.documents.tokens
    assert code(ask(HOSTILE[name])) != "INTERNAL"
    assert (executor.documents.tokens, PROCESS.statements) == (read, before), "sent again, it is not even read again"


def test_a_hostile_variable_is_refused_before_it_is_read(ask: Asker) -> None:
    query = "query Q($f: FacilityFilter) { facilities(filter: $f) { totalCount } }"
    deep: Any = {}
    for _ in range(500):
        deep = {"not": deep}
    before = PROCESS.statements
    assert code(ask(query, {"f": deep})) == "TOO_DEEP"
    assert code(ask(query, {"f": {"or": [{"name": {"eq": "x"}}] * 6000}})) == "VARIABLES_TOO_LONG"
    assert code(ask(query, {"f": {"or": [{"name": {"eq": "x"}}] * 500}})) == "TOO_MANY_CONDITIONS"
    assert PROCESS.statements == before


def test_an_ordinary_document_reads_more_tokens_than_a_hostile_one_is_allowed_to_cost(ask: Asker) -> None:
    """The work for a document is its tokens, read once, and its statements: a refused one has no statement at all."""
    documents, before = ask.executor.documents, PROCESS.statements
    began = documents.tokens
    ask(HOSTILE["tokens"])
    ask(HOSTILE["brackets"])
    assert documents.tokens == began
    ask(ORDINARY.replace("20", "21"))
    assert documents.tokens - began == 18
    assert PROCESS.statements == before + 1


def test_a_request_of_a_mutation_is_counted_too(ask: Asker) -> None:
    cost = ask.executor.prepared(Request('mutation { cancelStudy(id: "Study_1") { study { id } errors { code } } }'))[3]
    assert cost.requested == 50 + 1 + 1 + 8
