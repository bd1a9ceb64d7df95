"""Subsidy schemes as rows: where they hold, their tiers, who is eligible, and what stops a payment; nothing of it in code."""

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, Index, Integer, String, Text, UniqueConstraint
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
from eldercare.registry.membership import GroupCategory, SelfCareClass, SupportMode
from eldercare.registry.money import money
from eldercare.registry.person import ResidenceBase
from eldercare.security.privacy import Reach


class SchemeKind(Term):
    """What a scheme gives, and to whom."""

    SERVICE_RECHARGE = "服务充值", "service credit of a person; it is not cash and cannot be withdrawn"
    CASH_ALLOWANCE = "现金补贴", "cash allowance of a person"
    OPERATION_REWARD = "运营奖补(以奖代补)", "reward for the operation of a facility"
    CONSTRUCTION = "建设补贴", "subsidy for building a facility"
    BED = "床位补贴", "subsidy for the beds of a facility"


class StackingRule(Term):
    """Which entitlements one person may have at a time."""

    HIGHEST_ONLY = "就高不重复", "only the highest tier of the scheme"
    CUMULATIVE = "可叠加", "every tier that fits"
    EXCLUSIVE_GROUP = "组内互斥", "only one scheme of its exclusive group, and of it the highest tier"


class StopEvent(Term):
    """What ends an entitlement."""

    DEATH = "死亡", "death"
    MOVED_OUT = "迁出", "moved out of the scheme's area"
    IMPRISONED = "服刑", "imprisoned"
    CENTRALISED_SUPPORT = "转入集中供养", "taken into centralised support"
    IN_INSTITUTION = "入住机构", "stays in an institution"
    NO_LONGER_ELIGIBLE = "不再符合条件", "no longer eligible"
    SCHEME_ENDED = "政策到期", "the scheme or the tier ended"
    RENOUNCED = "自愿放弃", "given up by the person"


class StopEffect(Term):
    """Until when is paid after the event that ends an entitlement."""

    SAME_DAY = "当日停发", "the month of the event is paid by days, up to the event"
    SAME_MONTH = "当月停发", "the month of the event is not paid"
    NEXT_MONTH = "次月停发", "the month of the event is paid in full"


class StartEffect(Term):
    """From when is paid after the right begins."""

    SAME_DAY = "按日发放", "the first month is paid by days"
    FULL_MONTH = "当月起发", "the month in which the right begins is paid in full"
    NEXT_MONTH = "次月起发", "the first full month is the first one paid"


class SubsidyScheme(Entity):
    """A subsidy: what it gives, on which legal basis, within which bounds, and how its tiers go together."""

    __tablename__ = "subsidy_scheme"
    __zh__ = "补贴政策"
    __validity__ = Validity("valid_from", "valid_to")
    __reach__ = Reach(everybody=True)

    code: Mapped[str] = column(String(40), en="Its code.", zh="政策代码")
    name: Mapped[str] = column(String(160), en="Name in English.", zh="英文名称")
    name_zh: Mapped[str] = column(String(160), en="Name in Chinese.", zh="政策名称")
    kind: Mapped[SchemeKind] = column(term(SchemeKind), en="What it gives.", zh="补贴类型")
    legal_basis: Mapped[str | None] = column(String(200), en="The document it rests on.", zh="政策依据")
    authority_id: Mapped[int | None] = reference("organisation", en="Who answers for it.", zh="主管单位")
    stacking: Mapped[StackingRule] = column(
        term(StackingRule),
        en="Which entitlements one person may have at a time.",
        zh="叠加规则",
        default=StackingRule.HIGHEST_ONLY,
    )
    exclusive_group: Mapped[str | None] = column(
        String(40), en="Schemes with the same word exclude each other for one person.", zh="互斥组"
    )
    amount_min: Mapped[int | None] = money(en="Least amount of a tier: a month, or of a grant.", zh="金额下限")
    amount_max: Mapped[int | None] = money(en="Greatest amount of a tier: a month, or of a grant.", zh="金额上限")
    base: Mapped[ResidenceBase | None] = column(
        term(ResidenceBase), en="Whether living or being registered there counts; either when empty.", zh="居住口径"
    )
    start_effect: Mapped[StartEffect] = column(
        term(StartEffect),
        en="From when is paid after the right begins.",
        zh="起发规则",
        default=StartEffect.FULL_MONTH,
    )
    credit_months: Mapped[int | None] = column(
        Integer, en="Months after which credit that was not used expires; never when empty.", zh="充值有效月数"
    )
    publicised: Mapped[bool] = column(
        Boolean, en="Whether the list is shown in the village before it is reviewed.", zh="是否公示", default=True
    )
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期", planned=True)

    __table_args__ = (
        UniqueConstraint("code"),
        ordered("valid_from", "valid_to"),
        *not_negative("amount_min", "amount_max"),
        CheckConstraint("amount_min IS NULL OR amount_max IS NULL OR amount_min <= amount_max", name="amounts"),
        CheckConstraint("credit_months IS NULL OR credit_months > 0", name="credit_months"),
        CheckConstraint("stacking <> 'EXCLUSIVE_GROUP' OR exclusive_group IS NOT NULL", name="exclusive_group"),
    )


