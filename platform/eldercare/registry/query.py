"""Which rows a viewer sees at a date: the only predicates through which rows are read."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, inspect, or_

from eldercare.registry.entity import Entity


@dataclass(frozen=True)
class View:
    """Who looks, and at which business date; `as_of` is an SQL expression so that one statement serves every date."""

    as_of: ColumnElement[date]
    history: bool = False
    viewer: Mapping[str, Any] = field(default_factory=dict)

    def at_date(self) -> "View":
        """The same view of its one date, for states and sums that make no sense over a whole history."""
        return replace(self, history=False)


def in_force(entity: Any, view: View) -> list[ColumnElement[bool]]:
    """The rows of a dated entity (or its alias) that hold at the view's date; all of them when history is asked for."""
    validity = entity_class(entity).__validity__
    if validity is None or view.history:
        return []
    start = getattr(entity, validity.start)
    begun = start <= view.as_of
    found = [or_(start.is_(None), begun) if nullable(entity, validity.start) else begun]
    if validity.end:
        end = getattr(entity, validity.end)
        found.append(or_(end.is_(None), end > view.as_of))
    return found


def visible(entity: Any, view: View) -> list[ColumnElement[bool]]:
    """Everything that decides whether this viewer sees a row of this entity at this date."""
    return in_force(entity, view)


def entity_class(entity: Any) -> type[Entity]:
    """The mapped class of a class or of an alias of it."""
    found: type[Entity] = inspect(entity).mapper.class_
    return found


def nullable(entity: Any, name: str) -> bool:
    """Whether a column may be empty."""
    return bool(entity_class(entity).__table__.c[name].nullable)
