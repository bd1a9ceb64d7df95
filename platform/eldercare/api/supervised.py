"""What supervision adds to a facility in the API: levels, fire safety, hazards, staff, brand, and what belongs to it."""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from eldercare.api.compiler.aggregate import quotient
from eldercare.api.kind import FLAG, NUMBER, WHOLE, choice
from eldercare.api.noun import Expression, Many, One, computed
from eldercare.registry import rules
from eldercare.registry.facility import ConditionStatus
from eldercare.registry.grouping import FacilityBrand
from eldercare.registry.query import visible
from eldercare.registry.rating import RatingScheme
from eldercare.registry.standing import admissions_blocked, fire_status, open_hazards, valid_rating
from eldercare.registry.summary import occupied
from eldercare.registry.supervision import headcount
from eldercare.registry.workforce import StaffRole
from eldercare.security.privacy import Privacy


def level_of(scheme: RatingScheme) -> Expression:
    """The level a facility shows: of a rating valid at the date."""
    return lambda row, view: valid_rating(row, scheme, view)


def caregivers(row: Any, view: Any) -> ColumnElement[int]:
    """The caregivers of a facility."""
    return headcount(row, view, StaffRole.CAREGIVER)


def residents_per_caregiver(row: Any, view: Any) -> ColumnElement[Any]:
    """The residents for each caregiver."""
    return quotient(occupied(row, view, rules.BED_CLASSES["INSTITUTIONAL"]), caregivers(row, view))


def brand(row: Any, view: Any) -> ColumnElement[int]:
    """The brand a facility works under."""
    used = aliased(FacilityBrand)
    found = select(used.brand_id).where(used.facility_id == row.id, *visible(used, view.at_date()))
    return found.order_by(used.id).limit(1).correlate(row).scalar_subquery()


FACILITY_FIELDS = (
    computed(
        "stars",
        WHOLE,
        level_of(RatingScheme.INSTITUTION_STAR),
        en="Its stars by a rating that is valid; empty without one.",
        zh="星级",
    ),
    computed("a_level", WHOLE, level_of(RatingScheme.HOME_CARE_A), en="Its A-level by a valid rating.", zh="A级"),
    computed(
        "fire_status",
        choice(ConditionStatus),
        fire_status,
        en="Whether it meets the fire standard: as dated, else as its own record says.",
        zh="消防达标",
        required=True,
    ),
    computed("open_hazards", WHOLE, open_hazards, en="Hazards that stand open.", zh="未销号隐患数", required=True),
    computed(
        "admissions_blocked",
        FLAG,
        admissions_blocked,
        en="Whether it may admit nobody: a major hazard stands open or the fire standard is not met.",
        zh="是否暂停收住",
        required=True,
    ),
    computed("caregivers", WHOLE, caregivers, en="Caregivers who work there.", zh="护理员人数"),
    computed(
        "residents_per_caregiver",
        NUMBER,
        residents_per_caregiver,
        en="Residents for each caregiver.",
        zh="护理员配比",
        privacy=Privacy.COUNT,
        counts=lambda row, view: occupied(row, view, rules.BED_CLASSES["INSTITUTIONAL"]),
    ),
    One("brand", "Brand", brand, "The brand it works under.", "品牌"),
    Many("staff", "StaffPost", "facility_id", "Who works there, by role.", "人员"),
    Many("employments", "Employment", "facility_id", "Caregivers known by name.", "护理员任职"),
    Many("trainings", "TrainingRecord", "facility_id", "What its people were taught.", "培训"),
    Many("inspections", "Inspection", "facility_id", "Inspections of it.", "监督检查"),
    Many("findings", "Finding", "facility_id", "Defects that stand.", "问题"),
    Many("hazards", "Hazard", "facility_id", "Hazards found there.", "安全隐患"),
    Many("fire_safety", "FireSafety", "facility_id", "Its fire safety, with history since when.", "消防达标沿革"),
    Many("upgrades", "StarUpgradeProject", "facility_id", "Its way to a higher level.", "等级提升项目"),
    Many("unifications", "UnificationItem", "facility_id", "How far its unification is.", "五统一进展"),
    Many("evaluations", "PerformanceEvaluation", "facility_id", "Evaluations of it.", "绩效评价"),
)
