"""Keys under which a request was already answered, so that a retry does not do it twice."""

import hashlib
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import JSON, DateTime, LargeBinary, String, delete, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session

from eldercare.kit.db import Base
from eldercare.kit.errors import Conflict
from eldercare.registry.entity import column, now
from eldercare.registry.value import read_text
from eldercare.security.cipher import KeyRing


class IdempotencyKey(Base):
    """A key an author sent with a request, what was asked and what was answered."""

    __tablename__ = "idempotency_key"
    __zh__ = "幂等键"

    author: Mapped[str] = column(String(120), primary_key=True, en="Who asked.", zh="操作人")
    key: Mapped[str] = column(String(120), primary_key=True, en="The key that came with the request.", zh="幂等键")
    fingerprint: Mapped[bytes] = column(LargeBinary(32), en="Digest of what was asked.", zh="请求摘要")
    result: Mapped[Any] = column(JSON, en="What was answered.", zh="结果")
    recorded_at: Mapped[datetime] = column(DateTime(timezone=True), en="When.", zh="记录时间", default=now)


def fingerprint(request: Any, keys: KeyRing | None = None) -> bytes:
    """A digest of a request that does not depend on the order of its fields.

    With keys it is a keyed one: a request may hold an identity number, which a plain digest would let anybody try out.
    """
    text = orjson.dumps(request, option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.sha256(text).digest() if keys is None else keys.digest(text.decode())


def recall(session: Session, author: str, key: str, request: Any, *, keys: KeyRing | None = None) -> Any | None:
    """What was answered under this key before, if anything; another request under the same key is a `Conflict`."""
    read_text(key, 120, "idempotencyKey")
    found = session.get(IdempotencyKey, (author, key))
    if found is None:
        return None
    if found.fingerprint != fingerprint(request, keys):
        raise Conflict(
            "IDEMPOTENCY_KEY_REUSED",
            "This idempotency key was already used for another request.",
            remedy="Use a new key for a new request.",
            path=("idempotencyKey",),
        )
    return found.result


def claim(session: Session, author: str, key: str, request: Any, *, keys: KeyRing | None = None) -> Any | None:
    """Take a key before anything is done, or return what was answered under it.

    Somebody who sends the same request at the same moment waits here until the first has committed, and gets its answer.
    """
    known = recall(session, author, key, request, keys=keys)
    if known is not None:
        return known
    row = {"author": author, "key": key, "fingerprint": fingerprint(request, keys), "result": {}, "recorded_at": now()}
    try:
        with session.begin_nested():
            session.execute(insert(IdempotencyKey).values(**row))
    except IntegrityError:
        return recall(session, author, key, request, keys=keys)
    return None


def settle(session: Session, author: str, key: str, result: Any) -> None:
    """Keep the answer under the key that was claimed, with the changes themselves: all are committed or none."""
    mine = (IdempotencyKey.author == author, IdempotencyKey.key == key)
    session.execute(update(IdempotencyKey).where(*mine).values(result=result))


def forget_before(session: Session, instant: datetime) -> int:
    """Drop keys older than an instant and tell how many: a request sent again after that is a new one."""
    gone: Any = session.execute(delete(IdempotencyKey).where(IdempotencyKey.recorded_at < instant))
    return int(gone.rowcount)
