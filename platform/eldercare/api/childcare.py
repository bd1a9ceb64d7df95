"""Places of childcare centres as the API shows them: numbers only."""

from eldercare import registry
from eldercare.api.noun import Noun, Rate, Summary, Total
from eldercare.api.territory import BY_TERRITORY

NOUNS = (
    Noun(
        registry.ChildcarePeriod,
        "childcarePeriods",
        order=("valid_from",),
        place_of="facility",
        summary=Summary(
            BY_TERRITORY,
            (
                Total("places", lambda row, view: row.places, "Places.", "托位数"),
                Total(
                    "inclusive_places",
                    lambda row, view: row.inclusive_places,
                    "Of those the places at a price everybody can pay.",
                    "普惠托位数",
                ),
                Total("enrolled", lambda row, view: row.enrolled, "Places that are taken.", "在托人数"),
                Rate(
                    "use",
                    lambda row, view: row.enrolled,
                    lambda row, view: row.places,
                    "Taken places for each place.",
                    "托位使用率",
                ),
            ),
        ),
    ),
)
