"""What a planner may ask for, and how a mistake is answered."""

from pathlib import Path
from typing import Any

import pytest

from eldercare.kit.errors import InvalidInput, NotFound
from eldercare.planning.request import asked, preset, presets, read_request

BASE = {"name": "as-is", "title": {"en": "As it is", "zh": "维持现状"}}


def values(**more: Any) -> dict[str, Any]:
    """A request that is right, with some keys replaced."""
    return {"territory": "990101", "as_of": "2020-05-19", "scenarios": [BASE], **more}


def test_the_defaults_are_ten_years_and_a_hundred_replications() -> None:
    request = asked(values())
    assert (request.years, request.replications, request.seed) == (10, 100, 1)


def test_an_unknown_key_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(InvalidInput) as caught:
        asked(values(replicatons=5))
    assert (caught.value.code, caught.value.path) == ("STUDY_INVALID", ("replicatons",))
    assert "'replications'" in caught.value.remedy


def test_a_mistake_inside_a_scenario_names_its_path() -> None:
    with pytest.raises(InvalidInput) as caught:
        asked(values(scenarios=[BASE, {**BASE, "name": "Not A Name"}]))
    assert caught.value.path == ("scenarios", 1, "name")


def test_two_scenarios_of_one_name_are_refused() -> None:
    with pytest.raises(InvalidInput, match="called 'as-is'") as caught:
        asked(values(scenarios=[BASE, BASE]))
    assert caught.value.path == ("scenarios", 1, "name")


@pytest.mark.parametrize("wrong", [{"years": 0}, {"years": 31}, {"replications": 1}, {"seed": -1}, {"scenarios": []}])
def test_a_number_out_of_range_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as caught:
        asked(values(**wrong))
    assert caught.value.path == tuple(wrong)


def test_the_same_question_has_the_same_fingerprint_and_another_seed_another() -> None:
    assert asked(values()).fingerprint == asked(values(years=10)).fingerprint
    assert asked(values()).fingerprint != asked(values(seed=2)).fingerprint


def test_what_the_command_line_gives_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(
        "territory: '990101'\nas_of: 2020-05-19\nyears: 5\nscenarios:\n- {name: a, title: {en: A, zh: 甲}}\n", "utf-8"
    )
    assert read_request(file, years=None).years == 5
    assert read_request(file, years=7).years == 7


def test_a_file_that_is_not_yaml_says_where(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text("territory: '990101'\n  years: [", "utf-8")
    with pytest.raises(InvalidInput, match="line 2") as caught:
        read_request(file)
    assert caught.value.code == "STUDY_FILE"


def test_a_misspelt_preset_is_answered_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="xaioshan") as caught:
        preset("xaioshan")
    assert "'xiaoshan'" in caught.value.remedy


def test_every_preset_can_be_read_and_begins_with_a_base() -> None:
    assert presets() == ("xiaoshan",)
    assert [preset(name).scenarios[0].measures for name in presets()] == [()]
