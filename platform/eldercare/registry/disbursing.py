"""Commands about batches: calculate a month, take it through its approvals, pay it, and compare it with the payments."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from eldercare.kit.errors import Conflict
from eldercare.registry.change import Writer
from eldercare.registry.disbursement import (
    BatchApproval,
    BatchStatus,
    DisbursementBatch,
    DisbursementLine,
    Reconciliation,
    ReconciliationDifference,
)
from eldercare.registry.draft import Notice, refuse
from eldercare.registry.entitlement import AccountTransaction, Entitlement, ServiceAccount, TransactionKind
from eldercare.registry.granting import effect_of, end_on, paid_to
from eldercare.registry.money import Amount, yuan
from eldercare.registry.monthly import EVENTS, Due, Found, Stop, due, found_in
from eldercare.registry.person import Person
from eldercare.registry.rules import rule
from eldercare.registry.scheme import SchemeKind, SubsidyScheme

STRETCH = 500
"""Entitlements that are looked at together: a long run holds no more of them in memory."""

STEPS = {
    BatchStatus[state]: [BatchStatus[each] for each in after] for state, after in rule("batch_transitions").items()
}
OPEN = (BatchStatus.DRAFT, BatchStatus.CALCULATED)
REVIEWS = (BatchStatus.VILLAGE_PUBLICISED, BatchStatus.TOWN_REVIEWED, BatchStatus.DRAFT)


def calculate_batch(
    writer: Writer, *, scheme_id: int, division_id: int, month: date, allocation_id: int | None = None
) -> DisbursementBatch:
    """Compute what a scheme pays in a division for a month; again, it changes nothing unless the records have changed.

    A batch that is under review or further is left as it is.
    """
    batch = open_batch(writer, scheme_id=scheme_id, division_id=division_id, month=month, allocation_id=allocation_id)
    for _ in stretches(writer, batch.id):
        pass
    return writer.find(DisbursementBatch, batch.id)


def open_batch(
    writer: Writer, *, scheme_id: int, division_id: int, month: date, allocation_id: int | None = None
) -> DisbursementBatch:
    """The batch of a scheme, a division and a month, made when there is none; two who ask at once get the same one."""
    if month.day != 1:
        refuse("NOT_A_MONTH", "A month is named by its first day.", f"Send {month.replace(day=1)}.", "month")
    named = select(DisbursementBatch).filter_by(scheme_id=scheme_id, division_id=division_id, month=month)
    found = writer.session.scalar(named)
    if found is None:
        values = {"scheme_id": scheme_id, "division_id": division_id, "month": month}
        try:
            return writer.create(DisbursementBatch, {**values, "allocation_id": allocation_id})
        except Conflict:
            found = writer.session.scalars(named.execution_options(populate_existing=True)).one()
    if allocation_id is not None and found.status in OPEN and found.allocation_id != allocation_id:
        return writer.correct(DisbursementBatch, found.id, {"allocation_id": allocation_id})
    return found


def stretches(writer: Writer, batch_id: int) -> Iterator[int]:
    """Compute a batch a stretch at a time and tell after each how many entitlements were looked at in all.

    Whoever runs it may commit after each: what is done is not done again, and two at once take turns.
    """
    after = seen = 0
    while True:
        batch = writer.locked(DisbursementBatch, batch_id)
        if batch.status not in OPEN:
            return
        found = found_in(writer.session, batch, after, STRETCH)
        if not found:
            break
        _write(writer, batch, found)
        after, seen = found[-1].entitlement, seen + len(found)
        yield seen
    _forget(writer, batch)
    _sum_up(writer, batch)


def advance_batch(
    writer: Writer,
    *,
    batch_id: int,
    status: BatchStatus,
    on: date,
    note: str | None = None,
    expected_version: int | None = None,
) -> DisbursementBatch:
    """Take a batch a step further: shown in the village, reviewed by the town, approved by the county, paid, closed.

    DRAFT sends it back to be calculated again. Review and approval are two different people's.
    """
    batch = writer.locked(DisbursementBatch, batch_id)
    writer.expect(batch, expected_version)
    if status in (BatchStatus.CALCULATED, BatchStatus.RECONCILED):
        refuse(
            "USE_THE_COMMAND", "This step has a command of its own.", "Use calculateBatch or reconcileBatch.", "status"
        )
    _may_follow(batch.status, status)
    scheme = writer.find(SubsidyScheme, batch.scheme_id)
    if scheme.publicised and (batch.status, status) == (BatchStatus.CALCULATED, BatchStatus.TOWN_REVIEWED):
        refuse("NOT_PUBLICISED", "The scheme wants the list shown in the village first.", "Show it first.", "status")
    _approve(writer, batch_id, status, on, note)
    if status is BatchStatus.PAID:
        _outdated(writer.session, batch_id)
        writer.correct(DisbursementBatch, batch_id, {"status": status, "paid_on": on})
        if scheme.kind is SchemeKind.SERVICE_RECHARGE:
            _credit(writer, batch, on)
        return writer.find(DisbursementBatch, batch_id)
    return writer.correct(DisbursementBatch, batch_id, {"status": status})


def review_batch(
    writer: Writer,
    *,
    batch_id: int,
    status: BatchStatus,
    on: date,
    note: str | None = None,
    expected_version: int | None = None,
) -> DisbursementBatch:
    """What a town does with a batch: show it in the village, review it, or send it back; the rest is the county's."""
    if status not in REVIEWS:
        named = ", ".join(each.value for each in REVIEWS)
        refuse("NOT_A_REVIEW", "This step is the county's.", f"A review brings it to {named}.", "status")
    return advance_batch(writer, batch_id=batch_id, status=status, on=on, note=note, expected_version=expected_version)


