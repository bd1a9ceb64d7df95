"""The rules of subsidies: bounds, eligibility on every day, stacking, balances and allocations cannot be broken."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

import factories as make
import subsidies as money
from eldercare.registry import DisbursementBatch, Entitlement, FundAllocation, Grant, SubsidyTier
from eldercare.registry.balance import balance_now
from eldercare.registry.change import Writer
from factories import refused
from subsidies import Place

Act = Callable[[Writer, Place], Any]


def born(w: Writer, where: Place, day: date, **values: Any) -> Any:
    """Somebody of the county who is on no guarantee."""
    return money.elder(w, where, poor=False, birth_date=day, **values)


def too_young(w: Writer, where: Place) -> Any:
    found = born(w, where, date(1936, 3, 1))
    return money.entitled(w, where, found.id, tier_id=where.tiers["T100"], rule_id=where.rules["AGED_90"])


def lost_meanwhile(w: Writer, where: Place) -> Any:
    found = money.elder(w, where, poor=False)
    make.membership(w, found.id, category="DIBAO", valid_to=date(2026, 4, 1))
    return money.entitled(w, where, found.id)


def moved_away(w: Writer, where: Place) -> Any:
    found = make.person(w)
    make.membership(w, found.id, category="DIBAO")
    make.residence(w, found.id, where.county, valid_to=date(2026, 2, 1))
    make.residence(w, found.id, make.division(w).id, valid_from=date(2026, 2, 1))
    return money.entitled(w, where, found.id)


def two_tiers(w: Writer, where: Place) -> Any:
    found = money.elder(w, where, birth_date=date(1930, 1, 1))
    money.entitled(w, where, found.id)
    return money.entitled(w, where, found.id, tier_id=where.tiers["T100"], rule_id=where.rules["AGED_90"])


def overdrawn(w: Writer, where: Place) -> Any:
    key = money.account(w, where, money.elder(w, where).id).id
    money.moved(w, key, "CREDIT", 30_000)
    return money.moved(w, key, "CONSUME", 30_001)


def spent_credit_taken_back(w: Writer, where: Place) -> Any:
    key = money.account(w, where, money.elder(w, where).id).id
    credit = money.moved(w, key, "CREDIT", 30_000)
    money.moved(w, key, "CONSUME", 1)
    return money.moved(w, key, "REVERSE", reverses_id=credit.id)


def grant(w: Writer, where: Place, amount: int) -> Any:
    reward = money.scheme(w, kind="OPERATION_REWARD", amount_min=None, amount_max=None)
    allocated = w.find(FundAllocation, where.allocation)
    w.correct(FundAllocation, allocated.id, {"scheme_id": None})
    home = make.facility(w)
    values = {"scheme_id": reward.id, "facility_id": home.id, "decided_on": date(2026, 5, 1), "amount": amount}
    return w.create(Grant, {**values, "allocation_id": where.allocation})


BROKEN: dict[str, tuple[Act, str]] = {
    "a tier of 99.99": (lambda w, p: money.tier(w, p.scheme, 9_999, code="LOW"), "TIER_OUTSIDE_SCHEME"),
    "a tier of 500.01": (lambda w, p: money.tier(w, p.scheme, 50_001, code="HIGH"), "TIER_OUTSIDE_SCHEME"),
    "more than the tier": (
        lambda w, p: money.entitled(w, p, money.elder(w, p).id, monthly_amount=30_001),
        "AMOUNT_OUTSIDE_TIER",
    ),
    "a condition of another tier": (
        lambda w, p: money.entitled(w, p, money.elder(w, p).id, rule_id=p.rules["AGED_90"]),
        "TIER_OF_ANOTHER_SCHEME",
    ),
    "ninety only in March": (too_young, "NOT_ELIGIBLE"),
    "a membership that ended in April": (lost_meanwhile, "NOT_ELIGIBLE"),
    "moved away in February": (moved_away, "OUTSIDE_SCHEME_AREA"),
    "a scheme for facilities": (
        lambda w, p: w.create(
            Grant, {"scheme_id": p.scheme, "facility_id": make.facility(w).id, "amount": 1, "decided_on": money.SINCE}
        ),
        "SCHEME_OF_ANOTHER_KIND",
    ),
    "two tiers at once": (two_tiers, "ENTITLED_ALREADY"),
    "before the scheme": (
        lambda w, p: money.entitled(w, p, money.elder(w, p).id, valid_from=date(2015, 12, 31)),
        "SCHEME_NOT_IN_FORCE",
    ),
    "more than the balance": (overdrawn, "BALANCE_BELOW_ZERO"),
    "credit already spent": (spent_credit_taken_back, "BALANCE_BELOW_ZERO"),
    "more than was allocated": (lambda w, p: grant(w, p, 100_001), "ALLOCATION_EXCEEDED"),
    "two recipients of a grant": (
        lambda w, p: w.create(
            Grant,
            {
                "scheme_id": money.scheme(w, kind="BED").id,
                "facility_id": make.facility(w).id,
                "organisation_id": make.organisation(w).id,
                "amount": 20_000,
                "decided_on": money.SINCE,
            },
        ),
        "CHECK_ONE_RECIPIENT",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_rule_of_money_cannot_be_broken(session: Session, case: str) -> None:
    act, code = BROKEN[case]
    where = money.place(session)
    with refused(code):
        act(make.writer(session), where)


def test_an_entitlement_takes_the_amount_of_its_tier_and_a_grant_just_fits(session: Session) -> None:
    where, w = money.place(session), make.writer(session)
    held = money.entitled(w, where, money.elder(w, where).id)
    assert (held.monthly_amount, held.paid_to) == (30_000, None)
    assert grant(w, where, 100_000).amount == 100_000
    with refused("ALLOCATION_EXCEEDED"):
        w.correct(FundAllocation, where.allocation, {"amount": 99_999})


def test_a_transaction_is_never_changed_only_taken_back(session: Session) -> None:
    where, w = money.place(session), make.writer(session)
    key = money.account(w, where, money.elder(w, where).id).id
    credit = money.moved(w, key, "CREDIT", 30_000)
    with refused("RECORD_FINAL"):
        w.correct(type(credit), credit.id, {"amount": 1})
    with refused("RECORD_FINAL"):
        w.annul(type(credit), credit.id, reason="wrong")
    undone = money.moved(w, key, "REVERSE", reverses_id=credit.id)
    assert (undone.amount, undone.delta, balance_now(session, key)) == (30_000, -30_000, 0)
    with refused("TAKEN"):
        money.moved(w, key, "REVERSE", reverses_id=credit.id)
    with refused("REVERSES_WHAT"):
        money.moved(w, key, "REVERSE", reverses_id=undone.id)


def test_of_a_bank_account_only_the_last_digits_are_readable(session: Session) -> None:
    where, w = money.place(session), make.writer(session)
    held = money.account(w, where, money.elder(w, where).id)
    changed = w.correct(type(held), held.id, {"bank_account": "6222020200112233445"})
    assert changed.bank_tail == "3445"
    assert changed.bank_account is not None
    assert b"622202" not in changed.bank_account
    with refused("BANK_ACCOUNT"):
        w.correct(type(held), held.id, {"bank_account": "62220A"})


def test_amounts_are_whole_fen(session: Session) -> None:
    where, w = money.place(session), make.writer(session)
    with refused("VALUE"):
        money.tier(w, where.scheme, 100.5, code="HALF")  # type: ignore[arg-type]
    assert session.get(SubsidyTier, where.tiers["T100"]).amount == 10_000  # type: ignore[union-attr]
    assert DisbursementBatch.__commanded__
    assert not Entitlement.__commanded__
