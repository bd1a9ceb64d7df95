"""Platforms of service information as the API shows them."""

from eldercare import registry
from eldercare.api.kind import choice
from eldercare.api.noun import Dimension, Many, Noun, Summary, computed, grouped_by
from eldercare.api.territory import BY_TERRITORY
from eldercare.registry.service_platform import PlatformStatus
from eldercare.registry.service_state import platform_status

STATUS = choice(PlatformStatus)

NOUNS = (
    Noun(
        registry.Platform,
        "platforms",
        fields=(
            computed("status", STATUS, platform_status, en="The state it is in.", zh="状态"),
            Many(
                "phases", "PlatformPhase", "platform_id", "The state it is in, with history those before.", "状态沿革"
            ),
            Many("agreements", "ServiceAgreement", "platform_id", "The agreements of its franchisees.", "加盟协议"),
        ),
        order=("name",),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (
                grouped_by(registry.Platform, "level"),
                grouped_by(registry.Platform, "pilot"),
                Dimension("status", STATUS, platform_status, "The state they are in.", "状态"),
                *BY_TERRITORY,
            )
        ),
    ),
    Noun(registry.PlatformPhase, "platformPhases", order=("valid_from",), place_of="platform"),
)
