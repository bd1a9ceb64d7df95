"""Rules of admission as rows: which group at which need comes in which class, and from when."""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, Integer, String
from sqlalchemy.orm import Mapped

from eldercare.registry.entity import Entity, Validity, column, not_negative, ordered, reference, term
from eldercare.registry.membership import GroupCategory, SelfCareClass
from eldercare.security.privacy import Reach


class AdmissionRule(Entity):
    """One condition that puts an applicant into a class of admission; the lowest class that fits counts."""

    __tablename__ = "admission_rule"
    __zh__ = "入院轮候规则"
    __validity__ = Validity("valid_from", "valid_to")
    __reach__ = Reach(division="division_id", everybody=True)

    division_id: Mapped[int | None] = reference("division", en="Where it holds; empty is everywhere.", zh="适用区划")
    priority_class: Mapped[int] = column(Integer, en="The class, 1 comes first.", zh="轮候类别")
    category: Mapped[GroupCategory | None] = column(
        term(GroupCategory), en="Group the applicant must belong to; empty is anyone.", zh="群体类别"
    )
    level_min: Mapped[int | None] = column(Integer, en="Least ability level, 0 to 4.", zh="最低失能等级")
    age_min: Mapped[int | None] = column(Integer, en="Least age in full years.", zh="最低年龄")
    self_care: Mapped[SelfCareClass | None] = column(
        term(SelfCareClass), en="Self-care class of an extremely poor applicant.", zh="自理能力"
    )
    local_only: Mapped[bool] = column(
        Boolean, en="Whether only people of the division come under it.", zh="仅限本地居民", default=False
    )
    promote_after_days: Mapped[int | None] = column(
        Integer, en="Days of waiting after which the class improves by one.", zh="轮候晋级天数"
    )
    basis: Mapped[str | None] = column(String(200), en="What it rests on.", zh="依据")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        CheckConstraint("priority_class >= 1", name="priority_class"),
        CheckConstraint("level_min IS NULL OR level_min BETWEEN 0 AND 4", name="level_min"),
        *not_negative("age_min", "promote_after_days"),
    )
