"""A call becomes an order, the order finds a provider, and everything on its way is refused that should be."""

from datetime import date
from typing import Any

import pytest
from asker import Asker
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import factories as make
import service_factories as services
from eldercare.registry import Device, HotlineCall
from eldercare.registry.division import Level
from eldercare.registry.service import ServiceKind


@pytest.fixture
def ids(engine: Engine) -> dict[str, str]:
    """Two towns of a county, a person with a terminal, and providers of which one fits and each other one lacks something."""
    with Session(engine) as session:
        w = make.writer(session)
        county = make.division(w, code="990100000000")
        near, far = (
            make.division(w, level=Level.TOWN, parent_id=county.id, code=f"990100{n}000") for n in ("101", "102")
        )
        elder = make.person(w)
        device = w.create(Device, {"person_id": elder.id, "serial": "T-1", "installed_on": date(2024, 1, 1)})
        made = {"county": county, "near": near, "far": far, "elder": elder, "device": device}
        for name, base, kinds, area in (
            ("good", near, tuple(ServiceKind), near),
            ("distant", far, tuple(ServiceKind), county),
            ("wrong_kind", near, (ServiceKind.HOUSEKEEPING,), near),
            ("wrong_area", near, tuple(ServiceKind), far),
            ("expired", near, tuple(ServiceKind), near),
            ("full", near, tuple(ServiceKind), near),
            ("paused", near, tuple(ServiceKind), near),
        ):
            options: dict[str, Any] = {"order_limit": 0} if name == "full" else {}
            made[name] = services.provider(w, base.id, **options)
            until = {"valid_to": date(2026, 5, 1)} if name == "expired" else {}
            services.agreement(w, made[name].id, area.id, kinds, **until)
        services.suspend(w, made["paused"].id)
        session.commit()
        return {name: f"{type(row).__name__}_{row.id}" for name, row in made.items()}


class Desk:
    """Somebody at the hotline who does one thing after another."""

    def __init__(self, tell: Asker, ids: dict[str, str]) -> None:
        self.tell, self.ids = tell, dict(ids)

    def does(self, command: str, input: str, shown: str = "serviceOrder { id status }") -> Any:
        """The record after a command, or the codes of what was wrong."""
        text = input.format(**self.ids)
        answer = self.tell(f"mutation {{ {command}(input: {{{text}}}) {{ {shown} errors {{ code message }} }} }}")
        assert "errors" not in answer, answer
        payload = answer["data"][command]
        return [each["code"] for each in payload["errors"]] or payload[shown.split(" ")[0]]

    def order(self, name: str, input: str) -> Any:
        """Places an order and keeps its id under a name."""
        made = self.does("placeServiceOrder", input, "serviceOrder { id kind purchasedKind targetSeconds status }")
        self.ids[name] = made.pop("id")
        return made

    def asks(self, query: str) -> Any:
        """The data of a query."""
        answer = self.tell(query.format(**self.ids))
        assert "errors" not in answer, answer
        return answer["data"]


@pytest.fixture
def desk(tell: Asker, ids: dict[str, str]) -> Desk:
    """The hotline's desk on that registry."""
    return Desk(tell, ids)


