"""Upgrades with their gaps, and projects, as the API shows them."""

from typing import Any

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import aliased

from eldercare import registry
from eldercare.api.kind import FLAG, WHOLE, choice
from eldercare.api.noun import Dimension, Expression, Many, Noun, Summary, Total, computed, grouped_by
from eldercare.api.territory import BY_TERRITORY
from eldercare.registry.gaps import gap_closed, gap_count, option_met
from eldercare.registry.standing import overdue_days, project_overdue, project_state
from eldercare.registry.upgrade import GapOption, ProjectState, StarUpgradeProject, UpgradeGap


def gaps(closed: bool | None = None) -> Expression:
    """How many gaps an upgrade has, or has closed or open."""
    return lambda row, view: gap_count(row, view, closed=closed)


def days_late(row: Any, view: Any) -> ColumnElement[int]:
    """By how many days a project is late at the view's date, or was when it was completed."""
    return case((row.cancelled_on <= view.as_of, 0), else_=overdue_days(row, row.completed_on, view.as_of))


def is_met(row: Any, view: Any) -> ColumnElement[bool]:
    """Whether what an option demands is so at the view's date."""
    gap, project = aliased(UpgradeGap), aliased(StarUpgradeProject)
    found = (
        select(option_met(row, project.facility_id, view)).select_from(gap).join(project, project.id == gap.project_id)
    )
    return found.where(gap.id == row.gap_id).correlate(row).scalar_subquery()


def _ones(row: Any, view: Any) -> ColumnElement[int]:
    return case((project_overdue(row, view), 1), else_=0)


STATE = choice(ProjectState)
TIMING = (
    computed("state", STATE, project_state, en="Where it stands.", zh="状态", required=True),
    computed("overdue", FLAG, project_overdue, en="Whether it should have been completed before.", zh="是否逾期"),
    computed(
        "overdue_days", WHOLE, days_late, en="By how many days it is late; 0 in time.", zh="逾期天数", required=True
    ),
)

NOUNS = (
    Noun(
        registry.StarUpgradeProject,
        "starUpgradeProjects",
        fields=(
            *TIMING,
            computed("gap_count", WHOLE, gaps(), en="Gaps it has.", zh="差距数", required=True),
            computed("gaps_closed", WHOLE, gaps(True), en="Of those closed.", zh="已消除差距数", required=True),
            computed("gaps_open", WHOLE, gaps(False), en="Of those open.", zh="未消除差距数", required=True),
            Many("gaps", "UpgradeGap", "project_id", "Its gaps.", "差距"),
        ),
        order=("due_on",),
        place_of="facility",
        summary=Summary(
            (
                grouped_by(registry.StarUpgradeProject, "target_level"),
                Dimension("state", STATE, project_state, "Where they stand.", "状态"),
                *BY_TERRITORY,
            ),
            (
                Total("gap_count", gaps(), "Gaps they have.", "差距数"),
                Total("gaps_closed", gaps(True), "Of those closed.", "已消除差距数"),
                Total("overdue", _ones, "Upgrades that are late.", "逾期数"),
            ),
        ),
    ),
    Noun(
        registry.UpgradeGap,
        "upgradeGaps",
        fields=(
            computed(
                "closed",
                FLAG,
                gap_closed,
                en="Whether it is closed: stated to be, or any one of its options is met.",
                zh="是否已消除",
                required=True,
            ),
            Many("options", "GapOption", "gap_id", "What closes it; one of them is enough.", "消除方式"),
        ),
        order=("number",),
    ),
    Noun(
        GapOption,
        "gapOptions",
        fields=(computed("met", FLAG, is_met, en="Whether it is so.", zh="是否满足"),),
        order=("kind",),
    ),
    Noun(
        registry.Project,
        "projects",
        fields=TIMING,
        order=("due_on",),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (
                grouped_by(registry.Project, "kind"),
                Dimension("state", STATE, project_state, "Where they stand.", "状态"),
                *BY_TERRITORY,
            ),
            (
                Total("overdue", _ones, "Projects that are late.", "逾期数"),
                Total("planned_beds", lambda row, view: row.planned_beds, "Beds they are to bring.", "计划床位数"),
            ),
        ),
    ),
)
