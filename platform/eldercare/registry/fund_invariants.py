"""The rules between records of subsidies and funds: bounds, eligibility, stacking, balances, totals and allocations."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, exists, func, literal, not_, or_, select
from sqlalchemy.orm import aliased

from eldercare.registry.disbursement import BatchApproval, BatchStatus, DisbursementBatch, DisbursementLine
from eldercare.registry.eligibility import belongs, improved, left_area, left_group, meets
from eldercare.registry.entitlement import AccountTransaction, Entitlement, ServiceAccount
from eldercare.registry.entity import Record
from eldercare.registry.fund import FundAllocation, Grant
from eldercare.registry.invariant import Invariant, before_end, overlap
from eldercare.registry.person import Person
from eldercare.registry.query import View, entity_class
from eldercare.registry.rules import rule
from eldercare.registry.scheme import (
    EligibilityRule,
    SchemeDivision,
    SchemeKind,
    StackingRule,
    StopRule,
    SubsidyScheme,
    SubsidyTier,
)
from eldercare.registry.service_order import Funding, ServiceOrder

SPENT = tuple(BatchStatus[code] for code in rule("batch_spent"))
OF_PEOPLE = tuple(SchemeKind[code] for code in rule("schemes_of_people"))


def _tier_outside_scheme(row: Any) -> ColumnElement[bool]:
    tier, scheme, other = _pair(row, SubsidyTier, SubsidyScheme)
    outside = or_(tier.amount_min < scheme.amount_min, tier.amount_max > scheme.amount_max)
    return exists(select(other.id).where(tier.scheme_id == scheme.id, outside))


def _amount_outside_tier(row: Any) -> ColumnElement[bool]:
    tier = aliased(SubsidyTier)
    outside = or_(row.monthly_amount < tier.amount_min, row.monthly_amount > tier.amount_max)
    return exists(select(tier.id).where(tier.id == row.tier_id, outside))


def _of_another_scheme(row: Any) -> ColumnElement[bool]:
    tier, way = aliased(SubsidyTier), aliased(EligibilityRule)
    fits = [way.id == row.rule_id, tier.id == row.tier_id, tier.scheme_id == row.scheme_id]
    return not_(exists(select(way.id).join(tier, tier.id == way.tier_id).where(*fits)))


def _not_for_people(row: Any) -> ColumnElement[bool]:
    scheme, people = aliased(SubsidyScheme), entity_class(row) is Entitlement
    wrong = scheme.kind.not_in(OF_PEOPLE) if people else scheme.kind.in_(OF_PEOPLE)
    return exists(select(scheme.id).where(scheme.id == row.scheme_id, wrong))


def _outside_life(row: Any) -> ColumnElement[bool]:
    person = aliased(Person)
    began = row.valid_from if entity_class(row) is Entitlement else row.opened_on
    outside = or_(began < person.birth_date, began > person.deceased_on, person.merged_into_id.is_not(None))
    return exists(select(person.id).where(person.id == row.person_id, outside))


def _not_in_force(row: Any) -> ColumnElement[bool]:
    scheme, tier, way = aliased(SubsidyScheme), aliased(SubsidyTier), aliased(EligibilityRule)
    day = row.valid_from
    found = []
    for each, key in ((scheme, row.scheme_id), (tier, row.tier_id), (way, row.rule_id)):
        late = or_(each.valid_from > day, and_(each.valid_to.is_not(None), each.valid_to <= day))
        found.append(exists(select(each.id).where(each.id == key, late)))
    return or_(*found)


def _stacked(row: Any) -> ColumnElement[bool]:
    other, scheme = aliased(Entitlement), aliased(SubsidyScheme)
    single = scheme.stacking.in_([StackingRule.HIGHEST_ONLY, StackingRule.EXCLUSIVE_GROUP])
    return exists(
        select(other.id)
        .join(scheme, scheme.id == other.scheme_id)
        .where(
            other.id != row.id,
            other.person_id == row.person_id,
            other.scheme_id == row.scheme_id,
            single,
            before_end(other.valid_from, row.valid_to),
            before_end(row.valid_from, other.valid_to),
        )
    )


def _outside_area(row: Any) -> ColumnElement[bool]:
    scheme = aliased(SubsidyScheme)
    first = ~belongs(scheme, row.person_id, View(row.valid_from))
    outside = or_(first, left_area(row, scheme).happens())
    return exists(select(scheme.id).where(scheme.id == row.scheme_id, _due(row), outside))


def _not_eligible(row: Any) -> ColumnElement[bool]:
    """On the first day, and on every later day on which something ended that the rule asks for."""
    way, person = aliased(EligibilityRule), aliased(Person)
    changes = [left_group(row, person, way).happens(), improved(row, person, way).happens()]
    first = ~meets(way, person, View(row.valid_from))
    where = [way.id == row.rule_id, person.id == row.person_id, _due(row), or_(first, *changes)]
    return exists(select(way.id).join(person, person.id == row.person_id).where(*where))


def _due(row: Any) -> ColumnElement[bool]:
    """Whether anything is due for an entitlement: one that was found void from its first day need not be eligible."""
    return or_(row.paid_to.is_(None), row.paid_to > row.valid_from)


def _below_zero(row: Any) -> ColumnElement[bool]:
    moved = aliased(AccountTransaction)
    balance = select(func.sum(moved.delta)).where(moved.account_id == row.account_id).scalar_subquery()
    return balance < literal(0, Integer)


def _of_another_order(row: Any) -> ColumnElement[bool]:
    """Whether a transaction names an order of another person, one that is not paid by account, or one not served yet."""
    order, account = aliased(ServiceOrder), aliased(ServiceAccount)
    fits = [order.id == row.order_id, order.funding == Funding.ACCOUNT, order.completed_on.is_not(None)]
    own = select(order.id).join(account, account.person_id == order.person_id).where(account.id == row.account_id)
    return and_(row.order_id.is_not(None), ~exists(own.where(*fits)))


def _overpaid(row: Any) -> ColumnElement[bool]:
    order = aliased(ServiceOrder)
    return exists(select(order.id).where(order.id == row.order_id, paid_for(order) > order.amount))


def _settled_unpaid(row: Any) -> ColumnElement[bool]:
    return and_(row.funding == Funding.ACCOUNT, row.settled_at.is_not(None), paid_for(row) != row.amount)


def paid_for(order: Any) -> ColumnElement[int]:
    """What the transactions of an order come to."""
    moved = aliased(AccountTransaction)
    found = select(func.coalesce(-func.sum(moved.delta), 0)).where(moved.order_id == order.id)
    return found.correlate_except(moved).scalar_subquery()


def _total(row: Any) -> ColumnElement[bool]:
    line = aliased(DisbursementLine)
    mine = line.batch_id == row.id
    amount = select(func.coalesce(func.sum(line.amount), 0)).where(mine).scalar_subquery()
    paid = select(func.count(line.person_id.distinct())).where(mine, line.amount > 0).scalar_subquery()
    return and_(row.status != BatchStatus.DRAFT, or_(amount != row.total, paid != row.people))


def _overspent(row: Any) -> ColumnElement[bool]:
    allocation = row if entity_class(row) is FundAllocation else aliased(FundAllocation)
    batch, grant = aliased(DisbursementBatch), aliased(Grant)
    batches = select(func.coalesce(func.sum(batch.total), 0)).where(
        batch.allocation_id == allocation.id, batch.status.in_(SPENT)
    )
    grants = select(func.coalesce(func.sum(grant.amount), 0)).where(grant.allocation_id == allocation.id)
    spent = [each.correlate(allocation).scalar_subquery() for each in (batches, grants)]
    exceeded: ColumnElement[bool] = spent[0] + spent[1] > allocation.amount
    if allocation is row:
        return exceeded
    return exists(select(allocation.id).where(allocation.id == row.allocation_id, exceeded))


def _for_another(row: Any) -> ColumnElement[bool]:
    allocation = aliased(FundAllocation)
    other = and_(allocation.scheme_id.is_not(None), allocation.scheme_id != row.scheme_id)
    return exists(select(allocation.id).where(allocation.id == row.allocation_id, other))


def _same_approver(row: Any) -> ColumnElement[bool]:
    other = aliased(BatchApproval)
    steps = (BatchStatus.TOWN_REVIEWED, BatchStatus.COUNTY_APPROVED)
    return exists(
        select(other.id).where(
            other.batch_id == row.batch_id,
            other.id < row.id,
            other.approver == row.approver,
            row.step == steps[1],
            other.step == steps[0],
        )
    )


def _grant_outside_scheme(row: Any) -> ColumnElement[bool]:
    scheme = aliased(SubsidyScheme)
    outside = or_(row.amount < scheme.amount_min, row.amount > scheme.amount_max)
    return exists(select(scheme.id).where(scheme.id == row.scheme_id, outside))


def _pair(row: Any, first: type[Record], second: type[Record]) -> tuple[Any, Any, Any]:
    """The row and an alias of the other noun, in the order of the two nouns, and the alias again."""
    if entity_class(row) is first:
        other = aliased(second)
        return row, other, other
    other = aliased(first)
    return other, row, other


ALONE: tuple[type[Record], ...] = (SchemeDivision, SubsidyTier, EligibilityRule, StopRule, Entitlement)

FUND_INVARIANTS: tuple[Invariant, ...] = (
    *(overlap(noun) for noun in ALONE),
    Invariant(
        "TIER_OUTSIDE_SCHEME",
        "The amounts of a tier lie within the bounds of its scheme.",
        "Send an amount between the scheme's amountMin and amountMax, or correct those.",
        (SubsidyTier, SubsidyScheme),
        _tier_outside_scheme,
        ("amount",),
    ),
    Invariant(
        "AMOUNT_OUTSIDE_TIER",
        "The monthly amount lies within the bounds of the tier.",
        "Leave it out, and it is the tier's own amount.",
        (Entitlement,),
        _amount_outside_tier,
        ("monthly_amount",),
    ),
    Invariant(
        "TIER_OF_ANOTHER_SCHEME",
        "The tier belongs to another scheme, or the condition to another tier.",
        "Use grantEntitlement, which chooses both.",
        (Entitlement,),
        _of_another_scheme,
        ("tier_id",),
    ),
    Invariant(
        "SCHEME_OF_ANOTHER_KIND",
        "People are entitled under recharges and allowances; facilities and organisations get grants under the others.",
        "Use a scheme of the right kind.",
        (Entitlement, Grant),
        _not_for_people,
        ("scheme_id",),
    ),
    Invariant(
        "OUTSIDE_LIFE",
        "This would begin before the person's birth or after the death, or under a record that was merged away.",
        "Check the dates, or use the record the person was merged into.",
        (Entitlement, ServiceAccount),
        _outside_life,
        ("person_id",),
        acts=("person_id",),
    ),
    Invariant(
        "SCHEME_NOT_IN_FORCE",
        "The scheme, the tier or the condition does not hold on the first day of the entitlement.",
        "Check the date, or use the edition that held then.",
        (Entitlement,),
        _not_in_force,
        ("valid_from",),
    ),
    Invariant(
        "ENTITLED_ALREADY",
        "The person has another entitlement of this scheme on some of these days, and only the highest may be held.",
        "End the other one first, or use grantEntitlement, which keeps the highest.",
        (Entitlement,),
        _stacked,
        ("valid_from",),
    ),
    Invariant(
        "OUTSIDE_SCHEME_AREA",
        "The person does not live, or is not registered, where the scheme holds on some of these days.",
        "Check where the person lives; end the entitlement on the day of the move.",
        (Entitlement,),
        _outside_area,
        ("person_id",),
    ),
    Invariant(
        "NOT_ELIGIBLE",
        "The person does not meet the condition on some of these days.",
        "Record the membership or assessment it asks for, or end the entitlement on the day it was lost.",
        (Entitlement,),
        _not_eligible,
        ("rule_id",),
    ),
    Invariant(
        "BALANCE_BELOW_ZERO",
        "There is not enough credit on the account.",
        "Send an amount that the balance covers.",
        (AccountTransaction,),
        _below_zero,
        ("amount",),
    ),
    Invariant(
        "ORDER_OF_ANOTHER",
        "The order is another person's, is not paid from an account, or was not served yet.",
        "Pay a finished order from its own person's account, with payOrder.",
        (AccountTransaction,),
        _of_another_order,
        ("order_id",),
    ),
    Invariant(
        "ORDER_OVERPAID",
        "More would be paid for the order than it costs.",
        "Nothing is left to pay; take a wrong payment back first.",
        (AccountTransaction,),
        _overpaid,
        ("order_id",),
        acts=("order_id",),
    ),
    Invariant(
        "SETTLED_UNPAID",
        "An order that an account pays is settled for what its transactions come to.",
        "Pay it with payOrder, which settles it.",
        (ServiceOrder,),
        _settled_unpaid,
        ("settled_at",),
        acts=("settled_at", "amount", "funding"),
    ),
    Invariant(
        "BATCH_TOTAL",
        "The total and the people of a batch are those of its lines.",
        "Calculate it again with calculateBatch.",
        (DisbursementBatch,),
        _total,
        ("total",),
    ),
    Invariant(
        "ALLOCATION_EXCEEDED",
        "More would be spent than was allocated.",
        "Name an allocation that covers it, or have more allocated first.",
        (FundAllocation, DisbursementBatch, Grant),
        _overspent,
        ("allocation_id",),
    ),
    Invariant(
        "ALLOCATION_FOR_ANOTHER_SCHEME",
        "The allocation may be spent on another scheme only.",
        "Name an allocation for this scheme.",
        (DisbursementBatch, Grant),
        _for_another,
        ("allocation_id",),
    ),
    Invariant(
        "SAME_APPROVER",
        "Whoever reviewed a batch for the town may not approve it for the county.",
        "Another person must approve it.",
        (BatchApproval,),
        _same_approver,
        ("batch_id",),
    ),
    Invariant(
        "GRANT_OUTSIDE_SCHEME",
        "The amount of a grant lies within the bounds of its scheme.",
        "Send an amount between the scheme's amountMin and amountMax, or correct those.",
        (Grant,),
        _grant_outside_scheme,
        ("amount",),
    ),
)
"""Every rule between records of subsidies and funds."""
