"""Service areas: the territories that a facility serves besides the place where it stands."""

from datetime import date

from sqlalchemy import Date, Index
from sqlalchemy.orm import Mapped

from eldercare.registry.entity import Alone, Entity, Validity, column, only_where, ordered, reference
from eldercare.security.privacy import Reach


class FacilityArea(Entity):
    """That a facility served a territory, from when to when."""

    __tablename__ = "facility_area"
    __zh__ = "机构服务区域"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("facility_id", "division_id"))
    __reach__ = Reach(facility="facility_id", division="division_id", everybody=True)

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构", index=False)
    division_id: Mapped[int] = reference("division", en="The territory.", zh="服务区域", index=False)
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_facility_area_facility", "facility_id", "valid_from"),
        Index("ix_facility_area_division", "division_id", "valid_from"),
        Index("uq_facility_area_open", "facility_id", "division_id", unique=True, **only_where("valid_to IS NULL")),
    )
