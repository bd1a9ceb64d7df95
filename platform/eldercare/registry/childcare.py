"""Childcare: how many places a centre has and how many are taken; numbers only, no child is ever recorded."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Index, Integer
from sqlalchemy.orm import Mapped

from eldercare.registry.entity import (
    Alone,
    Entity,
    Validity,
    column,
    not_negative,
    only_where,
    ordered,
    reference,
)
from eldercare.security.privacy import Reach


class ChildcarePeriod(Entity):
    """The places of a childcare centre and how many of them were taken, from when to when; sums only."""

    __tablename__ = "childcare_period"
    __zh__ = "托位与招收情况"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("facility_id",))
    __reach__ = Reach(facility="facility_id", everybody=True)

    facility_id: Mapped[int] = reference("facility", en="The childcare centre.", zh="托育机构", index=False)
    places: Mapped[int] = column(Integer, en="Places.", zh="托位数")
    inclusive_places: Mapped[int | None] = column(
        Integer, en="Of those the places at a price everybody can pay.", zh="普惠托位数"
    )
    enrolled: Mapped[int] = column(Integer, en="How many places are taken.", zh="在托人数")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        *not_negative("places", "inclusive_places", "enrolled"),
        CheckConstraint("enrolled <= places", name="enrolled_within_places"),
        CheckConstraint("inclusive_places IS NULL OR inclusive_places <= places", name="inclusive_within_places"),
        Index("ix_childcare_period_facility", "facility_id", "valid_from"),
        Index("uq_childcare_period_open", "facility_id", unique=True, **only_where("valid_to IS NULL")),
    )
