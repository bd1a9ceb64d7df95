"""The list of all returns that are owed upward."""

from eldercare.reporting.codes import vocabulary
from eldercare.reporting.form import Return
from eldercare.reporting.returns_dynamic import DYNAMIC_MONTHLY
from eldercare.reporting.returns_facility import FACILITY_MONTHLY
from eldercare.reporting.returns_funds import FUND_INSPECTION, PAYMENT_BATCH
from eldercare.reporting.returns_homes import CIVIL_AFFAIRS_ANNUAL, HOMES_ANNUAL
from eldercare.reporting.returns_inclusion import CARE_VISITS_MONTHLY, INCLUSION_GAP
from eldercare.reporting.returns_pilots import PILOT_SUMMARY, TYPICAL_EXPERIENCES
from eldercare.reporting.returns_poor import EXTREMELY_POOR
from eldercare.reporting.returns_services import HOME_CARE_PURCHASE, PLATFORM_QUARTERLY
from eldercare.reporting.returns_supervision import HAZARD_LEDGER, PERFORMANCE, STAR_PROGRESS

RETURNS: tuple[Return, ...] = (
    FACILITY_MONTHLY,
    EXTREMELY_POOR,
    HOMES_ANNUAL,
    CIVIL_AFFAIRS_ANNUAL,
    HOME_CARE_PURCHASE,
    PAYMENT_BATCH,
    FUND_INSPECTION,
    DYNAMIC_MONTHLY,
    INCLUSION_GAP,
    CARE_VISITS_MONTHLY,
    PLATFORM_QUARTERLY,
    HAZARD_LEDGER,
    STAR_PROGRESS,
    PERFORMANCE,
    PILOT_SUMMARY,
    TYPICAL_EXPERIENCES,
)
"""All returns; one more is one more here."""

ReturnCode = vocabulary(
    "ReturnCode", "Returns that are owed upward.", {each.code: (each.zh, each.en) for each in RETURNS}
)
