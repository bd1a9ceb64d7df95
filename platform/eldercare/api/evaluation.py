"""Evaluation of performance as the API shows it: plans, indicators with weights, scores and grades."""

from typing import Any

from sqlalchemy import ColumnElement

from eldercare import registry
from eldercare.api.kind import FLAG, NUMBER, WHOLE, choice
from eldercare.api.noun import Dimension, Many, Noun, Summary, computed, grouped_by
from eldercare.registry.evaluation import EvaluationGrade
from eldercare.registry.evaluation_rules import WHOLE as HUNDRED
from eldercare.registry.evaluation_rules import criterion_points, grade, score, scores_missing, weight_total


def weights(row: Any, view: Any) -> ColumnElement[Any]:
    """What the weights of a plan add up to."""
    return weight_total(row.id, row)


NOUNS = (
    Noun(
        registry.EvaluationPlan,
        "evaluationPlans",
        fields=(
            computed("weights", NUMBER, weights, en="What its weights add up to.", zh="权重合计", required=True),
            computed(
                "complete",
                FLAG,
                lambda row, view: weights(row, view) == HUNDRED,
                en="Whether its weights add up to 100.",
                zh="权重是否完整",
                required=True,
            ),
            Many("criteria", "EvaluationCriterion", "plan_id", "Its indicators.", "指标"),
            Many("evaluations", "PerformanceEvaluation", "plan_id", "Who was evaluated by it.", "绩效评价"),
        ),
        order=("code",),
    ),
    Noun(registry.EvaluationCriterion, "evaluationCriteria", order=("number",)),
    Noun(
        registry.PerformanceEvaluation,
        "performanceEvaluations",
        fields=(
            computed("score", NUMBER, score, en="What was achieved times the weights, 0 to 100.", zh="得分"),
            computed("grade", choice(EvaluationGrade), grade, en="Its grade once it is concluded.", zh="等次"),
            computed(
                "scores_missing",
                WHOLE,
                lambda row, view: scores_missing(row),
                en="Indicators without a score.",
                zh="未评分指标数",
                required=True,
            ),
            Many("scores", "EvaluationScore", "evaluation_id", "What was achieved of each indicator.", "得分明细"),
        ),
        order=("year",),
        summary=Summary(
            (
                grouped_by(registry.PerformanceEvaluation, "year"),
                Dimension("grade", choice(EvaluationGrade), grade, "Their grade.", "等次"),
            )
        ),
    ),
    Noun(
        registry.EvaluationScore,
        "evaluationScores",
        fields=(computed("points", NUMBER, criterion_points, en="What was achieved times the weight.", zh="得分"),),
    ),
)
