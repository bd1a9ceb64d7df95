"""Executing a request: straight from one statement, walked over one statement's answer, or ordinarily."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, OperationType, execute
from sqlalchemy import Engine

from eldercare.api.compiler.document import Document
from eldercare.api.compiler.personal import cut
from eldercare.api.compiler.plan import BadArgument, Plan, plan_of
from eldercare.api.compiler.run import Reads
from eldercare.api.compiler.seal import opened
from eldercare.api.compiler.sql import NotCompilable
from eldercare.api.context import Context
from eldercare.api.cost import Cost, TooCostly, cost_of
from eldercare.api.documents import MOST_PLANS, BadVariables, Documents, Invalid, Operation, keep
from eldercare.api.errors import ArgumentError, at_root, masked, of_database, request_error, worded
from eldercare.api.limits import Limits, check_values
from eldercare.api.readings import Readings
from eldercare.api.receipt import with_extensions
from eldercare.api.schema import Api
from eldercare.api.tags import Tags
from eldercare.api.trusted import Trusted
from eldercare.api.usage import Usage
from eldercare.kit.errors import EldercareError, InvalidInput
from eldercare.kit.work import REQUEST, Work, count_statement
from eldercare.registry.audit import Action, append
from eldercare.registry.viewer import shape_of
from eldercare.security.principal import ANYBODY, Principal


@dataclass(frozen=True)
class Request:
    """One GraphQL request; `writes` says whether a mutation may be executed (never for GET)."""

    query: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    operation_name: str | None = None
    viewer: Principal = ANYBODY
    writes: bool = True
    request_id: str = ""
    document_id: str | None = None
    """The id of a trusted document, instead of its text."""
    receipt: bool = False
    """Whether the answer is to say what it cost."""
    tags: tuple[str, ...] | None = None
    """The tags of answers that the client still has; None when it asks for no tag."""
    client: str = ""
    """What the client calls itself, for the count of what is used."""


@dataclass(frozen=True)
class Answer:
    """The JSON text of a response; `executed` is false when the request itself was refused and there is no data.

    `tag` stands for what it says; with `unchanged` the client has it already, and there is no body. `name` is the name of
    the operation where the document is a trusted one: a name that anybody may choose is no label.
    """

    body: bytes
    executed: bool = True
    exit: str = "straight"
    tag: str = ""
    unchanged: bool = False
    name: str = ""
    codes: tuple[str, ...] = ()


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
        trusted: Trusted | None = None,
        audited: bool = True,
    ) -> None:
        self.api, self.reads, self.engine, self.today = api, reads, engine, today
        self.services, self.limits = services or {}, limits or Limits()
        self.documents = Documents(api.schema, self.limits, api.structural.__contains__, api.forming)
        self.trusted = trusted or Trusted()
        self.usage = Usage(api.schema)
        self.audited, self.readings = audited, Readings(engine)
        self.tags = Tags(reads, lambda: api.edition)

    async def execute(self, request: Request) -> Answer:
        """Answer a request; only defects of the server itself raise nothing and are masked."""
        if request.receipt:
            return await self._receipted(request)
        try:
            operation, values, shape, _ = self.prepared(request)
            self.usage.note(request.client, operation)
            if operation.node.operation is OperationType.QUERY:
                answer = await self._query(operation, request, values, shape)
            else:
                answer = await self._other(operation, request, values)
        except Exception as error:
            return refusal(error)
        if request.document_id is not None and operation.node.name is not None:
            return replace(answer, name=operation.node.name.value)
        return answer

    def prepared(self, request: Request) -> tuple[Operation, Mapping[str, Any], Any, Cost]:
        """The operation of a request with its variables, their shape and its cost; all that may refuse it, does."""
        text = request.query
        if request.document_id is not None or self.trusted.only:
            text = self.trusted.document(text, request.document_id)
        operation = self.documents.operation(text, request.operation_name)
        check_values(request.variables, self.limits)
        values, shape = operation.read(request.variables)
        cost = self._cost(operation, values, shape)
        if cost.requested > self.limits.cost:
            raise TooCostly(cost, self.limits.cost)
        return operation, values, shape, cost

    def _cost(self, operation: Operation, values: Mapping[str, Any], shape: Any) -> Cost:
        part = operation.costs.get(shape)
        if part is None:
            document = Document(operation.fragments, operation.node, values)
            try:
                part = cost_of(self.api.catalogue, self.api.schema, document, self.limits)
            except NotCompilable:
                part = Cost(0)
            keep(operation.costs, shape, part, MOST_PLANS)
        return part if isinstance(part, Cost) else part.cost(values)

    async def _receipted(self, request: Request) -> Answer:
        """The answer with what it cost at its end."""
        began, work = time.perf_counter(), Work()
        token = REQUEST.set(work)
        try:
            answer = await self.execute(replace(request, receipt=False, tags=None))
        finally:
            REQUEST.reset(token)
        if not answer.executed:
            return answer
        statements, cost = work.statements, self.prepared(request)[3]
        receipt = {
            "requested": cost.requested,
            "limit": self.limits.cost,
            "statements": statements,
            "dataVersion": (await self.tags.state()).decode(),
            "milliseconds": round((time.perf_counter() - began) * 1000, 1),
        }
        return replace(answer, body=with_extensions(answer.body, {"cost": receipt}))

    async def _query(self, operation: Operation, request: Request, values: Mapping[str, Any], shape: Any) -> Answer:
        today, shape = self.today(), (shape_of(request.viewer), shape)
        try:
            if shape in operation.refused:
                raise NotCompilable
            outline, parameters = self._outline(operation, values, shape, today, request.viewer)
            if outline.plan is None:
                return await self._resolved(operation, request, values, today, {}, outline.failures)
            tag = ""
            if request.tags is not None and not outline.others and outline.plan.timeless:
                tag = await self.tags.tag(*said(request, operation), request.viewer, today)
                if tag in request.tags:
                    return Answer(b"", exit="unchanged", tag=tag, unchanged=True)
            count_statement()
            data = await self.reads.fetch(outline.plan, parameters)
            people: set[int] = set()
            if outline.plan.personal:
                data, people = cut(data)
            if outline.plan.sealed:
                data = opened(data, self.services.get("keys"))
        except NotCompilable:
            operation.refuse(shape)
            return await self._resolved(operation, request, values, today, {}, {})
        if not outline.others:
            await self.tell(operation, request, people)
            return straight(data, outline.failures, tag)
        return await self._resolved(operation, request, values, today, orjson.loads(data), outline.failures, people)

    async def tell(self, operation: Operation, request: Request, people: set[int]) -> None:
        """Put on the audit trail whose data is about to be answered."""
        if people and self.audited:
            await self.readings.tell(request.viewer, people, operation.through, request.request_id)

    def _outline(
        self, operation: Operation, values: Mapping[str, Any], shape: Any, today: date, viewer: Principal
    ) -> tuple[Outline, Any]:
        """The outline and the plan's parameters; fields whose arguments cannot be used are left out, with their error."""
        failures: dict[str, BadArgument] = {}
        while True:
            key = (shape, *failures)
            outline = operation.plans.get(key) or operation.keep(
                key, self._written(operation, values, failures, viewer)
            )
            if isinstance(outline, BadArgument):
                failures[outline.root] = outline
                operation.plans.pop(key)
                continue
            if failures:
                outline = Outline(outline.plan, outline.others, failures)
            if outline.plan is None:
                return outline, None
            try:
                return outline, outline.plan.values(values, today, viewer)
            except BadArgument as error:
                failures[error.root] = error

    def _written(
        self, operation: Operation, values: Mapping[str, Any], failures: Mapping[str, BadArgument], viewer: Principal
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
            keys = self.services.get("keys")
            plan = plan_of(
                self.api.catalogue, self.api.schema, document, self.reads.driver, own, failures, viewer, keys
            )
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
        people: Iterable[int] = (),
    ) -> Answer:
        """Walk the answers that were read; a root field that has none is read ordinarily by its resolver."""
        context = replace(
            self.context(operation, request, values, today),
            answers=answers,
            failures={key: ArgumentError(each.error, each.path) for key, each in failures.items()},
            people=set(people),
        )
        result = await asyncio.to_thread(self.run, operation, request, context)
        await self.tell(operation, request, context.people)
        return resolved(result, "walked" if answers else "ordinary")

    def context(
        self, operation: Operation, request: Request, values: Mapping[str, Any], today: date | None = None
    ) -> Context:
        """What resolvers know of a request."""
        return Context(
            self.engine,
            today or self.today(),
            operation.node,
            operation.fragments,
            values,
            request.viewer,
            self.services,
            request_id=request.request_id,
            through=operation.through,
        )

    def run(self, operation: Operation, request: Request, context: Context, root: Any = None) -> ExecutionResult:
        """Execute with resolvers, in the calling thread; one transaction, committed when nothing failed."""
        done, writes = False, operation.node.operation is OperationType.MUTATION
        try:
            result = execute(
                self.api.schema,
                operation.document,
                root,
                context_value=context,
                variable_values=dict(request.variables),
                operation_name=request.operation_name,
            )
            if not isinstance(result, ExecutionResult):
                raise TypeError("Resolvers of queries and mutations are plain functions, not coroutines.")
            done = not result.errors
            if done and writes and self.audited:
                tell_with_changes(context)
            return result
        finally:
            context.close(commit=done and writes)

    async def _other(self, operation: Operation, request: Request, values: Mapping[str, Any]) -> Answer:
        if operation.node.operation is OperationType.SUBSCRIPTION:
            raise InvalidInput(
                "SUBSCRIPTION", "A subscription needs a stream.", remedy="Use the WebSocket or SSE protocol."
            )
        if not request.writes:
            raise InvalidInput("MUTATION_BY_GET", "A mutation cannot be sent by GET.", remedy="Send it by POST.")
        return await self._resolved(operation, request, values, self.today(), {}, {})