def test_a_button_is_pressed_and_a_meal_is_brought_rated_and_paid(desk: Desk) -> None:
    shown = "serviceRequest { id hotline requestedAt requestedOn person { name } division { id } }"
    asked = desk.does(
        "requestService",
        'channel: ONE_BUTTON_12349, divisionId: "{near}", deviceId: "{device}", item: MEAL, at: "2026-05-06T09:00:00+08:00"',
        shown,
    )
    desk.ids["request"] = asked["id"]
    assert asked == {
        "id": asked["id"],
        "hotline": "12349",
        "requestedAt": "2026-05-06T01:00:00.000000Z",
        "requestedOn": "2026-05-06",
        "person": {"name": "王秀英"},
        "division": {"id": desk.ids["near"]},
    }
    made = desk.order("order", 'requestId: "{request}", at: "2026-05-06T09:02:00+08:00", unitPrice: "15.00"')
    assert made == {"kind": "DAILY_CARE", "purchasedKind": "LIFE_CARE", "targetSeconds": None, "status": "CREATED"}
    steps = (
        ("dispatchServiceOrder", '09:05:00+08:00", providerId: "{good}'),
        ("receiveServiceOrder", "09:20:00+08:00"),
        ("startServiceOrder", "11:00:00+08:00"),
        ("completeServiceOrder", "12:00:00+08:00"),
        ("evaluateServiceOrder", '12:30:00+08:00", rating: 5, ratingNote: "热的'),
        ("settleServiceOrder", "17:00:00+08:00"),
    )
    reached = [
        desk.does(command, f'orderId: "{{order}}", at: "2026-05-06T{rest}"')["status"] for command, rest in steps
    ]
    assert reached == ["DISPATCHED", "RECEIVED", "SERVICE_STARTED", "SERVICE_COMPLETED", "EVALUATED", "SETTLED"]
    data = desk.asks(
        '{{ serviceOrder(id: "{order}") {{ amount responseSeconds provider {{ id }} request {{ outcome }} }}'
        ' serviceReturn(firstDay: "2026-05-01", lastDay: "2026-05-31") {{ orders services people amount yuanPerService }}'
        " }}"
    )
    assert data["serviceReturn"] == {"orders": 1, "services": 1, "people": 1, "amount": "15.00", "yuanPerService": 15.0}
    assert data["serviceOrder"] == {
        "amount": "15.00",
        "responseSeconds": 1080,
        "provider": {"id": desk.ids["good"]},
        "request": {"outcome": "ORDERED"},
    }


def test_each_provider_that_cannot_serve_is_told_why_in_both_languages(desk: Desk) -> None:
    desk.order("other", 'personId: "{elder}", divisionId: "{far}", kind: HOUSEKEEPING, at: "2026-05-06T01:00:00Z"')
    desk.order("order", 'personId: "{elder}", divisionId: "{near}", kind: DAILY_CARE, at: "2026-05-06T01:00:00Z"')
    fields = "provider {{ id }} fits rank refusal reasons reasonsZh distance agreement {{ id }}"
    rows = desk.asks('{{ dispatchCandidates(order: "{order}", asOf: "2026-05-06") {{ ' + fields + " }} }}")[
        "dispatchCandidates"
    ]
    named = {value: name for name, value in desk.ids.items()}
    found = {named[row["provider"]["id"]]: (row["rank"], row["refusal"], row["distance"]) for row in rows}
    assert found == {
        "good": (1, None, 0),
        "distant": (2, None, 1),
        "wrong_kind": (None, "KIND_NOT_SERVED", 0),
        "wrong_area": (None, "AREA_NOT_SERVED", 0),
        "expired": (None, "NO_AGREEMENT", 0),
        "full": (None, "FULL", 0),
        "paused": (None, "SUSPENDED", 0),
    }
    assert [row["fits"] for row in rows] == [True, True, False, False, False, False, False]
    told = {row["refusal"]: (row["reasons"], row["reasonsZh"]) for row in rows if not row["fits"]}
    assert told["SUSPENDED"] == ("the provider is not working", "服务商未在服务中")
    assert told["NO_AGREEMENT"] == ("no agreement holds on that day", "当日无有效协议")
    for name in ("wrong_kind", "wrong_area", "expired", "full", "paused"):
        refused = desk.does(
            "dispatchServiceOrder", f'orderId: "{{order}}", providerId: "{{{name}}}", at: "2026-05-06T01:05:00Z"'
        )
        assert refused == ["PROVIDER_DOES_NOT_FIT"], name


