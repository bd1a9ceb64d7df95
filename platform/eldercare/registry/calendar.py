"""The calendar of working days: days that are not what their weekday says, as the State Council's notices set them."""

from datetime import date

from sqlalchemy import Boolean, Date, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.registry.entity import Entity, column
from eldercare.security.privacy import Reach


class CalendarDay(Entity):
    """A weekday that is a holiday, or a Saturday or Sunday on which people work; all other days are as their weekday says."""

    __tablename__ = "calendar_day"
    __zh__ = "工作日历"
    __reach__ = Reach(everybody=True)

    day: Mapped[date] = column(Date, en="The day.", zh="日期", planned=True)
    working: Mapped[bool] = column(Boolean, en="Whether people work on it.", zh="是否工作日")
    name: Mapped[str | None] = column(String(60), en="The holiday it belongs to.", zh="节假日名称")
    basis: Mapped[str | None] = column(String(120), en="The notice that sets it.", zh="依据")

    __table_args__ = (UniqueConstraint("day"),)