class SchemeDivision(Entity):
    """That a scheme holds in a division and everything below it, and from when to when."""

    __tablename__ = "scheme_division"
    __zh__ = "政策适用区划"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("scheme_id", "division_id"))
    __reach__ = Reach(everybody=True)

    scheme_id: Mapped[int] = reference("subsidy_scheme", en="The scheme.", zh="补贴政策", index=False)
    division_id: Mapped[int] = reference("division", en="The division.", zh="区划")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期", planned=True)

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_scheme_division_scheme", "scheme_id", "division_id", "valid_from"),
    )


class SubsidyTier(Entity):
    """A tier of a scheme: the amount it gives, within the scheme's bounds."""

    __tablename__ = "subsidy_tier"
    __zh__ = "补贴档次"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("scheme_id", "code"))
    __reach__ = Reach(everybody=True)

    scheme_id: Mapped[int] = reference("subsidy_scheme", en="The scheme.", zh="补贴政策", index=False)
    code: Mapped[str] = column(String(40), en="Its code within the scheme.", zh="档次代码")
    name: Mapped[str] = column(String(120), en="Name in English.", zh="英文名称")
    name_zh: Mapped[str] = column(String(120), en="Name in Chinese.", zh="档次名称")
    amount: Mapped[int] = money(en="What it gives a month unless a rule says otherwise.", zh="标准金额")
    amount_min: Mapped[int] = money(en="Least amount of the tier.", zh="金额下限", completed=True)
    amount_max: Mapped[int] = money(en="Greatest amount of the tier.", zh="金额上限", completed=True)
    note: Mapped[str | None] = column(Text, en="What a reader must know.", zh="说明")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期", planned=True)

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        *not_negative("amount_min"),
        CheckConstraint("amount_min <= amount AND amount <= amount_max", name="amounts"),
        Index("ix_subsidy_tier_scheme", "scheme_id", "code", "valid_from"),
    )


class EligibilityRule(Entity):
    """One way into a tier: whoever meets all conditions of the row; empty ones ask for nothing."""

    __tablename__ = "eligibility_rule"
    __zh__ = "补贴资格条件"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("tier_id", "code"))
    __reach__ = Reach(everybody=True)

    tier_id: Mapped[int] = reference("subsidy_tier", en="The tier it leads to.", zh="补贴档次", index=False)
    code: Mapped[str] = column(String(40), en="Its code within the tier.", zh="条件代码")
    name: Mapped[str] = column(String(160), en="Who is meant, in English.", zh="英文名称")
    name_zh: Mapped[str] = column(String(160), en="Who is meant, in Chinese.", zh="对象名称")
    category: Mapped[GroupCategory | None] = column(
        term(GroupCategory), en="Group the person must belong to.", zh="群体类别"
    )
    subtype: Mapped[str | None] = column(String(60), en="Finer kind within the group.", zh="细分类型")
    level_min: Mapped[int | None] = column(Integer, en="Least ability level, 0 to 4.", zh="最低失能等级")
    level_max: Mapped[int | None] = column(Integer, en="Greatest ability level, 0 to 4.", zh="最高失能等级")
    age_min: Mapped[int | None] = column(Integer, en="Least age in full years.", zh="最低年龄")
    age_max: Mapped[int | None] = column(Integer, en="Age in full years from which no longer.", zh="年龄上限(不含)")
    self_care: Mapped[SelfCareClass | None] = column(
        term(SelfCareClass), en="Self-care of an extremely poor person.", zh="自理能力"
    )
    support_mode: Mapped[SupportMode | None] = column(
        term(SupportMode), en="How an extremely poor person is supported.", zh="供养方式"
    )
    basis: Mapped[str | None] = column(String(200), en="What it rests on.", zh="依据")
    note: Mapped[str | None] = column(Text, en="What a reader must know.", zh="说明")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期", planned=True)

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        CheckConstraint("level_min IS NULL OR level_min BETWEEN 0 AND 4", name="level_min"),
        CheckConstraint("level_max IS NULL OR level_max BETWEEN 0 AND 4", name="level_max"),
        *not_negative("age_min", "age_max"),
        Index("ix_eligibility_rule_tier", "tier_id", "code", "valid_from"),
    )


class StopRule(Entity):
    """Until when a scheme pays after an event that ends an entitlement; an event without a row does not end it."""

    __tablename__ = "stop_rule"
    __zh__ = "停发规则"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("scheme_id", "event"))
    __reach__ = Reach(everybody=True)

    scheme_id: Mapped[int] = reference("subsidy_scheme", en="The scheme.", zh="补贴政策", index=False)
    event: Mapped[StopEvent] = column(term(StopEvent), en="The event.", zh="停发事由")
    effect: Mapped[StopEffect] = column(term(StopEffect), en="Until when is paid.", zh="停发时点")
    basis: Mapped[str | None] = column(String(200), en="What it rests on.", zh="依据")
    valid_from: Mapped[date] = column(Date, en="First day.", zh="起始日期")
    valid_to: Mapped[date | None] = column(Date, en="First day no longer.", zh="终止日期", planned=True)

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        Index("ix_stop_rule_scheme", "scheme_id", "event", "valid_from"),
        Index("uq_stop_rule_open", "scheme_id", "event", unique=True, **only_where("valid_to IS NULL")),
    )