def reconcile_batch(
    writer: Writer, *, batch_id: int, actual: Amount, on: date, note: str | None = None
) -> DisbursementBatch:
    """Compare a paid batch with what the paying body says it paid; a difference is explained line by line."""
    batch = writer.locked(DisbursementBatch, batch_id)
    _may_follow(batch.status, BatchStatus.RECONCILED)
    values = {"expected": batch.total, "actual": actual, "difference": actual - batch.total, "compared_on": on}
    found = writer.session.scalar(select(Reconciliation).where(Reconciliation.batch_id == batch_id))
    if found is None:
        writer.create(Reconciliation, {"batch_id": batch_id, "note": note, **values})
    else:
        writer.correct(Reconciliation, found.id, {"note": note or found.note, **values})
    return _reconciled(writer, batch_id, on)


def record_difference(
    writer: Writer, *, line_id: int, actual: Amount, on: date, reason: str
) -> ReconciliationDifference:
    """Say of a line what was really paid; once the lines explain the whole difference the batch is reconciled."""
    line = writer.find(DisbursementLine, line_id)
    writer.locked(DisbursementBatch, line.batch_id)
    found = writer.session.scalar(select(Reconciliation).where(Reconciliation.batch_id == line.batch_id))
    if found is None:
        refuse("NOT_COMPARED", "The batch was not compared with the payments.", "Use reconcileBatch first.", "line_id")
    values = {"reconciliation_id": found.id, "line_id": line_id, "expected": line.amount, "actual": actual}
    made = writer.create(ReconciliationDifference, {**values, "reason": reason})
    _reconciled(writer, line.batch_id, on)
    return made


def _may_follow(now: BatchStatus, then: BatchStatus) -> None:
    if then not in STEPS[now]:
        refuse(
            "TRANSITION",
            f"A batch that is {now.en} ({now.zh}) cannot become {then.en} ({then.zh}).",
            f"It can become {', '.join(STEPS[now]) or 'nothing else'}.",
            "status",
        )


def _approve(writer: Writer, batch_id: int, step: BatchStatus, on: date, note: str | None) -> None:
    values = {"batch_id": batch_id, "step": step, "decided_on": on, "note": note}
    writer.create(BatchApproval, {**values, "approver": writer.author})


def _write(writer: Writer, batch: DisbursementBatch, found: list[Found]) -> None:
    """Write the lines of a stretch: new ones at once, changed ones corrected, and the ends that were found."""
    keys = [each.entitlement for each in found]
    query = select(DisbursementLine).where(DisbursementLine.entitlement_id.in_(keys))
    lines = {line.entitlement_id: line for line in writer.session.scalars(query.filter_by(month=batch.month))}
    fresh = []
    for each in found:
        line = lines.get(each.entitlement)
        if line is not None and line.batch_id != batch.id:
            continue
        stop = _stop(writer, batch, each)
        if stop is not None and stop.effect is not None and _gone(writer, each, stop) and line is None:
            continue
        values = _values(batch, each, due(each, stop, batch.month))
        if line is None:
            fresh.append(values)
        else:
            writer.correct(DisbursementLine, line.id, values, reason="calculated again")
    if fresh:
        writer.load(DisbursementLine, fresh)
        writer.verify()


def _gone(writer: Writer, found: Found, stop: Stop) -> bool:
    """End the entitlement as the records tell; whether it never began."""
    return end_on(writer, found.entitlement, stop.event, stop.on, stop.until) is None


def _stop(writer: Writer, batch: DisbursementBatch, found: Found) -> Stop | None:
    """The first event that ends the entitlement, if one does before the month is over; one recorded before stands."""
    told = sorted((day, EVENTS.index(event), event) for event, day in found.events.items() if day is not None)
    for day, _, event in told:
        effect = effect_of(writer, batch.scheme_id, event, day)
        if day < batch.month_to and effect is not None:
            if found.ended is not None and found.ended.on <= day:
                return found.ended
            return Stop(event, day, effect, paid_to(effect, day))
    return found.ended


def _values(batch: DisbursementBatch, found: Found, result: Due) -> dict[str, Any]:
    return {
        "batch_id": batch.id,
        "entitlement_id": found.entitlement,
        "person_id": found.person,
        "division_id": found.division,
        "month": batch.month,
        "days": result.days,
        "amount": result.amount,
        "explanation": result.explanation,
        "explanation_zh": result.explanation_zh,
    }


