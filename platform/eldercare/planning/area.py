"""The divisions whose people send applications: counties of a city or province, else the territory itself."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, case, func, literal, select
from sqlalchemy.orm import Session

from eldercare.planning.assumption import assumed
from eldercare.registry.division import Division, Level
from eldercare.registry.group import alive, at_least, holds, people_within
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import Person, ResidenceBase
from eldercare.registry.query import View, visible

OTHER = "OTHER"
YOUNGEST = 60


def areas(session: Session, territory: Division, view: View) -> tuple[Division, ...]:
    """The counties of a larger territory in the order of their codes; a county or town stands for itself."""
    if territory.level not in (Level.NATION, Level.PROVINCE, Level.CITY):
        return (territory,)
    inside = Division.path.between(territory.path, territory.path + "~")
    found = select(Division).where(inside, Division.level == Level.COUNTY, *visible(Division, view))
    return tuple(session.scalars(found.order_by(Division.code, Division.id))) or (territory,)


def area_of(path: str, known: Sequence[Division]) -> Division:
    """The area a path of divisions lies in; the first one for a facility that stands above all of them."""
    return next((each for each in known if path == each.path or path.startswith(each.path + "/")), known[0])


def group_shares(session: Session, territory: Division, view: View, people: int) -> dict[str, float]:
    """Which share of the people aged 60 and over belongs to each group that applies more often; the rest is OTHER.

    Everybody counts once, in the first group that fits. Groups are counted from the registry's determinations, the
    whole from the population the study starts from.
    """
    groups = [GroupCategory[name] for name in assumed("groups")]
    first = case(*((holds(each, Person, view), literal(each.name)) for each in groups), else_=literal(OTHER))
    counted: Select[Any] = (
        select(first, func.count())
        .where(Person.id.in_(people_within(territory.id, view, base=ResidenceBase.RESIDENT)))
        .where(at_least(Person, YOUNGEST, view), alive(Person, view))
        .group_by(first)
    )
    found = Counter({row[0]: row[1] for row in session.execute(counted)})
    shares = {each.name: min(1.0, found[each.name] / people) for each in groups}
    rest = 1.0 - sum(shares.values())
    return {**shares, OTHER: rest} if rest >= 0 else {OTHER: 1.0}
