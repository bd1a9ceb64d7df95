"""The list people work from: what is due, since when, what to do; in pages, counted, and gone once it is done."""

from datetime import date
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import factories as make
from eldercare.registry import CalendarDay, CapacityPeriod, Facility
from eldercare.registry.census import VisitPurpose
from eldercare.registry.facility import ConditionStatus
from eldercare.registry.membership import SelfCareClass, SupportMode

LIST = """query W($kinds: [WorkKind!], $in: ID, $first: Int, $after: String, $day: Date, $late: Boolean, $how: [Severity!]) {
  workList(kinds: $kinds, division: $in, first: $first, after: $after, asOf: $day, overdueOnly: $late, severities: $how) {
    totalCount hasNextPage endCursor counts { kind count overdue }
    nodes { kind severity subject since due daysOverdue whatToDo whatToDoZh cursor facility { name } person { name } } } }"""


def listed(tell: Asker, **given: Any) -> Any:
    """The answer of the list."""
    answer = tell(LIST, given)
    assert "errors" not in answer, answer
    return answer["data"]["workList"]


@pytest.fixture
def county(engine: Engine) -> dict[str, str]:
    """A county with an unfiled home, a resident without agreement, and beds that do not add up."""
    with Session(engine) as session:
        w = make.writer(session)
        for day, working in ((date(2026, 5, 4), False), (date(2026, 5, 5), False), (date(2026, 5, 9), True)):
            w.create(CalendarDay, {"day": day, "working": working, "name": "劳动节"})
        place, other = make.division(w, name="安宁县"), make.division(w)
        home = make.facility(w, name="未备案之家", division_id=place.id, established_on=date(2026, 4, 1))
        make.phase(w, home.id, valid_from=date(2026, 4, 1))
        make.capacity(w, home.id, open=10, filed=8, designed=10, valid_from=date(2026, 4, 1))
        make.facility(w, name="消防未达标之家", division_id=other.id, fire_status=ConditionStatus.NOT_MET)
        person = make.person(w, verified_on=date(2026, 5, 20))
        make.residence(w, person.id, place.id)
        make.assessment(w, person.id)
        make.visit(w, person.id, purpose=VisitPurpose.CARE, visited_on=date(2026, 5, 20))
        make.stay(w, person.id, home.id, admitted_on=date(2026, 4, 29), agreement_number=None)
        make.membership(
            w, person.id, support_mode=SupportMode.SCATTERED, self_care=SelfCareClass.FULL, valid_from=date(2026, 1, 1)
        )
        session.commit()
        return {"in": f"Division_{place.id}", "home": f"Facility_{home.id}", "key": str(home.id)}


def test_what_is_due_is_told_with_what_to_do(tell: Asker, county: dict[str, str]) -> None:
    found = listed(tell, **{"in": county["in"]})
    told = [(each["kind"], each["due"], each["daysOverdue"]) for each in found["nodes"]]
    assert told == [
        ("SUPPORT_MODE_DISAGREES", None, None),
        ("BEDS_OVER_FILED", "2026-04-01", 61),
        ("AGREEMENT_MISSING", "2026-04-29", 33),
        # 30 April, 1, 6, 7, 8 May, Saturday 9 worked, 11, 12, 13 and 14 May; 4 and 5 May are holidays here
        ("FILING_LATE", "2026-05-14", 18),
    ]
    filing = found["nodes"][3]
    assert (filing["severity"], filing["subject"], filing["since"]) == ("URGENT", county["home"], "2026-04-29")
    assert (filing["facility"], filing["whatToDoZh"]) == (
        {"name": "未备案之家"},
        "责令机构立即办理备案并登记备案信息。",
    )
    assert found["totalCount"] == 4
    assert {row["kind"]: (row["count"], row["overdue"]) for row in found["counts"]} == {
        "AGREEMENT_MISSING": (1, 1), "BEDS_OVER_FILED": (1, 1), "FILING_LATE": (1, 1), "SUPPORT_MODE_DISAGREES": (1, 0),
    }  # fmt: skip


def test_pages_follow_each_other_and_filters_choose(tell: Asker, county: dict[str, str]) -> None:
    whole = [each["cursor"] for each in listed(tell)["nodes"]]
    first = listed(tell, first=2)
    rest = listed(tell, first=50, after=first["endCursor"])
    assert [each["cursor"] for each in (*first["nodes"], *rest["nodes"])] == whole
    assert (first["hasNextPage"], rest["hasNextPage"], first["totalCount"]) == (True, False, len(whole))
    urgent = listed(tell, how=["URGENT"])["nodes"]
    assert [each["kind"] for each in urgent] == ["FIRE_NOT_MET", "FILING_LATE"]
    assert [each["kind"] for each in listed(tell, late=True, kinds=["FILING_LATE", "FIRE_NOT_MET"])["nodes"]] == [
        "FILING_LATE"
    ]
    within_term = listed(tell, day="2026-05-10", kinds=["FILING_OPEN", "FILING_LATE"])["nodes"]
    assert [(each["kind"], each["daysOverdue"]) for each in within_term] == [("FILING_OPEN", -4)]


def test_what_was_put_right_is_gone(tell: Asker, county: dict[str, str], engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        w.correct(Facility, int(county["key"]), {"filed_on": date(2026, 5, 25)})
        period = session.query(CapacityPeriod).filter_by(facility_id=int(county["key"])).one()
        w.correct(CapacityPeriod, period.id, {"filed": 10})
        session.commit()
    kinds = [each["kind"] for each in listed(tell, **{"in": county["in"]})["nodes"]]
    assert kinds == ["SUPPORT_MODE_DISAGREES", "AGREEMENT_MISSING"]


def test_a_page_that_is_too_large_is_refused(tell: Asker) -> None:
    answer = tell("{ workList(first: 501) { totalCount } }")
    assert answer["errors"][0]["extensions"]["code"] == "PAGE_SIZE"
