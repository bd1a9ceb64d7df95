"""What a named command is to the API: a function of the registry with its name, its words and what its arguments mean."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from eldercare.registry.entity import Record


@dataclass(frozen=True)
class Command:
    """A command as the API offers it: its name, what it answers with, the function, and columns it takes besides.

    `texts` says in both languages what its own arguments mean, `nouns` of which noun an id among them must be; what is
    common to many commands stands in `command`.
    """

    name: str
    noun: type[Record]
    run: Callable[..., Record]
    en: str
    zh: str
    extra: tuple[str, ...] = ()
    texts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    nouns: Mapping[str, str] = field(default_factory=dict)
