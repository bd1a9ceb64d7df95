"""Who works in care: posts by role, caregivers with their skill level, where they are employed, and training."""

from datetime import date
from decimal import Decimal

from sqlalchemy import CheckConstraint, Date, Index, Integer, Numeric, String
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
from eldercare.security.privacy import Privacy, Reach


class StaffRole(Term):
    """What somebody does in a facility."""

    CAREGIVER = "养老护理员", "caregiver"
    NURSE = "护士", "nurse"
    DOCTOR = "医生", "doctor"
    SOCIAL_WORKER = "社会工作者", "social worker"
    MANAGER = "管理人员", "manager"
    OTHER = "其他", "other"


class StaffPost(Entity):
    """How many people worked in a role at a facility, and how many of them held a certificate, from when to when."""

    __tablename__ = "staff_post"
    __zh__ = "岗位人员数"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("facility_id", "role"))
    __reach__ = Reach(facility="facility_id")

    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构", index=False)
    role: Mapped[StaffRole] = column(term(StaffRole), en="The role.", zh="岗位")
    headcount: Mapped[int] = column(Integer, en="How many people.", zh="人数")
    certified: Mapped[int | None] = column(Integer, en="Of those with a certificate of the trade.", zh="持证人数")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        *not_negative("headcount", "certified"),
        CheckConstraint("certified IS NULL OR certified <= headcount", name="certified_within_headcount"),
        Index("ix_staff_post_facility", "facility_id", "role", "valid_from"),
        Index("uq_staff_post_open", "facility_id", "role", unique=True, **only_where("valid_to IS NULL")),
    )


class SkillLevel(Term):
    """The national levels of skill of caregivers, the lowest first."""

    LEVEL_5 = "五级/初级工", "level 5, beginner"
    LEVEL_4 = "四级/中级工", "level 4, intermediate"
    LEVEL_3 = "三级/高级工", "level 3, advanced"
    LEVEL_2 = "二级/技师", "level 2, technician"
    LEVEL_1 = "一级/高级技师", "level 1, senior technician"


class Caregiver(Entity):
    """A person whose trade is care: a level of skill and the medals of the city belong to the person, not to a facility."""

    __tablename__ = "caregiver"
    __zh__ = "养老护理员"
    __reach__ = Reach(division="division_id")

    name: Mapped[str] = column(String(80), en="Name.", zh="姓名", privacy=Privacy.NAME)
    division_id: Mapped[int | None] = reference("division", en="Where the person is registered.", zh="登记区划")
    skill_level: Mapped[SkillLevel | None] = column(
        term(SkillLevel), en="National level of skill.", zh="职业技能等级", privacy=Privacy.OPEN
    )
    certificate_number: Mapped[str | None] = column(
        String(40), en="Number of the certificate.", zh="证书编号", privacy=Privacy.IDENTITY
    )
    certified_on: Mapped[date | None] = column(Date, en="Day of the certificate.", zh="发证日期", privacy=Privacy.OPEN)

    __table_args__ = (
        Index(
            "uq_caregiver_certificate",
            "certificate_number",
            unique=True,
            **only_where("certificate_number IS NOT NULL"),
        ),
    )


class Employment(Entity):
    """That a caregiver worked at a facility, from when to when."""

    __tablename__ = "employment"
    __zh__ = "护理员任职"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("caregiver_id", "facility_id"))
    __reach__ = Reach(facility="facility_id")

    caregiver_id: Mapped[int] = reference("caregiver", en="Who.", zh="护理员")
    facility_id: Mapped[int] = reference("facility", en="Where.", zh="机构", index=False)
    role: Mapped[StaffRole] = column(term(StaffRole), en="As what.", zh="岗位", default=StaffRole.CAREGIVER)
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期")

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_employment_facility", "facility_id", "valid_from"),
    )


class TrainingAudience(Term):
    """For whom a training is."""

    LEADER = "机构负责人", "leaders of facilities"
    CAREGIVER = "养老护理员", "caregivers"
    FAMILY = "家庭照护者", "family carers"
    INSPECTOR = "检查人员", "inspectors"


class TrainingRecord(Entity):
    """That people of a facility were trained: one named caregiver, or a number of people."""

    __tablename__ = "training_record"
    __zh__ = "培训记录"
    __validity__ = Validity("held_on")
    __reach__ = Reach(facility="facility_id")

    facility_id: Mapped[int] = reference(
        "facility", en="The facility whose people were trained.", zh="机构", index=False
    )
    audience: Mapped[TrainingAudience] = column(term(TrainingAudience), en="For whom it was.", zh="培训对象")
    caregiver_id: Mapped[int | None] = reference("caregiver", en="The caregiver, when named.", zh="护理员")
    people: Mapped[int] = column(Integer, en="How many took part.", zh="参训人数", default=1)
    course: Mapped[str] = column(String(120), en="What was taught.", zh="培训课程")
    hours: Mapped[Decimal | None] = column(Numeric(6, 1), en="Hours of teaching.", zh="学时")
    organiser_id: Mapped[int | None] = reference(
        "organisation", en="Who held it, such as the trade's association.", zh="培训组织单位"
    )
    held_on: Mapped[date] = column(Date, en="The day it ended.", zh="培训日期")
    passed: Mapped[int | None] = column(Integer, en="How many passed the examination.", zh="考核合格人数")

    __table_args__ = (
        CheckConstraint("people >= 1", name="people"),
        CheckConstraint("caregiver_id IS NULL OR people = 1", name="one_caregiver"),
        CheckConstraint("passed IS NULL OR (passed >= 0 AND passed <= people)", name="passed_within_people"),
        *not_negative("hours"),
        Index("ix_training_record_facility", "facility_id", "audience", "held_on"),
    )
