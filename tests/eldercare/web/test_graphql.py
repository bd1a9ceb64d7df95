"""GraphQL over HTTP as the specification asks for it, against a real executor."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hello import hello_server
from starlette.testclient import TestClient

GRAPHQL = "application/graphql-response+json"


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(hello_server(), follow_redirects=False) as opened:
        yield opened


def ask(client: TestClient, query: str, accept: str = GRAPHQL, **members: Any) -> Any:
    return client.post("/graphql", json={"query": query, **members}, headers={"accept": accept})


def code(response: Any) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])


def test_a_query_is_answered(client: TestClient) -> None:
    response = ask(client, "{ hello }")
    assert (response.status_code, response.json()) == (200, {"data": {"hello": "hello world"}})
    assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"


def test_variables_and_the_operation_are_taken(client: TestClient) -> None:
    document = "query A($n: String!) { hello(name: $n) } query B { hello }"
    assert ask(client, document, operationName="A", variables={"n": "王"}).json() == {"data": {"hello": "hello 王"}}


@pytest.mark.parametrize(
    ("query", "accept", "status"),
    [
        ("{", GRAPHQL, 400),
        ("{ nix }", GRAPHQL, 400),
        ("{", "application/json", 200),
        ("{ nix }", "application/json", 200),
    ],
)
def test_a_refused_document_has_the_status_of_its_media_type_and_no_data(
    client: TestClient, query: str, accept: str, status: int
) -> None:
    response = ask(client, query, accept)
    assert (response.status_code, "data" in response.json()) == (status, False)


def test_get_reads(client: TestClient) -> None:
    response = client.get(
        "/graphql", params={"query": "query($n: String!) { hello(name: $n) }", "variables": '{"n": "李"}'}
    )
    assert response.json() == {"data": {"hello": "hello 李"}}


def test_get_does_not_write(client: TestClient) -> None:
    response = client.get("/graphql", params={"query": "mutation { greet }"})
    assert (response.status_code, response.headers["allow"], code(response)) == (405, "POST", "MUTATION_BY_GET")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b"{}", b'{"query": 1}', b'{"query": ""}', b'{"query": "{ hello }", "variables": [1]}',
     b'{"query": "{ hello }", "operationName": 1}', b'{"query": "{ hello }", "extensions": "x"}', b"\xff\xfe"],
)  # fmt: skip
def test_what_is_no_request_is_refused(client: TestClient, body: bytes) -> None:
    response = client.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert code(response) in ("JSON", "REQUEST")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk"])
def test_a_body_of_another_kind_is_refused(client: TestClient, kind: str) -> None:
    """Forms and plain text can be sent by a foreign page without asking first; JSON cannot."""
    response = client.post("/graphql", content=b'{"query": "{ hello }"}', headers={"content-type": kind})
    assert (response.status_code, code(response)) == (415, "MEDIA_TYPE")


def test_a_client_that_takes_no_json_is_told(client: TestClient) -> None:
    assert ask(client, "{ hello }", accept="image/png").status_code == 406


def test_other_methods_are_refused_with_those_there_are(client: TestClient) -> None:
    response = client.delete("/graphql")
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize("declared", [True, False])
def test_a_body_over_the_limit_is_refused(declared: bool) -> None:
    content: Any = b"x" * 20_000 if declared else iter([b"x" * 9_000] * 3)
    with TestClient(hello_server(body_limit=10_000)) as client:
        response = client.post("/graphql", content=content, headers={"content-type": "application/json"})
    assert (response.status_code, code(response)) == (413, "BODY_TOO_LONG")


def test_an_unforeseen_error_shows_a_number_and_nothing_else(client: TestClient) -> None:
    response = ask(client, "explode")
    assert (response.status_code, code(response)) == (500, "INTERNAL")
    assert "secret" not in response.text
    assert "ZeroDivision" not in response.text


def test_a_long_answer_is_packed_for_those_who_unpack(client: TestClient) -> None:
    with client.stream("POST", "/graphql", json={"query": "{ big }"}, headers={"accept-encoding": "gzip"}) as response:
        raw = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(raw))["data"]["big"]) == 5_000


def test_a_browser_that_opens_the_endpoint_is_shown_the_start_page(client: TestClient) -> None:
    response = client.get("/graphql", headers={"accept": "text/html,*/*;q=0.8"})
    assert (response.status_code, response.headers["location"]) == (303, "/")


def test_a_request_keeps_the_id_it_came_with(client: TestClient) -> None:
    headers = {"x-request-id": "partner-2026-0001"}
    assert (
        client.post("/graphql", json={"query": "{ hello }"}, headers=headers).headers["x-request-id"]
        == "partner-2026-0001"
    )


def test_an_id_that_is_none_is_replaced(client: TestClient) -> None:
    headers = {"x-request-id": "a b\tc<script>"}
    found = client.post("/graphql", json={"query": "{ hello }"}, headers=headers).headers["x-request-id"]
    assert "<" not in found
    assert len(found) == 12
