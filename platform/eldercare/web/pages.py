"""The start page: plain files of ours, no build step, nothing loaded from anywhere else."""

from collections.abc import Callable
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"


def page_routes(sdl: Callable[[], str]) -> list[Route | Mount]:
    """The start page, its files, and the schema as text for those who generate clients."""

    async def start(_request: Request) -> Response:
        return FileResponse(STATIC / "index.html", headers={"cache-control": "no-cache"})

    async def schema(_request: Request) -> Response:
        return PlainTextResponse(sdl(), headers={"cache-control": "no-cache"})

    return [
        Route("/", start),
        Route("/schema.graphql", schema),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]
