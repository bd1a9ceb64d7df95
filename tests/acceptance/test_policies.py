"""What the texts say of plans, standards, measures, pilots and experiences (rows X2, Y12, Z2, Z9 and Z18 of the coverage)."""

from typing import Any

from demonstrated import Ask


def nodes(ask: Ask, query: str) -> list[dict[str, Any]]:
    """The records of the one page that is asked for."""
    (page,) = ask(query).values()
    assert page["totalCount"] == len(page["nodes"])
    found: list[dict[str, Any]] = page["nodes"]
    return found


def test_x2_the_reform_is_marked_as_the_first_of_its_kind_in_zhejiang(ask: Ask) -> None:
    """X2: 系浙江首创 is a mark of an experience, not the name of a department that did something."""
    found = nodes(
        ask,
        """{ experienceCases(filter: {firstInProvince: {eq: true}}) {
        totalCount nodes { firstInProvince headline kind division { name } author { name } } } }""",
    )
    (case,) = found
    assert case["firstInProvince"] is True
    assert (case["kind"], case["division"]["name"]) == ("WORK_EXPERIENCE", "浙江省")
    assert (case["headline"], case["author"]["name"]) == ("农村养老机构集团化运营(示例)", "萧山区民政局(示例)")
    others = ask('{ organisations(filter: {name: {contains: "Zhejiang"}}) { totalCount } }')
    assert others["organisations"]["totalCount"] == 0


def test_y12_the_rural_pilot_has_its_implementation_plan(ask: Ask) -> None:
    """Y12: the plan is the document of the pilot, and issued by the city that is the pilot's region."""
    (pilot,) = nodes(
        ask,
        """{ pilots(first: 2, filter: {theme: {eq: RURAL}}) { totalCount nodes { name
        document { title kind level division { name } }
        batches(first: 2) { nodes { regions(first: 2) { nodes { name division { code } } } } } } } }""",
    )
    assert pilot["document"] == {
        "title": "绵阳市农村养老服务试点实施方案",
        "kind": "IMPLEMENTATION_PLAN",
        "level": "CITY",
        "division": {"name": "绵阳市"},
    }
    (batch,) = pilot["batches"]["nodes"]
    assert batch["regions"]["nodes"] == [{"name": "绵阳市", "division": {"code": "510700000000"}}]


def test_z2_twelve_measures_in_six_aspects(ask: Ask) -> None:
    """Z2: the six aspects are listed and carry two measures each; the published numbers are 12 and 6."""
    measures = nodes(
        ask,
        """{ planMeasures(orderBy: [{field: NUMBER}], filter: {document: {code: {eq: "SJZ-135-IMPLEMENTATION"}}}) {
        totalCount nodes { number aspect aspectName quality document { title } } } }""",
    )
    aspects = {row["aspect"]: row["aspectName"] for row in measures}
    assert [row["number"] for row in measures] == list(range(1, 13))
    assert sorted(aspects) == [1, 2, 3, 4, 5, 6]
    assert len(set(aspects.values())) == 6
    assert [sum(row["aspect"] == aspect for row in measures) for aspect in sorted(aspects)] == [2] * 6
    said = ask('{ reportedFigures(filter: {code: {in: ["sjz_measures", "sjz_aspects"]}}) { nodes { code value } } }')
    assert {row["code"]: row["value"] for row in said["reportedFigures"]["nodes"]} == {
        "sjz_measures": 12,
        "sjz_aspects": 6,
    }


def test_z9_five_provincial_and_five_group_standards_are_counted_though_unnamed(ask: Ask) -> None:
    """Z9: a document without a title counts; the plans and measures that are named stand beside them."""
    counted = ask("""{ policyDocumentSummary(groupBy: [KIND, LEVEL]) { kind level count }
      unnamed: policyDocuments(filter: {title: {isNull: true}}) { totalCount nodes { kind quality division { name } } }
      plans: policyDocuments(filter: {division: {code: {eq: "130100000000"}}, title: {isNull: false}}) {
        nodes { kind title } } }""")
    counts = {(row["kind"], row["level"]): row["count"] for row in counted["policyDocumentSummary"]}
    assert (counts["STANDARD", "PROVINCE"], counts["GROUP_STANDARD", "CITY"]) == (5, 5)
    unnamed = [(row["kind"], row["division"]["name"], row["quality"]) for row in counted["unnamed"]["nodes"]]
    assert counted["unnamed"]["totalCount"] == len(unnamed) == 10
    assert set(unnamed) == {
        ("STANDARD", "河北省", "INCOMPLETE"),
        ("GROUP_STANDARD", "石家庄市", "INCOMPLETE"),
    }
    plans = sorted(row["kind"] for row in counted["plans"]["nodes"])
    assert plans == ["IMPLEMENTATION_PLAN", "MEASURES", "MEASURES", "PLAN", "PLAN", "PLAN"]


def test_z18_two_national_pilots_and_a_park_in_the_mining_area(ask: Ask) -> None:
    """Z18: home and community (batch 1 of 26 cities, end of 2016), rehabilitation aids (end of 2017), and the park."""
    data = ask("""{ pilotRegions(filter: {division: {code: {eq: "130100000000"}}}) { nodes { name
        batch { number regionsClaimed pilot { theme beganOn } } } }
      projects(asOf: "2018-09-27", filter: {kind: {eq: INDUSTRIAL_PARK}}) { nodes { state division { code name } } }
      reportedFigures(filter: {code: {in: ["sjz_national_pilots", "sjz_first_batch", "sjz_first_batch_provinces",
        "sjz_pilot_approved", "sjz_rehab_pilot"]}}) { nodes { code value valueText } } }""")
    batches = {row["batch"]["pilot"]["theme"]: row["batch"] for row in data["pilotRegions"]["nodes"]}
    assert set(batches) == {"HOME_COMMUNITY", "ASSISTIVE_DEVICES"}
    first = batches["HOME_COMMUNITY"]
    assert (first["number"], first["regionsClaimed"], first["pilot"]["beganOn"][:4]) == (1, 26, "2016")
    assert batches["ASSISTIVE_DEVICES"]["pilot"]["beganOn"][:4] == "2017"
    said = {row["code"]: row["value"] or row["valueText"] for row in data["reportedFigures"]["nodes"]}
    assert said == {
        "sjz_national_pilots": 2,
        "sjz_first_batch": 26,
        "sjz_first_batch_provinces": 20,
        "sjz_pilot_approved": "2016-12-31",
        "sjz_rehab_pilot": "2017-12-31",
    }
    assert data["projects"]["nodes"] == [
        {"state": "UNDER_WAY", "division": {"code": "130107000000", "name": "井陉矿区"}}
    ]
