"""What calls, requests, orders and agreements check and complete by themselves."""

from collections.abc import Callable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from eldercare.kit.clock import day_of
from eldercare.registry.draft import Draft, refuse
from eldercare.registry.entity import Record
from eldercare.registry.hotline import HotlineCall, ServiceRequest
from eldercare.registry.money import yuan
from eldercare.registry.people_rules import months_after
from eldercare.registry.provider import AgreementService
from eldercare.registry.service import COUNTED, service_rule
from eldercare.registry.service_order import Funding, ServiceOrder


def counted(draft: Draft) -> None:
    """An item belongs to one of the five kinds; the kind follows from it when it is not said."""
    item = draft.after.get("item")
    if item is None:
        return
    draft.default("kind", COUNTED[item].kind)
    kind = draft.after["kind"]
    if kind is not COUNTED[item].kind:
        refuse(
            "ITEM_OF_ANOTHER_KIND",
            f"{item.en} ({item.zh}) is no {kind.en} ({kind.zh}).",
            f"It belongs to {COUNTED[item].kind.value}; leave the kind out and it follows.",
            "kind",
        )


def call(draft: Draft) -> None:
    """The day of a call and the seconds until it was answered follow from its instants."""
    after = draft.after
    after["called_on"] = _day(after.get("called_at"))
    answered = after.get("answered_at")
    waited = None if answered is None or after.get("called_at") is None else answered - after["called_at"]
    after["seconds_to_answer"] = None if waited is None else max(int(waited.total_seconds()), 0)


def request(draft: Draft) -> None:
    """The day of a request follows from its instant."""
    counted(draft)
    draft.after["requested_on"] = _day(draft.after.get("requested_at"))


def order(draft: Draft) -> None:
    """Days, kinds, target and amount of an order follow from what is said; what contradicts them is refused."""
    after = draft.after
    if after.get("request_id") is not None:
        _of_request(draft)
    counted(draft)
    item, kind = after.get("item"), after.get("kind")
    after["purchased_kind"] = None if item is None else COUNTED[item].purchased
    after["ordered_on"], after["completed_on"] = _day(after.get("ordered_at")), _day(after.get("completed_at"))
    targets = service_rule("answer_targets")
    if kind is not None:
        draft.default("target_seconds", targets.get(kind.value))
    _amount(draft)
    if after.get("funding") is Funding.ACCOUNT and after["purchased_kind"] is None:
        refuse(
            "NOT_PURCHASED",
            "What is paid from an account is one of the six purchased kinds.",
            "Name the item, or let the person pay.",
            "funding",
        )


def no_child(draft: Draft) -> None:
    """The registry keeps no record of a child: childcare is told by sums alone."""
    born, youngest = draft.after.get("birth_date"), service_rule("youngest_age")
    if born is not None and draft.changed("birth_date") and born > months_after(draft.today, -12 * youngest):
        refuse(
            "CHILD_NOT_RECORDED",
            f"Nobody under {youngest} is recorded here.",
            "Childcare is told by sums: places and how many are taken.",
            "birth_date",
        )


def _of_request(draft: Draft) -> None:
    asked: ServiceRequest = draft.look_up(ServiceRequest, draft.after["request_id"])
    draft.default("channel", asked.channel)
    if draft.after.get("kind") is None and draft.after.get("item") is None:
        draft.after["kind"], draft.after["item"] = asked.kind, asked.item
    if asked.person_id is not None and asked.person_id != draft.after.get("person_id"):
        refuse("REQUEST_OF_ANOTHER", "The request is for another person.", "Check its id.", "request_id")


def _amount(draft: Draft) -> None:
    """Quantity times price, to the fen; an amount that was said must be that."""
    price, quantity = draft.after.get("unit_price"), draft.after.get("quantity")
    if price is None or quantity is None:
        return
    amount = int((price * quantity).quantize(Decimal(1), ROUND_HALF_UP))
    if draft.after.get("amount") is None or not draft.changed("amount"):
        draft.after["amount"] = amount
    elif draft.after["amount"] != amount:
        refuse("AMOUNT_DIFFERS", f"Quantity and price make {yuan(amount)} yuan.", "Leave the amount out.", "amount")


def _day(moment: datetime | None) -> Any:
    return None if moment is None else day_of(moment)


SERVICE_RULES: dict[type[Record], tuple[Callable[[Draft], None], ...]] = {
    AgreementService: (counted,),
    HotlineCall: (call,),
    ServiceRequest: (request,),
    ServiceOrder: (order,),
}
"""What each noun of the services checks and completes by itself."""
