"""Commands about memberships of groups: determine, review, change the mode of support, and end."""

from datetime import date
from typing import Any

from eldercare.registry import granting
from eldercare.registry.change import Writer
from eldercare.registry.draft import refuse
from eldercare.registry.membership import GroupCategory, GroupMembership, MembershipEnd, MembershipStatus, SupportMode
from eldercare.registry.people_rules import months_after
from eldercare.registry.person import Person
from eldercare.registry.rules import rule

STEPS: dict[MembershipStatus, tuple[MembershipStatus, ...]] = {
    MembershipStatus.PROPOSED: (
        MembershipStatus.UNDER_REVIEW,
        MembershipStatus.EFFECTIVE,
        MembershipStatus.REJECTED,
    ),
    MembershipStatus.UNDER_REVIEW: (MembershipStatus.EFFECTIVE, MembershipStatus.REJECTED),
    MembershipStatus.EFFECTIVE: (MembershipStatus.REVIEW_DUE,),
    MembershipStatus.REVIEW_DUE: (MembershipStatus.EFFECTIVE,),
    MembershipStatus.REJECTED: (),
}
"""What may follow each state of a determination; an end is a date, not a state."""


def determine(writer: Writer, *, person_id: int, category: GroupCategory, on: date, **values: Any) -> GroupMembership:
    """Establish that a person belongs to a group from a day on."""
    writer.locked(Person, person_id)
    return writer.create(GroupMembership, {**values, "person_id": person_id, "category": category, "valid_from": on})


def review(
    writer: Writer,
    *,
    membership_id: int,
    status: MembershipStatus,
    on: date,
    expected_version: int | None = None,
    reason: str | None = None,
) -> GroupMembership:
    """Take a determination one step further; a confirmed one is due for review again a year later."""
    held = writer.locked(GroupMembership, membership_id)
    if status not in STEPS[held.status]:
        refuse(
            "TRANSITION",
            f"A determination that is {held.status.en} cannot become {status.en}.",
            f"It can become {', '.join(STEPS[held.status]) or 'nothing else'}.",
            "status",
        )
    values: dict[str, Any] = {"status": status, "verified_on": on}
    if status is MembershipStatus.EFFECTIVE:
        values["next_review_on"] = months_after(on, rule("review_months"))
    return writer.correct(GroupMembership, membership_id, values, expected_version=expected_version, reason=reason)


def end_membership(
    writer: Writer,
    *,
    membership_id: int,
    on: date,
    reason: MembershipEnd,
    expected_version: int | None = None,
) -> GroupMembership:
    """End a membership on a day, for a reason."""
    also = {"end_reason": reason}
    return writer.end(GroupMembership, membership_id, on, expected_version=expected_version, also=also)


def change_support_mode(
    writer: Writer, *, membership_id: int, mode: SupportMode, on: date, expected_version: int | None = None
) -> GroupMembership:
    """Support an extremely poor person in another mode: the one membership ends on the day the next begins."""
    held = writer.locked(GroupMembership, membership_id)
    if held.category is not GroupCategory.EXTREMELY_POOR:
        refuse(
            "NOT_EXTREMELY_POOR", "Only extremely poor people have a mode of support.", "Check the membership.", "mode"
        )
    if held.support_mode is mode:
        refuse("MODE_UNCHANGED", f"The mode of support already is {mode.en}.", "Nothing needs to be done.", "mode")
    kept = {name: getattr(held, name) for name in KEPT}
    end_membership(
        writer,
        membership_id=membership_id,
        on=on,
        reason=MembershipEnd.MODE_CHANGED,
        expected_version=expected_version,
    )
    changed = writer.create(GroupMembership, {**kept, "support_mode": mode, "valid_from": on})
    granting.at_support_mode(writer, held.person_id, on, mode)
    return changed


KEPT = (
    "person_id",
    "category",
    "status",
    "determination",
    "authority_id",
    "basis",
    "evidence",
    "subtype",
    "self_care",
    "next_review_on",
)
"""What a membership takes along into another mode of support."""
