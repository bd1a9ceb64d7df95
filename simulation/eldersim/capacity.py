"""Arithmetic of places and people: what an occupancy implies, free beds, and who of a target group has a place."""

from __future__ import annotations

from eldersim.errors import InvalidInput


def implied_beds(residents: float, occupancy: float) -> float:
    """The beds that so many residents fill to so large a share.

    >>> round(implied_beds(575, 0.3487), 2)
    1648.98
    """
    if not 0 < occupancy <= 1:
        raise InvalidInput(
            "OCCUPANCY_OUT_OF_RANGE",
            f"An occupancy of {occupancy} is no share.",
            remedy="Give it between 0 and 1.",
            path=["occupancy"],
        )
    return residents / occupancy


def free_beds(residents: float, beds: float) -> float:
    """The beds nobody lives in; none when there are more residents than beds."""
    return max(0.0, beds - residents)


def share_housed(residents: float, target_group: float) -> float:
    """The share of a target group that has a place."""
    if target_group <= 0:
        raise InvalidInput(
            "NO_TARGET_GROUP", "The target group is empty.", remedy="Give its people.", path=["target_group"]
        )
    return residents / target_group
