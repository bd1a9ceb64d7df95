"""Service areas of facilities as the API shows them."""

from eldercare import registry
from eldercare.api.noun import Noun

NOUNS = (Noun(registry.FacilityArea, "facilityAreas", order=("valid_from",), place=lambda row, view: row.division_id),)
