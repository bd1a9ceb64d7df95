"""Funds: where money comes from, what is allocated and granted, and the issues that inspections find."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Entity, column, not_negative, reference, term
from eldercare.registry.money import money
from eldercare.security.privacy import Privacy, Reach


class FundSourceKind(Term):
    """Where money comes from."""

    CENTRAL_PILOT = "中央试点补助资金", "central funds for pilots"
    PROVINCE = "省级财政", "province"
    CITY = "市级财政", "city"
    COUNTY = "县(区)级财政", "county or district"
    WELFARE_LOTTERY = "福利彩票公益金", "welfare lottery"
    SOCIAL = "社会资金", "donations and other social funds"


class FundSource(Entity):
    """A source of money."""

    __tablename__ = "fund_source"
    __zh__ = "资金来源"
    __reach__ = Reach(everybody=True)

    code: Mapped[str] = column(String(40), en="Its code.", zh="来源代码")
    name: Mapped[str] = column(String(160), en="Name in English.", zh="英文名称")
    name_zh: Mapped[str] = column(String(160), en="Name in Chinese.", zh="资金名称")
    kind: Mapped[FundSourceKind] = column(term(FundSourceKind), en="Where it comes from.", zh="资金类型")
    division_id: Mapped[int | None] = reference("division", en="Whose money it is.", zh="所属区划")

    __table_args__ = (UniqueConstraint("code"),)


class FundAllocation(Entity):
    """Money of a source that a division may spend in a year, perhaps on one scheme alone."""

    __tablename__ = "fund_allocation"
    __zh__ = "资金拨付"
    __reach__ = Reach(division="division_id")

    source_fund_id: Mapped[int] = reference("fund_source", en="The source of the money.", zh="资金来源")
    division_id: Mapped[int] = reference("division", en="Who may spend it.", zh="使用区划")
    scheme_id: Mapped[int | None] = reference(
        "subsidy_scheme", en="The scheme it is for; any when empty.", zh="补贴政策"
    )
    year: Mapped[int] = column(Integer, en="Year of the budget.", zh="预算年度")
    amount: Mapped[int] = money(en="How much.", zh="拨付金额")
    allocated_on: Mapped[date] = column(Date, en="When it was allocated.", zh="拨付日期")
    document: Mapped[str | None] = column(String(120), en="Number of the document.", zh="拨付文号")
    purpose: Mapped[str | None] = column(String(200), en="What it is for.", zh="用途")

    __table_args__ = (
        *not_negative("amount"),
        Index("ix_fund_allocation_year", "year", "source_fund_id"),
    )


class Grant(Entity):
    """Money given to a facility or an organisation under a scheme."""

    __tablename__ = "grant_award"
    __zh__ = "奖补"
    __reach__ = Reach(facility="facility_id", organisation="organisation_id")

    scheme_id: Mapped[int] = reference("subsidy_scheme", en="The scheme.", zh="补贴政策")
    facility_id: Mapped[int | None] = reference("facility", en="The facility that gets it.", zh="受助机构")
    organisation_id: Mapped[int | None] = reference("organisation", en="The organisation that gets it.", zh="受助单位")
    amount: Mapped[int] = money(en="How much.", zh="金额")
    decided_on: Mapped[date] = column(Date, en="When it was decided.", zh="核定日期")
    paid_on: Mapped[date | None] = column(Date, en="When it was paid.", zh="拨付日期")
    allocation_id: Mapped[int | None] = reference(
        "fund_allocation", en="The allocation it is paid from.", zh="资金拨付"
    )
    reason: Mapped[str | None] = column(String(300), en="What it rewards.", zh="奖补事由")
    document: Mapped[str | None] = column(String(120), en="Number of the decision.", zh="文号")

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("(facility_id IS NULL) <> (organisation_id IS NULL)", name="one_recipient"),
        CheckConstraint("paid_on IS NULL OR decided_on <= paid_on", name="decided_before_paid"),
    )


class FindingKind(Term):
    """What an inspection of funds looks for."""

    PAID_AFTER_DEATH = "死亡后发放", "paid for a month after the death"
    DOUBLE_ENROLMENT = "重复享受", "paid twice to one person for one month"
    SERVICE_IN_INSTITUTION = "住机构期间上门服务", "service at home while living in an institution"
    SERVICE_IN_HOSPITAL = "住院期间上门服务", "service at home while in hospital"
    OVER_TIER = "超标准发放", "paid above the tier"
    UNPAID_SETTLEMENT = "结算未扣款", "an order settled without its payment"
    DUPLICATE_SETTLEMENT = "重复结算", "an order paid more than once"
    ABOVE_ALLOCATION = "超拨付支出", "spent above what was allocated"


class FundAudit(Entity):
    """An inspection of funds: the years before a day, in a division."""

    __tablename__ = "fund_audit"
    __zh__ = "资金检查"
    __reach__ = Reach(division="division_id")
    __commanded__ = True

    division_id: Mapped[int | None] = reference("division", en="Where; everywhere when empty.", zh="检查区划")
    window_from: Mapped[date] = column(Date, en="First day looked at.", zh="检查期起")
    window_to: Mapped[date] = column(Date, en="First day no longer looked at.", zh="检查期止")
    inspected_on: Mapped[date] = column(Date, en="When it was carried out.", zh="检查日期")
    found: Mapped[int] = column(Integer, en="How many findings there were.", zh="发现问题数")
    found_new: Mapped[int] = column(Integer, en="How many of them were not known before.", zh="新发现问题数")
    amount: Mapped[int] = money(en="Their amounts together.", zh="涉及金额")

    __table_args__ = (
        CheckConstraint("window_from < window_to", name="window"),
        *not_negative("found", "found_new", "amount"),
    )


class IssueStatus(Term):
    """Where an issue stands."""

    FOUND = "已发现", "found"
    CONFIRMED = "已确认", "confirmed"
    RECOVERING = "追缴中", "being recovered"
    CORRECTED = "已整改", "corrected"
    DISMISSED = "已排除", "found to be none"


class FundIssue(Entity):
    """Something wrong with money: what, how much, what became of it, and how much came back."""

    __tablename__ = "fund_issue"
    __zh__ = "资金问题"
    __reach__ = Reach(person="person_id", division="division_id", tells=Privacy.POVERTY)

    audit_id: Mapped[int | None] = reference(
        "fund_audit", en="The inspection that found it first.", zh="资金检查", privacy=Privacy.PERSONAL
    )
    kind: Mapped[FindingKind] = column(term(FindingKind), en="What is wrong.", zh="问题类型", privacy=Privacy.POVERTY)
    fingerprint: Mapped[str] = column(
        String(80), en="What it is about; the same finding is kept once.", zh="问题标识", privacy=Privacy.POVERTY
    )
    scheme_id: Mapped[int | None] = reference(
        "subsidy_scheme", en="The scheme.", zh="补贴政策", privacy=Privacy.POVERTY
    )
    source_fund_id: Mapped[int | None] = reference(
        "fund_source", en="The source of the money.", zh="资金来源", privacy=Privacy.POVERTY
    )
    division_id: Mapped[int | None] = reference("division", en="Where.", zh="区划", privacy=Privacy.PERSONAL)
    person_id: Mapped[int | None] = reference(
        "person", en="The person it is about.", zh="老年人", privacy=Privacy.PERSONAL
    )
    line_id: Mapped[int | None] = reference(
        "disbursement_line", en="The line of a batch it is about.", zh="发放明细", privacy=Privacy.POVERTY
    )
    transaction_id: Mapped[int | None] = reference(
        "account_transaction", en="The transaction it is about.", zh="账户流水", privacy=Privacy.POVERTY
    )
    happened_on: Mapped[date] = column(Date, en="When the money moved.", zh="发生日期", privacy=Privacy.POVERTY)
    amount: Mapped[int] = money(en="How much is in question.", zh="涉及金额", privacy=Privacy.POVERTY)
    recovered: Mapped[int] = money(en="How much came back.", zh="追回金额", default=0, privacy=Privacy.POVERTY)
    status: Mapped[IssueStatus] = column(
        term(IssueStatus), en="Where it stands.", zh="状态", default=IssueStatus.FOUND, privacy=Privacy.PERSONAL
    )
    found_on: Mapped[date] = column(Date, en="When it was found.", zh="发现日期", privacy=Privacy.PERSONAL)
    corrected_on: Mapped[date | None] = column(
        Date, en="When it was put right.", zh="整改日期", privacy=Privacy.PERSONAL
    )
    explanation: Mapped[str] = column(Text, en="What was found, in English.", zh="英文说明", privacy=Privacy.POVERTY)
    explanation_zh: Mapped[str] = column(Text, en="What was found, in Chinese.", zh="问题说明", privacy=Privacy.POVERTY)
    note: Mapped[str | None] = column(String(300), en="What was done about it.", zh="处理说明", privacy=Privacy.NOTE)

    __table_args__ = (
        UniqueConstraint("fingerprint"),
        *not_negative("amount", "recovered"),
        CheckConstraint("recovered <= amount", name="recovered"),
        Index("ix_fund_issue_status", "status", "kind"),
    )
