"""Straight, walked and ordinary answers are the same, for random documents on both databases."""

import asyncio
import json
from dataclasses import replace
from datetime import date
from typing import Any

import orjson
import pytest
from asker import Asker
from graphql import parse, validate
from queries import Generator

from eldercare.api.compiler.cursor import read_cursor
from eldercare.api.execute import Request
from eldercare.kit.errors import EldercareError
from eldercare.security.principal import SYSTEM, Principal, Role

QUICK, LONG, EXHAUSTIVE = 60, 250, 2000


EYES = (
    SYSTEM,
    Principal("town", Role.TOWN_OFFICER, 4),
    Principal("city", Role.CITY_ADMIN, 3),
    Principal("home", Role.FACILITY_OPERATOR, facility_ids=(1, 2, 3)),
    Principal("planner", Role.PLANNER, 3),
    Principal("anybody", Role.PUBLIC),
)
"""Whose answers are compared, in turn."""


def compare(ask: Asker, seed: int, count: int) -> dict[str, int]:
    """Answer random documents in three ways, by viewers in turn; the number of each exit taken."""
    executor = ask.executor
    generator = Generator(
        executor.api.schema, executor.api.catalogue.roots(), sorted(executor.api.catalogue.nouns), seed
    )
    taken: dict[str, int] = {}
    while sum(taken.values()) < count:
        query, values = generator.document()
        ask = replace(ask, viewer=EYES[sum(taken.values()) % len(EYES)])
        if validate(executor.api.schema, parse(query)):
            taken["invalid"] = taken.get("invalid", 0) + 1
            continue
        straight = ask.answer(query, values)
        walked = ask.answer(query.replace("{", '{ vocabulary(name: "Level") { name } ', 1), values)
        ordinary = ask.loop.run_until_complete(ordinarily(executor, Request(query, values, viewer=ask.viewer)))
        taken[straight.exit] = taken.get(straight.exit, 0) + 1
        told = f"\n{query}\n{json.dumps(values, ensure_ascii=False)}"
        expected = comparable(straight.body, told)
        assert comparable(walked.body, told, drop="vocabulary") == expected, told
        assert comparable(ordinary.body, told) == expected, told
    return taken


async def ordinarily(executor: Any, request: Request) -> Any:
    """The answer of resolvers alone, except that arguments refused beforehand are refused the same way."""
    operation = executor.documents.operation(request.query, request.operation_name)
    values, shape = operation.read(request.variables)
    outline, _ = executor._outline(operation, values, shape, executor.today(), request.viewer)
    return await executor._resolved(operation, request, values, executor.today(), {}, outline.failures)


def comparable(body: bytes, told: str, drop: str = "") -> str:
    """An answer as text, in which numbers and cursors that mean the same look the same."""
    found = orjson.loads(body)
    if drop:
        found["data"].pop(drop, None)
    for error in found.get("errors", ()):
        error.pop("locations", None)
        if error["extensions"].get("path") == error.get("path"):
            del error["extensions"]["path"]  # says the same twice
        assert error["extensions"]["code"] != "INTERNAL", told
    # the order of the keys of an error means nothing; that of the keys of data is that of the fields asked for
    found["errors"] = sorted((dict(sorted(error.items())) for error in found.get("errors", ())), key=str)
    return json.dumps(_plain(found), ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return int(value) if value == int(value) else value
    if isinstance(value, str) and value.startswith("5b22"):
        try:
            return _plain([int(each) if isinstance(each, bool) else each for each in read_cursor(value)[1]])
        except EldercareError:
            return value
    return value


@pytest.mark.usefixtures("own_rows")
def test_a_few_random_documents(ask: Asker) -> None:
    taken = compare(ask, 7, QUICK)
    assert taken["straight"] > QUICK * 0.8


@pytest.mark.long
@pytest.mark.usefixtures("own_rows")
def test_more_random_documents(ask: Asker) -> None:
    taken = compare(ask, 4711, LONG)
    assert taken["straight"] > LONG * 0.8


@pytest.mark.exhaustive
def test_many_random_documents(ask: Asker) -> None:
    taken = compare(ask, 4711, EXHAUSTIVE)
    assert taken["straight"] > EXHAUSTIVE * 0.8


def test_today_is_a_parameter_of_the_plan(ask: Asker) -> None:
    query = "{ divisions(first: 500) { totalCount } }"
    now = ask(query)["data"]["divisions"]["totalCount"]
    before, ask.executor.today = ask.executor.today, lambda: date(2019, 1, 1)
    try:
        assert ask(query)["data"]["divisions"]["totalCount"] == now + 1
    finally:
        ask.executor.today = before
    assert asyncio.iscoroutinefunction(ask.executor.execute)
