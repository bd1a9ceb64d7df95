"""Listening: a port that is free or told to be busy, and a server that says when it can be opened."""

import errno
import socket
from collections.abc import Callable
from contextlib import closing, suppress

import uvicorn
from starlette.types import ASGIApp

from eldercare.kit.errors import EldercareError, Unavailable


def bind(host: str, port: int) -> socket.socket:
    """A socket on the address; `Unavailable` PORT_BUSY or ADDRESS when it cannot be had. Port 0 takes any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
        opened.listen(128)
    except (OSError, OverflowError) as error:
        opened.close()
        raise _told(host, port, error) from None
    return opened


def address(opened: socket.socket) -> str:
    """What a browser is told to open."""
    host, port = opened.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def serve(app: ASGIApp, opened: socket.socket, *, announce: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM; `announce` is called with the address once requests are answered."""
    config = uvicorn.Config(app, log_config=None, access_log=False, server_header=False, timeout_graceful_shutdown=10)
    with closing(opened), suppress(KeyboardInterrupt):  # uvicorn raises it again after an orderly end
        _Server(config, lambda: announce(address(opened))).run(sockets=[opened])


class _Server(uvicorn.Server):
    """uvicorn, saying when it has started."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._tell()


def _told(host: str, port: int, error: Exception) -> EldercareError:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return Unavailable(
            "PORT_BUSY",
            f"Something else listens on {host}:{port} already.",
            remedy=f"Stop it, or choose another port: --port {port + 1 if port < 65535 else 8000}, or --port 0 for any free one.",
        )
    return Unavailable(
        "ADDRESS",
        f"The address {host}:{port} cannot be listened on: {error}.",
        remedy="Choose another with --host and --port; ports below 1024 need special rights.",
    )
