"""The four cities have something true to look at of the dynamic update, and it adds up."""

from demonstrated import Ask

CITY = "430800000000"
FIVE = "[LIVING_ALONE, LONELY, DISABLED_ABILITY, DEMENTIA, EXTREMELY_POOR]"


def test_reports_came_by_every_channel_and_stand_in_every_state(ask: Ask) -> None:
    data = ask("""{ states: changeReportSummary(groupBy: [STATUS]) { status count }
      channels: changeReportSummary(groupBy: [CHANNEL]) { channel }
      changeReports(filter: {status: {eq: DUPLICATE}}) { nodes { kind duplicateOf { status kind } } } }""")
    counts = {row["status"]: row["count"] for row in data["states"]}
    assert counts == {"REPORTED": 24, "VERIFIED": 10, "APPLIED": 8, "REJECTED": 7, "DUPLICATE": 1}
    assert {row["channel"] for row in data["channels"]} == {"VILLAGE", "BIG_DATA", "SELF", "IMPORT"}
    assert data["changeReports"]["nodes"] == [{"kind": "DEATH", "duplicateOf": {"status": "APPLIED", "kind": "DEATH"}}]


def test_the_death_ended_everything_under_one_report(ask: Ask) -> None:
    query = "{ changeReports(filter: {kind: {eq: DEATH}, status: {eq: APPLIED}}) { nodes { id decidedOn } } }"
    (report,) = ask(query)["changeReports"]["nodes"]
    assert report["decidedOn"] == "2018-12-11"
    told = ask("query ($id: ID!) { consequences(report: $id) { applied steps { noun on } } }", id=report["id"])
    steps = told["consequences"]["steps"]
    assert told["consequences"]["applied"]
    assert {step["on"] for step in steps} == {"2018-12-08"}
    assert {step["noun"] for step in steps} == {
        "Stay", "GroupMembership", "Residence", "LivingArrangement", "Person",
    }  # fmt: skip


def test_the_base_number_adds_up_from_the_villages_to_the_city(ask: Ask) -> None:
    query = """query ($in: ID!, $groups: [GroupCategory!]) {
      whole: groupCounts(division: $in, asOf: "2018-12-06", categories: $groups) { category people }
      villages: groupCounts(division: $in, asOf: "2018-12-06", categories: $groups, level: VILLAGE) { category people } }"""
    data = ask(query, **{"in": CITY}, groups=FIVE.strip("[]").split(", "))
    whole = {row["category"]: row["people"] for row in data["whole"]}
    sums = dict.fromkeys(whole, 0)
    for row in data["villages"]:
        sums[row["category"]] += row["people"]
    assert sums == whole
    assert min(whole.values()) > 30


def test_the_census_goes_on_and_who_is_overdue_gets_fewer(ask: Ask) -> None:
    (campaign,) = ask("{ censuses { nodes { id beginsOn endsOn } } }")["censuses"]["nodes"]
    query = """query ($id: ID!, $in: ID!, $day: Date) {
      censusProgress(census: $id, asOf: $day) { people visited toVisit }
      towns: censusProgress(census: $id, asOf: $day, level: TOWN) { people visited toVisit }
      freshness(division: $in, asOf: $day) { people overdue } }"""
    overdue = []
    for day in ("2018-11-15", "2018-12-06", "2018-12-31"):
        data = ask(query, id=campaign["id"], day=day, **{"in": CITY})
        (whole,) = data["censusProgress"]
        for name in ("people", "visited", "toVisit"):
            assert sum(row[name] for row in data["towns"]) == whole[name]
        assert {row["toVisit"] == 0 for row in data["towns"]} == {True, False}
        overdue.append(data["freshness"][0]["overdue"])
    assert overdue == sorted(overdue, reverse=True)
    assert len(set(overdue)) == 3


def test_the_gap_of_inclusion_has_its_reasons_and_refusals(ask: Ask) -> None:
    query = """query ($in: ID!) { inclusion(division: $in, asOf: "2018-12-06") { eligible unwilling willing placed gap }
      inclusionGap(division: $in, asOf: "2018-12-06") { reason plannedOn } }"""
    data = ask(query, **{"in": CITY})
    assert data["inclusion"] == [{"eligible": 91, "unwilling": 8, "willing": 83, "placed": 45, "gap": 38}]
    reasons = [row["reason"] for row in data["inclusionGap"]]
    assert len(reasons) == 38
    assert {"OFFERED", "REFUSED_BED", "WAITING", "NO_BED", "IN_PROCESS", "NO_APPLICATION"} == set(reasons)
    assert [row["plannedOn"] for row in data["inclusionGap"] if row["plannedOn"]] == ["2018-12-20"] * 3


def test_people_in_special_difficulty_were_visited_in_two_months_in_each_city(ask: Ask) -> None:
    query = "query ($in: ID!, $day: Date) { careVisits(division: $in, asOf: $day) { due done missed } }"
    for place, days in {
        "430800000000": ("2018-11-30", "2018-12-31"),
        "330109100000": ("2020-04-30", "2020-05-19"),
        "510703000000": ("2018-09-30", "2018-10-12"),
        "130102000000": ("2017-11-30", "2017-12-31"),
    }.items():
        for day in days:
            (row,) = ask(query, day=day, **{"in": place})["careVisits"]
            assert 0 < row["done"] < row["due"] == row["done"] + row["missed"], (place, day)
