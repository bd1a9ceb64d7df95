"""The packaged divisions: complete, with history, and fit to be summed up."""

from collections import Counter
from datetime import date

from eldercare.demonstration.division import DIGITS, Place, kind_of, places, successions
from eldercare.demonstration.table import origin
from eldercare.registry.division import Level

PLACES = places()
TODAY = [place for place in PLACES if place.ends is None]


def found(digits: str, level: Level = Level.COUNTY) -> list[Place]:
    """All divisions that ever had these digits, oldest first."""
    return [place for place in PLACES if place.digits == digits and place.level is level]


def test_all_provinces_cities_and_counties_are_there() -> None:
    """31 provinces, 342 cities, 2,978 counties as of the middle of 2023."""
    counts = Counter(place.level for place in TODAY)
    assert (counts[Level.PROVINCE], counts[Level.CITY], counts[Level.COUNTY]) == (31, 342, 2978)


def test_every_parent_stands_before_its_children() -> None:
    """A path can be continued from the parent's while writing."""
    seen = set()
    for place in PLACES:
        assert place.level is Level.NATION or place.above in seen
        if place.ends is None:
            seen.add((place.level, place.digits))


def test_level_and_code_name_one_division_at_a_time() -> None:
    """Dongguan has one code on two levels; within a level a code is used once at a time."""
    keys = [(place.level, place.code, place.begins) for place in PLACES]
    assert len(set(keys)) == len(keys)


def test_xiaoshan_was_a_county_then_two_cities_then_a_district() -> None:
    """330121, 339005 and 330181 came before 330109."""
    line = {old: new for old, new, _ in successions()}
    assert [line["330121"], line["339005"], line["330181"]] == ["339005", "330181", "330109"]
    assert found("330109")[0].begins == date(2001, 1, 1)
    assert found("330181")[0].ends == date(2001, 1, 1)


def test_an_county_became_a_district_in_2016() -> None:
    """510724 ended when 510705 began."""
    assert (found("510724")[0].ends, found("510705")[0].begins) == (date(2016, 1, 1), date(2016, 1, 1))


def test_a_split_has_no_invented_shares() -> None:
    """Who took over a part of Jianggan District is known, which part is not."""
    assert [(new, share) for old, new, share in successions() if old == "330104"] == [
        ("330102", None),
        ("330114", None),
    ]


def test_functional_zones_have_no_code_of_the_national_standard() -> None:
    """Shijiazhuang's ten districts are eight statutory ones and two zones."""
    zones = [place for place in TODAY if place.level is Level.COUNTY and place.digits[:5] == "13017"]
    assert [zone.name for zone in zones] == ["石家庄高新技术产业开发区", "石家庄循环化工园区"]


def test_mianyang_has_nine_counties() -> None:
    """The denominator of seven platforms of nine."""
    assert len([place for place in TODAY if place.level is Level.COUNTY and place.digits.startswith("5107")]) == 9


def test_every_county_with_towns_has_a_place_for_what_cannot_be_placed() -> None:
    """So that the towns of a county add up to it."""
    towns = {place.digits[:6] for place in TODAY if place.level is Level.TOWN}
    unassigned = {place.digits[:6] for place in TODAY if kind_of(place) == "未分配"}
    assert towns == unassigned


def test_digits_fit_their_level() -> None:
    """Two, four, six, nine and twelve digits."""
    assert all(len(place.digits) == DIGITS[place.level] for place in PLACES)


def test_the_table_names_its_source() -> None:
    """Whoever opens the file sees where it comes from and until when it holds."""
    assert "National Bureau of Statistics" in origin("divisions.csv.gz")
    assert "2023-06-30" in origin("divisions.csv.gz")
