"""How many older people a study starts from."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from eldercare.kit.errors import NotFound
from eldercare.planning.population import Band, population
from eldercare.planning.snapshot import find_territory
from eldercare.registry.person import ResidenceBase, Sex
from eldercare.registry.statistic import PopulationStatistic

DAY = date(2020, 5, 19)


def counted(session: Session, complete_from: float = 0.9) -> tuple[int, str]:
    """People of the county and what the study says about where they come from."""
    bands, taken = population(session, find_territory(session, "990101", DAY), DAY, complete_from=complete_from)
    return sum(band.people for band in bands), taken.source.en


def test_a_census_counts_where_the_registry_holds_only_some_people(session: Session, county: Any) -> None:
    people, source = counted(session)
    assert people == 2 * 6 * 900
    assert source == "published count of residents of 2020-11-01 (records hold 40 of them)"


def test_records_count_where_they_are_complete(session: Session, county: Any) -> None:
    assert counted(session, complete_from=0.001) == (40, "the registry's records of people")


def test_records_count_where_nothing_is_published(session: Session, county: Any) -> None:
    session.execute(delete(PopulationStatistic))
    assert counted(session)[0] == 40


def test_records_fall_into_five_years_of_age_by_sex(session: Session, county: Any) -> None:
    session.execute(delete(PopulationStatistic))
    county.person(60, None, Sex.MALE)
    county.person(59, None, Sex.MALE)
    county.person(103, None, Sex.MALE)
    bands, _ = population(session, find_territory(session, "990101", DAY), DAY, complete_from=0.9)
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
    with pytest.raises(NotFound) as caught:
        population(
            session,
            find_territory(session, "990101", date(1999, 1, 1).replace(year=2012)),
            date(1900, 1, 1),
            complete_from=0.9,
        )
    assert caught.value.code == "POPULATION_UNKNOWN"
