"""Zhangjiajie: dynamic update of groups, the base number, full inclusion (rows J1 to J12 of the coverage)."""

from typing import Any

from asker import Asker
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

import factories as make
from eldercare.registry import Residence

REPORT = """mutation R($input: ReportChangeInput!) { reportChange(input: $input) {
  changeReport { id status duplicateOf { id } } errors { code message remedy path } notices { code } } }"""
VERIFY = """mutation V($id: ID!) { verifyChangeReport(input: {reportId: $id}) {
  changeReport { id status } errors { code message } } }"""
APPLY = """mutation A($id: ID!) { applyChangeReport(input: {reportId: $id}) {
  changeReport { id status decidedOn } errors { code message } } }"""
OUTLOOK = """query C($id: ID!) { consequences(report: $id) {
  applied refusal { code } steps { kind noun record on columns } } }"""


def data(answer: dict[str, Any], field: str) -> Any:
    """What a root field answered, when nothing was refused."""
    assert "errors" not in answer, answer
    found = answer["data"][field]
    assert not (isinstance(found, dict) and found.get("errors")), found
    return found


def test_j9_a_death_reported_by_the_village_ends_everything_under_one_report(tell: Asker, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        town, (village, _) = make.town(w)
        elder = make.person(w, name="田桂英")
        make.residence(w, elder.id, village.id)
        make.living(w, elder.id)
        make.membership(w, elder.id)
        make.membership(w, elder.id, category="LONELY")
        stay = make.stay(w, elder.id, make.home(w))
        session.commit()
        person, place, lived = f"Person_{elder.id}", f"Division_{town.id}", f"Stay_{stay.id}"
        told = {"kind": "DEATH", "on": "2026-06-01", "personId": person, "divisionId": f"Division_{village.id}"}
    groups = """query G($in: ID!, $day: Date!) { groupCounts(division: $in, asOf: $day, categories: [EXTREMELY_POOR, LONELY,
      LIVING_ALONE, ADVANCED_AGE_80]) { category people } }"""
    report = data(tell(REPORT, {"input": told | {"evidence": "死亡医学证明"}}), "reportChange")["changeReport"]
    foreseen = data(tell(OUTLOOK, {"id": report["id"]}), "consequences")
    assert (foreseen["applied"], foreseen["refusal"]) == (False, None)
    assert [row["people"] for row in data(tell(groups, {"in": place, "day": "2026-06-01"}), "groupCounts")] == [
        1,
        1,
        1,
        1,
    ]
    data(tell(VERIFY, {"id": report["id"]}), "verifyChangeReport")
    done = data(tell(APPLY, {"id": report["id"]}), "applyChangeReport")["changeReport"]
    assert done == {"id": report["id"], "status": "APPLIED", "decidedOn": "2026-06-01"}
    after = {day: data(tell(groups, {"in": place, "day": day}), "groupCounts") for day in ("2026-05-31", "2026-06-01")}
    assert [row["people"] for row in after["2026-05-31"]] == [1, 1, 1, 1]
    assert [row["people"] for row in after["2026-06-01"]] == [0, 0, 0, 0]
    left = data(
        tell("query S($id: ID!) { stay(id: $id) { dischargedOn dischargeReason status } }", {"id": lived}), "stay"
    )
    assert left == {"dischargedOn": "2026-06-01", "dischargeReason": "DECEASED", "status": "DECEASED"}
    steps = data(tell(OUTLOOK, {"id": report["id"]}), "consequences")
    assert steps["applied"]
    assert steps["steps"] == foreseen["steps"]
    ended = [(step["noun"], step["on"]) for step in steps["steps"]]
    assert ended.count(("GroupMembership", "2026-06-01")) == 2
    assert ("Stay", "2026-06-01") in ended
    assert {step["record"] for step in steps["steps"]} >= {lived, person}


def test_j9_the_same_death_found_by_matching_registers_changes_nothing_more(tell: Asker, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        elder = make.person(w)
        make.residence(w, elder.id, make.division(w).id)
        session.commit()
        person = f"Person_{elder.id}"
    told = {"kind": "DEATH", "on": "2026-05-30", "personId": person}
    first = data(tell(REPORT, {"input": told}), "reportChange")["changeReport"]
    again = data(tell(REPORT, {"input": told | {"channel": "BIG_DATA", "on": "2026-05-31"}}), "reportChange")
    assert again["changeReport"]["status"] == "DUPLICATE"
    assert again["changeReport"]["duplicateOf"] == {"id": first["id"]}
    assert [notice["code"] for notice in again["notices"]] == ["TOLD_BEFORE"]
    refused = tell(APPLY, {"id": again["changeReport"]["id"]})["data"]["applyChangeReport"]
    assert [error["code"] for error in refused["errors"]] == ["TRANSITION"]
    with Session(engine) as session:
        assert session.scalars(select(Residence.valid_to)).all() == [None]
