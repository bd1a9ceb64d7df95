"""Ratings as the API shows them."""

from eldercare import registry
from eldercare.api.noun import Noun, Summary, grouped_by

NOUNS = (
    Noun(
        registry.Rating,
        "ratings",
        order=("issued_on",),
        place_of="facility",
        summary=Summary((grouped_by(registry.Rating, "scheme"), grouped_by(registry.Rating, "level"))),
    ),
)
