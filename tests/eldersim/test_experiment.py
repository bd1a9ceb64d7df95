"""An experiment gives the same results on any workers, in any order, resumed or not; its numbers can be explained."""

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest

from eldersim.costs import costs, investments
from eldersim.errors import InvalidInput, NoAnswer
from eldersim.experiment import Experiment, Precision, combine, compare, compare_until, run_batch
from eldersim.export import write_results
from eldersim.ladder import measure_by_measure, rungs
from eldersim.meanings import CHINESE
from eldersim.optimise import Target, fewest_beds_by_year, read_target
from eldersim.outcome import MEASURES
from eldersim.parameters import load
from eldersim.plan import Plan, read_plan
from eldersim.report import page
from eldersim.results import Results
from eldersim.sensitivity import morris, one_at_a_time
from eldersim.texts import by_year, explain, side_by_side, tidy


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The example plan."""
    return read_plan(str(files("eldersim") / "data" / "example.yaml"))


@pytest.fixture(scope="module")
def experiment(plan: Plan) -> Experiment:
    """Its four scenarios over three years."""
    return Experiment(plan.baseline, plan.scenarios, years=3, replications=12)


@pytest.fixture(scope="module")
def results(experiment: Experiment) -> Results:
    """What it comes to."""
    return compare(experiment, workers=1)


def test_two_workers_give_the_same_bytes(experiment: Experiment, results: Results) -> None:
    assert compare(experiment, workers=2).to_json() == results.to_json()


def test_batches_in_any_order_give_the_same_bytes(experiment: Experiment, results: Results) -> None:
    batches = {number: run_batch(experiment, number) for number in reversed(experiment.batches)}
    assert combine(experiment, batches).to_json() == results.to_json()


def test_finished_batches_are_not_run_again(experiment: Experiment, results: Results) -> None:
    stored: dict[int, str] = {}
    compare(experiment, workers=1, finished=lambda n, batch: stored.__setitem__(n, json.dumps(batch)))
    again: list[int] = []
    resumed = compare(
        experiment,
        workers=1,
        done={0: json.loads(stored[0]), 2: json.loads(stored[2])},
        finished=lambda n, _: again.append(n),
    )
    assert again == [1]
    assert resumed.to_json() == results.to_json()


def test_stored_results_are_read_whole(results: Results, tmp_path: Path) -> None:
    write_results(results, tmp_path / "r.json")
    assert Results.from_file(tmp_path / "r.json").to_json() == results.to_json()


def test_all_scenarios_see_the_same_applicants(results: Results) -> None:
    assert len({tuple(results.whole(name, "applied")) for name in results.names}) == 1


def test_nursing_beds_are_added_before_the_first_reading(results: Results) -> None:
    assert results.at("add_30", "beds", 0) == [480.0] * 12


def test_more_nursing_beds_shorten_the_wait(results: Results) -> None:
    found = results.differences("mean_wait")["add_30"]
    assert found.certain
    assert found.interval.high < 0


def test_uncertain_parameters_widen_the_interval(experiment: Experiment, results: Results) -> None:
    drawn = compare(replace(experiment, uncertain=True), workers=1)
    wide, narrow = (each.estimate("base", "residents") for each in (drawn, results))
    assert wide is not None
    assert narrow is not None
    assert wide.half_width > narrow.half_width


def test_replications_are_added_until_the_precision_is_reached(experiment: Experiment) -> None:
    found = compare_until(experiment, Precision("residents", 0.05, look_ahead=2), workers=1)
    estimate = found.estimate("base", "residents")
    assert estimate is not None
    assert estimate.relative_half_width <= 0.05
    assert found.notes == ()


def test_a_precision_out_of_reach_is_said(experiment: Experiment) -> None:
    found = compare_until(experiment, Precision("died", 0.0001, most=15), workers=1)
    assert "did not become as precise" in found.notes[-1][0]


def test_two_scenarios_of_one_name_are_refused(plan: Plan) -> None:
    with pytest.raises(InvalidInput, match="different names"):
        Experiment(plan.baseline, (plan.scenarios[0], plan.scenarios[0]))


def test_every_measure_has_a_row_a_year_and_a_whole(results: Results) -> None:
    rows = [row for row in tidy(results) if row[0] == "base"]
    assert len(rows) == sum(len(results.years_of(measure)) + 1 for measure in MEASURES)


def test_a_number_is_explained(results: Results) -> None:
    told = explain(results, "add_30", "mean_wait", year=2)
    assert "days waited / people placed" in told
    assert "sqrt(12)" in told
    assert results.digest[:12] in told


def test_a_number_is_explained_in_chinese(results: Results) -> None:
    assert "算法：轮候天数 ÷ 入住人数" in explain(results, "add_30", "mean_wait", language="zh")


def test_every_measure_has_a_chinese_meaning() -> None:
    assert list(CHINESE) == list(MEASURES)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_tables_name_every_scenario(results: Results, language: str) -> None:
    text = side_by_side(results, language)
    assert all(results.title(name) in text for name in results.names)
    assert ("轮候人数" if language == "zh" else "People waiting") in by_year(results, "base", language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_needs_no_network(results: Results, language: str) -> None:
    html = page(results, language)
    assert not any(mark in html for mark in ("http:", "https:", "<script", "url(", "<link"))
    assert html.count("<svg") == 10


def test_the_page_states_assumptions_and_costs(results: Results) -> None:
    html = page(results)
    assert "unconfirmed" in html
    assert "Yuan per person placed" in html
    assert "Erlang A" in html


@pytest.mark.parametrize("ending", [".csv", ".txt", ".html", ".json"])
def test_each_form_is_written(results: Results, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out{ending}"
    write_results(results, path)
    assert path.stat().st_size > 500


def test_an_unknown_form_is_refused(results: Results, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="ending"):
        write_results(results, tmp_path / "out.doc")


def test_building_costs_fall_in_the_year_of_building(plan: Plan) -> None:
    content = {"measures": [{"kind": "add_beds", "from": 400, "bed_type": "NURSING", "beds": 30}]}
    new, converted = investments(content, start=plan.baseline.date, years=3)
    assert new == [{}, {"NURSING": 30.0}, {}]
    assert converted == [0.0, 0.0, 0.0]


def test_thirty_new_nursing_beds_cost_thirty_times_one(results: Results, plan: Plan) -> None:
    scenario = results.scenarios[1]
    samples = [sample["add_30"] for sample in results.samples]
    found = costs(scenario, samples, load(), start=plan.baseline.date, years=3)
    assert found.by_kind["building"][0] == pytest.approx(30 * 250_000)
    assert found.total[0] == pytest.approx(
        sum(found.by_kind[kind][0] for kind in ("building", "conversion", "operation", "home_care"))
    )


def test_a_ladder_helps_more_with_each_rung(plan: Plan) -> None:
    scenarios = (plan.scenarios[0], *rungs("NURSING", (10, 20, 40)))
    found = compare(Experiment(plan.baseline, scenarios, years=3, replications=6), workers=1)
    placed = [found.estimate(name, "died") for name in found.names]
    means = [each.mean for each in placed if each is not None]
    assert means == sorted(means, reverse=True)


def test_measure_by_measure_ends_with_the_whole_scenario(plan: Plan) -> None:
    both = plan.scenarios[1].with_measures(*plan.scenarios[2].measures, name="both")
    steps = measure_by_measure(both)
    assert [len(each.measures) for each in steps] == [0, 1, 2]
    assert steps[-1].measures == both.measures


def test_the_fewest_beds_keep_the_target_and_one_less_does_not(plan: Plan) -> None:
    experiment = Experiment(plan.baseline, plan.scenarios[:1], years=2, replications=5)
    target = read_target("placed_30>=85%")
    first = fewest_beds_by_year(experiment, target)[0]
    assert first.attained
    less = compare(replace(experiment, scenarios=(plan.scenarios[0], *rungs("NURSING", (first.added - 1,)))), workers=1)
    missed = less.estimate(less.names[-1], "placed_30", 1)
    assert missed is not None
    assert missed.mean < 0.85 <= (first.reached.mean if first.reached else 0)


def test_a_target_no_beds_can_reach_has_no_answer(plan: Plan) -> None:
    experiment = Experiment(plan.baseline, plan.scenarios[:1], years=1, replications=2)
    with pytest.raises(NoAnswer) as refused:
        fewest_beds_by_year(experiment, Target("occupancy", True, 0.99))
    assert refused.value.code == "TARGET_OUT_OF_REACH"


def test_longer_stays_fill_the_beds(plan: Plan) -> None:
    experiment = Experiment(plan.baseline, plan.scenarios[:1], years=2, replications=2)
    middle, swings = one_at_a_time(experiment, "residents", scenario="base", workers=1)
    widest = {swing.factor: swing.width for swing in swings}
    assert middle > 0
    assert widest["need.worsening"] >= 0
    assert [swing.width for swing in swings] == sorted((swing.width for swing in swings), reverse=True)


def test_morris_ranks_every_uncertain_parameter(plan: Plan) -> None:
    experiment = Experiment(plan.baseline, plan.scenarios[:1], years=1, replications=1)
    effects = morris(experiment, "residents", scenario="base", trajectories=2, workers=1)
    assert {"stay.by_level", "waiting.withdrawal"} <= {effect.factor for effect in effects}
    assert not any(effect.factor.startswith("cost.") for effect in effects)
