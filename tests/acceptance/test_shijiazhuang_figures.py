"""Shijiazhuang at the beginning of 2018: the city's published figures come out of the records."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

Ask = Callable[..., Any]
Place = Callable[[str], str]

DAY = "2018-01-01"


@pytest.fixture(scope="session")
def shijiazhuang(territory: Place) -> str:
    """The city's id."""
    return territory("1301")


@pytest.fixture(scope="session")
def institutions(ask: Ask, shijiazhuang: str) -> dict[bool, dict[str, Any]]:
    """The institutions' sums by public and private."""
    data = ask(
        """query ($place: ID, $day: Date) {
        facilitySummary(groupBy: [PUBLIC], asOf: $day, filter: {within: $place,
            kind: {in: [NURSING_HOME, SOCIAL_WELFARE_INSTITUTE, TOWN_HOME, GLORY_HOME]}}) {
          public count filedBeds residents } }""",
        place=shijiazhuang,
        day=DAY,
    )
    return {row["public"]: row for row in data["facilitySummary"]}


def shown(share: Any, places: str) -> Decimal:
    """A share as a percentage, rounded half up."""
    return (Decimal(str(share)) * 100).quantize(Decimal(places), ROUND_HALF_UP)


def test_z1_the_population_aged_60_and_over(ask: Ask, shijiazhuang: str) -> None:
    """Z1: 1,765,000 at the beginning of 2017; whether registered or resident the text does not say."""
    data = ask(
        """query ($place: ID) {
        populationStatistics(filter: {division: {id: {eq: $place}}, countedOn: {eq: "2017-01-01"}}) {
          nodes { people ageFrom ageTo base sex } } }""",
        place=shijiazhuang,
    )
    wanted = {"people": 1_765_000, "ageFrom": 60, "ageTo": None, "base": None, "sex": None}
    assert data["populationStatistics"]["nodes"] == [wanted]


def test_z1_the_share_implies_a_population_of_9745997(ask: Ask) -> None:
    """Z1: 1,765,000 are 18.11 %; the comparison with the nation is of an uncertain year and marked so."""
    data = ask("""{ reportedFigures(filter: {code: {in: ["sjz_elderly", "sjz_ageing_rate", "sjz_above_national"]}}) {
        nodes { code value quality note } } }""")
    figures = {row["code"]: row for row in data["reportedFigures"]["nodes"]}
    implied = figures["sjz_elderly"]["value"] / figures["sjz_ageing_rate"]["value"] * 100
    assert round(implied) == 9_745_997
    share = figures["sjz_ageing_rate"]["value"]
    assert (share, figures["sjz_above_national"]["value"]) == (18.11, 2)
    assert [round(share - nation, 2) for nation in (16.1, 16.7)] == [2.01, 1.41]
    assert figures["sjz_above_national"]["quality"] == "AMBIGUOUS"
    assert "+1.41" in figures["sjz_above_national"]["note"]


def test_z16_54_public_and_159_private_institutions(institutions: dict[bool, dict[str, Any]]) -> None:
    """Z16: with 8,000 and 24,916 beds; the printed 0.8 million is not what the records say."""
    assert (institutions[True]["count"], institutions[False]["count"]) == (54, 159)
    assert (institutions[True]["filedBeds"], institutions[False]["filedBeds"]) == (8_000, 24_916)
    assert [sum(row[each] for row in institutions.values()) for each in ("count", "filedBeds")] == [213, 32_916]


def test_z16_15872_residents_make_48_22_percent(ask: Ask, shijiazhuang: str) -> None:
    """Z16: the bed-weighted share, shown as 48.22 or 48.2; 17,044 beds are empty."""
    data = ask(
        "query ($place: ID, $day: Date) { occupancy(division: $place, asOf: $day) { residents beds occupancy } }",
        place=shijiazhuang,
        day=DAY,
    )["occupancy"]
    assert (data["residents"], data["beds"]) == (15_872, 32_916)
    assert data["beds"] - data["residents"] == 17_044
    assert (shown(data["occupancy"], "0.01"), shown(data["occupancy"], "0.1")) == (Decimal("48.22"), Decimal("48.2"))


def test_z16_18_65_beds_for_1000_people(institutions: dict[bool, dict[str, Any]]) -> None:
    """Z16: institutional beds only."""
    beds = sum(row["filedBeds"] for row in institutions.values())
    assert round(beds / 1_765_000 * 1000, 2) == 18.65


def test_z3_110_and_242_centres_make_352(ask: Ask, shijiazhuang: str) -> None:
    """Z3: the comprehensive centres of streets and towns, and those of communities."""
    query = """query ($place: ID, $day: Date) { facilitySummary(groupBy: [KIND], asOf: $day, filter: {within: $place,
      kind: {in: [HOME_CARE_COMPREHENSIVE, HOME_CARE_CENTER]}}) { kind count } }"""
    found = {row["kind"]: row["count"] for row in ask(query, place=shijiazhuang, day=DAY)["facilitySummary"]}
    assert found == {"HOME_CARE_COMPREHENSIVE": 110, "HOME_CARE_CENTER": 242}
    assert sum(found.values()) == 352


def test_z3_every_street_and_town_of_the_ten_districts_has_a_centre(ask: Ask, territory: Place) -> None:
    """Z3: 110 comprehensive centres cover all towns of eight districts and two functional zones, with 242 in communities."""
    districts = ["130102", "130104", "130105", "130107", "130108", "130109", "130110", "130111", "130171", "130172"]
    query = """query ($place: ID, $day: Date) {
      facilitySummary(groupBy: [TOWN], filter: {within: $place, kind: {eq: HOME_CARE_COMPREHENSIVE}}, asOf: $day) {
        town { code } count }
      divisions(filter: {parent: {id: {eq: $place}}, not: {kind: {eq: "未分配"}}}, asOf: $day, first: 1) { totalCount } }"""
    found = [ask(query, place=territory(digits), day=DAY) for digits in districts]
    assert all(len(data["facilitySummary"]) == data["divisions"]["totalCount"] for data in found)
    assert sum(row["count"] for data in found for row in data["facilitySummary"]) == 110
