"""GraphQL over HTTP: GET and POST, both media types, and the status codes the specification asks for.

It stands in front of routing and middleware, because most requests come here and each layer costs every one of them.
"""

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import orjson
import structlog
from starlette.types import Message, Receive, Scope, Send

from eldercare.api.execute import Answer, Request
from eldercare.kit import log
from eldercare.kit.errors import EldercareError
from eldercare.web.authentication import Authenticate, Turned, address_of
from eldercare.web.gate import Busy, Gate
from eldercare.web.guard import answer, error_body, request_id_of, unforeseen
from eldercare.web.metrics import Metrics
from eldercare.web.negotiation import GRAPHQL, media_type, tags_of, takes_gzip
from eldercare.web.operation import BadRequest, from_address, from_body

GZIP_FROM = 2_000
"""Bytes below which packing costs more than it saves."""

APART_FROM = 200_000
"""Bytes from which packing is done in a thread, so that other requests go on."""


STATUS = {"DATABASE_UNAVAILABLE": 503, "BUSY": 503, "INTERNAL": 500, "MUTATION_BY_GET": 405}
"""Refusals that have a status of their own whatever media type the client takes."""

VARY = "accept, accept-encoding, authorization"
FRESH = {"cache-control": "no-store"}
"""An answer about people is kept by nobody, unless it carries a tag: then the client may keep it and ask if it still holds."""

CLIENT = (b"graphql-client-name", b"apollographql-client-name")

Reply = tuple[int, bytes, dict[str, str]]
EVENTS = "text/event-stream"
Execute = Callable[[Request], Awaitable[Answer]]
Follow = Callable[[Request, dict[bytes, str], Scope, Receive, Send], Awaitable[None]]
"""Answers a request by a stream of events."""


