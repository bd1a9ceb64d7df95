"""The server: /graphql in front, then the routes of health and pages behind the middleware, each named here."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from eldercare.security.principal import Principal
from eldercare.web.authentication import Authenticate, address_of
from eldercare.web.changes import changes_route
from eldercare.web.events import stream
from eldercare.web.following import Answers, Following, FollowLimits
from eldercare.web.gate import Gate
from eldercare.web.graphql import Endpoint, Execute
from eldercare.web.guard import Guard, error_body
from eldercare.web.health import Ready, health_routes
from eldercare.web.metrics import Metrics, metrics_route
from eldercare.web.pages import page_routes
from eldercare.web.socket import Socket

ASKED = (
    "authorization",
    "content-type",
    "if-none-match",
    "graphql-client-name",
    "graphql-preflight",
    "x-cost",
    "x-request-id",
)
TOLD = ("etag", "retry-after", "x-request-id")
"""Headers that a page of another origin may send, and may read."""

Lifespan = Callable[[Any], AbstractAsyncContextManager[None]]


class Server:
    """The ASGI application: one comparison decides between the hot path and everything else."""

    def __init__(self, graphql: ASGIApp, rest: ASGIApp, socket: ASGIApp | None = None) -> None:
        self.graphql, self.rest, self.socket = graphql, rest, socket

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and scope["path"] == "/graphql":
            await self.graphql(scope, receive, send)
        elif scope["type"] == "websocket" and scope["path"] == "/graphql" and self.socket is not None:
            await self.socket(scope, receive, send)
        else:
            await self.rest(scope, receive, send)


@dataclass(frozen=True)
class Edge:
    """What an operator decides about the edge."""

    body_limit: int = 1_000_000
    gate: Gate = field(default_factory=Gate)
    metrics: Metrics = field(default_factory=Metrics)
    metrics_key: str = ""
    origins: tuple[str, ...] = ()
    follow: FollowLimits = field(default_factory=FollowLimits)


def make_server(
    execute: Execute,
    *,
    authenticate: Authenticate,
    sdl: Callable[[], str],
    ready: Ready,
    edge: Edge | None = None,
    tokens: Sequence[Mapping[str, str]] = (),
    files: Sequence[Route] = (),
    lifespan: Lifespan | None = None,
    answers: Answers | None = None,
) -> ASGIApp:
    """Put the server together; `lifespan` opens and closes what it works with, `tokens` are the demonstration's.

    `answers` gives what streams send; without it there are none. `files` are the routes of what can be taken away.
    """
    edge = edge or Edge()
    metrics = [metrics_route(edge.metrics, edge.metrics_key)] if edge.metrics_key else []
    edge.metrics.watch("requests_inside", "Requests that are being answered.", lambda: edge.gate.inside)
    edge.metrics.watch("requests_waiting", "Requests that wait for their turn.", lambda: edge.gate.waiting)

    async def who(headers: Mapping[bytes, str], scope: Scope) -> Principal:
        return await authenticate(headers, address_of(scope))

    following, follow = None, None
    if answers is not None:
        following = Following(answers, who, limits=edge.follow, metrics=edge.metrics)
        follow = partial(stream, following)
    rest = Starlette(
        routes=[
            *health_routes(ready),
            *metrics,
            changes_route(execute, who, edge.gate),
            *files,
            *page_routes(sdl, tokens),
        ],
        middleware=[Middleware(Guard), Middleware(GZipMiddleware, minimum_size=1_000)],
        exception_handlers={404: _not_found},
        lifespan=lifespan,
    )
    graphql = Endpoint(
        execute,
        authenticate=authenticate,
        body_limit=edge.body_limit,
        gate=edge.gate,
        metrics=edge.metrics,
        follow=follow,
    )
    return with_origins(Server(graphql, rest, None if following is None else Socket(following)), edge.origins)


def with_origins(app: ASGIApp, origins: Sequence[str]) -> ASGIApp:
    """The application for pages of other origins too; without any, browsers keep other pages away by themselves."""
    if not origins:
        return app
    return CORSMiddleware(
        app,
        allow_origins=list(origins),
        allow_methods=["GET", "POST"],
        allow_headers=[*ASKED],
        expose_headers=[*TOLD],
        max_age=3600,
    )


async def _not_found(_request: Request, _error: Exception) -> Response:
    body = error_body("NOT_FOUND", "There is nothing at this address.", "The API is at /graphql, the start page at /.")
    return Response(body, status_code=404, media_type="application/json")
