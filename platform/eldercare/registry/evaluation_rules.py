"""The rules between records of evaluation: weights of 100, a score for every indicator, and the subject the plan is for."""

from typing import Any

from sqlalchemy import ColumnElement, Numeric, and_, case, cast, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from eldercare.registry.entity import term
from eldercare.registry.evaluation import (
    EvaluationCriterion,
    EvaluationGrade,
    EvaluationPlan,
    EvaluationScore,
    EvaluationSubject,
    PerformanceEvaluation,
)
from eldercare.registry.invariant import Invariant
from eldercare.registry.query import View, entity_class

POINTS = Numeric(20, 6)
WHOLE = 100
"""What the weights of a plan add up to: they are parts of a hundred."""


def weight_total(plan_id: Any, *outer: Any) -> ColumnElement[Any]:
    """What the weights of a plan add up to."""
    criterion = aliased(EvaluationCriterion)
    weights = select(func.coalesce(func.sum(criterion.weight), 0)).where(criterion.plan_id == plan_id)
    return (weights.correlate(*outer) if outer else weights).scalar_subquery()


def score(evaluation: Any, view: View) -> ColumnElement[Any]:
    """The score of an evaluation: what was achieved of each indicator times its weight; empty without any."""
    criterion, given = aliased(EvaluationCriterion), aliased(EvaluationScore)
    points = cast(given.achieved, POINTS) * cast(criterion.weight, POINTS) / WHOLE
    found = select(func.sum(points)).join(criterion, criterion.id == given.criterion_id)
    return found.where(given.evaluation_id == evaluation.id).correlate(evaluation).scalar_subquery()


def criterion_points(given: Any, view: View) -> ColumnElement[Any]:
    """What a score of one indicator brings: what was achieved times the weight."""
    criterion = aliased(EvaluationCriterion)
    points = cast(given.achieved, POINTS) * cast(criterion.weight, POINTS) / WHOLE
    return select(points).where(criterion.id == given.criterion_id).correlate(given).scalar_subquery()


def grade(evaluation: Any, view: View) -> ColumnElement[EvaluationGrade]:
    """The grade of an evaluation that is concluded at the view's date, by the plan's own limits; empty before."""
    plan, kind, reached = aliased(EvaluationPlan), term(EvaluationGrade), score(evaluation, view)
    found = case(
        (reached >= plan.excellent_from, literal(EvaluationGrade.EXCELLENT, kind)),
        (reached >= plan.good_from, literal(EvaluationGrade.GOOD, kind)),
        (reached >= plan.qualified_from, literal(EvaluationGrade.QUALIFIED, kind)),
        else_=literal(EvaluationGrade.UNQUALIFIED, kind),
    )
    chosen = select(found).where(plan.id == evaluation.plan_id, evaluation.concluded_on <= view.as_of)
    return chosen.correlate(evaluation).scalar_subquery()


def scores_missing(evaluation: Any) -> ColumnElement[int]:
    """How many indicators of the plan have no score yet."""
    criterion, given = aliased(EvaluationCriterion), aliased(EvaluationScore)
    own = select(given.id).where(given.evaluation_id == evaluation.id, given.criterion_id == criterion.id)
    # SQLAlchemy finds by itself only what stands one level above; the evaluation stands two
    scored = exists(own.correlate(evaluation, criterion))
    found = select(func.count(criterion.id)).where(criterion.plan_id == evaluation.plan_id, ~scored)
    return found.correlate(evaluation).scalar_subquery()


def _weights_off(row: Any) -> ColumnElement[bool]:
    used = aliased(PerformanceEvaluation)
    off = weight_total(row.plan_id, row) != WHOLE
    if entity_class(row) is PerformanceEvaluation:
        return off
    return and_(off, exists(select(used.id).where(used.plan_id == row.plan_id)))


def _concluded_incomplete(row: Any) -> ColumnElement[bool]:
    if entity_class(row) is PerformanceEvaluation:
        return and_(row.concluded_on.is_not(None), scores_missing(row) > 0)
    done = aliased(PerformanceEvaluation)
    return exists(
        select(done.id).where(done.plan_id == row.plan_id, done.concluded_on.is_not(None), scores_missing(done) > 0)
    )


def _of_another_plan(row: Any) -> ColumnElement[bool]:
    done, criterion = aliased(PerformanceEvaluation), aliased(EvaluationCriterion)
    found = select(done.id).join(criterion, criterion.id == row.criterion_id)
    return exists(found.where(done.id == row.evaluation_id, criterion.plan_id != done.plan_id))


def _other_subject(row: Any) -> ColumnElement[bool]:
    done: Any = row if entity_class(row) is PerformanceEvaluation else aliased(PerformanceEvaluation)
    plan: Any = aliased(EvaluationPlan) if done is row else row
    other = plan if done is row else done
    wrong = or_(
        and_(plan.subject == EvaluationSubject.DIVISION, done.division_id.is_(None)),
        and_(plan.subject == EvaluationSubject.FACILITY, done.facility_id.is_(None)),
    )
    return exists(select(other.id).where(plan.id == done.plan_id, wrong))


INVARIANTS = (
    Invariant(
        "WEIGHTS_NOT_100",
        "The weights of the plan's indicators do not add up to 100.",
        "Complete or correct its indicators before anybody is evaluated by it; an evaluated plan gets a new edition.",
        (PerformanceEvaluation, EvaluationCriterion),
        _weights_off,
        ("weight",),
    ),
    Invariant(
        "SCORE_MISSING",
        "An evaluation is concluded once every indicator of its plan has a score.",
        "Score the others first (scoreIndicator).",
        (PerformanceEvaluation, EvaluationCriterion),
        _concluded_incomplete,
        ("concluded_on",),
    ),
    Invariant(
        "INDICATOR_OF_ANOTHER_PLAN",
        "The indicator does not belong to the plan of this evaluation.",
        "Send an indicator of its plan.",
        (EvaluationScore,),
        _of_another_plan,
        ("criterion_id",),
    ),
    Invariant(
        "EVALUATION_SUBJECT",
        "The plan does not evaluate subjects of this kind.",
        "Name a region for a plan about regions, a facility for one about facilities.",
        (PerformanceEvaluation, EvaluationPlan),
        _other_subject,
        ("plan_id",),
    ),
)
"""Every rule between records of evaluation."""
