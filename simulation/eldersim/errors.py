"""The simulation's one error tree: each error has a stable code, a sentence, a remedy and the path it is about.

EldersimError
├── InvalidInput   a baseline, scenario, case or setting cannot be understood
├── NoAnswer       the question has no number for an answer (unstable queue, too few replications)
├── BrokenRule     a run broke a law it must keep (people lost, two in one bed): never a number, always a bug
└── Unavailable    something the simulation depends on is not there (a file, an optional package, a worker)
"""

from collections.abc import Sequence


class EldersimError(Exception):
    """An error a person can act on: `code` is stable, `message` says what, `remedy` says what to do about it."""

    def __init__(self, code: str, message: str, *, remedy: str = "", path: Sequence[str | int] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.path = tuple(path)

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross from worker processes to the caller whole."""
        return _again, (type(self), self.code, self.message, self.remedy, self.path)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" + (f" {self.remedy}" if self.remedy else "")


class InvalidInput(EldersimError):
    """A baseline, scenario, case or setting cannot be understood."""


class NoAnswer(EldersimError):
    """The question has no number for an answer."""


class BrokenRule(EldersimError):
    """A run broke a law that it must keep, so its numbers mean nothing."""


class Unavailable(EldersimError):
    """Something the simulation depends on is not there."""


def _again(
    kind: type[EldersimError], code: str, message: str, remedy: str, path: tuple[str | int, ...]
) -> EldersimError:
    return kind(code, message, remedy=remedy, path=path)
