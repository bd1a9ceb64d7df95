"""Returns through the API: drawn up, handed in, put right beside the old edition, and the same a year later."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.testclient import TestClient

import factories as make
from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Executor
from eldercare.api.schema import Api
from eldercare.registry import FacilityStatement, Stay
from eldercare.registry.audit import Action, AuditEvent
from eldercare.registry.division import Level
from eldercare.registry.facility import FacilityKind
from eldercare.registry.membership import SelfCareClass, SupportMode
from eldercare.registry.person import Sex
from eldercare.reporting.paper import take_away
from eldercare.security.principal import Principal, Role
from eldercare.web.exports import export_routes


@dataclass
class Clock:
    """The day of the requests."""

    day: date = make.TODAY


@pytest.fixture
def clock() -> Clock:
    """A clock that a test may move."""
    return Clock()


@pytest.fixture
def tell(api: Api, engine: Engine, database_url: str, clock: Clock) -> Iterator[Asker]:
    """Asks an empty registry on the clock's day."""
    loop = asyncio.new_event_loop()
    services = {"keys": make.KEYS}
    executor = Executor(api, open_reads(database_url, size=2), engine, today=lambda: clock.day, services=services)
    yield Asker(loop, executor)
    loop.run_until_complete(executor.reads.close())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


@pytest.fixture
def county(engine: Engine) -> dict[str, Any]:
    """A county of two towns: a home with 20 beds, five extremely poor people of different ages, three of them in the home."""
    with Session(engine) as session:
        w = make.writer(session)
        top = make.division(w, name="安宁县")
        towns = [
            make.division(w, code=f"99010110{n}000", level=Level.TOWN, name=name, parent_id=top.id)
            for n, name in enumerate(["东街道", "西镇"])
        ]
        home = make.facility(w, name="西镇敬老院", kind=FacilityKind.TOWN_HOME, division_id=towns[1].id)
        make.phase(w, home.id)
        make.capacity(w, home.id, open=20, filed=20, designed=20)
        people = []
        for born, town, central, care in PEOPLE:
            person = make.person(w, birth_date=born, sex=Sex.MALE)
            make.residence(w, person.id, towns[town].id)
            mode = SupportMode.CENTRALISED if central else SupportMode.SCATTERED
            make.membership(w, person.id, support_mode=mode, self_care=care)
            if central:
                make.stay(w, person.id, home.id)
            people.append(person.id)
        session.commit()
        return {"county": f"Division_{top.id}", "home": f"Facility_{home.id}", "people": people}


FULL, PARTIAL, NONE = SelfCareClass
PEOPLE = [
    (date(1966, 4, 1), 0, False, FULL),  # 59 on the last day of March 2026
    (date(1966, 3, 31), 0, False, FULL),  # 60 on that day
    (date(1946, 3, 31), 1, True, PARTIAL),  # 80 on that day
    (date(1946, 4, 1), 1, True, NONE),  # still 79
    (date(1940, 5, 6), 1, True, NONE),
]
OPEN = """mutation Open($input: OpenReturnInput!) { openReturn(input: $input) {
  returnEdition { id edition status asOf failedChecks contentHash position compiler } errors { code message path } } }"""
PRINT = """query Print($id: ID!) { printedReturn(id: $id) { edition { edition status } corrected { id edition }
  tables { code zh columns { name zh } rows { key cells { column text number } } total { cells { column text } }
    checks { code holds row expected found } }
  differences { table row column old new change } } }"""
CORRECT = """mutation Correct($input: CorrectReturnInput!) { correctReturn(input: $input) {
  returnEdition { id edition status } errors { code } } }"""
SUBMIT = """mutation Submit($input: SubmitReturnInput!) { submitReturn(input: $input) {
  returnEdition { status submittedOn submittedBy reason } errors { code message } } }"""


def answered(tell: Asker, query: str, name: str, **given: Any) -> Any:
    """The payload of a mutation, without errors of its own."""
    answer = tell(query, {"input": given})
    assert "errors" not in answer, answer
    assert answer["data"][name]["errors"] == []
    return answer["data"][name]["returnEdition"]


def opened(tell: Asker, county: dict[str, Any], code: str = "EXTREMELY_POOR_QUARTERLY", period: str = "2026-Q1") -> Any:
    return answered(tell, OPEN, "openReturn", code=code, divisionId=county["county"], period=period)


def printed(tell: Asker, key: str) -> Any:
    answer = tell(PRINT, {"id": key})
    assert "errors" not in answer, answer
    return answer["data"]["printedReturn"]


def line(table: Any, place: int | None = None) -> dict[str, Any]:
    """A row of a printed table by column, or its total."""
    row = table["total"] if place is None else table["rows"][place]
    return {cell["column"]: cell["text"] for cell in row["cells"]}


