"""Published counts of people as the API shows them: the edition in force at a date, small cells withheld."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from eldercare.api.kind import DAY, FLAG, KEY, WHOLE, choice
from eldercare.api.noun import Argument, Report, shown_label, shown_reference
from eldercare.api.territory import territories
from eldercare.registry.division import Level, within
from eldercare.registry.publication import PublishedCount, PublishedEdition, PublishedMeasure
from eldercare.registry.query import View

MEASURE = choice(PublishedMeasure)


def published_counts(given: dict[str, Any], view: View) -> Any:
    """The counts of the newest edition that was out at the view's date, for a division or for those of a level in it."""
    count, edition, out = aliased(PublishedCount), aliased(PublishedEdition), aliased(PublishedEdition)
    newest = select(func.max(out.as_of)).where(out.as_of <= view.as_of).scalar_subquery()
    columns = (
        count.measure,
        count.division_id.label("division"),
        count.people,
        count.people.is_(None).label("withheld"),
        count.counted_on,
        edition.as_of.label("edition"),
    )
    found = select(*columns).join(edition, edition.id == count.edition_id).where(edition.as_of == newest)
    if given["measures"] is not None:
        found = found.where(count.measure.in_(given["measures"]))
    if given["level"] is None:
        return found.where(count.division_id.in_(_keys(given["division"])))
    upper = territories([given["level"]]).subquery()
    own = upper.c.id == upper.c[given["level"].name.lower()]
    found = found.join(upper, upper.c.id == count.division_id).where(own)
    return found.where(within(count.division_id, given["division"]))


def _keys(division: Any) -> Any:
    return division if hasattr(division, "scalar_subquery") else [division]


REPORTS = (
    Report(
        "publishedCounts",
        "PublishedCount",
        published_counts,
        fields=(
            shown_label("measure", MEASURE, en="What is counted.", zh="指标", required=True),
            shown_reference("division", "Division", en="The division.", zh="区划"),
            shown_label(
                "people",
                WHOLE,
                en="How many people; empty where the number is withheld because it, or what follows from it, is small.",
                zh="人数",
            ),
            shown_label("withheld", FLAG, en="Whether the number is withheld.", zh="是否隐去", required=True),
            shown_label(
                "counted_on",
                DAY,
                en="The edition it was counted in; earlier than this one where it has hardly changed since.",
                zh="计数日期",
                required=True,
            ),
            shown_label("edition", DAY, en="The day whose people the edition counts.", zh="统计日期", required=True),
        ),
        en="Counts of people by group as published each quarter, for everybody; nobody where there is no row.",
        zh="公开统计人数",
        order=("division", "measure"),
        arguments=(
            Argument(
                "division",
                KEY,
                "The territory: its id or its twelve-digit code.",
                "区划",
                required=True,
                noun="Division",
            ),
            Argument("measures", MEASURE, "What is counted; everything without.", "指标", many=True, structural=True),
            Argument(
                "level",
                choice(Level),
                "A row for every division of this level in the territory; the territory itself without.",
                "行政层级",
                structural=True,
            ),
        ),
    ),
)
