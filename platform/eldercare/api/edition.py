"""Editions of returns and the calendar of working days as the API shows them."""

from eldercare import registry
from eldercare.api.noun import Many, Noun

NOUNS = (
    Noun(
        registry.ReturnEdition,
        "returnEditions",
        fields=(Many("corrections", "ReturnEdition", "corrects_id", "The editions that put it right.", "更正版次"),),
        order=("code", "period_from", "edition"),
        hidden=frozenset({"content"}),
        place=lambda row, view: row.division_id,
    ),
    Noun(registry.FacilityStatement, "facilityStatements", order=("year",), place_of="facility"),
    Noun(registry.CalendarDay, "calendarDays", order=("day",)),
)
