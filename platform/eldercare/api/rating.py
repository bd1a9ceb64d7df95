"""Ratings as the API shows them, with the levels of each scheme and who holds which."""

from typing import Any

from sqlalchemy import literal, select, union_all

from eldercare import registry
from eldercare.api.kind import NUMBER, TEXT, WHOLE, choice
from eldercare.api.noun import Argument, Dimension, Noun, Report, Summary, computed, grouped_by, shown_label
from eldercare.api.territory import TERRITORY
from eldercare.registry.division import Level
from eldercare.registry.rating import RatingScheme, RatingStatus, RatingSubject
from eldercare.registry.rules import rule
from eldercare.registry.standing import level_name, rating_status
from eldercare.registry.supervision import star_share

STATUS = choice(RatingStatus)

NOUNS = (
    Noun(
        registry.Rating,
        "ratings",
        fields=(
            computed("status", STATUS, rating_status, en="Where it stands.", zh="状态", required=True),
            computed(
                "level_name",
                TEXT,
                lambda row, view: level_name(row, 0),
                en="What the level is called.",
                zh="等级英文名称",
            ),
            computed(
                "level_name_zh",
                TEXT,
                lambda row, view: level_name(row, 1),
                en="What the level is called in Chinese.",
                zh="等级名称",
            ),
        ),
        order=("issued_on",),
        place_of="facility",
        summary=Summary(
            (
                grouped_by(registry.Rating, "scheme"),
                grouped_by(registry.Rating, "level"),
                Dimension("status", STATUS, rating_status, "Where they stand.", "状态"),
            )
        ),
    ),
)


def levels(given: dict[str, Any], view: Any) -> Any:
    """One row for each level of each scheme: what it is called and the lowest body that may give it."""
    rows = [
        select(
            literal(scheme).label("scheme"),
            literal(found["subject"]).label("subject"),
            literal(level).label("level"),
            literal(names[0]).label("name"),
            literal(names[1]).label("name_zh"),
            literal(found["years"]).label("years"),
            literal(_lowest(found["highest_of_issuer"], level)).label("given_from"),
        )
        for scheme, found in rule("rating_schemes").items()
        for level, names in enumerate(found["names"], start=1)
    ]
    return select(union_all(*rows).subquery())


def _lowest(highest: dict[str, int], level: int) -> str:
    """The lowest level of administration whose bodies may give a rating of this level."""
    may = [each.value for each in (Level.COUNTY, Level.CITY) if highest.get(each.value, level) >= level]
    return may[0] if may else Level.PROVINCE.value


def _share(given: dict[str, Any], view: Any) -> Any:
    return star_share(view, given["division"], given["scheme"] or RatingScheme.INSTITUTION_STAR)


REPORTS = (
    Report(
        "ratingLevels",
        "RatingLevel",
        levels,
        fields=(
            shown_label("scheme", choice(RatingScheme), en="The scheme.", zh="评定体系", required=True),
            shown_label("subject", choice(RatingSubject), en="What it rates.", zh="评定对象", required=True),
            shown_label("level", WHOLE, en="The level, the lowest first.", zh="等级", required=True),
            shown_label("name", TEXT, en="What it is called.", zh="英文名称", required=True),
            shown_label("name_zh", TEXT, en="What it is called in Chinese.", zh="名称", required=True),
            shown_label("years", WHOLE, en="For how many years it is given.", zh="有效年限", required=True),
            shown_label(
                "given_from", choice(Level), en="The lowest body that may give it.", zh="最低评定层级", required=True
            ),
        ),
        en="The levels of every rating scheme, from the rules.",
        zh="评定体系等级",
        order=("scheme", "level"),
    ),
    Report(
        "starShare",
        "StarShare",
        _share,
        fields=(
            shown_label("level", WHOLE, en="The level held; empty for those without.", zh="等级"),
            shown_label("facilities", WHOLE, en="Facilities that hold it.", zh="机构数", required=True),
            shown_label("share", NUMBER, en="Of all facilities that the scheme rates.", zh="占全部机构比例"),
            shown_label("share_of_rated", NUMBER, en="Of those with a valid rating.", zh="占已评定机构比例"),
        ),
        en="How many facilities hold which level of a scheme by a rating that is valid on the date.",
        zh="等级分布",
        arguments=(
            TERRITORY,
            Argument(
                "scheme",
                choice(RatingScheme),
                "The scheme; stars of institutions without.",
                "评定体系",
                structural=True,
            ),
        ),
        order=("level",),
    ),
)
