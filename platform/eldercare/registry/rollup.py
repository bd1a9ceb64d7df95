"""People counted by where they are at home: each once, so that the villages of a town and those without one add up to it."""

from itertools import pairwise
from typing import Any

from sqlalchemy import ColumnElement, Float, Numeric, and_, case, cast, func, literal_column, null, select
from sqlalchemy.orm import aliased

from eldercare.kit.db import Key
from eldercare.registry.division import Division, Level
from eldercare.registry.group import alive, homes
from eldercare.registry.person import Person, ResidenceBase
from eldercare.registry.query import View, in_force, visible
from eldercare.registry.summary import rate

LEVELS = list(Level)
DIGITS = 6
"""Of the shares that are shown."""


def at_home(
    view: View,
    *conditions: Any,
    territory_id: Any = None,
    base: ResidenceBase | None = None,
    level: Level | None = None,
    **flags: Any,
) -> Any:
    """The living of a territory as `id` and `division`, with flags about each; conditions and flags are made of the person.

    People whose home is unknown are of no territory; without one they are there, with an empty division.
    """
    person = aliased(Person)
    chosen = select(person.id.label("id")).where(alive(person, view), *visible(person, view.at_date()))
    chosen = chosen.where(*(condition(person) for condition in conditions))
    if territory_id is not None:
        home = homes(view, territory_id=territory_id, base=base).subquery()
        chosen = chosen.join(home, home.c.person == person.id).add_columns(home.c.division)
    elif level is not None:
        home = homes(view, base=base).subquery()
        chosen = chosen.outerjoin(home, home.c.person == person.id).add_columns(home.c.division)
    else:
        chosen = chosen.add_columns(cast(null(), Key).label("division"))
    return chosen.add_columns(*(flag(person).label(name) for name, flag in flags.items()))


def standing(level: Level, view: View) -> Any:
    """Every division's key with its division of a level in force at the date (`place`), else the lowest known one above (`under`)."""
    chain = [aliased(Division) for _ in LEVELS]
    higher = LEVELS[: LEVELS.index(level)]

    def of(wanted: Level) -> ColumnElement[Any]:
        return case(*[(and_(each.level == wanted, *in_force(each, view.at_date())), each.id) for each in chain])

    place = of(level)
    above = func.coalesce(*(of(each) for each in reversed(higher)), null()) if higher else null()
    under = case((place.is_(None), above))
    found = select(chain[0].id.label("id"), place.label("place"), cast(under, Key).label("under"))
    found = found.select_from(chain[0])
    for below, upper in pairwise(chain):
        found = found.outerjoin(upper, upper.id == below.parent_id)
    return found


def placed(people: Any, level: Level | None, view: View) -> tuple[Any, list[Any]]:
    """People joined to the divisions of a level, with the columns `division` and `under` to group by; none without a level."""
    if level is None:
        return people, []
    found = standing(level, view).subquery()
    joined = people.outerjoin(found, found.c.id == people.c.division)
    return joined, [found.c.place, found.c.under]


def counted(
    people: Any, level: Level | None, view: View, measures: dict[str, Any], leading: tuple[Any, ...] = ()
) -> Any:
    """Measures of people, in one row or one for each division of a level and each division whose rest is unknown."""
    joined, places = placed(people, level, view)
    shown = places or [cast(null(), Key), cast(null(), Key)]
    named = [column.label(name) for column, name in zip(shown, ("division", "under"), strict=True)]
    sums = [measure.label(name) for name, measure in measures.items()]
    found = select(*leading, *named, *sums).select_from(joined)
    grouped = [*leading, *places]
    return found.group_by(*grouped) if grouped else found


def one_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """1 where a condition holds, else 0."""
    return case((condition, 1), else_=0)


def how_many(flag: ColumnElement[int]) -> ColumnElement[int]:
    """How many rows have a flag; 0 of none."""
    return func.coalesce(func.sum(flag), 0)


def share(part: ColumnElement[Any], whole: ColumnElement[Any]) -> ColumnElement[Any]:
    """A share of summed counts to six digits; empty when there is nobody."""
    exact = cast(rate(part, whole), Numeric(20, 12))
    return cast(func.round(exact, literal_column(str(DIGITS))), Float(53))
