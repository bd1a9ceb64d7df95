"""Capacity and the beds kept for groups as the API shows them."""

from eldercare import registry
from eldercare.api.noun import Many, Noun

NOUNS = (
    Noun(
        registry.CapacityPeriod,
        "capacityPeriods",
        fields=(Many("reserves", "CapacityReserve", "capacity_period_id", "Beds kept for groups.", "预留床位"),),
        order=("bed_type", "valid_from"),
        place_of="facility",
    ),
    Noun(registry.CapacityReserve, "capacityReserves", order=("category",), place_of="capacity_period"),
)
