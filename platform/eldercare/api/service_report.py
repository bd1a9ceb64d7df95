"""Reports about services: who can serve an order, emergencies that wait, calls, platforms, and a period's services."""

from typing import Any

from sqlalchemy import select

from eldercare.api.kind import DAY, FLAG, INSTANT, KEY, MONEY, NUMBER, TEXT, WHOLE, choice
from eldercare.api.noun import Argument, Report, shown_label, shown_reference
from eldercare.registry.dispatch import Refusal, candidates
from eldercare.registry.division import Level
from eldercare.registry.query import View
from eldercare.registry.service import PurchasedKind, ServiceItem, ServiceKind
from eldercare.registry.service_summary import call_sums, counted_items, emergencies, platform_sums, service_sums
from eldercare.security.privacy import Privacy

TERRITORY = Argument(
    "division", KEY, "The territory: its id or its twelve-digit code; everywhere without.", "区划", noun="Division"
)
FIRST = Argument("first_day", DAY, "First day of the period.", "期间首日")
LAST = Argument("last_day", DAY, "Last day of the period.", "期间末日")


def _candidates(given: dict[str, Any], view: View) -> Any:
    found = candidates(given["order"], view).subquery()
    return select(*found.c).where(found.c.fits) if given["fitting"] else select(*found.c)


def _emergencies(given: dict[str, Any], view: View) -> Any:
    return emergencies(view, at=given["at"], territory_id=given["division"])


def _calls(given: dict[str, Any], view: View) -> Any:
    period = {"first": given["first_day"], "last": given["last_day"]}
    return call_sums(view, **period, territory_id=given["division"], emergency=given["emergency"])


def _platforms(given: dict[str, Any], view: View) -> Any:
    return platform_sums(view, level=given["level"], territory_id=given["division"])


def _services(given: dict[str, Any], view: View) -> Any:
    return service_sums(view, first=given["first_day"], last=given["last_day"], territory_id=given["division"])


