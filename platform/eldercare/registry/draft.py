"""What is about to be written: the values before and after, with the means to complete, question and refuse them."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, NoReturn

from eldercare.kit.errors import EldercareError, RuleViolation
from eldercare.registry.entity import Record
from eldercare.security.cipher import KeyRing


class Notice(NamedTuple):
    """Something allowed but odd, which somebody should look at."""

    code: str
    message: str
    path: tuple[str, ...] = ()


@dataclass
class Draft:
    """One record on its way into the registry; rules complete `after`, add notices, or refuse."""

    noun: type[Record]
    after: dict[str, Any]
    today: date
    before: Mapping[str, Any] | None = None
    keys: KeyRing | None = None
    look_up: Callable[[type[Record], int], Any] = lambda noun, key: None
    notices: list[Notice] = field(default_factory=list)

    def changed(self, *names: str) -> bool:
        """Whether one of these columns is new or differs from before."""
        return self.before is None or any(self.before.get(name) != self.after.get(name) for name in names)

    def question(self, code: str, message: str, *path: str) -> None:
        """Note something odd without refusing it."""
        self.notices.append(Notice(code, message, path))

    def default(self, name: str, value: Any) -> None:
        """Complete a value that was not sent."""
        if self.after.get(name) is None:
            self.after[name] = value


def refuse(code: str, message: str, remedy: str, *path: str) -> NoReturn:
    """Refuse a record because it breaks a rule; `path` names the columns it is about."""
    raise RuleViolation(code, message, remedy=remedy, path=path)


def called(noun: type[Record]) -> str:
    """How a noun is called in a sentence, with its Chinese term.

    >>> from eldercare.registry.membership import GroupMembership
    >>> called(GroupMembership)
    'group membership (群体认定)'
    """
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", noun.__name__).lower()
    return f"{words} ({noun.__zh__})"


@contextmanager
def at(*path: str) -> Iterator[None]:
    """What is refused inside is refused at this place of the record."""
    try:
        yield
    except EldercareError as error:
        error.path = (*path, *error.path)
        raise
