"""Parameters carry their source, follow a user's file and are drawn without disturbing each other."""

from pathlib import Path

import pytest

from eldersim.errors import InvalidInput, Unavailable
from eldersim.parameters import CONFIDENCES, Parameters, load, table


def test_every_parameter_says_where_it_comes_from_in_two_languages() -> None:
    for each in load().values():
        assert all((each.source, each.unit, each.use))
        assert each.confidence in CONFIDENCES
        assert each.en != each.zh


def test_an_assumption_is_marked_unconfirmed() -> None:
    for each in load().values():
        if each.source.startswith("assumption"):
            assert each.confidence == "unconfirmed", each.id


def test_a_users_file_changes_only_what_it_names(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "parameters:\n- id: cost.conversion\n  value: 45000\n  source: own tender\n  confidence: high\n", "utf-8"
    )
    changed = load(own)
    assert changed["cost.conversion"].value == 45000
    assert not changed["cost.conversion"].uncertain
    assert changed["cost.new_bed"] == load()["cost.new_bed"]


@pytest.mark.parametrize(
    ("text", "code", "remedy"),
    [
        ("parameters:\n- id: cost.conversoin\n  value: 1\n", "PARAMETER_UNKNOWN", "Did you mean cost.conversion?"),
        ("parameters:\n- id: cost.conversion\n  vlaue: 1\n", "PARAMETER_KEY_UNKNOWN", "Did you mean value?"),
        ("parameters:\n- id: cost.conversion\n  low: 99999\n", "INTERVAL_WRONG", ""),
        ("parameters:\n- value: 3\n", "PARAMETER_WITHOUT_ID", ""),
        ("numbers: []\n", "PARAMETERS_MISSING", ""),
        ("a: [", "PARAMETERS_NOT_YAML", ""),
    ],
)
def test_a_wrong_file_is_refused_with_a_remedy(tmp_path: Path, text: str, code: str, remedy: str) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(text, "utf-8")
    with pytest.raises(InvalidInput) as refused:
        load(own)
    assert refused.value.code == code
    assert remedy in refused.value.remedy


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="No such file"):
        load(tmp_path / "none.yaml")


def test_one_replication_draws_the_same_values_every_time() -> None:
    assert dict(load().drawn(seed=1, replication=2)) == dict(load().drawn(seed=1, replication=2))


def test_replications_draw_inside_the_interval() -> None:
    drawn = [load().drawn(seed=1, replication=r).number("ability.prevalence") for r in range(50)]
    assert 0.078 <= min(drawn) < 0.1 < 0.15 < max(drawn) <= 0.172


def test_one_more_uncertain_parameter_changes_no_other_draw() -> None:
    few = Parameters({"cost.conversion": load()["cost.conversion"]})
    assert few.drawn(seed=3, replication=0)["cost.conversion"] == load().drawn(seed=3, replication=0)["cost.conversion"]


def test_a_list_moves_as_one() -> None:
    assert load().placed({"cost.new_bed": 1.0}).numbers("cost.new_bed") == (300000, 450000, 500000)


def test_tables_are_read_without_their_comments() -> None:
    assert {row["sex"] for row in table("mortality")} == {"male", "female"}
