"""Counts of people add up from villages to the city at every date, whatever moves, deaths and determinations there were."""

import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, literal, or_, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.api.membership import counted_groups
from eldercare.kit.errors import RuleViolation
from eldercare.registry import Division, GroupMembership, Person, Residence
from eldercare.registry.change import Writer
from eldercare.registry.consequence import move_person, report_death
from eldercare.registry.division import Level
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import ResidenceBase
from eldercare.registry.query import View

BEGIN, DAYS = date(2025, 1, 1), 400
GROUPS = [GroupCategory.EXTREMELY_POOR, GroupCategory.LONELY]
LEVELS = [Level.CITY, Level.COUNTY, Level.TOWN, Level.VILLAGE]


@dataclass
class City:
    """A city of two towns, one of whose villages ends in the middle of the time."""

    places: list[Division]

    def standing(self, level: Level, day: date) -> list[Division]:
        return [each for each in self.places if each.level is level and (each.valid_to is None or each.valid_to > day)]


def build(w: Writer) -> City:
    town, villages = make.town(w)
    county = w.find(Division, town.parent_id or 0)
    city = w.find(Division, county.parent_id or 0)
    begun = {"valid_from": date(2000, 1, 1), "parent_id": county.id}
    other = w.create(Division, {"code": f"{town.code[:6]}002000", "level": Level.TOWN, "name": "乙镇"} | begun)
    ends = w.end(Division, villages[1].id, BEGIN + timedelta(days=200))
    return City([city, county, town, other, villages[0], ends])


def live_through(w: Writer, city: City, luck: random.Random) -> None:
    """Somebody's life: where at first, then moves, determinations, perhaps a death, on random days."""
    elder = make.person(w)
    day = BEGIN + timedelta(days=luck.randrange(60))
    for base in luck.choice([list(ResidenceBase), [ResidenceBase.RESIDENT], [ResidenceBase.HUKOU], []]):
        place = luck.choice(city.standing(luck.choice(LEVELS[1:]), day))
        make.residence(w, elder.id, place.id, base=base, valid_from=day)
        for _ in range(luck.randrange(3)):
            later = day + timedelta(days=luck.randrange(1, 150))
            to = luck.choice([*city.standing(luck.choice(LEVELS), later), None])
            with suppress(RuleViolation):  # already there, or nowhere to leave
                move_person(w, person_id=elder.id, on=later, to_division_id=to and to.id, base=base)
            day = later
    held = luck.sample(GROUPS, luck.randrange(3))
    for category in held:
        make.membership(w, elder.id, category=category, valid_from=BEGIN + timedelta(days=luck.randrange(DAYS)))
    if luck.random() < 0.3:
        with suppress(RuleViolation):  # something is recorded of the days after
            report_death(w, person_id=elder.id, on=BEGIN + timedelta(days=luck.randrange(150, DAYS)))


def rows(w: Writer, day: date, **given: Any) -> list[Any]:
    asked = {"division": None, "base": None, "level": None, "distinct": None, "categories": GROUPS} | given
    if isinstance(asked["division"], int):
        asked["division"] = literal(asked["division"])
    return list(w.session.execute(counted_groups(asked, View(literal(day)))).mappings())


def total(found: list[Any]) -> Counter[Any]:
    sums: Counter[Any] = Counter()
    for row in found:
        sums[row["category"]] += row["people"]
    return +sums


def expected(w: Writer, city: City, day: date, base: ResidenceBase | None, level: Level) -> Counter[Any]:
    """By hand: how many of each group are at home in each division of a level, or under the lowest known one above."""
    above = {each.id: each for each in city.places}
    found: Counter[Any] = Counter()
    for category, elder in members(w, day):
        homes = {r.base: r.division_id for r in held(w, Residence, day) if r.person_id == elder}
        at = homes.get(base) if base else homes.get(ResidenceBase.RESIDENT, homes.get(ResidenceBase.HUKOU))
        if at is None:
            continue
        chain = [above[at]]
        while chain[-1].parent_id in above:
            chain.append(above[chain[-1].parent_id or 0])
        known = [each for each in chain if each.valid_to is None or each.valid_to > day]
        place = next((each.id for each in known if each.level is level), None)
        under = next((each.id for each in known if LEVELS.index(each.level) < LEVELS.index(level)), None)
        found[category, place, None if place else under] += 1
    return found