class Endpoint:
    """The ASGI application behind /graphql."""

    def __init__(
        self,
        execute: Execute,
        *,
        authenticate: Authenticate,
        body_limit: int,
        gate: Gate | None = None,
        metrics: Metrics | None = None,
        follow: Follow | None = None,
    ) -> None:
        self.execute, self.follow = execute, follow
        self.authenticate = authenticate
        self.body_limit = body_limit
        self.gate = gate or Gate()
        self.metrics = metrics or Metrics()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers = {name: str(value, "latin-1") for name, value in scope["headers"]}
        request_id = request_id_of(scope)
        accept = headers.get(b"accept", "")
        if self.follow is not None and EVENTS in accept:
            await self._stream(scope, headers, receive, send, request_id)
            return
        kind = media_type(accept)
        with structlog.contextvars.bound_contextvars(request=request_id):
            status, body, more = await self._respond(scope, headers, receive, kind, request_id)
        more = {"content-type": f"{kind or 'application/json'}; charset=utf-8", **FRESH, **more}
        more |= {"x-request-id": request_id, "vary": VARY, "x-content-type-options": "nosniff"}
        if len(body) >= GZIP_FROM and takes_gzip(headers.get(b"accept-encoding", "")):
            body = await _packed(body)
            more["content-encoding"] = "gzip"
        await answer(send, status, body, **more)

    async def _stream(
        self, scope: Scope, headers: dict[bytes, str], receive: Receive, send: Send, request_id: str
    ) -> None:
        """Serve one request by a stream of events."""
        assert self.follow is not None
        started = False

        async def sent(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id):
            try:
                request = await self._request(scope, headers, receive, request_id)
                await self.follow(request, headers, scope, receive, sent)
                return
            except EldercareError as error:
                self.metrics.refused(error.code)
                status, more = getattr(error, "status", 400), getattr(error, "headers", {})
                body = error_body(error.code, error.message, error.remedy)
            except Exception:
                log.get("web").exception("unforeseen error", path="/graphql")
                if started:
                    raise
                status, more, body = 500, {}, error_body("INTERNAL", *unforeseen(request_id))
            told = {**FRESH, "x-request-id": request_id, "x-content-type-options": "nosniff"}
            await answer(send, status, body, **told, **more)

    async def _request(self, scope: Scope, headers: dict[bytes, str], receive: Receive, request_id: str) -> Request:
        """The request that a connection brings."""
        if scope["method"] == "GET":
            return from_address(scope["query_string"], request_id)
        if scope["method"] != "POST":
            raise BadRequest(405, "METHOD", "Only GET and POST are answered here.", remedy="Use POST, or GET.")
        return from_body(headers.get(b"content-type", ""), await self._body(headers, receive), request_id)

    async def _respond(
        self, scope: Scope, headers: dict[bytes, str], receive: Receive, kind: str | None, request_id: str
    ) -> Reply:
        """Status, body and headers peculiar to them."""
        method = scope["method"]
        if method not in ("GET", "POST"):
            return (
                405,
                error_body("METHOD", f"{method} is not answered here.", "Use POST, or GET."),
                {"allow": "GET, POST"},
            )
        if method == "GET" and not scope["query_string"] and "text/html" in headers.get(b"accept", ""):
            return 303, b"", {"location": "/"}
        if kind is None:
            return 406, error_body("ACCEPT", "Answers are JSON.", "Accept application/json."), {}
        try:
            viewer = await self.authenticate(headers, address_of(scope))
            request = replace(await self._request(scope, headers, receive, request_id), viewer=viewer)
            return await self._answer(told_by(headers, method, request), kind)
        except Turned as error:
            self.metrics.refused(error.code)
            return error.status, error_body(error.code, error.message, error.remedy), error.headers
        except BadRequest as error:
            self.metrics.refused(error.code)
            return error.status, error_body(error.code, error.message, error.remedy), {}
        except Busy as error:
            self.metrics.refused(error.code)
            body = error_body(error.code, error.message, error.remedy)
            return 503, body, {"retry-after": str(error.after)}
        except Exception:
            log.get("web").exception("unforeseen error", path="/graphql")
            self.metrics.refused("INTERNAL")
            return 500, error_body("INTERNAL", *unforeseen(request_id)), {}

    async def _answer(self, request: Request, kind: str) -> Reply:
        """Execute, when there is room; an answer that the client still has is not made again."""
        began = time.perf_counter()
        async with self.gate.through():
            found = await self.execute(request)
        self.metrics.answered(found, time.perf_counter() - began)
        more = {"etag": f'W/"{found.tag}"', "cache-control": "private, no-cache"} if found.tag else {}
        if found.unchanged:
            return 412 if request.writes else 304, b"", more
        status = 200 if found.executed else refusal(found.body, kind)
        return status, found.body, {"allow": "POST"} if status == 405 else more

    async def _body(self, headers: dict[bytes, str], receive: Receive) -> bytes:
        """The whole body; one that is too long is refused before it is read, or as soon as it shows."""
        declared = headers.get(b"content-length", "")
        if declared.isascii() and declared.isdigit() and int(declared[:20]) > self.body_limit:
            raise self._too_long()
        parts, size = [], 0
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise BadRequest(
                    400, "DISCONNECTED", "The client left before its request was complete.", remedy="Ask again."
                )
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > self.body_limit:
                raise self._too_long()
            if not message.get("more_body", False):
                return parts[0] if len(parts) == 1 else b"".join(parts)

    def _too_long(self) -> BadRequest:
        return BadRequest(
            413,
            "BODY_TOO_LONG",
            f"The request is longer than {self.body_limit} bytes.",
            remedy="Send less at a time, or raise the setting body_limit.",
        )


def told_by(headers: dict[bytes, str], method: str, request: Request) -> Request:
    """A request with what its headers say: which answers the client still has, and what it calls itself.

    GET asks for a tag by itself; POST only where the client names one, and then 412 says that nothing has changed: RFC 9110,
    section 13.1.2, leaves 304 to GET.
    """
    known = headers.get(b"if-none-match")
    tags = tags_of(known) if known is not None else None if method == "POST" else ()
    client = next((headers[name] for name in CLIENT if name in headers), "")
    receipt = request.receipt or headers.get(b"x-cost", "").lower() in ("1", "true")
    return replace(request, tags=tags, client=client, receipt=receipt)


def refusal(body: bytes, kind: str) -> int:
    """The status of an answer without data: a client that takes only application/json expects 200 by old custom."""
    code = orjson.loads(body)["errors"][0].get("extensions", {}).get("code")
    return STATUS.get(code, 400 if kind == GRAPHQL else 200)


async def _packed(body: bytes) -> bytes:
    if len(body) >= APART_FROM:
        return await asyncio.to_thread(gzip.compress, body, 4)
    return gzip.compress(body, 4)
