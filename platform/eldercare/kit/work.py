"""What one request makes the database do: statements, counted for its receipt and for the whole process."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Work:
    """The statements that were sent."""

    statements: int = 0


PROCESS = Work()
"""Of this process, since it began."""

REQUEST: ContextVar[Work | None] = ContextVar("work", default=None)
"""Of the request that is being answered, where somebody asked for it."""


def count_statement() -> None:
    """Note that a statement was sent."""
    PROCESS.statements += 1
    request = REQUEST.get()
    if request is not None:
        request.statements += 1
