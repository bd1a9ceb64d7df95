"""The command that sets how many beds of a type a facility has from a day on."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select

from eldercare.registry import rules
from eldercare.registry.capacity import BedType, CapacityPeriod, CapacityReserve
from eldercare.registry.change import Writer
from eldercare.registry.contract import OperatingContract
from eldercare.registry.draft import refuse
from eldercare.registry.facility import Facility
from eldercare.registry.membership import GroupCategory
from eldercare.registry.phase import open_phase


def set_capacity(
    writer: Writer,
    *,
    facility_id: int,
    bed_type: BedType,
    on: date,
    open: int,
    filed: int | None = None,
    designed: int | None = None,
    out_of_service: int = 0,
    reserved: Mapping[GroupCategory, int] | None = None,
) -> CapacityPeriod:
    """End the present period of a bed type and begin the next; what is not said is kept, the reserves among it.

    Refused when residents would have no bed, or when less is reserved than the operating contract demands.
    """
    writer.locked(Facility, facility_id)
    owner = {"facility_id": facility_id, "bed_type": bed_type}
    current: CapacityPeriod | None = open_phase(writer, CapacityPeriod, owner)  # type: ignore[arg-type]
    if current is not None and on < current.valid_from:
        refuse("BEFORE_CURRENT_STATE", "The present capacity began later.", "Correct that period instead.", "on")
    if reserved is None:
        reserved = _reserves(writer, current)
    numbers = {
        "open": open,
        "filed": filed if filed is not None or current is None else current.filed,
        "designed": designed if designed is not None or current is None else current.designed,
        "out_of_service": out_of_service,
    }
    with writer.together():
        period = _write(writer, owner, current, numbers, on)
        for category, beds in reserved.items():
            writer.create(CapacityReserve, {"capacity_period_id": period.id, "category": category, "beds": beds})
        check_reserved_share(writer, facility_id, on)
    return writer.find(CapacityPeriod, period.id)


def check_reserved_share(writer: Writer, facility_id: int, on: date) -> None:
    """Refuse when the institutional beds reserved on a day are fewer than the contract of that day demands."""
    demanded = writer.session.scalar(
        select(OperatingContract.reserved_share_min).where(
            OperatingContract.facility_id == facility_id,
            OperatingContract.valid_from <= on,
            func.coalesce(OperatingContract.valid_to > on, True),
        )
    )
    if demanded is None:
        return
    periods = select(CapacityPeriod.id).where(
        CapacityPeriod.facility_id == facility_id,
        CapacityPeriod.bed_type.in_(rules.BED_CLASSES["INSTITUTIONAL"]),
        CapacityPeriod.valid_from <= on,
        func.coalesce(CapacityPeriod.valid_to > on, True),
    )
    beds = writer.session.scalar(periods.with_only_columns(func.coalesce(func.sum(CapacityPeriod.open), 0)))
    kept = writer.session.scalar(
        select(func.coalesce(func.sum(CapacityReserve.beds), 0)).where(CapacityReserve.capacity_period_id.in_(periods))
    )
    if Decimal(kept or 0) < demanded * Decimal(beds or 0):
        refuse(
            "RESERVED_TOO_FEW",
            f"{kept} of {beds} beds would be reserved; the operating contract demands {demanded:.0%}.",
            "Reserve more beds for people the government supports.",
            "reserved",
        )


def _write(
    writer: Writer,
    owner: Mapping[str, object],
    current: CapacityPeriod | None,
    numbers: Mapping[str, int | None],
    on: date,
) -> CapacityPeriod:
    if current is None:
        return writer.create(CapacityPeriod, {**owner, **numbers, "valid_from": on})
    if on == current.valid_from:
        _drop_reserves(writer, current)
        return writer.correct(CapacityPeriod, current.id, numbers)
    return _replace(writer, current, {**owner, **numbers, "valid_from": on})


def _replace(writer: Writer, current: CapacityPeriod, values: Mapping[str, object]) -> CapacityPeriod:
    """Between the end of one period and the begin of the next residents would have no bed, so the two are one step."""
    on: date = values["valid_from"]  # type: ignore[assignment]
    with writer.together():
        writer.end(CapacityPeriod, current.id, on)
        return writer.create(CapacityPeriod, values)


def _reserves(writer: Writer, current: CapacityPeriod | None) -> dict[GroupCategory, int]:
    if current is None:
        return {}
    query = select(CapacityReserve).where(CapacityReserve.capacity_period_id == current.id)
    return {row.category: row.beds for row in writer.session.scalars(query)}


def _drop_reserves(writer: Writer, current: CapacityPeriod) -> None:
    query = select(CapacityReserve.id).where(CapacityReserve.capacity_period_id == current.id)
    for key in writer.session.scalars(query).all():
        writer.annul(CapacityReserve, key, reason="capacity set again for the same day")
