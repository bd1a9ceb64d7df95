"""Full inclusion as the API shows it: who is placed of those entitled and willing, and why each of the others is not."""

from typing import Any

from sqlalchemy import Integer, case, literal, select
from sqlalchemy.orm import aliased

from eldercare import registry
from eldercare.api.kind import DAY, KEY, NUMBER, WHOLE, choice
from eldercare.api.membership import countable
from eldercare.api.named import Command
from eldercare.api.noun import Argument, Distinct, Noun, Report, Summary, grouped_by, shown_label, shown_reference
from eldercare.api.territory import BASE, BY_TERRITORY, LEVEL, PLACE, TERRITORY
from eldercare.registry import stating
from eldercare.registry.group import alive, people_within
from eldercare.registry.inclusion import (
    ENTITLED,
    GapReason,
    applied_on,
    gap_reason,
    in_the_gap,
    inclusion,
    open_application,
    planned_on,
)
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import Person
from eldercare.registry.query import View, visible
from eldercare.security.privacy import Privacy

PAGE, LARGEST = 500, 5000
"""How many people a gap list shows unless said otherwise, and at most."""

REASON = choice(GapReason)
CATEGORIES = Argument(
    "categories",
    choice(GroupCategory),
    "The groups that are to be taken in; those of the rules without.",
    "应保障类别",
    many=True,
    structural=True,
)


def _inclusion(given: dict[str, Any], view: View) -> Any:
    return inclusion(
        countable(given["categories"] or ENTITLED, view), view, given["division"], given["base"], given["level"]
    )


def _gap(given: dict[str, Any], view: View) -> Any:
    person, categories = aliased(Person), countable(given["categories"] or ENTITLED, view)
    # People are listed, not counted: those whom the viewer may see; what is told of them is computed with nobody's eyes.
    rows, free = view.rows().at_date(), view.over_all()
    where = [alive(person, view), *visible(person, rows, lead=True), in_the_gap(categories, person, free)]
    if given["division"] is not None:
        where.append(person.id.in_(people_within(given["division"], free, base=given["base"])))
    if given["after"] is not None:
        where.append(person.id > given["after"])
    reason = gap_reason(person, free)
    if given["reason"] is not None:
        where.append(reason == given["reason"])
    columns = (
        person.id.label("person"),
        reason.label("reason"),
        open_application(person, free).label("application"),
        applied_on(person, free).label("since"),
        planned_on(person, free).label("planned_on"),
    )
    return select(*columns).where(*where).order_by(person.id).limit(_first(given["first"]))


def _first(first: Any) -> Any:
    """How many rows, between none and the most."""
    if first is None:
        return PAGE
    return case((first < 0, literal(0, Integer)), (first > LARGEST, literal(LARGEST, Integer)), else_=first)


REPORTS = (
    Report(
        "inclusion",
        "Inclusion",
        _inclusion,
        fields=(
            *PLACE,
            shown_label("eligible", WHOLE, en="People entitled to a public place.", zh="应保障人数", required=True),
            shown_label(
                "unwilling",
                WHOLE,
                en="Of those, without a place and not wanting one.",
                zh="不愿入住人数",
                required=True,
            ),
            shown_label("willing", WHOLE, en="The others: the denominator.", zh="应养人数", required=True),
            shown_label("placed", WHOLE, en="Of those, living in a public home.", zh="已入住人数", required=True),
            shown_label("gap", WHOLE, en="Of those, without a place.", zh="未入住人数", required=True),
            shown_label(
                "rate", NUMBER, en="Placed of those who are to be; empty when there is nobody.", zh="应养尽养率"
            ),
        ),
        en="Full inclusion: how many of those entitled and willing live in a public home.",
        zh="应养尽养统计",
        order=("division", "under"),
        people=True,
        arguments=(TERRITORY, CATEGORIES, BASE, LEVEL),
    ),
    Report(
        "inclusionGap",
        "InclusionGap",
        _gap,
        lists=True,
        fields=(
            shown_reference("person", "Person", en="Who is entitled and willing and has no place.", zh="老年人"),
            shown_label("reason", REASON, en="Why; the first reason that fits.", zh="未入住原因", required=True),
            shown_reference("application", "Application", en="The open application, if any.", zh="入住申请"),
            shown_label("since", DAY, en="When it was made.", zh="申请日期"),
            shown_label("planned_on", DAY, en="When the person is to move in, if planned.", zh="计划入住日期"),
        ),
        en="The people behind the gap of inclusion, by their ids, each with a reason; as many as its gap.",
        zh="应养未养清单",
        order=("person",),
        arguments=(
            TERRITORY,
            CATEGORIES,
            BASE,
            Argument("reason", REASON, "Those with this reason; all without.", "未入住原因"),
            Argument("first", WHOLE, f"How many: up to {LARGEST}, by default {PAGE}.", "条数"),
            Argument("after", KEY, "Those behind this person of the list.", "此人之后", noun="Person"),
        ),
    ),
)

STATED = ("reason", "refused_bed_type", "planned_on", "witness", "note")
COMMANDS = (
    Command(
        "stateWillingness",
        registry.Willingness,
        stating.state_willingness,
        "Record that somebody wants a place or does not; what was said before ends on that day.",
        "登记入住意愿",
        STATED,
        texts={"on": ("The day it was said.", "表示日期"), "willing": ("Whether a place is wanted.", "是否愿意")},
    ),
)

NOUNS = (
    Noun(
        registry.Willingness,
        "willingnesses",
        order=("valid_from",),
        place_of="person",
        summary=Summary(
            (
                grouped_by(registry.Willingness, "willing"),
                grouped_by(registry.Willingness, "reason"),
                grouped_by(registry.Willingness, "refused_bed_type"),
                *BY_TERRITORY,
            ),
            (Distinct("people", lambda row, view: row.person_id, "How many different people.", "人数", Privacy.OPEN),),
        ),
    ),
)
