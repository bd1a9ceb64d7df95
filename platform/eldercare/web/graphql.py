"""GraphQL over HTTP: GET and POST, both media types, and the status codes the specification asks for.

It stands in front of routing and middleware, because most requests come here and each layer costs every one of them.
"""

import asyncio
import gzip
from collections.abc import Awaitable, Callable

import orjson
import structlog
from starlette.types import Receive, Scope, Send

from eldercare.api.execute import Answer, Request
from eldercare.kit import log
from eldercare.web.guard import answer, error_body, request_id_of, unforeseen
from eldercare.web.negotiation import GRAPHQL, media_type, takes_gzip
from eldercare.web.operation import BadRequest, from_address, from_body

GZIP_FROM = 2_000
"""Bytes below which packing costs more than it saves."""

APART_FROM = 200_000
"""Bytes from which packing is done in a thread, so that other requests go on."""


STATUS = {"DATABASE_UNAVAILABLE": 503, "INTERNAL": 500, "MUTATION_BY_GET": 405}
"""Refusals that have a status of their own whatever media type the client takes."""

Execute = Callable[[Request], Awaitable[Answer]]


class Endpoint:
    """The ASGI application behind /graphql."""

    def __init__(self, execute: Execute, *, body_limit: int) -> None:
        self.execute = execute
        self.body_limit = body_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers = {name: str(value, "latin-1") for name, value in scope["headers"]}
        request_id = request_id_of(scope)
        kind = media_type(headers.get(b"accept", ""))
        with structlog.contextvars.bound_contextvars(request=request_id):
            status, body, more = await self._respond(scope, headers, receive, kind, request_id)
        more |= {"content-type": f"{kind or 'application/json'}; charset=utf-8", "x-request-id": request_id}
        more |= {"vary": "accept, accept-encoding", "x-content-type-options": "nosniff"}
        if len(body) >= GZIP_FROM and takes_gzip(headers.get(b"accept-encoding", "")):
            body = await _packed(body)
            more["content-encoding"] = "gzip"
        await answer(send, status, body, **more)

    async def _respond(
        self, scope: Scope, headers: dict[bytes, str], receive: Receive, kind: str | None, request_id: str
    ) -> tuple[int, bytes, dict[str, str]]:
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
            request = (
                from_address(scope["query_string"], request_id)
                if method == "GET"
                else from_body(headers.get(b"content-type", ""), await self._body(headers, receive), request_id)
            )
            found = await self.execute(request)
        except BadRequest as error:
            return error.status, error_body(error.code, error.message, error.remedy), {}
        except Exception:
            log.get("web").exception("unforeseen error", path="/graphql")
            return 500, error_body("INTERNAL", *unforeseen(request_id)), {}
        status = 200 if found.executed else refusal(found.body, kind)
        return status, found.body, {"allow": "POST"} if status == 405 else {}

    async def _body(self, headers: dict[bytes, str], receive: Receive) -> bytes:
        """The whole body; one that is too long is refused before it is read, or as soon as it shows."""
        if int(headers.get(b"content-length", "0") or 0) > self.body_limit:
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


def refusal(body: bytes, kind: str) -> int:
    """The status of an answer without data: a client that takes only application/json expects 200 by old custom."""
    code = orjson.loads(body)["errors"][0].get("extensions", {}).get("code")
    return STATUS.get(code, 400 if kind == GRAPHQL else 200)


async def _packed(body: bytes) -> bytes:
    if len(body) >= APART_FROM:
        return await asyncio.to_thread(gzip.compress, body, 4)
    return gzip.compress(body, 4)
