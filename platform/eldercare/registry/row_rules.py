"""What each noun checks and completes by itself before it is written, what rests on it, and what is locked first."""

from collections.abc import Callable
from typing import Any

from eldercare.registry.assessment import AbilityAssessment
from eldercare.registry.capacity import CapacityPeriod, CapacityReserve
from eldercare.registry.change_report import ChangeReport
from eldercare.registry.checklist import Inspection
from eldercare.registry.division import Division
from eldercare.registry.draft import Draft
from eldercare.registry.entity import Record
from eldercare.registry.evaluation import EvaluationCriterion, EvaluationPlan, EvaluationScore, PerformanceEvaluation
from eldercare.registry.facility import FacilityPhase
from eldercare.registry.field_visit import FieldVisit, field_visit
from eldercare.registry.hazard import Hazard, HazardReview, Rectification
from eldercare.registry.membership import GroupMembership
from eldercare.registry.organisation import Organisation
from eldercare.registry.people_rules import assessment, membership, person
from eldercare.registry.person import Person
from eldercare.registry.pilot_rules import PILOT_RULES
from eldercare.registry.place_rules import capacity, division, evaluation_plan, hazard, organisation, rating
from eldercare.registry.rating import Rating
from eldercare.registry.report_rules import change_report, stays
from eldercare.registry.service_rules import SERVICE_RULES, no_child
from eldercare.registry.subsidy_rules import SUBSIDY_RULES
from eldercare.registry.upgrade import StarUpgradeProject

ROW_RULES: dict[type[Record], tuple[Callable[[Draft], None], ...]] = {
    Person: (person, no_child),
    GroupMembership: (membership,),
    AbilityAssessment: (assessment,),
    Division: (division,),
    Organisation: (organisation,),
    CapacityPeriod: (capacity,),
    Rating: (rating,),
    Hazard: (hazard,),
    EvaluationPlan: (evaluation_plan,),
    **SERVICE_RULES,
    **SUBSIDY_RULES,
    **PILOT_RULES,
    ChangeReport: (change_report,),
    FieldVisit: (field_visit,),
}
"""What each noun checks and completes by itself; rules between records stand in `invariants`."""

LEANING: dict[type[Record], tuple[tuple[type[Record], str, str], ...]] = {
    CapacityReserve: ((CapacityPeriod, "id", "capacity_period_id"),),
    EvaluationCriterion: ((EvaluationCriterion, "plan_id", "plan_id"),),
    EvaluationScore: ((PerformanceEvaluation, "id", "evaluation_id"),),
    HazardReview: ((Rectification, "id", "rectification_id"),),
    Inspection: ((FacilityPhase, "facility_id", "facility_id"),),
    Rating: ((StarUpgradeProject, "facility_id", "facility_id"),),
}
"""What rests on a record of a noun, found by a column that equals one of the record: proved again when that is annulled."""

STANDING: dict[type[Record], Callable[[Any], None]] = {ChangeReport: stays}
"""Records that stand once something rests on them: what refuses to take such a row back."""

LOCKED = (
    "person_id",
    "facility_id",
    "application_id",
    "stay_id",
    "hazard_id",
    "inspection_id",
    "capacity_period_id",
    "member_id",
    "provider_id",
    "agreement_id",
    "account_id",
    "allocation_id",
    "batch_id",
)
"""References whose record is locked first: two writers about one person or facility take turns."""