def test_an_order_goes_only_where_its_stage_leads(desk: Desk) -> None:
    desk.order("order", 'personId: "{elder}", divisionId: "{near}", item: CLEAN, at: "2026-05-06T01:00:00Z"')
    at = 'orderId: "{order}", at: "2026-05-06T02:00:00Z"'
    assert desk.does("receiveServiceOrder", at + ', providerId: "{good}"') == ["TRANSITION"]
    assert desk.does("completeServiceOrder", at) == ["TRANSITION"]
    assert desk.does("reportNoShow", at + ', reason: "x"') == ["TRANSITION"]
    assert desk.does("dispatchServiceOrder", at.replace("T02", "T00") + ', providerId: "{good}"') == [
        "BEFORE_CURRENT_STATE"
    ]
    assert desk.does("dispatchServiceOrder", at + ', providerId: "{distant}"')["status"] == "DISPATCHED"
    assert desk.does("dispatchServiceOrder", at + ', providerId: "{good}"')["status"] == "DISPATCHED"
    assert desk.does("receiveServiceOrder", at + ', providerId: "{distant}"') == ["PROVIDER_OTHER"]
    assert desk.does("receiveServiceOrder", at)["status"] == "RECEIVED"
    assert desk.does("rejectServiceOrder", at + ', reason: "x"') == ["TRANSITION"]
    assert desk.does(
        "changeProviderStatus", 'providerId: "{good}", status: ENDED, on: "2026-05-07"', "serviceProvider { id }"
    ) == ["ORDERS_IN_HAND"]
    assert desk.does("reportNoShow", at + ', reason: "nobody was there"')["status"] == "NO_SHOW"
    assert desk.does("cancelServiceOrder", at + ', reason: "x"') == ["TRANSITION"]


def test_an_emergency_needs_no_dispatch_and_waits_in_its_own_queue(desk: Desk) -> None:
    made = desk.order(
        "urgent", 'personId: "{elder}", divisionId: "{near}", item: EMERGENCY, at: "2026-05-06T01:00:00Z"'
    )
    assert (made["kind"], made["targetSeconds"]) == ("EMERGENCY_AID", 60)
    queue = '{{ emergencyQueue(division: "{county}", at: "2026-05-06T01:01:30Z") {{ serviceOrder {{ id }} waitedSeconds overdue }} }}'
    assert desk.asks(queue)["emergencyQueue"] == [
        {"serviceOrder": {"id": desk.ids["urgent"]}, "waitedSeconds": 90, "overdue": True}
    ]
    taken = 'orderId: "{urgent}", at: "2026-05-06T01:00:59.5Z"'
    assert desk.does("receiveServiceOrder", taken) == ["PROVIDER_MISSING"]
    assert desk.does("receiveServiceOrder", taken + ', providerId: "{wrong_area}"') == ["PROVIDER_DOES_NOT_FIT"]
    assert desk.does("receiveServiceOrder", taken + ', providerId: "{good}"')["status"] == "RECEIVED"
    assert desk.asks(queue)["emergencyQueue"] == []
    shown = desk.asks('{{ serviceOrder(id: "{urgent}") {{ responseSeconds inTime }} }}')["serviceOrder"]
    assert shown == {"responseSeconds": 59, "inTime": True}


def test_the_dead_are_served_no_more(desk: Desk) -> None:
    desk.order("order", 'personId: "{elder}", divisionId: "{near}", item: CLEAN, at: "2026-05-06T01:00:00Z"')
    assert desk.does("reportDeath", 'personId: "{elder}", on: "2026-05-20"', "person { id }") == {
        "id": desk.ids["elder"]
    }
    data = desk.asks('{{ serviceOrder(id: "{order}") {{ status endReason }} device(id: "{device}") {{ removedOn }} }}')
    assert data["serviceOrder"] == {"status": "CANCELLED", "endReason": "death"}
    assert data["device"] == {"removedOn": "2026-05-20"}
    again = desk.does(
        "placeServiceOrder", 'personId: "{elder}", divisionId: "{near}", item: CLEAN, at: "2026-05-21T01:00:00Z"'
    )
    assert again == ["PERSON_DECEASED"]


