"""Indicators over the demonstration: the check values of the published texts, each on its basis (rows X8, Z1, Z3, Z14, Z16, Y3)."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import factories as make
from eldercare.api.compiler.run import open_reads
from eldercare.api.execute import Executor
from eldercare.api.schema import Api
from eldercare.kit.clock import today

XIAOSHAN, SHIJIAZHUANG, MIANYANG = "330109000000", "130100000000", "510700000000"
DISTRICTS = ("130102", "130104", "130105", "130107", "130108", "130109", "130110", "130111", "130171", "130172")


@pytest.fixture(scope="module")
def read(api: Api, demonstration_url: str, demonstration_engine: Engine) -> Iterator[Asker]:
    """Asks the demonstration registry."""
    loop = asyncio.new_event_loop()
    executor = Executor(api, open_reads(demonstration_url, size=2), demonstration_engine, today=today)
    yield Asker(loop, executor)
    loop.run_until_complete(executor.reads.close())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()


QUERY = """query V($codes: [IndicatorCode!]!, $in: [ID!], $day: Date, $basis: Basis, $variants: [String!]) {
  indicatorValues(codes: $codes, divisions: $in, asOf: $day, basis: $basis, variants: $variants) {
    code variant basis numerator denominator value quality division { name } figure { value unit } } }"""


def values(read: Asker, codes: list[str], where: list[str], day: str, **more: Any) -> list[dict[str, Any]]:
    """The rows of indicators."""
    answer = read(QUERY, {"codes": codes, "in": where, "day": day, **more})
    assert "errors" not in answer, answer
    found: list[dict[str, Any]] = answer["data"]["indicatorValues"]
    return found


def told(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["code"], row["basis"], row["numerator"], row["denominator"], row["value"]


def test_x8_occupancy_of_xiaoshan_is_residents_over_beds(read: Asker) -> None:
    rows = values(read, ["OCC_END"], [XIAOSHAN], "2020-05-19")
    assert [told(row) for row in rows] == [
        ("OCC_END", "RECORDS", 575, 1649, 34.87),
        ("OCC_END", "REPORTED", None, None, 34.87),
        ("OCC_END", "RECORDS", 575, 1649, 34.87),
    ]
    assert [row["variant"] for row in rows] == ["", "", "OPEN"]


def test_z1_and_z16_shijiazhuang_has_its_published_values_and_the_two_bases_are_never_mixed(read: Asker) -> None:
    codes = ["AGEING_60", "BEDS_1000", "FACILITIES", "OCC_END"]
    rows = values(read, codes, [SHIJIAZHUANG], "2018-01-01", basis="REPORTED")
    assert [told(row) for row in rows] == [
        ("AGEING_60", "REPORTED", None, None, 18.11),
        ("BEDS_1000", "REPORTED", 32916, 1765000, 18.65),
        ("FACILITIES", "REPORTED", 213, None, 213),
        ("FACILITIES", "REPORTED", None, None, 213),
        ("OCC_END", "REPORTED", 15872, 32916, 48.22),
        ("OCC_END", "REPORTED", None, None, 48.2),
    ]
    records = values(read, ["OCC_END", "FACILITIES"], [SHIJIAZHUANG], "2018-01-01", basis="RECORDS", variants=[""])
    assert [told(row) for row in records] == [
        ("FACILITIES", "RECORDS", 213, None, 213),
        ("OCC_END", "RECORDS", 15872, 32916, 48.22),
    ]


def test_z1_the_share_of_the_old_implies_the_whole_population(read: Asker) -> None:
    rows = values(read, ["AGEING_60", "PEOPLE_60"], [SHIJIAZHUANG], "2018-01-01", basis="REPORTED")
    share, people = rows[0]["value"], rows[1]["value"]
    assert (round(people * 100 / share), round(share - 16.1, 2)) == (9745997, 2.01)


def test_z3_every_street_of_the_ten_districts_has_a_comprehensive_centre(read: Asker) -> None:
    where = [f"{district}000000" for district in DISTRICTS]
    rows = values(read, ["TOWN_COVERAGE"], where, "2018-01-01", basis="RECORDS", variants=["HOME_CARE_COMPREHENSIVE"])
    assert [row["value"] for row in rows] == [100] * 10
    assert sum(row["numerator"] for row in rows) == sum(row["denominator"] for row in rows)


def test_z14_the_services_of_2017_from_reports(read: Asker) -> None:
    codes = ["COST_PER_SERVICE", "SERVICES_PER_CAPITA"]
    rows = values(read, codes, [SHIJIAZHUANG], "2017-12-31", basis="REPORTED")
    assert [told(row) for row in rows] == [
        ("COST_PER_SERVICE", "REPORTED", 5792700, 204623, 28.31),
        ("SERVICES_PER_CAPITA", "REPORTED", 204623, 15273, 13.4),
    ]


def test_y3_a_figure_that_cannot_be_true_is_listed_and_stands_outside(read: Asker) -> None:
    (row,) = values(read, ["PEOPLE_60"], [MIANYANG], "2018-10-12", basis="REPORTED")
    assert (row["value"], row["quality"], row["figure"]) == (
        None, "IMPLAUSIBLE", {"value": 10_000_000, "unit": "person"}
    )  # fmt: skip


def test_a_series_follows_the_days_and_an_unknown_divisor_gives_no_value(read: Asker) -> None:
    query = """{ indicatorValues(codes: [OCC_END], divisions: ["330109000000", "510700000000"], variants: [""], basis: RECORDS,
      dates: ["2000-01-01", "2020-05-19"]) { day value division { name } } }"""
    found = {(row["division"]["name"], row["day"]): row["value"] for row in read(query)["data"]["indicatorValues"]}
    assert found["萧山区", "2020-05-19"] == 34.87
    assert found["萧山区", "2000-01-01"] is None


def test_progress_tells_what_is_missing_and_on_which_basis(read: Asker) -> None:
    query = """{ indicatorProgress(divisions: ["130100000000", "330109000000"], asOf: "2020-06-01") {
      code targetValue value gap met basis target { plan } } }"""
    rows = {row["code"]: row for row in read(query)["data"]["indicatorProgress"]}
    assert (rows["TOWN_COVERAGE"]["targetValue"], rows["TOWN_COVERAGE"]["basis"]) == (100, "RECORDS")
    assert rows["TOWN_COVERAGE"]["gap"] == pytest.approx(100 - rows["TOWN_COVERAGE"]["value"])
    assert set(rows) == {"INCLUSION", "TOWN_COVERAGE"}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [("codes: [BEDS]", "WHERE"), ('codes: [BEDS], divisions: ["x"]', "BAD_ID"), ("codes: []", "EMPTY_LIST")],
)
def test_what_cannot_be_answered_is_told(read: Asker, arguments: str, code: str) -> None:
    answer = read(f"{{ indicatorValues({arguments}) {{ value }} }}")
    assert answer["errors"][0]["extensions"]["code"] == code


PROGRESS = """query P($in: [ID!]!, $day: Date, $plan: String) { indicatorProgress(codes: [NURSING_SHARE], divisions: $in, asOf: $day, plan: $plan) {
  year targetValue value gap met basis target { plan } } }"""


def test_each_plan_sets_its_own_target_and_is_compared_on_its_own_days(tell: Asker, engine: Engine) -> None:
    """The 14th plan ended in 2025; the values of the 15th are entered as rows when they are known."""
    with Session(engine) as session:
        w = make.writer(session)
        nation = make.division(w, code="000000000000", level="NATION", name="全国")
        home = make.facility(w, division_id=nation.id)
        for beds, ordinary, begins, ends in ((10, 10, "2010-01-01", "2026-03-01"), (14, 6, "2026-03-01", None)):
            for kind, count in (("NURSING", beds), ("ORDINARY", ordinary)):
                known = {"open": count, "filed": count, "designed": count, "valid_from": begins, "valid_to": ends}
                make.capacity(w, home.id, bed_type=kind, **known)
        session.commit()
        where = f"Division_{nation.id}"

    def made(noun: str, given: str) -> str:
        field = noun[0].lower() + noun[1:]
        query = f"mutation {{ create{noun}(input: {{{given}}}) {{ {field} {{ id }} errors {{ code message }} }} }}"
        payload = tell(query)["data"][f"create{noun}"]
        assert payload["errors"] == []
        return str(payload[field]["id"])

    share = made(
        "Indicator",
        'code: "NURSING_SHARE", edition: 1, name: "Share of nursing beds", nameZh: "护理型床位占比", unit: "%", '
        'formula: "nursing beds / institutional beds", numerator: "nursing beds", denominator: "beds", decimals: 1, '
        'basis: RECORDS, validFrom: "2016-01-01"',
    )
    target = f'indicatorId: "{share}", divisionId: "{where}", comparator: AT_LEAST'
    made(
        "IndicatorTarget",
        f'{target}, year: 2025, value: 55, plan: "14", validFrom: "2021-01-01", validTo: "2026-01-01"',
    )
    made("IndicatorTarget", f'{target}, year: 2030, value: 65, plan: "15", validFrom: "2026-01-01"')

    def told(day: str, **given: str) -> list[tuple[Any, ...]]:
        rows = tell(PROGRESS, {"in": [where], "day": day, **given})["data"]["indicatorProgress"]
        names = ("year", "targetValue", "value", "gap", "met", "basis")
        return [(row["target"]["plan"], *(row[name] for name in names)) for row in rows]

    assert told("2020-12-31") == []
    assert told("2025-12-31") == [("14", 2025, 55, 50, 5, False, "RECORDS")]
    assert told("2026-01-01") == [("15", 2030, 65, 50, 15, False, "RECORDS")]
    assert told("2026-03-01") == [("15", 2030, 65, 70, -5, True, "RECORDS")]
    assert told("2025-12-31", plan="15") == []
    made("IndicatorTarget", f'{target}, year: 2027, value: 60, plan: "15, mid-term", validFrom: "2026-01-01"')
    assert [row[:3] for row in told("2026-03-01")] == [("15, mid-term", 2027, 60), ("15", 2030, 65)]