def _forget(writer: Writer, batch: DisbursementBatch) -> None:
    """Take back lines of entitlements that meanwhile are not paid in this month at all."""
    held = aliased(Entitlement)
    over = exists(select(held.id).where(held.id == DisbursementLine.entitlement_id, held.paid_to <= batch.month))
    query = select(DisbursementLine.id).where(DisbursementLine.batch_id == batch.id, DisbursementLine.amount > 0, over)
    for key in writer.session.scalars(query).all():
        writer.annul(DisbursementLine, key, reason="no longer due in this month")


def _sum_up(writer: Writer, batch: DisbursementBatch) -> None:
    paid = case((DisbursementLine.amount > 0, DisbursementLine.person_id))
    sums = select(func.count(paid.distinct()), func.coalesce(func.sum(DisbursementLine.amount), 0))
    people, total = writer.session.execute(sums.where(DisbursementLine.batch_id == batch.id)).one()
    values = {"people": people, "total": int(total), "status": BatchStatus.CALCULATED}
    if any(getattr(batch, name) != value for name, value in values.items()):
        writer.correct(DisbursementBatch, batch.id, {**values, "calculated_on": writer.today})


def _outdated(session: Session, batch_id: int) -> None:
    """Nobody is credited for a month after the death: a batch older than the news of it is calculated again."""
    dead = and_(Person.id == DisbursementLine.person_id, Person.deceased_on < DisbursementLine.month)
    query = select(func.count()).select_from(DisbursementLine).where(DisbursementLine.batch_id == batch_id)
    late = session.scalar(query.where(DisbursementLine.amount > 0, exists(select(Person.id).where(dead))))
    if late:
        refuse(
            "LINES_OUTDATED",
            f"{late} people of this batch died before the month; it was calculated before that was known.",
            "Send it back (status DRAFT) and calculate it again.",
            "batch_id",
        )


def _credit(writer: Writer, batch: DisbursementBatch, on: date) -> None:
    """Credit every line to the person's account, which is opened where there is none."""
    after = 0
    while True:
        lines = list(writer.session.execute(_uncredited(batch.id, after)))
        if not lines:
            return
        missing = {row.person_id for row in lines if row.account is None}
        opened = {person: _open(writer, batch.scheme_id, person, on) for person in sorted(missing)}
        writer.load(
            AccountTransaction,
            [
                {
                    "account_id": row.account or opened[row.person_id],
                    "kind": TransactionKind.CREDIT,
                    "amount": row.amount,
                    "month": batch.month,
                    "happened_on": on,
                    "line_id": row.id,
                }
                for row in lines
            ],
        )
        writer.verify()
        after = lines[-1].id


def _uncredited(batch_id: int, after: int) -> Select[Any]:
    account, scheme = aliased(ServiceAccount), aliased(DisbursementBatch)
    own = select(account.id).where(account.person_id == DisbursementLine.person_id, account.closed_on.is_(None))
    own = own.where(account.scheme_id == scheme.scheme_id).limit(1).correlate_except(account)
    return (
        select(
            DisbursementLine.id,
            DisbursementLine.person_id,
            DisbursementLine.amount,
            own.scalar_subquery().label("account"),
        )
        .join(scheme, scheme.id == DisbursementLine.batch_id)
        .where(DisbursementLine.batch_id == batch_id, DisbursementLine.id > after, DisbursementLine.amount > 0)
        .order_by(DisbursementLine.id)
        .limit(STRETCH)
    )


def _open(writer: Writer, scheme_id: int, person_id: int, on: date) -> int:
    """An account for a person; of somebody who died in the month that is still due it is opened on the last day of life."""
    died = writer.find(Person, person_id).deceased_on
    opened = on if died is None else min(on, died)
    values = {"person_id": person_id, "scheme_id": scheme_id, "opened_on": opened}
    return writer.create(ServiceAccount, values).id


def _reconciled(writer: Writer, batch_id: int, on: date) -> DisbursementBatch:
    found = writer.session.scalars(
        select(Reconciliation).where(Reconciliation.batch_id == batch_id).execution_options(populate_existing=True)
    ).one()
    told = func.coalesce(func.sum(ReconciliationDifference.actual - ReconciliationDifference.expected), 0)
    mine = ReconciliationDifference.reconciliation_id == found.id
    open_ = found.difference - int(writer.session.scalar(select(told).where(mine)) or 0)
    if open_:
        message = f"{yuan(open_)} yuan of the difference are not explained by lines yet."
        writer.warnings.append(Notice("DIFFERENCE_UNEXPLAINED", message, ("actual",)))
        return writer.find(DisbursementBatch, batch_id)
    _approve(writer, batch_id, BatchStatus.RECONCILED, on, None)
    return writer.correct(DisbursementBatch, batch_id, {"status": BatchStatus.RECONCILED})
