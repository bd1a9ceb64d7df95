"""Checklists, inspections with their pass rates, results and findings as the API shows them."""

from typing import Any

from sqlalchemy import ColumnElement, func

from eldercare import registry
from eldercare.api.compiler.aggregate import quotient
from eldercare.api.kind import FLAG, NUMBER, WHOLE, choice
from eldercare.api.noun import (
    Expression,
    Many,
    Noun,
    Rate,
    Report,
    Summary,
    Total,
    computed,
    grouped_by,
    shown_label,
)
from eldercare.api.territory import BY_TERRITORY, PERIOD, TERRITORY
from eldercare.registry.checklist import InspectionKind, InspectionState, Verdict
from eldercare.registry.standing import inspection_state
from eldercare.registry.supervision import all_passed, inspection_ledger, items, results


def found(*verdicts: Verdict) -> Expression:
    """The items of an inspection that were found so."""
    return lambda row, view: results(row, *verdicts)


def pass_rate(row: Any, view: Any) -> ColumnElement[Any]:
    """The items passed for each that applies."""
    return quotient(results(row, Verdict.PASS), results(row, Verdict.PASS, Verdict.FAIL))


PASSED, FAILED, APPLICABLE = found(Verdict.PASS), found(Verdict.FAIL), found(Verdict.PASS, Verdict.FAIL)

NOUNS = (
    Noun(
        registry.ChecklistTemplate,
        "checklistTemplates",
        fields=(Many("items", "ChecklistItem", "template_id", "Its items.", "检查项"),),
        order=("code", "valid_from"),
    ),
    Noun(registry.ChecklistItem, "checklistItems", order=("number",)),
    Noun(
        registry.Inspection,
        "inspections",
        fields=(
            computed(
                "state", choice(InspectionState), inspection_state, en="Where it stands.", zh="状态", required=True
            ),
            computed(
                "items", WHOLE, lambda row, view: items(row), en="Items of its checklist.", zh="指标数", required=True
            ),
            computed("passed", WHOLE, PASSED, en="Items passed.", zh="合格项数", required=True),
            computed("failed", WHOLE, FAILED, en="Items failed.", zh="不合格项数", required=True),
            computed(
                "not_applicable",
                WHOLE,
                found(Verdict.NOT_APPLICABLE),
                en="Items that do not apply.",
                zh="不适用项数",
                required=True,
            ),
            computed("pass_rate", NUMBER, pass_rate, en="Items passed for each that applies.", zh="指标合格率"),
            computed(
                "all_passed",
                FLAG,
                lambda row, view: all_passed(row),
                en="Whether every item was passed, save those the checklist lets be not applicable; empty without one.",
                zh="是否全部合格",
            ),
            Many("inspectors", "Inspector", "inspection_id", "Who inspects.", "检查人员"),
            Many("results", "InspectionResult", "inspection_id", "What was found about each item.", "检查结果"),
            Many("findings", "Finding", "inspection_id", "The defects it found.", "发现问题"),
            Many("hazards", "Hazard", "inspection_id", "The hazards it found.", "安全隐患"),
        ),
        order=("started_on",),
        place_of="facility",
        summary=Summary(
            (
                grouped_by(registry.Inspection, "kind"),
                grouped_by(registry.Inspection, "outcome"),
                *BY_TERRITORY,
            ),
            (
                Total("passed", PASSED, "Items passed.", "合格项数"),
                Total("failed", FAILED, "Items failed.", "不合格项数"),
                Rate("pass_rate", PASSED, APPLICABLE, "Items passed for each that applies.", "指标合格率"),
            ),
        ),
    ),
    Noun(registry.Inspector, "inspectors", order=("name",)),
    Noun(
        registry.InspectionResult,
        "inspectionResults",
        summary=Summary((grouped_by(registry.InspectionResult, "verdict"),)),
    ),
    Noun(
        registry.Finding,
        "findings",
        order=("category", "found_on"),
        place_of="facility",
        summary=Summary((grouped_by(registry.Finding, "category"), *BY_TERRITORY)),
    ),
)


def _ledger(given: dict[str, Any], view: Any) -> Any:
    return inspection_ledger(view, given["division"], given["begins"], func.coalesce(given["ends"], view.as_of))


REPORTS = (
    Report(
        "inspectionLedger",
        "InspectionLedgerRow",
        _ledger,
        fields=(
            shown_label("kind", choice(InspectionKind), en="Kind of inspection.", zh="检查类型", required=True),
            shown_label("completed", WHOLE, en="Inspections completed.", zh="检查次数", required=True),
            shown_label("passed", WHOLE, en="Of those passed.", zh="合格次数", required=True),
            shown_label("failed", WHOLE, en="Of those not passed.", zh="不合格次数", required=True),
            shown_label("items_passed", WHOLE, en="Items passed.", zh="合格项数", required=True),
            shown_label("items_failed", WHOLE, en="Items failed.", zh="不合格项数", required=True),
            shown_label("pass_rate", NUMBER, en="Items passed for each that applies.", zh="指标合格率"),
        ),
        en="Inspections completed from a day to a day, by kind.",
        zh="监督检查台账",
        arguments=(TERRITORY, *PERIOD),
        order=("kind",),
    ),
)
