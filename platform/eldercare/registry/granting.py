"""Commands about entitlements: grant what the rules give, and stop what an event ends, on the day the scheme's rule says."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, literal, or_, select

from eldercare.registry.change import Writer
from eldercare.registry.disbursement import DisbursementLine
from eldercare.registry.draft import refuse
from eldercare.registry.eligibility import belongs, candidates
from eldercare.registry.entitlement import Entitlement
from eldercare.registry.membership import SupportMode
from eldercare.registry.people_rules import months_after
from eldercare.registry.person import Person
from eldercare.registry.query import View, visible
from eldercare.registry.rules import rule
from eldercare.registry.scheme import StackingRule, StartEffect, StopEffect, StopEvent, StopRule, SubsidyScheme

DEFAULTS = {StopEvent[event]: StopEffect[effect] for event, effect in rule("stop_defaults").items()}


def grant_entitlement(
    writer: Writer, *, person_id: int, scheme_id: int, on: date, reason: str | None = None
) -> Entitlement:
    """Entitle a person from a day on to the highest tier whose condition is met; a lower one held before ends that day."""
    writer.locked(Person, person_id)
    scheme = writer.find(SubsidyScheme, scheme_id)
    found = candidates(writer.session, scheme_id, person_id, View(literal(on)))
    if not found:
        refuse(
            "NOT_ELIGIBLE",
            f"The person meets no condition of this scheme on {on}, or does not belong to its area.",
            "Check memberships, assessment, age and residence on that day.",
            "person_id",
        )
    _excluded(writer, scheme, person_id, on)
    held = _held(writer, person_id, on, scheme_id)
    tiers = {each.tier_id for each in held}
    chosen = next((each for each in found if each[1] not in tiers), None)
    single = scheme.stacking is not StackingRule.CUMULATIVE
    if chosen is None or (single and held and chosen[2] <= max(each.monthly_amount for each in held)):
        refuse(
            "ENTITLED_ALREADY",
            "The person has what the scheme gives.",
            "Nothing needs to be done.",
            "person_id",
        )
    for lower in held if single else ():
        _end(writer, lower, StopEvent.NO_LONGER_ELIGIBLE, on, paid_from(scheme.start_effect, on))
    values = {"person_id": person_id, "scheme_id": scheme_id, "valid_from": on, "reason": reason}
    return writer.create(Entitlement, {**values, "rule_id": chosen[0], "tier_id": chosen[1]})


def stop_entitlement(
    writer: Writer, *, entitlement_id: int, event: StopEvent, on: date, expected_version: int | None = None
) -> Entitlement:
    """End an entitlement because of an event; until when is paid follows from the scheme's rule for it."""
    held = writer.locked(Entitlement, entitlement_id)
    writer.expect(held, expected_version)
    if on <= held.valid_from:
        refuse("ENDS_BEFORE_IT_BEGINS", "It would end before it begins.", "Annul it instead.", "on")
    effect = effect_of(writer, held.scheme_id, event, on) or StopEffect.SAME_DAY
    return _end(writer, held, event, on, paid_to(effect, on)) or held


def stop_entitlements(writer: Writer, *, person_id: int, event: StopEvent, on: date) -> list[Entitlement]:
    """End every entitlement of a person that an event ends by its scheme's rules; doing it again changes nothing.

    The right ends on the day of the event; `paid_to` says until when is paid. One that would begin later is annulled.
    """
    ended = []
    for held in _held(writer, person_id, on):
        effect = effect_of(writer, held.scheme_id, event, on)
        if effect is not None:
            ended.append(_end(writer, held, event, on, paid_to(effect, on)))
    return [each for each in ended if each is not None]


def at_death(writer: Writer, person_id: int, on: date) -> None:
    """What a death ends."""
    stop_entitlements(writer, person_id=person_id, event=StopEvent.DEATH, on=on)


def at_departure(writer: Writer, person_id: int, on: date) -> None:
    """What a move ends that is recorded already: the entitlements of schemes that do not hold in the new place."""
    for held in _held(writer, person_id, on):
        stays = select(belongs(SubsidyScheme, literal(person_id), View(literal(on))))
        if not writer.session.scalar(stays.select_from(SubsidyScheme).where(SubsidyScheme.id == held.scheme_id)):
            effect = effect_of(writer, held.scheme_id, StopEvent.MOVED_OUT, on) or StopEffect.NEXT_MONTH
            _end(writer, held, StopEvent.MOVED_OUT, on, paid_to(effect, on))


def at_admission(writer: Writer, person_id: int, on: date) -> None:
    """What the admission to an institution ends, where a scheme says so."""
    stop_entitlements(writer, person_id=person_id, event=StopEvent.IN_INSTITUTION, on=on)