def tell_with_changes(context: Context) -> None:
    """Put on the audit trail whose data a mutation shows, in its own transaction."""
    if context.people:
        append(
            context.session,
            principal=context.viewer,
            action=Action.READ,
            noun="person",
            people=context.people,
            document=context.through,
            request_id=context.request_id,
        )
        context.people = set()


def said(request: Request, operation: Operation) -> tuple[str, str | None, Mapping[str, Any]]:
    """What a request says, in one form: the text of its document, the name of the operation and the variables."""
    return operation.text, request.operation_name, request.variables


def straight(data: bytes, failures: Mapping[str, BadArgument], tag: str = "") -> Answer:
    """The answer whose data is the statement's text."""
    if not failures:
        return Answer(b'{"data":' + data + b"}", tag=tag)
    errors = [at_root(each.error, key, each.path) for key, each in failures.items()]
    return Answer(b'{"data":' + data + b',"errors":' + orjson.dumps(errors) + b"}", codes=codes(errors))


def resolved(result: ExecutionResult, way: str) -> Answer:
    """The answer of an execution with resolvers."""
    body: dict[str, Any] = {"data": result.data}
    if result.errors:
        body["errors"] = [worded(error) for error in result.errors]
    return Answer(orjson.dumps(body), exit=way, codes=codes(body.get("errors", ())))


def refusal(error: Exception) -> Answer:
    """The answer to a request that an error refused."""
    error = of_database(error) or error
    if isinstance(error, Invalid | BadVariables):
        return refused([worded(each) for each in error.errors])
    if isinstance(error, GraphQLError):
        return refused([worded(error)])
    if isinstance(error, EldercareError):
        return refused([request_error(error)])
    return refused([masked(error)])


def refused(errors: list[dict[str, Any]]) -> Answer:
    """The answer to a request that was not executed."""
    return Answer(orjson.dumps({"errors": errors}), executed=False, exit="refused", codes=codes(errors))


def codes(errors: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """The codes of errors."""
    return tuple(each["extensions"]["code"] for each in errors)
