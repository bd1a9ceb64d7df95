"""Group operation as the API shows it: the five unifications, brands, the dashboard of a group, small facilities."""

from typing import Any

from eldercare import registry
from eldercare.api.kind import DAY, FLAG, KEY, NUMBER, TEXT, WHOLE, choice
from eldercare.api.noun import (
    Argument,
    Expression,
    Many,
    Noun,
    Report,
    Summary,
    computed,
    grouped_by,
    shown_label,
    shown_reference,
)
from eldercare.api.territory import BY_TERRITORY, TERRITORY
from eldercare.registry.group_operation import brand_target, cells, group_figures, of_brand, small_facilities
from eldercare.registry.grouping import Unification, UnificationState
from eldercare.security.privacy import Privacy


def counted(name: str) -> Expression:
    """A figure of the facilities under a brand."""
    return lambda row, view: of_brand(row, view, name)


NOUNS = (
    Noun(
        registry.UnificationItem,
        "unificationItems",
        order=("item", "valid_from"),
        place_of="facility",
        summary=Summary(
            (
                grouped_by(registry.UnificationItem, "item"),
                grouped_by(registry.UnificationItem, "state"),
                *BY_TERRITORY,
            )
        ),
    ),
    Noun(
        registry.Brand,
        "brands",
        fields=(
            computed("facility_count", WHOLE, counted("facilities"), en="Facilities.", zh="机构数", required=True),
            computed("beds", WHOLE, counted("beds"), en="Their institutional beds.", zh="床位数", required=True),
            computed(
                "residents",
                WHOLE,
                counted("residents"),
                en="Their residents.",
                zh="入住人数",
                required=True,
                # Less its other facilities it would tell of one in which few live.
                privacy=Privacy.PERSONAL,
            ),
            computed(
                "rated", WHOLE, counted("rated"), en="Of the facilities with a valid star rating.", zh="星级机构数"
            ),
            computed("stars", WHOLE, counted("stars"), en="Their stars together.", zh="星数合计", required=True),
            Many("facilities", "FacilityBrand", "brand_id", "Who works under it.", "品牌机构"),
        ),
        order=("name",),
        place=lambda row, view: row.division_id,
    ),
    Noun(registry.FacilityBrand, "facilityBrands", order=("valid_from",), place_of="facility"),
)

GROUP = Argument("group", KEY, "The group: the id of its organisation.", "集团", noun="Organisation", required=True)


def _dashboard(given: dict[str, Any], view: Any) -> Any:
    return cells(given["group"], view)


def _figures(given: dict[str, Any], view: Any) -> Any:
    return group_figures(given["group"], view)


def _target(given: dict[str, Any], view: Any) -> Any:
    return brand_target(given["division"], view)


def _small(given: dict[str, Any], view: Any) -> Any:
    return small_facilities(
        view,
        territory_id=given["division"],
        beds_below=given["beds_below"],
        residents_below=given["residents_below"],
    )


REPORTS = (
    Report(
        "groupDashboard",
        "UnificationCell",
        _dashboard,
        people=True,
        fields=(
            shown_reference("facility", "Facility", en="The facility.", zh="机构"),
            shown_label("item", choice(Unification), en="What is unified.", zh="统一事项", required=True),
            shown_label("state", choice(UnificationState), en="How far it is.", zh="进展", required=True),
            shown_label("since", DAY, en="Since when; empty when nothing was said.", zh="起始日期"),
            shown_label("note", TEXT, en="What was done.", zh="说明"),
        ),
        en="Every one of the five unifications at every facility that a group runs: five cells each.",
        zh="集团化运营五统一看板",
        arguments=(GROUP,),
        order=("facility", "item"),
    ),
    Report(
        "groupFigures",
        "GroupFigures",
        _figures,
        people=True,
        fields=(
            shown_label("facilities", WHOLE, en="Facilities it runs.", zh="机构数", required=True),
            shown_label("beds", WHOLE, en="Their institutional beds.", zh="床位数", required=True),
            shown_label("residents", WHOLE, en="Their residents.", zh="入住人数", required=True),
            shown_label("occupancy", NUMBER, en="Residents for each bed.", zh="入住率"),
            shown_label("reserved_beds", WHOLE, en="Beds kept for groups of people.", zh="预留床位", required=True),
            shown_label("reserved_share", NUMBER, en="Beds kept for each bed.", zh="预留比例"),
            shown_label("rated", WHOLE, en="Facilities with a valid star rating.", zh="星级机构数", required=True),
            shown_label(
                "cells",
                WHOLE,
                en="Unifications to be done: five for each facility.",
                zh="五统一应完成项",
                required=True,
            ),
            shown_label("cells_done", WHOLE, en="Of those done.", zh="五统一已完成项", required=True),
        ),
        en="What a group runs: facilities, beds, residents, reserve, stars and how far it is unified.",
        zh="集团运营统计",
        arguments=(GROUP,),
        single=True,
    ),
    Report(
        "brandTarget",
        "BrandTarget",
        _target,
        fields=(
            shown_label("brands", WHOLE, en="Brands there are.", zh="品牌数", required=True),
            shown_label("least", WHOLE, en="The fewest aimed at.", zh="目标下限", required=True),
            shown_label("most", WHOLE, en="The most aimed at.", zh="目标上限", required=True),
            shown_label("met", FLAG, en="Whether there are as many as aimed at.", zh="是否达标", required=True),
        ),
        en="How many brands a territory has against its aim.",
        zh="品牌培育目标",
        arguments=(TERRITORY,),
        single=True,
    ),
    Report(
        "smallFacilities",
        "SmallFacility",
        _small,
        people=True,
        fields=(
            shown_reference("facility", "Facility", en="The facility.", zh="机构"),
            shown_label("beds", WHOLE, en="Its institutional beds.", zh="床位数", required=True),
            shown_label("residents", WHOLE, en="Its residents.", zh="入住人数", required=True),
        ),
        en="Institutions so small and so empty that they might be merged with others; the limits are configuration.",
        zh="低小散机构清单",
        arguments=(
            TERRITORY,
            Argument("beds_below", WHOLE, "Fewer beds than this; the rules' limit without.", "床位数上限"),
            Argument("residents_below", WHOLE, "Fewer residents than this; the rules' limit without.", "入住人数上限"),
        ),
        order=("residents", "beds", "facility"),
    ),
)
