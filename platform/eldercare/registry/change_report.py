"""Reports that something changed in a person's life: who told it through which channel, and what was decided about it."""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, Index, LargeBinary, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Entity, Validity, column, reference, term
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import IdType, LivingKind, ResidenceBase, Sex
from eldercare.security.privacy import Privacy, Reach


class ReportChannel(Term):
    """The way a change became known."""

    VILLAGE = "村(社区)上报", "reported by a village or community"
    BIG_DATA = "大数据排查", "found by matching registers"
    SELF = "本人或家属申报", "told by the person or the family"
    IMPORT = "批量导入", "imported from another system"


class ReportKind(Term):
    """What changed in a person's life."""

    DEATH = "死亡", "death"
    MOVE_IN = "迁入", "moved in"
    MOVE_OUT = "迁出", "moved out"
    NEW_ELDER = "新增老年人", "an older person not recorded yet"
    LIVING_CHANGE = "居住情况变化", "lives with others than before"
    ABILITY_CHANGE = "能力变化", "ability changed"
    CATEGORY_CHANGE = "类别变化", "came to belong to a group, or no longer does"
    CONTACT = "联系方式变化", "telephone, contact or address changed"


class ReportStatus(Term):
    """Where a report stands; only an applied one has changed anything."""

    REPORTED = "已上报", "reported"
    VERIFIED = "已核实", "verified"
    APPLIED = "已生效", "applied, with all its consequences"
    REJECTED = "不属实", "rejected"
    DUPLICATE = "重复上报", "told before in another report"


class ChangeReport(Entity):
    """A report that something changed in a person's life, and what was decided about it."""

    __tablename__ = "change_report"
    __zh__ = "变更报告"
    __validity__ = Validity("reported_on", "")
    __reach__ = Reach(person="person_id", division="division_id")

    kind: Mapped[ReportKind] = column(term(ReportKind), en="What changed.", zh="变更类型", privacy=Privacy.PERSONAL)
    channel: Mapped[ReportChannel] = column(
        term(ReportChannel), en="How it became known.", zh="上报渠道", privacy=Privacy.OPEN
    )
    person_id: Mapped[int | None] = reference(
        "person", en="Whom it is about; empty until an older person not recorded yet is.", zh="老年人", index=False
    )
    division_id: Mapped[int | None] = reference(
        "division", en="The village or office that reports it.", zh="上报区划", index=False
    )
    reporter: Mapped[str | None] = column(String(80), en="Who reports it.", zh="上报人", privacy=Privacy.NOTE)
    reported_on: Mapped[date] = column(Date, en="The day it was reported.", zh="上报日期", privacy=Privacy.PERSONAL)
    happened_on: Mapped[date] = column(Date, en="The day it happened.", zh="发生日期", privacy=Privacy.PERSONAL)
    evidence: Mapped[str | None] = column(String(500), en="What shows it.", zh="佐证材料", privacy=Privacy.NOTE)
    status: Mapped[ReportStatus] = column(
        term(ReportStatus),
        en="Where it stands.",
        zh="状态",
        default=ReportStatus.REPORTED,
        commanded=True,
        privacy=Privacy.OPEN,
    )
    decided_on: Mapped[date | None] = column(
        Date, en="The day of the last decision about it.", zh="处理日期", commanded=True, privacy=Privacy.PERSONAL
    )
    decision: Mapped[str | None] = column(
        String(300), en="Why it was decided so.", zh="处理意见", commanded=True, privacy=Privacy.NOTE
    )
    duplicate_of_id: Mapped[int | None] = reference(
        "change_report", en="The report that told it before.", zh="重复于", commanded=True, index=False
    )
    to_division_id: Mapped[int | None] = reference(
        "division", en="Where a move led; unknown when empty.", zh="迁往区划", index=False, privacy=Privacy.PERSONAL
    )
    base: Mapped[ResidenceBase | None] = column(
        term(ResidenceBase),
        en="Whether a move changed where the person lives or is registered; lives unless said.",
        zh="口径",
        privacy=Privacy.PERSONAL,
    )
    living: Mapped[LivingKind | None] = column(
        term(LivingKind), en="With whom the person lives now.", zh="居住方式", privacy=Privacy.PERSONAL
    )
    category: Mapped[GroupCategory | None] = column(
        term(GroupCategory), en="The group of a change of category.", zh="群体类别", privacy=Privacy.POVERTY
    )
    no_longer: Mapped[bool] = column(
        Boolean,
        en="Whether the person no longer belongs to the group.",
        zh="是否不再属于该类别",
        default=False,
        privacy=Privacy.POVERTY,
    )
    name: Mapped[str | None] = column(
        String(80), en="Name of somebody not recorded yet.", zh="姓名", privacy=Privacy.NAME
    )
    sex: Mapped[Sex | None] = column(
        term(Sex), en="Sex of somebody not recorded yet.", zh="性别", privacy=Privacy.PERSONAL
    )
    birth_date: Mapped[date | None] = column(
        Date, en="Date of birth of somebody not recorded yet.", zh="出生日期", privacy=Privacy.BIRTH
    )
    id_type: Mapped[IdType | None] = column(
        term(IdType), en="Kind of identity document.", zh="证件类型", privacy=Privacy.IDENTITY
    )
    id_number: Mapped[bytes | None] = column(
        LargeBinary,
        en="Number of the identity document, encrypted.",
        zh="证件号码",
        secret=True,
        privacy=Privacy.IDENTITY,
    )
    id_digest: Mapped[bytes | None] = column(
        LargeBinary(32),
        en="Keyed digest of the number.",
        zh="证件号码摘要",
        secret=True,
        derived=True,
        privacy=Privacy.IDENTITY,
    )
    phone: Mapped[bytes | None] = column(
        LargeBinary, en="New telephone number, encrypted.", zh="联系电话", secret=True, privacy=Privacy.CONTACT
    )
    emergency_contact: Mapped[bytes | None] = column(
        LargeBinary,
        en="New name and telephone of whom to call, encrypted.",
        zh="紧急联系人",
        secret=True,
        privacy=Privacy.CONTACT,
    )
    address: Mapped[bytes | None] = column(
        LargeBinary, en="New address, encrypted.", zh="详细地址", secret=True, privacy=Privacy.CONTACT
    )

    __table_args__ = (
        CheckConstraint("happened_on <= reported_on", name="happened_before_reported"),
        CheckConstraint("duplicate_of_id IS NULL OR duplicate_of_id <> id", name="not_its_own_duplicate"),
        CheckConstraint("status <> 'APPLIED' OR person_id IS NOT NULL", name="applied_to_a_person"),
        CheckConstraint("status <> 'DUPLICATE' OR duplicate_of_id IS NOT NULL", name="duplicate_of_another"),
        Index("ix_change_report_person", "person_id", "kind", "happened_on"),
        Index("ix_change_report_division", "division_id", "status", "reported_on"),
        Index("ix_change_report_status", "status", "reported_on"),
    )
