"""The published figures stand in the registry with how far each can be trusted."""

from collections.abc import Callable
from typing import Any

Ask = Callable[..., Any]


def test_all_93_figures_are_there(ask: Ask) -> None:
    """Every one with its source."""
    data = ask("{ reportedFigures(first: 100) { totalCount nodes { code source { collectionMethod } } } }")
    assert data["reportedFigures"]["totalCount"] == 93
    assert {row["source"]["collectionMethod"] for row in data["reportedFigures"]["nodes"]} == {"SEED_TEXT"}


def test_y3_the_impossible_figure_is_kept_and_marked(ask: Ask) -> None:
    """Y3: ten million old people in one city are kept under their indicator, which lists them and has no value of them."""
    data = ask("{ reportedFigures(filter: {quality: {eq: IMPLAUSIBLE}}) { nodes { code value indicator { code } } } }")
    assert data["reportedFigures"]["nodes"] == [
        {"code": "my_elderly_reach", "value": 10_000_000, "indicator": {"code": "PEOPLE_60"}}
    ]


def test_what_was_corrected_says_what_was_printed(ask: Ask) -> None:
    """0.8 million beds are 8,000."""
    data = ask('{ reportedFigures(filter: {code: {eq: "sjz_public_beds"}}) { nodes { value valueAsReported } } }')
    assert data["reportedFigures"]["nodes"] == [{"value": 8_000, "valueAsReported": "800000"}]


def test_the_share_of_nursing_beds_has_its_target(ask: Ask) -> None:
    """At least 55 % by the end of 2025."""
    data = ask("""{ indicators(filter: {code: {eq: "NURSING_SHARE"}}) {
        nodes { nameZh targets { nodes { year comparator value } } } } }""")
    (indicator,) = data["indicators"]["nodes"]
    assert indicator["targets"]["nodes"] == [{"year": 2025, "comparator": "AT_LEAST", "value": 55}]


def test_y14_32_rural_regional_centres_in_32_towns(ask: Ask) -> None:
    """Y14: and Y9: 21 day-care centres run by social organisations and private firms."""
    data = ask("""{ facilitySummary(groupBy: [KIND], asOf: "2018-10-12",
        filter: {kind: {in: [RURAL_REGIONAL_CENTER]}}) { count }
      care: facilitySummary(groupBy: [OPERATOR_TYPE], asOf: "2018-10-12", filter: {kind: {eq: DAY_CARE_CENTER},
        code: {startsWith: "SYN-MY"}}) { operatorType count } }""")
    assert data["facilitySummary"] == [{"count": 32}]
    assert {row["operatorType"]: row["count"] for row in data["care"]} == {"SOCIAL_SERVICE_ORG": 11, "ENTERPRISE": 10}


def test_j5_the_places_that_were_visited(ask: Ask) -> None:
    """J5 and J2: four for older people, two for small children."""
    data = ask("""{ facilitySummary(groupBy: [SECTOR], asOf: "2018-12-06",
        filter: {code: {startsWith: "SYN-ZJJ"}}) { sector count } }""")
    assert {row["sector"]: row["count"] for row in data["facilitySummary"]} == {"ELDERLY": 4, "CHILDCARE": 2}
