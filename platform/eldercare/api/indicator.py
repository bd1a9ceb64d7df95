"""Values of indicators and how far they are from their targets, as root fields over any divisions and days."""

from typing import Any

from sqlalchemy import Date, Select, literal, select, union_all
from sqlalchemy.orm import aliased

from eldercare.api.compiler.sql import is_one_of
from eldercare.api.kind import DAY, FLAG, KEY, NUMBER, TEXT, WHOLE, choice
from eldercare.api.membership import countable
from eldercare.api.noun import Argument, Report, shown_label, shown_reference
from eldercare.kit.errors import InvalidInput
from eldercare.registry.division import Division, Level, within
from eldercare.registry.entity import Quality
from eldercare.registry.query import View, in_force
from eldercare.registry.statistic import Basis, Comparator
from eldercare.reporting.codes import IndicatorCode
from eldercare.reporting.indicators import MEASURES
from eldercare.reporting.measure import computed, printed, valued
from eldercare.reporting.progress import progress

MOST_DAYS = 120
BASIS = choice(Basis)


def indicator_values(given: dict[str, Any], view: View) -> Any:
    """A row for each indicator, division and day, on each basis that was asked for."""
    codes = [each.value for each in given["codes"]]
    places, days = places_of(given, view), days_of(given, view)
    basis = given["basis"]
    open_to = {each.value for each in countable(None, view)}
    chosen = [m for m in MEASURES if m.code in codes and basis in (None, m.basis)]
    chosen = [m for m in chosen if m.code != "GROUP_COUNT" or m.variant in open_to]
    found = []
    if chosen:
        rows = computed(chosen, places, days, view)
        if given["variants"] is not None:
            inner = rows.subquery()
            rows = select(inner).where(is_one_of(inner.c.variant, given["variants"]))
        found.append(valued(rows, view))
    if basis in (None, Basis.REPORTED):
        found.append(printed(codes, places, days, view))
    if not found:
        found.append(printed([], places, days, view))
    return select(union_all(*found).subquery())


def places_of(given: dict[str, Any], view: View) -> Any:
    """The keys of the divisions asked for: those named, or all of a level within them."""
    division = aliased(Division)
    if given["divisions"] is None and given["level"] is None:
        raise InvalidInput(
            "WHERE", "It is not said for which divisions.", remedy="Name divisions, or a level of administration."
        )
    chosen = select(division.id.label("id"), division.path.label("path"))
    if given["level"] is None:
        return chosen.where(division.id.in_(given["divisions"]))
    chosen = chosen.where(division.level == given["level"], *in_force(division, view))
    return chosen if given["divisions"] is None else chosen.where(within(division.id, given["divisions"]))


def days_of(given: dict[str, Any], view: View) -> Select[Any]:
    """The days asked for, by default the one of the view."""
    dates = given["dates"]
    if dates is None:
        return select(view.as_of.label("day"))
    if len(dates) > MOST_DAYS:
        raise InvalidInput("TOO_MANY_DATES", f"A series has up to {MOST_DAYS} days.", remedy="Ask in several requests.")
    return select(union_all(*(select(literal(day, Date()).label("day")) for day in sorted(set(dates)))).subquery())


DIVISIONS = Argument(
    "divisions", KEY, "Which divisions: their ids or twelve-digit codes.", "区划", many=True, noun="Division"
)
SHOWN_BASIS = shown_label(
    "basis", BASIS, en="Counted from records, or taken from reports.", zh="数据基础", required=True
)
CODE = shown_label("code", choice(IndicatorCode), en="The indicator.", zh="指标代码", required=True)
VARIANT = shown_label(
    "variant", TEXT, en="For which term of a list, such as a group, or which variant; may be empty.", zh="细分口径"
)
INDICATOR = shown_reference("indicator", "Indicator", en="Its definition in force on the day.", zh="指标")
DIVISION = shown_reference("division", "Division", en="The division.", zh="区划")

REPORTS = (
    Report(
        "indicatorValues",
        "IndicatorValue",
        indicator_values,
        fields=(
            CODE,
            VARIANT,
            DIVISION,
            shown_label("day", DAY, en="The day it is of.", zh="日期", required=True),
            SHOWN_BASIS,
            shown_label("numerator", NUMBER, en="What was counted above the line.", zh="分子"),
            shown_label("denominator", NUMBER, en="What was counted below the line.", zh="分母"),
            shown_label(
                "value",
                NUMBER,
                en="Its value, rounded half up; empty when the denominator is zero or unknown, never zero then.",
                zh="指标值",
            ),
            shown_label("decimals", WHOLE, en="How many decimals it is rounded to.", zh="小数位数"),
            shown_label("quality", choice(Quality), en="How far a published value can be trusted.", zh="数据质量"),
            shown_reference(
                "figure", "ReportedFigure", en="The published figure, when the value is one.", zh="上报数据"
            ),
            INDICATOR,
        ),
        en="Values of indicators, counted from records or taken from reports, for divisions and days, each basis in rows of its own.",
        zh="指标值",
        people=True,
        order=("code", "variant", "division", "day", "basis", "figure"),
        arguments=(
            Argument(
                "codes",
                choice(IndicatorCode),
                "Which indicators.",
                "指标代码",
                many=True,
                required=True,
                structural=True,
            ),
            DIVISIONS,
            Argument(
                "level", choice(Level), "All divisions of this level, within `divisions`.", "行政层级", structural=True
            ),
            Argument("dates", DAY, "A series of days, instead of asOf.", "日期序列", many=True, structural=True),
            Argument(
                "basis", BASIS, "Only what is counted from records, or only reports.", "数据基础", structural=True
            ),
            Argument("variants", TEXT, "Only these variants.", "细分口径", many=True),
        ),
    ),
    Report(
        "indicatorProgress",
        "IndicatorProgress",
        lambda given, view: progress(MEASURES, given, view),
        fields=(
            CODE,
            DIVISION,
            shown_label("year", WHOLE, en="By the end of which year.", zh="目标年份", required=True),
            shown_label(
                "comparator", choice(Comparator), en="How value and target compare.", zh="比较方式", required=True
            ),
            shown_label("target_value", NUMBER, en="The value to reach.", zh="目标值", required=True),
            shown_label("value", NUMBER, en="The value on the day.", zh="指标值"),
            shown_label("basis", BASIS, en="On which basis the value stands.", zh="数据基础"),
            shown_label(
                "gap", NUMBER, en="How much is missing to the target; zero or less when it is reached.", zh="差距"
            ),
            shown_label("met", FLAG, en="Whether the target is reached; empty when there is no value.", zh="是否达标"),
            shown_reference("target", "IndicatorTarget", en="The target, with its plan.", zh="指标目标"),
            INDICATOR,
        ),
        en="Targets in force on the day beside the values of their indicators in their divisions.",
        zh="指标进度",
        people=True,
        order=("division", "code", "year", "target"),
        arguments=(
            DIVISIONS,
            Argument(
                "codes", choice(IndicatorCode), "Which indicators; all without.", "指标代码", many=True, structural=True
            ),
            Argument("plan", TEXT, "Only targets of plans whose name begins so.", "规划"),
            Argument("basis", BASIS, "On which basis; records first without.", "数据基础", structural=True),
        ),
    ),
)
