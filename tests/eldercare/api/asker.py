"""Asks an executor and reads its answers."""

import asyncio
from dataclasses import dataclass
from typing import Any

import orjson

from eldercare.api.execute import Answer, Executor, Request


@dataclass
class Asker:
    """Asks an executor, in a loop of its own."""

    loop: asyncio.AbstractEventLoop
    executor: Executor

    def answer(self, query: str, variables: dict[str, Any] | None = None, **options: Any) -> Answer:
        """The whole answer to a request."""
        return self.loop.run_until_complete(self.executor.execute(Request(query, variables or {}, **options)))

    def __call__(self, query: str, variables: dict[str, Any] | None = None, **options: Any) -> Any:
        """The response to a request, as Python objects."""
        return orjson.loads(self.answer(query, variables, **options).body)
