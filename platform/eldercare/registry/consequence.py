"""What follows from a change in a person's life: for each kind of report the commands that make it true."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import literal, select

from eldercare.registry import granting, placement, rules
from eldercare.registry.assessment import AbilityAssessment
from eldercare.registry.change import Writer
from eldercare.registry.change_report import ChangeReport, ReportKind
from eldercare.registry.draft import refuse
from eldercare.registry.group import latest_assessment
from eldercare.registry.membership import GroupMembership, MembershipStatus
from eldercare.registry.moving import live, move
from eldercare.registry.person import LivingKind, Person, Residence, ResidenceBase
from eldercare.registry.query import View
from eldercare.registry.value import ring

Stop = Callable[[Writer, int, date], object]
"""Ends what a person has from a day on."""

AT_DEPARTURE: tuple[Stop, ...] = (granting.at_departure,)
"""What a move to another place, or away, ends or changes besides the residence."""


def report_death(writer: Writer, *, person_id: int, on: date, expected_version: int | None = None) -> Person:
    """Record a death and everything that ends with it, each on the day its own rule says."""
    with writer.together():
        placement.report_death(writer, person_id=person_id, on=on, expected_version=expected_version)
    return writer.find(Person, person_id)


def move_person(
    writer: Writer,
    *,
    person_id: int,
    on: date,
    to_division_id: int | None = None,
    base: ResidenceBase = ResidenceBase.RESIDENT,
    address: str | None = None,
    living: LivingKind | None = None,
) -> Person:
    """Record a move and everything that hangs on the place."""
    whither: dict[str, Any] = {"to_division_id": to_division_id, "base": base, "address": address, "living": living}
    with writer.together():
        move(writer, person_id=person_id, on=on, **whither)
        for stop in AT_DEPARTURE:
            stop(writer, person_id, on)
    return writer.find(Person, person_id)


def carry_out(writer: Writer, report: ChangeReport) -> int:
    """Make true what a report says; gives the key of the person it is about."""
    with writer.together():
        return _CONSEQUENCES[report.kind](writer, report)


def _death(writer: Writer, report: ChangeReport) -> int:
    person = writer.locked(Person, _known(report))
    if person.deceased_on is not None:
        refuse("ALREADY_DECEASED", f"The death on {person.deceased_on} is recorded.", "Mark it a duplicate.", "id")
    return report_death(writer, person_id=person.id, on=report.happened_on).id


def _moved(writer: Writer, report: ChangeReport) -> int:
    values: dict[str, Any] = {"to_division_id": report.to_division_id, "base": report.base, "living": report.living}
    values["address"] = _open(writer, report, "address")
    return move_person(writer, person_id=_known(report), on=report.happened_on, **values).id


def _new_elder(writer: Writer, report: ChangeReport) -> int:
    """Record a person with where and how they live; one who is recorded already is no new elder."""
    if report.id_digest is not None:
        known = select(Person.id).where(Person.id_digest == report.id_digest, Person.merged_into_id.is_(None))
        if writer.session.scalar(known.limit(1)) is not None:
            refuse("PERSON_IS_KNOWN", "A person of this number is recorded already.", "Report a move instead.", "id")
    values = {name: getattr(report, name) for name in ("name", "sex", "birth_date", "id_type")}
    secrets = {name: _open(writer, report, name) for name in ("id_number", "phone", "emergency_contact")}
    person = writer.create(Person, {name: each for name, each in {**values, **secrets}.items() if each is not None})
    home = {"person_id": person.id, "base": report.base, "division_id": report.division_id}
    address = _open(writer, report, "address")
    writer.create(Residence, {**home, "valid_from": report.happened_on, "address": address})
    if report.living is not None:
        live(writer, person_id=person.id, on=report.happened_on, living=report.living)
    return person.id


def _living(writer: Writer, report: ChangeReport) -> int:
    assert report.living is not None
    return live(writer, person_id=_known(report), on=report.happened_on, living=report.living).person_id


def _ability(writer: Writer, report: ChangeReport) -> int:
    """The present assessment may be relied on only until somebody must have assessed the person again."""
    person_id, on = _known(report), report.happened_on
    until = on + timedelta(days=rules.rule("reassess_days"))
    key = writer.session.scalar(latest_assessment(person_id, View(literal(max(on, writer.today)))))
    if key is not None:
        made = writer.find(AbilityAssessment, key)
        if made.assessed_on <= on and (made.valid_to is None or made.valid_to > until):
            writer.correct(AbilityAssessment, key, {"valid_to": until}, reason="ability changed")
    return person_id


def _category(writer: Writer, report: ChangeReport) -> int:
    """Nobody comes into a group or leaves it by a report: it proposes a determination, or calls for a review."""
    held = _held(writer, report)
    if not report.no_longer:
        if held is not None:
            refuse("ALREADY_MEMBER", "The person belongs to the group, or is proposed for it.", "Reject it.", "id")
        values = {"status": MembershipStatus.PROPOSED, "evidence": report.evidence, "valid_from": report.happened_on}
        proposed = {**values, "person_id": _known(report), "category": report.category}
        return writer.create(GroupMembership, proposed).person_id
    if held is None:
        refuse("NOT_A_MEMBER", "The person does not belong to the group.", "Reject it.", "id")
    if held.status is MembershipStatus.EFFECTIVE:
        due = {"status": MembershipStatus.REVIEW_DUE, "next_review_on": max(report.happened_on, held.valid_from)}
        writer.correct(GroupMembership, held.id, due, reason="said to be no longer eligible")
    return held.person_id


def _held(writer: Writer, report: ChangeReport) -> GroupMembership | None:
    query = select(GroupMembership).where(
        GroupMembership.person_id == _known(report),
        GroupMembership.category == report.category,
        GroupMembership.status != MembershipStatus.REJECTED,
        GroupMembership.valid_to.is_(None),
    )
    return writer.session.scalars(query).one_or_none()


def _contact(writer: Writer, report: ChangeReport) -> int:
    person_id = _known(report)
    news = {name: _open(writer, report, name) for name in ("phone", "emergency_contact")}
    writer.correct(Person, person_id, {name: each for name, each in news.items() if each is not None})
    address = _open(writer, report, "address")
    if address is not None:
        here = (
            Residence.person_id == person_id,
            Residence.base == ResidenceBase.RESIDENT,
            Residence.valid_to.is_(None),
        )
        key = writer.session.scalar(select(Residence.id).where(*here))
        if key is None:
            refuse("NO_RESIDENCE", "It is not recorded where the person lives.", "Report a move instead.", "id")
        writer.correct(Residence, key, {"address": address})
    return person_id


def _known(report: ChangeReport) -> int:
    assert report.person_id is not None, "only reports of new elders have no person yet"
    return report.person_id


def _open(writer: Writer, report: ChangeReport, name: str) -> str | None:
    sealed = getattr(report, name)
    return None if sealed is None else ring(writer.keys).decrypt(f"change_report.{name}", sealed)


_CONSEQUENCES: dict[ReportKind, Callable[[Writer, ChangeReport], int]] = {
    ReportKind.DEATH: _death,
    ReportKind.MOVE_IN: _moved,
    ReportKind.MOVE_OUT: _moved,
    ReportKind.NEW_ELDER: _new_elder,
    ReportKind.LIVING_CHANGE: _living,
    ReportKind.ABILITY_CHANGE: _ability,
    ReportKind.CATEGORY_CHANGE: _category,
    ReportKind.CONTACT: _contact,
}
"""What makes each kind of report true."""
