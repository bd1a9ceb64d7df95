"""Who is not placed, not visited, not verified and not decided about: returns and lists with the same figures, village by village."""

from datetime import date
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import factories as make
from eldercare.registry.capacity import BedType
from eldercare.registry.census import VisitPurpose, VisitResult
from eldercare.registry.stating import state_willingness
from eldercare.registry.willingness import RefusalReason

ASK = """mutation Open($input: OpenReturnInput!) { openReturn(input: $input) { returnEdition { id failedChecks } errors { code } } }"""
PRINT = """query Print($id: ID!) { printedReturn(id: $id) { tables { code rows { cells { text } } total { cells { text } }
  checks { code holds } } } }"""
LIST = """query W($kinds: [WorkKind!], $in: ID, $day: Date) { workList(kinds: $kinds, division: $in, asOf: $day) {
  nodes { kind since due daysOverdue subject whatToDoZh division { name } } } }"""


@pytest.fixture
def place(engine: Engine) -> dict[str, Any]:
    """A town of two villages: six people in special difficulty in May, three of them met, and one public home."""
    with Session(engine) as session:
        w = make.writer(session)
        town, villages = make.town(w)
        home = make.facility(w, division_id=town.id)
        make.phase(w, home.id)
        make.capacity(w, home.id, bed_type=BedType.NURSING, open=5, filed=5, designed=5)
        people = [
            make.person(w, name=name).id for name in ("田桂英", "欧阳建国", "向志明", "覃玉兰", "李大成", "王小妹")
        ]
        for number, elder in enumerate(people):
            make.residence(w, elder, villages[number % 2].id)
            make.membership(w, elder)
            make.living(w, elder)
        make.stay(w, people[0], home.id, bed_type=BedType.NURSING)
        day = date(2026, 5, 6)
        state_willingness(w, person_id=people[1], willing=False, on=day, reason=RefusalReason.HOME)
        state_willingness(w, person_id=people[2], willing=True, on=day, planned_on=date(2026, 6, 15))
        make.application(w, people[3])
        met = (people[0], people[1], people[2])
        for elder in met:
            make.visit(w, elder, purpose=VisitPurpose.CARE, visited_on=date(2026, 5, 20))
        make.visit(w, people[3], purpose=VisitPurpose.CARE, visited_on=date(2026, 5, 21), result=VisitResult.ABSENT)
        make.census(w, town.id, name="摸底", begins_on=date(2026, 5, 15), ends_on=date(2026, 6, 10))
        session.commit()
        ids = [f"Person_{elder}" for elder in people]
        return {"in": f"Division_{town.id}", "villages": [each.name for each in villages], "people": ids}


def printed(tell: Asker, place: dict[str, Any], code: str) -> dict[str, Any]:
    """The tables of the return of May by code: each the rows of texts, with the total last."""
    given = {"code": code, "divisionId": place["in"], "period": "2026-05"}
    made = tell(ASK, {"input": given})["data"]["openReturn"]
    assert (made["errors"], made["returnEdition"]["failedChecks"]) == ([], 0)
    tables = tell(PRINT, {"id": made["returnEdition"]["id"]})["data"]["printedReturn"]["tables"]
    found = {}
    for table in tables:
        assert all(check["holds"] for check in table["checks"])
        lines = [*table["rows"], *([table["total"]] if table["total"] else [])]
        found[table["code"]] = [[cell["text"] for cell in row["cells"]] for row in lines]
    return found


def test_the_gap_list_tells_each_person_masked_with_reason_and_planned_day(tell: Asker, place: dict[str, Any]) -> None:
    tables = printed(tell, place, "INCLUSION_GAP")
    first, second = place["villages"]
    assert [[row[0], *row[2:]] for row in tables["INCLUSION"]] == [
        [first, "3", "0", "3", "1", "2", "33.33"],
        [second, "3", "1", "2", "0", "2", "0.00"],
        [None, "6", "1", "5", "1", "4", "20.00"],
    ]
    reasons = {row[0]: row[1] for row in tables["REASONS"][:-1] if row[1] != "0"}
    assert (reasons, tables["REASONS"][-1][1]) == ({"轮候中": "1", "未申请": "3"}, "4")
    assert tables["LIST"] == [
        ["向**", first, "未申请", None, "2026-06-15"],
        ["李**", first, "未申请", None, None],
        ["覃**", second, "轮候中", "2026-02-01", None],
        ["王**", second, "未申请", None, None],
    ]


