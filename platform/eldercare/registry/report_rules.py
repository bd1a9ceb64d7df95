"""What is checked and completed before a change report is written: each kind says what it needs."""

from typing import Any

from eldercare.registry import rules
from eldercare.registry.change_report import ReportKind, ReportStatus
from eldercare.registry.draft import Draft, at, refuse
from eldercare.registry.identifier import citizen
from eldercare.registry.person import IdType, ResidenceBase, Sex
from eldercare.registry.value import Plain, ring

NEEDED: dict[ReportKind, tuple[str, ...]] = {
    ReportKind.LIVING_CHANGE: ("living",),
    ReportKind.CATEGORY_CHANGE: ("category",),
    ReportKind.NEW_ELDER: ("name", "division_id"),
}
"""What a report of a kind must say besides whom it is about."""

PARTICULARS: dict[ReportKind, tuple[str, ...]] = {
    ReportKind.DEATH: (),
    ReportKind.MOVE_IN: ("to_division_id", "base", "living", "address"),
    ReportKind.MOVE_OUT: ("to_division_id", "base", "living", "address"),
    ReportKind.NEW_ELDER: (
        *("name", "sex", "birth_date", "id_type", "id_number", "id_digest"),
        *("phone", "emergency_contact", "address", "living", "base"),
    ),
    ReportKind.LIVING_CHANGE: ("living",),
    ReportKind.ABILITY_CHANGE: (),
    ReportKind.CATEGORY_CHANGE: ("category", "no_longer"),
    ReportKind.CONTACT: ("phone", "emergency_contact", "address"),
}
"""What a report of a kind can say; anything else would be lost when it is applied."""

SETTLED = (ReportStatus.APPLIED, ReportStatus.REJECTED)
ALL = {name for names in PARTICULARS.values() for name in names}


def change_report(draft: Draft) -> None:
    """A report says what its kind needs and nothing else, and is not changed once it is settled."""
    _standing(draft)
    after, kind = draft.after, draft.after.get("kind")
    if kind is None:
        return
    draft.default("reported_on", draft.today)
    _about(after, kind)
    for name in NEEDED.get(kind, ()):
        if after.get(name) is None:
            refuse("REPORT_LACKS", f"A report of this kind ({kind.zh}) says {name}.", f"Send {name}.", name)
    for name in sorted(ALL - {*PARTICULARS[kind]}):
        if after.get(name):
            refuse("REPORT_SAYS_TOO_MUCH", f"A report of this kind ({kind.zh}) has no {name}.", "Leave it out.", name)
    if kind is ReportKind.CONTACT and not any(after.get(name) for name in PARTICULARS[kind]):
        refuse("REPORT_LACKS", "It says nothing new.", "Send phone, emergencyContact or address.", "phone")
    if after.get("category") in rules.DERIVED_CATEGORIES:
        refuse(
            "GROUP_IS_DERIVED",
            f"{after['category']} is computed from other records and never determined.",
            "Report the living arrangement or the ability that changed.",
            "category",
        )
    _moved(draft, kind)
    _number(draft)


def stays(report: Any) -> None:
    """An applied report is the reason of other changes and cannot be taken back."""
    if report.status is ReportStatus.APPLIED:
        refuse("REPORT_SETTLED", "An applied report stays.", "Report what is true in a new one.", "id")


def _standing(draft: Draft) -> None:
    """A settled report stays as it is; only the record of its person may change, when two become one."""
    before = draft.before
    if before is None or before["status"] not in SETTLED:
        return
    changed = {name for name, value in draft.after.items() if before.get(name) != value}
    if changed - {"person_id", "source_id"}:
        refuse(
            "REPORT_SETTLED", "This report is settled and stays as it is.", "Report what is true in a new one.", "id"
        )


def _about(after: dict[str, Any], kind: ReportKind) -> None:
    known = after.get("person_id") is not None
    if kind is ReportKind.NEW_ELDER:
        if known and after.get("status") is not ReportStatus.APPLIED:
            refuse("PERSON_IS_KNOWN", "Somebody recorded already is not new.", "Report what changed.", "person_id")
        if after.get("birth_date") is None and after.get("id_number") is None:
            refuse("REPORT_LACKS", "The birth of the person is not known.", "Send birthDate or idNumber.", "birth_date")
    elif not known:
        refuse("REPORT_LACKS", "It must say whom it is about.", "Send personId.", "person_id")


def _moved(draft: Draft, kind: ReportKind) -> None:
    if kind in (ReportKind.MOVE_IN, ReportKind.MOVE_OUT, ReportKind.NEW_ELDER):
        draft.default("base", ResidenceBase.RESIDENT)
    if kind is ReportKind.NEW_ELDER and draft.after.get("id_number") is None:
        draft.default("sex", Sex.UNKNOWN)
    if kind is ReportKind.MOVE_IN:
        draft.default("to_division_id", draft.after.get("division_id"))
        if draft.after.get("to_division_id") is None:
            refuse("REPORT_LACKS", "It must say where the person moved to.", "Send toDivisionId.", "to_division_id")


def _number(draft: Draft) -> None:
    """The number of a new elder is read and digested at once, so that the same person is found again without it."""
    after, number = draft.after, draft.after.get("id_number")
    if number is None:
        after["id_digest"] = None
        return
    if not isinstance(number, Plain):
        return
    draft.default("id_type", IdType.RESIDENT_ID)
    if after["id_type"] is IdType.RESIDENT_ID:
        with at("id_number"):
            holder = citizen(number)
        after["id_number"] = number = Plain(holder.number)
        draft.default("birth_date", holder.birth_date)
        draft.default("sex", holder.sex)
    after["id_digest"] = ring(draft.keys).digest(str(number).upper())
