"""What is checked and completed before a record about a subsidy is written, without asking between records."""

from collections.abc import Callable
from typing import Any

from eldercare.registry.disbursement import DisbursementBatch
from eldercare.registry.draft import Draft, refuse
from eldercare.registry.entitlement import AccountTransaction, Entitlement, ServiceAccount, TransactionKind
from eldercare.registry.entity import Record
from eldercare.registry.people_rules import months_after
from eldercare.registry.scheme import SubsidyTier
from eldercare.registry.value import Plain

SIGNS = {TransactionKind.CREDIT: 1, TransactionKind.CONSUME: -1, TransactionKind.EXPIRE: -1, TransactionKind.ADJUST: 1}
"""Which way a transaction moves the balance; a REVERSE moves it back."""


def tier(draft: Draft) -> None:
    """A tier that names one amount gives just that."""
    amount = draft.after.get("amount")
    draft.default("amount_min", amount)
    draft.default("amount_max", amount)


def entitlement(draft: Draft) -> None:
    """Without an amount it is the tier's; without a rule for its end it is paid until its end."""
    after = draft.after
    if after.get("monthly_amount") is None and after.get("tier_id") is not None:
        after["monthly_amount"] = draft.look_up(SubsidyTier, after["tier_id"]).amount
    if after.get("valid_to") is None:
        after["paid_to"] = after["end_event"] = None
    else:
        draft.default("paid_to", after["valid_to"])


def account(draft: Draft) -> None:
    """Of a bank account only the last four digits can be seen."""
    number = draft.after.get("bank_account")
    if number is None:
        draft.after["bank_tail"] = None
    elif isinstance(number, Plain):
        if not (number.isascii() and number.isdigit() and 8 <= len(number) <= 24):
            refuse("BANK_ACCOUNT", "A bank account has 8 to 24 digits.", "Check the number.", "bank_account")
        draft.after["bank_tail"] = number[-4:]


def transaction(draft: Draft) -> None:
    """By how much the balance changes follows from the kind; a REVERSE undoes exactly what it names."""
    after = draft.after
    kind = after.get("kind")
    month: Any = after.get("month")
    if month is not None and month.day != 1:
        refuse("NOT_A_MONTH", "A month is named by its first day.", f"Send {month.replace(day=1)}.", "month")
    if kind is TransactionKind.REVERSE:
        _reverse(draft)
    elif kind is not None and after.get("amount") is not None:
        after["delta"] = SIGNS[kind] * after["amount"]


def batch(draft: Draft) -> None:
    """A month is named by its first day; the first day after it follows."""
    month: Any = draft.after.get("month")
    if month is None:
        return
    if month.day != 1:
        refuse("NOT_A_MONTH", "A month is named by its first day.", f"Send {month.replace(day=1)}.", "month")
    draft.after["month_to"] = months_after(month, 1)


def _reverse(draft: Draft) -> None:
    after = draft.after
    if after.get("reverses_id") is None:
        refuse("REVERSES_WHAT", "A REVERSE names the transaction it takes back.", "Send it.", "reverses_id")
    undone = draft.look_up(AccountTransaction, after["reverses_id"])
    if undone.kind is TransactionKind.REVERSE or undone.account_id != after.get("account_id"):
        refuse(
            "REVERSES_WHAT",
            "Only a transaction of the same account that is no REVERSE itself can be taken back.",
            "Check which transaction is meant; what was taken back wrongly is put right by an ADJUST.",
            "reverses_id",
        )
    after["amount"], after["delta"] = abs(undone.amount), -undone.delta


SUBSIDY_RULES: dict[type[Record], tuple[Callable[[Draft], None], ...]] = {
    SubsidyTier: (tier,),
    Entitlement: (entitlement,),
    ServiceAccount: (account,),
    AccountTransaction: (transaction,),
    DisbursementBatch: (batch,),
}
"""What the nouns of subsidies check and complete by themselves."""
