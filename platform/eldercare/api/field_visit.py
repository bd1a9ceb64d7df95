"""Visits of officials and the facilities they saw, as the API shows them."""

from eldercare import registry
from eldercare.api.noun import Many, Noun

NOUNS = (
    Noun(
        registry.FieldVisit,
        "fieldVisits",
        fields=(Many("stops", "FieldVisitStop", "field_visit_id", "The facilities seen.", "调研点"),),
        order=("visited_on", "month_day"),
        place=lambda row, view: row.division_id,
    ),
    Noun(registry.FieldVisitStop, "fieldVisitStops", order=("place",), place_of="facility"),
)
