"""Executing a subscription: its source of events runs on the event loop, each payload is executed in a thread."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, aclosing, nullcontext
from functools import partial
from typing import Any

from graphql import ExecutionResult, OperationType
from graphql.execution import Executor as GraphqlExecutor
from graphql.execution import create_source_event_stream

from eldercare.api.documents import Operation
from eldercare.api.errors import worded
from eldercare.api.execute import Answer, Executor, Request, refusal, refused, resolved
from eldercare.api.streaming import Pulse, Stream


class Subscriber:
    """Opens subscriptions over one executor; all of them share one pulse.

    `through` is the gate that executions pass: a subscription takes a place while a payload is made, not while it waits.
    """

    def __init__(
        self,
        executor: Executor,
        *,
        interval: float = 1.0,
        through: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    ) -> None:
        self.executor, self._through = executor, through
        self.pulse = Pulse(executor.tags.state, interval)
        self.open = 0
        """How many subscriptions run."""

    def is_stream(self, request: Request) -> bool:
        """Whether a request is a subscription; one that is refused anyway is none."""
        try:
            operation = self.executor.prepared(request)[0]
        except Exception:
            return False
        return operation.node.operation is OperationType.SUBSCRIPTION

    async def answers(self, request: Request) -> AsyncGenerator[Answer, None]:
        """The payloads of a subscription, or the one answer of anything else; closing it frees what it holds."""
        if not self.is_stream(request):
            async with self._through():
                answer = await self.executor.execute(request)
            yield answer
            return
        try:
            operation, values, _, _ = self.executor.prepared(request)
            self.executor.usage.note(request.client, operation)
            source = await self._source(operation, request, values)
        except Exception as error:
            yield refusal(error)
            return
        if isinstance(source, ExecutionResult):
            yield refused([worded(error) for error in source.errors or ()])
            return
        self.open += 1
        try:
            async with aclosing(source) as events:
                async for answer in self._payloads(events, operation, request, values):
                    yield answer
        finally:
            self.open -= 1

    async def _payloads(
        self, events: AsyncGenerator[Any, None], operation: Operation, request: Request, values: Mapping[str, Any]
    ) -> AsyncIterator[Answer]:
        """Each event as an answer; an error of the source ends the stream with its words."""
        executor = self.executor
        try:
            async for event in events:
                context = executor.context(operation, request, values)
                context.people |= set(getattr(event, "people", ()))
                async with self._through():
                    result = await asyncio.to_thread(executor.run, operation, request, context, event)
                await executor.tell(operation, request, context.people)
                yield resolved(result, "streamed")
        except Exception as error:
            yield refusal(error)

    async def _source(self, operation: Operation, request: Request, values: Mapping[str, Any]) -> Any:
        executor = self.executor
        make = partial(executor.context, operation, request, values)
        stream = Stream(make, self.pulse, operation.node, operation.fragments, request.viewer, executor.services)
        built: Any = GraphqlExecutor.build(
            executor.api.schema,
            operation.document,
            context_value=stream,
            raw_variable_values=dict(request.variables),
            operation_name=request.operation_name,
        )
        if isinstance(built, list):
            return ExecutionResult(None, built)
        source = create_source_event_stream(built)
        return await source if asyncio.iscoroutine(source) or asyncio.isfuture(source) else source
