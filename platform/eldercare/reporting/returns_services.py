"""Returns on services at home: what governments purchased, and how platforms, providers, orders and calls stand."""

from typing import Any

from sqlalchemy import BigInteger, Integer, Select, String, and_, cast, func, literal, select, union_all
from sqlalchemy.orm import aliased

from eldercare.registry.division import Division, Level, within
from eldercare.registry.hotline import HotlineCall, RequestChannel
from eldercare.registry.provider import Affiliation, ProviderStatus, ServiceProvider
from eldercare.registry.query import in_force, visible
from eldercare.registry.service import PurchasedKind, ServiceKind
from eldercare.registry.service_order import Funding, OrderEnd, ServiceOrder
from eldercare.registry.service_platform import Platform, PlatformStatus
from eldercare.registry.service_state import platform_status, provider_status
from eldercare.reporting.form import CellKind, Check, Column, Frame, Period, Return, Table
from eldercare.reporting.lines import flag, in_words
from eldercare.reporting.returns_purchase import CATEGORIES, categories

TEXT, RATE, YUAN = CellKind.TEXT, CellKind.RATE, CellKind.YUAN

PURCHASED = (
    Column("kind", "Kind of service", "购买服务类型", TEXT),
    Column("services", "Services", "服务人次"),
    Column("people", "People served", "服务人数", summed=False),
    Column("providers", "Providers", "服务商数", summed=False),
    Column("amount", "Amount", "金额(元)", YUAN),
    Column(
        "per_service",
        "Amount per service",
        "次均金额(元)",
        RATE,
        over="amount",
        under="services",
        times=1,
        by=100,
        unit="元",
    ),
    Column("rated", "Services rated", "评价数"),
    Column("points", "", "", hidden=True),
    Column("rating", "Mean rating", "平均评分", RATE, over="points", under="rated", times=1, unit="分"),
)


def terms(kind: Any) -> Any:
    """A row for each term of a list, in its order."""
    rows = [
        select(
            literal(n, Integer).label("n"),
            literal(each.value, String).label("code"),
            literal(each.zh, String).label("zh"),
        )
        for n, each in enumerate(kind)
    ]
    return select(union_all(*rows).subquery()).subquery()


def purchased(frame: Frame) -> Select[Any]:
    """What was served in the period and paid from subsidy accounts, by the six purchased kinds."""
    order: Any = aliased(ServiceOrder)
    listed = terms(PurchasedKind)
    done = and_(
        order.purchased_kind == listed.c.code,
        order.funding == Funding.ACCOUNT,
        order.completed_on >= frame.start,
        order.completed_on < frame.end,
        within(order.division_id, frame.division),
    )
    columns: list[Any] = [
        listed.c.code.label("row_key"),
        listed.c.zh.label("kind"),
        func.count(order.id).label("services"),
        func.count(order.person_id.distinct()).label("people"),
        func.count(order.provider_id.distinct()).label("providers"),
        cast(func.coalesce(func.sum(order.amount), 0), BigInteger).label("amount"),
        func.count(order.rating).label("rated"),
        cast(func.coalesce(func.sum(order.rating), 0), BigInteger).label("points"),
    ]
    found: Select[Any] = select(*columns).select_from(listed).outerjoin(order, done)
    return found.group_by(listed.c.n, listed.c.code, listed.c.zh).order_by(listed.c.n)


PLATFORMS = (
    Column("level", "Level", "层级", TEXT),
    Column("divisions", "Divisions", "区划数"),
    Column("covered", "With an active platform", "有运行平台的区划数"),
    Column("coverage", "Coverage", "平台覆盖率", RATE, over="covered", under="divisions", decimals=1),
)
PROVIDERS = (
    Column("affiliation", "Affiliation", "加盟性质", TEXT),
    Column("providers", "Providers", "服务商数"),
    Column("active", "Of these working", "其中服务中"),
    Column("orders", "Orders served in the period", "本期完成工单数"),
)
ORDERS = (
    Column("kind", "Kind of service", "服务大类", TEXT),
    Column("created", "Orders made", "新建工单"),
    Column("open", "Still open", "未完成"),
    Column("served", "Served", "已完成"),
    Column("cancelled", "Cancelled", "已取消"),
    Column("rejected", "Rejected", "已拒绝"),
    Column("no_show", "Nobody came or was there", "未履约"),
    Column("served_share", "Share served", "完成率", RATE, over="served", under="created", decimals=1),
    Column("rated", "Rated", "评价数"),
    Column("points", "", "", hidden=True),
    Column("rating", "Mean rating", "平均评分", RATE, over="points", under="rated", times=1, unit="分"),
)
CALLS = (
    Column("channel", "Channel", "渠道", TEXT),
    Column("calls", "Calls", "来电数"),
    Column("answered", "Answered", "接通数"),
    Column("answer_rate", "Share answered", "接通率", RATE, over="answered", under="calls", decimals=1),
    Column("seconds", "", "", hidden=True),
    Column(
        "answer_seconds",
        "Mean seconds to answer",
        "平均接通时长(秒)",
        RATE,
        over="seconds",
        under="answered",
        times=1,
        decimals=1,
        unit="秒",
    ),
    Column("emergencies", "Emergencies", "紧急求助"),
    Column("emergencies_answered", "Emergencies answered", "紧急求助接通数"),
)
ENDS = Check(
    "STATES",
    "Orders served, open and ended add up to those made.",
    "已完成、未完成与终止之和等于新建工单",
    ("served", "open", "cancelled", "rejected", "no_show"),
    "created",
)


