"""How many older people a study starts from."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Date, delete, literal, update
from sqlalchemy.orm import Session

from eldercare.kit.errors import NotFound
from eldercare.planning.area import areas, group_shares
from eldercare.planning.outcome import Taken
from eldercare.planning.population import Band, population
from eldercare.planning.snapshot import find_territory
from eldercare.registry.division import Division, Level
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import Residence, ResidenceBase, Sex
from eldercare.registry.query import View
from eldercare.registry.statistic import PopulationStatistic

DAY = date(2020, 5, 19)


def bands_of(session: Session) -> tuple[tuple[Band, ...], Taken]:
    """The county's people by age and sex, and where they come from."""
    county = find_territory(session, "990101", DAY)
    found, taken = population(session, county, (county,), View(as_of=literal(DAY, Date)), DAY)
    return found["990101000000"], taken


def counted(session: Session) -> tuple[int, str]:
    """People of the county and what the study says about where they come from."""
    bands, taken = bands_of(session)
    return sum(band.people for band in bands), taken.source.en


def test_a_census_counts_where_the_registry_holds_only_some_people(session: Session, county: Any) -> None:
    people, source = counted(session)
    assert people == 2 * 6 * 900
    assert source == "published count of residents of 2020-11-01 (records hold 40 of them)"


def test_records_count_where_they_are_complete(session: Session, county: Any) -> None:
    session.execute(delete(PopulationStatistic))
    county.statistic(date(2020, 11, 1), 3)
    assert counted(session) == (40, "the registry's records of people")


def test_records_count_where_nothing_is_published(session: Session, county: Any) -> None:
    session.execute(delete(PopulationStatistic))
    assert counted(session)[0] == 40


def test_records_fall_into_five_years_of_age_by_sex(session: Session, county: Any) -> None:
    session.execute(delete(PopulationStatistic))
    county.person(60, None, Sex.MALE)
    county.person(59, None, Sex.MALE)
    county.person(103, None, Sex.MALE)
    bands, _ = bands_of(session)
    assert [band for band in bands if band.sex == Sex.MALE] == [Band(Sex.MALE, 60, 65, 1), Band(Sex.MALE, 100, None, 1)]


def test_the_nearest_count_wins_and_residents_before_registered_people(session: Session, county: Any) -> None:
    county.statistic(date(2010, 11, 1), 500)
    county.statistic(date(2020, 5, 19), 100, ResidenceBase.HUKOU)
    assert counted(session)[0] == 2 * 6 * 900


def test_a_total_beside_its_bands_is_not_counted_twice(session: Session, county: Any) -> None:
    county.add(
        PopulationStatistic(
            division_id=county.division,
            counted_on=date(2020, 11, 1),
            base=ResidenceBase.RESIDENT,
            age_from=60,
            age_to=None,
            sex=Sex.MALE,
            people=5400,
            source_id=county.source,
        )
    )
    assert counted(session)[0] == 2 * 6 * 900


def test_without_people_or_count_the_remedy_is_told(session: Session, county: Any) -> None:
    session.execute(delete(PopulationStatistic))
    session.execute(update(Residence).values(valid_to=date(2020, 1, 1)))
    with pytest.raises(NotFound, match="Test county") as caught:
        counted(session)
    assert caught.value.code == "POPULATION_UNKNOWN"


def test_a_city_is_counted_county_by_county(session: Session, county: Any) -> None:
    city = county.place("990100000000", Level.CITY, "Test city", "9901")
    session.get_one(Division, county.division).path = "9901/990101"
    session.flush()
    view = View(as_of=literal(DAY, Date))
    homes = areas(session, session.get_one(Division, city), view)
    found, _ = population(session, session.get_one(Division, city), homes, view, DAY)
    assert {code: sum(band.people for band in bands) for code, bands in found.items()} == {"990101000000": 10_800}


def test_groups_are_shares_of_the_population_and_nobody_counts_twice(session: Session, county: Any) -> None:
    for category in (GroupCategory.DIBAO, GroupCategory.EXTREMELY_POOR):
        county.member(1, category)
    shares = group_shares(session, session.get_one(Division, county.division), View(as_of=literal(DAY, Date)), 1000)
    assert shares["EXTREMELY_POOR"] == 0.001
    assert shares["DIBAO"] == 0.0
    assert shares["OTHER"] == 0.999
