"""Traces say what was done and how long it took; no value that anybody sent or was shown reaches them."""

from collections.abc import Iterator
from typing import Any

import pytest
from follow import served
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import Engine
from starlette.testclient import TestClient

from eldercare.api.schema import whole_api
from eldercare.kit.errors import Unavailable
from eldercare.web.tracing import Traced, open_tracer, traced

SECRET = "330109194001011234"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture
def spans() -> Iterator[Any]:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    exporter.tracer = provider.get_tracer("tests")
    yield exporter
    provider.shutdown()


def test_no_value_reaches_a_span(spans: Any, sqlite_url: str, sqlite_engine: Engine) -> None:
    with served(whole_api(), sqlite_url, sqlite_engine) as (plain, _):
        plain.app.graphql.execute = traced(plain.app.graphql.execute, spans.tracer)  # type: ignore[attr-defined]
        client = TestClient(Traced(plain.app, spans.tracer))
        query = f'query Find($n: String) {{ people(filter: {{name: {{eq: $n}}}}) {{ totalCount }} a: node(id: "{SECRET}") {{ id }} }}'
        client.post("/graphql", json={"query": query, "variables": {"n": SECRET}}, headers={"traceparent": PARENT})
        client.get("/graphql", params={"query": f'{{ person(id: "{SECRET}") {{ id }} }}'})
        client.get(f"/{SECRET}/x")
        client.post("/graphql", json={"query": f"{{ nix{SECRET} }}"})
    found = spans.get_finished_spans()
    told = "".join(span.to_json() for span in found)
    assert SECRET not in told
    assert [span.name for span in found][:2] == ["graphql", "POST /graphql"]
    assert "BAD_ID" in told
    assert found[1].context.trace_id == int(PARENT.split("-")[1], 16)


def test_what_is_missing_is_told_with_its_remedy() -> None:
    with pytest.raises(Unavailable, match="pip install"):
        open_tracer("otlp")
