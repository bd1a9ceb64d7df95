"""What accounts hold and allocations still cover: sums over their transactions, batches and grants."""

from typing import Any

from sqlalchemy import ColumnElement, and_, cast, func, select
from sqlalchemy.orm import Session, aliased

from eldercare.registry.disbursement import DisbursementBatch, DisbursementLine
from eldercare.registry.entitlement import AccountTransaction, TransactionKind
from eldercare.registry.fund import Grant
from eldercare.registry.fund_invariants import SPENT
from eldercare.registry.money import Fen
from eldercare.registry.query import View


def balance(account: Any, view: View) -> ColumnElement[int]:
    """What is on an account at the end of the view's date."""
    moved = aliased(AccountTransaction)
    return _sum(moved.delta, account, moved.account_id == account.id, moved.happened_on <= view.as_of)


def moved(kind: TransactionKind) -> Any:
    """An expression: the amount of one kind of transactions of an account up to the view's date, less what was reversed."""

    def expression(account: Any, view: View) -> ColumnElement[int]:
        one, undone = aliased(AccountTransaction), aliased(AccountTransaction)
        kept = ~select(undone.id).where(undone.reverses_id == one.id, undone.happened_on <= view.as_of).exists()
        mine = and_(one.account_id == account.id, one.kind == kind, kept)
        return _sum(one.amount, account, mine, one.happened_on <= view.as_of)

    return expression


def balance_now(session: Session, account_id: int) -> int:
    """What is on an account now."""
    query = select(func.coalesce(func.sum(AccountTransaction.delta), 0))
    return int(session.scalar(query.where(AccountTransaction.account_id == account_id)) or 0)


def spent(allocation: Any, view: View) -> ColumnElement[int]:
    """What approved batches and decided grants take from an allocation."""
    batch, grant = aliased(DisbursementBatch), aliased(Grant)
    batches = _sum(batch.total, allocation, batch.allocation_id == allocation.id, batch.status.in_(SPENT))
    return batches + _sum(grant.amount, allocation, grant.allocation_id == allocation.id)


def line_total(batch: Any, view: View) -> ColumnElement[int]:
    """The sum of a batch's lines."""
    line = aliased(DisbursementLine)
    return _sum(line.amount, batch, line.batch_id == batch.id)


def _sum(amount: Any, row: Any, *where: Any) -> ColumnElement[int]:
    found = select(cast(func.coalesce(func.sum(amount), 0), Fen)).where(*where)
    return found.correlate(row).scalar_subquery()
