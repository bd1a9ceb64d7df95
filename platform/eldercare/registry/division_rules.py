"""The rules that keep everything inside the time in which its division exists."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from eldercare.registry.application import Application
from eldercare.registry.division import Division
from eldercare.registry.entity import Record
from eldercare.registry.facility import Facility
from eldercare.registry.hotline import HotlineCall, ServiceRequest
from eldercare.registry.invariant import Invariant, before_end
from eldercare.registry.person import Residence
from eldercare.registry.query import entity_class
from eldercare.registry.scheme import SchemeDivision
from eldercare.registry.service_area import FacilityArea
from eldercare.registry.service_order import ServiceOrder
from eldercare.registry.service_platform import Platform
from eldercare.registry.statistic import IndicatorTarget, PopulationStatistic

IN_A_DIVISION: dict[type[Record], str] = {
    Residence: "valid_from",
    Application: "applied_on",
    PopulationStatistic: "counted_on",
    IndicatorTarget: "valid_from",
    Platform: "established_on",
    HotlineCall: "called_on",
    ServiceRequest: "requested_on",
    ServiceOrder: "ordered_on",
    FacilityArea: "valid_from",
    SchemeDivision: "valid_from",
}
"""Nouns whose division must exist on the day the column names."""


def _no_division(row: Any) -> ColumnElement[bool]:
    division, day = aliased(Division), getattr(row, IN_A_DIVISION[entity_class(row)])
    standing = and_(division.id == row.division_id, division.valid_from <= day, before_end(day, division.valid_to))
    return and_(row.division_id.is_not(None), ~exists(select(division.id).where(standing)))


def _facility_without_division(row: Any) -> ColumnElement[bool]:
    division = aliased(Division)
    apart = or_(division.valid_to <= row.established_on, division.valid_from >= row.closed_on)
    return exists(select(division.id).where(division.id == row.division_id, apart))


def _parent_gone(row: Any) -> ColumnElement[bool]:
    parent = aliased(Division)
    return exists(select(parent.id).where(parent.id == row.parent_id, _apart(parent, row.valid_from)))


def _division_left_behind(row: Any) -> ColumnElement[bool]:
    found = []
    for noun, name in IN_A_DIVISION.items():
        child = aliased(noun)
        day = getattr(child, name)
        found.append(exists(select(child.id).where(child.division_id == row.id, _apart(row, day))))  # type: ignore[attr-defined]
    facility, part = aliased(Facility), aliased(Division)
    gone = or_(row.valid_to <= facility.established_on, row.valid_from >= facility.closed_on)
    found.append(exists(select(facility.id).where(facility.division_id == row.id, gone)))
    found.append(exists(select(part.id).where(part.parent_id == row.id, _apart(row, part.valid_from))))
    return or_(*found)


def _apart(division: Any, day: Any) -> ColumnElement[bool]:
    return or_(day < division.valid_from, day >= division.valid_to)


DIVISION_INVARIANTS: tuple[Invariant, ...] = (
    Invariant(
        "DIVISION_NOT_IN_FORCE",
        "The division does not exist on this day.",
        "Use the division that was in force then; successors are recorded with it.",
        tuple(IN_A_DIVISION),
        _no_division,
        ("division_id",),
    ),
    Invariant(
        "DIVISION_NOT_IN_FORCE",
        "The division never existed during the life of the facility.",
        "Use the division that was in force then; successors are recorded with it.",
        (Facility,),
        _facility_without_division,
        ("division_id",),
    ),
    Invariant(
        "DIVISION_NOT_IN_FORCE",
        "The parent does not exist on the day the division begins.",
        "Use the parent that was in force then.",
        (Division,),
        _parent_gone,
        ("parent_id",),
    ),
    Invariant(
        "DIVISION_LEFT_BEHIND",
        "Records of this division would lie outside the time in which it exists.",
        "Correct those records first, or choose another day.",
        (Division,),
        _division_left_behind,
        ("valid_from",),
    ),
)
"""The rules between a division and what is recorded in it."""
