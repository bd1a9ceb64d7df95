"""The page of the coverage tells what the tests are and how they ended."""

import importlib.util
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]

RESULT = """<testsuites><testsuite>
  <testcase classname="tests.acceptance.test_mianyang" name="test_y6_seven_of_nine[sqlite]"/>
  <testcase classname="tests.acceptance.test_mianyang" name="test_y6_seven_of_nine[postgres]"><failure/></testcase>
  <testcase classname="tests.acceptance.test_mianyang" name="test_y7_nearly_1000[sqlite]"/>
  <testcase classname="tests.acceptance.test_mianyang" name="test_coverage"/>
</testsuite></testsuites>"""


def page() -> Any:
    """The module that writes the page."""
    spec = importlib.util.spec_from_file_location("coverage_page", ROOT / "docs" / "coverage_page.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_acceptance_test_is_named_after_a_row_of_the_texts() -> None:
    rows = {line.split(",")[0] for line in (ROOT / "docs/tables/coverage.csv").read_text("utf-8").splitlines()[1:]}
    assert {test.row for test in page().tests()} <= rows
    counted = {letter: sum(row.startswith(letter) for row in rows) for letter in "XYZJN"}
    assert counted == {"X": 18, "Y": 16, "Z": 18, "J": 12, "N": 12}


def test_a_row_without_a_test_says_so() -> None:
    found = {test.row for test in page().tests()}
    shown = {line.split(" | ")[0].removeprefix("| "): line for line in page().coverage_page().splitlines()}
    for row in ("Y5", "Y6"):
        assert ("**no test yet**" in shown[row]) == (row not in found)


def test_a_test_passed_when_it_passed_on_both_databases(tmp_path: Path) -> None:
    result = tmp_path / "result.xml"
    result.write_text(RESULT, "utf-8")
    assert page().record(result) == {"test_y6_seven_of_nine": "failed", "test_y7_nearly_1000": "passed"}


def test_a_verdict_is_of_one_text_of_its_test_and_says_when_that_has_changed() -> None:
    found = page()
    test = next(iter(found.tests()))
    assert found.told(test, None) == "not recorded yet"
    assert found.told(test, found.Verdict("passed", test.digest)) == "passed"
    assert found.told(test._replace(digest="another"), found.Verdict("passed", test.digest)) == "passed, changed since"


def test_the_recorded_verdicts_are_of_tests_that_exist() -> None:
    found = page()
    with (ROOT / "docs/tables/verdicts.csv").open(encoding="utf-8") as file:
        recorded = {line.split(",")[0] for line in file.read().splitlines()[1:]}
    assert recorded <= {test.name for test in found.tests()}, "record a run again: a test has another name or is gone"
