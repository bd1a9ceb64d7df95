"""What became of money by year and source, and what purchased services came to in a year: from records or from reports."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Numeric,
    Select,
    Text,
    and_,
    case,
    cast,
    exists,
    extract,
    func,
    literal,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from eldercare.kit.db import Key
from eldercare.registry.disbursement import DisbursementBatch, DisbursementLine
from eldercare.registry.division import within
from eldercare.registry.eligibility import lived_in
from eldercare.registry.entitlement import AccountTransaction, ServiceAccount, TransactionKind
from eldercare.registry.fund import FundAllocation, FundIssue, Grant, IssueStatus
from eldercare.registry.inspection import told
from eldercare.registry.money import Fen
from eldercare.registry.moved_money import PAID, in_window, kept, window_from
from eldercare.registry.query import View, visible
from eldercare.registry.scheme import SubsidyScheme
from eldercare.registry.statistic import Basis, Indicator, ReportedFigure

MEASURES = ("allocated", "paid", "consumed", "returned", "issue_amount", "recovered")
FIGURES = {"people": "SUBSIDY_PEOPLE", "services": "SUBSIDY_SERVICES", "consumed": "SUBSIDY_CONSUMED"}
"""The indicators whose reported figures an annual return is made from."""


def by_year_and_source(view: View, territory: Any = None) -> Select[Any]:
    """For each year of the window and source of money: allocated, paid, consumed, returned, issues and recovered."""
    parts = [
        _allocated(view, territory),
        *_paid(view, territory),
        _moved(view, territory, "consumed"),
        _moved(view, territory, "returned"),
        _issues(view, territory),
    ]
    every = union_all(*parts).subquery("every")
    sums = [cast(func.sum(every.c[name]), Fen).label(name) for name in MEASURES]
    issues = cast(func.sum(every.c.issues), Integer).label("issues")
    found = select(every.c.year.label("year"), every.c.source.label("source"), *sums, issues)
    return found.group_by(every.c.year, every.c.source)


def _part(year: Any, source: Any, **measures: Any) -> Select[Any]:
    """Rows of one measure: the others are zero."""
    columns = [cast(measures.get(name, literal(0, Integer)), Fen).label(name) for name in MEASURES]
    issues = cast(measures.get("issues", literal(0, Integer)), Integer).label("issues")
    return select(cast(year, Integer).label("year"), source.label("source"), *columns, issues)


def _allocated(view: View, territory: Any) -> Select[Any]:
    allocation = aliased(FundAllocation)
    first, last = (extract("year", day) for day in (window_from(view), view.as_of))
    found = _part(allocation.year, allocation.source_fund_id, allocated=allocation.amount)
    found = found.where(allocation.year >= first, allocation.year <= last, allocation.allocated_on < view.as_of)
    found = found.where(*visible(allocation, view))
    return found if territory is None else found.where(within(allocation.division_id, territory))


def _paid(view: View, territory: Any) -> list[Select[Any]]:
    batch, grant = aliased(DisbursementBatch), aliased(Grant)
    found = []
    for row, amount in ((batch, batch.total), (grant, grant.amount)):
        allocation = aliased(FundAllocation)
        own = select(allocation.source_fund_id).where(allocation.id == row.allocation_id)
        source = own.correlate_except(allocation).scalar_subquery()
        part = _part(extract("year", row.paid_on), source, paid=amount).where(
            in_window(row.paid_on, view), *visible(row, view)
        )
        if territory is not None and row is batch:
            part = part.where(within(batch.division_id, territory))
        elif territory is not None:
            place = select(allocation.id).where(within(allocation.division_id, territory))
            part = part.where(grant.allocation_id.in_(place))
        found.append(part if row is grant else part.where(batch.status.in_(PAID)))
    return found


def _moved(view: View, territory: Any, measure: str) -> Select[Any]:
    """What accounts paid for services, or gave back by expiry and reversed credit, by the source of their latest credit."""
    moved, account, undone = aliased(AccountTransaction), aliased(ServiceAccount), aliased(AccountTransaction)
    reversed_credit = exists(
        select(undone.id)
        .where(undone.id == moved.reverses_id, undone.kind == TransactionKind.CREDIT)
        .correlate_except(undone)
    )
    back = (moved.kind == TransactionKind.EXPIRE) & kept(moved) | reversed_credit
    which = back if measure == "returned" else and_(moved.kind == TransactionKind.CONSUME, kept(moved))
    found = _part(extract("year", moved.happened_on), _source_of(moved), **{measure: moved.amount})
    found = found.where(in_window(moved.happened_on, view), which, *visible(moved, view))
    if territory is None:
        return found
    place = within(lived_in(account.person_id, moved.happened_on), territory)
    return found.where(account.id == moved.account_id, place)


def _source_of(moved: Any) -> ColumnElement[int]:
    """Whose money a transaction moves: the source of the last credit of the account before it."""
    credit, line, batch, allocation = (
        aliased(AccountTransaction),
        aliased(DisbursementLine),
        aliased(DisbursementBatch),
        aliased(FundAllocation),
    )
    found = (
        select(allocation.source_fund_id)
        .join(batch, batch.allocation_id == allocation.id)
        .join(line, line.batch_id == batch.id)
        .join(credit, credit.line_id == line.id)
        .where(credit.account_id == moved.account_id, credit.happened_on <= moved.happened_on)
        .order_by(credit.happened_on.desc(), credit.id.desc())
        .limit(1)
    )
    return found.correlate_except(credit, line, batch, allocation).scalar_subquery()


def _issues(view: View, territory: Any) -> Select[Any]:
    issue = aliased(FundIssue)
    found = _part(
        extract("year", issue.happened_on),
        issue.source_fund_id,
        issues=literal(1, Integer),
        issue_amount=issue.amount,
        recovered=issue.recovered,
    )
    found = found.where(
        in_window(issue.happened_on, view), issue.status != IssueStatus.DISMISSED, *visible(issue, view)
    )
    return found if territory is None else found.where(within(issue.division_id, territory))


def annual_return(year: Any, scheme_id: Any, territory: Any, view: View) -> Select[Any]:
    """What a scheme's services came to in a year: one row from records, one from reported figures, never mixed."""
    scheme = aliased(SubsidyScheme)
    both = union_all(_from_records(year, scheme_id, territory, view), _from_reports(year, territory, view)).subquery(
        "both"
    )
    minimum = cast(both.c.people * scheme.amount_min * 12, Fen)
    found = select(
        both.c.basis.label("basis"),
        *[both.c[name].label(name) for name in ("people", "services", "entitled", "credited", "consumed")],
        minimum.label("minimum"),
        cast(minimum - both.c.consumed, Fen).label("gap"),
        _per(both.c.consumed, both.c.services).label("per_service"),
        _per(both.c.consumed, both.c.people).label("per_person"),
        _per(both.c.consumed, both.c.people * 12).label("per_person_month"),
        _rounded(both.c.services, both.c.people, 1, 2).label("services_per_person"),
        _rounded(both.c.consumed, minimum, 100, 1).label("share_of_minimum"),
        _rounded(both.c.consumed, both.c.credited, 100, 1).label("share_of_credit"),
        _rounded(both.c.credited, both.c.entitled, 100, 1).label("credit_share"),
        _explained(both, minimum, english=True).label("explanation"),
        _explained(both, minimum, english=False).label("explanation_zh"),
    )
    return found.where(scheme.id == scheme_id, both.c.people > 0)


