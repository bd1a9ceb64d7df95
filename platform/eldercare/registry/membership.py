"""Memberships of groups: dated determinations with an authority, a basis and a review."""

from datetime import date

from sqlalchemy import Date, Index, String
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Alone, Entity, Validity, column, only_where, ordered, reference, term
from eldercare.security.privacy import Privacy, Reach


class GroupCategory(Term):
    """The groups older people are counted in; those marked derived are computed from other records and never stored."""

    EXTREMELY_POOR = "特困人员", "extremely poor"
    THREE_WITHOUT = "三无老人", "three-without", "historical urban name of the extremely poor"
    DIBAO = "最低生活保障", "minimum living guarantee"
    DIBAO_MARGINAL = "低保边缘家庭", "low-income margin"
    LOW_INCOME = "低收入", "low income"
    SEVERE_DISABILITY_CERT = "重度残疾(一、二级)", "severe disability by certificate (level 1 or 2)"
    DISABLED_ABILITY = "失能", "disabled by ability assessment", "derived"
    DEMENTIA = "失智", "dementia"
    LIVING_ALONE = "独居", "living alone", "derived"
    EMPTY_NEST = "空巢", "empty nest", "derived"
    LONELY = "孤寡", "kinless"
    SOCIAL_KINLESS = "社会孤老", "socially kinless"
    LEFT_BEHIND = "农村留守老人", "left behind in the countryside"
    FAMILY_PLANNING_SPECIAL = "计划生育特殊家庭", "special family-planning family"
    ADVANCED_AGE_80 = "80岁以上高龄", "aged 80 and over", "derived"
    ADVANCED_AGE_90 = "90岁以上高龄", "aged 90 and over", "derived"
    ADVANCED_AGE_100 = "百岁老人", "aged 100 and over", "derived"
    VETERAN_PREFERENTIAL = "优抚对象", "veterans with preferential status"
    POVERTY_RELIEF = "脱贫/防返贫监测", "lifted from poverty or monitored"
    SPECIAL_DIFFICULTY = "特殊困难老年人", "special difficulty", "derived"


class DeterminationKind(Term):
    """How a membership was established."""

    DETERMINED = "认定", "determined by an authority"
    IMPORTED = "导入", "taken over from another register"


class MembershipStatus(Term):
    """Where a determination stands; only effective ones and those due for review count."""

    PROPOSED = "拟定", "proposed"
    UNDER_REVIEW = "审核中", "under review"
    EFFECTIVE = "有效", "effective"
    REVIEW_DUE = "待复核", "due for review"
    REJECTED = "未通过", "rejected"


class SupportMode(Term):
    """How an extremely poor person is supported."""

    CENTRALISED = "集中供养", "centralised, in a facility"
    SCATTERED = "分散供养", "scattered, at home"


class SelfCareClass(Term):
    """Self-care of an extremely poor person by the six-item scale."""

    FULL = "全自理", "able"
    PARTIAL = "半护理", "partly able"
    NONE = "全护理", "unable"


class MembershipEnd(Term):
    """Why a membership ended."""

    DEATH = "死亡", "death"
    MOVED_OUT = "迁出", "moved out"
    NO_LONGER_ELIGIBLE = "不再符合条件", "no longer eligible"
    ERROR = "认定有误", "determined in error"
    MERGED = "并入其他类别", "merged into another category"
    VOLUNTARY = "自愿退出", "given up"
    MODE_CHANGED = "供养方式变更", "mode of support changed"


class GroupMembership(Entity):
    """A person's determined membership of a group, with its authority, basis and dates."""

    __tablename__ = "group_membership"
    __zh__ = "群体认定"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(
        ("person_id", "category"), only=("status", ("PROPOSED", "UNDER_REVIEW", "EFFECTIVE", "REVIEW_DUE"))
    )
    __reach__ = Reach(person="person_id")

    person_id: Mapped[int] = reference("person", en="The person.", zh="老年人", index=False)
    category: Mapped[GroupCategory] = column(term(GroupCategory), en="The group.", zh="类别", privacy=Privacy.PERSONAL)
    status: Mapped[MembershipStatus] = column(
        term(MembershipStatus),
        en="Where the determination stands.",
        zh="状态",
        default=MembershipStatus.EFFECTIVE,
        privacy=Privacy.PERSONAL,
    )
    valid_from: Mapped[date] = column(Date, en="First day of membership.", zh="起始日期", privacy=Privacy.PERSONAL)
    valid_to: Mapped[date | None] = column(
        Date, en="First day no longer a member.", zh="终止日期", privacy=Privacy.PERSONAL
    )
    determination: Mapped[DeterminationKind] = column(
        term(DeterminationKind),
        en="How it was established.",
        zh="认定方式",
        default=DeterminationKind.DETERMINED,
        privacy=Privacy.PERSONAL,
    )
    authority_id: Mapped[int | None] = reference("organisation", en="Who determined it.", zh="认定机关", index=False)
    basis: Mapped[str | None] = column(String(200), en="The document it rests on.", zh="认定依据", privacy=Privacy.NOTE)
    evidence: Mapped[str | None] = column(String(500), en="What was shown.", zh="证明材料", privacy=Privacy.NOTE)
    subtype: Mapped[str | None] = column(
        String(60),
        en="A finer kind within the group, such as ONLY_CHILD_LOST.",
        zh="细分类型",
        privacy=Privacy.PERSONAL,
    )
    support_mode: Mapped[SupportMode | None] = column(
        term(SupportMode), en="How an extremely poor person is supported.", zh="供养方式", privacy=Privacy.POVERTY
    )
    self_care: Mapped[SelfCareClass | None] = column(
        term(SelfCareClass), en="Self-care of an extremely poor person.", zh="自理能力", privacy=Privacy.POVERTY
    )
    next_review_on: Mapped[date | None] = column(
        Date, en="When it must be reviewed.", zh="下次复核日期", planned=True, privacy=Privacy.PERSONAL
    )
    end_reason: Mapped[MembershipEnd | None] = column(
        term(MembershipEnd), en="Why it ended.", zh="终止原因", privacy=Privacy.PERSONAL
    )

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_group_membership_person", "person_id", "category", "valid_from"),
        Index("ix_group_membership_category", "category", "valid_from", "valid_to", "person_id"),
        Index(
            "uq_group_membership_open",
            "person_id",
            "category",
            unique=True,
            **only_where("valid_to IS NULL AND status <> 'REJECTED'"),
        ),
    )
