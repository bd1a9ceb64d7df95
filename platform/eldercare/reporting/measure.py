"""How an indicator is computed: two counted numbers, divided exactly and rounded half up only when shown."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Float,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from eldercare.registry import rules
from eldercare.registry.entity import Quality
from eldercare.registry.query import View, in_force, visible
from eldercare.registry.statistic import Basis, Indicator, ReportedFigure
from eldercare.reporting.place import Part, Place

MOST_DECIMALS = 6
DECLARED: dict[str, dict[str, Any]] = {row["code"]: row for row in rules.table("indicators")["indicators"]}
"""The definitions that come with the product, by code; a row of the registry goes before them."""


@dataclass(frozen=True)
class Measure:
    """One way to compute an indicator: what is counted above the line and below it, from records or from reports.

    An indicator that has a value for each term of a list is several measures with a `variant` each. A measure without
    `under` is a plain count. The value is over / under * times / by.
    """

    code: str
    over: Part
    under: Part | None = None
    basis: Basis = Basis.RECORDS
    variant: str = ""
    times: int = 100
    by: int = 1


def computed(measures: Sequence[Measure], places: Select[Any], days: Select[Any], view: View) -> Select[Any]:
    """A row for each measure, place (a select of `id` and `path`) and day (a select of `day`), with what was counted.

    The parts refer to place and day by name only: they stand anywhere below the row without drawing its tables in.
    """
    place, day = places.subquery("at_place"), days.subquery("at_day")
    seen = replace(view.at_date(), as_of=literal_column("at_day.day", Date()))
    here = Place(literal_column("at_place.id", BigInteger()), literal_column("at_place.path", String()), seen)
    rows = []
    for each in measures:
        under = cast(null(), BigInteger) if each.under is None else cast(each.under(here), BigInteger)
        columns = [
            literal(each.code, String).label("code"),
            literal(each.variant, String).label("variant"),
            place.c.id.label("division"),
            day.c.day.label("day"),
            literal(each.basis.value, String).label("basis"),
            cast(each.over(here), BigInteger).label("numerator"),
            under.label("denominator"),
            literal(0 if each.under is None else each.times, Integer).label("times"),
            literal(each.by, Integer).label("divided"),
        ]
        rows.append(select(*columns).select_from(place.join(day, literal_column("1") == literal_column("1"))))
    return select(union_all(*rows).subquery())


def once(found: Any) -> Any:
    """The rows of a select, worked out once however often they are named: databases would count again for each mention."""
    return found.cte().prefix_with("MATERIALIZED")


def valued(found: Any, view: View) -> Select[Any]:
    """The rows of `computed` with their values, the definition in force on their day; where nothing was published, no row."""
    rows = once(found)
    shown = _decimals(rows)
    value = value_of(rows, shown)
    columns: list[Any] = [
        rows.c.code,
        rows.c.variant,
        rows.c.division,
        rows.c.day,
        rows.c.basis,
        rows.c.numerator,
        rows.c.denominator,
        value.label("value"),
        shown.label("decimals"),
        literal_column("NULL", String()).label("quality"),
        cast(null(), BigInteger).label("figure"),
        _definition(Indicator.id, rows).label("indicator"),
    ]
    return select(*columns).where(or_(rows.c.basis != Basis.REPORTED.value, value.is_not(None)))


def value_of(rows: Any, decimals: ColumnElement[int]) -> ColumnElement[Any]:
    """The value, rounded half up in whole numbers: exact on both databases; null where the divisor is zero or unknown."""
    power = case(
        *((decimals == places, literal_column(str(10**places), BigInteger())) for places in range(1, 7)), else_=1
    )
    over, under, by = rows.c.numerator, func.nullif(rows.c.denominator, 0), rows.c.divided
    twice = literal_column("2", BigInteger())
    rounded = (twice * over * rows.c.times * power + under * by) // (twice * under * by)
    return case((rows.c.times == 0, cast(over, Float(53))), else_=cast(rounded, Float(53)) / cast(power, Float(53)))


def printed(codes: Sequence[str], places: Select[Any], days: Select[Any], view: View) -> Select[Any]:
    """What was published as a value of these indicators: for each place and day the figures of the newest period begun.

    A figure that cannot be true is listed without a value: it stands outside every indicator.
    """
    place, day = places.subquery("at_place"), days.subquery("at_day")
    figure, newer, indicator = aliased(ReportedFigure), aliased(ReportedFigure), aliased(Indicator)
    value = case((figure.quality != Quality.IMPLAUSIBLE, cast(figure.value, Float(53))))
    newest = select(func.max(newer.period_from)).where(
        newer.indicator_id == figure.indicator_id,
        newer.division_id == figure.division_id,
        newer.period_from <= literal_column("at_day.day", Date()),
    )
    columns = [
        indicator.code.label("code"),
        literal("", String).label("variant"),
        place.c.id.label("division"),
        day.c.day.label("day"),
        literal(Basis.REPORTED.value, String).label("basis"),
        cast(null(), BigInteger).label("numerator"),
        cast(null(), BigInteger).label("denominator"),
        value.label("value"),
        indicator.decimals.label("decimals"),
        cast(figure.quality, String).label("quality"),
        figure.id.label("figure"),
        indicator.id.label("indicator"),
    ]
    joined = place.join(figure, figure.division_id == place.c.id).join(indicator, indicator.id == figure.indicator_id)
    found = select(*columns).select_from(joined.join(day, literal_column("1") == literal_column("1")))
    newest_one = newest.scalar_subquery().correlate(figure)
    undated = and_(figure.period_from.is_(None), newest_one.is_(None))
    return found.where(
        indicator.code.in_(codes), or_(figure.period_from == newest_one, undated), *visible(figure, view.at_date())
    )


def _decimals(rows: Any) -> ColumnElement[int]:
    """How many decimals are shown: as the definition in force says, else as the product's own does."""
    declared = [(rows.c.code == code, row.get("decimals", 1)) for code, row in DECLARED.items()]
    own = case(*declared, else_=1)
    return cast(func.coalesce(_definition(Indicator.decimals, rows), own), Integer)


def _definition(column: Any, rows: Any) -> ColumnElement[Any]:
    indicator = aliased(Indicator)
    view = View(rows.c.day)
    found = select(getattr(indicator, column.key)).where(indicator.code == rows.c.code, *in_force(indicator, view))
    return found.order_by(indicator.edition.desc()).limit(1).correlate(rows).scalar_subquery()
