"""Visits of officials to see how things stand: who came, on which day as far as it is known, and where."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.registry.draft import Draft, refuse
from eldercare.registry.entity import Entity, Quality, column, reference
from eldercare.security.privacy import Reach

LEAP_YEAR = 2000
"""A year in which every day of the calendar exists, to try out a day whose year is not known."""


class FieldVisit(Entity):
    """That officials came to see how things stand; a day whose year nobody knows is kept as month and day."""

    __tablename__ = "field_visit"
    __zh__ = "实地调研"
    __reach__ = Reach(division="division_id")

    division_id: Mapped[int] = reference("division", en="Where they came.", zh="调研区划")
    led_by: Mapped[str] = column(String(120), en="Who led it, by office.", zh="带队领导职务")
    accompanied_by: Mapped[str | None] = column(String(300), en="Who came along, by office.", zh="陪同人员职务")
    visited_on: Mapped[date | None] = column(Date, en="The day, when all of it is known.", zh="调研日期")
    month_day: Mapped[str | None] = column(
        String(5), en="Month and day as MM-DD, when the year is not known.", zh="调研月日"
    )
    theme: Mapped[str | None] = column(String(300), en="What it was about.", zh="调研主题")
    demands: Mapped[str | None] = column(String(1000), en="What was asked for.", zh="工作要求")

    __table_args__ = (
        CheckConstraint("visited_on IS NOT NULL OR month_day IS NOT NULL", name="a_day_is_known"),
        CheckConstraint("visited_on IS NULL OR month_day IS NULL", name="one_form_of_the_day"),
    )


class FieldVisitStop(Entity):
    """A facility that was seen on a visit of officials, in the order of the visit."""

    __tablename__ = "field_visit_stop"
    __zh__ = "调研点"
    __reach__ = Reach(facility="facility_id")

    field_visit_id: Mapped[int] = reference("field_visit", en="The visit.", zh="实地调研", index=False)
    facility_id: Mapped[int] = reference("facility", en="The facility seen.", zh="机构")
    place: Mapped[int] = column(Integer, en="1 was seen first.", zh="次序")
    seen: Mapped[str | None] = column(String(500), en="What was looked at.", zh="了解内容")

    __table_args__ = (
        UniqueConstraint("field_visit_id", "place"),
        CheckConstraint("place >= 1", name="place"),
    )


def field_visit(draft: Draft) -> None:
    """Month and day must be a day of the calendar; a visit of unknown year is incomplete, and never more than that."""
    text = draft.after.get("month_day")
    if text is None:
        return
    try:
        day = date.fromisoformat(f"{LEAP_YEAR}-{text}")
    except ValueError:
        refuse("MONTH_DAY", "This is no day of the calendar.", "Send month and day as MM-DD.", "month_day")
    draft.after["month_day"] = f"{day:%m-%d}"
    draft.after["quality"] = Quality.INCOMPLETE
