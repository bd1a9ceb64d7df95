"""Whether the server lives, and whether it can answer: the two questions a load balancer asks."""

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from eldercare.kit.errors import EldercareError

Ready = Callable[[], None]
"""Returns when everything the server needs answers, and raises the error that says what does not."""


def health_routes(ready: Ready) -> list[Route]:
    """`/health/alive` asks nothing of anybody; `/health/ready` asks the database."""

    async def alive(_request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def is_ready(_request: Request) -> Response:
        try:
            await run_in_threadpool(ready)
        except EldercareError as error:
            return JSONResponse({"status": "not ready", "code": error.code, "remedy": error.remedy}, status_code=503)
        return JSONResponse({"status": "ready"})

    return [Route("/health/alive", alive), Route("/health/ready", is_ready)]
