"""Projects: facilities on their way to a higher rating with the gaps still open, and support points, parks and buildings."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, Index, Integer, Numeric, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.capability import Capability
from eldercare.registry.entity import Entity, Validity, column, not_negative, only_where, reference, term
from eldercare.registry.money import money
from eldercare.registry.rating import RatingScheme
from eldercare.security.privacy import Reach


class ProjectState(Term):
    """Where a project stands at a date."""

    PLANNED = "未开工", "not begun"
    UNDER_WAY = "推进中", "under way"
    COMPLETED = "已完成", "completed"
    CANCELLED = "已取消", "cancelled"


class StarUpgradeProject(Entity):
    """That a facility works towards a level of a rating scheme, by a day."""

    __tablename__ = "star_upgrade_project"
    __zh__ = "等级提升项目"
    __validity__ = Validity("started_on")
    __reach__ = Reach(facility="facility_id")

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构")
    scheme: Mapped[RatingScheme] = column(
        term(RatingScheme), en="The scheme.", zh="评定体系", default=RatingScheme.INSTITUTION_STAR
    )
    target_level: Mapped[int] = column(Integer, en="The level aimed at.", zh="目标等级")
    started_on: Mapped[date] = column(Date, en="First day.", zh="启动日期", planned=True)
    due_on: Mapped[date] = column(Date, en="The last day for it.", zh="完成期限", planned=True)
    completed_on: Mapped[date | None] = column(Date, en="The day it was completed.", zh="完成日期")
    cancelled_on: Mapped[date | None] = column(Date, en="The day it was given up.", zh="取消日期")

    __table_args__ = (
        CheckConstraint("target_level >= 1", name="target_level"),
        CheckConstraint("started_on <= due_on", name="due"),
        CheckConstraint("completed_on IS NULL OR started_on <= completed_on", name="completed"),
        CheckConstraint("completed_on IS NULL OR cancelled_on IS NULL", name="one_end"),
        Index(
            "uq_star_upgrade_project_open",
            "facility_id",
            "scheme",
            unique=True,
            **only_where("completed_on IS NULL AND cancelled_on IS NULL"),
        ),
    )


class UpgradeGap(Entity):
    """Something a facility still lacks for its level; any one of its options closes it, or a statement that it is closed."""

    __tablename__ = "upgrade_gap"
    __zh__ = "提升差距"
    __reach__ = Reach(via="project_id")

    project_id: Mapped[int] = reference("star_upgrade_project", en="The project.", zh="等级提升项目", index=False)
    number: Mapped[int] = column(Integer, en="Its number, from 1.", zh="序号")
    text: Mapped[str] = column(String(300), en="What is lacking.", zh="差距内容")
    closed_on: Mapped[date | None] = column(
        Date, en="The day it was stated to be closed; not needed where an option says so.", zh="确认消除日期"
    )
    note: Mapped[str | None] = column(String(300), en="How it was closed.", zh="说明")

    __table_args__ = (UniqueConstraint("project_id", "number"), CheckConstraint("number >= 1", name="number"))


class RequirementKind(Term):
    """How it is known that a requirement is met."""

    CAPABILITY = "具备服务能力", "the facility has a capability"
    MEDICAL_CARE = "设有或签约医疗机构", "a medical institution in the house or under contract"
    NURSING_SHARE = "护理型床位占比", "at least this share of its open beds are nursing beds"
    CERTIFIED_SHARE = "护理员持证比例", "at least this share of its caregivers is certified"
    FIRE_SAFETY = "消防达标", "the fire standard is met"


class GapOption(Entity):
    """One way to close a gap, computed from the facility's own records at the date."""

    __tablename__ = "gap_option"
    __zh__ = "差距消除方式"
    __reach__ = Reach(via="gap_id")

    gap_id: Mapped[int] = reference("upgrade_gap", en="The gap.", zh="提升差距")
    kind: Mapped[RequirementKind] = column(term(RequirementKind), en="What closes it.", zh="方式")
    capability: Mapped[Capability | None] = column(term(Capability), en="Which capability.", zh="服务能力")
    least: Mapped[Decimal | None] = column(Numeric(6, 5), en="The least share, 0 to 1.", zh="最低比例")

    __table_args__ = (
        CheckConstraint("(kind = 'CAPABILITY') = (capability IS NOT NULL)", name="capability"),
        CheckConstraint("(kind IN ('NURSING_SHARE', 'CERTIFIED_SHARE')) = (least IS NOT NULL)", name="share"),
        CheckConstraint("least IS NULL OR least BETWEEN 0 AND 1", name="least"),
    )


class ProjectKind(Term):
    """What a project makes."""

    SUPPORT_POINT = "区域性集中供养点", "local point of centralised support"
    INDUSTRIAL_PARK = "产业园区", "industrial park"
    CONSTRUCTION = "新建养老设施", "new facility"
    RENOVATION = "改造提升", "renovation"
    FIRE_RETROFIT = "消防改造", "fire retrofit"
    OTHER = "其他", "other"


class Project(Entity):
    """Something that a division sets out to complete by a day: a support point, a park, a building."""

    __tablename__ = "project"
    __zh__ = "建设项目"
    __reach__ = Reach(division="division_id")

    name: Mapped[str] = column(String(160), en="Name.", zh="名称")
    kind: Mapped[ProjectKind] = column(term(ProjectKind), en="What it makes.", zh="项目类型")
    division_id: Mapped[int] = reference("division", en="Where it is.", zh="所在区划")
    facility_id: Mapped[int | None] = reference("facility", en="The facility it is for.", zh="机构")
    owner_id: Mapped[int | None] = reference("organisation", en="Who answers for it.", zh="责任单位")
    planned_beds: Mapped[int | None] = column(Integer, en="Beds it is to bring.", zh="计划床位数")
    budget: Mapped[int | None] = money(en="Its budget.", zh="预算", nullable=True)
    announced_on: Mapped[date | None] = column(Date, en="The day it was announced.", zh="立项日期")
    started_on: Mapped[date | None] = column(Date, en="First day of the work.", zh="开工日期")
    due_on: Mapped[date] = column(Date, en="The last day for it.", zh="完成期限", planned=True)
    completed_on: Mapped[date | None] = column(Date, en="The day it was completed.", zh="完成日期")
    cancelled_on: Mapped[date | None] = column(Date, en="The day it was given up.", zh="取消日期")

    __table_args__ = (
        *not_negative("planned_beds", "budget"),
        CheckConstraint("completed_on IS NULL OR started_on IS NULL OR started_on <= completed_on", name="completed"),
        CheckConstraint("completed_on IS NULL OR cancelled_on IS NULL", name="one_end"),
        Index("ix_project_due", "kind", "due_on"),
    )