def test_an_agreement_is_signed_for_places_and_services_and_ended_only_after_what_was_served(desk: Desk) -> None:
    terms = 'providerId: "{wrong_kind}", kind: FRANCHISE, on: "2026-01-01", areaIds: ["{near}"], items: [MEAL, BATH]'
    shown = "serviceAgreement { id areas { nodes { division { id } } } services { nodes { kind item } } }"
    signed = desk.does("registerServiceAgreement", terms, shown)
    desk.ids["agreement"] = signed["id"]
    assert [each["kind"] for each in signed["services"]["nodes"]] == ["DAILY_CARE", "HOME_CARE"]
    assert desk.does("registerServiceAgreement", terms.replace('"{near}"', ""), shown) == ["AREA_MISSING"]
    desk.order("order", 'personId: "{elder}", divisionId: "{near}", item: MEAL, at: "2026-05-06T01:00:00Z"')
    given = 'orderId: "{order}", at: "2026-05-06T01:10:00Z"'
    desk.does("dispatchServiceOrder", given + ', providerId: "{wrong_kind}"')
    for command in ("receiveServiceOrder", "startServiceOrder", "completeServiceOrder"):
        desk.does(command, given)
    ended = 'agreementId: "{agreement}", reason: "closed", on: '
    assert desk.does("terminateServiceAgreement", ended + '"2026-05-06"', "serviceAgreement { validTo }") == [
        "AGREEMENT_NOT_VALID"
    ]
    assert desk.does("terminateServiceAgreement", ended + '"2026-05-07"', "serviceAgreement { validTo }") == {
        "validTo": "2026-05-07"
    }


def test_calls_are_counted_with_how_fast_they_were_answered(desk: Desk, engine: Engine) -> None:
    with Session(engine) as session:
        w = make.writer(session)
        for second, waited in enumerate((3, 5, 8, 40, None)):
            called = services.at(second)
            answered = None if waited is None else services.at(second + waited / 60)
            w.create(HotlineCall, {"called_at": called, "answered_at": answered})
        session.commit()
    fields = "calls answered answerRate halfWithin nineTenthsWithin targetSeconds withinTarget"
    query = "{{ callSummary {{ " + fields + " }} none: callSummary(emergency: true) {{ calls answerRate }} }}"
    summary = desk.asks(query)
    assert summary["callSummary"] == {
        "calls": 5,
        "answered": 4,
        "answerRate": 0.8,
        "halfWithin": 5,
        "nineTenthsWithin": 40,
        "targetSeconds": 30,
        "withinTarget": 0.6,
    }
    assert summary["none"] == {"calls": 0, "answerRate": None}


def test_a_level_is_covered_where_a_platform_works(desk: Desk, engine: Engine) -> None:
    coverage = "{{ platformCoverage(level: COUNTY) {{ divisions covered coverage }} }}"
    assert desk.asks(coverage)["platformCoverage"] == {"divisions": 1, "covered": 0, "coverage": 0.0}
    opened = 'name: "县级平台", level: COUNTY, divisionId: "{county}", on: "2026-01-01", hotline: "12349"'
    desk.ids["platform"] = desk.does("openPlatform", opened, "platform { id }")["id"]
    assert desk.does("openPlatform", opened.replace("COUNTY", "TOWN"), "platform { id }") == ["PLATFORM_LEVEL"]
    assert desk.asks(coverage)["platformCoverage"] == {"divisions": 1, "covered": 1, "coverage": 1.0}
    paused = 'platformId: "{platform}", status: SUSPENDED, on: "2026-05-01"'
    assert desk.does("changePlatformStatus", paused, "platform { status }") == {"status": "SUSPENDED"}
    assert desk.asks(coverage)["platformCoverage"]["coverage"] == 0.0
