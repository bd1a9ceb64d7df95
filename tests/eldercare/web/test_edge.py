"""The edge around the endpoint: room for so many, tags, other origins, and numbers for Prometheus."""

import asyncio
from typing import Any

import pytest
from hello import everybody, hello_server
from starlette.testclient import TestClient

from eldercare.api.execute import Answer, Request
from eldercare.web.gate import Busy, Gate
from eldercare.web.graphql import Endpoint, told_by
from eldercare.web.server import Edge, make_server


def test_those_who_come_first_are_let_in_first_and_too_many_are_told_to_come_back() -> None:
    async def run() -> None:
        gate, order, open_door = Gate(inside=1, waiting=1, seconds=5), [], asyncio.Event()

        async def visit(name: str) -> None:
            async with gate.through():
                order.append(name)
                await open_door.wait()

        visits = [asyncio.ensure_future(visit(name)) for name in "ab"]
        await asyncio.sleep(0)
        assert (gate.inside, gate.waiting) == (1, 1)
        with pytest.raises(Busy) as busy:
            async with gate.through():
                raise AssertionError
        open_door.set()
        await asyncio.gather(*visits)
        assert (order, gate.inside, gate.waiting, busy.value.after) == (["a", "b"], 0, 0, 2)

    asyncio.run(run())


def test_whoever_waits_too_long_or_leaves_takes_no_place() -> None:
    async def run() -> None:
        gate = Gate(inside=1, waiting=5, seconds=0.02)
        async with gate.through():
            with pytest.raises(Busy):
                await asyncio.create_task(enter(gate))
            leaving = asyncio.create_task(enter(gate))
            await asyncio.sleep(0)
            leaving.cancel()
            await asyncio.gather(leaving, return_exceptions=True)
            assert (gate.inside, gate.waiting) == (1, 0)
        assert gate.inside == 0
        await enter(gate)

    async def enter(gate: Gate) -> None:
        async with gate.through():
            pass

    asyncio.run(run())


def test_a_busy_server_says_when_to_come_back() -> None:
    with TestClient(hello_server(gate=Gate(inside=1, waiting=0))) as client:
        gate = client.app.graphql.gate  # type: ignore[attr-defined]
        gate.inside = 1
        response = client.post("/graphql", json={"query": "{ hello }"})
        gate.inside = 0
        assert client.post("/graphql", json={"query": "{ hello }"}).status_code == 200
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert response.json()["errors"][0]["extensions"]["code"] == "BUSY"


async def tagging(request: Request) -> Answer:
    """Answers with one tag, as long as one is asked for."""
    if request.tags is None:
        return Answer(b'{"data":{}}')
    return Answer(b"", tag="t", unchanged=True) if "t" in request.tags else Answer(b'{"data":{}}', tag="t")


def test_tags_over_http() -> None:
    with TestClient(make_server(tagging, authenticate=everybody, sdl=str, ready=lambda: None)) as client:
        first = client.get("/graphql", params={"query": "{ a }"})
        again = client.get("/graphql", params={"query": "{ a }"}, headers={"if-none-match": 'W/"x", W/"t"'})
        plain = client.post("/graphql", json={"query": "{ a }"})
        asked = client.post("/graphql", json={"query": "{ a }"}, headers={"if-none-match": '"t"'})
    assert (first.status_code, first.headers["etag"], first.headers["cache-control"]) == (
        200,
        'W/"t"',
        "private, no-cache",
    )
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", 'W/"t"')
    assert "authorization" in again.headers["vary"]
    assert (plain.status_code, plain.headers["cache-control"], "etag" in plain.headers) == (200, "no-store", False)
    assert (asked.status_code, asked.content) == (412, b"")


def test_a_request_says_who_its_client_is_and_may_ask_for_its_cost() -> None:
    request = told_by({b"graphql-client-name": "desk", b"x-cost": "true"}, "POST", Request("{ a }"))
    assert (request.client, request.receipt, request.tags) == ("desk", True, None)


PREFLIGHT = {
    "origin": "https://desk.example",
    "access-control-request-method": "POST",
    "access-control-request-headers": "content-type,authorization",
}


def test_pages_of_other_origins_are_let_in_only_when_named() -> None:
    with TestClient(hello_server()) as client:
        assert "access-control-allow-origin" not in client.options("/graphql", headers=PREFLIGHT).headers
    with TestClient(hello_server(origins=("https://desk.example",))) as client:
        asked = client.options("/graphql", headers=PREFLIGHT)
        answered = client.post("/graphql", json={"query": "{ hello }"}, headers={"origin": "https://desk.example"})
        stranger = client.options("/graphql", headers={**PREFLIGHT, "origin": "https://evil.example"})
    assert (asked.status_code, asked.headers["access-control-allow-origin"]) == (200, "https://desk.example")
    assert "access-control-allow-credentials" not in asked.headers
    assert "etag" in answered.headers["access-control-expose-headers"]
    assert "access-control-allow-origin" not in stranger.headers


def test_numbers_are_for_those_who_have_the_key_and_hold_nothing_that_people_send() -> None:
    with TestClient(hello_server(metrics_key="k" * 20)) as client:
        client.post("/graphql", json={"query": "query 王桂花 { hello }", "operationName": "x"})
        client.post("/graphql", json={"query": "query Secret330109 { hello }"})
        client.post("/graphql", content=b"{")
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers={"authorization": "Bearer x"}).status_code == 401
        text = client.get("/metrics", headers={"authorization": "Bearer " + "k" * 20}).text
    assert 'eldercare_requests_total{exit="straight",operation="(any)"} 2.0' in text
    assert 'eldercare_errors_total{code="MEDIA_TYPE"} 1.0' in text
    assert "eldercare_statements_total" in text
    assert "Secret" not in text
    with TestClient(hello_server()) as client:
        assert client.get("/metrics").status_code == 404


def test_names_of_operations_become_labels_only_up_to_a_bound() -> None:
    metrics: Any = Edge().metrics
    for i in range(300):
        metrics.answered(Answer(b"", name=f"Op{i}"), 0.01)
    assert len(metrics._names) == 200
    assert Endpoint(tagging, authenticate=everybody, body_limit=1, metrics=metrics).metrics is metrics
