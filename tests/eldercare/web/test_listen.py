"""A port is had, or it is told what to do instead; a real server answers over a real socket."""

import json
import threading
import urllib.request
from contextlib import closing

import pytest
import uvicorn
from hello import hello_server

from eldercare.kit.errors import Unavailable
from eldercare.web.listen import address, bind, serve


def test_a_busy_port_is_told_with_the_next_one() -> None:
    with closing(bind("127.0.0.1", 0)) as first:
        port = first.getsockname()[1]
        with pytest.raises(Unavailable) as caught:
            bind("127.0.0.1", port)
    assert (caught.value.code, f"--port {port + 1}" in caught.value.remedy) == ("PORT_BUSY", True)


def test_an_address_that_is_not_ours_is_told() -> None:
    with pytest.raises(Unavailable) as caught:
        bind("192.0.2.1", 0)
    assert caught.value.code == "ADDRESS"


def test_an_open_address_is_shown_as_one_that_can_be_opened() -> None:
    with closing(bind("0.0.0.0", 0)) as opened:
        assert address(opened).startswith("http://127.0.0.1:")


def test_a_server_says_where_it_is_and_answers_there(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    started = threading.Event()
    servers: list[uvicorn.Server] = []
    run = uvicorn.Server.run

    def remember(server: uvicorn.Server, **options: object) -> None:
        servers.append(server)
        run(server, **options)

    monkeypatch.setattr(uvicorn.Server, "run", remember)
    opened = bind("127.0.0.1", 0)
    thread = threading.Thread(
        target=serve, args=(hello_server(), opened), kwargs={"announce": lambda at: (told.append(at), started.set())}
    )
    thread.start()
    try:
        assert started.wait(20)
        request = urllib.request.Request(
            f"{told[0]}/graphql", b'{"query": "{ hello }"}', {"content-type": "application/json"}
        )
        with urllib.request.urlopen(request) as response:
            assert json.load(response) == {"data": {"hello": "hello world"}}
            assert "server" not in response.headers
    finally:
        servers[0].should_exit = True
        thread.join(20)
