"""Memberships of groups as the API shows them, and counts of groups without counting anybody twice."""

from typing import Any

from sqlalchemy import ColumnElement, cast, func, literal, null, select, union_all
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
from eldercare.api.person import age_band, home
from eldercare.api.territory import BY_TERRITORY, territories
from eldercare.registry.division import Level
from eldercare.registry.group import effective
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import Person, Residence, ResidenceBase
from eldercare.registry.query import View, visible
from eldercare.registry.summary import members


def _home(membership: Any, view: View) -> ColumnElement[Any]:
    person = aliased(Person)
    found = select(home(person, view)).where(person.id == membership.person_id)
    return found.correlate(membership).scalar_subquery()


def _age_band(membership: Any, view: View) -> ColumnElement[Any]:
    person = aliased(Person)
    found = select(age_band(person, view)).where(person.id == membership.person_id)
    return found.correlate(membership).scalar_subquery()


def group_counts(given: dict[str, Any], view: View) -> Any:
    """One row for each group, or with `distinct` one for all of them; each of them for every division of `level`."""
    categories = list(given["categories"] or GroupCategory)
    base: ResidenceBase | None = given["base"]
    found = _people(categories, given["division"], base, view)
    level: Level | None = given["level"]
    category = cast(null(), TEXT.sql) if given["distinct"] else found.c.category
    counted = func.count(found.c.person.distinct()).label("people")
    if level is None:
        chosen = select(category.label("category"), cast(null(), KEY.sql).label("division"), counted).select_from(found)
        return _grouped(chosen, found, given["distinct"])
    upper, residence = territories([level]).subquery(), aliased(Residence)
    at = (residence.person_id == found.c.person) & (residence.base == (base or ResidenceBase.RESIDENT))
    joined = found.join(residence, at).join(upper, upper.c.id == residence.division_id)
    place = upper.c[level.name.lower()]
    chosen = select(category.label("category"), place.label("division"), counted).select_from(joined)
    chosen = chosen.where(*visible(residence, view.at_date()), place.is_not(None))
    return _grouped(chosen, found, given["distinct"], place)


def _grouped(chosen: Any, found: Any, distinct: bool | None, *more: Any) -> Any:
    by = [*([] if distinct else [found.c.category]), *more]
    return chosen.group_by(*by) if by else chosen


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
        group_counts,
        fields=(
            shown_label("category", CATEGORY, en="The group; empty when all are counted together.", zh="群体类别"),
            shown_reference("division", "Division", en="The division, when counted by level.", zh="区划"),
            shown_label("people", WHOLE, en="How many people; each counts once in a row.", zh="人数", required=True),
        ),
        en="How many people belong to groups in a territory, derived groups included; nobody who has died counts.",
        zh="群体人数统计",
        order=("division", "category"),
        arguments=(
            Argument("division", KEY, "The territory; everywhere without.", "区划", noun="Division"),
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
        place=_home,
        summary=Summary(
            (
                grouped_by(registry.GroupMembership, "category"),
                grouped_by(registry.GroupMembership, "support_mode"),
                grouped_by(registry.GroupMembership, "self_care"),
                grouped_by(registry.GroupMembership, "determination"),
                Dimension("age_band", TEXT, _age_band, "Band of five years of age.", "年龄段"),
                *BY_TERRITORY,
            ),
            (Distinct("people", lambda row, view: row.person_id, "How many different people.", "人数"),),
            counted=effective,
        ),
    ),
)
