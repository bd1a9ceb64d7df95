"""Operating contracts as the API shows them."""

from eldercare import registry
from eldercare.api.noun import Noun

NOUNS = (Noun(registry.OperatingContract, "operatingContracts", order=("valid_from",), place_of="facility"),)
