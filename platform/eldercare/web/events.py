"""GraphQL over server-sent events: the protocol graphql-sse, each operation on a connection of its own."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import replace

from starlette.types import Receive, Scope, Send

from eldercare.api.execute import Answer, Request
from eldercare.kit import log
from eldercare.web.following import Following, error_text
from eldercare.web.guard import answer, error_body

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]


async def stream(
    following: Following, request: Request, headers: dict[bytes, str], scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer a request with a stream of events that ends with `complete`; a client that leaves ends it."""
    viewer = await following.who(headers, scope)
    with following.connection() as room:
        if not room:
            busy = error_body("BUSY", "Too many follow already.", "Ask again in 5 seconds.")
            await answer(send, 503, busy, **{"retry-after": "5"})
            return
        given = [*HEADERS, (b"x-request-id", request.request_id.encode())]
        await send({"type": "http.response.start", "status": 200, "headers": given})
        request = replace(request, viewer=viewer)
        left = asyncio.create_task(_left(receive))
        events = asyncio.create_task(_write(following, request, headers, send))
        try:
            await asyncio.wait({left, events}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (left, events):
                task.cancel()
            await asyncio.wait({left, events})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(following: Following, request: Request, headers: dict[bytes, str], send: Send) -> None:
    with contextlib.suppress(OSError, RuntimeError):  # the client may go at any moment
        answers = following.answers(request, request.viewer, headers)
        async with contextlib.aclosing(answers):
            try:
                await _events(answers, following.limits.keep_alive, send)
            except Exception as error:
                log.get("web").exception("unforeseen error", path="/graphql", kind=type(error).__name__)
                await _event(send, "next", error_text(following.told(error)))
        await _event(send, "complete", b"")
        await send({"type": "http.response.body", "body": b""})


async def _events(answers: AsyncGenerator[Answer, None], keep_alive: float, send: Send) -> None:
    """Send each answer; a comment now and then keeps proxies from closing a quiet connection."""
    coming: asyncio.Future[Answer] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(anext(answers))
            done, _ = await asyncio.wait({coming}, timeout=keep_alive)
            if not done:
                await send({"type": "http.response.body", "body": b":\n\n", "more_body": True})
                continue
            try:
                found, coming = coming.result(), None
            except StopAsyncIteration:
                return
            await _event(send, "next", found.body)
    finally:
        if coming is not None:
            coming.cancel()
            await asyncio.wait({coming})


async def _event(send: Send, name: str, data: bytes) -> None:
    body = b"event: " + name.encode() + b"\ndata: " + data + b"\n\n"
    await send({"type": "http.response.body", "body": body, "more_body": True})
