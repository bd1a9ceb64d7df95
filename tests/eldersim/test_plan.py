"""A plan is read whole, and a mistake in it is told with its line and the nearest valid name."""

from importlib.resources import files
from pathlib import Path

import pytest

from eldersim.errors import InvalidInput, Unavailable
from eldersim.lines import parse
from eldersim.plan import Plan, read_plan

EXAMPLE = (files("eldersim") / "data" / "example.yaml").read_text("utf-8")


def written(folder: Path, text: str) -> Path:
    """A plan in a file."""
    path = folder / "plan.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """The example plan."""
    return read_plan(written(tmp_path_factory.mktemp("plan"), EXAMPLE))


def test_the_example_is_a_plan(plan: Plan) -> None:
    assert [each.name for each in plan.scenarios] == ["base", "add_30", "convert_30", "group"]
    assert len(plan.baseline.residents) == 211
    assert len(plan.baseline.waiting) == 11


def test_its_people_are_those_of_the_bands(plan: Plan) -> None:
    assert plan.baseline.population is not None
    assert plan.baseline.population.people.sum() == pytest.approx(57900)


def test_stays_spread_evenly_around_their_mean(plan: Plan) -> None:
    stays = [each.stayed_days for each in plan.baseline.residents if each.facility == "heshan" and each.level == 3]
    assert sum(stays) / len(stays) == pytest.approx(600, abs=1)


def test_a_baseline_may_be_a_stored_file(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "start.json").write_bytes(plan.baseline.to_json())
    again = read_plan(written(tmp_path, "baseline: start.json\nyears: 3\n"))
    assert again.baseline.digest == plan.baseline.digest
    assert again.years == 3


def test_json_is_read_as_well(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "start.json").write_bytes(plan.baseline.to_json())
    path = tmp_path / "plan.json"
    path.write_text('{"baseline": "start.json", "seed": 7}', "utf-8")
    assert read_plan(path).seed == 7


@pytest.mark.parametrize(
    ("old", "new", "code", "line", "remedy"),
    [
        ("bed_type: NURSING, beds: 30}", "bed_typ: NURSING, beds: 30}", "SCENARIO_INVALID", 47, "bed_type"),
        ("public: true", "publc: true", "PLAN_INVALID", 23, "public"),
        ('division: "990102"\n    name', 'division: "990103"\n    name', "DIVISION_UNKNOWN", 34, "990102"),
        ("[welfare, heshan]", "[welfare, heshn]", "FACILITY_UNKNOWN", 55, "heshan"),
        ("name: convert_30", "name: add_30", "SCENARIO_TWICE", 48, "name of its own"),
        ("years: 10", "years: 0", "PLAN_INVALID", 56, "schema"),
        ("bed_type: ORDINARY, beds: 90", "bed_type: ORDINERY, beds: 90", "PLAN_INVALID", 38, "ORDINARY"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, code: str, line: int, remedy: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_plan(written(tmp_path, EXAMPLE.replace(old, new)))
    assert refused.value.code == code
    assert f"plan.yaml, line {line}:" in refused.value.message
    assert remedy in refused.value.remedy


def test_text_that_is_no_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="line 2"):
        read_plan(written(tmp_path, "years: 3\n  baseline: [\n"))


def test_a_missing_plan_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="No such file"):
        read_plan(tmp_path / "none.yaml")


def test_a_path_that_is_not_there_falls_back_to_its_nearest_part() -> None:
    assert parse("a:\n  b: 1\n", name="x").line(("a", "c", 3)) == 1
