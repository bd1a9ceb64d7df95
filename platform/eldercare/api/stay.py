"""Stays and leaves as the API shows them."""

from eldercare import registry
from eldercare.api.kind import choice
from eldercare.api.noun import Dimension, Distinct, Many, Noun, Summary, computed, grouped_by
from eldercare.api.territory import BY_TERRITORY
from eldercare.registry.facility import Facility
from eldercare.registry.state import stay_status
from eldercare.registry.stay import StayStatus
from eldercare.security.privacy import Privacy

STATUS = choice(StayStatus)


NOUNS = (
    Noun(
        registry.Stay,
        "stays",
        fields=(
            computed(
                "status",
                STATUS,
                stay_status,
                en="The state it is in.",
                zh="状态",
                required=True,
                privacy=Privacy.PERSONAL,
            ),
            Many("leaves", "StayLeave", "stay_id", "Leaves during the stay.", "请假"),
        ),
        order=("admitted_on",),
        place_of="facility",
        summary=Summary(
            (
                grouped_by(registry.Stay, "bed_type"),
                grouped_by(registry.Stay, "payer"),
                grouped_by(registry.Stay, "care_level"),
                Dimension("status", STATUS, stay_status, "The state they are in.", "状态", privacy=Privacy.PERSONAL),
                grouped_by(Facility, "kind", through="facility"),
                grouped_by(Facility, "ownership", through="facility"),
                *BY_TERRITORY,
            ),
            (
                Distinct("people", lambda row, view: row.person_id, "How many different people.", "人数", Privacy.OPEN),
                Distinct(
                    "facilities",
                    lambda row, view: row.facility_id,
                    "How many different facilities.",
                    "机构数",
                    Privacy.OPEN,
                ),
            ),
        ),
    ),
    Noun(registry.StayLeave, "stayLeaves", order=("left_on",), place_of="stay"),
)
