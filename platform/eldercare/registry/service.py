"""Kinds of service: the five of the hotline, the trade's own list below them, and the six that governments purchase."""

from typing import Any, NamedTuple

from eldercare.kit.term import Term
from eldercare.registry.rules import table


class ServiceKind(Term):
    """The five kinds of service of the hotline 12349; every order is of exactly one."""

    EMERGENCY_AID = "紧急救援", "emergency aid"
    HOME_CARE = "居家护理", "care at home"
    DAILY_CARE = "日常照料", "daily care"
    HOUSEKEEPING = "家政服务", "housekeeping"
    INFORMATION = "信息咨询", "information"


class ServiceItem(Term):
    """What exactly is done: the trade's own list, each item under one of the five kinds."""

    MEAL = "助餐", "meals"
    BATH = "助浴", "bathing"
    CLEAN = "助洁", "cleaning"
    MEDICAL = "助医", "help with medical care"
    EMERGENCY = "助急", "help in an emergency"
    WALK = "助行", "going out together"
    SHOPPING = "助购", "shopping"
    DAY_CARE = "日间照料", "day care"
    REHAB = "康复护理", "rehabilitation"
    COMFORT = "精神慰藉", "comfort of the mind"
    HEALTH = "健康管理", "watching over health"
    VISIT = "巡访关爱", "visits"
    LEGAL = "法律维权", "legal rights"
    CULTURE = "文化娱乐", "culture and entertainment"
    FAMILY_BED = "家庭养老床位", "family care bed"
    TIME_BANK = "时间银行", "time bank of volunteers"
    ADVICE = "信息咨询", "advice and information"
    REPAIR = "维修", "repairs in the home"


class PurchasedKind(Term):
    """The six kinds of service that a government purchases for people."""

    LIFE_CARE = "生活照料", "life care"
    REHABILITATION = "康复护理", "rehabilitation"
    LEGAL_RIGHTS = "法律维权", "legal rights"
    CULTURE = "文化娱乐", "culture and entertainment"
    COMFORT = "精神慰藉", "comfort of the mind"
    EMERGENCY = "紧急救援", "emergency aid"


class Counted(NamedTuple):
    """How an item is counted: by the five kinds, and by the six purchased ones where it is one of them."""

    kind: ServiceKind
    purchased: PurchasedKind | None


COUNTED = {
    ServiceItem[name]: Counted(
        ServiceKind[row["kind"]], PurchasedKind[row["purchased"]] if row["purchased"] is not None else None
    )
    for name, row in table("services")["items"]["value"].items()
}
"""Every item with its kinds, from the table that names its source.

>>> COUNTED[ServiceItem.MEAL].kind.value, COUNTED[ServiceItem.TIME_BANK].purchased
('DAILY_CARE', None)
"""


def service_rule(name: str) -> Any:
    """The value of one block of the table of services."""
    return table("services")[name]["value"]
