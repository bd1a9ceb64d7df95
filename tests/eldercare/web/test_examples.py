"""Every query that the start page sends or offers is answered without an error over the demonstration registry."""

import asyncio
import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Answer, Executor, Request
from eldercare.api.schema import Api, whole_api
from eldercare.kit.clock import today
from eldercare.kit.db import open_engine
from eldercare.security.principal import SYSTEM
from eldercare.web.pages import STATIC

EXAMPLE = re.compile(r'title: \["[^"]+", "([^"]+)"\],\n    query: `(.*?)`,(?:\n    variables: (\{.*?\}),)?', re.DOTALL)


def examples() -> Iterator[Any]:
    text = (STATIC / "examples.js").read_text("utf-8")
    for title, query, variables in EXAMPLE.findall(text):
        yield pytest.param(query, json.loads(re.sub(r"(\w+): ", r'"\1": ', variables or "{}")), id=title)


@cache
def api() -> Api:
    return whole_api()


def ask(url: str, query: str, variables: dict[str, Any]) -> Answer:
    async def answered() -> Answer:
        engine, reads = open_engine(url), open_reads(url)
        try:
            return await Executor(api(), reads, engine, today=today).execute(Request(query, variables, viewer=SYSTEM))
        finally:
            await reads.close()
            engine.dispose()

    return asyncio.run(answered())


def test_all_examples_are_found() -> None:
    assert len(list(examples())) == (STATIC / "examples.js").read_text("utf-8").count("title: ") >= 7


@pytest.mark.parametrize(("query", "variables"), list(examples()))
def test_an_example_gives_something(query: str, variables: dict[str, Any], demonstration_sqlite_url: str) -> None:
    answer = json.loads(ask(demonstration_sqlite_url, query, variables).body)
    assert "errors" not in answer
    assert re.search(r": (\d|\")", json.dumps(answer["data"])), "the answer is empty"


def test_the_figures_are_the_published_ones(demonstration_sqlite_url: str) -> None:
    text = (STATIC / "figures.js").read_text("utf-8")
    (query,) = re.findall(r"`(query Figures.*?)`", text, re.DOTALL)
    codes = {name: f"{number}" for name, number in re.findall(r'([A-Z]+) = "(\d{12})"', text)}
    ids = "query($codes: [String!]) { divisions(filter: { code: { in: $codes } }) { nodes { id code } } }"
    nodes = json.loads(ask(demonstration_sqlite_url, ids, {"codes": list(codes.values())}).body)["data"]["divisions"]
    key = {node["code"]: node["id"] for node in nodes["nodes"]}
    (homes,) = re.findall(r"HOMES = (\[.*?\])", text)
    variables = {
        "xiaoshan": key[codes["XIAOSHAN"]],
        "then": "2020-05-19",
        "shijiazhuang": key[codes["SHIJIAZHUANG"]],
        "later": "2018-06-30",
        "homes": json.loads(homes),
    }
    found = json.loads(ask(demonstration_sqlite_url, query, variables).body)["data"]
    assert found["centres"] == [
        {"count": 5, "openBeds": 1649, "residents": 575, "occupancy": pytest.approx(0.3487, abs=5e-5)}
    ]
    assert found["homes"] == [
        {"count": 213, "openBeds": 32916, "residents": 15872, "occupancy": pytest.approx(0.4822, abs=5e-5)}
    ]
    assert {group["public"]: group["count"] for group in found["owners"]} == {True: 54, False: 159}


def test_the_page_asks_for_studies_in_the_schema_s_words(demonstration_sqlite_url: str) -> None:
    (query,) = re.findall(r"`(query Study.*?)`", (STATIC / "study.js").read_text("utf-8"), re.DOTALL)
    assert json.loads(ask(demonstration_sqlite_url, query, {}).body) == {"data": {"studies": {"nodes": []}}}
