"""What facilities can do, and their medical care, as the API shows them."""

from eldercare import registry
from eldercare.api.noun import Noun

NOUNS = (
    Noun(registry.FacilityCapability, "facilityCapabilities", order=("capability",), place_of="facility"),
    Noun(registry.MedicalIntegration, "medicalIntegrations", order=("mode",), place_of="facility"),
)
