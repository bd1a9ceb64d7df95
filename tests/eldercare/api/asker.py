"""Asks an executor and reads its answers, as a program of the operator's own unless told otherwise."""

import asyncio
from dataclasses import dataclass
from typing import Any

import orjson

from eldercare.api.execute import Answer, Executor, Request
from eldercare.security.principal import SYSTEM, Principal


@dataclass
class Asker:
    """Asks an executor, in a loop of its own."""

    loop: asyncio.AbstractEventLoop
    executor: Executor
    viewer: Principal = SYSTEM

    def answer(self, query: str, variables: dict[str, Any] | None = None, **options: Any) -> Answer:
        """The whole answer to a request."""
        return self.loop.run_until_complete(
            self.executor.execute(Request(query, variables or {}, **{"viewer": self.viewer, **options}))
        )

    def __call__(self, query: str, variables: dict[str, Any] | None = None, **options: Any) -> Any:
        """The response to a request, as Python objects."""
        return orjson.loads(self.answer(query, variables, **options).body)