def test_ages_are_half_open_and_the_sums_come_out(tell: Asker, county: dict[str, Any]) -> None:
    edition = opened(tell, county)
    assert edition | {"id": "", "contentHash": "", "position": ""} == {
        "id": "", "edition": 1, "status": "DRAFT", "asOf": "2026-03-31", "failedChecks": 0, "contentHash": "",
        "position": "", "compiler": "system",
    }  # fmt: skip
    tables = {table["code"]: table for table in printed(tell, edition["id"])["tables"]}
    assert [*tables] == ["URBAN_CENTRALISED", "RURAL_CENTRALISED", "URBAN_SCATTERED", "RURAL_SCATTERED"]
    ages = ("age_0", "age_16", "age_60", "age_80")
    scattered, central = line(tables["RURAL_SCATTERED"]), line(tables["RURAL_CENTRALISED"])
    assert [scattered[name] for name in ages] == ["0", "1", "1", "0"]
    assert [central[name] for name in ages] == ["0", "0", "1", "2"]
    assert [central[name] for name in ("people", "supported", "full", "partial", "none")] == ["5", "3", "0", "1", "2"]
    assert line(tables["RURAL_CENTRALISED"], 1)["division"] == "西镇"
    assert all(check["holds"] for table in tables.values() for check in table["checks"])


def test_what_entered_less_what_left_is_the_difference_of_two_quarters(
    tell: Asker, county: dict[str, Any], engine: Engine
) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        new = make.person(w, birth_date=date(1950, 1, 1))
        make.residence(w, new.id, int(county["county"].removeprefix("Division_")))
        make.membership(
            w, new.id, valid_from=date(2026, 2, 1), support_mode=SupportMode.SCATTERED, self_care=SelfCareClass.FULL
        )
        w.correct(type(new), county["people"][0], {"deceased_on": date(2026, 3, 1)})
        session.commit()
    table = printed(tell, opened(tell, county)["id"])["tables"][3]
    flow = {name: line(table)[name] for name in ("opening", "entered", "left", "supported")}
    assert flow == {"opening": "2", "entered": "1", "left": "1", "supported": "2"}
    assert [line(table, n)["division"] for n in range(3)] == ["东街道", "西镇", "安宁县"]


def test_a_missing_class_of_self_care_is_shown_and_must_be_explained(
    tell: Asker, county: dict[str, Any], engine: Engine
) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        person = make.person(w, birth_date=date(1950, 1, 1))
        make.residence(w, person.id, int(county["county"].removeprefix("Division_")))
        make.membership(w, person.id, support_mode=SupportMode.SCATTERED)
        session.commit()
    edition = opened(tell, county)
    assert edition["failedChecks"] == 2
    wrong = [c for c in printed(tell, edition["id"])["tables"][3]["checks"] if not c["holds"]]
    assert [(c["code"], c["row"], c["expected"], c["found"]) for c in wrong] == [
        ("SELF_CARE", "安宁县", 1, 0), ("SELF_CARE", "合计 total", 3, 2)
    ]  # fmt: skip
    refusal = tell(SUBMIT, {"input": {"editionId": edition["id"]}})["data"]["submitReturn"]
    assert [error["code"] for error in refusal["errors"]] == ["CHECKS_FAIL"]
    done = answered(tell, SUBMIT, "submitReturn", editionId=edition["id"], reason="one assessment is on its way")
    assert done["status"] == "SUBMITTED"
    assert done["reason"] == "one assessment is on its way"


def test_an_edition_shows_the_same_numbers_a_year_later_and_a_corrected_one_shows_both(
    tell: Asker, county: dict[str, Any], engine: Engine, clock: Clock
) -> None:
    first = opened(tell, county, "FACILITY_MONTHLY", "2026-03")
    before = printed(tell, first["id"])
    answered(tell, SUBMIT, "submitReturn", editionId=first["id"])
    with Session(engine) as session:  # somebody had left in January, which was found out later
        w = make.writer(session, today=date(2027, 5, 1))
        stay = session.scalars(select(Stay).where(Stay.person_id == county["people"][4])).one()
        w.end(Stay, stay.id, date(2026, 1, 15), also={"discharge_reason": "WENT_HOME"})
        session.commit()
    clock.day = date(2027, 6, 1)
    assert printed(tell, first["id"])["tables"] == before["tables"]
    second = answered(tell, CORRECT, "correctReturn", editionId=first["id"], reason="a discharge was recorded late")
    both = printed(tell, second["id"])
    assert (both["edition"]["edition"], both["corrected"]) == (2, {"id": first["id"], "edition": 1})
    changed = {(d["row"], d["column"]): (d["old"], d["new"], d["change"]) for d in both["differences"]}
    assert changed[county["home"], "residents"] == ("3", "2", -1)
    assert changed[county["home"], "occupancy"] == ("15.00", "10.00", -5)
    assert printed(tell, first["id"])["tables"] == before["tables"]
    again = tell(CORRECT, {"input": {"editionId": first["id"], "reason": "again"}})["data"]["correctReturn"]
    assert again["errors"] == [{"code": "ALREADY_CORRECTED"}]