def _from_records(year: Any, scheme_id: Any, territory: Any, view: View) -> Any:
    moved, account = aliased(AccountTransaction), aliased(ServiceAccount)
    line, batch = aliased(DisbursementLine), aliased(DisbursementBatch)
    mine = [
        account.scheme_id == scheme_id,
        extract("year", moved.happened_on) == year,
        kept(moved),
        *visible(moved, view),
    ]
    lines = select(func.coalesce(func.sum(line.amount), 0)).join(batch, batch.id == line.batch_id)
    lines = lines.where(batch.scheme_id == scheme_id, extract("year", line.month) == year, *visible(line, view))
    if territory is not None:
        mine.append(within(lived_in(account.person_id, moved.happened_on), territory))
        lines = lines.where(within(line.division_id, territory))
    used, given = moved.kind == TransactionKind.CONSUME, moved.kind == TransactionKind.CREDIT
    found = select(
        literal(Basis.RECORDS.value, Text).label("basis"),
        cast(func.count(case((used, account.person_id)).distinct()), Integer).label("people"),
        cast(func.count(case((used, moved.id))), Integer).label("services"),
        cast(lines.scalar_subquery(), Fen).label("entitled"),
        cast(func.coalesce(func.sum(case((given, moved.amount))), 0), Fen).label("credited"),
        cast(func.coalesce(func.sum(case((used, moved.amount))), 0), Fen).label("consumed"),
    )
    return found.select_from(moved).join(account, account.id == moved.account_id).where(*mine)


