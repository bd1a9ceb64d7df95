"""Executing a request: straight from one statement, walked over one statement's answer, or ordinarily."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, OperationType, execute
from sqlalchemy import Engine

from eldercare.api.compiler.document import Document
from eldercare.api.compiler.plan import BadArgument, Plan, plan_of
from eldercare.api.compiler.run import Reads
from eldercare.api.compiler.sql import NotCompilable
from eldercare.api.context import Context
from eldercare.api.documents import BadVariables, Documents, Invalid, Operation
from eldercare.api.errors import ArgumentError, at_root, masked, request_error, worded
from eldercare.api.limits import Limits
from eldercare.api.schema import Api
from eldercare.kit.errors import EldercareError, InvalidInput


@dataclass(frozen=True)
class Request:
    """One GraphQL request; `writes` says whether a mutation may be executed (never for GET)."""

    query: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    viewer: Any = None
    writes: bool = True
    request_id: str = ""


@dataclass(frozen=True)
class Answer:
    """The JSON text of a response; `executed` is false when the request itself was refused and there is no data."""

    body: bytes
    executed: bool = True
    exit: str = "straight"


@dataclass(frozen=True)
class Outline:
    """How one shape of an operation is answered: its plan if it has registry fields, and whether it has others."""

    plan: Plan | None
    others: bool
    failures: Mapping[str, BadArgument]


class Executor:
    """Executes requests over one schema and one registry."""

    def __init__(
        self,
        api: Api,
        reads: Reads,
        engine: Engine,
        *,
        today: Callable[[], date],
        limits: Limits | None = None,
        services: Mapping[str, Any] | None = None,
    ) -> None:
        self.api, self.reads, self.engine, self.today = api, reads, engine, today
        self.services = services or {}
        self.documents = Documents(api.schema, limits or Limits(), api.structural.__contains__, api.forming)

    async def execute(self, request: Request) -> Answer:
        """Answer a request; only defects of the server itself raise nothing and are masked."""
        try:
            operation = self.documents.operation(request.query, request.operation_name)
            values, shape = operation.read(request.variables)
            if operation.node.operation is OperationType.QUERY:
                return await self._query(operation, request, values, shape)
            return await self._other(operation, request, values)
        except (Invalid, BadVariables) as error:
            return refused([worded(each) for each in error.errors])
        except GraphQLError as error:
            return refused([worded(error)])
        except EldercareError as error:
            return refused([request_error(error)])
        except Exception as error:
            return refused([masked(error)])

    async def _query(self, operation: Operation, request: Request, values: Mapping[str, Any], shape: Any) -> Answer:
        today = self.today()
        try:
            if shape in operation.refused:
                raise NotCompilable
            outline, parameters = self._outline(operation, values, shape, today)
            if outline.plan is None:
                return await self._resolved(operation, request, values, today, {}, outline.failures)
            data = await self.reads.fetch(outline.plan, parameters)
        except NotCompilable:
            operation.refuse(shape)
            return await self._resolved(operation, request, values, today, {}, {})
        if not outline.others:
            return straight(data, outline.failures)
        return await self._resolved(operation, request, values, today, orjson.loads(data), outline.failures)

    def _outline(self, operation: Operation, values: Mapping[str, Any], shape: Any, today: date) -> tuple[Outline, Any]:
        """The outline and the plan's parameters; fields whose arguments cannot be used are left out, with their error."""
        failures: dict[str, BadArgument] = {}
        while True:
            key = (shape, *failures)
            outline = operation.plans.get(key) or operation.keep(key, self._written(operation, values, failures))
            if isinstance(outline, BadArgument):
                failures[outline.root] = outline
                operation.plans.pop(key)
                continue
            if failures:
                outline = Outline(outline.plan, outline.others, failures)
            if outline.plan is None:
                return outline, None
            try:
                return outline, outline.plan.values(values, today)
            except BadArgument as error:
                failures[error.root] = error

    def _written(
        self, operation: Operation, values: Mapping[str, Any], failures: Mapping[str, BadArgument]
    ) -> Outline | BadArgument:
        document = Document(operation.fragments, operation.node, values)
        roots = document.roots("Query")
        known = self.api.catalogue.roots()
        own = {key for key, nodes in roots.items() if nodes[0].name.value in known}
        others = any(key not in own and nodes[0].name.value != "__typename" for key, nodes in roots.items())
        if not others:
            own = set(roots)
        if not own:
            return Outline(None, others, {})
        try:
            plan = plan_of(self.api.catalogue, self.api.schema, document, self.reads.driver, own, failures)
        except BadArgument as error:
            return error
        return Outline(plan, others, {})

    async def _resolved(
        self,
        operation: Operation,
        request: Request,
        values: Mapping[str, Any],
        today: date,
        answers: Mapping[str, Any],
        failures: Mapping[str, BadArgument],
    ) -> Answer:
        """Walk the answers that were read; a root field that has none is read ordinarily by its resolver."""
        context = Context(
            self.engine,
            today,
            operation.node,
            operation.fragments,
            values,
            request.viewer,
            self.services,
            answers,
            {key: ArgumentError(each.error, each.path) for key, each in failures.items()},
            request.request_id,
            operation.through,
        )
        result = await asyncio.to_thread(self._run, operation, request, context)
        return resolved(result, "walked" if answers else "ordinary")

    def _run(self, operation: Operation, request: Request, context: Context) -> ExecutionResult:
        """Execute with resolvers, in the calling thread; one transaction, committed when nothing failed."""
        done = False
        try:
            result = execute(
                self.api.schema,
                operation.document,
                context_value=context,
                variable_values=dict(request.variables),
                operation_name=request.operation_name,
            )
            if not isinstance(result, ExecutionResult):
                raise TypeError("Resolvers of queries and mutations are plain functions, not coroutines.")
            done = not result.errors
            return result
        finally:
            context.close(commit=done and operation.node.operation is OperationType.MUTATION)

    async def _other(self, operation: Operation, request: Request, values: Mapping[str, Any]) -> Answer:
        if operation.node.operation is OperationType.SUBSCRIPTION:
            raise InvalidInput(
                "SUBSCRIPTION", "A subscription needs a stream.", remedy="Use the WebSocket or SSE protocol."
            )
        if not request.writes:
            raise InvalidInput("MUTATION_BY_GET", "A mutation cannot be sent by GET.", remedy="Send it by POST.")
        return await self._resolved(operation, request, values, self.today(), {}, {})


def straight(data: bytes, failures: Mapping[str, BadArgument]) -> Answer:
    """The answer whose data is the statement's text."""
    if not failures:
        return Answer(b'{"data":' + data + b"}")
    errors = [at_root(each.error, key, each.path) for key, each in failures.items()]
    return Answer(b'{"data":' + data + b',"errors":' + orjson.dumps(errors) + b"}")


def resolved(result: ExecutionResult, way: str) -> Answer:
    """The answer of an execution with resolvers."""
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [worded(error) for error in result.errors]
    return Answer(orjson.dumps(body), exit=way)


def refused(errors: list[dict[str, Any]]) -> Answer:
    """The answer to a request that was not executed."""
    return Answer(orjson.dumps({"errors": errors}), executed=False, exit="refused")
