"""Who can serve an order: every provider with what speaks against it, and those that fit, the best first."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, null, or_, select, type_coerce
from sqlalchemy.orm import aliased

from eldercare.kit.term import Term
from eldercare.registry.division import Division, Level
from eldercare.registry.entity import term
from eldercare.registry.provider import ProviderStatus, ServiceAgreement, ServiceProvider
from eldercare.registry.query import View, visible
from eldercare.registry.service import service_rule
from eldercare.registry.service_invariants import covers, holds_on, includes
from eldercare.registry.service_order import ServiceOrder
from eldercare.registry.service_state import in_hand, mean_rating, provider_status

TOLD = (("en", "; ", "reasons"), ("zh", ";", "reasons_zh"))
"""The languages in which reasons are told, what stands between them, and the column they are told in."""

STEP = 13
"""Characters of a division's path for each level: a slash and twelve digits."""


class Refusal(Term):
    """Why a provider cannot serve an order."""

    NO_AGREEMENT = "当日无有效协议", "no agreement holds on that day"
    KIND_NOT_SERVED = "协议不含该服务类别", "no agreement includes this kind of service"
    AREA_NOT_SERVED = "服务区域不含该地", "no agreement for this kind covers the place"
    NO_PURCHASE_CONTRACT = "无政府购买服务合同", "no purchase contract, which an account needs"
    SUSPENDED = "服务商未在服务中", "the provider is not working"
    FULL = "在办工单已满", "the provider has as many orders in hand as it can take"


def candidates(order_id: Any, view: View, *, provider_id: Any = None) -> Select[Any]:
    """A row for every provider, or for one: what speaks against it, how near, how busy and how liked it is, and its rank."""
    facts = _facts(order_id, view, provider_id).subquery()
    against = _against(facts.c)
    told = (_told(against, language, mark).label(name) for language, mark, name in TOLD)
    fits = and_(*(~each for each in against.values()))
    best = case((facts.c.from_account, facts.c.bought), else_=facts.c.any_fitting)
    kept = (facts.c[name] for name in ("provider", "in_hand", "order_limit", "mean_rating", "distance"))
    judged = select(*kept, best.label("agreement"), fits.label("fits"), _first(against).label("refusal"), *told)
    return _ranked(judged)


def _facts(order_id: Any, view: View, provider_id: Any) -> Select[Any]:
    """What is known of each provider as seen from the order, each thing asked once."""
    order, provider = aliased(ServiceOrder), aliased(ServiceProvider)
    place, base = aliased(Division), aliased(Division)
    found = (
        select(
            provider.id.label("provider"),
            _first_agreement(order, provider, view).label("any_agreement"),
            _first_agreement(order, provider, view, kind=True).label("any_of_kind"),
            _first_agreement(order, provider, view, area=True).label("any_of_area"),
            _first_agreement(order, provider, view, kind=True, area=True).label("any_fitting"),
            _first_agreement(order, provider, view, kind=True, area=True, paid=True).label("bought"),
            order.funding.in_(service_rule("purchased_fundings")).label("from_account"),
            func.coalesce(provider_status(provider, view), ProviderStatus.ENDED).label("status"),
            in_hand(provider, view).label("in_hand"),
            provider.order_limit.label("order_limit"),
            mean_rating(provider, view).label("mean_rating"),
            _apart(place.path, base.path).label("distance"),
        )
        .select_from(order)
        .join(place, place.id == order.division_id)
        .join(provider, literal(True))
        .join(base, base.id == provider.division_id)
        .where(order.id == order_id, *visible(order, view.at_date()), *visible(provider, view.at_date()))
    )
    return found if provider_id is None else found.where(provider.id == provider_id)


def _ranked(found: Select[Any]) -> Select[Any]:
    """Those that fit by nearness, then by orders in hand, then by ratings; the others have no rank."""
    each = found.subquery()
    best = (case((each.c.fits, 0), else_=1), each.c.distance, each.c.in_hand)
    liked = func.coalesce(each.c.mean_rating, 0).desc()
    rank = func.row_number().over(order_by=(*best, liked, each.c.provider))
    return select(*each.c, rank.label("place"), case((each.c.fits, rank)).label("rank"))


def _against(facts: Any) -> dict[Refusal, ColumnElement[bool]]:
    """What speaks against a provider, each as a condition over the facts."""
    some = facts.any_agreement.is_not(None)
    fits = facts.any_fitting.is_not(None)
    elsewhere = or_(facts.any_of_area.is_(None), and_(facts.any_of_kind.is_not(None), ~fits))
    return {
        Refusal.NO_AGREEMENT: ~some,
        Refusal.KIND_NOT_SERVED: and_(some, facts.any_of_kind.is_(None)),
        Refusal.AREA_NOT_SERVED: and_(some, elsewhere),
        Refusal.NO_PURCHASE_CONTRACT: and_(fits, facts.from_account, facts.bought.is_(None)),
        Refusal.SUSPENDED: facts.status != ProviderStatus.ACTIVE,
        Refusal.FULL: and_(facts.order_limit.is_not(None), facts.in_hand >= facts.order_limit),
    }


def _first_agreement(
    order: Any, provider: Any, view: View, *, kind: bool = False, area: bool = False, paid: bool = False
) -> ColumnElement[Any]:
    """The first agreement that holds on the day the service is for, and includes, covers and pays what is wanted."""
    agreement = aliased(ServiceAgreement)
    day = func.coalesce(order.scheduled_on, view.as_of)
    wanted = [agreement.provider_id == provider.id, holds_on(agreement, day)]
    wanted += [includes(agreement, order.kind, order.item)] if kind else []
    wanted += [covers(agreement, order.division_id)] if area else []
    wanted += [agreement.kind.in_(service_rule("paid_agreements"))] if paid else []
    found = select(func.min(agreement.id)).where(*wanted)
    return found.correlate(order, provider).scalar_subquery()


def _first(against: dict[Refusal, ColumnElement[bool]]) -> ColumnElement[Any]:
    ways = [(condition, literal(refusal, term(Refusal))) for refusal, condition in against.items()]
    return case(*ways, else_=type_coerce(null(), term(Refusal)))


def _told(against: dict[Refusal, ColumnElement[bool]], language: str, mark: str) -> ColumnElement[Any]:
    """Everything that speaks against a provider in one line; empty when nothing does."""
    parts = [
        case((condition, literal(f"{getattr(refusal, language)}{mark}")), else_=literal(""))
        for refusal, condition in against.items()
    ]
    whole: ColumnElement[Any] = parts[0]
    for part in parts[1:]:
        whole = whole.concat(part)
    return func.nullif(func.rtrim(whole, mark), "")


def _apart(one: Any, other: Any) -> ColumnElement[int]:
    """How many levels of administration two divisions do not share: 0 for the same village, 1 for the same town ..."""
    differ = []
    for end in (STEP * (depth + 1) for depth in range(len(Level))):
        reaches = or_(func.length(one) >= end, func.length(other) >= end)
        apart = and_(reaches, func.substr(one, 1, end) != func.substr(other, 1, end))
        differ.append(case((apart, 1), else_=0))
    return sum(differ[1:], differ[0])
