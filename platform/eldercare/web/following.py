"""What WebSocket and SSE have in common: who follows, how many, and answers that pass the same gate as any request."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import orjson
from starlette.types import Scope

from eldercare.api.errors import coded, masked
from eldercare.api.execute import Answer, Request, refusal
from eldercare.kit.errors import EldercareError, Refused
from eldercare.web.graphql import CLIENT
from eldercare.web.metrics import Metrics

Who = Callable[[Mapping[bytes, str], Scope], Awaitable[Any]]
"""From the headers of a connection to whoever connects; raises the error that turns them away."""
Answers = Callable[[Request], AsyncGenerator[Answer, None]]


@dataclass(frozen=True)
class FollowLimits:
    """What connections may hold."""

    connections: int = 1000
    per_connection: int = 20
    message_length: int = 1_000_000
    init_seconds: float = 10.0
    keep_alive: float = 20.0


class Following:
    """The streams of one process."""

    def __init__(self, answers: Answers, who: Who, *, limits: FollowLimits | None = None, metrics: Metrics) -> None:
        self._answers, self.who, self.metrics = answers, who, metrics
        self.limits = limits or FollowLimits()
        self.connections = 0
        metrics.watch("streams", "Connections that follow, over WebSocket or SSE.", lambda: self.connections)

    @contextmanager
    def connection(self) -> Iterator[bool]:
        """Count a connection while the block runs; false when there is no room for it."""
        if self.connections >= self.limits.connections:
            yield False
            return
        self.connections += 1
        try:
            yield True
        finally:
            self.connections -= 1

    async def answers(
        self, request: Request, viewer: Any, headers: Mapping[bytes, str]
    ) -> AsyncGenerator[Answer, None]:
        """The answers to a request of somebody."""
        client = next((headers[name] for name in CLIENT if name in headers), "")
        async with aclosing(self._answers(replace(request, viewer=viewer, client=client))) as answers:
            async for answer in answers:
                if (ended := await self._ended(headers)) is not None:
                    yield refusal(ended)
                    return
                self.metrics.streamed(answer)
                yield answer

    async def _ended(self, headers: Mapping[bytes, str]) -> EldercareError | None:
        """Why nothing more is told to one whose token no longer holds: it is asked again before each answer."""
        if b"authorization" in headers:
            try:
                await self.who(headers, {"type": "http"})
            except EldercareError as error:
                return error
        return None

    def too_many(self) -> Refused:
        """More operations than one connection may hold."""
        return Refused(
            "TOO_MANY_SUBSCRIPTIONS",
            f"A connection follows up to {self.limits.per_connection} operations.",
            remedy="Complete some, or open another connection.",
        )

    def told(self, error: Exception) -> list[dict[str, Any]]:
        """An error as the client is told."""
        return [coded(error) if isinstance(error, EldercareError) else masked(error)]


def error_text(errors: list[dict[str, Any]]) -> bytes:
    """A response that is nothing but errors."""
    return orjson.dumps({"errors": errors})
