"""Sums everyone must compute the same way: beds, residents, occupancy and group counts at a date."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Integer, Numeric, Select, case, cast, func, literal, select, union_all
from sqlalchemy.orm import aliased

from eldercare.kit.term import Term
from eldercare.registry import rules
from eldercare.registry.capacity import BedType, CapacityPeriod, CapacityReserve
from eldercare.registry.division import within
from eldercare.registry.facility import Facility, FacilityKind
from eldercare.registry.group import alive, holds, people_determined, people_within
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import Person, ResidenceBase
from eldercare.registry.query import View, visible
from eldercare.registry.stay import Stay


class Denominator(Term):
    """Which beds an occupancy is measured against."""

    FILED = "备案床位", "beds filed with civil affairs"
    OPEN = "开放床位", "beds that can be used"
    DESIGNED = "设计床位", "beds as designed"


class BedClass(Term):
    """Classes of beds that never share a denominator."""

    INSTITUTIONAL = "机构床位", "institutional beds"
    DAY = "日托床位", "day-care places"
    FAMILY = "家庭养老床位", "family care beds"


def beds(
    facility: Any, view: View, *, measure: str = "open", bed_types: Sequence[BedType] | None = None
) -> ColumnElement[int]:
    """The beds of a facility at the view's date: `open`, `filed`, `designed` or `out_of_service`.

    Null when a period of these types does not state the measure: an unknown number is not zero.
    """
    period = aliased(CapacityPeriod)
    chosen = _periods(period, view, bed_types).where(period.facility_id == facility.id)
    return chosen.with_only_columns(_known_sum(getattr(period, measure))).correlate(facility).scalar_subquery()


def occupied(facility: Any, view: View, bed_types: Sequence[BedType] | None = None) -> ColumnElement[int]:
    """The residents of a facility at the view's date; somebody on leave keeps the bed and counts."""
    stay = aliased(Stay)
    conditions = [stay.facility_id == facility.id, *visible(stay, view.at_date())]
    if bed_types is not None:
        conditions.append(stay.bed_type.in_(bed_types))
    return select(func.count(stay.id)).where(*conditions).correlate(facility).scalar_subquery()


def reserved(facility: Any, view: View, category: GroupCategory | None = None) -> ColumnElement[int]:
    """The beds of a facility that are kept for groups at the view's date."""
    period, reserve = aliased(CapacityPeriod), aliased(CapacityReserve)
    chosen = _periods(period, view, None).join(reserve, reserve.capacity_period_id == period.id)
    chosen = chosen.where(period.facility_id == facility.id)
    if category is not None:
        chosen = chosen.where(reserve.category == category)
    return chosen.with_only_columns(func.coalesce(func.sum(reserve.beds), 0)).correlate(facility).scalar_subquery()


def facilities(
    view: View, *, territory_id: Any = None, kinds: Iterable[FacilityKind] | None = None
) -> tuple[Any, Select[Any]]:
    """The facilities of a territory at the view's date: the alias and the select of their keys."""
    facility = aliased(Facility)
    chosen = select(facility.id).where(*visible(facility, view.at_date()))
    if territory_id is not None:
        chosen = chosen.where(within(facility.division_id, territory_id))
    if kinds is not None:
        chosen = chosen.where(facility.kind.in_(list(kinds)))
    return facility, chosen


def bed_total(
    view: View,
    *,
    measure: str = "open",
    territory_id: Any = None,
    kinds: Iterable[FacilityKind] | None = None,
    bed_types: Sequence[BedType] = rules.BED_CLASSES["INSTITUTIONAL"],
) -> ColumnElement[int]:
    """The beds of all facilities of a territory at the view's date; null when one of them does not state the measure."""
    period = aliased(CapacityPeriod)
    _, chosen = facilities(view, territory_id=territory_id, kinds=kinds)
    found = _periods(period, view, bed_types).where(period.facility_id.in_(chosen))
    return found.with_only_columns(_known_sum(getattr(period, measure))).scalar_subquery()


def resident_total(
    view: View,
    *,
    territory_id: Any = None,
    kinds: Iterable[FacilityKind] | None = None,
    bed_types: Sequence[BedType] = rules.BED_CLASSES["INSTITUTIONAL"],
) -> ColumnElement[int]:
    """The residents of all facilities of a territory at the view's date."""
    stay = aliased(Stay)
    _, chosen = facilities(view, territory_id=territory_id, kinds=kinds)
    found = select(func.count(stay.id)).where(stay.facility_id.in_(chosen), *visible(stay, view.at_date()))
    return found.where(stay.bed_type.in_(bed_types)).scalar_subquery()


def rate(numerator: ColumnElement[Any], denominator: ColumnElement[Any]) -> ColumnElement[Decimal]:
    """A share of summed counts; null when the denominator is zero or unknown, never zero."""
    return cast(numerator, Numeric(20, 6)) / cast(func.nullif(denominator, 0), Numeric(20, 6))


def nursing_share(view: View, *, territory_id: Any = None, measure: str = "open") -> ColumnElement[Decimal]:
    """Nursing beds as a share of institutional beds in a territory at the view's date."""
    institutional = rules.BED_CLASSES["INSTITUTIONAL"]
    nursing = bed_total(view, measure=measure, territory_id=territory_id, bed_types=rules.NURSING_BED_TYPES)
    return rate(
        func.coalesce(nursing, 0), bed_total(view, measure=measure, territory_id=territory_id, bed_types=institutional)
    )


def members(
    category: GroupCategory, view: View, *, territory_id: Any = None, base: ResidenceBase | None = None
) -> Select[Any]:
    """The keys of the people alive who belong to a group in a territory at the view's date."""
    person = aliased(Person)
    chosen = select(person.id).where(alive(person, view))
    if category in rules.DERIVED_CATEGORIES:
        chosen = chosen.where(holds(category, person, view))
    else:
        chosen = chosen.where(person.id.in_(people_determined([category], view)))
    if territory_id is not None:
        chosen = chosen.where(person.id.in_(people_within(territory_id, view, base=base)))
    return chosen


def group_counts(
    categories: Sequence[GroupCategory], view: View, *, territory_id: Any = None, base: ResidenceBase | None = None
) -> Select[Any]:
    """One row a category, `category` and `people`; somebody in several groups counts in each."""
    rows = [
        select(
            literal(category.value).label("category"),
            select(func.count())
            .select_from(members(category, view, territory_id=territory_id, base=base).subquery())
            .scalar_subquery()
            .label("people"),
        )
        for category in categories
    ]
    return select(union_all(*rows).subquery())


def distinct_members(
    categories: Sequence[GroupCategory], view: View, *, territory_id: Any = None, base: ResidenceBase | None = None
) -> ColumnElement[int]:
    """How many people belong to at least one of the groups; everybody counts once."""
    found = union_all(*(members(category, view, territory_id=territory_id, base=base) for category in categories))
    people = found.subquery()
    return select(func.count(people.c[0].distinct())).scalar_subquery()


def _periods(period: Any, view: View, bed_types: Sequence[BedType] | None) -> Select[Any]:
    chosen = select(period.id).where(*visible(period, view.at_date()))
    return chosen if bed_types is None else chosen.where(period.bed_type.in_(bed_types))


def _known_sum(measured: ColumnElement[Any]) -> ColumnElement[int]:
    """The sum when every row states the number; null when one does not, or when there is no row."""
    return cast(case((func.count(measured) == func.count(), func.sum(measured))), Integer)
