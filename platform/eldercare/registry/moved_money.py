"""Money that moved in the years an inspection looks at: its window, what counts, and what was paid by scheme and year."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    cast,
    exists,
    extract,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from eldercare.registry import rules
from eldercare.registry.disbursement import BatchStatus, DisbursementBatch
from eldercare.registry.division import within
from eldercare.registry.entitlement import AccountTransaction
from eldercare.registry.fund import FundAllocation, Grant
from eldercare.registry.group import Birthday
from eldercare.registry.money import Fen
from eldercare.registry.query import View, visible

PAID = tuple(BatchStatus[code] for code in rules.rule("batch_paid"))
YEARS = rules.rule("inspection_years")
Territory = Any


def window_from(view: View) -> ColumnElement[Any]:
    """The first day an inspection at the view's date looks at."""
    return Birthday(view.as_of, literal(YEARS, Integer))


def in_window(day: Any, view: View) -> ColumnElement[bool]:
    """Whether a day lies in the years before the view's date."""
    return and_(day >= window_from(view), day < view.as_of)


def kept(transaction: Any) -> ColumnElement[bool]:
    """Whether a transaction was not taken back."""
    undone = aliased(AccountTransaction)
    return ~exists(select(undone.id).where(undone.reverses_id == transaction.id).correlate_except(undone))


def payments(view: View, territory: Territory) -> Select[Any]:
    """What was paid in each year the window touches, by scheme: batches and grants, with the last day of payment."""
    batch, grant = aliased(DisbursementBatch), aliased(Grant)
    batches = select(
        batch.scheme_id.label("scheme"), batch.paid_on.label("paid_on"), batch.total.label("amount")
    ).where(batch.status.in_(PAID), batch.paid_on < view.as_of, *visible(batch, view))
    grants = select(grant.scheme_id, grant.paid_on, grant.amount).where(
        grant.paid_on < view.as_of, *visible(grant, view)
    )
    if territory is not None:
        batches = batches.where(within(batch.division_id, territory))
        grants = grants.where(grant.allocation_id.in_(_allocated_in(territory)))
    paid = union_all(batches, grants).subquery("paid")
    year = cast(extract("year", paid.c.paid_on), Integer)
    first = cast(extract("year", window_from(view)), Integer)
    found = select(
        paid.c.scheme.label("scheme"),
        year.label("year"),
        cast(func.sum(paid.c.amount), Fen).label("amount"),
        func.max(paid.c.paid_on).label("last_on"),
    )
    return found.where(year >= first).group_by(paid.c.scheme, year).having(in_window(func.max(paid.c.paid_on), view))


def _allocated_in(territory: Territory) -> Select[Any]:
    allocation = aliased(FundAllocation)
    return select(allocation.id).where(within(allocation.division_id, territory))
