"""Service orders as the API shows them: their state, how fast they were taken, and sums of people, services and money."""

from typing import Any

from sqlalchemy import ColumnElement, case

from eldercare import registry
from eldercare.api.kind import FLAG, KEY, MONEY, WHOLE, choice
from eldercare.api.month import month_of, year_of
from eldercare.api.noun import Dimension, Distinct, Noun, Rate, Summary, Total, computed, grouped_by
from eldercare.api.territory import BY_TERRITORY
from eldercare.registry.moment import seconds_between
from eldercare.registry.query import View
from eldercare.registry.service_order import OrderStatus
from eldercare.registry.service_state import order_status, reached
from eldercare.security.privacy import Privacy

STATUS = choice(OrderStatus)


def response_seconds(row: Any, view: View) -> ColumnElement[int]:
    """The seconds until somebody took the order."""
    return seconds_between(row.ordered_at, row.received_at)


def in_time(row: Any, view: View) -> ColumnElement[Any]:
    """Whether an order was taken within its target; empty without a target or before it was taken."""
    taken: ColumnElement[Any] = response_seconds(row, view) <= row.target_seconds
    return taken


def served(row: Any, view: View) -> ColumnElement[int]:
    """1 for an order that had been served by the date, else 0."""
    return case((reached(row.completed_at, view), 1), else_=0)


def served_person(row: Any, view: View) -> ColumnElement[Any]:
    """The person of an order that had been served by the date."""
    return case((reached(row.completed_at, view), row.person_id))


def of_served(name: str) -> Any:
    """A column of the orders that had been served by the date; empty for the others."""
    return lambda row, view: case((reached(row.completed_at, view), getattr(row, name)))


SUMMARY = Summary(
    (
        *(grouped_by(registry.ServiceOrder, name) for name in ("kind", "item", "purchased_kind", "channel", "funding")),
        Dimension("status", STATUS, order_status, "The state they are in.", "状态", privacy=Privacy.PERSONAL),
        Dimension(
            "in_time",
            FLAG,
            in_time,
            "Whether they were taken within their target.",
            "是否按时响应",
            privacy=Privacy.PERSONAL,
        ),
        Dimension(
            "provider",
            KEY,
            lambda row, view: row.provider_id,
            "Who serves.",
            "服务商",
            "ServiceProvider",
            privacy=Privacy.PERSONAL,
        ),
        month_of("ordered_on", "The month in which they were made.", "创建月份"),
        month_of("completed_on", "The month in which they were served.", "完成月份", name="month_served"),
        year_of("completed_on", "The year in which they were served.", "完成年份", name="year_served"),
        *BY_TERRITORY,
    ),
    (
        Distinct(
            "people",
            lambda row, view: row.person_id,
            "How many different people ordered.",
            "下单人数",
            Privacy.PERSONAL,
        ),
        Distinct(
            "people_served", served_person, "How many different people were served.", "服务人数", Privacy.PERSONAL
        ),
        Total("services", served, "How many services were given.", "服务人次", privacy=Privacy.PERSONAL),
        Total(
            "amount", of_served("amount"), "What the services given cost.", "服务金额", MONEY, privacy=Privacy.PERSONAL
        ),
        Rate(
            "mean_rating", of_served("rating"), served, "Mean of the ratings people gave.", "平均评价", Privacy.PERSONAL
        ),
    ),
)

NOUNS = (
    Noun(
        registry.ServiceOrder,
        "serviceOrders",
        fields=(
            computed(
                "status",
                STATUS,
                order_status,
                en="The state it is in.",
                zh="状态",
                required=True,
                privacy=Privacy.PERSONAL,
            ),
            computed(
                "response_seconds",
                WHOLE,
                response_seconds,
                en="Seconds until it was taken; empty before that.",
                zh="响应秒数",
                privacy=Privacy.PERSONAL,
            ),
            computed(
                "in_time",
                FLAG,
                in_time,
                en="Whether it was taken within its target; empty without one or before that.",
                zh="是否按时响应",
                privacy=Privacy.PERSONAL,
            ),
        ),
        order=("ordered_at",),
        place=lambda row, view: row.division_id,
        summary=SUMMARY,
    ),
)
