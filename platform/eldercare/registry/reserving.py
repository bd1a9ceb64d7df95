"""The rule that a facility keeps as large a share of its beds for people the government supports as its contract demands."""

from typing import Any

from sqlalchemy import ColumnElement, Numeric, and_, case, cast, exists, func, select
from sqlalchemy.orm import aliased

from eldercare.registry.capacity import CapacityPeriod, CapacityReserve
from eldercare.registry.contract import OperatingContract
from eldercare.registry.invariant import Invariant, before_end, total
from eldercare.registry.query import View, entity_class, visible
from eldercare.registry.rules import BED_CLASSES


def kept_too_few(row: Any) -> ColumnElement[bool]:
    """Whether on the first day of a period under a contract fewer beds are kept than the contract demands."""
    if entity_class(row) is CapacityPeriod:
        return _under_contract(row)
    period = aliased(CapacityPeriod)
    return exists(select(period.id).where(period.id == row.capacity_period_id, _under_contract(period)))


def _under_contract(period: Any) -> ColumnElement[bool]:
    contract = aliased(OperatingContract)
    first = case((period.valid_from >= contract.valid_from, period.valid_from), else_=contract.valid_from)
    overlapping = and_(
        before_end(period.valid_from, contract.valid_to), before_end(contract.valid_from, period.valid_to)
    )
    beds, kept = _beds_on(period.facility_id, first, period, contract)
    demanded = contract.reserved_share_min * cast(beds, Numeric(20, 6))
    return exists(
        select(contract.id).where(
            period.bed_type.in_(BED_CLASSES["INSTITUTIONAL"]),
            contract.facility_id == period.facility_id,
            contract.reserved_share_min.is_not(None),
            overlapping,
            kept < demanded,
        )
    )


def _beds_on(facility_id: Any, day: Any, *outer: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The open institutional beds of a facility on a day, and those kept for groups."""
    other, reserve = aliased(CapacityPeriod), aliased(CapacityReserve)
    standing = [
        other.facility_id == facility_id,
        other.bed_type.in_(BED_CLASSES["INSTITUTIONAL"]),
        *visible(other, View(day)),
    ]
    beds = select(func.sum(other.open)).where(*standing).correlate(*outer)
    kept = select(func.sum(reserve.beds)).join(other, other.id == reserve.capacity_period_id).where(*standing)
    return total(beds), total(kept.correlate(*outer))


INVARIANTS = (
    Invariant(
        "RESERVED_TOO_FEW",
        "Fewer beds would be reserved than the operating contract demands.",
        "Reserve more beds; setCapacity takes beds and their reserve in one step.",
        (CapacityReserve, CapacityPeriod),
        kept_too_few,
        ("beds",),
        acts=("beds", "capacity_period_id", "facility_id", "bed_type", "open", "valid_from"),
    ),
)
