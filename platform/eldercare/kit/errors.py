"""The one error tree: each error has a stable code, a sentence, a remedy and the path it is about.

EldercareError
├── InvalidInput      what was sent cannot be understood or breaks a format
├── NotFound          there is no such thing, or the reader may not see it (the two look the same)
├── RuleViolation     the registry's rules forbid it
├── Conflict          somebody else was faster (version, idempotency key, unique key)
├── Forbidden         the viewer may not do this
├── Unavailable       something we depend on does not answer (database, port, key, file)
└── Refused           the operation is understood but over a limit
"""

from collections.abc import Sequence
from typing import Any


class EldercareError(Exception):
    """An error a person can act on: `code` is stable, `message` says what, `remedy` says what to do about it."""

    def __init__(self, code: str, message: str, *, remedy: str = "", path: Sequence[str | int] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.path = tuple(path)

    def __reduce__(self) -> tuple[Any, ...]:
        """Errors cross processes: the workers of jobs raise them."""
        return _again, (type(self), self.code, self.message, self.remedy, self.path)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" + (f" {self.remedy}" if self.remedy else "")


class InvalidInput(EldercareError):
    """What was sent cannot be understood or breaks a format."""


class NotFound(EldercareError):
    """There is no such thing, or the reader may not see it; the two look the same on purpose."""


class RuleViolation(EldercareError):
    """The registry's rules forbid what was asked."""


class Conflict(EldercareError):
    """Somebody else was faster, or the same key was used for something else."""


class Forbidden(EldercareError):
    """The viewer may not do this."""


class Unavailable(EldercareError):
    """Something we depend on does not answer: a database, a port, a key, a file."""


class Refused(EldercareError):
    """The operation is understood but over a limit."""


def _again(
    kind: type[EldercareError], code: str, message: str, remedy: str, path: Sequence[str | int]
) -> EldercareError:
    return kind(code, message, remedy=remedy, path=path)
