"""The levers of the texts as studies that start from the registry: beds, mergers, inclusion, a new home, idle childcare."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine

from demonstrated import Ask
from eldercare.jobs import Worker
from eldercare.planning.run import tasks

CREATE = (
    """mutation ($input: CreateStudyInput!) { createStudy(input: $input) { study { id } errors { code message } } }"""
)
READ = """query ($id: ID!) { study(id: $id) { state failure { code } outcome { scenarios { name changes { en }
  curves(indicators: ["occupancy", "beds", "nursing_beds", "residents", "waiting", "applied"]) { indicator years { mean } } } } } }"""

Curves = dict[str, dict[str, list[float]]]
Compare = Callable[..., Curves]


@pytest.fixture
def compare(act: Ask, copy_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Compare:
    """Runs a small study of two years and gives each scenario's curves by indicator; the first scenario changes nothing."""
    monkeypatch.setattr("eldercare.jobs.worker.make_executor", ThreadPoolExecutor)

    def run(territory: str, day: str, **measures: list[dict[str, Any]]) -> Curves:
        scenarios = [{"name": "as-it-is", "title": {"en": "As it is", "zh": "维持现状"}}]
        scenarios += [
            {"name": name, "title": {"en": name, "zh": name}, "measures": [{"from": 0, **each} for each in found]}
            for name, found in measures.items()
        ]
        asked = {"territory": territory, "asOf": day, "years": 2, "replications": 2, "seed": 7, "scenarios": scenarios}
        made = act(CREATE, input=asked)["createStudy"]
        assert made["errors"] == []
        Worker(copy_engine, tasks(), processes=1).run(once=True)
        study = act(READ, id=made["study"]["id"])["study"]
        assert (study["state"], study["failure"]) == ("DONE", None)
        return {each["name"]: curves(each) for each in study["outcome"]["scenarios"]}

    return run


def curves(scenario: dict[str, Any]) -> dict[str, list[float]]:
    """The mean of each indicator, reading by reading."""
    return {each["indicator"]: [year["mean"] for year in each["years"]] for each in scenario["curves"]}


@pytest.fixture(scope="session")
def xiaoshan_centres(act: Ask) -> list[dict[str, Any]]:
    """The five centres of Xiaoshan with their beds and residents, the fewest residents first."""
    query = """{ facilities(filter: {code: {startsWith: "SYN-XS-"}, kind: {eq: RURAL_SUPPORT_CENTER}}, asOf: "2020-05-19") {
      nodes { code openBeds residents } } }"""
    return sorted(act(query)["facilities"]["nodes"], key=lambda row: row["residents"])


def test_x16_a_hundred_nursing_beds_more_or_converted(compare: Compare) -> None:
    found = compare(
        "330109",
        "2020-05-19",
        add=[{"kind": "add_beds", "bed_type": "NURSING", "beds": 100}],
        convert=[{"kind": "convert_beds", "from_type": "ORDINARY", "to_type": "NURSING", "beds": 100}],
    )
    shown = {name: round(each["occupancy"][0] * 100, 2) for name, each in found.items()}
    assert shown == {"as-it-is": 34.87, "add": 32.88, "convert": 34.87}
    share = {name: each["nursing_beds"][0] / each["beds"][0] for name, each in found.items()}
    assert round((share["convert"] - share["as-it-is"]) * 100, 2) == 6.06


def test_x1_merging_the_two_emptiest_centres_loses_nobody_and_overfills_none(
    compare: Compare, xiaoshan_centres: list[dict[str, Any]]
) -> None:
    small, next_one = xiaoshan_centres[:2]
    merger = {"kind": "merge_facility", "facility": small["code"], "into": next_one["code"]}
    found = compare("330109", "2020-05-19", merge=[merger])
    before, after = found["as-it-is"], found["merge"]
    assert before["residents"][0] == 575
    assert after["beds"][0] == before["beds"][0] == 1649
    everybody = [each["residents"][0] + each["waiting"][0] for each in (before, after)]
    assert everybody[0] == everybody[1], (
        "whoever finds no bed of the right kind at once waits for it, and nobody is lost"
    )
    assert small["residents"] + next_one["residents"] <= small["openBeds"] + next_one["openBeds"]
    assert all(people <= beds for people, beds in zip(after["residents"], after["beds"], strict=True))


def test_y15_care_opens_step_by_step_to_all_rural_people(compare: Compare) -> None:
    found = compare(
        "510722",
        "2018-10-12",
        bottom=[{"kind": "inclusion", "classes": [3, 4, 5, 6, 7, 8], "share": 0}],
        lowincome=[{"kind": "inclusion", "classes": [4, 5, 6, 7, 8], "share": 0}],
    )
    applied = {name: sum(each["applied"]) for name, each in found.items()}
    assert applied["bottom"] <= applied["lowincome"] < applied["as-it-is"]


def test_z17_a_new_home_of_a_high_standard(compare: Compare) -> None:
    beds = {"NURSING": 300, "ORDINARY": 100}
    home = {"kind": "open_facility", "facility": "new-home", "division": "130109000000", "beds": beds, "public": True}
    found = compare("130109", "2018-01-01", new=[{**home, "from": 180}])
    more = [new - old for new, old in zip(found["new"]["beds"], found["as-it-is"]["beds"], strict=True)]
    assert more == [0, 400, 400]


def test_j4_idle_places_for_children_become_nursing_beds_after_the_works(compare: Compare, act: Ask) -> None:
    query = '{ childcarePeriodSummary(filter: {within: "430800000000"}, asOf: "2018-12-06") { places enrolled } }'
    (childcare,) = act(query)["childcarePeriodSummary"]
    idle = childcare["places"] - childcare["enrolled"]
    works = {"kind": "childcare_conversion", "places": idle, "beds_per_place": 0.5, "bed_type": "NURSING"}
    found = compare("430802", "2018-12-06", convert=[{**works, "works_days": 200}])
    more = [new - old for new, old in zip(found["convert"]["beds"], found["as-it-is"]["beds"], strict=True)]
    assert (idle, more) == (64, [0, 32, 32])
