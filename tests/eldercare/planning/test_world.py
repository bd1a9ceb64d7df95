"""The frozen start of a study: the same registry gives the same bytes, and no name leaves it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

from eldercare.kit.errors import NotFound
from eldercare.planning.world import World, freeze
from eldercare.registry import CapacityPeriod, Stay

DAY = date(2020, 5, 19)


def test_the_start_holds_the_registrys_beds_residents_and_waiting_people(session: Session, county: Any) -> None:
    start = freeze(session, "990101", DAY).world.baseline
    assert {place.bed_type: place.licensed for place in start.places} == {"ORDINARY": 60, "NURSING": 20}
    assert len(start.residents) == 34
    assert [each.waited_days for each in sorted(start.waiting, key=lambda each: each.waited_days)][-1] == 139
    assert start.population is not None
    assert round(start.population.total) == 10_800


def test_the_time_a_resident_has_stayed_counts_from_admission(session: Session, county: Any) -> None:
    longest = max(freeze(session, "990101", DAY).world.baseline.residents, key=lambda each: each.stayed_days)
    assert longest.stayed_days == (DAY - date(2015, 3, 3)).days


def test_both_databases_freeze_to_the_same_digest(
    sqlite_engine: Engine, postgres_engine: Engine, fill_county: Any
) -> None:
    digests = set()
    for engine in (sqlite_engine, postgres_engine):
        with Session(engine) as session, session.begin():
            fill_county(session)
            digests.add(freeze(session, "990101", DAY).world.digest)
    assert len(digests) == 1


def test_a_kept_start_is_read_back_whole(session: Session, county: Any) -> None:
    world = freeze(session, "990101", DAY).world
    assert World.read(world.write()).digest == world.digest


def test_no_name_of_a_person_is_kept(session: Session, county: Any) -> None:
    assert "测试" not in freeze(session, "990101", DAY).world.baseline.to_json().decode()


def test_one_resident_more_is_another_start(session: Session, county: Any) -> None:
    before = freeze(session, "990101", DAY).world.digest
    session.execute(update(Stay).where(Stay.id == 1).values(admitted_on=date(2020, 5, 20)))
    assert freeze(session, "990101", DAY).world.digest != before


def test_every_line_of_the_statement_has_a_source_and_assumptions_are_marked(session: Session, county: Any) -> None:
    taken = freeze(session, "990101", DAY).taken
    assert all(each.source.en and each.source.zh and each.what.zh for each in taken)
    assert taken[0].value == "80 (nursing / 护理型床位 20, ordinary / 普通床位 60)"
    assert not taken[0].assumed
    assert any(each.assumed for each in taken)


def test_a_resident_without_an_assessment_is_told(session: Session, county: Any) -> None:
    county.stay(county.bed_types[0], date(2020, 2, 2), age=66, level=None)
    line = next(each for each in freeze(session, "990101", DAY).taken if "without a valid assessment" in each.what.en)
    assert (line.value, line.assumed) == ("1", True)


def test_a_territory_without_beds_is_refused_with_a_remedy(session: Session, county: Any) -> None:
    session.execute(update(CapacityPeriod).values(valid_to=date(2020, 1, 1)))
    with pytest.raises(NotFound, match="no institutional beds") as caught:
        freeze(session, "990101", DAY)
    assert (caught.value.code, caught.value.path) == ("NO_BEDS", ("territory",))
