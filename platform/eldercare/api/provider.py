"""Providers of services and their agreements as the API shows them."""

from sqlalchemy import func

from eldercare import registry
from eldercare.api.kind import NUMBER, WHOLE, choice
from eldercare.api.noun import Dimension, Many, Noun, Summary, Total, computed, grouped_by
from eldercare.api.territory import BY_TERRITORY
from eldercare.registry.provider import ProviderStatus
from eldercare.registry.service_state import in_hand, mean_rating, provider_status

STATUS = choice(ProviderStatus)

NOUNS = (
    Noun(
        registry.ServiceProvider,
        "serviceProviders",
        fields=(
            computed("status", STATUS, provider_status, en="The state it is in.", zh="状态"),
            computed(
                "in_hand",
                WHOLE,
                in_hand,
                en="How many orders it was given and has not served yet.",
                zh="在办工单数",
                required=True,
            ),
            computed("mean_rating", NUMBER, mean_rating, en="Mean of the ratings people gave.", zh="平均评价"),
            Many(
                "phases", "ProviderPhase", "provider_id", "The state it is in, with history those before.", "状态沿革"
            ),
            Many("agreements", "ServiceAgreement", "provider_id", "The agreements it serves under.", "服务协议"),
            Many("orders", "ServiceOrder", "provider_id", "Its orders.", "服务工单"),
        ),
        order=("registered_on",),
        place=lambda row, view: row.division_id,
        summary=Summary(
            (
                grouped_by(registry.ServiceProvider, "affiliation"),
                Dimension("status", STATUS, provider_status, "The state they are in.", "状态"),
                *BY_TERRITORY,
            ),
            (
                Total("in_hand", in_hand, "Orders they were given and have not served yet.", "在办工单数"),
                Total(
                    "order_limit",
                    lambda row, view: func.coalesce(row.order_limit, 0),
                    "How many they can have in hand, where limited.",
                    "在办工单上限",
                ),
            ),
        ),
    ),
    Noun(registry.ProviderPhase, "providerPhases", order=("valid_from",), place_of="provider"),
    Noun(
        registry.ServiceAgreement,
        "serviceAgreements",
        fields=(
            Many("services", "AgreementService", "agreement_id", "What it includes.", "服务项目"),
            Many("areas", "AgreementArea", "agreement_id", "Where it holds.", "服务区域"),
        ),
        order=("valid_from",),
        place_of="provider",
        summary=Summary((grouped_by(registry.ServiceAgreement, "kind"), *BY_TERRITORY)),
    ),
    Noun(registry.AgreementService, "agreementServices", order=("kind",), place_of="agreement"),
    Noun(registry.AgreementArea, "agreementAreas", place=lambda row, view: row.division_id),
)
