"""Commands about providers and platforms: register, suspend, sign and end agreements, open and change platforms."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select

from eldercare.registry.change import Writer
from eldercare.registry.division import Level
from eldercare.registry.draft import refuse
from eldercare.registry.phase import move_on
from eldercare.registry.provider import (
    Affiliation,
    AgreementArea,
    AgreementKind,
    AgreementService,
    ProviderPhase,
    ProviderStatus,
    ServiceAgreement,
    ServiceProvider,
)
from eldercare.registry.service import ServiceItem, ServiceKind
from eldercare.registry.service_order import ServiceOrder
from eldercare.registry.service_platform import Platform, PlatformPhase, PlatformStatus


def register_provider(
    writer: Writer, *, organisation_id: int, affiliation: Affiliation, division_id: int, on: date, **values: Any
) -> ServiceProvider:
    """Register an organisation as a provider; it works from that day on."""
    said = {"organisation_id": organisation_id, "affiliation": affiliation, "division_id": division_id}
    made = writer.create(ServiceProvider, {**values, **said, "registered_on": on})
    move_on(writer, ProviderPhase, {"provider_id": made.id}, status=ProviderStatus.ACTIVE, on=on)
    return made


def change_provider_status(
    writer: Writer,
    *,
    provider_id: int,
    status: ProviderStatus,
    on: date,
    reason: str | None = None,
    expected_version: int | None = None,
) -> ServiceProvider:
    """Suspend a provider, let it work again, or end it; refused while orders are in its hands. Its agreements end with it."""
    provider = writer.locked(ServiceProvider, provider_id)
    writer.expect(provider, expected_version)
    with writer.together():
        if status is ProviderStatus.ENDED:
            _nothing_in_hand(writer, provider_id)
            for key in _agreements_after(writer, provider_id, on):
                _end_agreement(writer, key, on, reason)
            writer.end(ServiceProvider, provider_id, on, reason=reason)
        move_on(writer, ProviderPhase, {"provider_id": provider_id}, status=status, on=on, reason=reason)
    return writer.find(ServiceProvider, provider_id)


def register_agreement(
    writer: Writer,
    *,
    provider_id: int,
    kind: AgreementKind,
    on: date,
    until: date | None = None,
    area_ids: Sequence[int],
    kinds: Sequence[ServiceKind] = (),
    items: Sequence[ServiceItem] = (),
    **values: Any,
) -> ServiceAgreement:
    """Sign an agreement: with whom, from when, in which territories, for which kinds or single items."""
    if not area_ids:
        refuse("AREA_MISSING", "An agreement holds somewhere.", "Name its territories.", "area_ids")
    if not kinds and not items:
        refuse("KIND_MISSING", "An agreement is about some services.", "Name kinds or items.", "kinds")
    writer.locked(ServiceProvider, provider_id)
    said = {"provider_id": provider_id, "kind": kind, "valid_from": on, "valid_to": until}
    with writer.together():
        made = writer.create(ServiceAgreement, {**values, **said})
        for division_id in area_ids:
            writer.create(AgreementArea, {"agreement_id": made.id, "division_id": division_id})
        for each in kinds:
            writer.create(AgreementService, {"agreement_id": made.id, "kind": each})
        for item in items:
            writer.create(AgreementService, {"agreement_id": made.id, "item": item})
    return writer.find(ServiceAgreement, made.id)


def end_agreement(
    writer: Writer, *, agreement_id: int, on: date, reason: str, expected_version: int | None = None
) -> ServiceAgreement:
    """End an agreement from a day on; refused where services were already given under it after that day."""
    writer.expect(writer.locked(ServiceAgreement, agreement_id), expected_version)
    return _end_agreement(writer, agreement_id, on, reason)


def open_platform(writer: Writer, *, name: str, level: Level, division_id: int, on: date, **values: Any) -> Platform:
    """Open a platform for a division; it works from that day on."""
    said = {"name": name, "level": level, "division_id": division_id, "established_on": on}
    made = writer.create(Platform, {**values, **said})
    move_on(writer, PlatformPhase, {"platform_id": made.id}, status=PlatformStatus.ACTIVE, on=on)
    return made


def change_platform_status(
    writer: Writer, *, platform_id: int, status: PlatformStatus, on: date, reason: str | None = None
) -> Platform:
    """Suspend a platform, let it work again, or close it."""
    writer.locked(Platform, platform_id)
    move_on(writer, PlatformPhase, {"platform_id": platform_id}, status=status, on=on, reason=reason)
    if status is PlatformStatus.CLOSED:
        writer.end(Platform, platform_id, on, reason=reason)
    return writer.find(Platform, platform_id)


def _nothing_in_hand(writer: Writer, provider_id: int) -> None:
    waiting = select(ServiceOrder.id).where(
        ServiceOrder.provider_id == provider_id,
        ServiceOrder.completed_at.is_(None),
        ServiceOrder.ended_at.is_(None),
    )
    if writer.session.scalars(waiting.limit(1)).first() is not None:
        refuse(
            "ORDERS_IN_HAND",
            "The provider still has orders to serve.",
            "Dispatch them to others or cancel them first.",
            "provider_id",
        )


def _agreements_after(writer: Writer, provider_id: int, on: date) -> Sequence[int]:
    late = or_(ServiceAgreement.valid_to.is_(None), ServiceAgreement.valid_to > on)
    chosen = select(ServiceAgreement.id).where(ServiceAgreement.provider_id == provider_id, late)
    return writer.session.scalars(chosen.order_by(ServiceAgreement.id)).all()


def _end_agreement(writer: Writer, agreement_id: int, on: date, reason: str | None) -> ServiceAgreement:
    return writer.correct(ServiceAgreement, agreement_id, {"valid_to": on, "end_reason": reason}, reason=reason)
