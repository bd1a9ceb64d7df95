"""The start page: plain files of ours, no build step, nothing loaded from anywhere else."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"


HERE = ("127.0.0.1", "localhost", "[::1]")


def page_routes(sdl: Callable[[], str], tokens: Sequence[Mapping[str, str]] = ()) -> list[Route | Mount]:
    """The start page, its files, and the schema as text for those who generate clients.

    The demonstration's tokens are given to pages on this machine alone: to a browser that came from it, and that calls
    the server by a name of this machine, so that no page from elsewhere can fetch them.
    """

    async def ready_tokens(request: Request) -> Response:
        name = request.headers.get("host", "").rpartition(":")[0] or request.headers.get("host", "")
        local = request.client is not None and request.client.host in ("127.0.0.1", "::1") and name in HERE
        return JSONResponse({"tokens": list(tokens) if local else []}, headers={"cache-control": "no-store"})

    async def start(_request: Request) -> Response:
        return FileResponse(STATIC / "index.html", headers={"cache-control": "no-cache"})

    async def schema(_request: Request) -> Response:
        return PlainTextResponse(sdl(), headers={"cache-control": "no-cache"})

    return [
        Route("/", start),
        Route("/schema.graphql", schema),
        Route("/tokens.json", ready_tokens),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
