"""What stands around every route: request ids, security headers, and errors that never show their insides."""

import re
from typing import Any

import orjson
import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from eldercare.kit import log

OWN_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")

HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
"""Sent with every page: nothing is loaded from anywhere else, and nothing of ours is framed."""


class Guard:
    """Gives each request an id, each answer its headers, and each unforeseen error an id that the log knows."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id, started = request_id_of(scope), False

        async def sent(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id):
            try:
                await self.app(scope, receive, sent)
            except Exception:
                log.get("web").exception("unforeseen error", method=scope["method"], path=scope["path"])
                if started:
                    raise
                await answer(sent, 500, error_body("INTERNAL", *unforeseen(request_id)))


def request_id_of(scope: Scope) -> str:
    """The id the client gave its request, when it is harmless, so that its log and ours can be joined; else a fresh one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and OWN_ID.fullmatch(value):
            return str(value, "ascii")
    return log.new_id()


def unforeseen(incident: str) -> tuple[str, str]:
    """The sentence and the remedy of an error that is nobody's business but the operator's."""
    return (
        "Something unforeseen happened.",
        f"Tell the operator the number {incident}; the log has the reason under it.",
    )


def error_body(code: str, message: str, remedy: str) -> bytes:
    """One error in the shape every error has on the wire."""
    return orjson.dumps({"errors": [{"message": message, "extensions": {"code": code, "remedy": remedy}}]})


async def answer(send: Send, status: int, body: bytes, **headers: Any) -> None:
    """Send a whole JSON answer."""
    pairs = {"content-type": "application/json; charset=utf-8", **{k.replace("_", "-"): v for k, v in headers.items()}}
    raw = [(name.encode("ascii"), value.encode("latin-1")) for name, value in pairs.items()]
    raw.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
