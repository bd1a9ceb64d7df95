"""Targets beside values: what is reached, what is missing, and on which basis the value stands."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    Float,
    Integer,
    Numeric,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from eldercare.registry.division import Division
from eldercare.registry.entity import Quality
from eldercare.registry.query import View, visible
from eldercare.registry.statistic import Basis, Comparator, Indicator, IndicatorTarget, ReportedFigure
from eldercare.reporting.measure import DECLARED, Measure, once, value_of
from eldercare.reporting.place import Place


def progress(measures: Sequence[Measure], given: dict[str, Any], view: View) -> Select[Any]:
    """A row for each target in force at the view's date, with the value of its indicator in its division."""
    targets = _targets(given, view).subquery("at_target")
    wanted = None if given["codes"] is None else {each.value for each in given["codes"]}
    seen = replace(view.at_date(), as_of=literal_column("at_target.day", Date()))
    here = Place(literal_column("at_target.division", BigInteger()), literal_column("at_target.path", String()), seen)
    rows = [
        _row(targets, targets.c.code == each.code, each.basis, each.over(here), each.under and each.under(here), each)
        for each in _first(measures, given["basis"])
        if wanted is None or each.code in wanted
    ]
    known = {each.code for each in _first(measures, given["basis"])}
    # a target of somebody's own indicator has no formula here and no value in `IndicatorCode`; `indicatorTargets` lists it
    rest = targets.c.code.in_(sorted((DECLARED.keys() if wanted is None else wanted) - known))
    rows.append(_row(targets, rest, None, cast(null(), BigInteger), None, Measure("", lambda place: null(), times=1)))
    found = once(select(union_all(*rows).subquery()))
    return _compared(found, None if given["basis"] is Basis.RECORDS else _published(found))


def _first(measures: Sequence[Measure], basis: Basis | None) -> list[Measure]:
    """One measure of each indicator: the plain one, from records where there is one, or on the basis asked for."""
    found: dict[str, Measure] = {}
    for each in sorted(measures, key=lambda m: (m.basis is not Basis.RECORDS, m.variant != "")):
        if basis in (None, each.basis):
            found.setdefault(each.code, each)
    return list(found.values())


def _targets(given: dict[str, Any], view: View) -> Select[Any]:
    target, indicator, division = aliased(IndicatorTarget), aliased(Indicator), aliased(Division)
    columns: list[Any] = [
        target.id.label("target"),
        target.division_id.label("division"),
        target.year.label("year"),
        target.comparator.label("comparator"),
        cast(target.value, Float(53)).label("target_value"),
        indicator.code.label("code"),
        indicator.id.label("indicator"),
        indicator.decimals.label("decimals"),
        view.as_of.label("day"),
        division.path.label("path"),
    ]
    found: Select[Any] = select(*columns).join(indicator, indicator.id == target.indicator_id)
    found = found.join(division, division.id == target.division_id)
    found = found.where(*visible(target, view.at_date()))
    if given["divisions"] is not None:
        found = found.where(target.division_id.in_(given["divisions"]))
    if given["plan"] is not None:
        found = found.where(func.substr(target.plan, 1, func.length(given["plan"])) == given["plan"])
    return found


def _row(targets: Any, condition: Any, basis: Basis | None, over: Any, under: Any, measure: Measure) -> Select[Any]:
    plain = measure.under is None
    columns: list[Any] = [
        targets,
        literal(None if basis is None else basis.value, String).label("basis"),
        cast(over, BigInteger).label("numerator"),
        cast(null() if plain else under, BigInteger).label("denominator"),
        literal(0 if plain else measure.times, Integer).label("times"),
        literal(measure.by, Integer).label("divided"),
    ]
    found: Select[Any] = select(*columns).where(condition)
    return found


def _compared(rows: Any, published: ColumnElement[Any] | None) -> Select[Any]:
    counted = value_of(rows, rows.c.decimals)
    value = counted if published is None else func.coalesce(counted, published)
    missing = case(
        (rows.c.comparator == Comparator.AT_MOST, value - rows.c.target_value), else_=rows.c.target_value - value
    )
    met = case(
        (value.is_(None), None),
        (rows.c.comparator == Comparator.AT_MOST, value <= rows.c.target_value),
        (rows.c.comparator == Comparator.AT_LEAST, value >= rows.c.target_value),
        else_=value == rows.c.target_value,
    )
    names = ("code", "division", "year", "comparator", "target_value", "target", "indicator")
    basis = case((counted.is_not(None), rows.c.basis), (value.is_not(None), Basis.REPORTED.value))
    return select(
        *(rows.c[name] for name in names),
        value.label("value"),
        cast(basis, String).label("basis"),
        _rounded(missing).label("gap"),
        cast(met, Boolean).label("met"),
    )


def _rounded(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """Without the tail that subtracting two decimals leaves."""
    return cast(func.round(cast(value, Numeric(20, 8)), literal_column("6")), Float(53))


def _published(rows: Any) -> ColumnElement[Any]:
    """The newest published value that may be believed."""
    figure = aliased(ReportedFigure)
    found = select(cast(figure.value, Float(53))).where(
        figure.indicator_id == rows.c.indicator,
        figure.division_id == rows.c.division,
        figure.quality != Quality.IMPLAUSIBLE,
        figure.period_from <= rows.c.day,
    )
    return found.order_by(figure.period_from.desc(), figure.id).limit(1).correlate(rows).scalar_subquery()
