"""Which client used which field of the API, and when last: what tells whether a deprecated field may go."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Date, String, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session

from eldercare.kit.db import Base
from eldercare.registry.entity import column

ROWS = 500
"""Rows of one statement."""


class FieldUsage(Base):
    """How often a client used a field, by the names clients give themselves; no values, and nobody who asked."""

    __tablename__ = "field_usage"
    __zh__ = "接口字段使用情况"

    client: Mapped[str] = column(String(80), primary_key=True, en="What the client calls itself.", zh="客户端")
    coordinate: Mapped[str] = column(String(200), primary_key=True, en="The field, as Type.field.", zh="字段")
    requests: Mapped[int] = column(BigInteger, en="Requests that named it.", zh="请求次数")
    first_on: Mapped[date] = column(Date, en="The first day.", zh="首次使用")
    last_on: Mapped[date] = column(Date, en="The last day.", zh="最近使用")


def add(session: Session, counts: Mapping[tuple[str, str], int], day: date) -> None:
    """Add counts of a day to what is known; several processes may do so at the same time."""
    rows = [
        {"client": client, "coordinate": coordinate[:200], "requests": times, "first_on": day, "last_on": day}
        for (client, coordinate), times in sorted(counts.items())
    ]
    dialect: Any = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    for start in range(0, len(rows), ROWS):
        given = dialect.insert(FieldUsage).values(rows[start : start + ROWS])
        new = given.excluded
        larger = func.max if dialect is sqlite else func.greatest
        latest = larger(FieldUsage.last_on, new.last_on)
        session.execute(
            given.on_conflict_do_update(
                index_elements=["client", "coordinate"],
                set_={"requests": FieldUsage.requests + new.requests, "last_on": latest},
            )
        )


def read(
    session: Session, *, coordinates: Sequence[str] | None = None, client: str | None = None
) -> Sequence[FieldUsage]:
    """What is known, the fields in the order of their names; of some fields, or of one client."""
    query = select(FieldUsage).order_by(FieldUsage.coordinate, FieldUsage.client)
    if coordinates is not None:
        query = query.where(FieldUsage.coordinate.in_(list(coordinates)))
    if client is not None:
        query = query.where(FieldUsage.client == client)
    return session.scalars(query).all()