def platforms(frame: Frame) -> Select[Any]:
    """Divisions of each level below, and how many have a platform that works."""
    division: Any = aliased(Division)
    platform: Any = aliased(Platform)
    listed = terms([Level.CITY, Level.COUNTY, Level.TOWN, Level.VILLAGE])
    view = frame.view
    active = select(platform.id).where(
        platform.division_id == division.id,
        platform.level == division.level,
        platform_status(platform, view) == PlatformStatus.ACTIVE,
        *visible(platform, view),
    )
    there = and_(
        division.level == listed.c.code,
        *in_force(division, view),
        within(division.id, frame.division),
        division.name.not_like("未分配%"),
    )
    columns: list[Any] = [
        listed.c.code.label("row_key"),
        listed.c.zh.label("level"),
        func.count(division.id).label("divisions"),
        cast(func.coalesce(func.sum(flag(active.correlate(division).exists())), 0), BigInteger).label("covered"),
    ]
    found: Select[Any] = select(*columns).select_from(listed).outerjoin(division, there)
    return found.group_by(listed.c.n, listed.c.code, listed.c.zh).order_by(listed.c.n)


def providers(frame: Frame) -> Select[Any]:
    """Providers that send their people from the territory, by how they belong to the system."""
    provider: Any = aliased(ServiceProvider)
    order: Any = aliased(ServiceOrder)
    listed, view = terms(Affiliation), frame.view
    served = select(func.count(order.id)).where(
        order.provider_id == provider.id, order.completed_on >= frame.start, order.completed_on < frame.end
    )
    of = and_(
        provider.affiliation == listed.c.code, *visible(provider, view), within(provider.division_id, frame.division)
    )
    works = provider_status(provider, view) == ProviderStatus.ACTIVE
    columns: list[Any] = [
        listed.c.code.label("row_key"),
        listed.c.zh.label("affiliation"),
        func.count(provider.id).label("providers"),
        cast(func.coalesce(func.sum(flag(works)), 0), BigInteger).label("active"),
        cast(func.coalesce(func.sum(served.correlate(provider).scalar_subquery()), 0), BigInteger).label("orders"),
    ]
    found: Select[Any] = select(*columns).select_from(listed).outerjoin(provider, of)
    return found.group_by(listed.c.n, listed.c.code, listed.c.zh).order_by(listed.c.n)


def orders(frame: Frame) -> Select[Any]:
    """The orders made in the period by kind, and what became of them by its end."""
    order: Any = aliased(ServiceOrder)
    listed = terms(ServiceKind)
    made = and_(
        order.kind == listed.c.code,
        order.ordered_on >= frame.start,
        order.ordered_on < frame.end,
        within(order.division_id, frame.division),
    )
    served = func.coalesce(order.completed_on < frame.end, False)
    ended = {each: and_(~served, func.coalesce(order.ended_as == each, False)) for each in OrderEnd}
    counts: dict[str, Any] = {
        "served": served,
        "open": and_(order.id.is_not(None), ~served, order.ended_as.is_(None)),
        **{each.value.lower(): condition for each, condition in ended.items()},
    }
    columns: list[Any] = [
        listed.c.code.label("row_key"),
        listed.c.zh.label("kind"),
        func.count(order.id).label("created"),
        *(cast(func.coalesce(func.sum(flag(each)), 0), BigInteger).label(name) for name, each in counts.items()),
        func.count(order.rating).label("rated"),
        cast(func.coalesce(func.sum(order.rating), 0), BigInteger).label("points"),
    ]
    found: Select[Any] = select(*columns).select_from(listed).outerjoin(order, made)
    return found.group_by(listed.c.n, listed.c.code, listed.c.zh).order_by(listed.c.n)


def calls(frame: Frame) -> Select[Any]:
    """The calls of the period by channel."""
    call: Any = aliased(HotlineCall)
    answered = call.answered_at.is_not(None)
    where = [call.called_on >= frame.start, call.called_on < frame.end, within(call.division_id, frame.division)]
    columns: list[Any] = [
        cast(call.channel, String).label("row_key"),
        in_words(call.channel, RequestChannel).label("channel"),
        func.count(call.id).label("calls"),
        cast(func.sum(flag(answered)), BigInteger).label("answered"),
        cast(func.coalesce(func.sum(call.seconds_to_answer), 0), BigInteger).label("seconds"),
        cast(func.sum(flag(call.emergency)), BigInteger).label("emergencies"),
        cast(func.sum(flag(and_(call.emergency, answered))), BigInteger).label("emergencies_answered"),
    ]
    return select(*columns).where(*where).group_by(call.channel).order_by(call.channel)


HOME_CARE_PURCHASE = Return(
    "HOME_CARE_PURCHASE",
    "Return on purchased home care",
    "政府购买居家养老服务月报",
    Period.MONTH,
    "county to city",
    "县级上报市级",
    "Field names of home-care systems, read in public",
    (
        Table("KINDS", "Services by kind", "按服务类型", PURCHASED, purchased),
        Table("CATEGORIES", "People by what entitles them", "按补贴对象类别", CATEGORIES, categories),
    ),
)
PLATFORM_QUARTERLY = Return(
    "PLATFORM_QUARTERLY",
    "Return on platforms and franchised providers",
    "养老服务平台与加盟服务商季报",
    Period.QUARTER,
    "city",
    "市级",
    "Proposal of this product, from the words of Mianyang's text",
    (
        Table("PLATFORMS", "Platforms by level", "各级平台", PLATFORMS, platforms, total=False),
        Table("PROVIDERS", "Providers by affiliation", "服务商", PROVIDERS, providers),
        Table("ORDERS", "Orders by kind", "服务工单", ORDERS, orders, (ENDS,)),
        Table("CALLS", "Calls by channel", "热线来电", CALLS, calls),
    ),
)