REPORTS = (
    Report(
        "dispatchCandidates",
        "DispatchCandidate",
        _candidates,
        lists=True,
        fields=(
            shown_reference("provider", "ServiceProvider", en="The provider.", zh="服务商"),
            shown_reference("agreement", "ServiceAgreement", en="The agreement to serve under.", zh="服务协议"),
            shown_label("fits", FLAG, en="Whether it can serve the order.", zh="是否可派", required=True),
            shown_label("rank", WHOLE, en="1 is the best of those that fit; empty for the others.", zh="推荐次序"),
            shown_label("refusal", choice(Refusal), en="The first thing that speaks against it.", zh="不可派原因"),
            shown_label("reasons", TEXT, en="Everything that speaks against it, in English.", zh="不可派原因(英文)"),
            shown_label("reasons_zh", TEXT, en="Everything that speaks against it, in Chinese.", zh="不可派原因(中文)"),
            shown_label("distance", WHOLE, en="Levels of administration not shared.", zh="距离(层级)", required=True),
            shown_label(
                "in_hand", WHOLE, en="Orders it has in hand.", zh="在办工单数", required=True, privacy=Privacy.PERSONAL
            ),
            shown_label("order_limit", WHOLE, en="How many it can have in hand.", zh="在办工单上限"),
            shown_label(
                "mean_rating", NUMBER, en="Mean of the ratings people gave.", zh="平均评价", privacy=Privacy.PERSONAL
            ),
        ),
        en="Every provider seen from an order: those that fit by nearness, orders in hand and ratings, then the others with the reason.",
        zh="派单候选服务商",
        order=("place",),
        arguments=(
            Argument("order", KEY, "The order.", "服务工单", required=True, noun="ServiceOrder"),
            Argument("fitting", FLAG, "Only those that fit.", "仅可派", structural=True),
        ),
    ),
    Report(
        "emergencyQueue",
        "WaitingEmergency",
        _emergencies,
        lists=True,
        fields=(
            shown_reference("service_order", "ServiceOrder", en="The order.", zh="服务工单"),
            shown_label(
                "ordered_at", INSTANT, en="When it was made.", zh="创建时间", required=True, privacy=Privacy.PERSONAL
            ),
            shown_label("target_seconds", WHOLE, en="Within how many seconds it should be taken.", zh="响应时限(秒)"),
            shown_label(
                "waited_seconds",
                WHOLE,
                en="How long it has waited.",
                zh="已等待秒数",
                required=True,
                privacy=Privacy.PERSONAL,
            ),
            shown_label(
                "overdue",
                FLAG,
                en="Whether it has waited longer than it should.",
                zh="是否超时",
                privacy=Privacy.PERSONAL,
            ),
        ),
        en="Emergency orders that nobody has taken yet, the longest waiting first.",
        zh="紧急救援队列",
        order=("ordered_at", "service_order"),
        arguments=(TERRITORY, Argument("at", INSTANT, "The moment to look at.", "时刻", required=True)),
    ),
    Report(
        "callSummary",
        "CallSummary",
        _calls,
        fields=(
            shown_label("calls", WHOLE, en="Calls.", zh="来电数", required=True, privacy=Privacy.PERSONAL),
            shown_label(
                "answered", WHOLE, en="Calls that were answered.", zh="接通数", required=True, privacy=Privacy.PERSONAL
            ),
            shown_label(
                "answer_rate", NUMBER, en="Answered calls for each call.", zh="接通率", privacy=Privacy.PERSONAL
            ),
            shown_label(
                "half_within",
                WHOLE,
                en="Seconds within which half were answered.",
                zh="响应时长中位数(秒)",
                privacy=Privacy.PERSONAL,
            ),
            shown_label(
                "nine_tenths_within",
                WHOLE,
                en="Seconds within which nine tenths were answered.",
                zh="响应时长九成位(秒)",
            ),
            shown_label(
                "target_seconds", WHOLE, en="Seconds within which a call should be answered.", zh="接听时限(秒)"
            ),
            shown_label(
                "within_target",
                NUMBER,
                en="Calls answered in time for each call.",
                zh="按时接听率",
                privacy=Privacy.PERSONAL,
            ),
        ),
        en="Calls to the hotline in a period, and how fast they were answered.",
        zh="热线来电统计",
        people=True,
        arguments=(
            TERRITORY,
            FIRST,
            LAST,
            Argument("emergency", FLAG, "Only emergencies, or only the others.", "是否紧急", structural=True),
        ),
        single=True,
    ),
    Report(
        "platformCoverage",
        "PlatformCoverage",
        _platforms,
        fields=(
            shown_label("divisions", WHOLE, en="Divisions of the level.", zh="区划数", required=True),
            shown_label("covered", WHOLE, en="Of those with a platform that works.", zh="已覆盖区划数", required=True),
            shown_label("coverage", NUMBER, en="Covered divisions for each division.", zh="平台覆盖率"),
        ),
        en="How many divisions of a level have a platform that works.",
        zh="平台覆盖率",
        arguments=(
            TERRITORY,
            Argument("level", choice(Level), "The level.", "行政层级", required=True, structural=True),
        ),
        single=True,
    ),
    Report(
        "serviceReturn",
        "ServiceReturn",
        _services,
        fields=(
            shown_label(
                "orders", WHOLE, en="Orders made in the period.", zh="工单数", required=True, privacy=Privacy.PERSONAL
            ),
            shown_label(
                "services",
                WHOLE,
                en="Services given in the period.",
                zh="服务人次",
                required=True,
                privacy=Privacy.PERSONAL,
            ),
            shown_label(
                "people",
                WHOLE,
                en="Different people served in the period.",
                zh="服务人数",
                required=True,
                privacy=Privacy.PERSONAL,
            ),
            shown_label(
                "services_per_person",
                NUMBER,
                en="Services for each person served.",
                zh="人均服务次数",
                privacy=Privacy.PERSONAL,
            ),
            shown_label("amount", MONEY, en="What the services cost.", zh="服务金额", privacy=Privacy.PERSONAL),
            shown_label(
                "yuan_per_service",
                NUMBER,
                en="What one service costs, in yuan.",
                zh="单次服务金额(元)",
                privacy=Privacy.PERSONAL,
            ),
            shown_label(
                "mean_rating", NUMBER, en="Mean of the ratings people gave.", zh="平均评价", privacy=Privacy.PERSONAL
            ),
            shown_label("providers", WHOLE, en="Providers at work at the as-of date.", zh="服务商数", required=True),
            shown_label("franchisees", WHOLE, en="Of those the franchisees.", zh="加盟服务商数", required=True),
            shown_label(
                "people_per_franchisee",
                NUMBER,
                en="People served for each franchisee.",
                zh="每家加盟商服务人数",
                privacy=Privacy.PERSONAL,
            ),
        ),
        en="A period's services: people and services are told apart and never taken for each other.",
        zh="服务情况统计",
        people=True,
        arguments=(
            TERRITORY,
            Argument("first_day", DAY, "First day of the period.", "期间首日", required=True),
            Argument("last_day", DAY, "Last day of the period.", "期间末日", required=True),
        ),
        single=True,
    ),
    Report(
        "serviceItems",
        "CountedItem",
        lambda given, view: counted_items(),
        fields=(
            shown_label("item", choice(ServiceItem), en="The item.", zh="服务项目", required=True),
            shown_label("kind", choice(ServiceKind), en="Which of the five kinds it is.", zh="服务大类", required=True),
            shown_label(
                "purchased_kind",
                choice(PurchasedKind),
                en="Which of the six purchased kinds, if one.",
                zh="购买服务类别",
            ),
        ),
        en="Every item of service with the kinds it counts as.",
        zh="服务项目对照表",
        order=("place",),
    ),
)
