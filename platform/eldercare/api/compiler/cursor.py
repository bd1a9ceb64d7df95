"""Cursors: the values of a row's order keys, with the signature of the order they belong to."""

import json
from binascii import unhexlify
from typing import Any, NoReturn

from eldercare.kit.errors import InvalidInput

LONGEST = 4000


def read_cursor(text: str) -> tuple[str, list[Any]]:
    """The signature and the key values of a cursor; anything else is `InvalidInput` (BAD_CURSOR)."""
    try:
        found = json.loads(unhexlify(text)) if len(text) <= LONGEST else None
    except (ValueError, UnicodeError, RecursionError):
        found = None
    if not isinstance(found, list) or len(found) < 2 or not isinstance(found[0], str):
        refuse("This is not a cursor of this API.")
    if any(isinstance(value, list | dict) for value in found):
        refuse("This is not a cursor of this API.")
    return found[0], found[1:]


def write_cursor(signature: str, values: list[Any]) -> str:
    """The cursor of a row."""
    return json.dumps([signature, *values], ensure_ascii=False, default=str).encode().hex()


def refuse(message: str) -> NoReturn:
    """Raise the error for a cursor that cannot be used."""
    raise InvalidInput("BAD_CURSOR", message, remedy="Send a cursor exactly as the API gave it, with the same orderBy.")
