"""Stays and leaves as the API shows them."""

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from eldercare import registry
from eldercare.api.kind import choice
from eldercare.api.noun import Dimension, Distinct, Expression, Many, Noun, Summary, computed, grouped_by
from eldercare.api.territory import BY_TERRITORY
from eldercare.registry.facility import Facility, FacilityKind, Ownership
from eldercare.registry.query import View
from eldercare.registry.state import stay_status
from eldercare.registry.stay import StayStatus

STATUS = choice(StayStatus)


def of_facility(name: str) -> Expression:
    """A column of the facility of a stay."""

    def read(row: Any, view: View) -> ColumnElement[Any]:
        facility = aliased(Facility)
        found = select(getattr(facility, name)).where(facility.id == row.facility_id)
        return found.correlate(row).scalar_subquery()

    return read


NOUNS = (
    Noun(
        registry.Stay,
        "stays",
        fields=(
            computed("status", STATUS, stay_status, en="The state it is in.", zh="状态", required=True),
            Many("leaves", "StayLeave", "stay_id", "Leaves during the stay.", "请假"),
        ),
        order=("admitted_on",),
        place=of_facility("division_id"),
        summary=Summary(
            (
                grouped_by(registry.Stay, "bed_type"),
                grouped_by(registry.Stay, "payer"),
                grouped_by(registry.Stay, "care_level"),
                Dimension("status", STATUS, stay_status, "The state they are in.", "状态"),
                Dimension("kind", choice(FacilityKind), of_facility("kind"), "The kind of facility.", "机构类型"),
                Dimension(
                    "ownership", choice(Ownership), of_facility("ownership"), "Who set the facility up.", "兴办主体"
                ),
                *BY_TERRITORY,
            ),
            (
                Distinct("people", lambda row, view: row.person_id, "How many different people.", "人数"),
                Distinct("facilities", lambda row, view: row.facility_id, "How many different facilities.", "机构数"),
            ),
        ),
    ),
    Noun(registry.StayLeave, "stayLeaves", order=("left_on",)),
)
