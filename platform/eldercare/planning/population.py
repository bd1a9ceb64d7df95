"""How many older people a territory has by age and sex: from the records where they are complete, else from published counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from eldercare.kit.errors import NotFound
from eldercare.planning.assumption import assumed
from eldercare.planning.outcome import Taken, Text
from eldercare.registry.division import Division, within
from eldercare.registry.group import alive
from eldercare.registry.person import Person, Residence, ResidenceBase, Sex
from eldercare.registry.query import View, visible
from eldercare.registry.statistic import PopulationStatistic

OLDEST_CELL = 100
YOUNGEST = 60


@dataclass(frozen=True, slots=True)
class Band:
    """People of one sex (None: both) in a band of ages [age_from, age_to); the last band is open."""

    sex: Sex | None
    age_from: int
    age_to: int | None
    people: int


def population(
    session: Session, territory: Division, homes: Sequence[Division], view: View, as_of: date
) -> tuple[dict[str, tuple[Band, ...]], Taken]:
    """The people aged 60 and over of each area by its code, and where they were taken from.

    Records are taken when they reach the share `complete_from` of the published count, or when nothing is published.
    """
    recorded = {each.code: _recorded(session, each, view, as_of) for each in homes}
    published = {each.code: _published(session, each, as_of) for each in homes}
    ours, theirs = total(recorded.values()), total(bands for bands, *_ in published.values())
    if ours and ours >= assumed("complete_from") * theirs:
        return recorded, _taken(ours, "the registry's records of people", "登记册人员记录")
    if not theirs:
        raise NotFound(
            "POPULATION_UNKNOWN",
            f"The registry knows neither people nor a count of people aged {YOUNGEST} and over in {territory.name}.",
            remedy="Import a population statistic by age for the territory, or its people.",
            path=("territory",),
        )
    source = _sources(sorted({(str(day), base) for _, day, base in published.values() if day}, key=str))
    return {code: bands for code, (bands, *_) in published.items()}, _taken(
        theirs,
        f"published count of {source.en} (records hold {ours:,} of them)",
        f"{source.zh}人口统计（登记册有其中{ours:,}人）",
    )


def total(areas: Iterable[Iterable[Band]]) -> int:
    """All people of some areas."""
    return sum(band.people for bands in areas for band in bands)


def _sources(counts: Sequence[tuple[str, ResidenceBase | None]]) -> Text:
    """The days and kinds of the counts that were taken."""
    en = {None: "people", ResidenceBase.RESIDENT: "residents", ResidenceBase.HUKOU: "registered people"}
    return Text(
        en=", ".join(f"{en[base]} of {day}" for day, base in counts),
        zh="、".join(f"{day}{base.zh if base else ''}" for day, base in counts),
    )


def _taken(people: int, en: str, zh: str) -> Taken:
    return Taken(
        what=Text(en=f"People aged {YOUNGEST} and over", zh=f"{YOUNGEST}岁及以上老年人"),
        value=f"{people:,}",
        source=Text(en=en, zh=zh),
    )


def _recorded(session: Session, territory: Division, view: View, as_of: date) -> tuple[Band, ...]:
    """People alive at the date who live in the territory, by sex and five years of age: one statement, no row a person."""
    cases = [
        func.count().filter(and_(Person.birth_date > _back(as_of, upper), Person.birth_date <= _back(as_of, lower)))
        for lower, upper in _bands()
    ]
    division: Any = Residence.division_id
    rows = session.execute(
        select(Person.sex, *cases)
        .join(Residence, Residence.person_id == Person.id)
        .where(Residence.base == ResidenceBase.RESIDENT, within(division, territory.id), *visible(Residence, view))
        .where(Person.birth_date <= _back(as_of, YOUNGEST), alive(Person, view))
        .group_by(Person.sex)
        .order_by(Person.sex)
    )
    return tuple(
        Band(sex, lower, upper if upper <= OLDEST_CELL else None, people)
        for sex, *counts in rows
        for (lower, upper), people in zip(_bands(), counts, strict=True)
        if people
    )


def _bands() -> list[tuple[int, int]]:
    """Five years each, and one for everybody aged 100 and over."""
    return [(age, age + 5) for age in range(YOUNGEST, OLDEST_CELL, 5)] + [(OLDEST_CELL, 130)]


def _back(day: date, years: int) -> date:
    """The same day some years before; 28 February for a leap day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _published(
    session: Session, territory: Division, as_of: date
) -> tuple[tuple[Band, ...], date | None, ResidenceBase | None]:
    """The count nearest to the date with the finest bands, of residents rather than of registered people."""
    statistic = aliased(PopulationStatistic)
    rows = session.execute(
        select(
            statistic.counted_on, statistic.base, statistic.sex, statistic.age_from, statistic.age_to, statistic.people
        )
        .where(statistic.division_id == territory.id, statistic.age_from >= YOUNGEST)
        .order_by(statistic.counted_on, statistic.sex, statistic.age_from)
    ).all()
    series: dict[tuple[date, ResidenceBase | None], list[Band]] = {}
    for counted_on, base, sex, age_from, age_to, people in rows:
        series.setdefault((counted_on, base), []).append(Band(sex, age_from, age_to, people))
    if not series:
        return (), None, None
    best = min(
        series,
        key=lambda key: (len(series[key]) < 2, key[1] != ResidenceBase.RESIDENT, abs((key[0] - as_of).days), key[0]),
    )
    return tuple(_disjoint(series[best])), *best


def _disjoint(bands: list[Band]) -> list[Band]:
    """Bands by sex where there are some, and none that repeats what finer ones say."""
    by_sex = [band for band in bands if band.sex in (Sex.MALE, Sex.FEMALE)]
    chosen = by_sex or [band for band in bands if band.sex is None]
    return [band for band in chosen if not any(_inside(other, band) for other in chosen)]


def _inside(fine: Band, coarse: Band) -> bool:
    """Whether a band is a proper part of another of the same sex."""
    end, limit = (130 if band.age_to is None else band.age_to for band in (fine, coarse))
    return (
        fine is not coarse
        and fine.sex == coarse.sex
        and coarse.age_from <= fine.age_from
        and end <= limit
        and (fine.age_from, end) != (coarse.age_from, limit)
    )
