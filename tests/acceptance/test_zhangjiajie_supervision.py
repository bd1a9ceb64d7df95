"""Zhangjiajie: fire standards and the elimination of hidden hazards (rows J6 and J12)."""

from collections.abc import Callable
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import factories as make

Data = Callable[..., Any]


@pytest.fixture
def ask(tell: Asker) -> Data:
    """The data of an answer; an error of the request fails the test, a refusal does not."""

    def asked(query: str, **variables: Any) -> Any:
        answer = tell(query, variables)
        assert "errors" not in answer, answer
        return answer["data"]

    return asked


@pytest.fixture
def ids(engine: Engine) -> dict[str, str]:
    """A public home with beds and one resident, a private one, and somebody who seeks a place."""
    with Session(engine) as session:
        w = make.writer(session)
        county = make.division(w, name="永定区")
        home = make.facility(w, name="永定区社会福利院", division_id=county.id)
        private = make.facility(w, name="沙堤敬老院", division_id=county.id, ownership="PRIVATE_NONPROFIT")
        for each in (home, private):
            make.phase(w, each.id)
            make.capacity(w, each.id)
            make.capacity(w, each.id, bed_type="NURSING")
        people = [make.person(w) for _ in range(2)]
        for each in people:
            make.assessment(w, each.id)
        stay = make.stay(w, people[1].id, home.id, admitted_on="2026-01-05", agreement_number="A1")
        session.commit()
        return {
            "county": f"Division_{county.id}",
            "home": f"Facility_{home.id}",
            "private": f"Facility_{private.id}",
            "person": f"Person_{people[0].id}",
            "stay": f"Stay_{stay.id}",
        }


ADMIT = """mutation M($who: ID!, $home: ID!, $on: Date!) { admit(input: {personId: $who, facilityId: $home, bedType: ORDINARY, on: $on,
  agreementNumber: "A2"}) { stay { id } errors { code message remedy } } }"""
CREATE = """mutation M($who: ID!, $home: ID!, $on: Date!) { createStay(input: {personId: $who, facilityId: $home, bedType: ORDINARY,
  admittedOn: $on, agreementNumber: "A2"}) { stay { id } errors { code } } }"""


def test_j6_a_facility_that_fails_the_fire_standard_admits_nobody(ask: Data, ids: dict[str, str]) -> None:
    fire = """mutation M($home: ID!, $status: ConditionStatus!, $on: Date!) { setFireSafety(input: {facilityId: $home, status: $status,
      on: $on, reason: "自动喷水灭火系统缺失"}) { errors { code } } }"""
    for home in (ids["home"], ids["private"]):
        assert ask(fire, home=home, status="NOT_MET", on="2026-05-01")["setFireSafety"]["errors"] == []
    who = {"who": ids["person"], "home": ids["home"]}
    refused = ask(ADMIT, **who, on="2026-05-10")["admit"]["errors"][0]
    assert (refused["code"], "setFireSafety" in refused["remedy"]) == ("FIRE_STANDARD_NOT_MET", True)
    assert ask(CREATE, **who, on="2026-05-10")["createStay"]["errors"] == [{"code": "FIRE_STANDARD_NOT_MET"}]
    query = """query Q($on: Date) { facilities(asOf: $on, filter: {public: {eq: true}, fireStatus: {eq: NOT_MET}}) { nodes { name
      admissionsBlocked fireSafety { nodes { reason } } } } safetyFigures(asOf: $on) { facilities fireMet fireNotMet fireRate 
      admissionsBlocked } }"""
    found = ask(query, on="2026-05-10")
    assert found["facilities"]["nodes"] == [
        {
            "name": "永定区社会福利院",
            "admissionsBlocked": True,
            "fireSafety": {"nodes": [{"reason": "自动喷水灭火系统缺失"}]},
        }
    ]
    figures = {"facilities": 2, "fireMet": 0, "fireNotMet": 2, "fireRate": 0.0, "admissionsBlocked": 2}
    assert found["safetyFigures"] == figures
    before = ask(query, on="2026-04-30")
    assert (before["facilities"]["nodes"], before["safetyFigures"]["admissionsBlocked"]) == ([], 0)
    # who lives there may move to another bed and may leave
    move = """mutation M($stay: ID!, $home: ID!) { transfer(input: {stayId: $stay, facilityId: $home, bedType: NURSING,
      on: "2026-05-12"}) { stay { id } errors { code } } }"""
    moved = ask(move, stay=ids["stay"], home=ids["home"])["transfer"]
    assert moved["errors"] == []
    leave = 'mutation M($stay: ID!) { discharge(input: {stayId: $stay, on: "2026-05-20", reason: WENT_HOME}) { errors { code } } }'
    assert ask(leave, stay=moved["stay"]["id"])["discharge"]["errors"] == []
    assert ask(fire, home=ids["home"], status="MET", on="2026-05-25")["setFireSafety"]["errors"] == []
    assert ask(ADMIT, **who, on="2026-05-25")["admit"]["errors"] == []


REPORT = """mutation M($home: ID!, $level: HazardLevel!, $major: Boolean, $heading: MajorHeading, $on: Date!) { reportHazard(input: {
  facilityId: $home, level: $level, on: $on, category: FIRE, major: $major, heading: $heading}) { hazard { id dueOn state }
  errors { code } } }"""


