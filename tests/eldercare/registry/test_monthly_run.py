"""The monthly run: what each person is due and why, who is stopped and when, approvals, payment, and what comes after."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import factories as make
import subsidies as money
from eldercare.registry import (
    Change,
    DisbursementBatch,
    DisbursementLine,
    Entitlement,
    FundIssue,
    Person,
    disbursing,
    granting,
    paying,
    placement,
)
from eldercare.registry.balance import balance_now
from eldercare.registry.change import Writer
from eldercare.registry.determination import change_support_mode
from eldercare.registry.disbursement import BatchStatus
from eldercare.registry.entitlement import AccountTransaction, ServiceAccount
from eldercare.registry.fund import FindingKind
from eldercare.registry.membership import SupportMode
from eldercare.registry.money import Amount
from eldercare.registry.scheme import StopEvent
from factories import refused
from subsidies import Place

MAY = date(2026, 5, 1)


def calculate(w: Writer, where: Place, month: date = MAY) -> DisbursementBatch:
    """The batch of a month, paid from the county's allocation."""
    asked: dict[str, Any] = {"scheme_id": where.scheme, "division_id": where.county, "month": month}
    return disbursing.calculate_batch(w, **asked, allocation_id=where.allocation)


def lines(session: Session, batch: DisbursementBatch) -> dict[int, DisbursementLine]:
    """The lines of a batch by person."""
    query = select(DisbursementLine).where(DisbursementLine.batch_id == batch.id)
    return {line.person_id: line for line in session.scalars(query.execution_options(populate_existing=True))}


def approved(session: Session, batch: DisbursementBatch, on: date = MAY) -> DisbursementBatch:
    """The batch paid, after the village, the town and the county."""
    steps = {"VILLAGE_PUBLICISED": "village", "TOWN_REVIEWED": "town", "COUNTY_APPROVED": "county", "PAID": "finance"}
    for step, author in steps.items():
        w = make.writer(session, author=author)
        batch = disbursing.advance_batch(w, batch_id=batch.id, status=BatchStatus[step], on=on)
    return batch


def test_a_month_is_computed_with_its_reasons_and_twice_changes_nothing(session: Session) -> None:
    where, w = money.place(session), make.writer(session)
    poor, old = money.elder(w, where), money.elder(w, where, poor=False, birth_date=date(1936, 5, 20))
    granting.grant_entitlement(w, person_id=poor.id, scheme_id=where.scheme, on=date(2026, 4, 10))
    held = granting.grant_entitlement(w, person_id=old.id, scheme_id=where.scheme, on=date(2026, 5, 20))
    assert (held.monthly_amount, held.tier_id) == (10_000, where.tiers["T100"])
    batch = calculate(w, where)
    assert (batch.total, batch.people, batch.status) == (40_000, 2, BatchStatus.CALCULATED)
    told = lines(session, batch)[poor.id]
    assert told.explanation == (
        "dibao, tier T300: 300.00 yuan a month since 2026-04-10. The whole of 2026-05 is paid: 300.00."
    )
    assert told.explanation_zh == "对象,T300档:自2026-04-10起每月300.00元。2026-05全月发放300.00元。"
    before = session.scalar(select(Change.number).order_by(Change.number.desc()).limit(1))
    again = calculate(w, where)
    assert (again.id, again.version, again.total) == (batch.id, batch.version, 40_000)
    assert session.scalar(select(Change.number).order_by(Change.number.desc()).limit(1)) == before


@pytest.mark.parametrize(
    ("effect", "paid", "next_month", "says"),
    [
        ("NEXT_MONTH", 30_000, False, "the month of the event is paid in full; payment stops on 2026-06-01"),
        ("SAME_MONTH", 0, False, "the month of the event is not paid; payment stops on 2026-05-01"),
        ("SAME_DAY", 8_710, False, "9 of 31 days of 2026-05 are paid: 300.00 x 9 / 31 = 87.10"),
    ],
)
def test_a_death_stops_payment_as_the_schemes_row_says(
    session: Session, effect: str, paid: int, next_month: bool, says: str
) -> None:
    where, w = money.place(session), make.writer(session)
    w.create(money.StopRule, {"scheme_id": where.scheme, "event": "DEATH", "effect": effect, "valid_from": money.SINCE})
    elder = money.elder(w, where)
    held = money.entitled(w, where, elder.id)
    placement.report_death(w, person_id=elder.id, on=date(2026, 5, 10))
    ended = w.find(Entitlement, held.id)
    assert (ended.valid_to, ended.end_event) == (date(2026, 5, 10), StopEvent.DEATH)
    found = lines(session, calculate(w, where))
    assert [line.amount for line in found.values()] == ([paid] if paid or effect != "SAME_MONTH" else [])
    if found:
        assert says.split("; ")[-1] in found[elder.id].explanation
    assert (elder.id in lines(session, calculate(w, where, date(2026, 6, 1)))) is next_month