def test_homes_have_neither_of_the_two_known_defects(tell: Asker, county: dict[str, Any], engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        second = make.facility(
            w, kind=FacilityKind.TOWN_HOME, division_id=int(county["county"].removeprefix("Division_"))
        )
        make.capacity(w, second.id, open=10, filed=10, designed=10)
        poor = make.person(w, birth_date=date(1950, 1, 1))
        make.residence(w, poor.id, int(county["county"].removeprefix("Division_")))
        make.membership(
            w, poor.id, support_mode=SupportMode.CENTRALISED, self_care=SelfCareClass.FULL, valid_from=date(2020, 1, 1)
        )
        make.stay(w, poor.id, second.id)
        for facility, standard in ((int(county["home"].removeprefix("Facility_")), 1_200_000), (second.id, 800_000)):
            w.create(FacilityStatement, {"facility_id": facility, "year": 2025, "support_standard": standard})
        session.commit()
    one, two = printed(tell, opened(tell, county, "HOMES_ANNUAL", "2025")["id"])["tables"]
    total = line(one)
    # the exporter printed the occupied beds in the column of the rate
    assert (total["occupied"], total["poor"], total["central"], total["central_rate"]) == ("4", "6", "4", "66.67")
    # and added the standards up: 12,000 + 8,000; three people at 12,000 and one at 8,000 are 11,000 on average
    assert [line(two, n)["support_standard"] for n in range(3)] == [None, "12000.00", "8000.00"]
    assert line(two)["support_standard"] == "11000.00"


def test_a_return_is_drawn_up_once_for_a_period_that_has_begun(tell: Asker, county: dict[str, Any]) -> None:
    for given, code in (
        ({"period": "2026-01"}, "PERIOD"),
        ({"period": "2026-Q3"}, "PERIOD_NOT_BEGUN"),
        ({"period": "2026-Q1", "asOf": "2025-12-31"}, "PERIOD_NOT_BEGUN"),
    ):
        wrong = {"code": "EXTREMELY_POOR_QUARTERLY", "divisionId": county["county"], **given}
        found = tell(OPEN, {"input": wrong})["data"]["openReturn"]["errors"]
        assert [each["code"] for each in found] == [code]
    opened(tell, county)
    values = {"code": "EXTREMELY_POOR_QUARTERLY", "divisionId": county["county"], "period": "2026-Q1"}
    again = tell(OPEN, {"input": values})["data"]["openReturn"]
    assert [each["code"] for each in again["errors"]] == ["RETURN_EXISTS"]
    mutations = tell.executor.api.schema.mutation_type.fields  # type: ignore[union-attr]
    assert {name for name in mutations if "ReturnEdition" in name} == set()


def test_the_files_of_an_edition_go_to_those_who_may_export_and_leave_a_trace(
    tell: Asker, county: dict[str, Any], engine: Engine
) -> None:
    edition = opened(tell, county)["id"]
    nobody = Principal("reader", Role.CITY_ADMIN, int(county["county"].removeprefix("Division_")))
    people = {"": nobody, "Bearer x": replace(nobody, id="王局", scopes=frozenset({"export"}))}

    async def authenticate(headers: Any, _address: str) -> Principal:
        return people[headers.get(b"authorization", "")]

    with TestClient(Starlette(routes=export_routes(partial(take_away, engine), authenticate))) as client:
        refused = client.get(f"/returns/{edition}.csv")
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (403, "SCOPE_EXPORT")
        bearer = {"authorization": "Bearer x"}
        taken = client.get(f"/returns/{edition}.csv?bom=0", headers=bearer)
        assert taken.text.startswith("特困人员救助供养对象综合统计表")
        assert "打印人 printed by 王局 " in taken.text
        assert client.get(f"/returns/{edition}.xlsx", headers=bearer).content[:2] == b"PK"
        statuses = [
            client.get(f"/returns/{name}", headers=bearer).status_code
            for name in ("ReturnEdition_9.csv", "x.csv", f"{edition}.pdf")
        ]
        assert statuses == [404, 400, 400]
    with Session(engine) as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == Action.EXPORT)).all()
        assert [(each.principal, each.noun, each.reason) for each in events] == [
            ("王局", "return_edition", "csv file of a return"), ("王局", "return_edition", "xlsx file of a return"),
        ]  # fmt: skip