def test_j12_the_level_of_a_hazard_says_when_it_is_due(ask: Data, ids: dict[str, str]) -> None:
    due = {
        level: ask(REPORT, home=ids["home"], level=level, on="2026-05-01")["reportHazard"]["hazard"]["dueOn"]
        for level in ("RED", "ORANGE", "YELLOW", "BLUE")
    }
    assert due == {"RED": "2026-05-02", "ORANGE": "2026-05-04", "YELLOW": "2026-05-08", "BLUE": "2026-05-16"}
    query = """query Q($on: Date) { hazards(asOf: $on, filter: {overdue: {eq: true}}) { nodes { level overdueDays } }
      hazardLedger(asOf: $on, begins: "2026-05-01") { level found due open overdue longestOverdue rectifyRate } }"""
    found = ask(query, on="2026-05-06")
    assert found["hazards"]["nodes"] == [{"level": "RED", "overdueDays": 4}, {"level": "ORANGE", "overdueDays": 2}]
    rows = {row["level"]: row for row in found["hazardLedger"]}
    late = {"found": 1, "due": 1, "open": 1, "overdue": 1, "rectifyRate": 0.0}
    assert rows["RED"] == {"level": "RED", **late, "longestOverdue": 4}
    not_yet = {"found": 1, "due": 0, "open": 1, "overdue": 0, "longestOverdue": 0, "rectifyRate": None}
    assert rows["BLUE"] == {"level": "BLUE", **not_yet}


def test_j12_a_major_hazard_blocks_admissions_until_a_review_finds_it_gone(ask: Data, ids: dict[str, str]) -> None:
    headless = ask(REPORT, home=ids["home"], level="RED", major=True, on="2026-05-01")["reportHazard"]["errors"]
    assert headless == [{"code": "HEADING_MISSING"}]
    given = {"home": ids["home"], "level": "RED", "major": True, "heading": "KEY_FACILITIES", "on": "2026-05-01"}
    hazard = ask(REPORT, **given)["reportHazard"]["hazard"]["id"]
    who = {"who": ids["person"], "home": ids["home"]}
    assert ask(ADMIT, **who, on="2026-05-02")["admit"]["errors"][0]["code"] == "MAJOR_HAZARD_OPEN"
    start = """mutation M($id: ID!, $on: Date!) { startRectification(input: {hazardId: $id, on: $on}) { errors { code } } }"""
    finish = """mutation M($id: ID!, $on: Date!) { finishRectification(input: {hazardId: $id, on: $on, measure: "更换报警主机"}) {
      errors { code } } }"""
    review = """mutation M($id: ID!, $on: Date!, $ok: Boolean!) { reviewRectification(input: {hazardId: $id, on: $on, passed: $ok}) {
      hazard { state closedOn } errors { code } } }"""
    archive = 'mutation M($id: ID!) { archiveHazard(input: {hazardId: $id, on: "2026-05-30"}) { errors { code } } }'
    assert ask(review, id=hazard, on="2026-05-03", ok=True)["reviewRectification"]["errors"] == [
        {"code": "HAZARD_STATE"}
    ]
    close = 'mutation M($id: ID!) { correctHazard(id: $id, input: {closedOn: "2026-05-03"}) { errors { code } } }'
    assert ask(close, id=hazard)["correctHazard"]["errors"] == [{"code": "CLOSED_UNREVIEWED"}]
    assert ask(archive, id=hazard)["archiveHazard"]["errors"] == [{"code": "HAZARD_STATE"}]
    for begun, done, seen, ok in (
        ("2026-05-03", "2026-05-05", "2026-05-06", False),
        ("2026-05-07", "2026-05-10", "2026-05-12", True),
    ):
        assert ask(start, id=hazard, on=begun)["startRectification"]["errors"] == []
        assert ask(finish, id=hazard, on=done)["finishRectification"]["errors"] == []
        assert ask(review, id=hazard, on=seen, ok=ok)["reviewRectification"]["errors"] == []
    query = "query Q($id: ID!, $on: Date) { hazard(id: $id, asOf: $on) { state overdueDays } }"
    days = ("2026-05-02", "2026-05-04", "2026-05-05", "2026-05-06", "2026-05-07", "2026-05-11", "2026-05-12")
    found = [ask(query, id=hazard, on=day)["hazard"] for day in days]
    assert [each["state"] for each in found] == [
        "PENDING_RECTIFY",
        "RECTIFYING",
        "PENDING_REVIEW",
        "RECTIFYING",
        "RECTIFYING",
        "PENDING_REVIEW",
        "CLOSED",
    ]
    assert [each["overdueDays"] for each in found] == [0, 2, 3, 4, 5, 9, 10]
    assert ask(ADMIT, **who, on="2026-05-11")["admit"]["errors"][0]["code"] == "MAJOR_HAZARD_OPEN"
    assert ask(ADMIT, **who, on="2026-05-12")["admit"]["errors"] == []
    assert ask(archive, id=hazard)["archiveHazard"]["errors"] == []
    assert ask(query, id=hazard, on="2026-06-01")["hazard"] == {"state": "ARCHIVED", "overdueDays": 10}
