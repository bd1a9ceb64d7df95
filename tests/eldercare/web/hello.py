"""A tiny API for the tests of the edge: one field to read, one to write, executed by graphql-core."""

import asyncio
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import OperationType, build_schema, execute, get_operation_ast, parse, validate
from graphql.error import GraphQLError

from eldercare.web.operation import BadRequest, Operation
from eldercare.web.server import Server, make_server

SCHEMA = build_schema(
    'type Query { hello(name: String! = "world"): String! big: String! } type Mutation { greet: Int }'
)
ROOT = {"hello": lambda _info, name: f"hello {name}", "big": lambda _info: "大" * 5_000, "greet": lambda _info: 1}


@dataclass
class Answer:
    body: bytes
    refused: bool


async def run(operation: Operation) -> Answer:
    """Execute as the specification says; `explode` stands for an error nobody foresaw."""
    await asyncio.sleep(0)
    if "explode" in operation.query:
        raise ZeroDivisionError("the secret insides")
    try:
        document = parse(operation.query)
    except GraphQLError as error:
        return refuse([error])
    if errors := validate(SCHEMA, document):
        return refuse(errors)
    chosen = get_operation_ast(document, operation.name)
    if chosen is None:
        return refuse([GraphQLError("Which operation?")])
    if chosen.operation is OperationType.MUTATION and not operation.may_write:
        raise BadRequest(405, "METHOD", "A GET may not write.", remedy="Use POST.")
    result: Any = execute(
        SCHEMA, document, ROOT, variable_values=dict(operation.variables or {}), operation_name=operation.name
    )
    return refuse(result.errors) if result.data is None else Answer(orjson.dumps(result.formatted), False)


def refuse(errors: list[GraphQLError]) -> Answer:
    return Answer(orjson.dumps({"errors": [error.formatted for error in errors]}), True)


def ready() -> None:
    """Nothing is needed, so it always is."""


def hello_server(body_limit: int = 10_000) -> Server:
    return make_server(run, sdl=lambda: "type Query", ready=ready, body_limit=body_limit)
