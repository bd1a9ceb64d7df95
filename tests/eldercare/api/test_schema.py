"""The schema: everything is described in both languages, nothing secret is in it, and its parts agree."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from asker import Asker
from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, build_schema
from sqlalchemy import inspect

from eldercare.api import documents
from eldercare.api.limits import Limits
from eldercare.api.noun import camel
from eldercare.api.schema import Api
from eldercare.registry import ENTITIES

CHINESE = re.compile(r"[一-鿿]")
STANDARD = {"Boolean", "Float", "ID", "Int", "String"}


def described(api: Api) -> Iterator[tuple[str, Any]]:
    """Everything that needs a description, with its place."""
    for name, kind in api.schema.type_map.items():
        if name.startswith("__") or name in STANDARD:
            continue
        yield name, kind
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{value}", each) for value, each in kind.values.items())
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field, each in kind.fields.items():
                yield f"{name}.{field}", each
                yield from ((f"{name}.{field}({a})", given) for a, given in getattr(each, "args", {}).items())


def test_everything_is_described_in_english_and_chinese(api: Api) -> None:
    lacking = [name for name, each in described(api) if not each.description or not CHINESE.search(each.description)]
    assert lacking == []


def test_the_printed_schema_is_valid_and_complete(api: Api) -> None:
    printed = build_schema(api.text())
    assert set(printed.type_map) >= {name for name in api.schema.type_map if not name.startswith("__")}


def test_no_secret_is_shown_filtered_or_ordered_by(api: Api) -> None:
    secrets = [(e.__name__, c.key) for e in ENTITIES for c in inspect(e).columns if c.info.get("secret")]
    assert ("Person", "id_number") in secrets
    kinds: Any = api.schema.type_map
    shown = {(n, c) for n, c in secrets if camel(c) in kinds[n].fields}
    assert not {(n, c) for n, c in shown if c.endswith("digest") or n == "Organisation"}
    for noun, column in secrets:
        assert camel(column) not in kinds[f"{noun}Filter"].fields
        assert column.upper() not in kinds[f"{noun}OrderField"].values


def test_every_noun_of_the_registry_is_readable(api: Api) -> None:
    assert {entity.__name__ for entity in ENTITIES} == set(api.catalogue.nouns)
    roots = set(api.schema.query_type.fields)  # type: ignore[union-attr]
    assert api.catalogue.roots() <= roots


def test_every_enumeration_tells_its_labels(ask: Asker) -> None:
    answer = ask(
        '{ vocabularies { name terms { code zh en } } vocabulary(name: "BedType") { terms { code zh } } none: vocabulary(name: "x") { name } }'
    )
    names = [each["name"] for each in answer["data"]["vocabularies"]]
    assert {"FacilityKind", "BedType", "GroupCategory", "Level", "Quality"} <= set(names)
    assert all(term["zh"] and term["en"] for each in answer["data"]["vocabularies"] for term in each["terms"])
    assert {"code": "NURSING", "zh": "护理型"} in [
        {**t, "zh": t["zh"][:3]} for t in answer["data"]["vocabulary"]["terms"]
    ]
    assert answer["data"]["none"] is None


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{ facility(id: ", {}, "GRAPHQL_SYNTAX"),
        ("{ nothing }", {}, "GRAPHQL_VALIDATION"),
        ("query Q($id: ID!) { facility(id: $id) { name } }", {}, "GRAPHQL_VALIDATION"),
        ("query Q($n: Int) { facilities(first: $n) { totalCount } }", {"n": 2**40}, "GRAPHQL_VALIDATION"),
        ("query A { sources { totalCount } } query B { sources { totalCount } }", {}, "WHICH_OPERATION"),
        ("{ a: sources { totalCount } " + "b" * 100_001 + " }", {}, "DOCUMENT_TOO_LONG"),
        ("{ divisions { nodes " + "{ parent " * 20 + "{ id }" + "}" * 20 + " } }", {}, "TOO_DEEP"),
        ("{ " + " ".join(f"a{i}: sources {{ totalCount }}" for i in range(41)) + " }", {}, "TOO_MANY_ROOT_FIELDS"),
        ("{ sources { nodes { " + " ".join(f"a{i}: id" for i in range(201)) + " } } }", {}, "TOO_MANY_ALIASES"),
    ],
)
def test_a_request_that_is_not_executed_says_why(ask: Asker, query: str, variables: Any, code: str) -> None:
    answer = ask.answer(query, variables)
    assert not answer.executed
    body = ask(query, variables)
    assert "data" not in body
    assert {error["extensions"]["code"] for error in body["errors"]} == {code}
    assert all(error["extensions"]["remedy"] for error in body["errors"])


@pytest.mark.parametrize(
    "bad",
    [
        "x",
        "",
        "Facility",
        "Facility_",
        "Facility_0",
        "Facility_-1",
        "Facility_1 ",
        "facility_1",
        "Facility_99999999999999999999",
        "Palace_1",
        "Facility_１",
    ],
)
def test_a_bad_id_is_a_coded_error(ask: Asker, bad: str) -> None:
    for query in (
        "query Q($id: ID!) { node(id: $id) { id } sources { totalCount } }",
        "query Q($id: ID!) { facility(id: $id) { id } sources { totalCount } }",
    ):
        answer = ask(query, {"id": bad})
        assert answer["data"]["sources"]["totalCount"] >= 0
        assert answer["errors"][0]["extensions"]["code"] in ("BAD_ID", "WRONG_TYPE_OF_ID")


def test_an_unknown_id_is_nothing_and_no_error(ask: Asker) -> None:
    query = '{ facility(id: "Facility_9223372036854775807") { id } node(id: "Person_999999") { id } nodes(ids: ["Person_999999"]) { id } }'
    assert ask(query) == {"data": {"facility": None, "node": None, "nodes": [None]}}


@pytest.mark.parametrize("alias", ["a" * 80, "__x", "_", "select", "n", "found", "j0", "o0"])
def test_any_name_serves_as_an_alias(ask: Asker, alias: str) -> None:
    query = f"{{ {alias}: sources {{ {alias}: nodes {{ {alias}: id {alias}b: system }} }} }}"
    answer = ask(query)
    assert "errors" not in answer
    assert list(answer["data"][alias][alias][0]) == [alias, f"{alias}b"]


def test_documents_are_forgotten_before_they_fill_the_memory(ask: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MOST_DOCUMENTS", 3)
    known = documents.Documents(ask.executor.api.schema, Limits(), lambda name: False, ())
    texts = [f"{{ a{i}: sources {{ totalCount }} }}" for i in range(5)]
    kept = [known.operation(text, None) for text in texts]
    assert known.operation(texts[4], None) is kept[4]
    assert known.operation(texts[0], None) is not kept[0]
    monkeypatch.setattr(documents, "MOST_CHARACTERS", 40)
    assert known.operation(texts[1], None) is not kept[1]
    assert known.operation(texts[4], None) is not kept[4]
