"""Published figures: population by age, indicators, their targets, and what was reported."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, Index, Integer, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import (
    Alone,
    Entity,
    Validity,
    column,
    not_negative,
    only_where,
    ordered,
    reference,
    term,
)
from eldercare.registry.person import ResidenceBase, Sex
from eldercare.security.privacy import Reach


class PopulationStatistic(Entity):
    """How many people of an age band and sex a division had on a date."""

    __tablename__ = "population_statistic"
    __zh__ = "人口统计"
    __reach__ = Reach(division="division_id", everybody=True)

    division_id: Mapped[int] = reference("division", en="The division.", zh="区划", index=False)
    counted_on: Mapped[date] = column(Date, en="The day the count refers to.", zh="统计日期")
    base: Mapped[ResidenceBase | None] = column(
        term(ResidenceBase), en="Registered or resident people; empty when the source does not say.", zh="口径"
    )
    age_from: Mapped[int] = column(Integer, en="Youngest age of the band, in full years.", zh="起始年龄")
    age_to: Mapped[int | None] = column(
        Integer, en="First age above the band; empty is open-ended.", zh="终止年龄(不含)"
    )
    sex: Mapped[Sex | None] = column(term(Sex), en="Sex; empty is both.", zh="性别")
    people: Mapped[int] = column(Integer, en="Number of people.", zh="人数")

    __table_args__ = (
        Index("ix_population_statistic_division", "division_id", "counted_on", "age_from"),
        ordered("age_from", "age_to"),
        *not_negative("age_from", "people"),
    )


class Basis(Term):
    """Whether a figure is counted from records or taken from a report; the two are never added up."""

    RECORDS = "按记录统计", "counted from records"
    REPORTED = "上报数", "taken from a report"


class Indicator(Entity):
    """A quantity that is watched: how it is computed, from what, in which unit."""

    __tablename__ = "indicator"
    __zh__ = "指标"
    __validity__ = Validity("valid_from", "valid_to")
    __reach__ = Reach(everybody=True)

    code: Mapped[str] = column(String(60), en="Its code.", zh="指标代码")
    edition: Mapped[int] = column(Integer, en="Edition of its definition.", zh="版本号", default=1)
    name: Mapped[str] = column(String(120), en="Name in English.", zh="英文名称")
    name_zh: Mapped[str] = column(String(120), en="Name in Chinese.", zh="中文名称")
    unit: Mapped[str] = column(String(40), en="Unit of the value.", zh="单位")
    formula: Mapped[str] = column(Text, en="How it is computed, in words.", zh="计算公式")
    numerator: Mapped[str | None] = column(String(300), en="What is counted above the line.", zh="分子")
    denominator: Mapped[str | None] = column(String(300), en="What is counted below the line.", zh="分母")
    basis: Mapped[Basis] = column(term(Basis), en="From records or from reports.", zh="数据基础")
    decimals: Mapped[int] = column(Integer, en="Decimals shown, rounded half up.", zh="小数位数", default=1)
    valid_from: Mapped[date] = column(Date, en="First day of this definition.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期")

    __table_args__ = (UniqueConstraint("code", "edition"), ordered("valid_from", "valid_to"), *not_negative("decimals"))


class Comparator(Term):
    """How a value is compared with its target."""

    AT_LEAST = "不低于", "at least"
    AT_MOST = "不高于", "at most"
    EQUALS = "等于", "equal to"


class IndicatorTarget(Entity):
    """What value an indicator should reach in a division by a year."""

    __tablename__ = "indicator_target"
    __zh__ = "指标目标"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("indicator_id", "division_id", "year"))
    __reach__ = Reach(division="division_id", everybody=True)

    indicator_id: Mapped[int] = reference("indicator", en="The indicator.", zh="指标")
    division_id: Mapped[int] = reference("division", en="The division.", zh="区划")
    year: Mapped[int] = column(Integer, en="The year by whose end it should be reached.", zh="目标年份")
    comparator: Mapped[Comparator] = column(term(Comparator), en="How to compare.", zh="比较方式")
    value: Mapped[Decimal] = column(Numeric(18, 6), en="The value to reach.", zh="目标值")
    plan: Mapped[str | None] = column(String(120), en="The plan that sets it.", zh="规划")
    valid_from: Mapped[date] = column(Date, en="First day of the target.", zh="起始日期", planned=True)
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期", planned=True)

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index(
            "uq_indicator_target_open",
            "indicator_id",
            "division_id",
            "year",
            unique=True,
            **only_where("valid_to IS NULL"),
        ),
    )


class Qualifier(Term):
    """How exactly a reported value is meant."""

    EXACT = "准确值", "exact"
    APPROX = "约", "approximately"
    APPROX_BELOW = "近", "nearly"
    MINIMUM = "不少于", "at least"
    ROUNDED_1000 = "千位约数", "rounded to thousands"
    CLAIM = "说法", "a claim without a figure behind it"


class ReportedFigure(Entity):
    """A figure as somebody published it, with its words and how far it can be trusted."""

    __tablename__ = "reported_figure"
    __zh__ = "上报数据"
    __reach__ = Reach(division="division_id", everybody=True)

    code: Mapped[str] = column(String(80), en="Its own code.", zh="数据代码")
    label: Mapped[str] = column(String(200), en="What it counts, in English.", zh="英文名称")
    label_zh: Mapped[str] = column(String(200), en="What it counts, in Chinese.", zh="中文名称")
    division_id: Mapped[int | None] = reference("division", en="The division it speaks of.", zh="区划")
    indicator_id: Mapped[int | None] = reference("indicator", en="The indicator it is a value of.", zh="指标")
    period_from: Mapped[date | None] = column(Date, en="First day of its period.", zh="期间起")
    period_to: Mapped[date | None] = column(Date, en="First day after its period.", zh="期间止")
    value: Mapped[Decimal | None] = column(Numeric(20, 6), en="The value, corrected where it must be.", zh="数值")
    value_text: Mapped[str | None] = column(String(120), en="The value where it is no number.", zh="文字值")
    value_as_reported: Mapped[str | None] = column(String(120), en="What the source prints.", zh="原文数值")
    unit: Mapped[str] = column(String(40), en="Unit of the value.", zh="单位")
    qualifier: Mapped[Qualifier] = column(
        term(Qualifier), en="How exactly it is meant.", zh="精确程度", default=Qualifier.EXACT
    )
    quote: Mapped[str | None] = column(String(200), en="The words of the source.", zh="原文")
    note: Mapped[str | None] = column(Text, en="What a reader must know.", zh="说明")

    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("period_to IS NULL OR period_from <= period_to", name="period"),
    )
