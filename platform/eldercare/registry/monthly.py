"""What each entitlement of a scheme is due in a month, with its reasons in both languages, a stretch of people at a time."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from eldercare.registry import rules
from eldercare.registry.disbursement import DisbursementBatch
from eldercare.registry.division import within
from eldercare.registry.eligibility import improved, left_area, left_group, lived_in
from eldercare.registry.entitlement import Entitlement
from eldercare.registry.granting import paid_from
from eldercare.registry.membership import GroupCategory, GroupMembership, SupportMode
from eldercare.registry.money import yuan
from eldercare.registry.people_rules import months_after
from eldercare.registry.person import Person
from eldercare.registry.scheme import EligibilityRule, StartEffect, StopEffect, StopEvent, SubsidyScheme, SubsidyTier
from eldercare.registry.stay import Stay

EVENTS = (
    StopEvent.DEATH,
    StopEvent.MOVED_OUT,
    StopEvent.CENTRALISED_SUPPORT,
    StopEvent.IN_INSTITUTION,
    StopEvent.NO_LONGER_ELIGIBLE,
    StopEvent.SCHEME_ENDED,
)
"""Events that the records tell; of two on one day the first counts. Imprisonment and renouncing are told by a command."""


class Stop(NamedTuple):
    """An event that ends an entitlement, with the day and until when is paid."""

    event: StopEvent
    on: date
    effect: StopEffect | None
    until: date


@dataclass(frozen=True)
class Found:
    """An entitlement in a month, as the records tell of it; `events` are days by event, empty where there was none."""

    entitlement: int
    person: int
    division: int
    monthly: int
    begins: date
    paid_to: date | None
    ended: Stop | None
    start: StartEffect
    tier: str
    rule: str
    rule_zh: str
    events: dict[StopEvent, date | None]


@dataclass(frozen=True)
class Due:
    """What is due for an entitlement in a month: the days paid, the amount, and why."""

    days: int
    amount: int
    explanation: str
    explanation_zh: str


def found_in(session: Session, batch: DisbursementBatch, after: int, limit: int) -> list[Found]:
    """The next entitlements, by key, that a batch has to look at."""
    held, person, scheme, tier, way = (
        aliased(Entitlement),
        aliased(Person),
        aliased(SubsidyScheme),
        aliased(SubsidyTier),
        aliased(EligibilityRule),
    )
    first = case((held.valid_from > batch.month, held.valid_from), else_=literal(batch.month, Date))
    home = lived_in(held.person_id, first)
    query = (
        select(held, person.deceased_on, home.label("division"), scheme.start_effect, scheme.valid_to.label("closes"))
        .add_columns(tier.code, tier.valid_to.label("tier_closes"), way.name, way.name_zh)
        .add_columns(*_days(held, person, scheme, way, batch.month_to))
        .join(person, person.id == held.person_id)
        .join(scheme, scheme.id == held.scheme_id)
        .join(tier, tier.id == held.tier_id)
        .join(way, way.id == held.rule_id)
        .where(held.scheme_id == batch.scheme_id, held.id > after, held.valid_from < batch.month_to)
        .where(or_(held.paid_to.is_(None), held.paid_to > batch.month))
        .where(within(home, batch.division_id))
        .order_by(held.id)
        .limit(limit)
    )
    return [_found(row) for row in session.execute(query)]


def count_in(session: Session, batch: DisbursementBatch) -> int:
    """About how many entitlements a batch has to look at: those of the scheme in the month."""
    query = select(func.count(Entitlement.id)).where(
        Entitlement.scheme_id == batch.scheme_id,
        Entitlement.valid_from < batch.month_to,
        or_(Entitlement.paid_to.is_(None), Entitlement.paid_to > batch.month),
    )
    return session.scalar(query) or 0


def due(found: Found, stop: Stop | None, month: date) -> Due:
    """What is due: the monthly amount, or its share by days, rounded half up to the fen."""
    length = monthrange(month.year, month.month)[1]
    start = paid_from(found.start, found.begins)
    until = stop.until if stop is not None else found.paid_to
    month_to = months_after(month, 1)
    days = max(0, (min(month_to, until or month_to) - max(month, start)).days)
    amount = found.monthly if days == length else (found.monthly * days * 2 + length) // (length * 2)
    return Due(
        days, amount, _en(found, stop, month, (days, length, amount)), _zh(found, stop, month, (days, length, amount))
    )


def _en(found: Found, stop: Stop | None, month: date, paid: tuple[int, int, int]) -> str:
    days, length, amount = paid
    text = f"{found.rule}, tier {found.tier}: {yuan(found.monthly)} yuan a month since {found.begins}."
    if days == length:
        text += f" The whole of {month:%Y-%m} is paid: {yuan(amount)}."
    elif days:
        text += f" {days} of {length} days of {month:%Y-%m} are paid: {yuan(found.monthly)} x {days} / {length} = {yuan(amount)}."
    else:
        text += f" Nothing is paid for {month:%Y-%m}."
    if stop is not None:
        effect = "" if stop.effect is None else f", and by the scheme's rule {stop.effect.en}"
        text += f" It ended on {stop.on}: {stop.event.en}{effect}; payment stops on {stop.until}."
    return text


def _zh(found: Found, stop: Stop | None, month: date, paid: tuple[int, int, int]) -> str:
    days, length, amount = paid
    text = f"{found.rule_zh},{found.tier}档:自{found.begins}起每月{yuan(found.monthly)}元。"
    if days == length:
        text += f"{month:%Y-%m}全月发放{yuan(amount)}元。"
    elif days:
        text += f"{month:%Y-%m}发放{days}/{length}天:{yuan(found.monthly)}×{days}÷{length}={yuan(amount)}元。"
    else:
        text += f"{month:%Y-%m}不发放。"
    if stop is not None:
        effect = "" if stop.effect is None else f",按政策{stop.effect.zh}"
        text += f"{stop.on}因{stop.event.zh}终止{effect},自{stop.until}起停发。"
    return text


def _found(row: Any) -> Found:
    held = row[0]
    days: Sequence[date | None] = (row.moved, row.central, row.placed, _first(row.lost, row.better))
    told = dict(zip(EVENTS[1:5], days, strict=True))
    events = {StopEvent.DEATH: row.deceased_on, **told, StopEvent.SCHEME_ENDED: _first(row.closes, row.tier_closes)}
    ended = None
    if held.valid_to is not None and held.end_event is not None:
        ended = Stop(held.end_event, held.valid_to, None, held.paid_to or held.valid_to)
    return Found(
        entitlement=held.id,
        person=held.person_id,
        division=row.division,
        monthly=held.monthly_amount,
        begins=held.valid_from,
        paid_to=held.paid_to,
        ended=ended,
        start=row.start_effect,
        tier=row.code,
        rule=row.name,
        rule_zh=row.name_zh,
        events=events,
    )


def _first(*days: date | None) -> date | None:
    return min((day for day in days if day is not None), default=None)


def _days(held: Any, person: Any, scheme: Any, way: Any, month_to: date) -> list[ColumnElement[Any]]:
    """The first day of each event of an entitlement before the end of the month."""
    member, stay = aliased(GroupMembership), aliased(Stay)
    central = select(func.min(_later(member.valid_from, held))).where(
        member.person_id == held.person_id,
        member.category == GroupCategory.EXTREMELY_POOR,
        member.support_mode == SupportMode.CENTRALISED,
        member.status.in_(rules.EFFECTIVE),
        member.valid_from < month_to,
        or_(member.valid_to.is_(None), member.valid_to > held.valid_from),
    )
    placed = select(func.min(_later(stay.admitted_on, held))).where(
        stay.person_id == held.person_id,
        stay.admitted_on < month_to,
        or_(stay.discharged_on.is_(None), stay.discharged_on > held.valid_from),
    )
    found = [
        left_area(held, scheme).first(month_to).label("moved"),
        central.correlate_except(member).scalar_subquery().label("central"),
        placed.correlate_except(stay).scalar_subquery().label("placed"),
        left_group(held, person, way).first(month_to).label("lost"),
        improved(held, person, way).first(month_to).label("better"),
    ]
    return list(found)


def _later(day: Any, held: Any) -> ColumnElement[Any]:
    return case((day > held.valid_from, day), else_=held.valid_from)
