"""Log lines: one event a line with its request's id, and nothing that belongs to a person."""

import logging
import secrets
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

WITHHELD = frozenset(
    [
        "address",
        "authorization",
        "body",
        "cookie",
        "document",
        "id_no",
        "id_number",
        "key",
        "name",
        "password",
        "phone",
        "query",
        "secret",
        "token",
        "variables",
    ]
)
"""Keys whose values are never written: a log is read by more people than the registry."""


def configure(level: str = "info", form: str = "auto") -> None:
    """Send structlog's events and the standard library's to standard error, as text for people or JSON for machines."""
    json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        withhold,
    ]
    last: list[structlog.typing.Processor] = (
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if json
        # The default would print local variables beside a traceback, and a person's number may be one of them.
        else [
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback)
        ]
    )
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    _capture_standard_library(level, shared, last)


def _capture_standard_library(
    level: str, shared: list[structlog.typing.Processor], last: list[structlog.typing.Processor]
) -> None:
    """Give the lines of uvicorn, SQLAlchemy and Alembic the same form."""
    clean = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[clean, *last]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("alembic", "uvicorn.access", "sqlalchemy.engine"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def withhold(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Replace the values of keys that may hold something about a person or a secret."""
    for key in event.keys() & WITHHELD:
        event[key] = "(withheld)"
    return event


def get(name: str) -> Any:
    """A logger that says which room speaks."""
    return structlog.get_logger(room=name)


def new_id() -> str:
    """A fresh id for a request or a masked error: short enough to read out on the telephone."""
    return secrets.token_hex(6)
