"""Returns on money: the list of a payment batch as it is shown in the village, three years of funds, a scheme's year."""

from dataclasses import replace
from typing import Any

from sqlalchemy import BigInteger, Date, Integer, Select, String, cast, func, literal, select
from sqlalchemy.orm import aliased

from eldercare.registry.disbursement import BatchStatus, DisbursementBatch
from eldercare.registry.division import Division, within
from eldercare.registry.fund import FindingKind, FundIssue, FundSource, IssueStatus
from eldercare.registry.fund_report import by_year_and_source
from eldercare.registry.moved_money import window_from
from eldercare.registry.publicity import publicity
from eldercare.registry.query import View
from eldercare.registry.scheme import SubsidyScheme
from eldercare.reporting.form import CellKind, Column, Frame, Period, Return, Table
from eldercare.reporting.lines import flag, in_words

TEXT, YUAN, RATE = CellKind.TEXT, CellKind.YUAN, CellKind.RATE

LIST = (
    Column("name", "Name, masked", "姓名(脱敏)", TEXT),
    Column("division", "Where the person lives", "居住区划", TEXT),
    Column("scheme", "Scheme", "补贴政策", TEXT),
    Column("tier", "Tier", "补贴档次", TEXT),
    Column("days", "Days paid", "发放天数"),
    Column("amount", "Amount", "金额(元)", YUAN),
)
BATCHES = (
    Column("scheme", "Scheme", "补贴政策", TEXT),
    Column("division", "Whose people", "区划", TEXT),
    Column("status", "State", "状态", TEXT),
    Column("people", "People", "人数"),
    Column("total", "Amount", "金额(元)", YUAN),
    Column("mean", "Amount per person", "人均金额(元)", RATE, over="total", under="people", times=1, by=100, unit="元"),
)
FUNDS = (
    Column("source", "Source", "资金来源", TEXT),
    Column("year", "Year", "年度", summed=False),
    Column("allocated", "Allocated", "拨付金额(元)", YUAN),
    Column("paid", "Paid", "发放金额(元)", YUAN),
    Column("paid_share", "Share paid", "支出率", RATE, over="paid", under="allocated", decimals=1),
    Column("consumed", "Consumed", "消费金额(元)", YUAN),
    Column("returned", "Returned", "收回金额(元)", YUAN),
    Column("issues", "Issues", "问题数"),
    Column("issue_amount", "In question", "问题金额(元)", YUAN),
    Column("recovered", "Recovered", "追回金额(元)", YUAN),
)
ISSUES = (
    Column("kind", "Kind of issue", "问题类型", TEXT),
    Column("issues", "Issues", "问题数"),
    Column("amount", "In question", "涉及金额(元)", YUAN),
    Column("recovered", "Recovered", "追回金额(元)", YUAN),
    Column("recovered_share", "Share recovered", "追回率", RATE, over="recovered", under="amount", decimals=1),
    Column("open", "Not settled", "未办结"),
)


def batches(frame: Frame) -> Select[Any]:
    """The batches of the month, one row each."""
    batch: Any = aliased(DisbursementBatch)
    scheme: Any = aliased(SubsidyScheme)
    division: Any = aliased(Division)
    columns: list[Any] = [
        literal("DisbursementBatch_", String).concat(cast(batch.id, String)).label("row_key"),
        scheme.name_zh.label("scheme"),
        division.name.label("division"),
        in_words(batch.status, BatchStatus).label("status"),
        batch.people,
        cast(batch.total, BigInteger).label("total"),
    ]
    found: Select[Any] = select(*columns).join(scheme, scheme.id == batch.scheme_id)
    found = found.join(division, division.id == batch.division_id).where(_of_month(batch, frame))
    return found.order_by(division.code, scheme.code, batch.id)


def _of_month(batch: Any, frame: Frame) -> Any:
    inside = within(batch.division_id, frame.division)
    return (batch.month >= frame.start) & (batch.month < frame.end) & inside


