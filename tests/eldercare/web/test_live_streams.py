"""Following over WebSocket and server-sent events: the protocols, resuming, limits, and clients that vanish."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from follow import FEED, add_person, served
from sqlalchemy import Engine
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from eldercare.api.schema import Api, whole_api
from eldercare.api.subscribing import Subscriber
from eldercare.security.principal import SYSTEM
from eldercare.web.authentication import unauthenticated
from eldercare.web.following import FollowLimits

PROTOCOL = ["graphql-transport-ws"]


@pytest.fixture(scope="module")
def api() -> Api:
    return whole_api()


@pytest.fixture
def server(api: Api, sqlite_url: str, sqlite_engine: Engine) -> Iterator[tuple[TestClient, Subscriber]]:
    with served(api, sqlite_url, sqlite_engine) as found:
        yield found


def begun(socket: Any, **payload: str) -> Any:
    socket.send_json({"type": "connection_init", "payload": payload})
    assert socket.receive_json() == {"type": "connection_ack"}
    return socket


def said(socket: Any, *kinds: str) -> Any:
    """The next message that is no sign of life."""
    while True:
        message = socket.receive_json()
        if message["type"] != "ping":
            assert message["type"] in kinds, message
            return message


def listen(socket: Any, *messages: Any) -> None:
    """Send messages, then listen until the server closes."""
    for each in messages:
        socket.send_json(each)
    while True:
        socket.receive_json()


def until(holds: Any) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


def test_a_subscription_is_told_of_changes_and_resumes_behind_what_it_kept(
    server: tuple[TestClient, Subscriber], sqlite_engine: Engine
) -> None:
    client, _ = server
    with client.websocket_connect("/graphql", PROTOCOL) as socket:
        assert socket.accepted_subprotocol == "graphql-transport-ws"
        begun(socket).send_json({"id": "1", "type": "subscribe", "payload": {"query": FEED}})
        start = said(socket, "next")["payload"]["data"]["changes"]
        assert start == {"nodes": [], "pageInfo": {"endCursor": "0-0"}}
        add_person(sqlite_engine)
        seen = said(socket, "next")["payload"]["data"]["changes"]
        assert [each["id"] for each in seen["nodes"]] == ["Source_1", "Person_1"]
    add_person(sqlite_engine)
    kept = seen["pageInfo"]["endCursor"]
    with client.websocket_connect("/graphql", PROTOCOL) as socket:
        payload = {"query": FEED, "variables": {"after": kept}}
        begun(socket).send_json({"id": "1", "type": "subscribe", "payload": payload})
        missed = said(socket, "next")["payload"]["data"]["changes"]["nodes"]
        socket.send_json({"id": "1", "type": "complete"})
    assert [each["id"] for each in missed][-1] == "Person_2"
    assert not {each["id"] for each in missed} & {each["id"] for each in seen["nodes"]}


def test_queries_and_mistakes_are_answered_over_a_socket(server: tuple[TestClient, Subscriber]) -> None:
    client, _ = server
    with client.websocket_connect("/graphql", PROTOCOL) as socket:
        begun(socket).send_json({"id": "q", "type": "subscribe", "payload": {"query": "{ sources { totalCount } }"}})
        assert said(socket, "next")["payload"] == {"data": {"sources": {"totalCount": 0}}}
        assert said(socket, "complete") == {"type": "complete", "id": "q"}
        for payload, code in [
            ({"query": "{ nix }"}, "GRAPHQL_VALIDATION"),
            ({"query": 1}, "REQUEST"),
            ({"query": 'subscription { changes(after: "x") { nodes { id } } }'}, "CHANGE_POSITION"),
            ({"query": 'subscription { changes(nouns: ["X"]) { nodes { id } } }'}, "NOUN_UNKNOWN"),
        ]:
            socket.send_json({"id": "e", "type": "subscribe", "payload": payload})
            assert said(socket, "error")["payload"][0]["extensions"]["code"] == code
        socket.send_json({"type": "ping", "payload": {"a": 1}})
        assert said(socket, "pong") == {"type": "pong", "payload": {"a": 1}}


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([{"id": "1", "type": "subscribe", "payload": {"query": "{ a }"}}], 4401),
        ([{"type": "connection_init"}, {"type": "connection_init"}], 4429),
        ([{"type": "connection_init", "payload": 1}], 4400),
        ([{"type": "nix"}], 4400),
        ([["x"]], 4400),
        ([{"type": "connection_init"}, {"type": "subscribe", "id": 5, "payload": {}}], 4400),
        ([{"type": "connection_init"}, *[{"id": "1", "type": "subscribe", "payload": {"query": FEED}}] * 2], 4409),
        ([], 4408),
    ],
)
def test_who_breaks_the_protocol_is_cut_off_with_its_code(
    server: tuple[TestClient, Subscriber], messages: list[Any], code: int
) -> None:
    with pytest.raises(WebSocketDisconnect) as closed, server[0].websocket_connect("/graphql", PROTOCOL) as socket:
        listen(socket, *messages)
    assert closed.value.code == code


def test_another_protocol_is_not_spoken(server: tuple[TestClient, Subscriber]) -> None:
    with pytest.raises(WebSocketDisconnect) as closed, server[0].websocket_connect("/graphql", ["graphql-ws"]) as s:
        s.receive_json()
    assert closed.value.code == 4406


def test_a_connection_holds_so_many_and_a_server_so_many(api: Api, sqlite_url: str, sqlite_engine: Engine) -> None:
    limits = FollowLimits(connections=1, per_connection=1)
    with (
        served(api, sqlite_url, sqlite_engine, follow=limits) as (client, _),
        client.websocket_connect("/graphql", PROTOCOL) as socket,
    ):
        begun(socket)
        for key in "ab":
            socket.send_json({"id": key, "type": "subscribe", "payload": {"query": FEED}})
        assert {socket.receive_json()["type"] for _ in range(2)} == {"next", "error"}
        with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect("/graphql", PROTOCOL) as more:
            more.receive_json()
        assert closed.value.code == 1013
        assert client.post("/graphql", json={"query": FEED}, headers={"accept": "text/event-stream"}).status_code == 503


def test_a_client_that_vanishes_frees_what_it_held(server: tuple[TestClient, Subscriber]) -> None:
    client, subscriber = server
    with client.websocket_connect("/graphql", PROTOCOL) as socket:
        begun(socket).send_json({"id": "1", "type": "subscribe", "payload": {"query": FEED}})
        said(socket, "next")
        assert (subscriber.open, len(subscriber.pulse)) == (1, 1)
    until(lambda: (subscriber.open, len(subscriber.pulse)) == (0, 0))
    looks = subscriber.pulse.looks
    time.sleep(0.2)
    assert subscriber.pulse.looks == looks, "nobody follows, so nobody looks"


def test_all_who_follow_share_one_look(server: tuple[TestClient, Subscriber]) -> None:
    client, subscriber = server
    with client.websocket_connect("/graphql", PROTOCOL) as one, client.websocket_connect("/graphql", PROTOCOL) as two:
        for socket in (one, two):
            begun(socket).send_json({"id": "1", "type": "subscribe", "payload": {"query": FEED}})
            said(socket, "next")
        before = subscriber.pulse.looks
        time.sleep(0.3)
        assert subscriber.pulse.looks - before <= 7
        assert len(subscriber.pulse) == 2


def test_a_token_is_asked_for_at_the_beginning_and_again(api: Api, sqlite_url: str, sqlite_engine: Engine) -> None:
    good = {"Bearer right"}

    async def authenticate(headers: Any, _address: str) -> Any:
        if headers.get(b"authorization") not in good:
            raise unauthenticated()
        return SYSTEM

    with served(api, sqlite_url, sqlite_engine, authenticate=authenticate) as (client, _):
        with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect("/graphql", PROTOCOL) as socket:
            begun(socket)
        assert closed.value.code == 4403
        with client.websocket_connect("/graphql", PROTOCOL) as socket:
            begun(socket, authorization="Bearer right")
            good.clear()
            with pytest.raises(WebSocketDisconnect) as closed:
                listen(socket)
        with pytest.raises(WebSocketDisconnect) as closed, client.websocket_connect("/graphql", PROTOCOL) as socket:
            listen(socket, {"type": "connection_init", "payload": {"authorization": "Bearer right"}})
        assert closed.value.code == 4403
        asked = client.post("/graphql", json={"query": FEED}, headers={"accept": "text/event-stream"})
        assert asked.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_whose_token_no_longer_holds_is_told_nothing_more(api: Api, sqlite_url: str, sqlite_engine: Engine) -> None:
    good = {"Bearer right"}

    async def authenticate(headers: Any, _address: str) -> Any:
        if headers.get(b"authorization") not in good:
            raise unauthenticated("invalid_token")
        return SYSTEM

    follow = FollowLimits(keep_alive=60)
    with (
        served(api, sqlite_url, sqlite_engine, authenticate=authenticate, follow=follow) as (client, _),
        client.websocket_connect("/graphql", PROTOCOL) as socket,
    ):
        subscribe = {"id": "1", "type": "subscribe", "payload": {"query": FEED}}
        begun(socket, authorization="Bearer right").send_json(subscribe)
        said(socket, "next")
        good.clear()
        add_person(sqlite_engine)
        assert said(socket, "error")["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


def test_server_sent_events_give_an_answer_and_end(server: tuple[TestClient, Subscriber]) -> None:
    client, _ = server
    headers = {"accept": "text/event-stream"}
    asked = client.post("/graphql", json={"query": "{ sources { totalCount } }"}, headers=headers)
    assert asked.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert asked.text == 'event: next\ndata: {"data":{"sources":{"totalCount":0}}}\n\nevent: complete\ndata: \n\n'
    wrong = client.post("/graphql", json={"query": "{ nix }"}, headers=headers)
    assert "GRAPHQL_VALIDATION" in wrong.text
    assert wrong.text.endswith("event: complete\ndata: \n\n")
    assert (
        client.post("/graphql", content=b"{", headers={**headers, "content-type": "application/json"}).status_code
        == 400
    )


def test_a_study_that_is_none_ends_its_stream_with_a_reason(server: tuple[TestClient, Subscriber]) -> None:
    query = 'subscription { studyProgress(id: "Study_9") { state progress } }'
    text = server[0].post("/graphql", json={"query": query}, headers={"accept": "text/event-stream"}).text
    assert json.loads(text.split("data: ")[1].split("\n")[0])["errors"][0]["extensions"]["code"] == "STUDY_UNKNOWN"


def test_the_feed_as_lines(server: tuple[TestClient, Subscriber], sqlite_engine: Engine) -> None:
    client, _ = server
    empty = client.get("/changes")
    assert (empty.status_code, empty.text, empty.headers["x-position"]) == (200, "", "0-0")
    add_person(sqlite_engine)
    add_person(sqlite_engine)
    first = client.get("/changes", params={"after": "0-0", "first": "2"})
    lines = [json.loads(line) for line in first.text.splitlines()]
    assert [line["id"] for line in lines] == ["Source_1", "Person_1"]
    assert first.headers["content-type"] == "application/x-ndjson"
    assert first.headers["link"] == '</changes?first=2&after=0-2>; rel="next"'
    rest = client.get("/changes", params={"after": first.headers["x-position"], "nouns": "Person"})
    assert [json.loads(line)["kind"] for line in rest.text.splitlines()] == ["CREATED"]
    assert "link" not in rest.headers
    for wrong, code in [("after=x", "CHANGE_POSITION"), ("first=x", "PARAMETER"), ("nix=1", "PARAMETER"), ("nouns=X", "NOUN_UNKNOWN"), ("first=0", "PAGE_SIZE"), ("division=Person_1", "WRONG_TYPE_OF_ID")]:  # fmt: skip
        refused = client.get(f"/changes?{wrong}")
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (400, code), wrong
