"""What is checked and completed before a record about a place or an organisation is written, without asking the database."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from eldercare.registry.division import Division, Level, path_of
from eldercare.registry.draft import Draft, at, refuse
from eldercare.registry.identifier import credit_code
from eldercare.registry.organisation import OrganisationKind
from eldercare.registry.people_rules import months_after
from eldercare.registry.rating import RatingStatus, RatingSubject
from eldercare.registry.rules import rule

LEVELS = list(Level)
PREFIXES = {
    "11": (OrganisationKind.GOVERNMENT,),
    "12": (OrganisationKind.PUBLIC_INSTITUTION, OrganisationKind.MEDICAL),
    "51": (OrganisationKind.ASSOCIATION,),
    "52": (OrganisationKind.SOCIAL_SERVICE_ORG, OrganisationKind.MEDICAL),
    "91": (OrganisationKind.ENTERPRISE, OrganisationKind.STATE_ENTERPRISE, OrganisationKind.MEDICAL),
}
"""What the first two characters of a credit code say about the body (GB 32100)."""


def division(draft: Draft) -> None:
    """A division lies below its parent in level, and its path continues the parent's."""
    after = draft.after
    parent = None
    if after.get("parent_id") is not None:
        parent = draft.look_up(Division, after["parent_id"])
    if parent is not None and LEVELS.index(after["level"]) <= LEVELS.index(parent.level):
        refuse("DIVISION_LEVEL", "A division lies below its parent.", "Check level and parentId.", "level")
    if draft.before is not None and draft.changed("code", "level", "parent_id"):
        refuse(
            "DIVISION_MOVED",
            "A division keeps its code, its level and its parent.",
            "End it, create the new one, and name that as its successor.",
            "code",
        )
    after["path"] = path_of(parent.path if parent is not None else "", after.get("code") or "")


def organisation(draft: Draft) -> None:
    """Check the credit code and whether its first two characters fit the kind of organisation."""
    code = draft.after.get("uscc")
    if code is None:
        return
    with at("uscc"):
        draft.after["uscc"] = credit_code(code)
    expected = PREFIXES.get(draft.after["uscc"][:2])
    if expected and draft.after.get("kind") not in expected:
        draft.question("CREDIT_CODE_OTHER_KIND", "The credit code stands for another kind of organisation.", "kind")


def capacity(draft: Draft) -> None:
    """Beds in use and out of service should not exceed the filed ones, nor those the designed ones."""
    after = draft.after
    designed, filed = after.get("designed"), after.get("filed")
    used = (after.get("open") or 0) + (after.get("out_of_service") or 0)
    if filed is not None and used > filed:
        draft.question("MORE_THAN_FILED", "More beds are open or out of service than were filed.", "filed")
    if designed is not None and filed is not None and filed > designed:
        draft.question("MORE_THAN_DESIGNED", "More beds were filed than were designed.", "designed")


def rating(draft: Draft) -> None:
    """A scheme has its subject and levels, the steps to a rating follow each other, and it ends when the scheme says."""
    after = draft.after
    if after.get("scheme") is None or after.get("level") is None:
        return
    scheme = rule("rating_schemes")[after["scheme"].value]
    _subject(after, scheme["subject"])
    if not 1 <= after["level"] <= scheme["levels"]:
        refuse("RATING_LEVEL", f"This scheme has levels 1 to {scheme['levels']}.", "Send one of them.", "level")
    if after.get("status") is RatingStatus.EXPIRED:
        refuse("RATING_EXPIRES", "That a rating has expired follows from validTo.", "Send VALID and validTo.", "status")
    given = after.get("status") in (RatingStatus.VALID, RatingStatus.REVOKED)
    if given and after.get("issued_on") is None:
        refuse("RATING_NOT_GIVEN", "A rating is valid from the day it was given.", "Send issuedOn.", "issued_on")
    _in_order(after, "applied_on", "self_assessed_on", "reviewed_on", "publicised_on", "issued_on")
    if after.get("issued_on") and scheme["years"]:
        draft.default("valid_to", months_after(after["issued_on"], 12 * scheme["years"]))


def _subject(after: Mapping[str, Any], name: str) -> None:
    subject = RatingSubject[name]
    wanted = "caregiver_id" if subject is RatingSubject.CAREGIVER else "facility_id"
    other = "facility_id" if wanted == "caregiver_id" else "caregiver_id"
    if after.get(wanted) is None or after.get(other) is not None:
        refuse(
            "RATING_SUBJECT",
            f"This scheme rates {subject.en} ({subject.zh}).",
            f"Send {'caregiverId' if wanted == 'caregiver_id' else 'facilityId'} alone.",
            wanted,
        )


def _in_order(after: Mapping[str, Any], *names: str) -> None:
    known = [name for name in names if after.get(name) is not None]
    for earlier, later in pairwise(known):
        if after[later] < after[earlier]:
            refuse("STEPS_OUT_OF_ORDER", f"{later} lies before {earlier}.", "Check the dates.", later)


def hazard(draft: Draft) -> None:
    """A hazard is due after the time its level allows, unless a day is sent; a major one names its heading."""
    after = draft.after
    if after.get("found_on") is not None and after.get("level") is not None:
        allowed = timedelta(hours=rule("hazard_due_hours")[after["level"].value])
        draft.default("due_on", after["found_on"] + allowed)
    if after.get("major") and after.get("heading") is None:
        remedy = "Send one of the five headings."
        refuse("HEADING_MISSING", "A major hazard names the heading under which it is one.", remedy, "heading")
    if not after.get("major") and after.get("heading") is not None:
        refuse("HEADING_WITHOUT_MAJOR", "Only a major hazard has a heading.", "Send major: true.", "heading")


def evaluation_plan(draft: Draft) -> None:
    """A plan that says no limits of its own takes those of the rules."""
    for name, limit in rule("evaluation_grades").items():
        draft.default(f"{name.lower()}_from", Decimal(limit))
