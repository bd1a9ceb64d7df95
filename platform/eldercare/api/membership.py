"""Memberships of groups as the API shows them, and counts of groups without counting anybody twice."""

from collections.abc import Sequence
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
from eldercare.kit.errors import Forbidden
from eldercare.registry import rules
from eldercare.registry.division import Level
from eldercare.registry.group import alive, effective, holds, people_within
from eldercare.registry.membership import GroupCategory, GroupMembership
from eldercare.registry.person import Person, Residence, ResidenceBase
from eldercare.registry.query import View, visible
from eldercare.security.policy import Sight
from eldercare.security.privacy import Privacy


def counted_groups(given: dict[str, Any], view: View) -> Any:
    """One row for each group, or with `distinct` one for all of them; each of them for every division of `level`."""
    categories = countable(given["categories"], view)
    found = _people(categories, given, view)
    counted = func.count(found.c.person.distinct()).label("people")
    if given["level"] is not None:
        return _by_level(found, counted, given, view)
    nowhere = cast(null(), KEY.sql).label("division")
    if given["distinct"]:
        return select(cast(null(), TEXT.sql).label("category"), nowhere, counted).select_from(found)
    # A group that nobody belongs to is told with its zero.
    asked = union_all(*(select(literal(each.value, TEXT.sql).label("category")) for each in categories)).subquery()
    joined = asked.outerjoin(found, found.c.category == asked.c.category)
    return select(asked.c.category, nowhere, counted).select_from(joined).group_by(asked.c.category)


def countable(asked: Sequence[GroupCategory] | None, view: View) -> list[GroupCategory]:
    """The groups that are counted: those asked for, else all; one whose members the viewer may not even count is refused."""
    if view.viewer is None:
        return list(asked or GroupCategory)
    kinds, viewer = view.viewer.policy.groups, view.viewer
    known = {each: viewer.sight(kinds.get(each.value, Privacy.PERSONAL)) for each in GroupCategory}
    open_to = [each for each, how in known.items() if how in (Sight.CLEAR, Sight.COUNTED)]
    if hidden := [each for each in asked or () if each not in open_to]:
        raise Forbidden(
            "FIELD_HIDDEN",
            f"Members of the group {hidden[0]} are not counted for you.",
            remedy=f"Leave {hidden[0]} out of categories.",
        )
    return list(asked or open_to)


def _by_level(found: Any, counted: Any, given: dict[str, Any], view: View) -> Any:
    """The people of each group by the division of a level in which they live or, if asked for, are registered."""
    level: Level = given["level"]
    upper, residence = territories([level]).subquery(), aliased(Residence)
    place = upper.c[level.name.lower()]
    at = (residence.person_id == found.c.person) & (residence.base == (given["base"] or ResidenceBase.RESIDENT))
    joined = found.join(residence, at).join(upper, upper.c.id == residence.division_id)
    category = cast(null(), TEXT.sql) if given["distinct"] else found.c.category
    chosen = select(category.label("category"), place.label("division"), counted).select_from(joined)
    chosen = chosen.where(*visible(residence, view.over_all().at_date()), place.is_not(None))
    return chosen.group_by(place, *([] if given["distinct"] else [found.c.category]))


def _people(categories: list[GroupCategory], given: dict[str, Any], view: View) -> Any:
    """Who of the living in the territory belongs to which of the groups; the territory is looked up once for all."""
    inside = _inside(given, view)
    stored = [each for each in categories if each not in rules.DERIVED_CATEGORIES]
    parts = [_computed(each, inside, view) for each in categories if each in rules.DERIVED_CATEGORIES]
    if stored:
        membership = aliased(GroupMembership)
        columns = (cast(membership.category, TEXT.sql).label("category"), membership.person_id.label("person"))
        found = select(*columns).join(inside, inside.c.id == membership.person_id)
        parts.append(found.where(membership.category.in_(stored), *effective(membership, view)))
    return union_all(*parts).subquery()


def _inside(given: dict[str, Any], view: View) -> Any:
    person = aliased(Person)
    chosen = select(person.id.label("id")).where(alive(person, view), *visible(person, view.at_date()))
    if given["division"] is not None:
        chosen = chosen.where(person.id.in_(people_within(given["division"], view.over_all(), base=given["base"])))
    return chosen.cte()


def _computed(category: GroupCategory, inside: Any, view: View) -> Any:
    person = aliased(Person)
    columns = (literal(category.value, TEXT.sql).label("category"), person.id.label("person"))
    return select(*columns).join(inside, inside.c.id == person.id).where(holds(category, person, view))


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
        people=True,
        arguments=(
            Argument(
                "division",
                KEY,
                "The territory: its id or its twelve-digit code; everywhere without.",
                "区划",
                noun="Division",
            ),
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
                Dimension(
                    "age_band",
                    TEXT,
                    age_band,
                    "Band of five years of age.",
                    "年龄段",
                    through="person",
                    privacy=Privacy.AGE_BAND,
                ),
                *BY_TERRITORY,
            ),
            (Distinct("people", lambda row, view: row.person_id, "How many different people.", "人数", Privacy.OPEN),),
            counted=effective,
        ),
    ),
)
