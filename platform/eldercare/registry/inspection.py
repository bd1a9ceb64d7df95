"""The inspection of funds: what was paid or settled wrongly in the years before a day, each finding with its reasons."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from eldercare.kit.db import Key
from eldercare.registry.disbursement import DisbursementBatch, DisbursementLine
from eldercare.registry.division import within
from eldercare.registry.eligibility import lived_in
from eldercare.registry.entitlement import AccountTransaction, Entitlement, ServiceAccount, TransactionKind
from eldercare.registry.fund import FindingKind, FundAllocation
from eldercare.registry.money import Fen, yuan_text
from eldercare.registry.moved_money import PAID, Territory, in_window, kept, payments
from eldercare.registry.person import Person
from eldercare.registry.query import View, visible
from eldercare.registry.scheme import StackingRule, StopEffect, StopEvent, StopRule, SubsidyScheme, SubsidyTier
from eldercare.registry.service_order import Funding, ServiceOrder
from eldercare.registry.stay import LeaveReason, Stay, StayLeave

NAMES = (
    "kind",
    "fingerprint",
    "scheme",
    "division",
    "person",
    "line",
    "transaction",
    "happened_on",
    "amount",
    "explanation",
    "explanation_zh",
)
"""The columns of a finding."""

Texts = tuple[ColumnElement[Any], ColumnElement[Any]]


def findings(view: View, territory: Territory = None) -> Select[Any]:
    """Everything that is wrong with money that moved in the years before the view's date, in a territory or everywhere."""
    parts = [
        _after_death(view, territory),
        _enrolled_twice(view, territory),
        _served_elsewhere(view, territory, hospital=False),
        _served_elsewhere(view, territory, hospital=True),
        _over_tier(view, territory),
        _settled_wrongly(view, territory, FindingKind.UNPAID_SETTLEMENT),
        _settled_wrongly(view, territory, FindingKind.DUPLICATE_SETTLEMENT),
        _above_allocation(view, territory),
    ]
    found = union_all(*parts).subquery("finding")
    return select(*[found.c[name] for name in NAMES])


def told(*parts: Any) -> ColumnElement[str]:
    """A sentence of texts, days, numbers and amounts."""
    words: list[ColumnElement[Any]] = [
        literal(each, Text)
        if isinstance(each, str)
        else yuan_text(each)
        if isinstance(each.type, Fen)
        else cast(each, Text)
        for each in parts
    ]
    sentence = words[0]
    for each in words[1:]:
        sentence = sentence.concat(each)
    return sentence


def _row(
    kind: FindingKind,
    about: ColumnElement[Any],
    texts: Texts,
    *,
    happened_on: Any,
    amount: Any,
    scheme: Any = None,
    division: Any = None,
    person: Any = None,
    line: Any = None,
    transaction: Any = None,
) -> Select[Any]:
    nothing = cast(null(), Key)
    keys = {"scheme": scheme, "division": division, "person": person, "line": line, "transaction": transaction}
    return select(
        literal(kind.value, Text).label("kind"),
        literal(f"{kind.value}:", Text).concat(about).label("fingerprint"),
        *[(nothing if key is None else key).label(name) for name, key in keys.items()],
        happened_on.label("happened_on"),
        cast(amount, Fen).label("amount"),
        texts[0].label("explanation"),
        texts[1].label("explanation_zh"),
    )


def _lines(view: View, territory: Territory, batch: Any, line: Any) -> list[ColumnElement[bool]]:
    """Lines that were paid in the window and whose credit was not taken back."""
    credit, undone = aliased(AccountTransaction), aliased(AccountTransaction)
    back = select(credit.id).join(undone, undone.reverses_id == credit.id).where(credit.line_id == line.id)
    where = [line.batch_id == batch.id, batch.status.in_(PAID), line.amount > 0, in_window(batch.paid_on, view)]
    where += [~exists(back.correlate_except(credit, undone)), *visible(line, view), *visible(batch, view)]
    return where if territory is None else [*where, within(line.division_id, territory)]


def _after_death(view: View, territory: Territory) -> Select[Any]:
    line, batch, person, named, stop = (
        aliased(DisbursementLine),
        aliased(DisbursementBatch),
        aliased(Person),
        aliased(Person),
        aliased(StopRule),
    )
    same_month = exists(
        select(stop.id)
        .where(stop.scheme_id == batch.scheme_id, stop.event == StopEvent.DEATH, stop.effect == StopEffect.SAME_MONTH)
        .where(stop.valid_from <= person.deceased_on, or_(stop.valid_to.is_(None), stop.valid_to > person.deceased_on))
        .correlate_except(stop)
    )
    late = or_(person.deceased_on < line.month, and_(person.deceased_on < batch.month_to, same_month))
    texts = (
        told("Died on ", person.deceased_on, "; ", line.amount, " yuan were paid for the month from ", line.month, "."),
        told(person.deceased_on, "死亡,仍发放", line.month, "所在月份", line.amount, "元。"),
    )
    found = _row(
        FindingKind.PAID_AFTER_DEATH,
        cast(line.id, Text),
        texts,
        happened_on=batch.paid_on,
        amount=line.amount,
        scheme=batch.scheme_id,
        division=line.division_id,
        person=line.person_id,
        line=line.id,
    )
    same = person.id == func.coalesce(named.merged_into_id, named.id)
    return found.where(named.id == line.person_id, same, late, *_lines(view, territory, batch, line))


