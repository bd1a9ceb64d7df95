"""Orders, agreements and areas: what fits together and what does not, on both databases."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

import factories as make
import service_factories as services
from eldercare.kit.errors import EldercareError
from eldercare.registry import AgreementArea, ChildcarePeriod, FacilityArea, Person, ServiceAgreement, ServiceOrder
from eldercare.registry.change import Writer
from eldercare.registry.division import Level
from eldercare.registry.facility import FacilityKind, Sector
from eldercare.registry.provider import AgreementKind
from eldercare.registry.service import COUNTED, PurchasedKind, ServiceItem, ServiceKind
from eldercare.registry.service_order import Funding, OrderEnd

WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "taken before it was given": ({"received_at": services.at(4)}, "CHECK_DISPATCHED_AT_BEFORE_RECEIVED_AT"),
    "done before it was begun": ({"completed_at": services.at(30)}, "CHECK_STARTED_AT_BEFORE_COMPLETED_AT"),
    "begun without being taken": ({"received_at": None}, "CHECK_STARTED_AT_NEEDS_RECEIVED_AT"),
    "taken without being given": ({"dispatched_at": None}, "CHECK_RECEIVED_WHEN_DISPATCHED"),
    "done by nobody": ({"agreement_id": None}, "CHECK_COMPLETED_AT_NEEDS_AGREEMENT_ID"),
    "done and cancelled": (
        {"ended_at": services.at(200), "ended_as": OrderEnd.CANCELLED},
        "CHECK_ENDED_OR_COMPLETED",
    ),
    "rated before it was done": (
        {"evaluated_at": services.at(100), "rating": 5},
        "CHECK_COMPLETED_AT_BEFORE_EVALUATED_AT",
    ),
    "six stars": ({"evaluated_at": services.at(160), "rating": 6}, "CHECK_RATING"),
    "a kind the agreement lacks": ({"kind": ServiceKind.HOUSEKEEPING}, "KIND_NOT_SERVED"),
    "an account without a purchase": ({"item": ServiceItem.MEAL, "funding": Funding.ACCOUNT}, "NO_PURCHASE_CONTRACT"),
    "an account for a chat": ({"item": ServiceItem.TIME_BANK, "funding": Funding.ACCOUNT}, "NOT_PURCHASED"),
    "an item of another kind": ({"item": ServiceItem.CLEAN}, "ITEM_OF_ANOTHER_KIND"),
    "another amount": ({"amount": 1600}, "AMOUNT_DIFFERS"),
    "an instant without offset": ({"started_at": datetime(2026, 5, 6, 2, 0)}, "VALUE"),
    "in the future": ({"ordered_at": datetime(2026, 6, 1, 17, 0, tzinfo=UTC)}, "DATE_IN_FUTURE"),
}


@pytest.fixture
def town(session: Session) -> tuple[Writer, int, int, ServiceAgreement]:
    """A writer, a person, a town and a franchise for daily care there."""
    w = make.writer(session)
    county = make.division(w)
    place = make.division(w, level=Level.TOWN, parent_id=county.id)
    held = services.agreement(w, services.provider(w, county.id).id, county.id, (ServiceKind.DAILY_CARE,))
    return w, make.person(w).id, place.id, held


def refusal(act: Callable[[], Any]) -> str:
    """The code with which something is refused."""
    with pytest.raises(EldercareError) as refused:
        act()
    return refused.value.code


def test_an_order_that_cannot_be_is_refused(town: Any) -> None:
    w, person, place, held = town
    services.served(w, person, place, held)  # that another order fits makes none of these fit
    services.order(w, person, place, kind=ServiceKind.HOUSEKEEPING)
    found = {
        name: refusal(lambda values=values: services.served(w, person, place, held, **values))
        for name, (values, _) in WRONG.items()
    }
    assert found == {name: code for name, (_, code) in WRONG.items()}


def test_what_follows_from_an_order_is_completed(town: Any) -> None:
    w, person, place, held = town
    made = services.served(w, person, place, held, kind=None, item=ServiceItem.MEAL, quantity="1.5")
    assert (made.kind, made.purchased_kind) == (ServiceKind.DAILY_CARE, PurchasedKind.LIFE_CARE)
    assert (made.ordered_on, made.completed_on, made.amount) == (date(2026, 5, 6), date(2026, 5, 6), 2250)
    late = services.order(w, person, place, ordered_at=datetime(2026, 5, 6, 16, 30, tzinfo=UTC))
    assert late.ordered_on == date(2026, 5, 7), "half past midnight in China"
    urgent = services.order(w, person, place, kind=ServiceKind.EMERGENCY_AID)
    assert (urgent.target_seconds, late.target_seconds) == (60, None)
    again = w.correct(ServiceOrder, made.id, {"quantity": "2"})
    assert (again.amount, again.version) == (3000, 2)
    assert w.correct(ServiceOrder, made.id, {"completed_at": services.at(150)}).version == 2


def test_every_item_is_of_one_of_five_kinds() -> None:
    assert set(COUNTED) == set(ServiceItem)
    assert {each.kind for each in COUNTED.values()} == set(ServiceKind)
    assert {each.purchased for each in COUNTED.values() if each.purchased} == set(PurchasedKind)


AFTERWARDS: dict[str, tuple[Callable[[Writer, ServiceOrder, ServiceAgreement], Any], str]] = {
    "the agreement ends before": (
        lambda w, order, held: w.end(ServiceAgreement, held.id, date(2026, 5, 6)),
        "AGREEMENT_NOT_VALID",
    ),
    "its area is taken back": (
        lambda w, order, held: w.annul(
            AgreementArea, w.session.query(AgreementArea).filter_by(agreement_id=held.id).one().id, reason="wrong"
        ),
        "AREA_NOT_SERVED",
    ),
    "the person had died": (
        lambda w, order, held: w.correct(Person, order.person_id, {"deceased_on": date(2026, 5, 5)}),
        "OUTSIDE_LIFE",
    ),
    "the provider was not registered": (
        lambda w, order, held: w.correct(ServiceAgreement, held.id, {"valid_from": date(2019, 1, 1)}),
        "PROVIDER_NOT_REGISTERED",
    ),
}


def test_what_an_order_rests_on_cannot_be_taken_away(town: Any) -> None:
    w, person, place, held = town
    made = services.served(w, person, place, held)
    other = make.division(w)
    services.agreement(w, held.provider_id, place)
    services.order(w, person, other.id)
    found = {name: refusal(lambda change=change: change(w, made, held)) for name, (change, _) in AFTERWARDS.items()}
    assert found == {name: code for name, (_, code) in AFTERWARDS.items()}


def test_an_account_pays_under_a_purchase_contract(town: Any) -> None:
    w, person, place, held = town
    paid = services.agreement(w, held.provider_id, place, kind=AgreementKind.PURCHASE)
    made = services.served(w, person, place, paid, item=ServiceItem.MEAL, funding=Funding.ACCOUNT)
    assert made.agreement_id == paid.id


def test_no_town_belongs_to_two_regional_centres_at_once(town: Any) -> None:
    w, _, place, _ = town
    first, second = (make.facility(w, kind=FacilityKind.RURAL_REGIONAL_CENTER) for _ in range(2))
    area = w.create(FacilityArea, {"facility_id": first.id, "division_id": place, "valid_from": date(2016, 1, 1)})
    with pytest.raises(EldercareError) as refused:
        w.create(FacilityArea, {"facility_id": second.id, "division_id": place, "valid_from": date(2018, 1, 1)})
    assert refused.value.code == "SERVED_BY_TWO"
    w.end(FacilityArea, area.id, date(2018, 1, 1))
    w.create(FacilityArea, {"facility_id": second.id, "division_id": place, "valid_from": date(2018, 1, 1)})
    other = make.facility(w, kind=FacilityKind.MEAL_POINT)
    w.create(FacilityArea, {"facility_id": other.id, "division_id": place, "valid_from": date(2018, 1, 1)})


def test_childcare_places_belong_to_childcare_and_hold_those_enrolled(town: Any) -> None:
    w, *_ = town
    centre = make.facility(w, kind=FacilityKind.CHILDCARE, sector=Sector.CHILDCARE)
    numbers = {"facility_id": centre.id, "places": 60, "enrolled": 41, "valid_from": date(2024, 1, 1)}
    made = w.create(ChildcarePeriod, numbers)
    for values, code in (
        ({"enrolled": 61}, "CHECK_ENROLLED_WITHIN_PLACES"),
        ({"facility_id": make.facility(w).id}, "NO_CHILDCARE"),
    ):
        with pytest.raises(EldercareError) as refused:
            w.correct(ChildcarePeriod, made.id, values)
        assert refused.value.code == code
