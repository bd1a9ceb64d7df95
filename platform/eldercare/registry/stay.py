"""Stays of people in facilities, and the leaves within them; a leave keeps the bed."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Index, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.capacity import BedType
from eldercare.registry.entity import Alone, Entity, Validity, column, only_where, reference, term
from eldercare.security.privacy import Privacy, Reach


class Payer(Term):
    """Who pays for a stay."""

    SELF = "自费", "the person"
    CENTRALISED_SUPPORT = "集中供养", "centralised support of the extremely poor"
    SUBSIDISED = "补贴", "subsidised"
    MIXED = "混合", "mixed"


class DischargeReason(Term):
    """Why a stay ended."""

    WENT_HOME = "回家", "went home"
    TRANSFERRED = "转院", "moved to another facility"
    HOSPITAL = "转医疗机构", "went to a hospital for good"
    DECEASED = "死亡", "died"
    FACILITY_CLOSED = "机构关闭", "facility closed"
    OTHER = "其他", "other"


class StayStatus(Term):
    """The state of a stay at a date; computed from its dates and leaves, never stored."""

    TRIAL = "试住", "on trial"
    ACTIVE = "在住", "staying"
    ON_LEAVE = "请假", "on leave"
    DISCHARGED = "已退住", "discharged"
    TRANSFERRED = "已转院", "moved to another facility"
    DECEASED = "已去世", "died"


class Stay(Entity):
    """That a person lived in a facility in a bed of some type, from when to when."""

    __tablename__ = "stay"
    __zh__ = "入住"
    __validity__ = Validity("admitted_on", "discharged_on")
    __alone__ = Alone(("person_id",))
    __reach__ = Reach(person="person_id", facility="facility_id")

    person_id: Mapped[int] = reference("person", en="The person.", zh="老年人", index=False)
    facility_id: Mapped[int] = reference("facility", en="The facility.", zh="机构", index=False)
    bed_type: Mapped[BedType] = column(term(BedType), en="Type of the bed.", zh="床位类型", privacy=Privacy.PERSONAL)
    bed_number: Mapped[str | None] = column(String(40), en="The bed.", zh="床号", privacy=Privacy.PERSONAL)
    admitted_on: Mapped[date] = column(Date, en="First day of the stay.", zh="入住日期", privacy=Privacy.PERSONAL)
    discharged_on: Mapped[date | None] = column(
        Date, en="First day no longer there.", zh="退住日期", privacy=Privacy.PERSONAL
    )
    payer: Mapped[Payer] = column(
        term(Payer), en="Who pays.", zh="付费方式", default=Payer.SELF, privacy=Privacy.POVERTY
    )
    care_level: Mapped[str | None] = column(
        String(40), en="Care level agreed with the facility.", zh="护理等级", privacy=Privacy.ABILITY
    )
    agreement_number: Mapped[str | None] = column(
        String(60), en="Number of the service agreement.", zh="服务协议编号", privacy=Privacy.PERSONAL
    )
    assessment_id: Mapped[int | None] = reference(
        "ability_assessment", en="The assessment the admission rests on.", zh="入院评估", index=False
    )
    application_id: Mapped[int | None] = reference("application", en="The application it settled.", zh="入住申请")
    trial_until: Mapped[date | None] = column(
        Date, en="Last day of the trial.", zh="试住截止", planned=True, privacy=Privacy.PERSONAL
    )
    discharge_reason: Mapped[DischargeReason | None] = column(
        term(DischargeReason), en="Why the stay ended.", zh="退住原因", privacy=Privacy.PERSONAL
    )
    transfer_to_id: Mapped[int | None] = reference("stay", en="The stay that followed a transfer.", zh="转入记录")

    __table_args__ = (
        CheckConstraint("discharged_on IS NULL OR admitted_on <= discharged_on", name="admitted_before_discharged"),
        CheckConstraint("(discharged_on IS NULL) = (discharge_reason IS NULL)", name="discharge_has_a_reason"),
        Index("ix_stay_person", "person_id", "admitted_on"),
        Index("ix_stay_facility", "facility_id", "bed_type", "admitted_on", "discharged_on"),
        Index("ix_stay_facility_open", "facility_id", "bed_type", **only_where("discharged_on IS NULL")),
        Index("uq_stay_open", "person_id", unique=True, **only_where("discharged_on IS NULL")),
    )


class LeaveReason(Term):
    """Why a resident is away."""

    FAMILY_VISIT = "探亲", "visiting family"
    HOSPITAL = "住院", "in hospital"
    OTHER = "其他", "other"


class StayLeave(Entity):
    """That a resident was away while the bed was kept, from when to when."""

    __tablename__ = "stay_leave"
    __zh__ = "请假外出"
    __validity__ = Validity("left_on", "returned_on")
    __alone__ = Alone(("stay_id",))
    __reach__ = Reach(via="stay_id")

    stay_id: Mapped[int] = reference("stay", en="The stay.", zh="入住", index=False)
    left_on: Mapped[date] = column(Date, en="First day away.", zh="离开日期", privacy=Privacy.PERSONAL)
    returned_on: Mapped[date | None] = column(Date, en="First day back.", zh="返回日期", privacy=Privacy.PERSONAL)
    reason: Mapped[LeaveReason] = column(term(LeaveReason), en="Why.", zh="请假原因", privacy=Privacy.PERSONAL)

    __table_args__ = (
        CheckConstraint("returned_on IS NULL OR left_on <= returned_on", name="left_before_returned"),
        Index("ix_stay_leave_stay", "stay_id", "left_on"),
        Index("uq_stay_leave_open", "stay_id", unique=True, **only_where("returned_on IS NULL")),
    )
