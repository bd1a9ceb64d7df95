"""Evaluation of performance: a plan of weighted indicators, and what regions and facilities scored by it."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, Integer, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Entity, Validity, column, not_negative, ordered, reference, term
from eldercare.security.privacy import Reach


class EvaluationSubject(Term):
    """Whose performance a plan evaluates."""

    DIVISION = "地区", "regions"
    FACILITY = "机构", "facilities"


class EvaluationGrade(Term):
    """The grade of a score; from which score each begins stands in the plan."""

    EXCELLENT = "优秀", "excellent"
    GOOD = "良好", "good"
    QUALIFIED = "合格", "qualified"
    UNQUALIFIED = "不合格", "unqualified"


class EvaluationPlan(Entity):
    """What is evaluated and from which score which grade begins; its indicators weigh 100 together."""

    __tablename__ = "evaluation_plan"
    __zh__ = "绩效评价方案"
    __validity__ = Validity("valid_from", "valid_to")
    __reach__ = Reach(everybody=True)

    code: Mapped[str] = column(String(40), en="Its code.", zh="方案代码", unique=True)
    name: Mapped[str] = column(String(160), en="English name.", zh="英文名称")
    name_zh: Mapped[str] = column(String(160), en="Chinese name.", zh="中文名称")
    subject: Mapped[EvaluationSubject] = column(term(EvaluationSubject), en="Who is evaluated.", zh="评价对象")
    excellent_from: Mapped[Decimal] = column(
        Numeric(6, 2), en="Least score of the grade excellent.", zh="优秀分数线", completed=True
    )
    good_from: Mapped[Decimal] = column(
        Numeric(6, 2), en="Least score of the grade good.", zh="良好分数线", completed=True
    )
    qualified_from: Mapped[Decimal] = column(
        Numeric(6, 2), en="Least score of the grade qualified.", zh="合格分数线", completed=True
    )
    basis: Mapped[str | None] = column(String(300), en="What it rests on.", zh="依据")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        CheckConstraint("0 <= qualified_from AND qualified_from <= good_from", name="good_from"),
        CheckConstraint("good_from <= excellent_from AND excellent_from <= 100", name="excellent_from"),
    )


class EvaluationCriterion(Entity):
    """One indicator of a plan with its weight."""

    __tablename__ = "evaluation_criterion"
    __zh__ = "绩效评价指标"
    __reach__ = Reach(via="plan_id")

    plan_id: Mapped[int] = reference("evaluation_plan", en="The plan.", zh="绩效评价方案", index=False)
    number: Mapped[int] = column(Integer, en="Its number, from 1.", zh="序号")
    name: Mapped[str] = column(String(160), en="English name.", zh="英文名称")
    name_zh: Mapped[str] = column(String(160), en="Chinese name.", zh="中文名称")
    weight: Mapped[Decimal] = column(Numeric(5, 2), en="Its weight; those of a plan add up to 100.", zh="权重")
    indicator_id: Mapped[int | None] = reference("indicator", en="The indicator it reads.", zh="指标")

    __table_args__ = (
        UniqueConstraint("plan_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("weight > 0 AND weight <= 100", name="weight"),
    )


class PerformanceEvaluation(Entity):
    """The evaluation of one region or facility for a year; it counts once it is concluded."""

    __tablename__ = "performance_evaluation"
    __zh__ = "绩效评价"
    __reach__ = Reach(facility="facility_id", division="division_id")

    plan_id: Mapped[int] = reference("evaluation_plan", en="The plan.", zh="绩效评价方案")
    division_id: Mapped[int | None] = reference("division", en="The region evaluated.", zh="被评价地区")
    facility_id: Mapped[int | None] = reference("facility", en="The facility evaluated.", zh="被评价机构")
    evaluator_id: Mapped[int | None] = reference("organisation", en="Who evaluates.", zh="评价单位")
    year: Mapped[int] = column(Integer, en="The year evaluated.", zh="评价年度")
    concluded_on: Mapped[date | None] = column(Date, en="The day it was concluded.", zh="评价完成日期")

    __table_args__ = (
        CheckConstraint("(division_id IS NULL) <> (facility_id IS NULL)", name="one_subject"),
        *not_negative("year"),
        UniqueConstraint("plan_id", "division_id", "year", name="uq_performance_evaluation_division"),
        UniqueConstraint("plan_id", "facility_id", "year", name="uq_performance_evaluation_facility"),
    )


class EvaluationScore(Entity):
    """What was achieved of one indicator, 0 to 100; its weight makes the points."""

    __tablename__ = "evaluation_score"
    __zh__ = "绩效评价得分"
    __reach__ = Reach(via="evaluation_id")

    evaluation_id: Mapped[int] = reference("performance_evaluation", en="The evaluation.", zh="绩效评价", index=False)
    criterion_id: Mapped[int] = reference("evaluation_criterion", en="The indicator.", zh="绩效评价指标")
    achieved: Mapped[Decimal] = column(Numeric(5, 2), en="What was achieved, 0 to 100.", zh="完成度")
    note: Mapped[str | None] = column(String(300), en="Why.", zh="说明")

    __table_args__ = (
        UniqueConstraint("evaluation_id", "criterion_id"),
        CheckConstraint("achieved BETWEEN 0 AND 100", name="achieved"),
    )