def lines(frame: Frame) -> Select[Any]:
    """The lines of the month's batches, as everybody may see them: names masked, no day of birth, no number, no group."""
    batch: Any = aliased(DisbursementBatch)
    division: Any = aliased(Division)
    scheme: Any = aliased(SubsidyScheme)
    shown = (
        publicity(batch.id, frame.view).add_columns(batch.id.label("batch")).where(_of_month(batch, frame)).subquery()
    )
    paid: Any = aliased(DisbursementBatch)
    columns: list[Any] = [
        literal("DisbursementLine_", String).concat(cast(shown.c.number, String)).label("row_key"),
        shown.c.name,
        division.name.label("division"),
        scheme.name_zh.label("scheme"),
        shown.c.tier_zh.label("tier"),
        shown.c.days,
        cast(shown.c.amount, BigInteger).label("amount"),
    ]
    found: Select[Any] = select(*columns).join(paid, paid.id == shown.c.batch)
    found = found.join(scheme, scheme.id == paid.scheme_id).join(division, division.id == shown.c.division)
    return found.order_by(division.code, scheme.code, shown.c.number)


def funds(frame: Frame) -> Select[Any]:
    """What became of the money of the three years, by year and source."""
    source: Any = aliased(FundSource)
    rows = by_year_and_source(_at_end(frame), frame.division).subquery()
    sums = ("allocated", "paid", "consumed", "returned", "issue_amount", "recovered")
    columns: list[Any] = [
        cast(rows.c.year, String).concat(":").concat(func.coalesce(source.code, "-")).label("row_key"),
        func.coalesce(source.name_zh, "未注明来源").label("source"),
        rows.c.year,
        *(cast(rows.c[name], BigInteger).label(name) for name in sums),
        cast(rows.c.issues, Integer).label("issues"),
    ]
    found: Select[Any] = select(*columns).outerjoin(source, source.id == rows.c.source)
    return found.order_by(rows.c.year, source.code)


def issues(frame: Frame) -> Select[Any]:
    """The issues of the three years by kind."""
    issue: Any = aliased(FundIssue)
    view = _at_end(frame)
    columns: list[Any] = [
        cast(issue.kind, String).label("row_key"),
        in_words(issue.kind, FindingKind).label("kind"),
        func.count(issue.id).label("issues"),
        cast(func.sum(issue.amount), BigInteger).label("amount"),
        cast(func.sum(issue.recovered), BigInteger).label("recovered"),
        cast(func.sum(flag(issue.corrected_on.is_(None))), BigInteger).label("open"),
    ]
    found: Select[Any] = select(*columns).where(
        issue.happened_on >= window_from(view),
        issue.happened_on < view.as_of,
        issue.status != IssueStatus.DISMISSED,
        within(issue.division_id, frame.division),
    )
    return found.group_by(issue.kind).order_by(issue.kind)


def _at_end(frame: Frame) -> View:
    """The window of an inspection ends before its day, so the view is of the day after the last one looked at."""
    return replace(frame.view, as_of=literal(frame.end, Date()))


PAYMENT_BATCH = Return(
    "PAYMENT_BATCH",
    "Payment batches and their lists for publicity",
    "补贴发放批次与公示名单",
    Period.MONTH,
    "town, county",
    "乡镇、县级",
    "Practice of publicity in villages",
    (
        Table("BATCHES", "Batches", "发放批次", BATCHES, batches),
        Table("LIST", "List for publicity", "公示名单", LIST, lines),
    ),
)
FUND_INSPECTION = Return(
    "FUND_INSPECTION",
    "Inspection of the funds of three years",
    "近三年养老资金检查报告",
    Period.THREE_YEARS,
    "civil affairs and finance",
    "民政、财政部门",
    "Text of Shijiazhuang: funds of the past three years are inspected with the Finance Bureau",
    (
        Table("FUNDS", "By year and source", "按年度与来源", FUNDS, funds),
        Table("ISSUES", "Issues by kind", "问题分类", ISSUES, issues),
    ),
)
