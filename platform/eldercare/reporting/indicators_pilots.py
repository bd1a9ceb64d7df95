"""Measures of pilots: how many of the experiences that were handed in were selected."""

from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from eldercare.registry.experience import CaseStatus, ExperienceCase
from eldercare.registry.query import visible
from eldercare.reporting import place as count
from eldercare.reporting.indicators_services import scalar
from eldercare.reporting.measure import Measure
from eldercare.reporting.place import Part, Place

SELECTED = (CaseStatus.SELECTED, CaseStatus.PROMOTED)


def cases(*statuses: CaseStatus) -> Part:
    """Experiences of the territory that stand so."""

    def part(place: Place) -> ColumnElement[int]:
        one: Any = aliased(ExperienceCase)
        found = select(func.count(one.id)).where(one.status.in_(statuses), *visible(one, place.view))
        return scalar(count.located(found, one.division_id, place))

    return part


PILOTS = (Measure("SELECT_RATE", cases(*SELECTED), cases(*SELECTED, CaseStatus.SUBMITTED, CaseStatus.NOT_SELECTED)),)