def at_support_mode(writer: Writer, person_id: int, on: date, mode: SupportMode) -> None:
    """Centralised support ends what a scheme pays at home; scattered support gives it back, on the same day."""
    if mode is SupportMode.CENTRALISED:
        stop_entitlements(writer, person_id=person_id, event=StopEvent.CENTRALISED_SUPPORT, on=on)
        return
    ended = select(Entitlement.scheme_id).where(
        Entitlement.person_id == person_id, Entitlement.end_event == StopEvent.CENTRALISED_SUPPORT
    )
    for scheme_id in writer.session.scalars(ended.distinct().order_by(Entitlement.scheme_id)).all():
        again = candidates(writer.session, scheme_id, person_id, View(literal(on)))
        if again and not _held(writer, person_id, on, scheme_id):
            grant_entitlement(writer, person_id=person_id, scheme_id=scheme_id, on=on, reason="scattered support")


def effect_of(writer: Writer, scheme_id: int, event: StopEvent, on: date) -> StopEffect | None:
    """Until when a scheme pays after an event; None when the event does not end its entitlements."""
    query = select(StopRule.effect).where(
        StopRule.scheme_id == scheme_id, StopRule.event == event, *visible(StopRule, View(literal(on)))
    )
    return writer.session.scalar(query) or DEFAULTS.get(event)


def paid_to(effect: StopEffect, on: date) -> date:
    """The first day that is no longer paid after an event.

    >>> paid_to(StopEffect.NEXT_MONTH, date(2026, 5, 10)), paid_to(StopEffect.SAME_MONTH, date(2026, 5, 10))
    (datetime.date(2026, 6, 1), datetime.date(2026, 5, 1))
    """
    if effect is StopEffect.SAME_DAY:
        return on
    first = on.replace(day=1)
    return first if effect is StopEffect.SAME_MONTH else months_after(first, 1)


def paid_from(effect: StartEffect, on: date) -> date:
    """The first day that is paid of a right that begins on a day.

    >>> paid_from(StartEffect.FULL_MONTH, date(2026, 5, 10)), paid_from(StartEffect.NEXT_MONTH, date(2026, 5, 1))
    (datetime.date(2026, 5, 1), datetime.date(2026, 5, 1))
    """
    if effect is StartEffect.SAME_DAY or on.day == 1:
        return on
    first = on.replace(day=1)
    return first if effect is StartEffect.FULL_MONTH else months_after(first, 1)


def end_on(writer: Writer, entitlement_id: int, event: StopEvent, on: date, until: date) -> Entitlement | None:
    """End an entitlement on a day and pay it until another; one that would not have begun is annulled unless it was paid."""
    return _end(writer, writer.locked(Entitlement, entitlement_id), event, on, until)


def _end(writer: Writer, held: Entitlement, event: StopEvent, on: date, until: date) -> Entitlement | None:
    if on <= held.valid_from:
        paid = select(DisbursementLine.id).where(DisbursementLine.entitlement_id == held.id).limit(1)
        if writer.session.scalar(paid) is None:
            writer.annul(Entitlement, held.id, reason=f"{event.value} before it began")
            return None
        on, until = held.valid_from + timedelta(days=1), min(until, held.valid_from)
    values: dict[str, Any] = {"valid_to": on, "end_event": event, "paid_to": until}
    return writer.correct(Entitlement, held.id, values, reason=event.en)


def _held(writer: Writer, person_id: int, on: date, scheme_id: int | None = None) -> list[Entitlement]:
    query: Select[Entitlement] = select(Entitlement).where(
        Entitlement.person_id == person_id, or_(Entitlement.valid_to.is_(None), Entitlement.valid_to > on)
    )
    query = query if scheme_id is None else query.where(Entitlement.scheme_id == scheme_id)
    return list(writer.session.scalars(query.order_by(Entitlement.id).execution_options(populate_existing=True)))


def _excluded(writer: Writer, scheme: SubsidyScheme, person_id: int, on: date) -> None:
    """Within an exclusive group a person has one scheme; what another authority granted is only found by inspection."""
    if scheme.exclusive_group is None:
        return
    query = (
        select(SubsidyScheme.code)
        .join(Entitlement, Entitlement.scheme_id == SubsidyScheme.id)
        .where(Entitlement.person_id == person_id, or_(Entitlement.valid_to.is_(None), Entitlement.valid_to > on))
        .where(SubsidyScheme.exclusive_group == scheme.exclusive_group, SubsidyScheme.id != scheme.id)
    )
    other = writer.session.scalar(query.limit(1))
    if other is not None:
        refuse(
            "EXCLUDED_BY_ANOTHER_SCHEME",
            f"The person is entitled under {other}, which excludes this scheme.",
            "End that entitlement first.",
            "scheme_id",
        )
