"""Disbursement: the batch of a month with its lines and approvals, and what its reconciliation found."""

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, Date, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Entity, column, not_negative, reference, term
from eldercare.registry.money import money
from eldercare.security.privacy import Privacy, Reach


class BatchStatus(Term):
    """Where a batch stands."""

    DRAFT = "草稿", "draft"
    CALCULATED = "已核算", "calculated"
    VILLAGE_PUBLICISED = "村(社区)已公示", "shown in the village"
    TOWN_REVIEWED = "乡镇(街道)已审核", "reviewed by the town"
    COUNTY_APPROVED = "县(区)已审批", "approved by the county"
    PAID = "已发放", "paid"
    RECONCILED = "已对账", "reconciled"
    CLOSED = "已结案", "closed"


class DisbursementBatch(Entity):
    """What a scheme pays in a division for a month, from calculation to reconciliation."""

    __tablename__ = "disbursement_batch"
    __zh__ = "发放批次"
    __reach__ = Reach(division="division_id")
    __commanded__ = True

    scheme_id: Mapped[int] = reference("subsidy_scheme", en="The scheme.", zh="补贴政策", index=False)
    division_id: Mapped[int] = reference("division", en="Whose people it pays.", zh="区划")
    month: Mapped[date] = column(Date, en="First day of the month.", zh="所属月份", planned=True)
    month_to: Mapped[date] = column(Date, en="First day after the month.", zh="次月首日", planned=True, derived=True)
    allocation_id: Mapped[int | None] = reference(
        "fund_allocation", en="The allocation it is paid from.", zh="资金拨付"
    )
    status: Mapped[BatchStatus] = column(term(BatchStatus), en="Where it stands.", zh="状态", default=BatchStatus.DRAFT)
    people: Mapped[int] = column(Integer, en="How many people it pays.", zh="人数", default=0)
    total: Mapped[int] = money(en="Sum of its lines.", zh="合计金额", default=0)
    calculated_on: Mapped[date | None] = column(Date, en="When it was calculated.", zh="核算日期")
    paid_on: Mapped[date | None] = column(Date, en="When it was paid.", zh="发放日期")

    __table_args__ = (
        UniqueConstraint("scheme_id", "division_id", "month"),
        CheckConstraint("month < month_to", name="month"),
        *not_negative("people", "total"),
        Index("ix_disbursement_batch_paid", "paid_on"),
    )


class DisbursementLine(Entity):
    """What one entitlement is paid in a month, with the explanation of the amount."""

    __tablename__ = "disbursement_line"
    __zh__ = "发放明细"
    __reach__ = Reach(person="person_id", tells=Privacy.POVERTY)
    __commanded__ = True

    batch_id: Mapped[int] = reference("disbursement_batch", en="The batch.", zh="发放批次", privacy=Privacy.PERSONAL)
    entitlement_id: Mapped[int] = reference(
        "entitlement", en="The entitlement.", zh="补贴资格", index=False, privacy=Privacy.POVERTY
    )
    person_id: Mapped[int] = reference("person", en="The person.", zh="老年人", privacy=Privacy.PERSONAL)
    division_id: Mapped[int] = reference(
        "division", en="Where the person lived.", zh="居住区划", privacy=Privacy.PERSONAL
    )
    month: Mapped[date] = column(
        Date, en="First day of the month.", zh="所属月份", planned=True, privacy=Privacy.POVERTY
    )
    days: Mapped[int] = column(Integer, en="Days of the month that are paid.", zh="发放天数", privacy=Privacy.POVERTY)
    amount: Mapped[int] = money(en="The amount.", zh="金额", privacy=Privacy.POVERTY)
    explanation: Mapped[str] = column(
        Text, en="How the amount came about: rule, tier, days.", zh="英文计算说明", privacy=Privacy.POVERTY
    )
    explanation_zh: Mapped[str] = column(
        Text, en="How the amount came about, in Chinese.", zh="计算说明", privacy=Privacy.POVERTY
    )

    __table_args__ = (
        UniqueConstraint("entitlement_id", "month"),
        *not_negative("amount"),
        CheckConstraint("days BETWEEN 0 AND 31", name="days"),
        Index("ix_disbursement_line_person_month", "person_id", "month"),
    )


class BatchApproval(Entity):
    """That somebody took a batch a step further, and when."""

    __tablename__ = "batch_approval"
    __zh__ = "批次审批"
    __reach__ = Reach(via="batch_id")
    __final__ = "Take the next step, or send the batch back."
    __commanded__ = True

    batch_id: Mapped[int] = reference("disbursement_batch", en="The batch.", zh="发放批次", index=False)
    step: Mapped[BatchStatus] = column(term(BatchStatus), en="The state it was brought to.", zh="审批环节")
    approver: Mapped[str] = column(String(120), en="Who did it.", zh="审批人")
    decided_on: Mapped[date] = column(Date, en="When.", zh="审批日期")
    note: Mapped[str | None] = column(String(300), en="What was remarked.", zh="审批意见")

    __table_args__ = (Index("ix_batch_approval_batch", "batch_id", "step"),)


class Reconciliation(Entity):
    """That what a batch should have paid was compared with what was paid."""

    __tablename__ = "reconciliation"
    __zh__ = "对账"
    __reach__ = Reach(via="batch_id")
    __commanded__ = True

    batch_id: Mapped[int] = reference("disbursement_batch", en="The batch.", zh="发放批次", index=False)
    expected: Mapped[int] = money(en="What should have been paid: the sum of the lines.", zh="应发金额")
    actual: Mapped[int] = money(en="What was paid, by the paying body.", zh="实发金额")
    difference: Mapped[int] = money(en="Actual less expected.", zh="差额")
    compared_on: Mapped[date] = column(Date, en="When it was compared.", zh="对账日期")
    note: Mapped[str | None] = column(String(300), en="What was remarked.", zh="说明")

    __table_args__ = (
        UniqueConstraint("batch_id"),
        CheckConstraint("difference = actual - expected", name="difference"),
        *not_negative("expected", "actual"),
    )


class ReconciliationDifference(Entity):
    """A line of a batch that was not paid as it should have been."""

    __tablename__ = "reconciliation_difference"
    __zh__ = "对账差异"
    __reach__ = Reach(via="line_id")
    __commanded__ = True

    reconciliation_id: Mapped[int] = reference(
        "reconciliation", en="The comparison.", zh="对账", privacy=Privacy.PERSONAL
    )
    line_id: Mapped[int] = reference("disbursement_line", en="The line.", zh="发放明细", privacy=Privacy.PERSONAL)
    expected: Mapped[int] = money(en="What should have been paid.", zh="应发金额", privacy=Privacy.POVERTY)
    actual: Mapped[int] = money(en="What was paid.", zh="实发金额", privacy=Privacy.POVERTY)
    reason: Mapped[str | None] = column(String(300), en="Why.", zh="差异原因", privacy=Privacy.NOTE)

    __table_args__: Any = (
        UniqueConstraint("reconciliation_id", "line_id"),
        CheckConstraint("expected <> actual", name="differs"),
        *not_negative("expected", "actual"),
    )
