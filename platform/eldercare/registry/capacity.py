"""Capacity: how many beds of each type a facility has, dated and without gaps."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Index, Integer, UniqueConstraint
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
from eldercare.registry.membership import GroupCategory
from eldercare.security.privacy import Reach


class BedType(Term):
    """Types of beds; institutional, day-care and family beds are never added up."""

    ORDINARY = "普通床位", "ordinary"
    NURSING = "护理型床位", "nursing"
    DEMENTIA = "失智照护床位", "dementia care"
    REHAB = "康复床位", "rehabilitation"
    SHORT_STAY = "短期托养床位", "short stay"
    DAY = "日托", "day-care place"
    FAMILY = "家庭养老床位", "family care bed"


class CapacityPeriod(Entity):
    """The beds of one type that a facility had, from when to when."""

    __tablename__ = "capacity_period"
    __zh__ = "床位容量"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("facility_id", "bed_type"), gapless=True)
    __reach__ = Reach(facility="facility_id", everybody=True)

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构", index=False)
    bed_type: Mapped[BedType] = column(term(BedType), en="Type of the beds.", zh="床位类型")
    designed: Mapped[int | None] = column(Integer, en="Beds as designed.", zh="设计床位")
    filed: Mapped[int | None] = column(Integer, en="Beds as filed with civil affairs.", zh="备案床位")
    open: Mapped[int] = column(Integer, en="Beds that can be used.", zh="开放床位")
    out_of_service: Mapped[int] = column(Integer, en="Beds out of service.", zh="停用床位", default=0)
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        *not_negative("designed", "filed", "open", "out_of_service"),
        Index("ix_capacity_period_facility", "facility_id", "bed_type", "valid_from"),
        Index("uq_capacity_period_open", "facility_id", "bed_type", unique=True, **only_where("valid_to IS NULL")),
    )


class CapacityReserve(Entity):
    """Beds of a capacity period that are kept for one group of people."""

    __tablename__ = "capacity_reserve"
    __zh__ = "预留床位"
    __reach__ = Reach(via="capacity_period_id", everybody=True)

    capacity_period_id: Mapped[int] = reference(
        "capacity_period", en="The capacity period.", zh="床位容量", index=False
    )
    category: Mapped[GroupCategory] = column(term(GroupCategory), en="For whom.", zh="预留对象")
    beds: Mapped[int] = column(Integer, en="How many beds.", zh="床位数")

    __table_args__ = (
        UniqueConstraint("capacity_period_id", "category"),
        CheckConstraint("beds > 0", name="beds"),
    )
