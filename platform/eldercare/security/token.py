"""API tokens as text: a prefix that may be shown, a secret that is shown once, and how they are told apart from anything else."""

import re
import secrets
from typing import NamedTuple

FORM = re.compile(r"(eld_[a-z2-7]{8})_([A-Za-z0-9_-]{43})\Z", re.ASCII)
ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
LETTERS = 8


class Token(NamedTuple):
    """A token: its prefix, by which lists and logs call it, and its whole text."""

    prefix: str
    text: str

    def __repr__(self) -> str:
        return f"Token({self.prefix})"


def mint() -> Token:
    """A new token; its secret has 256 bits, so that nobody can try it out and a plain keyed digest of it is enough.

    >>> found = read(mint().text)
    >>> found.prefix[:4], len(found.text)
    ('eld_', 56)
    """
    prefix = "eld_" + "".join(secrets.choice(ALPHABET) for _ in range(LETTERS))
    return Token(prefix, f"{prefix}_{secrets.token_urlsafe(32)}")


def read(text: str) -> Token | None:
    """A text as a token, or None when it has not the form of one."""
    found = FORM.match(text)
    return Token(found[1], text) if found else None


def shown_prefix(text: str) -> str:
    """What may be logged of a text that was sent as a token: its prefix where it has one, else nothing of it.

    >>> shown_prefix("eld_abcdefgh_" + "x" * 43), shown_prefix("my password")
    ('eld_abcdefgh', '(other)')
    """
    found = read(text)
    return found.prefix if found else "(other)"
