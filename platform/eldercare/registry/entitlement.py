"""What a person is entitled to, the account it is credited to, and its transactions: three separate facts."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped

from eldercare.kit.term import Term
from eldercare.registry.entity import Alone, Entity, Validity, column, only_where, ordered, reference, term
from eldercare.registry.money import money
from eldercare.registry.scheme import StopEvent
from eldercare.security.privacy import Privacy, Reach


class Entitlement(Entity):
    """That a person has a right to a monthly amount of a scheme, from when to when, and why."""

    __tablename__ = "entitlement"
    __zh__ = "补贴资格"
    __validity__ = Validity("valid_from", "valid_to")
    __alone__ = Alone(("person_id", "scheme_id", "tier_id"))
    __reach__ = Reach(person="person_id", tells=Privacy.POVERTY)

    scheme_id: Mapped[int] = reference(
        "subsidy_scheme", en="The scheme.", zh="补贴政策", index=False, privacy=Privacy.POVERTY
    )
    person_id: Mapped[int] = reference("person", en="The person.", zh="老年人", index=False, privacy=Privacy.PERSONAL)
    tier_id: Mapped[int] = reference("subsidy_tier", en="The tier.", zh="补贴档次", privacy=Privacy.POVERTY)
    rule_id: Mapped[int] = reference(
        "eligibility_rule", en="The condition the person meets.", zh="资格条件", privacy=Privacy.SPECIAL_FAMILY
    )
    monthly_amount: Mapped[int] = money(
        en="What is due a month.", zh="月补贴金额", completed=True, privacy=Privacy.POVERTY
    )
    valid_from: Mapped[date] = column(
        Date, en="First day of the right.", zh="起始日期", planned=True, privacy=Privacy.POVERTY
    )
    valid_to: Mapped[date | None] = column(
        Date, en="First day without the right.", zh="终止日期", planned=True, privacy=Privacy.POVERTY
    )
    reason: Mapped[str | None] = column(String(300), en="Why it was granted.", zh="核定原因", privacy=Privacy.NOTE)
    end_event: Mapped[StopEvent | None] = column(
        term(StopEvent), en="What ended it.", zh="停发事由", privacy=Privacy.POVERTY
    )
    paid_to: Mapped[date | None] = column(
        Date,
        en="First day that is no longer paid, by the scheme's rule for what ended it.",
        zh="停发日期",
        planned=True,
        privacy=Privacy.POVERTY,
    )

    __table_args__ = (
        ordered("valid_from", "valid_to"),
        CheckConstraint("monthly_amount > 0", name="monthly_amount"),
        Index("ix_entitlement_person", "person_id", "scheme_id", "valid_from"),
        Index("ix_entitlement_scheme", "scheme_id", "valid_from", "valid_to"),
        Index(
            "uq_entitlement_open",
            "person_id",
            "scheme_id",
            "tier_id",
            unique=True,
            **only_where("valid_to IS NULL"),
        ),
    )


class ServiceAccount(Entity):
    """The account on which a person's service credit of a scheme is kept; it is no cash and cannot be withdrawn."""

    __tablename__ = "service_account"
    __zh__ = "服务账户"
    __validity__ = Validity("opened_on", "closed_on")
    __alone__ = Alone(("person_id", "scheme_id"))
    __reach__ = Reach(person="person_id", tells=Privacy.POVERTY)

    person_id: Mapped[int] = reference("person", en="The person.", zh="老年人", index=False, privacy=Privacy.PERSONAL)
    scheme_id: Mapped[int] = reference("subsidy_scheme", en="The scheme.", zh="补贴政策", privacy=Privacy.POVERTY)
    bank_account: Mapped[bytes | None] = column(
        LargeBinary,
        en="Bank account for cash allowances, encrypted.",
        zh="银行账号",
        secret=True,
        privacy=Privacy.ACCOUNT,
    )
    bank_tail: Mapped[str | None] = column(
        String(4), en="The last four digits of the bank account.", zh="银行账号末四位", privacy=Privacy.ACCOUNT,
        derived=True,
    )  # fmt: skip
    opened_on: Mapped[date] = column(Date, en="When it was opened.", zh="开户日期", privacy=Privacy.POVERTY)
    closed_on: Mapped[date | None] = column(Date, en="First day it is closed.", zh="销户日期", privacy=Privacy.POVERTY)

    __table_args__ = (
        ordered("opened_on", "closed_on"),
        Index("ix_service_account_person", "person_id", "scheme_id"),
        Index("uq_service_account_open", "person_id", "scheme_id", unique=True, **only_where("closed_on IS NULL")),
    )


class TransactionKind(Term):
    """What moved on an account."""

    CREDIT = "充值", "credit"
    CONSUME = "消费", "paid for a service"
    EXPIRE = "过期清零", "expired"
    REVERSE = "冲正", "takes an earlier transaction back"
    ADJUST = "调整", "adjustment, up or down"


class AccountTransaction(Entity):
    """A movement on a service account; it is never changed, a wrong one is taken back by a REVERSE."""

    __tablename__ = "account_transaction"
    __zh__ = "账户流水"
    __final__ = "Take it back with reverseTransaction, which keeps both."
    __reach__ = Reach(via="account_id")

    account_id: Mapped[int] = reference(
        "service_account", en="The account.", zh="服务账户", index=False, privacy=Privacy.PERSONAL
    )
    kind: Mapped[TransactionKind] = column(
        term(TransactionKind), en="What moved.", zh="流水类型", privacy=Privacy.POVERTY
    )
    amount: Mapped[int] = money(
        en="The amount; only an adjustment can be negative.", zh="金额", privacy=Privacy.POVERTY, completed=True
    )
    delta: Mapped[int] = money(
        en="By how much the balance changes.", zh="余额变动", derived=True, privacy=Privacy.POVERTY
    )
    month: Mapped[date | None] = column(
        Date, en="First day of the month it belongs to.", zh="所属月份", privacy=Privacy.POVERTY, planned=True
    )
    happened_on: Mapped[date] = column(
        Date, en="The day: of the credit, or of the service.", zh="发生日期", privacy=Privacy.POVERTY
    )
    line_id: Mapped[int | None] = reference(
        "disbursement_line", en="The line of a batch that it credits.", zh="发放明细", index=False,
        privacy=Privacy.POVERTY,
    )  # fmt: skip
    order_id: Mapped[int | None] = reference(
        "service_order", en="The order that it pays.", zh="服务工单", privacy=Privacy.PERSONAL
    )
    reverses_id: Mapped[int | None] = reference(
        "account_transaction", en="The transaction it takes back.", zh="被冲正流水", index=False,
        privacy=Privacy.POVERTY,
    )  # fmt: skip
    reason: Mapped[str | None] = column(String(300), en="Why.", zh="原因", privacy=Privacy.NOTE)

    __table_args__ = (
        CheckConstraint("kind = 'ADJUST' OR amount > 0", name="amount"),
        CheckConstraint("amount <> 0", name="not_zero"),
        CheckConstraint("order_id IS NULL OR kind IN ('CONSUME', 'REVERSE')", name="order"),
        CheckConstraint("(kind = 'REVERSE') = (reverses_id IS NOT NULL)", name="reverses"),
        UniqueConstraint("line_id"),
        UniqueConstraint("reverses_id"),
        Index("ix_account_transaction_account", "account_id", "happened_on"),
        Index("ix_account_transaction_day", "happened_on", "kind"),
    )
