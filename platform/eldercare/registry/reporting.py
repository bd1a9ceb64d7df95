"""Commands about change reports: report, verify, apply with all consequences or not at all, reject, mark a duplicate."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from eldercare.kit.clock import day_of
from eldercare.kit.errors import EldercareError
from eldercare.registry import consequence
from eldercare.registry.change import Writer
from eldercare.registry.change_report import ChangeReport, ReportChannel, ReportKind, ReportStatus
from eldercare.registry.changelog import Change, ChangeKind, changes_because
from eldercare.registry.draft import Notice, refuse
from eldercare.registry.rules import rule


def report_change(
    writer: Writer, *, kind: ReportKind, on: date, channel: ReportChannel = ReportChannel.VILLAGE, **values: Any
) -> ChangeReport:
    """Report that something changed; what was reported before is kept as a duplicate of the first report."""
    made = writer.create(ChangeReport, {**values, "kind": kind, "happened_on": on, "channel": channel})
    before = told_before(writer.session, made)
    if before is None:
        return made
    told = f"Report {before.id} of {before.reported_on} says the same; this one is kept as its duplicate."
    writer.warnings.append(Notice("TOLD_BEFORE", told))
    marked = {"status": ReportStatus.DUPLICATE, "duplicate_of_id": before.id}
    return writer.correct(ChangeReport, made.id, marked)


def verify_report(
    writer: Writer,
    *,
    report_id: int,
    on: date | None = None,
    decision: str | None = None,
    expected_version: int | None = None,
) -> ChangeReport:
    """Confirm that a report is true; a duplicate that turned out to be none is confirmed too."""
    more = {"duplicate_of_id": None, "verified_on": on or writer.today}
    return _decide(writer, report_id, ReportStatus.VERIFIED, on, decision, expected_version, **more)


def reject_report(
    writer: Writer, *, report_id: int, decision: str, on: date | None = None, expected_version: int | None = None
) -> ChangeReport:
    """Turn a report down: it is not true."""
    return _decide(writer, report_id, ReportStatus.REJECTED, on, decision, expected_version, duplicate_of_id=None)


def mark_duplicate(
    writer: Writer,
    *,
    report_id: int,
    duplicate_of_id: int,
    on: date | None = None,
    expected_version: int | None = None,
) -> ChangeReport:
    """Say that a report tells what another told before."""
    told, other = writer.locked(ChangeReport, report_id), writer.find(ChangeReport, duplicate_of_id)
    if other.id == told.id or other.kind is not told.kind or other.person_id != told.person_id:
        refuse(
            "NOT_A_DUPLICATE",
            "The other report is of another kind or about somebody else.",
            "Name the report that told it first.",
            "duplicate_of_id",
        )
    more = {"duplicate_of_id": duplicate_of_id}
    return _decide(writer, report_id, ReportStatus.DUPLICATE, on, None, expected_version, **more)


def apply_report(
    writer: Writer, *, report_id: int, on: date | None = None, expected_version: int | None = None
) -> ChangeReport:
    """Make a verified report true with all its consequences, which the log keeps under its id.

    When one consequence is refused nothing is done at all.
    """
    report = writer.locked(ChangeReport, report_id)
    _allowed(report, ReportStatus.APPLIED)
    with writer.together():
        with writer.because(report):
            person_id = consequence.carry_out(writer, report)
        more = {"person_id": person_id}
        return _decide(writer, report_id, ReportStatus.APPLIED, on, None, expected_version, **more)


TELLING: dict[ReportKind, tuple[str, ...]] = {
    ReportKind.MOVE_IN: ("to_division_id", "base"),
    ReportKind.MOVE_OUT: ("to_division_id", "base"),
    ReportKind.LIVING_CHANGE: ("living",),
    ReportKind.CATEGORY_CHANGE: ("category", "no_longer"),
    ReportKind.CONTACT: ("phone", "emergency_contact", "address"),
}
"""What two reports of a kind must have in common to tell the same; sealed values are equal when their texts are."""


SINCE = ("valid_to", "discharged_on", "settled_on", "deceased_on", "ended_at", "removed_on", "valid_from")
"""The columns that say from which day a change holds, the first that is there."""


class Step(NamedTuple):
    """One change of one record that applying a report makes: no record yet when it would be new."""

    kind: ChangeKind
    noun: str
    key: int | None
    on: date | None
    columns: tuple[str, ...]


class Outlook(NamedTuple):
    """What applying a report did, or would do now; `refusal` says why it could not be applied."""

    applied: bool
    steps: tuple[Step, ...]
    refusal: EldercareError | None = None


def told_before(session: Session, report: ChangeReport) -> ChangeReport | None:
    """The first report of the same kind about the same person that tells the same around the same day, if any."""
    days = timedelta(days=rule("duplicate_days")[report.kind.value])
    same = and_(
        ChangeReport.id < report.id,
        ChangeReport.kind == report.kind,
        ChangeReport.status.not_in((ReportStatus.REJECTED, ReportStatus.DUPLICATE)),
        ChangeReport.happened_on.between(*_around(report.happened_on, days)),
    )
    query = select(ChangeReport).where(same, *_same_person(report), *_same(report, TELLING.get(report.kind, ())))
    query = query.order_by(ChangeReport.id).limit(1)
    return session.scalars(query).one_or_none()


def outlook(writer: Writer, report_id: int) -> Outlook:
    """What applying a report did; before it is applied, what it would do now: that is tried, read and taken back."""
    report = writer.find(ChangeReport, report_id)
    if report.status is ReportStatus.APPLIED:
        return Outlook(True, _steps(writer, report, []))
    trial = writer.session.begin_nested()
    try:
        known = [each.number for each in changes_because(writer.session, report)]
        with writer.because(report):
            consequence.carry_out(writer, report)
        return Outlook(False, _steps(writer, report, known))
    except EldercareError as refusal:
        return Outlook(False, (), refusal)
    finally:
        trial.rollback()
        writer.session.expire_all()


def _steps(writer: Writer, report: ChangeReport, known: list[int]) -> tuple[Step, ...]:
    return tuple(_step(each, report) for each in changes_because(writer.session, report) if each.number not in known)


def _step(change: Change, report: ChangeReport) -> Step:
    after: dict[str, Any] = change.after or {}
    days = [after[name] for name in SINCE if name in after]
    new = change.kind is ChangeKind.CREATE and report.status is not ReportStatus.APPLIED
    on = next((_day(day) for day in days if day is not None), None)
    return Step(change.kind, change.noun, None if new else change.key, on, tuple(sorted(after)))


def _day(told: str) -> date:
    """The day of a date or an instant of the log."""
    return date.fromisoformat(told) if len(told) == 10 else day_of(datetime.fromisoformat(told))


def _around(day: date, days: timedelta) -> tuple[date, date]:
    reach = min(days, day - date.min, date.max - day)
    return day - reach, day + reach


def _same_person(report: ChangeReport) -> list[Any]:
    if report.person_id is not None:
        return [ChangeReport.person_id == report.person_id]
    if report.id_digest is not None:
        return [ChangeReport.id_digest == report.id_digest]
    return [ChangeReport.name == report.name, ChangeReport.birth_date == report.birth_date]


def _same(report: ChangeReport, names: tuple[str, ...]) -> list[Any]:
    return [getattr(ChangeReport, name).is_not_distinct_from(getattr(report, name)) for name in names]


def _decide(
    writer: Writer,
    report_id: int,
    status: ReportStatus,
    on: date | None,
    decision: str | None,
    expected_version: int | None,
    **more: Any,
) -> ChangeReport:
    report = writer.locked(ChangeReport, report_id)
    _allowed(report, status)
    values = {"status": status, "decided_on": on or writer.today, "decision": decision, **more}
    return writer.correct(ChangeReport, report_id, values, expected_version=expected_version)


def _allowed(report: ChangeReport, status: ReportStatus) -> None:
    following = rule("change_report_transitions")[report.status.value]
    if status not in following:
        refuse(
            "TRANSITION",
            f"A report that is {report.status.en} ({report.status.zh}) cannot become {status.en} ({status.zh}).",
            f"It can become {', '.join(following) or 'nothing else'}.",
            "report_id",
        )
