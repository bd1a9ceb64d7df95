"""Commands about fund issues: turn the findings of an inspection into issues, once each, and follow them up."""

from datetime import date
from typing import Any

from sqlalchemy import literal, select

from eldercare.kit.errors import Conflict
from eldercare.registry.change import Writer
from eldercare.registry.disbursement import DisbursementBatch, DisbursementLine
from eldercare.registry.draft import refuse
from eldercare.registry.fund import FindingKind, FundAllocation, FundAudit, FundIssue, IssueStatus
from eldercare.registry.inspection import findings
from eldercare.registry.money import Amount
from eldercare.registry.moved_money import YEARS
from eldercare.registry.people_rules import months_after
from eldercare.registry.query import View
from eldercare.registry.rules import rule

STEPS = {
    IssueStatus[state]: [IssueStatus[each] for each in after] for state, after in rule("issue_transitions").items()
}


def record_fund_issues(writer: Writer, *, on: date, division_id: int | None = None) -> FundAudit:
    """Inspect the funds of the years before a day, and record what is found; what is known already is not recorded again."""
    found = writer.session.execute(findings(View(literal(on)), division_id)).mappings().all()
    known = set(writer.session.scalars(select(FundIssue.fingerprint)))
    fresh = [each for each in found if each["fingerprint"] not in known]
    inspection = writer.create(
        FundAudit,
        {
            "division_id": division_id,
            "window_from": months_after(on, -12 * YEARS),
            "window_to": on,
            "inspected_on": writer.today,
            "found": len(found),
            "found_new": len(fresh),
            "amount": sum(int(each["amount"]) for each in found),
        },
    )
    recorded = [_record(writer, inspection.id, each) for each in fresh]
    if not all(recorded):
        # Somebody else inspected at the same time and was first with some of them.
        writer.correct(FundAudit, inspection.id, {"found_new": sum(recorded)})
    return writer.find(FundAudit, inspection.id)


def advance_issue(
    writer: Writer,
    *,
    issue_id: int,
    status: IssueStatus,
    on: date,
    recovered: Amount | None = None,
    note: str | None = None,
    expected_version: int | None = None,
) -> FundIssue:
    """Take an issue a step further; what was recovered is the sum so far."""
    issue = writer.locked(FundIssue, issue_id)
    writer.expect(issue, expected_version)
    if status not in STEPS[issue.status]:
        refuse(
            "TRANSITION",
            f"An issue that is {issue.status.en} ({issue.status.zh}) cannot become {status.en} ({status.zh}).",
            f"It can become {', '.join(STEPS[issue.status]) or 'nothing else'}.",
            "status",
        )
    if recovered is not None and recovered < issue.recovered:
        refuse("RECOVERED_LESS", "What came back does not become less.", "Send the sum so far.", "recovered")
    values: dict[str, Any] = {"status": status, "note": note or issue.note}
    values["recovered"] = issue.recovered if recovered is None else recovered
    if status in (IssueStatus.CORRECTED, IssueStatus.DISMISSED):
        values["corrected_on"] = on
    return writer.correct(FundIssue, issue_id, values)


def _record(writer: Writer, audit_id: int, found: Any) -> bool:
    """Record a finding as an issue; False when somebody else just did."""
    values = {
        "audit_id": audit_id,
        "kind": FindingKind[found["kind"]],
        "fingerprint": found["fingerprint"],
        "scheme_id": found["scheme"],
        "source_fund_id": _source(writer, found["line"]),
        "division_id": found["division"],
        "person_id": found["person"],
        "line_id": found["line"],
        "transaction_id": found["transaction"],
        "happened_on": found["happened_on"],
        "amount": int(found["amount"]),
        "found_on": writer.today,
        "explanation": found["explanation"],
        "explanation_zh": found["explanation_zh"],
    }
    try:
        writer.create(FundIssue, values)
    except Conflict:
        return False
    return True


def _source(writer: Writer, line_id: int | None) -> int | None:
    """Whose money the line was paid from."""
    if line_id is None:
        return None
    query = (
        select(FundAllocation.source_fund_id)
        .join(DisbursementBatch, DisbursementBatch.allocation_id == FundAllocation.id)
        .join(DisbursementLine, DisbursementLine.batch_id == DisbursementBatch.id)
    )
    return writer.session.scalar(query.where(DisbursementLine.id == line_id))
