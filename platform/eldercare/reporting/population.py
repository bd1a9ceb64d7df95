"""How many people of an age a territory had by its newest published population statistic; numbers of one count only."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, or_, select
from sqlalchemy.orm import aliased

from eldercare.registry.person import ResidenceBase
from eldercare.registry.query import visible
from eldercare.registry.statistic import PopulationStatistic
from eldercare.reporting.place import Part, Place

Band = tuple[int, int | None]
"""Youngest age and first age above; open-ended with None."""
EVERYBODY: Band = (0, None)


def population(band: Band, *, beside: Band | None = None) -> Part:
    """The people of a band by the newest count that has it, and the band it is compared with, for the same base."""

    def part(place: Place) -> ColumnElement[int]:
        count = _newest(place, [band] if beside is None else [band, beside])
        row = aliased(PopulationStatistic)
        same = [row.division_id == place.territory, row.counted_on == count.c.counted_on, _same_base(row, count.c.base)]
        people = cast(_people(row, band), Integer)
        return (
            select(people).select_from(count).join(row, and_(*same)).where(*visible(row, place.view)).scalar_subquery()
        )

    return part


def _newest(place: Place, bands: list[Band]) -> Any:
    """Day and base of the newest count that has all these bands; residents go before the registered."""
    row = aliased(PopulationStatistic)
    rank = case((row.base == ResidenceBase.RESIDENT, 0), (row.base == ResidenceBase.HUKOU, 1), else_=2)
    found = select(row.counted_on, row.base).where(
        row.division_id == place.territory, row.counted_on <= place.view.as_of, *visible(row, place.view)
    )
    known = [func.max(case((_in(row, band), 1), else_=0)) == 1 for band in bands]
    return (
        found.group_by(row.counted_on, row.base, rank)
        .having(*known)
        .order_by(row.counted_on.desc(), rank)
        .limit(1)
        .subquery()
    )


def _people(row: Any, band: Band) -> ColumnElement[Any]:
    """The one row of exactly this band and both sexes; else the sum of finer rows of one kind, by sex or of both."""
    exact = case((and_(_whole(row, band), row.sex.is_(None)), row.people))
    by_sex = case((and_(_in(row, band), row.sex.is_not(None)), row.people))
    of_both = case((and_(_in(row, band), row.sex.is_(None)), row.people))
    return func.coalesce(func.max(exact), func.sum(by_sex), func.sum(of_both))


def _whole(row: Any, band: Band) -> ColumnElement[bool]:
    low, high = band
    return and_(row.age_from == low, row.age_to.is_(None) if high is None else row.age_to == high)


def _in(row: Any, band: Band) -> ColumnElement[bool]:
    low, high = band
    if band == EVERYBODY:
        return _whole(row, band)
    return row.age_from >= low if high is None else and_(row.age_from >= low, row.age_to <= high)


def _same_base(row: Any, base: Any) -> ColumnElement[bool]:
    return or_(row.base == base, and_(row.base.is_(None), base.is_(None)))