def test_the_run_finds_moves_support_and_lost_groups_by_itself(session: Session) -> None:
    where, w = money.place(session), make.writer(session)
    moved, poor, lost, placed = (money.elder(w, where) for _ in range(4))
    for each in (moved, poor, lost, placed):
        money.entitled(w, where, each.id)
    away = session.scalars(select(make.Residence).where(make.Residence.person_id == moved.id)).one()
    w.end(make.Residence, away.id, date(2026, 4, 20))
    make.membership(w, poor.id, valid_from=date(2026, 5, 11), support_mode=SupportMode.CENTRALISED)
    member = session.scalars(select(make.GroupMembership).where(make.GroupMembership.person_id == lost.id)).one()
    w.end(make.GroupMembership, member.id, date(2026, 5, 31), also={"end_reason": "NO_LONGER_ELIGIBLE"})
    make.stay(w, placed.id, make.home(w), admitted_on=date(2026, 5, 2))
    found = lines(session, calculate(w, where))
    assert {key: line.amount for key, line in found.items()} == {
        moved.id: 0,
        poor.id: 9_677,
        lost.id: 30_000,
        placed.id: 0,
    }
    ends = {row.person_id: (row.end_event, row.valid_to, row.paid_to) for row in session.scalars(select(Entitlement))}
    assert ends == {
        moved.id: (StopEvent.MOVED_OUT, date(2026, 4, 20), date(2026, 5, 1)),
        poor.id: (StopEvent.CENTRALISED_SUPPORT, date(2026, 5, 11), date(2026, 5, 11)),
        lost.id: (StopEvent.NO_LONGER_ELIGIBLE, date(2026, 5, 31), date(2026, 6, 1)),
        placed.id: (StopEvent.IN_INSTITUTION, date(2026, 5, 2), date(2026, 5, 1)),
    }
    assert "自2026-06-01起停发" in found[lost.id].explanation_zh
    assert calculate(w, where, date(2026, 6, 1)).total == 0


def test_support_at_home_stops_and_starts_with_the_mode_on_the_same_day(session: Session) -> None:
    where, w = money.place(session, start_effect="SAME_DAY"), make.writer(session)
    rule = money.way(w, where.tiers["T300"], "SCATTERED", category="EXTREMELY_POOR", support_mode="SCATTERED")
    elder = money.elder(w, where, poor=False)
    member = make.membership(w, elder.id, support_mode=SupportMode.SCATTERED)
    money.entitled(w, where, elder.id, rule_id=rule.id)
    member = change_support_mode(w, membership_id=member.id, mode=SupportMode.CENTRALISED, on=date(2026, 5, 11))
    change_support_mode(w, membership_id=member.id, mode=SupportMode.SCATTERED, on=date(2026, 5, 21))
    held = session.scalars(select(Entitlement).order_by(Entitlement.id)).all()
    assert [(each.valid_from, each.valid_to) for each in held] == [
        (date(2026, 1, 1), date(2026, 5, 11)),
        (date(2026, 5, 21), None),
    ]
    found = session.scalars(select(DisbursementLine).where(DisbursementLine.batch_id == calculate(w, where).id))
    assert [(line.days, line.amount) for line in found] == [(10, 9_677), (11, 10_645)]


def test_a_batch_goes_through_two_people_and_credits_each_account_once(session: Session) -> None:
    where, w = money.place(session), make.writer(session)
    elder = money.elder(w, where)
    money.entitled(w, where, elder.id)
    batch = calculate(w, where)
    with refused("NOT_PUBLICISED"):
        disbursing.advance_batch(w, batch_id=batch.id, status=BatchStatus.TOWN_REVIEWED, on=MAY)
    for step in (BatchStatus.VILLAGE_PUBLICISED, BatchStatus.TOWN_REVIEWED):
        disbursing.advance_batch(w, batch_id=batch.id, status=step, on=MAY)
    with refused("SAME_APPROVER"):
        disbursing.advance_batch(w, batch_id=batch.id, status=BatchStatus.COUNTY_APPROVED, on=MAY)
    county = make.writer(session, author="county")
    disbursing.advance_batch(county, batch_id=batch.id, status=BatchStatus.COUNTY_APPROVED, on=MAY)
    disbursing.advance_batch(county, batch_id=batch.id, status=BatchStatus.PAID, on=MAY)
    account = session.scalars(select(ServiceAccount)).one()
    assert (account.person_id, balance_now(session, account.id)) == (elder.id, 30_000)
    with refused("TRANSITION"):
        disbursing.advance_batch(county, batch_id=batch.id, status=BatchStatus.PAID, on=MAY)
    assert calculate(w, where).status is BatchStatus.PAID
    short = disbursing.reconcile_batch(w, batch_id=batch.id, actual=Amount(29_000), on=MAY)
    assert short.status is BatchStatus.PAID
    assert [notice.code for notice in w.warnings] == ["DIFFERENCE_UNEXPLAINED"]
    key = lines(session, batch)[elder.id].id
    disbursing.record_difference(w, line_id=key, actual=Amount(29_000), on=MAY, reason="account closed")
    assert w.find(DisbursementBatch, batch.id).status is BatchStatus.RECONCILED


