"""Census campaigns and visits, and what is counted of them: progress, freshness, visits due, the return of the month."""

from typing import Any

from sqlalchemy import literal

from eldercare import registry
from eldercare.api.kind import KEY, NUMBER, WHOLE, choice
from eldercare.api.membership import countable
from eldercare.api.noun import (
    Argument,
    Distinct,
    Many,
    Noun,
    Report,
    Summary,
    grouped_by,
    shown_label,
)
from eldercare.api.territory import BASE, BY_TERRITORY, LEVEL, PLACE, TERRITORY
from eldercare.registry import rules
from eldercare.registry.freshness import campaign, due_for_a_visit, freshness, month
from eldercare.registry.membership import GroupCategory
from eldercare.registry.query import View
from eldercare.security.privacy import Privacy

BY_PERSON = ("purpose", "manner", "topic", "result")


DAYS = Argument("days", WHOLE, "Within how many days; the days of the rules without.", "天数")


def _count(name: str, en: str, zh: str) -> Any:
    return shown_label(name, WHOLE, en=en, zh=zh, required=True)


def _rate(name: str, en: str, zh: str) -> Any:
    return shown_label(name, NUMBER, en=f"{en}; empty when there is nobody.", zh=zh)


def _days(given: dict[str, Any]) -> Any:
    return literal(rules.rule("freshness_days")) if given["days"] is None else given["days"]


def _fresh(given: dict[str, Any], view: View) -> Any:
    categories = countable(given["categories"], view) if given["categories"] else []
    return freshness(view, _days(given), categories, given["division"], given["base"], given["level"])


def _visits(given: dict[str, Any], view: View) -> Any:
    return due_for_a_visit(view, given["division"], given["base"], given["level"])


def _month(given: dict[str, Any], view: View) -> Any:
    return month(view, _days(given), given["division"], given["level"])


def _progress(given: dict[str, Any], view: View) -> Any:
    return campaign(view, given["census"], given["level"])


REPORTS = (
    Report(
        "censusProgress",
        "CensusProgress",
        _progress,
        fields=(
            *PLACE,
            _count("people", "People to be verified.", "应核实人数"),
            _count("visited", "Of those, verified in the days of the campaign.", "已核实人数"),
            _count("to_visit", "Of those, still to be verified.", "待核实人数"),
            _rate("share", "Verified of those to be verified", "完成率"),
        ),
        en="How far a campaign is, from the people who are at home in its territory and the visits in its days.",
        zh="摸底排查进度",
        order=("division", "under"),
        people=True,
        arguments=(Argument("census", KEY, "The campaign.", "摸底排查", required=True, noun="Census"), LEVEL),
    ),
    Report(
        "freshness",
        "Freshness",
        _fresh,
        fields=(
            *PLACE,
            _count("people", "People counted.", "人数"),
            _count("verified", "Of those, verified within the days.", "期内已核实人数"),
            _count("overdue", "Of those, not verified within the days, or never.", "逾期未核实人数"),
            _rate("share", "Verified within the days, of all", "动态更新及时率"),
        ),
        en="How fresh the registry is: who was verified within the last days, the date looked at included.",
        zh="动态更新及时率",
        order=("division", "under"),
        people=True,
        arguments=(
            TERRITORY,
            DAYS,
            Argument(
                "categories",
                choice(GroupCategory),
                "Members of one of these groups; everybody without.",
                "群体类别",
                many=True,
                structural=True,
            ),
            BASE,
            LEVEL,
        ),
    ),
    Report(
        "careVisits",
        "CareVisits",
        _visits,
        fields=(
            *PLACE,
            _count("due", "People in special difficulty, who are visited every month.", "应探访人数"),
            _count("done", "Of those, met in the month until the date looked at.", "已探访人数"),
            _count("missed", "Of those, not met.", "未探访人数"),
            _rate("rate", "Met of those to be met", "月探访率"),
        ),
        en="Visits to people in special difficulty in the month of the date looked at, until that date.",
        zh="特殊困难老年人探访统计",
        order=("division", "under"),
        people=True,
        arguments=(TERRITORY, BASE, LEVEL),
    ),
    Report(
        "dynamicUpdate",
        "DynamicUpdate",
        _month,
        fields=(
            *PLACE,
            _count("added", "People who were added: new or moved in.", "新增人数"),
            _count("gone", "People who died or moved away.", "减少人数"),
            _count("changed", "People of whom something else changed.", "变更人数"),
            _count("verified", "People verified.", "核实人数"),
            _count("overdue", "People not verified within the days, or never.", "逾期未核实人数"),
        ),
        en="The return of dynamic update: reports applied and people verified in the month of the date looked at, until it.",
        zh="动态更新月报",
        order=("division", "under"),
        people=True,
        arguments=(TERRITORY, DAYS, LEVEL),
    ),
)

NOUNS = (
    Noun(
        registry.Census,
        "censuses",
        fields=(Many("visits", "Visit", "census_id", "Visits made for it.", "走访记录"),),
        order=("begins_on",),
        place=lambda row, view: row.division_id,
    ),
    Noun(
        registry.Visit,
        "visits",
        order=("visited_on",),
        place_of="person",
        summary=Summary(
            (*(grouped_by(registry.Visit, name) for name in BY_PERSON), *BY_TERRITORY),
            (Distinct("people", lambda row, view: row.person_id, "How many different people.", "人数", Privacy.OPEN),),
        ),
    ),
)
