"""Which rows a viewer sees at a date: the only predicates through which rows are read."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, inspect, or_

from eldercare.registry.entity import Entity
from eldercare.registry.scope import seen
from eldercare.registry.viewer import Viewer


@dataclass(frozen=True)
class View:
    """Who looks, and at which business date; `as_of` is an SQL expression so that one statement serves every date.

    Without a viewer everything is seen: the registry's own sums and rules. `today` is the day of the request, where it may
    differ from `as_of`. `counting` is for sums, in which nobody is shown.
    """

    as_of: ColumnElement[date]
    history: bool = False
    viewer: Viewer | None = None
    today: ColumnElement[date] | None = None
    counting: bool = False

    def at_date(self) -> "View":
        """The same view of its one date, for states and sums that make no sense over a whole history."""
        return replace(self, history=False)

    def over_all(self) -> "View":
        """The same view with nobody's eyes: for what is computed of a row that is seen, and for public facts."""
        return self if self.viewer is None else replace(self, viewer=None)

    def rows(self) -> "View":
        """The same view of rows that are shown, not counted."""
        return replace(self, counting=False) if self.counting else self


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


def visible(entity: Any, view: View, *, lead: bool = False) -> list[ColumnElement[bool]]:
    """Everything that decides whether this viewer sees a row of this entity at this date.

    `lead` is for lists and sums that range over all rows: the statement begins with the viewer's own people.
    """
    if view.viewer is None:
        return in_force(entity, view)
    scope = seen(entity, view.viewer, scope_days(entity, view), counting=view.counting, lead=lead or view.counting)
    return [*in_force(entity, view), *scope]


def scope_days(entity: Any, view: View) -> tuple[ColumnElement[date], ...]:
    """The days on which a row's person must be the viewer's: that of the view, and also today where the row holds beyond it.

    A row in force at the view's date is one of that date. A history, or a record without dates, tells of other days too.
    """
    bound = entity_class(entity).__validity__ is not None and not view.history
    if view.counting or bound or view.today is None or view.today is view.as_of:
        return (view.as_of,)
    return (view.as_of, view.today)


def entity_class(entity: Any) -> type[Entity]:
    """The mapped class of a class or of an alias of it."""
    found: type[Entity] = inspect(entity).mapper.class_
    return found


def nullable(entity: Any, name: str) -> bool:
    """Whether a column may be empty."""
    return bool(entity_class(entity).__table__.c[name].nullable)
