"""Cursors: the values of a row's order keys, with the signature of the order they belong to; sealed where they tell of a person."""

import json
import re
from binascii import unhexlify
from collections.abc import Sequence
from typing import Any, NamedTuple, NoReturn

from eldercare.kit.errors import EldercareError, InvalidInput
from eldercare.security.cipher import KeyRing

LONGEST = 4000
PLACE = "cursor"
"""What cursors are encrypted as: a cursor is no ciphertext of anything else, and nothing else is one of a cursor."""
SEALED = re.compile(r"~([0-9a-f]{8})\.([01]{1,40})\.((?:[0-9a-f]{2})+)", re.ASCII)
OWN = KeyRing.fresh()
"""The keys of a process that was given none: its cursors end with it."""


class Cursor(NamedTuple):
    """What a cursor shows without keys: the order it belongs to, which of its values are empty, and what holds them."""

    signature: str
    empty: tuple[bool, ...]
    values: list[Any] | bytes

    def opened(self, keys: KeyRing | None) -> list[Any]:
        """The values; of a sealed cursor that was altered, moved or made with other keys `InvalidInput` (BAD_CURSOR)."""
        if not isinstance(self.values, bytes):
            return self.values
        try:
            found = json.loads((keys or OWN).decrypt(f"{PLACE}.{self.signature}", self.values))
        except (EldercareError, ValueError):
            refuse("This is not a cursor of this API.")
        if not isinstance(found, list) or tuple(each is None for each in found) != self.empty:
            refuse("This is not a cursor of this API.")
        return found


def read_cursor(text: str) -> Cursor:
    """What a cursor says; anything else is `InvalidInput` (BAD_CURSOR)."""
    if len(text) <= LONGEST and (sealed := SEALED.fullmatch(text)):
        return Cursor(sealed[1], tuple(bit == "1" for bit in sealed[2]), bytes.fromhex(sealed[3]))
    try:
        found = json.loads(unhexlify(text)) if len(text) <= LONGEST else None
    except (ValueError, UnicodeError, RecursionError):
        found = None
    if not isinstance(found, list) or len(found) < 2 or not isinstance(found[0], str):
        refuse("This is not a cursor of this API.")
    if any(isinstance(value, list | dict) for value in found):
        refuse("This is not a cursor of this API.")
    return Cursor(found[0], tuple(value is None for value in found[1:]), found[1:])


def write_cursor(signature: str, values: Sequence[Any]) -> str:
    """The cursor of a row whose values tell nothing of a person."""
    return json.dumps([signature, *values], ensure_ascii=False, default=str).encode().hex()


def seal_cursor(signature: str, values: Sequence[Any], keys: KeyRing | None) -> str:
    """The cursor of a row whose values must not stand in an address or a log; the same row has always the same one."""
    text = json.dumps([_same(value) for value in values], ensure_ascii=False, default=str)
    sealed = (keys or OWN).encrypt(f"{PLACE}.{signature}", text)
    return f"~{signature}.{''.join(str(int(value is None)) for value in values)}.{sealed.hex()}"


def seal_written(written: bytes, keys: KeyRing | None) -> str:
    """The sealed cursor of one that a statement wrote in the clear."""
    signature, *values = json.loads(written)
    return seal_cursor(signature, values, keys)


def refuse(message: str) -> NoReturn:
    """Raise the error for a cursor that cannot be used."""
    raise InvalidInput("BAD_CURSOR", message, remedy="Send a cursor exactly as the API gave it, with the same orderBy.")


def _same(value: Any) -> Any:
    """A value in the one form it has, whichever database wrote it."""
    if isinstance(value, bool):
        return int(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
