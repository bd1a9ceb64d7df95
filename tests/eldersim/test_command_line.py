"""Each command does its work from a file, and says in words what is wrong with it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from eldersim.__main__ import COMMANDS, cli

QUICK = ["--replications", "2", "--years", "2", "--workers", "1"]


def called(*arguments: str | Path) -> Result:
    """One call of the command line."""
    return CliRunner().invoke(cli, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example plan, as the command prints it."""
    path = tmp_path_factory.mktemp("commands") / "plan.yaml"
    path.write_text(called("example").output, "utf-8")
    return path


@pytest.fixture(scope="module")
def stored(plan: Path) -> Path:
    """Its results."""
    path = plan.parent / "results.json"
    assert called("compare", plan, *QUICK, "-o", path).exit_code == 0
    return path


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    found = called(name, "--help")
    assert found.exit_code == 0
    assert found.output.startswith("Usage: cli " + name)


def test_help_loads_no_engine() -> None:
    code = (
        "import sys, eldersim.__main__ as m\n"
        "try: m.cli(['--help'])\n"
        "except SystemExit: pass\n"
        "assert not {'numpy', 'numba', 'scipy', 'pydantic', 'simpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_one_scenario_is_shown_year_by_year(plan: Path) -> None:
    found = called("run", plan, "--scenario", "add_30", *QUICK)
    assert found.exit_code == 0
    assert "Occupancy of nursing beds" in found.output


def test_the_log_has_a_line_an_event(plan: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    assert called("run", plan, *QUICK, "--log", log).exit_code == 0
    lines = log.read_text("utf-8").splitlines()
    assert lines[0] == "time,event,person,facility,bed_type,reason"
    assert len(lines) > 100


def test_scenarios_are_compared_with_a_ladder(plan: Path) -> None:
    found = called("compare", plan, "--scenario", "add_30", "--ladder", "NURSING:5,10", *QUICK)
    assert found.exit_code == 0
    assert "+10 NURSING" in found.output
    assert "ordinary beds become" not in found.output


def test_stored_results_become_a_page(stored: Path, tmp_path: Path) -> None:
    assert called("report", stored, "-o", tmp_path / "page.html", "--language", "zh").exit_code == 0
    assert "方案对照" in (tmp_path / "page.html").read_text("utf-8")


def test_a_number_is_explained(stored: Path) -> None:
    found = called("explain", stored, "waiting", "--scenario", "add_30", "--year", "1")
    assert found.exit_code == 0
    assert "applicants on a list" in found.output


def test_the_fewest_beds_are_found(plan: Path) -> None:
    found = called("optimise", plan, "--target", "placed_30>=80%", *QUICK)
    assert found.exit_code == 0
    assert "new beds" in found.output


def test_sensitivity_names_the_parameters(plan: Path) -> None:
    found = called(
        "sensitivity", plan, "--measure", "residents", "--replications", "1", "--years", "1", "--workers", "1"
    )
    assert found.exit_code == 0
    assert "stay.by_level" in found.output


def test_the_schema_of_a_plan_holds_that_of_its_scenarios() -> None:
    found = json.loads(called("schema", "--plan").output)
    assert "AddBeds" in found["$defs"]
    assert found["properties"]["scenarios"]["items"] == {"$ref": "#/$defs/Scenario"}


def test_parameters_are_listed_by_confidence() -> None:
    found = called("parameters", "--confidence", "unconfirmed", "--language", "zh")
    assert "撤回申请" in found.output
    assert "high:" not in found.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["explain", "STORED", "waitin"], "Did you mean 'waiting'?"),
        (["explain", "STORED", "waiting", "--year", "9"], "Its years are 0 to 2."),
        (["run", "PLAN", "--scenario", "ad_30"], "It has base, add_30"),
        (["compare", "PLAN", "--until", "waiting=much"], "waiting=5%"),
        (["compare", "PLAN", "--ladder", "NURSNG:5"], "'NURSING'"),
        (["compare", "PLAN", "--ladder", "NURSING:some"], "NURSING:10,20,30"),
        (["optimise", "PLAN", "--target", "soon"], "placed_30>=90%"),
        (["report", "PLAN"], "RESULTS_UNREADABLE"),
        (["run", "none.yaml"], "No such file"),
    ],
)
def test_a_mistake_ends_with_words_and_code_2(plan: Path, stored: Path, arguments: list[str], said: str) -> None:
    places = {"PLAN": str(plan), "STORED": str(stored)}
    found = called(*(places.get(each, each) for each in arguments))
    assert found.exit_code == 2
    assert said in found.output
    assert "Traceback" not in found.output


def test_a_wrong_command_is_told_with_the_nearest() -> None:
    found = called("comapre")
    assert found.exit_code == 2
    assert "Did you mean 'compare'?" in found.output


def test_a_case_that_fails_ends_the_validation_with_1(tmp_path: Path) -> None:
    cases = tmp_path / "cases.yaml"
    cases.write_text(
        "cases:\n- id: ARITH\n  family: demography\n  title: arithmetic\n  source: {type: analytic}\n  exact: true\n"
        "  model: {occupancy: 0.5, residents: 100, target_group: 400}\n"
        "  expected: {implied_beds: 300}\n  tolerance: {relative: 0.001}\n",
        "utf-8",
    )
    assert called("validate", cases, "--workers", "1").exit_code == 1


def test_a_scenario_is_taken_apart(plan: Path) -> None:
    found = called("waterfall", plan, "--scenario", "add_30", "--replications", "3", "--years", "2", "--workers", "1")
    assert found.exit_code == 0
    assert "30 nursing beds more" in found.output
    assert "more or fewer people aged 60 and over" in found.output


def test_an_example_never_writes_over_a_file(tmp_path: Path) -> None:
    assert called("example", "-o", tmp_path / "plan.yaml").exit_code == 0
    found = called("example", "-o", tmp_path / "plan.yaml")
    assert found.exit_code == 2
    assert "is there already" in found.output
