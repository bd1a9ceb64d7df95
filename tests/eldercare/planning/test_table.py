"""A study's outcome as text, CSV, findings and chart."""

from eldercare.planning.chart import spec
from eldercare.planning.outcome import Outcome
from eldercare.planning.table import estimate, number, render_csv, render_table
from two_scenarios import outcome


def test_shares_are_shown_as_per_cent_with_two_decimals() -> None:
    assert number(575 / 1649, "share") == "34.87 %"
    assert number(-0.0199, "share", signed=True) == "-1.99 %"


def test_heads_are_whole_where_they_can_be() -> None:
    assert [number(value, "people") for value in (24.0, 32.3, 2409.21)] == ["24", "32.3", "2,409"]
    assert number(-0.04, "people", signed=True) == "0.0"


def test_an_unknown_number_is_a_dash() -> None:
    assert number(None, "people") == "–"


def test_a_half_width_is_left_out_where_all_replications_agree() -> None:
    base = outcome().of("base")
    assert estimate(base.curve("occupancy").years[0], "share") == "25.00 %"
    assert "±" in estimate(base.curve("waiting").years[0], "people")


def test_the_table_shows_start_end_and_difference() -> None:
    lines = render_table(outcome()).splitlines()
    row = next(line for line in lines if line.startswith("Occupancy, all beds"))
    assert row.split("  ")[0] == "Occupancy, all beds"
    assert "at the start" in row
    assert "25.00 %" in row
    assert "24.00 %" in row
    assert "-1.00 %" in row


def test_the_table_speaks_chinese_with_aligned_columns() -> None:
    text = render_table(outcome(), "zh")
    assert "总入住率" in text
    assert "维持现状" in text
    assert "Occupancy" not in text


def test_assumptions_are_marked() -> None:
    assert "Beds: 12 (registry) [assumed]" in render_table(outcome())


def test_csv_has_a_row_a_year_and_one_for_the_whole() -> None:
    rows = [line.split(",") for line in render_csv(outcome()).splitlines()]
    waiting = [row for row in rows if row[:2] == ["more", "waiting"]]
    assert [row[3] for row in waiting] == ["0", "1", "2", "whole", "difference"]
    assert waiting[-1][4] == "-5.0"


def test_a_falling_occupancy_with_more_people_placed_is_warned_about() -> None:
    warned = [each.en for each in outcome().findings if "misleads" in each.en]
    assert len(warned) == 1


def test_a_difference_that_is_not_certain_is_said_to_be_so() -> None:
    texts = [each.en for each in outcome(fewer=0.0).findings]
    assert any("no certain difference in" in each for each in texts)


def test_an_outcome_survives_being_written_and_read() -> None:
    made = outcome()
    assert Outcome.model_validate_json(made.to_json()) == made


def test_the_chart_holds_its_data_and_one_colour_a_scenario() -> None:
    drawn = spec(outcome(), "zh")
    assert {each["scenario"] for each in drawn["data"]["values"]} == {"维持现状", "增加床位"}
    assert "url" not in drawn["data"]
    colours = drawn["concat"][0]["layer"][0]["encoding"]["color"]["scale"]
    assert len(colours["domain"]) == len(colours["range"]) == 2
