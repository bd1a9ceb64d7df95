"""Sources as the API shows them."""

from eldercare import registry
from eldercare.api.noun import Noun

NOUNS = (Noun(registry.Source, "sources", order=("system",)),)
