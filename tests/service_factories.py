"""Makes providers, agreements, platforms, requests and orders with sensible values; all of it synthetic."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factories as make
from eldercare.registry import (
    AgreementArea,
    AgreementService,
    Platform,
    PlatformPhase,
    ProviderPhase,
    ServiceAgreement,
    ServiceOrder,
    ServiceProvider,
    franchising,
)
from eldercare.registry.change import Writer
from eldercare.registry.division import Level
from eldercare.registry.provider import Affiliation, AgreementKind, ProviderStatus
from eldercare.registry.service import ServiceKind
from eldercare.registry.service_platform import PlatformStatus

BEGUN = datetime(2026, 5, 6, 1, 0, tzinfo=UTC)
"""The sixth of May, nine in the morning in China."""


def at(minutes: float) -> datetime:
    """So many minutes after the order."""
    return BEGUN + timedelta(minutes=minutes)


def provider(w: Writer, division_id: int, **values: Any) -> ServiceProvider:
    """A franchisee since 2020, at work."""
    default = {"affiliation": Affiliation.FRANCHISEE, "registered_on": date(2020, 1, 1), "division_id": division_id}
    if "organisation_id" not in values:
        default["organisation_id"] = make.organisation(w).id
    made = w.create(ServiceProvider, default | values)
    phase = {"provider_id": made.id, "status": ProviderStatus.ACTIVE, "valid_from": made.registered_on}
    w.create(ProviderPhase, phase)
    return made


def agreement(
    w: Writer, provider_id: int, division_id: int, kinds: tuple[ServiceKind, ...] = tuple(ServiceKind), **values: Any
) -> ServiceAgreement:
    """A franchise since 2020 for these kinds in a territory."""
    default = {"kind": AgreementKind.FRANCHISE, "valid_from": date(2020, 1, 1)}
    made = w.create(ServiceAgreement, {"provider_id": provider_id} | default | values)
    w.create(AgreementArea, {"agreement_id": made.id, "division_id": division_id})
    for kind in kinds:
        w.create(AgreementService, {"agreement_id": made.id, "kind": kind})
    return made


def order(w: Writer, person_id: int, division_id: int, **values: Any) -> ServiceOrder:
    """An order for a meal on the sixth of May."""
    default = {"kind": ServiceKind.DAILY_CARE, "ordered_at": BEGUN, "unit_price": 1500}
    return w.create(ServiceOrder, {"person_id": person_id, "division_id": division_id} | default | values)


def served(w: Writer, person_id: int, division_id: int, agreement: ServiceAgreement, **values: Any) -> ServiceOrder:
    """An order that was served under an agreement within three hours."""
    stages = {"dispatched_at": at(5), "received_at": at(20), "started_at": at(60), "completed_at": at(150)}
    of = {"provider_id": agreement.provider_id, "agreement_id": agreement.id}
    return order(w, person_id, division_id, **(stages | of | values))


def platform(w: Writer, division_id: int, **values: Any) -> Platform:
    """A county's platform, at work since 2016."""
    default = {"name": "平台", "level": Level.COUNTY, "hotline": "12349", "established_on": date(2016, 1, 1)}
    made = w.create(Platform, {"division_id": division_id} | default | values)
    phase = {"platform_id": made.id, "status": PlatformStatus.ACTIVE, "valid_from": made.established_on}
    w.create(PlatformPhase, phase)
    return made


def suspend(w: Writer, provider_id: int) -> None:
    """A provider does not work from the first of May on."""
    franchising.change_provider_status(w, provider_id=provider_id, status=ProviderStatus.SUSPENDED, on=date(2026, 5, 1))
