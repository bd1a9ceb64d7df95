"""Mianyang: performance is evaluated by weighted indicators, and no more is spent than was allocated (row Y13)."""

from typing import Any

from asker import Asker
from fund_story import refused, told
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import factories as make
import subsidies as money

CRITERIA = (("服务覆盖", 40, 95), ("资金使用", 30, 90), ("服务质量", 30, 80))


def test_y13_an_evaluation_is_indicators_times_weights_of_100(tell: Asker, engine: Engine) -> None:
    def ask(query: str, **variables: Any) -> Any:
        answer = tell(query, variables)
        assert "errors" not in answer, answer
        return answer["data"]

    with Session(engine) as session:
        w = make.writer(session)
        city, home = make.division(w, name="绵阳市"), make.facility(w)
        session.commit()
        place, somewhere = f"Division_{city.id}", f"Facility_{home.id}"
    plan = """mutation { createEvaluationPlan(input: {code: "MY-2018", name: "Pilot performance", nameZh: "试点绩效评价", subject: DIVISION,
      validFrom: "2018-01-01"}) { evaluationPlan { id excellentFrom goodFrom qualifiedFrom } errors { code } } }"""
    made = ask(plan)["createEvaluationPlan"]["evaluationPlan"]
    assert (made["excellentFrom"], made["goodFrom"], made["qualifiedFrom"]) == (90, 75, 60)
    add = """mutation M($plan: ID!, $n: Int!, $name: String!, $weight: Float!) { createEvaluationCriterion(input: {planId: $plan, number: $n,
      name: $name, nameZh: $name, weight: $weight}) { evaluationCriterion { id } errors { code } } }"""
    for number, (name, weight, _) in enumerate(CRITERIA[:2], start=1):
        assert (
            ask(add, plan=made["id"], n=number, name=name, weight=weight)["createEvaluationCriterion"]["errors"] == []
        )
    begin = """mutation M($plan: ID!, $in: ID, $home: ID) { createPerformanceEvaluation(input: {planId: $plan, divisionId: $in,
      facilityId: $home, year: 2018}) { performanceEvaluation { id score grade scoresMissing } errors { code } } }"""
    early = ask(begin, plan=made["id"], **{"in": place})["createPerformanceEvaluation"]["errors"]
    assert early == [{"code": "WEIGHTS_NOT_100"}]
    name, weight, _ = CRITERIA[2]
    last = ask(add, plan=made["id"], n=3, name=name, weight=weight)["createEvaluationCriterion"]["evaluationCriterion"][
        "id"
    ]
    wrong = ask(begin, plan=made["id"], home=somewhere)["createPerformanceEvaluation"]["errors"]
    assert wrong == [{"code": "EVALUATION_SUBJECT"}]
    found = ask(begin, plan=made["id"], **{"in": place})["createPerformanceEvaluation"]["performanceEvaluation"]
    assert (found["score"], found["grade"], found["scoresMissing"]) == (None, None, 3)
    heavier = "mutation M($id: ID!) { correctEvaluationCriterion(id: $id, input: {weight: 31}) { errors { code } } }"
    assert ask(heavier, id=last)["correctEvaluationCriterion"]["errors"] == [{"code": "WEIGHTS_NOT_100"}]
    score = """mutation M($id: ID!, $n: Int!, $got: Float!) { scoreIndicator(input: {evaluationId: $id, number: $n, achieved: $got}) {
      evaluationScore { points } errors { code } } }"""
    conclude = """mutation M($id: ID!) { concludeEvaluation(input: {evaluationId: $id, on: "2019-01-31"}) {
      performanceEvaluation { score grade } errors { code } } }"""
    points = []
    for number, (_, _, got) in enumerate(CRITERIA, start=1):
        assert ask(conclude, id=found["id"])["concludeEvaluation"]["errors"] == [{"code": "SCORE_MISSING"}]
        points.append(ask(score, id=found["id"], n=number, got=got)["scoreIndicator"]["evaluationScore"]["points"])
    assert points == [38, 27, 24]
    ended = ask(conclude, id=found["id"])["concludeEvaluation"]["performanceEvaluation"]
    assert ended == {"score": 89, "grade": "GOOD"}
    query = "query Q($id: ID!, $on: Date) { performanceEvaluation(id: $id, asOf: $on) { score grade } }"
    assert ask(query, id=found["id"], on="2019-01-30")["performanceEvaluation"]["grade"] is None
    summary = "{ performanceEvaluationSummary(groupBy: [GRADE]) { grade count } }"
    assert ask(summary)["performanceEvaluationSummary"] == [{"grade": "GOOD", "count": 1}]


def test_y13_no_more_is_spent_than_was_allocated(tell: Asker, engine: Engine) -> None:
    with Session(engine) as session:
        where = money.place(session, kind="OPERATION_REWARD")
        centre = make.facility(make.writer(session), division_id=where.county)
        session.commit()
        ids = f'schemeId: "SubsidyScheme_{where.scheme}", facilityId: "Facility_{centre.id}"'
        ids += f', allocationId: "FundAllocation_{where.allocation}", decidedOn: "2026-05-01"'
    for amount in ("500.00", "400.00"):
        assert told(tell, "createGrant", f'{ids}, amount: "{amount}"', "amount") == {"amount": amount}
    assert refused(tell, "createGrant", f'{ids}, amount: "100.01"') == "ALLOCATION_EXCEEDED"
    told(tell, "createGrant", f'{ids}, amount: "100.00"')
    left = tell("{ fundAllocations { nodes { amount spent remaining } } }")["data"]["fundAllocations"]["nodes"]
    assert left == [{"amount": "1000.00", "spent": "1000.00", "remaining": "0.00"}]
