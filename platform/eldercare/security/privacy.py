"""What kinds of things a field can tell about somebody: what decides who sees it, and how."""

from enum import StrEnum
from typing import NamedTuple


class Privacy(StrEnum):
    """What a field tells; each role sees each kind clear, masked, as a band, or not at all."""

    OPEN = "OPEN"
    """Nothing about a person: whoever sees the row sees it."""
    PERSONAL = "PERSONAL"
    """Something about a person that no other kind names: seen by whoever sees this person's records at all."""
    NAME = "NAME"
    IDENTITY = "IDENTITY"
    """The number of an identity document, in any form, or its kind."""
    BIRTH = "BIRTH"
    """The day of birth."""
    AGE = "AGE"
    """Age in full years."""
    AGE_BAND = "AGE_BAND"
    """Band of five years of age."""
    CONTACT = "CONTACT"
    """Phone, address, contacts for emergencies."""
    HOME = "HOME"
    """Where exactly the home is: coordinates."""
    ABILITY = "ABILITY"
    """The level of ability."""
    HEALTH = "HEALTH"
    """Items and scores of assessments, diagnoses, events of risk, notes of care."""
    POVERTY = "POVERTY"
    """Categories of poverty and what follows from them: support mode, entitlements, amounts."""
    SPECIAL_FAMILY = "SPECIAL_FAMILY"
    """What shows that somebody belongs to a special family of family planning; the most restricted kind."""
    ACCOUNT = "ACCOUNT"
    """Bank accounts."""
    COUNT = "COUNT"
    """How many people: nothing about anybody, unless they are few."""
    NOTE = "NOTE"
    """Free text about a person: it may hold anything, so it is shown where everything of the person is."""


class Reach(NamedTuple):
    """Whose a record is: the columns that lead to its person, facility, organisation or division.

    Scope follows from it: a viewer who may see the person, the facility or the division of a record may see the record. A
    record with a person is personal. `via` names a reference whose record decides. With `everybody` it is nobody's: a
    list, a rule, a division, which all may read; the columns then say who may write it. `tells` is what the mere
    existence of a record about a person tells: who does not see that kind sees no such record.
    """

    person: str = ""
    facility: str = ""
    organisation: str = ""
    division: str = ""
    via: str = ""
    everybody: bool = False
    tells: Privacy = Privacy.PERSONAL
