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
)
from eldercare.api.person import age_band
from eldercare.api.territory import BASE, BY_TERRITORY, LEVEL, PLACE, TERRITORY
from eldercare.kit.errors import Forbidden
from eldercare.registry import rules
from eldercare.registry.group import effective, holds
from eldercare.registry.membership import GroupCategory, GroupMembership
from eldercare.registry.person import Person
from eldercare.registry.query import View
from eldercare.registry.rollup import at_home, counted
from eldercare.security.policy import Sight
from eldercare.security.privacy import Privacy


def counted_groups(given: dict[str, Any], view: View) -> Any:
    """One row for each group, or with `distinct` one for all of them; each of them for every division of `level`."""
    categories = countable(given["categories"], view)
    found, level = _people(categories, given, view), given["level"]
    people = {"people": func.count(found.c.person.distinct())}
    if given["distinct"]:
        return counted(found, level, view, people).add_columns(cast(null(), TEXT.sql).label("category"))
    if level is not None:
        return counted(found, level, view, people, (found.c.category,))
    # A group that nobody belongs to is told with its zero.
    asked = union_all(*(select(literal(each.value, TEXT.sql).label("category")) for each in categories)).subquery()
    joined = asked.outerjoin(found, found.c.category == asked.c.category)
    nowhere = [cast(null(), KEY.sql).label(name) for name in ("division", "under")]
    chosen = select(asked.c.category, *nowhere, people["people"].label("people")).select_from(joined)
    return chosen.group_by(asked.c.category)


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
    if not open_to:
        raise Forbidden("FIELD_HIDDEN", "Members of groups are not counted for you.", remedy="Ask for other reports.")
    return list(asked or open_to)


def _people(categories: list[GroupCategory], given: dict[str, Any], view: View) -> Any:
    """Who of the living in the territory belongs to which of the groups; the territory is looked up once for all."""
    inside = at_home(view, territory_id=given["division"], base=given["base"], level=given["level"]).cte()
    stored = [each for each in categories if each not in rules.DERIVED_CATEGORIES]
    parts = [_computed(each, inside, view) for each in categories if each in rules.DERIVED_CATEGORIES]
    if stored:
        membership = aliased(GroupMembership)
        columns = (cast(membership.category, TEXT.sql).label("category"), membership.person_id.label("person"))
        found = select(*columns, inside.c.division).join(inside, inside.c.id == membership.person_id)
        parts.append(found.where(membership.category.in_(stored), *effective(membership, view)))
    return union_all(*parts).subquery()


def _computed(category: GroupCategory, inside: Any, view: View) -> Any:
    person = aliased(Person)
    columns = (literal(category.value, TEXT.sql).label("category"), person.id.label("person"), inside.c.division)
    return select(*columns).join(inside, inside.c.id == person.id).where(holds(category, person, view))


CATEGORY = choice(GroupCategory)

REPORTS = (
    Report(
        "groupCounts",
        "GroupCount",
        counted_groups,
        fields=(
            shown_label("category", CATEGORY, en="The group; empty when all are counted together.", zh="群体类别"),
            *PLACE,
            shown_label("people", WHOLE, en="How many people; each counts once in a row.", zh="人数", required=True),
        ),
        en="How many people belong to groups in a territory, derived groups included; nobody who has died counts.",
        zh="群体人数统计",
        order=("division", "under", "category"),
        people=True,
        arguments=(
            TERRITORY,
            Argument(
                "categories", CATEGORY, "Which groups; all of them without.", "群体类别", many=True, structural=True
            ),
            BASE,
            LEVEL,
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