def _enrolled_twice(view: View, territory: Territory) -> Select[Any]:
    """The later of two lines of one person for one month which the schemes do not allow together."""
    line, batch, other, earlier = (
        aliased(DisbursementLine),
        aliased(DisbursementBatch),
        aliased(DisbursementLine),
        aliased(DisbursementBatch),
    )
    one, two, scheme, rival = aliased(Person), aliased(Person), aliased(SubsidyScheme), aliased(SubsidyScheme)
    single = and_(scheme.id == rival.id, scheme.stacking != StackingRule.CUMULATIVE)
    excluded = and_(scheme.id != rival.id, scheme.exclusive_group == rival.exclusive_group)
    texts = (
        told(
            "Paid for ", line.month, " under ", scheme.code, " and under ", rival.code, " as well: ", line.amount, "."
        ),
        told(line.month, "所在月份已按", rival.code, "发放,又按", scheme.code, "发放", line.amount, "元。"),
    )
    found = _row(
        FindingKind.DOUBLE_ENROLMENT,
        cast(line.id, Text),
        texts,
        happened_on=batch.paid_on,
        amount=line.amount,
        scheme=batch.scheme_id,
        division=line.division_id,
        person=line.person_id,
        line=line.id,
    )
    human = [each.id for each in (one, two)]
    return found.where(
        *_lines(view, territory, batch, line),
        other.id == _first_rival(line, other),
        earlier.id == other.batch_id,
        earlier.status.in_(PAID),
        scheme.id == batch.scheme_id,
        rival.id == earlier.scheme_id,
        human[0] == line.person_id,
        human[1] == other.person_id,
        or_(single, excluded),
    )


def _first_rival(line: Any, other: Any) -> ColumnElement[int]:
    """The earliest other line of the same person for the same month, when the two together are more than a month."""
    rival, batch, mine, one, two, scheme, theirs = (
        aliased(DisbursementLine),
        aliased(DisbursementBatch),
        aliased(DisbursementBatch),
        aliased(Person),
        aliased(Person),
        aliased(SubsidyScheme),
        aliased(SubsidyScheme),
    )
    allowed = or_(
        and_(theirs.id == scheme.id, scheme.stacking != StackingRule.CUMULATIVE),
        and_(theirs.id != scheme.id, theirs.exclusive_group == scheme.exclusive_group),
    )
    found = (
        select(func.min(rival.id))
        .join(batch, batch.id == rival.batch_id)
        .join(theirs, theirs.id == batch.scheme_id)
        .join(two, two.id == rival.person_id)
        .join(mine, mine.id == line.batch_id)
        .join(scheme, scheme.id == mine.scheme_id)
        .join(one, one.id == line.person_id)
        .where(rival.month == line.month, rival.id < line.id, rival.amount > 0, batch.status.in_(PAID), allowed)
        .where(func.coalesce(one.merged_into_id, one.id) == func.coalesce(two.merged_into_id, two.id))
        .where(rival.days + line.days > 31)
    )
    return found.correlate_except(rival, batch, mine, one, two, scheme, theirs).scalar_subquery()


def _served_elsewhere(view: View, territory: Territory, *, hospital: bool) -> Select[Any]:
    """Services at home on a day on which the person was in an institution, or from there in hospital."""
    moved, account = aliased(AccountTransaction), aliased(ServiceAccount)
    stay, leave, day = aliased(Stay), aliased(StayLeave), moved.happened_on
    away = and_(
        leave.stay_id == stay.id, leave.left_on <= day, or_(leave.returned_on.is_(None), leave.returned_on > day)
    )
    ill = exists(select(leave.id).where(away, leave.reason == LeaveReason.HOSPITAL).correlate_except(leave))
    where_from = ill if hospital else ~exists(select(leave.id).where(away).correlate_except(leave))
    kind = FindingKind.SERVICE_IN_HOSPITAL if hospital else FindingKind.SERVICE_IN_INSTITUTION
    place, place_zh = ("in hospital", "住院") if hospital else ("living in an institution", "入住机构")
    texts = (
        told(
            "Served at home on ",
            day,
            " for ",
            moved.amount,
            f" yuan while {place}; the stay in the institution began on ",
            stay.admitted_on,
            ".",
        ),
        told(day, "上门服务", moved.amount, f"元,当日{place_zh},入住日期", stay.admitted_on, "。"),
    )
    found = _row(
        kind,
        cast(moved.id, Text),
        texts,
        happened_on=day,
        amount=moved.amount,
        scheme=account.scheme_id,
        division=lived_in(account.person_id, day),
        person=account.person_id,
        transaction=moved.id,
    )
    found = found.where(
        account.id == moved.account_id,
        moved.kind == TransactionKind.CONSUME,
        kept(moved),
        *visible(moved, view),
        in_window(day, view),
        stay.person_id == account.person_id,
        stay.admitted_on < day,
        or_(stay.discharged_on.is_(None), stay.discharged_on > day),
        where_from,
    )
    return found if territory is None else found.where(within(lived_in(account.person_id, day), territory))


