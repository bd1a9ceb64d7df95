"""Funds, grants, inspections and issues as the API shows them."""

from eldercare import registry
from eldercare.api.kind import MONEY
from eldercare.api.noun import Distinct, Many, Noun, Summary, Total, computed, grouped_by
from eldercare.api.territory import BY_TERRITORY
from eldercare.registry.balance import spent
from eldercare.security.privacy import Privacy

NOUNS = (
    Noun(
        registry.FundSource,
        "fundSources",
        fields=(Many("allocations", "FundAllocation", "source_fund_id", "What was allocated of it.", "资金拨付"),),
        order=("code",),
    ),
    Noun(
        registry.FundAllocation,
        "fundAllocations",
        fields=(
            computed(
                "spent",
                MONEY,
                spent,
                en="What approved batches and decided grants take from it.",
                zh="已支出",
                required=True,
            ),
            computed(
                "remaining",
                MONEY,
                lambda row, view: row.amount - spent(row, view),
                en="What is left of it.",
                zh="结余",
                required=True,
            ),
            Many("batches", "DisbursementBatch", "allocation_id", "Batches paid from it.", "发放批次"),
            Many("grants", "Grant", "allocation_id", "Grants paid from it.", "奖补"),
        ),
        order=("year", "allocated_on"),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (
                grouped_by(registry.FundAllocation, "year"),
                grouped_by(registry.FundSource, "kind", through="source_fund"),
                *BY_TERRITORY,
            ),
            (
                Total("amount", lambda row, view: row.amount, "What was allocated.", "拨付金额", MONEY),
                Total("spent", spent, "What was spent of it.", "支出金额", MONEY),
            ),
        ),
    ),
    Noun(
        registry.Grant,
        "grants",
        order=("decided_on",),
        place_of="facility",
        summary=Summary(
            (
                grouped_by(registry.SubsidyScheme, "code", through="scheme"),
                grouped_by(registry.Grant, "decided_on"),
                *BY_TERRITORY,
            ),
            (
                Total("amount", lambda row, view: row.amount, "What was granted.", "奖补金额", MONEY),
                Distinct("facilities", lambda row, view: row.facility_id, "How many different facilities.", "机构数"),
            ),
        ),
    ),
    Noun(
        registry.FundAudit,
        "fundAudits",
        fields=(Many("issues", "FundIssue", "audit_id", "What it found first.", "资金问题"),),
        order=("inspected_on",),
        place=lambda row, view: row.division_id,
    ),
    Noun(
        registry.FundIssue,
        "fundIssues",
        order=("found_on",),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (
                grouped_by(registry.FundIssue, "kind"),
                grouped_by(registry.FundIssue, "status"),
                *BY_TERRITORY,
            ),
            (
                Total(
                    "amount",
                    lambda row, view: row.amount,
                    "Their amounts together.",
                    "涉及金额",
                    MONEY,
                    Privacy.POVERTY,
                ),
                Total(
                    "recovered", lambda row, view: row.recovered, "What came back.", "追回金额", MONEY, Privacy.POVERTY
                ),
            ),
        ),
    ),
)
