"""From values as they are sent in to values as a column holds them, and to values as the log shows them."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import Enum as PythonEnum
from functools import cache
from typing import Any

from sqlalchemy import JSON, Boolean, Date, DateTime, Enum, Float, Integer, LargeBinary, Numeric, String

from eldercare.kit.errors import InvalidInput, Unavailable
from eldercare.registry.draft import called
from eldercare.registry.entity import Record
from eldercare.registry.money import MOST, Fen
from eldercare.security.cipher import KeyRing

Reader = Callable[[Any], Any]
PROTECTED = "(protected)"
UNCHANGING = ("id", "version", "recorded_at")
"""Columns that no change names: the registry sets them itself."""


def writable(noun: type[Record]) -> tuple[str, ...]:
    """The columns that can be sent in: all but the key, the source, those set by commands and those computed."""
    return tuple(name for name in _read(noun) if not noun.__table__.c[name].info.get("commanded"))


def read_values(noun: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as the columns hold them, secrets still readable; what does not fit is `InvalidInput` naming the column."""
    readers = _readers(noun)
    found = {}
    for name, value in values.items():
        reader = readers.get(name)
        if reader is None:
            raise InvalidInput(
                "COLUMN_UNKNOWN",
                f"A {called(noun)} has no {name} that can be written.",
                remedy=f"It has {', '.join(sorted(readers))}.",
                path=(name,),
            )
        try:
            found[name] = value if value is None else reader(value)
        except (ValueError, TypeError, KeyError, InvalidOperation) as wrong:
            raise InvalidInput(
                "VALUE", f"{name}: {_reason(wrong, value)}", remedy="Send a value of its type.", path=(name,)
            ) from None
    return found


def require(noun: type[Record], values: Mapping[str, Any]) -> None:
    """Refuse a record that lacks a value the registry cannot do without."""
    for name, zh in _needed(noun):
        if values.get(name) is None:
            raise InvalidInput("REQUIRED", f"A {called(noun)} needs {name} ({zh}).", remedy="Send it.", path=(name,))


def shown(noun: type[Record], values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as the log keeps them: JSON, with secrets left out."""
    columns = noun.__table__.c
    return {
        name: PROTECTED if columns[name].info.get("secret") and value is not None else _plain_json(value)
        for name, value in values.items()
    }


def read_text(value: str | None, longest: int, *path: str) -> str | None:
    """A short text that is no column, such as a reason; `InvalidInput` when it is empty or too long."""
    try:
        return None if value is None else str(_text(longest, str)(value))
    except (ValueError, TypeError) as wrong:
        raise InvalidInput(
            "VALUE", f"{path[-1]} {wrong}.", remedy="Send a short text, or nothing.", path=path
        ) from None


def sealed(noun: type[Record], values: Mapping[str, Any], keys: KeyRing | None) -> dict[str, Any]:
    """The values with every readable secret encrypted; without keys that is `Unavailable` (KEY_MISSING)."""
    return {
        name: _encrypt(noun, name, value, keys) if isinstance(value, Plain) else value for name, value in values.items()
    }


def ring(keys: KeyRing | None) -> KeyRing:
    """The keys, or `Unavailable` (KEY_MISSING) when the registry runs without them."""
    if keys is None:
        raise Unavailable(
            "KEY_MISSING",
            "This value must be encrypted and no keys were given.",
            remedy="Name the key file in ELDERCARE_KEY_FILE.",
        )
    return keys


def stored(value: Any) -> Any:
    """A value as PostgreSQL's COPY takes it."""
    return value.value if isinstance(value, PythonEnum) else value


def held(value: Any) -> Any:
    """A value as a row holds it, the same from both databases: SQLite gives instants, which are UTC, without an offset."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


class Plain(str):
    """The readable text of a secret, on its way to being encrypted."""

    __slots__ = ()


@cache
def defaults(noun: type[Record]) -> dict[str, Any]:
    """What a new record holds where nothing is sent: the columns' defaults, else nothing. Copy it before changing it."""
    found: dict[str, Any] = {}
    for name, each in noun.__table__.c.items():
        default: Any = getattr(each, "default", None)
        if name not in UNCHANGING:
            found[name] = default.arg if default is not None and default.is_scalar else None
    return found


@cache
def _needed(noun: type[Record]) -> tuple[tuple[str, str], ...]:
    columns = noun.__table__.c.items()
    return tuple((name, found.info["zh"]) for name, found in columns if name not in UNCHANGING and not found.nullable)


@cache
def _readers(noun: type[Record]) -> dict[str, Reader]:
    return {name: _reader(noun.__table__.c[name]) for name in (*_read(noun), *_source_column(noun))}


def _read(noun: type[Record]) -> Iterable[str]:
    columns = noun.__table__.c.items()
    return (name for name, each in columns if name not in ("id", "source_id") and not each.info.get("derived"))


def _source_column(noun: type[Record]) -> tuple[str, ...]:
    return ("source_id",) if "source_id" in noun.__table__.c else ()


def _reader(found: Any) -> Reader:
    kind = found.type
    if isinstance(kind, Enum):
        terms: Any = kind.enum_class
        return lambda value: value if isinstance(value, terms) else terms[value]
    if isinstance(kind, LargeBinary):
        return _text(200, Plain)
    if isinstance(kind, String):
        return _text(kind.length, str)
    if isinstance(kind, Numeric) and not isinstance(kind, Float):
        return _exact(kind.precision or 20, kind.scale or 0)
    for column_type, reader in _BY_TYPE:
        if isinstance(kind, column_type):
            return reader
    raise TypeError(f"No way to read a value of {found}.")


def _text(longest: int | None, make: type[str]) -> Reader:
    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError("must be text")
        text = value.strip()
        if not text or "\x00" in text:
            raise ValueError("must not be empty")
        if longest is not None and len(text) > longest:
            raise ValueError(f"must have at most {longest} characters")
        return make(text)

    return read


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("must be a whole number")
    if not -(2**31) <= value < 2**31:
        raise ValueError("is too large")
    return value


def _fen(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("must be a whole number of fen")
    if not -MOST <= value <= MOST:
        raise ValueError("is too large")
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("must be true or false")
    return value


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return date.fromisoformat(value)


def _instant(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("must carry its offset")
    return moment.astimezone(UTC)


def _decimal(value: Any) -> Decimal:
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError("must be a finite number")
    return number


def _exact(precision: int, scale: int) -> Reader:
    """Rounds half up to the column's decimals: what is compared later is what is stored, on both databases."""

    def read(value: Any) -> Decimal:
        number = _decimal(value)
        if abs(number) >= Decimal(10) ** (precision - scale):
            raise ValueError("is too large")
        return number.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)

    return read


def _float(value: Any) -> float:
    return float(_decimal(value))


_BY_TYPE: tuple[tuple[Any, Reader], ...] = (
    (Boolean, _boolean),
    (Fen, _fen),
    (Integer, _whole),
    (DateTime, _instant),
    (Date, _day),
    (Float, _float),
    (JSON, lambda value: value),
)


def _reason(wrong: Exception, value: Any) -> str:
    if isinstance(wrong, KeyError):
        return f"there is no term {value!r} in its vocabulary."
    text = str(wrong)
    return f"{text}." if text.startswith(("must", "is ")) else "this value does not fit its type."


def _encrypt(noun: type[Record], name: str, text: str, keys: KeyRing | None) -> bytes:
    return ring(keys).encrypt(f"{noun.__tablename__}.{name}", text)


def _plain_json(value: Any) -> Any:
    if isinstance(value, PythonEnum):
        return value.value
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
