"""Subsidy schemes, entitlements, accounts and disbursement as the API shows them."""

from eldercare import registry
from eldercare.api.kind import MONEY
from eldercare.api.noun import Distinct, Many, Noun, Summary, Total, computed, grouped_by
from eldercare.api.territory import BY_TERRITORY
from eldercare.registry.balance import balance, moved
from eldercare.registry.entitlement import TransactionKind
from eldercare.security.privacy import Privacy

PEOPLE = Distinct("people", lambda row, view: row.person_id, "How many different people.", "人数", Privacy.OPEN)
AMOUNT = Total("amount", lambda row, view: row.amount, "Their amounts together.", "金额合计", MONEY, Privacy.POVERTY)

SCHEMES = (
    Noun(
        registry.SubsidyScheme,
        "subsidySchemes",
        fields=(
            Many("divisions", "SchemeDivision", "scheme_id", "Where it holds.", "适用区划"),
            Many("tiers", "SubsidyTier", "scheme_id", "Its tiers.", "补贴档次"),
            Many(
                "stop_rules", "StopRule", "scheme_id", "What ends an entitlement, and until when is paid.", "停发规则"
            ),
            Many("entitlements", "Entitlement", "scheme_id", "Who is entitled.", "补贴资格"),
            Many("batches", "DisbursementBatch", "scheme_id", "What was paid, month by month.", "发放批次"),
            Many("grants", "Grant", "scheme_id", "What was granted to facilities and organisations.", "奖补"),
            Many("allocations", "FundAllocation", "scheme_id", "Money allocated to it.", "资金拨付"),
        ),
        order=("code",),
    ),
    Noun(registry.SchemeDivision, "schemeDivisions", order=("valid_from",), place=lambda row, view: row.division_id),
    Noun(
        registry.SubsidyTier,
        "subsidyTiers",
        fields=(Many("rules", "EligibilityRule", "tier_id", "The ways into it.", "资格条件"),),
        order=("code",),
    ),
    Noun(registry.EligibilityRule, "eligibilityRules", order=("code",)),
    Noun(registry.StopRule, "stopRules", order=("event",)),
)

PEOPLE_NOUNS = (
    Noun(
        registry.Entitlement,
        "entitlements",
        fields=(Many("lines", "DisbursementLine", "entitlement_id", "What was paid for it.", "发放明细"),),
        order=("valid_from",),
        place_of="person",
        summary=Summary(
            (
                grouped_by(registry.SubsidyScheme, "code", through="scheme"),
                grouped_by(registry.EligibilityRule, "category", through="rule"),
                grouped_by(registry.Entitlement, "end_event"),
                *BY_TERRITORY,
            ),
            (
                PEOPLE,
                Total(
                    "monthly",
                    lambda row, view: row.monthly_amount,
                    "What is due a month.",
                    "月补贴合计",
                    MONEY,
                    Privacy.POVERTY,
                ),
            ),
        ),
    ),
    Noun(
        registry.ServiceAccount,
        "serviceAccounts",
        fields=(
            computed(
                "balance",
                MONEY,
                balance,
                en="What is on it at the end of that day.",
                zh="余额",
                required=True,
                privacy=Privacy.POVERTY,
            ),
            computed(
                "credited",
                MONEY,
                moved(TransactionKind.CREDIT),
                en="What was credited, less what was taken back.",
                zh="累计充值",
                required=True,
                privacy=Privacy.POVERTY,
            ),
            computed(
                "consumed",
                MONEY,
                moved(TransactionKind.CONSUME),
                en="What was paid for services, less what was taken back.",
                zh="累计消费",
                required=True,
                privacy=Privacy.POVERTY,
            ),
            computed(
                "expired",
                MONEY,
                moved(TransactionKind.EXPIRE),
                en="What expired, less what was taken back.",
                zh="累计过期",
                required=True,
                privacy=Privacy.POVERTY,
            ),
            Many("transactions", "AccountTransaction", "account_id", "What moved on it.", "账户流水"),
        ),
        order=("opened_on",),
        place_of="person",
    ),
    Noun(
        registry.AccountTransaction,
        "accountTransactions",
        order=("happened_on",),
        place_of="account",
        summary=Summary(
            (
                grouped_by(registry.AccountTransaction, "kind"),
                grouped_by(registry.AccountTransaction, "month"),
            ),
            (
                AMOUNT,
                Total(
                    "delta",
                    lambda row, view: row.delta,
                    "By how much balances changed.",
                    "余额变动合计",
                    MONEY,
                    Privacy.POVERTY,
                ),
                Distinct(
                    "accounts", lambda row, view: row.account_id, "How many different accounts.", "账户数", Privacy.OPEN
                ),
            ),
        ),
    ),
)

BATCHES = (
    Noun(
        registry.DisbursementBatch,
        "disbursementBatches",
        fields=(
            Many("lines", "DisbursementLine", "batch_id", "What each person is paid, and why.", "发放明细"),
            Many("approvals", "BatchApproval", "batch_id", "Who took it a step further.", "审批记录"),
            Many("reconciliations", "Reconciliation", "batch_id", "What was compared with the payments.", "对账"),
        ),
        order=("month",),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (
                grouped_by(registry.DisbursementBatch, "month"),
                grouped_by(registry.DisbursementBatch, "status"),
                grouped_by(registry.SubsidyScheme, "code", through="scheme"),
                *BY_TERRITORY,
            ),
            (
                Total(
                    "total", lambda row, view: row.total, "Their totals together.", "合计金额", MONEY, Privacy.POVERTY
                ),
            ),
        ),
    ),
    Noun(
        registry.DisbursementLine,
        "disbursementLines",
        order=("month",),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (
                grouped_by(registry.DisbursementLine, "month"),
                *BY_TERRITORY,
            ),
            (PEOPLE, AMOUNT),
        ),
    ),
    Noun(registry.BatchApproval, "batchApprovals", order=("decided_on",), place_of="batch"),
    Noun(
        registry.Reconciliation,
        "reconciliations",
        fields=(
            Many("differences", "ReconciliationDifference", "reconciliation_id", "Lines that differ.", "对账差异"),
        ),
        order=("compared_on",),
        place_of="batch",
    ),
    Noun(registry.ReconciliationDifference, "reconciliationDifferences", place_of="line"),
)

NOUNS = (*SCHEMES, *PEOPLE_NOUNS, *BATCHES)
