"""Health, pages, headers and what stands around them."""

import re
from collections.abc import Iterator

import pytest
from hello import everybody, hello_server, run
from starlette.testclient import TestClient

from eldercare.kit.errors import Unavailable
from eldercare.web.server import make_server


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(hello_server(), raise_server_exceptions=False) as opened:
        yield opened


def test_the_server_lives_and_is_ready(client: TestClient) -> None:
    assert client.get("/health/alive").json() == {"status": "alive"}
    assert client.get("/health/ready").json() == {"status": "ready"}


def test_a_server_whose_database_is_gone_lives_but_is_not_ready() -> None:
    def gone() -> None:
        raise Unavailable("DATABASE_UNREACHABLE", "It does not answer.", remedy="Start it.")

    with TestClient(make_server(run, authenticate=everybody, sdl=str, ready=gone)) as client:
        assert client.get("/health/alive").status_code == 200
        response = client.get("/health/ready")
    assert (response.status_code, response.json()["code"]) == (503, "DATABASE_UNREACHABLE")


def test_the_schema_can_be_fetched_as_text(client: TestClient) -> None:
    response = client.get("/schema.graphql")
    assert (response.text, response.headers["content-type"]) == ("type Query", "text/plain; charset=utf-8")


def test_a_page_loads_nothing_from_elsewhere_and_is_framed_nowhere(client: TestClient) -> None:
    policy = client.get("/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert "unsafe" not in policy


def test_an_unknown_address_is_told_in_the_shape_of_every_error(client: TestClient) -> None:
    response = client.get("/nix")
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")
    assert response.headers["x-request-id"]


def test_no_file_outside_the_static_ones_is_served(client: TestClient) -> None:
    assert client.get("/static/..%2fserver.py").status_code == 404


def test_every_module_of_the_page_is_there_and_reaches_for_nothing_else(client: TestClient) -> None:
    """No build step checks the page, so its imports and links are followed here."""
    seen: set[str] = set()
    left = ["/"]
    while left:
        address = left.pop()
        seen.add(address)
        response = client.get(address)
        assert response.status_code == 200, address
        assert not re.search(r"(?:src|href|from|import)[=\s(]+[\"']?(?:https?:)?//", response.text), address
        found = re.findall(r"[\"'](/static/[\w.-]+)[\"']", response.text)
        left += [each for each in found if each not in seen and each not in left]
    assert {"/static/app.js", "/static/style.css", "/static/chart.js", "/static/examples.js"} <= seen
