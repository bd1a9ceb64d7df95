"""The people of the return on purchased home care: by the condition that entitles them, what they used and what is left."""

from typing import Any

from sqlalchemy import BigInteger, Date, Select, and_, cast, func, literal, or_, select
from sqlalchemy.orm import aliased

from eldercare.registry.division import within
from eldercare.registry.eligibility import lived_in
from eldercare.registry.entitlement import AccountTransaction, Entitlement, ServiceAccount, TransactionKind
from eldercare.registry.moved_money import kept
from eldercare.registry.scheme import EligibilityRule, SchemeKind, SubsidyScheme
from eldercare.registry.service_order import Funding, ServiceOrder
from eldercare.reporting.form import CellKind, Column, Frame

TEXT, YUAN = CellKind.TEXT, CellKind.YUAN

CATEGORIES = (
    Column("category", "Entitled because of", "补贴对象类别", TEXT),
    Column("people", "People entitled in the period", "享受人数"),
    Column("served", "Of these served", "其中接受服务人数"),
    Column("services", "Services", "服务人次"),
    Column("amount", "Amount of the services", "服务金额(元)", YUAN),
    Column("credited", "Credited in the period", "本期充值(元)", YUAN),
    Column("balance", "Balance at its end", "期末余额(元)", YUAN),
)


def categories(frame: Frame) -> Select[Any]:
    """A row for each condition of the schemes of service credit: each person under the one that held last in the period."""
    held: Any = aliased(Entitlement)
    later: Any = aliased(Entitlement)
    scheme: Any = aliased(SubsidyScheme)
    rule: Any = aliased(EligibilityRule)
    credit = scheme.kind == SchemeKind.SERVICE_RECHARGE
    newer = select(later.id).where(later.person_id == held.person_id, later.scheme_id == held.scheme_id)
    newer = newer.where(*_held(later, frame), or_(later.valid_from > held.valid_from, _same_day_later(later, held)))
    place = lived_in(held.person_id, literal(frame.as_of, Date()))
    columns = {
        "person": held.person_id,
        "code": rule.code,
        "zh": rule.name_zh,
        "services": _services(held, frame, func.count()),
        "amount": _services(held, frame, func.coalesce(func.sum(ServiceOrder.amount), 0)),
        "credited": _moved(held, frame, credits=True),
        "balance": _moved(held, frame, credits=False),
    }
    each = select(*(column.label(name) for name, column in columns.items())).join(scheme, scheme.id == held.scheme_id)
    each = each.join(rule, rule.id == held.rule_id)
    each = each.where(credit, *_held(held, frame), ~newer.exists(), within(place, frame.division))
    rows = each.subquery()
    sums: list[Any] = [
        cast(func.sum(rows.c[name]), BigInteger).label(name) for name in ("services", "amount", "credited", "balance")
    ]
    counts: list[Any] = [
        rows.c.code.label("row_key"),
        func.min(rows.c.zh).label("category"),
        func.count(rows.c.person.distinct()).label("people"),
        func.count(rows.c.person.distinct()).filter(rows.c.services > 0).label("served"),
    ]
    found: Select[Any] = select(*counts, *sums)
    return found.group_by(rows.c.code).order_by(rows.c.code)


def _held(held: Any, frame: Frame) -> list[Any]:
    return [held.valid_from < frame.end, or_(held.valid_to.is_(None), held.valid_to > frame.start)]


def _same_day_later(later: Any, held: Any) -> Any:
    return and_(later.valid_from == held.valid_from, later.id > held.id)


def _services(held: Any, frame: Frame, what: Any) -> Any:
    """Something of what was served to a person in the period and paid from an account."""
    paid = [ServiceOrder.person_id == held.person_id, ServiceOrder.funding == Funding.ACCOUNT]
    paid += [ServiceOrder.completed_on >= frame.start, ServiceOrder.completed_on < frame.end]
    return select(what).select_from(ServiceOrder).where(*paid).correlate(held).scalar_subquery()


def _moved(held: Any, frame: Frame, *, credits: bool) -> Any:
    """What was credited to a person's account in the period, or what is on it at its end, in fen."""
    move: Any = aliased(AccountTransaction)
    account: Any = aliased(ServiceAccount)
    where = [account.person_id == held.person_id, account.scheme_id == held.scheme_id]
    if credits:
        where += [move.kind == TransactionKind.CREDIT, kept(move)]
        where += [move.happened_on >= frame.start, move.happened_on < frame.end]
    else:
        where += [move.happened_on <= frame.as_of]
    found = select(func.coalesce(func.sum(move.delta), 0)).join(account, account.id == move.account_id).where(*where)
    return found.correlate(held).scalar_subquery()
