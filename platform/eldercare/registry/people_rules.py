"""What is checked and completed before a record about a person is written, without asking the database."""

from datetime import date, timedelta
from typing import Any

from eldercare.registry import rules
from eldercare.registry.assessment import Instrument
from eldercare.registry.draft import Draft, at, refuse
from eldercare.registry.identifier import citizen
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import IdType, Sex
from eldercare.registry.scoring import final_level, level_of, score
from eldercare.registry.value import Plain, ring

UNKNOWN_SEX = (None, Sex.UNKNOWN, Sex.NOT_STATED)


def months_after(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month when it is shorter.

    >>> months_after(date(2024, 8, 31), 6)
    datetime.date(2025, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year >= date.max.year:
        return date.max
    if year < date.min.year:
        return date.min
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def person(draft: Draft) -> None:
    """Read what the identity number says, keep its digest and area, and compare it with what was sent."""
    number, after = draft.after.get("id_number"), draft.after
    if number is None:
        after["id_digest"] = after["id_prefix"] = None
        return
    if not isinstance(number, Plain):
        if draft.changed("id_type"):
            refuse(
                "ID_TYPE_ALONE",
                "The kind of document cannot change without its number.",
                "Send idNumber too.",
                "id_type",
            )
        return
    if after.get("id_type") in (None, IdType.NONE):
        refuse("ID_TYPE_MISSING", "An identity number needs the kind of its document.", "Send idType.", "id_type")
    if after["id_type"] is IdType.RESIDENT_ID:
        _resident(draft, number)
    keep = after["id_number"]
    after["id_digest"] = ring(draft.keys).digest(str(keep).upper())
    after["id_prefix"] = str(keep)[:6]


def _resident(draft: Draft, number: str) -> None:
    after = draft.after
    with at("id_number"):
        holder = citizen(number)
    if holder.number != number:
        draft.question(
            "ID_NUMBER_EXPANDED", "The identity number was brought to its form of 18 characters.", "id_number"
        )
    if holder.area[:2] not in rules.rule("area_provinces"):
        draft.question("ID_NUMBER_AREA", "The identity number begins with no known area.", "id_number")
    after["id_number"] = Plain(holder.number)
    draft.default("birth_date", holder.birth_date)
    if after["birth_date"] != holder.birth_date and not after.get("birth_date_estimated"):
        refuse(
            "ID_NUMBER_OTHER_BIRTH_DATE",
            "The identity number contains another date of birth.",
            "Correct one of the two, or mark the date of birth as estimated.",
            "birth_date",
        )
    if after.get("sex") in UNKNOWN_SEX:
        after["sex"] = holder.sex
    elif after["sex"] != holder.sex:
        draft.question("ID_NUMBER_OTHER_SEX", "The identity number stands for the other sex.", "sex")


def membership(draft: Draft) -> None:
    """Derived groups are never stored; the mode of support belongs to the extremely poor alone."""
    after = draft.after
    category = after.get("category")
    if category in rules.DERIVED_CATEGORIES:
        refuse(
            "GROUP_IS_DERIVED",
            f"{category} is computed from other records and never stored.",
            "Record the living arrangement, the assessment or the date of birth it follows from.",
            "category",
        )
    poor = category in (GroupCategory.EXTREMELY_POOR, GroupCategory.THREE_WITHOUT)
    for name in ("support_mode", "self_care"):
        if after.get(name) is not None and not poor:
            refuse("NOT_EXTREMELY_POOR", f"{name} belongs to extremely poor people.", "Leave it out.", name)
    if poor and draft.before is None and after.get("valid_from"):
        draft.default("next_review_on", months_after(after["valid_from"], rules.rule("review_months")))


def assessment(draft: Draft) -> None:
    """Score GB/T 42195 and compare with what was sent; other instruments keep their own words and no level."""
    after = draft.after
    if after.get("assessed_on"):
        draft.default("valid_to", months_after(after["assessed_on"], rules.rule("assessment_months")))
    if after.get("instrument", Instrument.GBT_42195_2022) is not Instrument.GBT_42195_2022:
        if after.get("level") is not None:
            refuse("LEVEL_NOT_CONVERTED", "Only GB/T 42195 has these levels.", "Send statedResult instead.", "level")
        return
    if after.get("item_scores") is not None:
        _scored(draft)
    elif after.get("total") is not None:
        _levels(after, after["total"])
    else:
        draft.question("SCORES_MISSING", "The level cannot be checked without the scores of the items.", "item_scores")


def _scored(draft: Draft) -> None:
    after = draft.after
    if draft.changed("item_scores"):
        sent = {name for name in ("total", "preliminary_level", "level") if draft.changed(name)}
        for name in {"total", "preliminary_level", "level"} - sent:
            after[name] = None
    if not isinstance(after["item_scores"], dict):
        refuse(
            "ITEM_SCORES", "The scores are an object: the code of each item and its score.", "Send one.", "item_scores"
        )
    with at("item_scores"):
        found = score(after["item_scores"], **_reasons(after))
    for name, value in {**found.sections, "total": found.total}.items():
        _agree(after, name, value)
    _levels(after, found.total)


def _levels(after: dict[str, Any], total: int) -> None:
    if not 0 <= total <= 90:
        refuse("TOTAL_RANGE", "A total of GB/T 42195 lies between 0 and 90.", "Check the sum.", "total")
    _agree(after, "preliminary_level", level_of(total))
    _agree(after, "level", final_level(total, **_reasons(after)))


def _reasons(after: dict[str, Any]) -> dict[str, Any]:
    return {
        "coma": bool(after.get("coma")),
        "mental_diagnosis": bool(after.get("mental_diagnosis")),
        "risk_events": after.get("risk_events") or 0,
    }


def _agree(after: dict[str, Any], name: str, value: int) -> None:
    if after.get(name) is None:
        after[name] = value
    elif after[name] != value:
        refuse(
            "SCORE_DISAGREES",
            f"By GB/T 42195 {name} is {value}, not {after[name]}.",
            "Send the scores of the items and leave the sums and levels to the registry.",
            name,
        )
