"""Rows of returns: what is counted spread over the divisions below, so that the rows add up to the whole."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, String, and_, case, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from eldercare.kit.term import Term
from eldercare.registry.division import Division, within
from eldercare.registry.group import alive
from eldercare.registry.query import View, in_force, visible
from eldercare.reporting.form import CellKind, Column, Frame
from eldercare.reporting.work import home

DIVISION = Column("division", "Division", "区划", CellKind.TEXT)
CODE = Column("division_code", "Code", "区划代码", CellKind.TEXT)


def line_of(division: Any, frame: Frame) -> ColumnElement[int]:
    """The row a division belongs to: the division directly below the return's own that it lies in, else the return's own."""
    below: Any = aliased(Division)
    there: Any = aliased(Division)
    found = select(below.id).where(below.parent_id == frame.division, *in_force(below, frame.view))
    found = found.where(there.id == division, there.path.between(below.path, below.path + "~")).limit(1)
    return func.coalesce(found.correlate_except(below, there).scalar_subquery(), frame.division)


def lines(frame: Frame, *units: Select[Any], names: Sequence[str]) -> Select[Any]:
    """A row for each division below, and one for the return's own where something is counted there directly.

    Each select of `units` has the columns `line` and any of the names, which are added up; where nothing is counted that is zero, and where
    a number is not stated the sum is unknown.
    """
    grouped = [_grouped(each).subquery() for each in units]
    division: Any = aliased(Division)
    below = and_(division.parent_id == frame.division, *in_force(division, frame.view))
    counted = or_(*(division.id.in_(select(each.c.line)) for each in grouped)) if grouped else below
    columns: list[Any] = [
        literal("Division_", String).concat(cast(division.id, String)).label("row_key"),
        division.name.label("division"),
        division.code.label("division_code"),
    ]
    for name in names:
        parts = [case((each.c.line.is_(None), 0), else_=each.c[name]) for each in grouped if name in each.c]
        columns.append(cast(sum(parts[1:], parts[0]) if parts else literal(0), BigInteger).label(name))
    chosen: Select[Any] = select(*columns).select_from(division)
    for each in grouped:
        chosen = chosen.outerjoin(each, each.c.line == division.id)
    return chosen.where(or_(below, counted)).order_by(division.id == frame.division, division.code, division.id)


def _grouped(units: Select[Any]) -> Select[Any]:
    rows = units.subquery()
    sums = [known_sum(column).label(column.name) for column in rows.c if column.name != "line"]
    return select(rows.c.line, *sums).group_by(rows.c.line)


def known_sum(column: Any) -> ColumnElement[int]:
    """The sum where every row states its number; unknown where one does not."""
    return cast(case((func.count(column) == func.count(), func.sum(column))), BigInteger)


def flag(condition: Any) -> ColumnElement[int]:
    """One where something holds, else nothing."""
    return case((condition, 1), else_=0)


def at_home(frame: Frame, view: View, *columns: Any, person: Any) -> Select[Any]:
    """A select over people alive who live in the return's territory, with the row each belongs to and the columns given."""
    place = home(person.id, view)
    found: Select[Any] = select(line_of(place, frame).label("line"), person.id.label("person_id"), *columns)
    return found.where(alive(person, view), *visible(person, view), within(place, frame.division))


def in_words(column: Any, kind: type[Term]) -> ColumnElement[str]:
    """The Chinese word of a term."""
    return case(*((column == each, literal(each.zh, String)) for each in kind), else_=cast(column, String))


def names_of(columns: Iterable[Column]) -> list[str]:
    """The names of the columns that are counted."""
    return [column.name for column in columns if column.kind is not CellKind.TEXT and column.kind is not CellKind.RATE]
