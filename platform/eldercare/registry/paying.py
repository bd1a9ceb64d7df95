"""Commands about accounts: pay an order, take a transaction back, adjust, and let old credit expire."""

from datetime import UTC, date, datetime

from sqlalchemy import func, select

from eldercare.kit.clock import day_of
from eldercare.kit.errors import NotFound
from eldercare.registry.balance import balance_now
from eldercare.registry.change import Writer
from eldercare.registry.disbursement import BatchStatus, DisbursementBatch, DisbursementLine
from eldercare.registry.draft import refuse
from eldercare.registry.entitlement import AccountTransaction, ServiceAccount, TransactionKind
from eldercare.registry.fund import FindingKind, FundIssue, IssueStatus
from eldercare.registry.money import Amount, yuan
from eldercare.registry.people_rules import months_after
from eldercare.registry.rules import rule
from eldercare.registry.scheme import SchemeKind, SubsidyScheme
from eldercare.registry.service_order import Funding, ServiceOrder

PAID = tuple(BatchStatus[code] for code in rule("batch_paid"))


def pay_order(writer: Writer, *, order_id: int, expected_version: int | None = None) -> ServiceOrder:
    """Pay a finished order from the person's service account, and settle it."""
    order = writer.locked(ServiceOrder, order_id)
    writer.expect(order, expected_version)
    if order.funding is not Funding.ACCOUNT:
        refuse(
            "NOT_PAID_BY_ACCOUNT", "This order is not paid from an account.", "Settle it as it is funded.", "order_id"
        )
    if order.completed_on is None or order.amount is None:
        refuse("NOT_SERVED", "Only a finished service with an amount is paid.", "Finish the order first.", "order_id")
    if order.settled_at is not None:
        refuse("SETTLED_ALREADY", "This order is settled.", "Nothing needs to be done.", "order_id")
    if order.amount:
        values = {"kind": TransactionKind.CONSUME, "amount": order.amount, "happened_on": order.completed_on}
        values |= {"account_id": _account(writer, order), "order_id": order_id}
        writer.create(AccountTransaction, values)
    return writer.correct(ServiceOrder, order_id, {"settled_at": _now(writer, order)})


def reverse_transaction(writer: Writer, *, transaction_id: int, on: date, reason: str) -> AccountTransaction:
    """Take a transaction back: both stay, and the balance is as before it."""
    undone = writer.find(AccountTransaction, transaction_id)
    values = {"account_id": undone.account_id, "kind": TransactionKind.REVERSE, "reverses_id": undone.id}
    values |= {"month": undone.month, "order_id": undone.order_id, "happened_on": on, "reason": reason}
    return writer.create(AccountTransaction, values)


def adjust_account(writer: Writer, *, account_id: int, change: Amount, on: date, reason: str) -> AccountTransaction:
    """Put a balance right, up or down; it never goes below zero, and nothing is paid out."""
    values = {"account_id": account_id, "kind": TransactionKind.ADJUST, "amount": change, "happened_on": on}
    return writer.create(AccountTransaction, {**values, "reason": reason})


def expire_credit(writer: Writer, *, account_id: int, on: date) -> AccountTransaction:
    """Let expire what was credited longer ago than the scheme allows and not used; the oldest credit is used first."""
    account = writer.locked(ServiceAccount, account_id)
    months = writer.find(SubsidyScheme, account.scheme_id).credit_months
    if months is None:
        refuse("NEVER_EXPIRES", "Credit of this scheme does not expire.", "Nothing needs to be done.", "account_id")
    expired = expiring(writer, account_id, months_after(on, -months))
    if expired <= 0:
        refuse("NOTHING_EXPIRES", f"No credit of this account is older than {months} months.", "Wait.", "on")
    values = {"account_id": account_id, "kind": TransactionKind.EXPIRE, "amount": expired, "happened_on": on}
    return writer.create(AccountTransaction, {**values, "reason": f"not used within {months} months"})