def _over_tier(view: View, territory: Territory) -> Select[Any]:
    line, batch, held, tier = (
        aliased(DisbursementLine),
        aliased(DisbursementBatch),
        aliased(Entitlement),
        aliased(SubsidyTier),
    )
    texts = (
        told(
            line.amount,
            " yuan were paid for the month from ",
            line.month,
            "; the tier ",
            tier.code,
            " gives at most ",
            tier.amount_max,
            ".",
        ),
        told(line.month, "所在月份发放", line.amount, "元,超过", tier.code, "档上限", tier.amount_max, "元。"),
    )
    found = _row(
        FindingKind.OVER_TIER,
        cast(line.id, Text),
        texts,
        happened_on=batch.paid_on,
        amount=line.amount - tier.amount_max,
        scheme=batch.scheme_id,
        division=line.division_id,
        person=line.person_id,
        line=line.id,
    )
    own = [held.id == line.entitlement_id, tier.id == held.tier_id, line.amount > tier.amount_max]
    return found.where(*own, *_lines(view, territory, batch, line))


def _settled_wrongly(view: View, territory: Territory, kind: FindingKind) -> Select[Any]:
    """Orders settled from an account for less, or more, than their transactions come to."""
    order, moved = aliased(ServiceOrder), aliased(AccountTransaction)
    sums = select(func.coalesce(-func.sum(moved.delta), 0)).where(moved.order_id == order.id)
    paid = cast(sums.correlate_except(moved).scalar_subquery(), Fen)
    unpaid = kind is FindingKind.UNPAID_SETTLEMENT
    wrong = paid < order.amount if unpaid else paid > order.amount
    amount = order.amount - paid if unpaid else paid - order.amount
    texts = (
        told(
            "The order of ",
            order.completed_on,
            " was settled for ",
            cast(order.amount, Fen),
            " yuan; its transactions come to ",
            paid,
            ".",
        ),
        told(order.completed_on, "的工单结算", cast(order.amount, Fen), "元,账户流水合计", paid, "元。"),
    )
    found = _row(
        kind,
        cast(order.id, Text),
        texts,
        happened_on=order.completed_on,
        amount=amount,
        division=order.division_id,
        person=order.person_id,
    )
    found = found.where(
        order.funding == Funding.ACCOUNT, order.settled_at.is_not(None), in_window(order.completed_on, view), wrong
    ).where(*visible(order, view))
    return found if territory is None else found.where(within(order.division_id, territory))


def _above_allocation(view: View, territory: Territory) -> Select[Any]:
    """What a scheme spent in a year beyond what was allocated to it for that year."""
    spent = payments(view, territory).subquery("spent")
    allocation, scheme = aliased(FundAllocation), aliased(SubsidyScheme)
    sums = select(func.coalesce(func.sum(allocation.amount), 0)).where(
        allocation.scheme_id == spent.c.scheme, allocation.year == spent.c.year
    )
    if territory is not None:
        sums = sums.where(within(allocation.division_id, territory))
    given = cast(sums.correlate_except(allocation).scalar_subquery(), Fen)
    texts = (
        told(
            spent.c.amount,
            " yuan were spent under ",
            scheme.code,
            " in ",
            spent.c.year,
            "; ",
            given,
            " were allocated.",
        ),
        told(spent.c.year, "年", scheme.code, "支出", spent.c.amount, "元,拨付", given, "元。"),
    )
    about = cast(spent.c.scheme, Text).concat("-").concat(cast(spent.c.year, Text))
    found = _row(
        FindingKind.ABOVE_ALLOCATION,
        about,
        texts,
        happened_on=spent.c.last_on,
        amount=spent.c.amount - given,
        scheme=spent.c.scheme,
    )
    return found.where(scheme.id == spent.c.scheme, spent.c.amount > given)
