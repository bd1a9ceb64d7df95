"""Encrypted values in answers: a statement marks them, and what it answered is opened with the keys before it leaves."""

import re
import secrets
from typing import Any

import orjson
import structlog
from sqlalchemy import ColumnElement, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from eldercare.api.compiler.cursor import seal_written
from eldercare.api.compiler.sql import word
from eldercare.kit.errors import EldercareError
from eldercare.security.cipher import KeyRing
from eldercare.security.policy import policy

MARK = f"sealed:{secrets.token_hex(12)}"
"""Known to this process alone: no text that somebody wrote into the registry can be taken for a mark."""
SEALED = re.compile(rb'"' + MARK.encode() + rb':([cmr]):([a-z_]+\.[a-z_]+):([0-9a-f]+)"')
log = structlog.get_logger(__name__)


class hexadecimal(FunctionElement[Any]):
    """Bytes as hexadecimal text in small letters."""

    type = Text()
    inherit_cache = True


@compiles(hexadecimal, "postgresql")
def _hex_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"encode({compiler.process(element.clauses, **kw)}, 'hex')"


@compiles(hexadecimal, "sqlite")
def _hex_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    # The hexadecimal of nothing would be an empty text, not nothing.
    value = compiler.process(element.clauses, **kw)
    return f"(CASE WHEN {value} IS NOT NULL THEN lower(hex({value})) END)"


def seal(place: str, ciphertext: ColumnElement[Any]) -> ColumnElement[Any]:
    """The mark of a ciphertext that is to be shown opened; `place` is the field it belongs to, such as person.phone."""
    return word(f"{MARK}:c:{place}:").concat(hexadecimal(ciphertext))


def masked_seal(place: str, ciphertext: ColumnElement[Any]) -> ColumnElement[Any]:
    """The mark of a ciphertext of which only the usual part is to be shown."""
    return word(f"{MARK}:m:{place}:").concat(hexadecimal(ciphertext))


def cursor_seal(written: ColumnElement[Any]) -> ColumnElement[Any]:
    """The mark of a cursor that is to be sealed: it tells something of a person, and comes to stand in addresses."""
    return word(f"{MARK}:r:cursor.row:").concat(written)


def opened(data: bytes, keys: KeyRing | None) -> bytes:
    """An answer with its sealed values opened, and its cursors sealed; what cannot be opened is empty, and the log says so."""
    if MARK.encode() not in data:
        return data
    return SEALED.sub(lambda found: orjson.dumps(_open(found, keys)), data)


def opened_text(value: str | None, keys: KeyRing | None) -> str | None:
    """A single sealed value, opened."""
    return None if value is None else orjson.loads(opened(orjson.dumps(value), keys))


def _open(found: re.Match[bytes], keys: KeyRing | None) -> str | None:
    mode, place, ciphertext = (part.decode() for part in found.groups())
    if mode == "r":
        return seal_written(bytes.fromhex(ciphertext), keys)
    try:
        if keys is None:
            log.error("an encrypted value was asked for without keys", place=place)
            return None
        text = keys.decrypt(place, bytes.fromhex(ciphertext))
    except EldercareError as error:
        log.error("an encrypted value could not be opened", place=place, code=error.code)
        return None
    return text if mode == "c" else masked_contact(place, text)


def masked_contact(place: str, text: str) -> str:
    """A telephone number with its middle starred; of any other contact nothing is kept.

    >>> masked_contact("person.phone", "13812345678")
    '138****5678'
    """
    head, tail = policy().phone
    if not place.endswith("phone") or len(text) <= head + tail:
        return "***"
    return text[:head] + "*" * (len(text) - head - tail) + text[-tail:]