def expiring(writer: Writer, account_id: int, before: date) -> int:
    """What is left of the credit given before a day, when the oldest is used first."""
    mine = AccountTransaction.account_id == account_id
    young = select(func.coalesce(func.sum(AccountTransaction.delta), 0)).where(
        mine, AccountTransaction.delta > 0, AccountTransaction.happened_on >= before
    )
    return balance_now(writer.session, account_id) - int(writer.session.scalar(young) or 0)


def take_back_line(writer: Writer, *, line_id: int, kind: FindingKind, on: date, reason: str) -> FundIssue:
    """Answer a payment that should not have been made: its credit is reversed as far as it is left, the rest is an issue.

    The line itself stays as it was paid.
    """
    line = writer.find(DisbursementLine, line_id)
    batch = writer.locked(DisbursementBatch, line.batch_id)
    if batch.status not in PAID or line.amount == 0:
        refuse("NOT_PAID", "Nothing was paid by this line.", "Calculate the batch again instead.", "line_id")
    back = _taken(writer, line_id, on, reason)
    return writer.create(
        FundIssue,
        {
            "kind": kind,
            "fingerprint": f"{kind.value}:line:{line_id}",
            "scheme_id": batch.scheme_id,
            "division_id": line.division_id,
            "person_id": line.person_id,
            "line_id": line_id,
            "happened_on": batch.paid_on,
            "amount": line.amount,
            "recovered": back,
            "status": IssueStatus.CORRECTED if back == line.amount else IssueStatus.CONFIRMED,
            "corrected_on": on if back == line.amount else None,
            "found_on": on,
            "explanation": f"{reason}: {yuan(line.amount)} yuan paid for {line.month:%Y-%m}, {yuan(back)} taken back.",
            "explanation_zh": f"{reason}:{line.month:%Y-%m}发放{yuan(line.amount)}元,已冲回{yuan(back)}元。",
        },
    )


def _taken(writer: Writer, line_id: int, on: date, reason: str) -> int:
    """Take back the credit of a line from the account: all of it by a REVERSE, else what is left by an ADJUST."""
    credit = writer.session.scalar(select(AccountTransaction).where(AccountTransaction.line_id == line_id))
    if credit is None:
        return 0
    writer.locked(ServiceAccount, credit.account_id)
    left = min(balance_now(writer.session, credit.account_id), credit.amount)
    if left == credit.amount:
        reverse_transaction(writer, transaction_id=credit.id, on=on, reason=reason)
    elif left > 0:
        adjust_account(writer, account_id=credit.account_id, change=Amount(-left), on=on, reason=reason)
    return max(left, 0)


def _account(writer: Writer, order: ServiceOrder) -> int:
    """The person's account that covers the order, else one that will be refused for what it lacks."""
    query = (
        select(ServiceAccount.id)
        .join(SubsidyScheme, SubsidyScheme.id == ServiceAccount.scheme_id)
        .where(ServiceAccount.person_id == order.person_id, SubsidyScheme.kind == SchemeKind.SERVICE_RECHARGE)
        .where(ServiceAccount.opened_on <= order.completed_on, ServiceAccount.closed_on.is_(None))
    )
    accounts = writer.session.scalars(query.order_by(ServiceAccount.opened_on, ServiceAccount.id)).all()
    if not accounts:
        raise NotFound(
            "NO_ACCOUNT",
            "The person had no service account on the day of the service.",
            remedy="Check who was served, or let the person pay.",
            path=("order_id",),
        )
    needed = order.amount or 0
    covering = (each for each in accounts if balance_now(writer.session, each) >= needed)
    return next(covering, accounts[0])


def _now(writer: Writer, order: ServiceOrder) -> datetime:
    """This instant, but not before the stages it follows, nor after the writer's day."""
    stages = [order.completed_at, order.evaluated_at]
    known: list[datetime] = [each if each.tzinfo else each.replace(tzinfo=UTC) for each in stages if each is not None]
    moment = datetime.now(UTC)
    return max(known if day_of(moment) > writer.today else [moment, *known])
