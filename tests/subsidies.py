"""A small scheme of service credit in a county of its own, with a person who is entitled, for the tests of money."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

import factories as make
from eldercare.registry import (
    AccountTransaction,
    EligibilityRule,
    Entitlement,
    FundAllocation,
    FundSource,
    Person,
    SchemeDivision,
    ServiceAccount,
    StopRule,
    SubsidyScheme,
    SubsidyTier,
)
from eldercare.registry.change import Writer
from eldercare.registry.membership import GroupCategory

SINCE = date(2016, 1, 1)


@dataclass(frozen=True)
class Place:
    """The keys of a scheme, its county, its tiers and rules by code, and its allocation."""

    county: int
    scheme: int
    tiers: dict[str, int]
    rules: dict[str, int]
    allocation: int


def scheme(w: Writer, **values: Any) -> SubsidyScheme:
    """A recharge of 100 to 500 yuan a month."""
    default = {
        "code": f"SCHEME-{next(make._numbers)}",
        "name": "Service credit",
        "name_zh": "服务充值",
        "kind": "SERVICE_RECHARGE",
        "amount_min": 10_000,
        "amount_max": 50_000,
        "valid_from": SINCE,
    }
    return w.create(SubsidyScheme, default | values)


def tier(w: Writer, scheme_id: int, amount: int, **values: Any) -> SubsidyTier:
    """A tier of one amount."""
    default = {"code": f"T{amount // 100}", "name": "Tier", "name_zh": "档", "amount": amount, "valid_from": SINCE}
    return w.create(SubsidyTier, {"scheme_id": scheme_id} | default | values)


def way(w: Writer, tier_id: int, code: str, **values: Any) -> EligibilityRule:
    """A way into a tier."""
    default = {"code": code, "name": code.replace("_", " ").lower(), "name_zh": "对象", "valid_from": SINCE}
    return w.create(EligibilityRule, {"tier_id": tier_id} | default | values)


def place(session: Session, **values: Any) -> Place:
    """A scheme with two tiers: 100 yuan from the age of 90 on, 300 yuan for those on minimum living guarantee."""
    w = make.writer(session)
    county, made = make.division(w), scheme(w, **values)
    w.create(SchemeDivision, {"scheme_id": made.id, "division_id": county.id, "valid_from": SINCE})
    low, high = tier(w, made.id, 10_000), tier(w, made.id, 30_000)
    old = way(w, low.id, "AGED_90", age_min=90)
    poor = way(w, high.id, "DIBAO", category=GroupCategory.DIBAO)
    for event, effect in {"CENTRALISED_SUPPORT": "SAME_DAY", "IN_INSTITUTION": "SAME_MONTH"}.items():
        w.create(StopRule, {"scheme_id": made.id, "event": event, "effect": effect, "valid_from": SINCE})
    source = w.create(FundSource, {"code": f"F{made.id}", "name": "City", "name_zh": "市级", "kind": "CITY"})
    allocated = {"source_fund_id": source.id, "division_id": county.id, "scheme_id": made.id, "year": 2026}
    allocation = w.create(FundAllocation, {**allocated, "amount": 100_000, "allocated_on": date(2026, 1, 10)})
    rules, tiers = {"AGED_90": old.id, "DIBAO": poor.id}, {"T100": low.id, "T300": high.id}
    return Place(county.id, made.id, tiers, rules, allocation.id)


def elder(w: Writer, where: Place, *, poor: bool = True, **values: Any) -> Person:
    """Somebody who lives in the county and is on minimum living guarantee, unless said otherwise."""
    found = make.person(w, **values)
    make.residence(w, found.id, where.county)
    if poor:
        make.membership(w, found.id, category=GroupCategory.DIBAO)
    return found


def entitled(w: Writer, where: Place, person_id: int, **values: Any) -> Entitlement:
    """That a person has been entitled to 300 yuan since 2026."""
    default = {"scheme_id": where.scheme, "tier_id": where.tiers["T300"], "rule_id": where.rules["DIBAO"]}
    return w.create(Entitlement, {"person_id": person_id, "valid_from": date(2026, 1, 1)} | default | values)


def account(w: Writer, where: Place, person_id: int) -> ServiceAccount:
    """An account since 2026."""
    values = {"person_id": person_id, "scheme_id": where.scheme, "opened_on": date(2026, 1, 1)}
    return w.create(ServiceAccount, values)


def moved(w: Writer, account_id: int, kind: str, amount: int | None = None, **values: Any) -> AccountTransaction:
    """A transaction of this spring."""
    default = {"account_id": account_id, "kind": kind, "amount": amount, "happened_on": date(2026, 3, 5)}
    return w.create(AccountTransaction, default | values)
