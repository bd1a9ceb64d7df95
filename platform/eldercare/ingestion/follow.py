"""What a row says that only an officer may make true: it is reported as a change, to be verified in the village."""

from datetime import date
from typing import Any

from sqlalchemy import literal, or_, select

from eldercare.ingestion.match import view_of
from eldercare.ingestion.person_row import PersonRow
from eldercare.registry import rules
from eldercare.registry.change import Writer
from eldercare.registry.change_report import ChangeReport, ReportChannel, ReportKind
from eldercare.registry.division import Division, within
from eldercare.registry.draft import Notice
from eldercare.registry.import_batch import ImportBatch
from eldercare.registry.membership import GroupCategory, GroupMembership, MembershipStatus
from eldercare.registry.moving import live
from eldercare.registry.person import LivingArrangement, Person, Residence
from eldercare.registry.query import visible
from eldercare.registry.reporting import report_change

DECEASED = Notice("DECEASED", "The death of this person is recorded; the system still lists them.")


def follow(
    writer: Writer, batch: ImportBatch, row: PersonRow, person: Person, division_id: int | None, *, new: bool = False
) -> tuple[list[str], int]:
    """Record where and how the person lives if nothing is known of it, else report the difference; report groups.

    Gives the fields that were filled, and how many reports were raised. Of the dead nothing is recorded or reported any more; of somebody `new` the residence is recorded already.
    """
    if person.deceased_on is not None:
        writer.warnings.append(DECEASED)
        return [], 0
    filled, reports = [], 0
    for step in (_living,) if new else (_residence, _living):
        field, raised = step(writer, batch, row, person, division_id)
        filled += [field] if field else []
        reports += raised
    return filled, reports + _groups(writer, batch, row, person, division_id)


def _residence(
    writer: Writer, batch: ImportBatch, row: PersonRow, person: Person, division_id: int | None
) -> tuple[str, int]:
    if division_id is None:
        return "", 0
    present = _open(writer, Residence, person.id, Residence.base == row.base)
    if present is None:
        place = {"person_id": person.id, "division_id": division_id, "base": row.base, "address": row.address}
        writer.create(Residence, {**place, "valid_from": row.since or writer.today})
        return "division", 0
    if _inside(writer, present.division_id, division_id):
        if row.address is not None and present.address is None:
            writer.correct(Residence, present.id, {"address": row.address})
            return "address", 0
        return "", 0
    moved = {"to_division_id": division_id, "base": row.base}
    return "", _report(writer, batch, person, division_id, ReportKind.MOVE_IN, row.since, **moved)


def _living(
    writer: Writer, batch: ImportBatch, row: PersonRow, person: Person, division_id: int | None
) -> tuple[str, int]:
    if row.living is None:
        return "", 0
    present = _open(writer, LivingArrangement, person.id)
    if present is None:
        live(writer, person_id=person.id, on=row.since or writer.today, living=row.living)
        return "living", 0
    if present.kind is row.living:
        return "", 0
    return "", _report(writer, batch, person, division_id, ReportKind.LIVING_CHANGE, None, living=row.living)


def _groups(writer: Writer, batch: ImportBatch, row: PersonRow, person: Person, division_id: int | None) -> int:
    """Groups that are computed from other records are left out: they follow from those."""
    wanted = [each for each in row.categories if each not in rules.DERIVED_CATEGORIES]
    kind, since = ReportKind.CATEGORY_CHANGE, row.categories_since
    return sum(
        _report(writer, batch, person, division_id, kind, since, category=each)
        for each in wanted
        if not _belongs(writer, person.id, each)
    )


def _report(
    writer: Writer,
    batch: ImportBatch,
    person: Person,
    division_id: int | None,
    kind: ReportKind,
    since: date | None,
    **said: Any,
) -> int:
    """Report a change once: what an import has reported before, whatever became of it, is not reported again."""
    same = [getattr(ChangeReport, name) == value for name, value in said.items()]
    query = select(ChangeReport.id).where(
        ChangeReport.person_id == person.id,
        ChangeReport.kind == kind,
        ChangeReport.channel == ReportChannel.IMPORT,
        *same,
        *visible(ChangeReport, view_of(writer)),
    )
    if writer.session.scalar(query.limit(1)) is not None:
        return 0
    about = {"person_id": person.id, "division_id": division_id or batch.division_id, "reporter": batch.system}
    evidence = f"{batch.system}: {batch.document}"
    on = max(since or writer.today, person.birth_date)
    report_change(writer, kind=kind, on=on, channel=ReportChannel.IMPORT, evidence=evidence, **about, **said)
    return 1


def _belongs(writer: Writer, person_id: int, category: GroupCategory) -> bool:
    """Whether the person belongs to the group, or is proposed for it, as far as the writer may know."""
    query = select(GroupMembership.id).where(
        GroupMembership.person_id == person_id,
        GroupMembership.category == category,
        GroupMembership.status != MembershipStatus.REJECTED,
        or_(GroupMembership.valid_to.is_(None), GroupMembership.valid_to > writer.today),
        *visible(GroupMembership, view_of(writer)),
    )
    return writer.session.scalar(query.limit(1)) is not None


def _open(writer: Writer, noun: Any, person_id: int, *also: Any) -> Any:
    query = select(noun).where(noun.person_id == person_id, noun.valid_to.is_(None), *also)
    return writer.session.scalars(query).one_or_none()


def _inside(writer: Writer, place: int, territory: int) -> bool:
    """Whether a division is a territory or lies in it: then the row says no more than is known."""
    if place == territory:
        return True
    found = select(Division.id).where(Division.id == place, within(Division.id, literal(territory)))
    return writer.session.scalar(found) is not None
