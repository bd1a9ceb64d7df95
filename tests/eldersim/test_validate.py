"""Tests of the validation command: every family on small cases of known answer, and the verdicts themselves."""

import os
from pathlib import Path

import pytest

from eldersim.errors import InvalidInput
from eldersim.laws import law
from eldersim.validate import validate
from eldersim.validation_case import Case, half_last_digit, judge, leaves, read_cases, tolerance
from eldersim.validation_plans import stretched

CASES = Path(__file__).parent / "cases"


def case(**rules: float) -> Case:
    return Case("c", "delay", {}, {}, {}, rules, {}, {})


@pytest.mark.parametrize("file", ["queues", "networks", "over_time", "exact", "published"])
def test_every_family_gives_the_known_answers(file):
    report = validate(CASES / f"{file}.yaml", workers=1, seed=11)
    assert report.exit_code == 0, report.text(every_row=True)
    assert len(report.cases()) == len(read_cases(CASES / f"{file}.yaml"))


def test_a_wrong_number_an_unknown_kind_and_an_unknown_key_are_told_apart():
    report = validate(CASES / "strange.yaml", workers=1)
    assert {name: report.verdict(name) for name in report.cases()} == {
        "wrong": "failed",
        "weather": "unknown",
        "number": "unknown",
        "key": "unknown",
    }
    assert report.exit_code == 1
    assert "moon" in report.text()


def test_unknown_kinds_alone_end_with_a_code_of_their_own():
    assert validate(CASES / "strange.yaml", workers=1, only=["weather"]).exit_code == 3


def test_an_answer_that_stays_noisy_is_imprecise_and_never_passes():
    report = validate(CASES / "queues.yaml", workers=1, only=["renewal"], most_visits=1)
    assert {row.verdict for row in report.rows if row.error > row.tolerance / 3} <= {"imprecise"}


def test_the_number_of_workers_changes_no_bit():
    alone, together = (validate(CASES / "queues.yaml", workers=n, only=["displacing"]) for n in (1, 2))
    assert alone == together


def test_the_band_is_never_widened_by_the_standard_error():
    assert judge(case(relative=0.03), ("mean_wait",), 10.0, 10.29, error=0.09).verdict == "passed"
    assert judge(case(relative=0.03), ("mean_wait",), 10.0, 10.31, error=0.09).verdict == "failed"
    assert judge(case(relative=0.03), ("mean_wait",), 10.0, 10.0, error=0.11).verdict == "imprecise"


def test_a_rule_for_one_measure_goes_before_the_general_one():
    rules = case(relative=0.1, variance_relative=0.5, utilisation_absolute=0.02)
    assert tolerance(rules, ("t=1", "variance"), 4.0) == 2.0
    assert tolerance(rules, ("utilisation",), 0.9) == 0.02
    assert tolerance(rules, ("mean",), 4.0) == pytest.approx(0.4)


def test_the_last_printed_digit_is_not_held_against_an_answer():
    assert half_last_digit(0.66666667) == pytest.approx(5e-9)
    assert judge(case(relative=1e-12), ("share",), 0.66666667, 2 / 3).verdict == "passed"


def test_a_longer_stay_keeps_its_law():
    for given in (
        {"dist": "lognormal", "mean": 30, "sd": 20},
        {"dist": "weibull", "shape": 2, "scale": 5},
        {"dist": "gompertz", "a": 0.01, "b": 0.1},
    ):
        assert stretched(law(given), 1.5).mean == pytest.approx(1.5 * law(given).mean)


def test_leaves_keep_their_way():
    assert list(leaves({"a": {1: 2.0}, "b": [1, 2]})) == [(("a", "1"), 2.0), (("b",), [1, 2])]


def test_a_file_without_cases_says_what_is_missing(tmp_path):
    path = tmp_path / "empty.yaml"
    path.write_text("models: []")
    with pytest.raises(InvalidInput, match="no list 'cases'"):
        validate(path, workers=1)


def test_a_file_that_is_not_yaml_names_the_line(tmp_path):
    path = tmp_path / "broken.yaml"
    path.write_text("cases:\n- {id: a\n- b: [")
    with pytest.raises(InvalidInput, match="line 3"):
        validate(path, workers=1)


if "ELDERSIM_CASES" in os.environ:  # a file of one's own; without it there is nothing to skip

    @pytest.mark.long
    def test_a_given_file_of_cases_passes():
        report = validate(Path(os.environ["ELDERSIM_CASES"]))
        assert report.exit_code == 0, report.text()