def test_a_batch_over_its_allocation_is_not_approved(session: Session) -> None:
    where, w = money.place(session), make.writer(session)
    for _ in range(4):
        money.entitled(w, where, money.elder(w, where).id)
    with refused("ALLOCATION_EXCEEDED"):
        approved(session, calculate(w, where))


def test_news_of_a_death_before_payment_sends_the_batch_back(session: Session) -> None:
    where, w = money.place(session), make.writer(session)
    elder = money.elder(w, where)
    money.entitled(w, where, elder.id)
    batch = calculate(w, where)
    for step, author in {"VILLAGE_PUBLICISED": "a", "TOWN_REVIEWED": "a", "COUNTY_APPROVED": "b"}.items():
        by = make.writer(session, author=author)
        disbursing.advance_batch(by, batch_id=batch.id, status=BatchStatus[step], on=MAY)
    placement.report_death(w, person_id=elder.id, on=date(2026, 4, 30))
    with refused("LINES_OUTDATED"):
        disbursing.advance_batch(w, batch_id=batch.id, status=BatchStatus.PAID, on=MAY)
    disbursing.advance_batch(w, batch_id=batch.id, status=BatchStatus.DRAFT, on=MAY, note="death on 30 April")
    assert (calculate(w, where).total, lines(session, batch)) == (0, {})


def test_what_was_paid_wrongly_is_taken_back_as_far_as_it_is_left(session: Session) -> None:
    where, w = money.place(session), make.writer(session)
    first, second = money.elder(w, where), money.elder(w, where)
    for each in (first, second):
        money.entitled(w, where, each.id)
    batch = approved(session, calculate(w, where))
    accounts = {each.person_id: each.id for each in session.scalars(select(ServiceAccount))}
    money.moved(w, accounts[second.id], "CONSUME", 12_000, happened_on=MAY)
    told = lines(session, batch)
    kind, on = FindingKind.PAID_AFTER_DEATH, date(2026, 5, 20)
    whole = paying.take_back_line(w, line_id=told[first.id].id, kind=kind, on=on, reason="died in April")
    part = paying.take_back_line(w, line_id=told[second.id].id, kind=kind, on=on, reason="died in April")
    assert [(i.amount, i.recovered, i.status.value) for i in (whole, part)] == [
        (30_000, 30_000, "CORRECTED"),
        (30_000, 18_000, "CONFIRMED"),
    ]
    assert [balance_now(session, key) for key in accounts.values()] == [0, 0]
    assert w.find(DisbursementBatch, batch.id).total == 60_000
    assert session.scalars(select(FundIssue)).all() == [whole, part]
    kinds = session.scalars(select(AccountTransaction.kind).order_by(AccountTransaction.id)).all()
    assert [kind.value for kind in kinds] == ["CREDIT", "CREDIT", "CONSUME", "REVERSE", "ADJUST"]
    assert session.get(Person, first.id) is not None


def test_a_higher_tier_takes_over_without_paying_twice(session: Session) -> None:
    where, w = money.place(session), make.writer(session)
    elder = money.elder(w, where, poor=False, birth_date=date(1930, 1, 1))
    low = granting.grant_entitlement(w, person_id=elder.id, scheme_id=where.scheme, on=date(2026, 1, 1))
    make.membership(w, elder.id, category="DIBAO", valid_from=date(2026, 5, 10))
    high = granting.grant_entitlement(w, person_id=elder.id, scheme_id=where.scheme, on=date(2026, 5, 10))
    assert [w.find(Entitlement, each.id).monthly_amount for each in (low, high)] == [10_000, 30_000]
    assert [calculate(w, where, month).total for month in (date(2026, 4, 1), MAY)] == [10_000, 30_000]


def test_schemes_of_one_exclusive_group_are_not_granted_together(session: Session) -> None:
    where, w = money.place(session, exclusive_group="CARE"), make.writer(session)
    other = money.place(session, exclusive_group="CARE")
    elder = money.elder(w, where)
    w.create(money.SchemeDivision, {"scheme_id": other.scheme, "division_id": where.county, "valid_from": money.SINCE})
    granting.grant_entitlement(w, person_id=elder.id, scheme_id=where.scheme, on=MAY)
    with refused("EXCLUDED_BY_ANOTHER_SCHEME"):
        granting.grant_entitlement(w, person_id=elder.id, scheme_id=other.scheme, on=MAY)


def test_a_death_known_late_ends_the_right_and_leaves_what_was_paid(session: Session) -> None:
    where, w = money.place(session), make.writer(session)
    elder = money.elder(w, where)
    held = granting.grant_entitlement(w, person_id=elder.id, scheme_id=where.scheme, on=date(2026, 5, 3))
    batch = approved(session, calculate(w, where))
    placement.report_death(w, person_id=elder.id, on=date(2026, 3, 31))
    ended = w.find(Entitlement, held.id)
    assert (ended.valid_to, ended.paid_to, ended.end_event) == (date(2026, 5, 4), date(2026, 4, 1), StopEvent.DEATH)
    assert lines(session, batch)[elder.id].amount == 30_000
    assert calculate(w, where, date(2026, 6, 1)).total == 0
