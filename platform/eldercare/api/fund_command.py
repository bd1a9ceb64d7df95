"""The commands about subsidies and funds as the API offers them."""

from eldercare import registry
from eldercare.api.named import Command
from eldercare.registry import auditing, disbursing, granting, paying

SCHEME = {"scheme_id": "SubsidyScheme"}
SCHEME_TEXT = {"scheme_id": ("The scheme.", "补贴政策")}
BATCH = {"batch_id": "DisbursementBatch"}
BATCH_TEXT = {"batch_id": ("The batch.", "发放批次"), "note": ("What is remarked.", "说明")}
LINE = {"line_id": "DisbursementLine"}
LINE_TEXT = {"line_id": ("The line of the batch.", "发放明细")}
ACCOUNT = {"account_id": "ServiceAccount"}
ACCOUNT_TEXT = {"account_id": ("The account.", "服务账户")}

COMMANDS = (
    Command(
        "grantEntitlement",
        registry.Entitlement,
        granting.grant_entitlement,
        "Entitle a person to what the rules of a scheme give on a day; a lower tier held before ends.",
        "核定补贴资格",
        texts=SCHEME_TEXT,
        nouns=SCHEME,
    ),
    Command(
        "stopEntitlement",
        registry.Entitlement,
        granting.stop_entitlement,
        "End an entitlement because of an event; until when is paid follows from the scheme's rule.",
        "停发补贴",
        texts={"entitlement_id": ("The entitlement.", "补贴资格"), "event": ("What ends it.", "停发事由")},
        nouns={"entitlement_id": "Entitlement"},
    ),
    Command(
        "calculateBatch",
        registry.DisbursementBatch,
        disbursing.calculate_batch,
        "Compute what a scheme pays in a division for a month, with the reason of each amount; again changes nothing.",
        "核算发放批次",
        texts={
            **SCHEME_TEXT,
            "division_id": ("Whose people it pays.", "区划"),
            "month": ("First day of the month.", "所属月份"),
            "allocation_id": ("The allocation it is paid from.", "资金拨付"),
        },
        nouns={**SCHEME, "division_id": "Division", "allocation_id": "FundAllocation"},
    ),
    Command(
        "advanceBatch",
        registry.DisbursementBatch,
        disbursing.advance_batch,
        "Take a batch a step further; review and approval are two different people's.",
        "推进发放批次",
        texts=BATCH_TEXT,
        nouns=BATCH,
    ),
    Command(
        "reviewBatch",
        registry.DisbursementBatch,
        disbursing.review_batch,
        "Show a batch in the village, review it, or send it back, as a town does.",
        "审核发放批次",
        texts=BATCH_TEXT,
        nouns=BATCH,
    ),
    Command(
        "reconcileBatch",
        registry.DisbursementBatch,
        disbursing.reconcile_batch,
        "Compare a paid batch with what the paying body says it paid.",
        "对账",
        texts={**BATCH_TEXT, "actual": ("What was paid.", "实发金额")},
        nouns=BATCH,
    ),
    Command(
        "recordDifference",
        registry.ReconciliationDifference,
        disbursing.record_difference,
        "Say of a line what was really paid.",
        "登记对账差异",
        texts={**LINE_TEXT, "actual": ("What was paid.", "实发金额")},
        nouns=LINE,
    ),
    Command(
        "takeBackLine",
        registry.FundIssue,
        paying.take_back_line,
        "Answer a payment that should not have been made: credit that is left is reversed, the rest is an issue.",
        "追回发放",
        texts={**LINE_TEXT, "kind": ("What is wrong with it.", "问题类型")},
        nouns=LINE,
    ),
    Command(
        "payOrder",
        registry.ServiceOrder,
        paying.pay_order,
        "Pay a finished order from the person's service account, and settle it.",
        "账户结算工单",
        texts={"order_id": ("The order.", "服务工单")},
        nouns={"order_id": "ServiceOrder"},
    ),
    Command(
        "reverseTransaction",
        registry.AccountTransaction,
        paying.reverse_transaction,
        "Take a transaction back: both stay.",
        "冲正流水",
        texts={"transaction_id": ("The transaction.", "账户流水")},
        nouns={"transaction_id": "AccountTransaction"},
    ),
    Command(
        "adjustAccount",
        registry.AccountTransaction,
        paying.adjust_account,
        "Put a balance right, up or down.",
        "调整余额",
        texts={**ACCOUNT_TEXT, "change": ("By how much; negative is down.", "调整金额")},
        nouns=ACCOUNT,
    ),
    Command(
        "expireCredit",
        registry.AccountTransaction,
        paying.expire_credit,
        "Let credit expire that was not used in the time the scheme gives.",
        "过期清零",
        texts=ACCOUNT_TEXT,
        nouns=ACCOUNT,
    ),
    Command(
        "recordFundIssues",
        registry.FundAudit,
        auditing.record_fund_issues,
        "Inspect the funds of the three years before a day and record each finding as an issue, once.",
        "登记资金问题",
        texts={
            "on": ("The first day no longer looked at.", "检查期止"),
            "division_id": ("Where; everywhere without.", "检查区划"),
        },
        nouns={"division_id": "Division"},
    ),
    Command(
        "advanceIssue",
        registry.FundIssue,
        auditing.advance_issue,
        "Take an issue a step further and say what came back so far.",
        "处理资金问题",
        texts={
            "issue_id": ("The issue.", "资金问题"),
            "recovered": ("What came back so far.", "追回金额"),
            "note": ("What was done.", "处理说明"),
        },
        nouns={"issue_id": "FundIssue"},
    ),
)
