"""Terminals, calls and requests of the hotline as the API shows them."""

from typing import Any

from sqlalchemy import ColumnElement, case, literal

from eldercare import registry
from eldercare.api.month import month_of
from eldercare.api.noun import Distinct, Many, Noun, Rate, Summary, Total, grouped_by
from eldercare.api.territory import BY_TERRITORY
from eldercare.registry.query import View
from eldercare.security.privacy import Privacy


def answered(row: Any, view: View) -> ColumnElement[int]:
    """1 for a call that was answered, else 0."""
    return case((row.answered_at.is_not(None), 1), else_=0)


def one(row: Any, view: View) -> ColumnElement[int]:
    """1 for each row."""
    return literal(1)


NOUNS = (
    Noun(
        registry.Device,
        "devices",
        order=("installed_on",),
        place_of="person",
        summary=Summary((grouped_by(registry.Device, "kind"), *BY_TERRITORY)),
    ),
    Noun(
        registry.HotlineCall,
        "hotlineCalls",
        order=("called_at",),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (
                grouped_by(registry.HotlineCall, "channel"),
                grouped_by(registry.HotlineCall, "emergency"),
                month_of("called_on", "The month in which they came.", "来电月份"),
                *BY_TERRITORY,
            ),
            (
                Total("answered", answered, "How many were answered.", "接通数", privacy=Privacy.PERSONAL),
                Rate("answer_rate", answered, one, "Answered calls for each call.", "接通率", Privacy.PERSONAL),
            ),
        ),
    ),
    Noun(
        registry.ServiceRequest,
        "serviceRequests",
        fields=(Many("orders", "ServiceOrder", "request_id", "The orders that answer it.", "服务工单"),),
        order=("requested_at",),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (
                grouped_by(registry.ServiceRequest, "channel"),
                grouped_by(registry.ServiceRequest, "kind"),
                grouped_by(registry.ServiceRequest, "item"),
                grouped_by(registry.ServiceRequest, "outcome"),
                month_of("requested_on", "The month in which they were made.", "请求月份"),
                *BY_TERRITORY,
            ),
            (Distinct("people", lambda row, view: row.person_id, "How many different people.", "人数", Privacy.OPEN),),
        ),
    ),
)
