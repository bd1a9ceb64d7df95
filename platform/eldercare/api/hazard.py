"""Hazards, rectifications, reviews and fire safety as the API shows them, with the ledger and the figures of standing."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, func

from eldercare import registry
from eldercare.api.kind import FLAG, NUMBER, WHOLE, choice
from eldercare.api.noun import Dimension, Many, Noun, Report, Summary, Total, computed, grouped_by, shown_label
from eldercare.api.territory import BY_TERRITORY, PERIOD, TERRITORY
from eldercare.registry.hazard import HazardLevel, HazardState
from eldercare.registry.standing import hazard_open, hazard_state, overdue_days
from eldercare.registry.supervision import hazard_ledger, standing_figures


def is_open(row: Any, view: Any) -> ColumnElement[bool]:
    """Whether a hazard stands open at the view's date."""
    return hazard_open(row, view.as_of)


def days_late(row: Any, view: Any) -> ColumnElement[int]:
    """By how many days a hazard is late at the view's date, or was when it was closed."""
    return overdue_days(row, row.closed_on, view.as_of)


def late(row: Any, view: Any) -> ColumnElement[bool]:
    """Whether a hazard stands open after its due day."""
    return and_(hazard_open(row, view.as_of), row.due_on < view.as_of)


def _ones(condition: Any) -> Any:
    return lambda row, view: case((condition(row, view), 1), else_=0)


NOUNS = (
    Noun(
        registry.Hazard,
        "hazards",
        fields=(
            computed("state", choice(HazardState), hazard_state, en="Where it stands.", zh="状态", required=True),
            computed("open", FLAG, is_open, en="Whether it stands open.", zh="是否未销号", required=True),
            computed(
                "overdue", FLAG, late, en="Whether it stands open after its due day.", zh="是否逾期", required=True
            ),
            computed(
                "overdue_days",
                WHOLE,
                days_late,
                en="By how many days it is late, or was when it was closed; 0 in time.",
                zh="逾期天数",
                required=True,
            ),
            Many("rectifications", "Rectification", "hazard_id", "The attempts to put it right.", "整改"),
        ),
        order=("due_on",),
        place_of="facility",
        summary=Summary(
            (
                grouped_by(registry.Hazard, "level"),
                grouped_by(registry.Hazard, "category"),
                grouped_by(registry.Hazard, "major"),
                grouped_by(registry.Hazard, "heading"),
                grouped_by(registry.Hazard, "origin"),
                Dimension("state", choice(HazardState), hazard_state, "Where they stand.", "状态"),
                *BY_TERRITORY,
            ),
            (
                Total("open", _ones(is_open), "Of those open.", "未销号数"),
                Total("overdue", _ones(late), "Of those open after their due day.", "逾期数"),
            ),
        ),
    ),
    Noun(
        registry.Rectification,
        "rectifications",
        fields=(Many("reviews", "HazardReview", "rectification_id", "The look at it.", "复查"),),
        order=("started_on",),
    ),
    Noun(registry.HazardReview, "hazardReviews", order=("reviewed_on",)),
    Noun(registry.FireSafety, "fireSafetyRecords", order=("valid_from",), place_of="facility"),
)


def _ledger(given: dict[str, Any], view: Any) -> Any:
    return hazard_ledger(view, given["division"], given["begins"], func.coalesce(given["ends"], view.as_of))


def _standing(given: dict[str, Any], view: Any) -> Any:
    return standing_figures(view, given["division"])


REPORTS = (
    Report(
        "hazardLedger",
        "HazardLedgerRow",
        _ledger,
        fields=(
            shown_label("level", choice(HazardLevel), en="Level of the hazards.", zh="隐患等级", required=True),
            shown_label("found", WHOLE, en="Found in the period.", zh="新增", required=True),
            shown_label("due", WHOLE, en="Due in the period.", zh="应整改", required=True),
            shown_label("due_closed", WHOLE, en="Of those due, closed by its end.", zh="应整改已销号", required=True),
            shown_label("closed", WHOLE, en="Closed in the period.", zh="销号", required=True),
            shown_label("open", WHOLE, en="Open at its end.", zh="期末未销号", required=True),
            shown_label("major", WHOLE, en="Of those open, major ones.", zh="其中重大隐患", required=True),
            shown_label("overdue", WHOLE, en="Of those open, after their due day.", zh="其中逾期", required=True),
            shown_label("longest_overdue", WHOLE, en="The longest delay of an open one, in days.", zh="最长逾期天数"),
            shown_label("rectify_rate", NUMBER, en="Closed for each that was due.", zh="隐患整改率"),
        ),
        en="Hazards from a day to a day by level, with what stands open at its end.",
        zh="隐患台账",
        arguments=(TERRITORY, *PERIOD),
        order=("level",),
    ),
    Report(
        "safetyFigures",
        "SafetyFigures",
        _standing,
        fields=(
            shown_label("facilities", WHOLE, en="Institutions that work.", zh="运营机构数", required=True),
            shown_label("fire_met", WHOLE, en="Of those meeting the fire standard.", zh="消防达标数", required=True),
            shown_label("fire_not_met", WHOLE, en="Of those failing it.", zh="消防未达标数", required=True),
            shown_label("fire_rate", NUMBER, en="Meeting the standard for each institution.", zh="消防达标率"),
            shown_label("filed", WHOLE, en="Of those filed with civil affairs.", zh="已备案数", required=True),
            shown_label("filed_rate", NUMBER, en="Filed for each institution that works.", zh="备案率"),
            shown_label(
                "admissions_blocked",
                WHOLE,
                en="Institutions that may admit nobody: a major hazard or a failed fire standard.",
                zh="暂停收住机构数",
                required=True,
            ),
        ),
        en="Fire safety, filing and blocked admissions over the institutions of a territory.",
        zh="安全监管统计",
        arguments=(TERRITORY,),
        single=True,
    ),
)
