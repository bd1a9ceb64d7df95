"""Assessments of ability and care risk events as the API shows them."""

from eldercare import registry
from eldercare.api.noun import Distinct, Noun, Summary, grouped_by
from eldercare.security.privacy import Privacy

NOUNS = (
    Noun(
        registry.AbilityAssessment,
        "abilityAssessments",
        order=("assessed_on",),
        place_of="person",
        summary=Summary(
            (grouped_by(registry.AbilityAssessment, "instrument"), grouped_by(registry.AbilityAssessment, "level")),
            (Distinct("people", lambda row, view: row.person_id, "How many different people.", "人数", Privacy.OPEN),),
        ),
    ),
    Noun(registry.CareRiskEvent, "careRiskEvents", order=("happened_on",), place_of="person"),
)