def held(w: Writer, noun: Any, day: date) -> list[Any]:
    going_on = or_(noun.valid_to.is_(None), noun.valid_to > day)
    return list(w.session.scalars(select(noun).where(noun.valid_from <= day, going_on)))


def members(w: Writer, day: date) -> list[tuple[str, int]]:
    dead = {each.id for each in w.session.scalars(select(Person)) if each.deceased_on and each.deceased_on <= day}
    return [(m.category.value, m.person_id) for m in held(w, GroupMembership, day) if m.person_id not in dead]


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_villages_add_up_to_the_city_at_every_date(engine: Engine, seed: int) -> None:
    luck = random.Random(seed)
    with Session(engine) as session:
        w = make.writer(session)
        city = build(w)
        for _ in range(8):
            live_through(w, city, luck)
        for day in (BEGIN + timedelta(days=luck.randrange(DAYS)), BEGIN + timedelta(days=200)):
            base = luck.choice([None, *ResidenceBase])
            whole = Counter({r["category"]: r["people"] for r in rows(w, day, division=city.places[0].id, base=base)})
            for level in (Level.COUNTY, Level.TOWN, Level.VILLAGE):
                found = rows(w, day, division=city.places[0].id, base=base, level=level)
                counts = Counter({(r["category"], r["division"], r["under"]): r["people"] for r in found})
                assert counts == expected(w, city, day, base, level)
                assert total(found) == +whole
            place = luck.choice(city.standing(Level.TOWN, day) + city.standing(Level.VILLAGE, day))
            own = {key: n for key, n in expected(w, city, day, base, place.level).items() if key[1] == place.id}
            assert total(rows(w, day, division=place.id, base=base)) == {key[0]: n for key, n in own.items()}


@pytest.fixture
def w(session: Session) -> Writer:
    return make.writer(session)


def test_somebody_registered_here_and_living_there_counts_once_where_they_live(w: Writer) -> None:
    town, (here, there) = make.town(w)
    elder = make.person(w)
    make.membership(w, elder.id)
    make.residence(w, elder.id, here.id, base=ResidenceBase.HUKOU)
    make.residence(w, elder.id, there.id)
    poor = {"categories": [GroupCategory.EXTREMELY_POOR]}

    def people(**given: Any) -> int:
        return sum(row["people"] for row in rows(w, make.TODAY, **poor, **given))

    assert (people(division=here.id), people(division=there.id), people(division=town.id)) == (0, 1, 1)
    assert people(division=here.id, base=ResidenceBase.HUKOU) == 1
    [row] = rows(w, make.TODAY, **poor, division=town.id, level=Level.VILLAGE)
    assert (row["division"], row["under"]) == (there.id, None)


def test_whose_village_is_unknown_or_no_more_stands_under_the_lowest_known_division(w: Writer) -> None:
    town, (gone, _) = make.town(w)
    for place in (town, gone):
        elder = make.person(w)
        make.membership(w, elder.id)
        make.residence(w, elder.id, place.id)
    w.end(Division, gone.id, date(2026, 5, 1))
    how: dict[str, Any] = {"categories": [GroupCategory.EXTREMELY_POOR], "division": town.id, "level": Level.VILLAGE}
    before = [(row["division"], row["under"], row["people"]) for row in rows(w, date(2026, 4, 30), **how)]
    after = [(row["division"], row["under"], row["people"]) for row in rows(w, date(2026, 5, 1), **how)]
    assert sorted(before, key=str) == sorted([(gone.id, None, 1), (None, town.id, 1)], key=str)
    assert after == [(None, town.id, 2)]


def test_on_the_day_of_a_move_a_person_counts_in_the_new_place_alone(w: Writer) -> None:
    town, (here, there) = make.town(w)
    elder = make.person(w)
    make.residence(w, elder.id, here.id)
    make.membership(w, elder.id)
    move_person(w, person_id=elder.id, on=date(2026, 5, 10), to_division_id=there.id)
    for day, place in ((date(2026, 5, 9), here), (date(2026, 5, 10), there)):
        [row] = rows(w, day, division=town.id, level=Level.VILLAGE, categories=[GroupCategory.EXTREMELY_POOR])
        assert (row["division"], row["people"]) == (place.id, 1)
