"""Applications for care, their states and preferences as the API shows them."""

from eldercare import registry
from eldercare.api.kind import choice
from eldercare.api.noun import Dimension, Distinct, Many, Noun, Summary, computed, grouped_by
from eldercare.api.territory import BY_TERRITORY
from eldercare.registry.application import ApplicationStatus
from eldercare.registry.state import application_status
from eldercare.security.privacy import Privacy

STATUS = choice(ApplicationStatus)

NOUNS = (
    Noun(
        registry.Application,
        "applications",
        fields=(
            computed(
                "status", STATUS, application_status, en="The state it is in.", zh="状态", privacy=Privacy.PERSONAL
            ),
            Many(
                "phases",
                "ApplicationPhase",
                "application_id",
                "The state it is in, with history those before.",
                "状态沿革",
            ),
            Many("preferences", "ApplicationPreference", "application_id", "The facilities preferred.", "意向机构"),
        ),
        order=("applied_on",),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (
                grouped_by(registry.Application, "setting"),
                grouped_by(registry.Application, "bed_type"),
                grouped_by(registry.Application, "priority_class"),
                Dimension(
                    "status", STATUS, application_status, "The state they are in.", "状态", privacy=Privacy.PERSONAL
                ),
                *BY_TERRITORY,
            ),
            (Distinct("people", lambda row, view: row.person_id, "How many different people.", "人数", Privacy.OPEN),),
        ),
    ),
    Noun(registry.ApplicationPhase, "applicationPhases", order=("valid_from",)),
    Noun(registry.ApplicationPreference, "applicationPreferences", order=("rank",)),
)
