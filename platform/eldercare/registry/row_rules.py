"""What each noun checks and completes by itself before it is written, and which references are locked first."""

from collections.abc import Callable
from typing import Any

from eldercare.registry.assessment import AbilityAssessment
from eldercare.registry.capacity import CapacityPeriod
from eldercare.registry.change_report import ChangeReport
from eldercare.registry.division import Division
from eldercare.registry.draft import Draft
from eldercare.registry.entity import Record
from eldercare.registry.membership import GroupMembership
from eldercare.registry.organisation import Organisation
from eldercare.registry.people_rules import assessment, membership, person
from eldercare.registry.person import Person
from eldercare.registry.place_rules import capacity, division, organisation, rating
from eldercare.registry.rating import Rating
from eldercare.registry.report_rules import change_report, stays
from eldercare.registry.service_rules import SERVICE_RULES
from eldercare.registry.subsidy_rules import SUBSIDY_RULES

ROW_RULES: dict[type[Record], tuple[Callable[[Draft], None], ...]] = {
    Person: (person,),
    GroupMembership: (membership,),
    AbilityAssessment: (assessment,),
    Division: (division,),
    Organisation: (organisation,),
    CapacityPeriod: (capacity,),
    Rating: (rating,),
    **SERVICE_RULES,
    **SUBSIDY_RULES,
    ChangeReport: (change_report,),
}
"""What each noun checks and completes by itself; rules between records stand in `invariants`."""

STANDING: dict[type[Record], Callable[[Any], None]] = {ChangeReport: stays}
"""Records that stand once something rests on them: what refuses to take such a row back."""

LOCKED = (
    "person_id",
    "facility_id",
    "application_id",
    "stay_id",
    "capacity_period_id",
    "member_id",
    "provider_id",
    "agreement_id",
    "account_id",
    "allocation_id",
    "batch_id",
)
"""References whose record is locked first: two writers about one person or facility take turns."""
