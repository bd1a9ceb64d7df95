"""Money adds up to the fen, whatever the history, and also when two write at once."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import factories as make
import subsidies as money
from eldercare.kit.errors import EldercareError
from eldercare.registry import DisbursementBatch, DisbursementLine, Grant, disbursing, paying
from eldercare.registry.balance import balance_now
from eldercare.registry.disbursement import BatchStatus
from eldercare.registry.entitlement import AccountTransaction, TransactionKind
from eldercare.registry.money import Amount

KINDS = ("CREDIT", "CREDIT", "CONSUME", "EXPIRE", "ADJUST", "REVERSE")
STEP = st.tuples(st.sampled_from(KINDS), st.integers(-9_999, 30_000), st.integers(0, 20))


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(STEP, min_size=1, max_size=14))
def test_credits_less_consumption_and_expiry_with_adjustments_are_the_balance(
    session: Session, history: list[tuple[str, int, int]]
) -> None:
    """What is refused leaves nothing behind; what is written adds up, and never to less than zero."""
    where, w = money.place(session), make.writer(session)
    key = money.account(w, where, money.elder(w, where).id).id
    kept: dict[int, int] = {}
    for kind, amount, which in history:
        undone = list(kept)[which % len(kept)] if kept and kind == "REVERSE" else None
        try:
            made = money.moved(w, key, kind, None if kind == "REVERSE" else amount, reverses_id=undone)
        except EldercareError:
            assert balance_now(session, key) == sum(kept.values())
            continue
        if undone is None:
            kept[made.id] = -amount if kind in ("CONSUME", "EXPIRE") else amount
        else:
            del kept[undone]
    sums = dict.fromkeys(TransactionKind, 0)
    rows = session.scalars(select(AccountTransaction).where(AccountTransaction.account_id == key)).all()
    reversed_ = {row.reverses_id for row in rows}
    for row in rows:
        if row.id not in reversed_ and row.kind is not TransactionKind.REVERSE:
            sums[row.kind] += row.amount
    balance = balance_now(session, key)
    assert (
        balance
        == sums[TransactionKind.CREDIT]
        - sums[TransactionKind.CONSUME]
        - sums[TransactionKind.EXPIRE]
        + sums[TransactionKind.ADJUST]
    )
    assert balance == sum(kept.values()) >= 0


@settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(st.integers(1, 31), min_size=1, max_size=4),
    amounts=st.lists(st.integers(10_000, 50_000), min_size=4, max_size=4),
)
def test_a_batch_comes_to_the_sum_of_its_lines_however_they_are_cut(
    session: Session, days: list[int], amounts: list[int]
) -> None:
    """Shares of a month are rounded half up, each within half a fen of the exact one."""
    where, w = money.place(session, start_effect="SAME_DAY"), make.writer(session)
    people = {}
    for day, amount in zip(days, amounts, strict=False):
        tier = money.tier(w, where.scheme, amount, code=f"X{day}-{amount}")
        way = money.way(w, tier.id, "DIBAO", category="DIBAO")
        elder = money.elder(w, where)
        values = {"tier_id": tier.id, "rule_id": way.id, "valid_from": date(2026, 5, day)}
        people[money.entitled(w, where, elder.id, **values).id] = (amount, 32 - day)
    batch = disbursing.calculate_batch(w, scheme_id=where.scheme, division_id=where.county, month=date(2026, 5, 1))
    lines = session.scalars(select(DisbursementLine).where(DisbursementLine.batch_id == batch.id)).all()
    assert batch.total == sum(line.amount for line in lines)
    for line in lines:
        amount, paid = people[line.entitlement_id]
        assert abs(line.amount * 31 - amount * paid) * 2 <= 31


def both(engine: Engine, act: Callable[[Session], Any]) -> list[str]:
    """What becomes of two writers who start at the same moment: the code of the refusal, or nothing."""
    start, told = threading.Barrier(2), []

    def run() -> None:
        with Session(engine) as session:
            start.wait()
            try:
                act(session)
                session.commit()
                told.append("")
            except EldercareError as error:
                told.append(error.code)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


@pytest.fixture
def where(engine: Engine) -> money.Place:
    """A committed scheme with somebody entitled, and 300 yuan on the account."""
    with Session(engine) as session:
        found, w = money.place(session), make.writer(session)
        elder = money.elder(w, found)
        money.entitled(w, found, elder.id)
        money.moved(w, money.account(w, found, elder.id).id, "CREDIT", 30_000)
        session.commit()
        return found


def test_two_cannot_spend_the_same_credit(engine: Engine, where: money.Place) -> None:
    assert both(engine, lambda session: money.moved(make.writer(session), 1, "CONSUME", 20_000)) == [
        "",
        "BALANCE_BELOW_ZERO",
    ]
    with Session(engine) as session:
        assert balance_now(session, 1) == 10_000


def test_two_cannot_spend_the_same_allocation(engine: Engine, where: money.Place) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        reward = money.scheme(w, kind="OPERATION_REWARD", amount_min=None, amount_max=None)
        w.correct(money.FundAllocation, where.allocation, {"scheme_id": None})
        values = {"scheme_id": reward.id, "facility_id": make.facility(w).id, "allocation_id": where.allocation}
        session.commit()
    values |= {"amount": 60_000, "decided_on": date(2026, 5, 1)}
    assert both(engine, lambda session: make.writer(session).create(Grant, values)) == ["", "ALLOCATION_EXCEEDED"]


def test_two_runs_of_a_month_at_once_make_one_batch_with_each_line_once(engine: Engine, where: money.Place) -> None:
    asked = {"scheme_id": where.scheme, "division_id": where.county, "month": date(2026, 5, 1)}
    assert both(engine, lambda session: disbursing.calculate_batch(make.writer(session), **asked)) == ["", ""]
    with Session(engine) as session:
        batch = session.scalars(select(DisbursementBatch)).one()
        lines = session.scalar(select(func.count(DisbursementLine.id)))
        assert (batch.total, batch.status, lines) == (30_000, BatchStatus.CALCULATED, 1)


def test_credit_expires_oldest_first_and_only_once(session: Session) -> None:
    where, w = money.place(session, credit_months=12), make.writer(session)
    values = {"person_id": money.elder(w, where).id, "scheme_id": where.scheme, "opened_on": date(2025, 1, 1)}
    key = w.create(money.ServiceAccount, values).id
    money.moved(w, key, "CREDIT", 10_000, happened_on=date(2025, 1, 5))
    money.moved(w, key, "CREDIT", 10_000, happened_on=date(2026, 1, 5))
    money.moved(w, key, "CONSUME", 4_000, happened_on=date(2026, 2, 1))
    gone = paying.expire_credit(w, account_id=key, on=date(2026, 5, 1))
    assert (gone.amount, balance_now(session, key)) == (6_000, 10_000)
    with make.refused("NOTHING_EXPIRES"):
        paying.expire_credit(w, account_id=key, on=date(2026, 5, 1))
    raised = paying.adjust_account(w, account_id=key, change=Amount(-10_000), on=date(2026, 5, 1), reason="moved")
    assert (raised.delta, balance_now(session, key)) == (-10_000, 0)
