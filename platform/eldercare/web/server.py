"""The server: /graphql in front, then the routes of health and pages behind the middleware, each named here."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from eldercare.web.graphql import Endpoint, Execute
from eldercare.web.guard import Guard, error_body
from eldercare.web.health import Ready, health_routes
from eldercare.web.pages import page_routes

Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]


class Server:
    """The ASGI application: one comparison decides between the hot path and everything else."""

    def __init__(self, graphql: ASGIApp, rest: ASGIApp) -> None:
        self.graphql = graphql
        self.rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        hot = scope["type"] == "http" and scope["path"] == "/graphql"
        await (self.graphql if hot else self.rest)(scope, receive, send)


def make_server(
    execute: Execute, *, sdl: Callable[[], str], ready: Ready, body_limit: int, lifespan: Lifespan | None = None
) -> Server:
    """Put the server together; `lifespan` opens and closes what it works with."""
    rest = Starlette(
        routes=[*health_routes(ready), *page_routes(sdl)],
        middleware=[Middleware(Guard), Middleware(GZipMiddleware, minimum_size=1_000)],
        exception_handlers={404: _not_found},
        lifespan=lifespan,
    )
    return Server(Endpoint(execute, body_limit=body_limit), rest)


async def _not_found(_request: Request, _error: Exception) -> Response:
    body = error_body("NOT_FOUND", "There is nothing at this address.", "The API is at /graphql, the start page at /.")
    return Response(body, status_code=404, media_type="application/json")
