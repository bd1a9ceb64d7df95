"""A tiny API for the tests of the edge: one field to read, one to write, executed by graphql-core."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from graphql import OperationType, build_schema, execute, get_operation_ast, parse, validate
from graphql.error import GraphQLError

from eldercare.api.execute import Answer, Request
from eldercare.security.principal import ANYBODY, Principal
from eldercare.web.authentication import Authenticate
from eldercare.web.server import Edge, make_server

SCHEMA = build_schema(
    'type Query { hello(name: String! = "world"): String! big: String! } type Mutation { greet: Int }'
)
ROOT = {"hello": lambda _info, name: f"hello {name}", "big": lambda _info: "大" * 5_000, "greet": lambda _info: 1}


async def run(request: Request) -> Answer:
    """Execute as the specification says; `explode` stands for an error nobody foresaw."""
    await asyncio.sleep(0)
    if "explode" in request.query:
        raise ZeroDivisionError("the secret insides")
    try:
        document = parse(request.query)
    except GraphQLError as error:
        return refuse([error])
    if errors := validate(SCHEMA, document):
        return refuse(errors)
    chosen = get_operation_ast(document, request.operation_name)
    if chosen is None:
        return refuse([GraphQLError("Which operation?")])
    if chosen.operation is OperationType.MUTATION and not request.writes:
        return refuse([GraphQLError("A GET may not write.", extensions={"code": "MUTATION_BY_GET"})])
    result: Any = execute(
        SCHEMA, document, ROOT, variable_values=dict(request.variables), operation_name=request.operation_name
    )
    return refuse(result.errors) if result.data is None else Answer(orjson.dumps(result.formatted))


def refuse(errors: list[GraphQLError]) -> Answer:
    return Answer(orjson.dumps({"errors": [error.formatted for error in errors]}), executed=False)


def ready() -> None:
    """Nothing is needed, so it always is."""


async def everybody(_headers: Mapping[bytes, str], _address: str) -> Principal:
    """Lets everybody in."""
    return ANYBODY


def hello_server(body_limit: int = 10_000, authenticate: Authenticate = everybody, **options: Any) -> Any:
    edge = Edge(body_limit=body_limit, **options)
    return make_server(run, authenticate=authenticate, sdl=lambda: "type Query", ready=ready, edge=edge)
