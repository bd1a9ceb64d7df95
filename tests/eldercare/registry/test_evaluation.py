"""What is scored of one evaluation says nothing of another by the same plan."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

import factories as make
from eldercare.registry import EvaluationCriterion, EvaluationPlan, EvaluationScore, PerformanceEvaluation
from eldercare.registry.evaluation import EvaluationSubject
from eldercare.registry.evaluation_rules import scores_missing


def test_an_indicator_scored_for_one_town_is_missing_for_another(session: Session) -> None:
    w = make.writer(session)
    named = {"name": "Pilot performance", "name_zh": "试点绩效评价"}
    kept = {"code": "P", "subject": EvaluationSubject.DIVISION, "valid_from": date(2018, 1, 1)}
    plan = w.create(EvaluationPlan, {**named, **kept})
    criteria = [
        w.create(
            EvaluationCriterion, {"plan_id": plan.id, "number": n, "name": f"{n}", "name_zh": f"{n}", "weight": 50}
        )
        for n in (1, 2)
    ]
    one, other = (
        w.create(PerformanceEvaluation, {"plan_id": plan.id, "division_id": make.division(w).id, "year": 2018})
        for _ in range(2)
    )
    for criterion in criteria:
        w.create(EvaluationScore, {"evaluation_id": one.id, "criterion_id": criterion.id, "achieved": 80})
    query = select(PerformanceEvaluation.id, scores_missing(PerformanceEvaluation))
    assert dict(map(tuple, session.execute(query))) == {one.id: 0, other.id: 2}
    # another table of the outer statement must not change it
    beside = query.join(EvaluationPlan, EvaluationPlan.id == PerformanceEvaluation.plan_id)
    assert dict(map(tuple, session.execute(beside))) == {one.id: 0, other.id: 2}
