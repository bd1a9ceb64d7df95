"""Memberships of groups as the API shows them, and counts of groups without counting anybody twice."""

from typing import Any

from sqlalchemy import cast, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from eldercare import registry
from eldercare.api.kind import FLAG, KEY, TEXT, WHOLE, choice
from eldercare.api.noun import (
    Argument,
    Dimension,
    Distinct,
    Noun,
    Report,
    Summary,
    grouped_by,
    shown_label,
    shown_reference,
)
from eldercare.api.person import age_band
from eldercare.api.territory import BY_TERRITORY, territories
from eldercare.registry.division import Level
from eldercare.registry.group import effective
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import Residence, ResidenceBase
from eldercare.registry.query import View, visible
from eldercare.registry.summary import distinct_members, group_counts, members


def counted_groups(given: dict[str, Any], view: View) -> Any:
    """One row for each group, or with `distinct` one for all of them; each of them for every division of `level`."""
    categories = list(given["categories"] or GroupCategory)
    if given["level"] is not None:
        return _by_level(categories, given, view)
    inside: dict[str, Any] = {"territory_id": given["division"], "base": given["base"]}
    nowhere = cast(null(), KEY.sql).label("division")
    if given["distinct"]:
        people = distinct_members(categories, view, **inside)
        return select(cast(null(), TEXT.sql).label("category"), nowhere, people.label("people"))
    found = group_counts(categories, view, **inside).subquery()
    return select(found.c.category, nowhere, found.c.people)


def _by_level(categories: list[GroupCategory], given: dict[str, Any], view: View) -> Any:
    """The people of each group by the division of a level in which they live or, if asked for, are registered."""
    base: ResidenceBase | None = given["base"]
    level: Level = given["level"]
    found = _people(categories, given["division"], base, view)
    upper, residence = territories([level]).subquery(), aliased(Residence)
    place = upper.c[level.name.lower()]
    at = (residence.person_id == found.c.person) & (residence.base == (base or ResidenceBase.RESIDENT))
    joined = found.join(residence, at).join(upper, upper.c.id == residence.division_id)
    category = cast(null(), TEXT.sql) if given["distinct"] else found.c.category
    counted = func.count(found.c.person.distinct()).label("people")
    chosen = select(category.label("category"), place.label("division"), counted).select_from(joined)
    chosen = chosen.where(*visible(residence, view.at_date()), place.is_not(None))
    return chosen.group_by(place, *([] if given["distinct"] else [found.c.category]))


def _people(categories: list[GroupCategory], division: Any, base: ResidenceBase | None, view: View) -> Any:
    """Who belongs to which of the groups."""
    parts = []
    for category in categories:
        keys = members(category, view, territory_id=division, base=base).subquery()
        parts.append(select(literal(category.value, TEXT.sql).label("category"), keys.c[0].label("person")))
    return union_all(*parts).subquery()


CATEGORY = choice(GroupCategory)

REPORTS = (
    Report(
        "groupCounts",
        "GroupCount",
        counted_groups,
        fields=(
            shown_label("category", CATEGORY, en="The group; empty when all are counted together.", zh="群体类别"),
            shown_reference("division", "Division", en="The division, when counted by level.", zh="区划"),
            shown_label("people", WHOLE, en="How many people; each counts once in a row.", zh="人数", required=True),
        ),
        en="How many people belong to groups in a territory, derived groups included; nobody who has died counts.",
        zh="群体人数统计",
        order=("division", "category"),
        arguments=(
            Argument("division", KEY, "The territory: its id or its twelve-digit code; everywhere without.", "区划", noun="Division"),
            Argument(
                "categories", CATEGORY, "Which groups; all of them without.", "群体类别", many=True, structural=True
            ),
            Argument(
                "base",
                choice(ResidenceBase),
                "Who lives there or who is registered there; either without.",
                "口径",
                structural=True,
            ),
            Argument("level", choice(Level), "A row for every division of this level.", "行政层级", structural=True),
            Argument("distinct", FLAG, "Count all groups together, everybody once.", "是否去重", structural=True),
        ),
    ),
)

NOUNS = (
    Noun(
        registry.GroupMembership,
        "groupMemberships",
        order=("category", "valid_from"),
        place_of="person",
        summary=Summary(
            (
                grouped_by(registry.GroupMembership, "category"),
                grouped_by(registry.GroupMembership, "support_mode"),
                grouped_by(registry.GroupMembership, "self_care"),
                grouped_by(registry.GroupMembership, "determination"),
                Dimension("age_band", TEXT, age_band, "Band of five years of age.", "年龄段", through="person"),
                *BY_TERRITORY,
            ),
            (Distinct("people", lambda row, view: row.person_id, "How many different people.", "人数"),),
            counted=effective,
        ),
    ),
)