def test_visits_due_done_and_missed_by_village_and_month(tell: Asker, place: dict[str, Any]) -> None:
    tables = printed(tell, place, "CARE_VISITS_MONTHLY")
    first, second = place["villages"]
    assert [[row[0], *row[2:]] for row in tables["VISITS"]] == [
        [first, "3", "2", "1", "66.67"],
        [second, "3", "1", "2", "33.33"],
        [None, "6", "3", "3", "50.00"],
    ]
    query = """query V($in: ID!) { careVisits(division: $in, asOf: "2026-05-31") { due done missed }
      indicatorValues(codes: [VISIT_MONTHLY, INCLUSION], divisions: [$in], asOf: "2026-05-31") { code numerator denominator } }"""
    data = tell(query, {"in": place["in"]})["data"]
    assert data["careVisits"] == [{"due": 6, "done": 3, "missed": 3}]
    assert data["indicatorValues"] == [
        {"code": "INCLUSION", "numerator": 1, "denominator": 5},
        {"code": "VISIT_MONTHLY", "numerator": 3, "denominator": 6},
    ]


def test_who_was_not_visited_and_where_the_census_is_not_done_is_to_be_worked_on(
    tell: Asker, place: dict[str, Any], engine: Engine
) -> None:
    listed = tell(LIST, {"kinds": ["CARE_VISIT_MISSED", "CENSUS_OPEN"], "in": place["in"]})["data"]["workList"]["nodes"]
    missed = [row for row in listed if row["kind"] == "CARE_VISIT_MISSED"]
    assert [row["subject"] for row in missed] == [place["people"][n] for n in (3, 4, 5)]
    assert {(row["since"], row["due"], row["daysOverdue"]) for row in missed} == {("2026-05-01", "2026-05-31", 1)}
    villages = [row for row in listed if row["kind"] == "CENSUS_OPEN"]
    assert [(row["division"]["name"], row["due"], row["daysOverdue"]) for row in villages] == [
        (name, "2026-06-10", -9) for name in place["villages"]
    ]
    assert {row["whatToDoZh"] for row in villages} == {"走访本村(社区)尚未核实的老年人并登记核实结果。"}
    with Session(engine) as session:
        w = make.writer(session)
        for person in (place["people"][3], place["people"][5]):
            key = int(person.removeprefix("Person_"))
            make.visit(w, key, purpose=VisitPurpose.CARE, visited_on=make.TODAY)
        session.commit()
    left = tell(LIST, {"kinds": ["CARE_VISIT_MISSED", "CENSUS_OPEN"], "in": place["in"]})["data"]["workList"]["nodes"]
    assert [(row["kind"], row["division"]["name"]) for row in left] == [
        ("CARE_VISIT_MISSED", place["villages"][0]),
        ("CENSUS_OPEN", place["villages"][0]),
    ]
    later = {"kinds": ["CENSUS_OPEN"], "in": place["in"], "day": "2026-09-09"}
    assert tell(LIST, later)["data"]["workList"]["nodes"] == [], "90 days after its end nobody can be visited for it"


def test_who_was_met_in_another_census_is_still_to_be_met_in_this_one(tell: Asker, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        town, (village, _) = make.town(w)
        elder = make.person(w)
        make.residence(w, elder.id, village.id)
        for begins, ends in ((date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 5, 20), date(2026, 6, 10))):
            make.census(w, division_id=town.id, begins_on=begins, ends_on=ends)
        make.visit(w, elder.id, visited_on=date(2026, 3, 10))
        session.commit()
        within = f"Division_{town.id}"
    found = tell(LIST, {"kinds": ["CENSUS_OPEN"], "in": within})["data"]["workList"]["nodes"]
    assert [row["due"] for row in found] == ["2026-06-10"]


def test_a_report_nobody_decided_about_is_overdue_after_ten_days(tell: Asker, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        _, (village, _) = make.town(w)
        elder = make.person(w)
        make.residence(w, elder.id, village.id)
        told = make.report(w, "DEATH", person_id=elder.id, division_id=village.id, on=date(2026, 5, 1),
                           reported_on=date(2026, 5, 12))  # fmt: skip
        session.commit()
        within, key = f"Division_{village.id}", f"ChangeReport_{told.id}"
    found = tell(LIST, {"kinds": ["REPORT_WAITING"], "in": within})["data"]["workList"]["nodes"]
    assert [(row["subject"], row["due"], row["daysOverdue"]) for row in found] == [(key, "2026-05-22", 10)]