def _from_reports(year: Any, territory: Any, view: View) -> Any:
    def figure(measure: str, factor: int) -> ColumnElement[int]:
        reported, indicator = aliased(ReportedFigure), aliased(Indicator)
        found = select(cast(func.round(reported.value * factor), Key)).join(
            indicator, indicator.id == reported.indicator_id
        )
        found = found.where(
            indicator.code == FIGURES[measure], extract("year", reported.period_from) == year, *visible(reported, view)
        )
        if territory is not None:
            found = found.where(reported.division_id == territory)
        return found.order_by(reported.id).limit(1).scalar_subquery()

    return select(
        literal(Basis.REPORTED.value, Text),
        cast(figure("people", 1), Integer),
        cast(figure("services", 1), Integer),
        cast(null(), Fen),
        cast(null(), Fen),
        cast(figure("consumed", 100), Fen),
    )


def _per(over: Any, under: Any) -> ColumnElement[int]:
    """An amount divided by a number, rounded half up to the fen; empty for nothing."""
    return cast(func.round(cast(over, Numeric(24, 6)) / cast(func.nullif(under, 0), Numeric(24, 6))), Fen)


def _rounded(over: Any, under: Any, factor: int, decimals: int) -> ColumnElement[float]:
    exact = cast(over, Numeric(30, 10)) * factor / cast(func.nullif(under, 0), Numeric(30, 10))
    return cast(func.round(cast(exact, Numeric(30, 10)), literal(decimals, Integer)), Float(53))


def _explained(both: Any, minimum: Any, *, english: bool) -> ColumnElement[Any]:
    """Why what was consumed is not what people were entitled to."""
    consumed, people = both.c.consumed, both.c.people
    gap = cast(minimum - consumed, Fen)
    months = _rounded(consumed, minimum, 12, 2)
    share = _rounded(consumed, minimum, 100, 1)
    if english:
        text = told(
            consumed,
            " yuan consumed are ",
            share,
            " % of ",
            minimum,
            " yuan, the least that ",
            people,
            " people would be entitled to in a whole year; ",
            gap,
            " yuan are missing. Entitlement, credit and consumption are three facts: the people may have been counted as"
            " eligible or by the month, have been enrolled for part of the year (",
            months,
            " months at the lowest tier would explain it), or not have used their credit.",
        )
    else:
        text = told(
            "消费",
            consumed,
            "元,占",
            people,
            "人全年最低应补",
            minimum,
            "元的",
            share,
            "%,差额",
            gap,
            "元。资格、充值、消费是三件事:人数可能是符合条件人数或人月数,可能只享受了部分月份(按最低档折合",
            months,
            "个月),也可能充值未用完。",
        )
    return case((and_(minimum.is_not(None), consumed < minimum), text))
