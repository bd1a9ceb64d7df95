"""Which people are a viewer's: who lives or is registered in their territory, lives in their facility, is served, calls, is paid."""

from typing import Any

from sqlalchemy import ColumnElement, exists, false, or_, select, true
from sqlalchemy.orm import aliased

from eldercare.registry.application import Application, ApplicationPhase, ApplicationStatus
from eldercare.registry.division import Division, within
from eldercare.registry.entitlement import Entitlement
from eldercare.registry.hotline import HotlineCall, ServiceRequest
from eldercare.registry.person import Residence
from eldercare.registry.provider import ServiceProvider
from eldercare.registry.service_order import ServiceOrder
from eldercare.registry.stay import Stay
from eldercare.registry.viewer import Viewer
from eldercare.security.policy import Scope

Condition = ColumnElement[bool]
OFFERED = (ApplicationStatus.OFFERED, ApplicationStatus.ACCEPTED)
"""The states in which an application shows the facility whom it may soon take in."""


def in_scope(person: ColumnElement[Any], scope: Scope, viewer: Viewer, day: Any, *, lead: bool = False) -> Condition:
    """Whether the person of a key is one of a viewer's on a day."""
    if scope is Scope.EVERYTHING:
        return true()
    if scope is Scope.DIVISION and viewer.division is not None:
        return _belongs(person, viewer.division, day, lead=lead)
    if scope is Scope.FACILITY and viewer.facilities:
        return or_(lives_in(person, viewer, day), _is_offered(person, viewer, day))
    if scope is Scope.ORDERS and viewer.organisation is not None:
        return is_served(person, viewer, day)
    if scope is Scope.CALLS and viewer.division is not None:
        return _called(person, viewer.division, day)
    if scope is Scope.SCHEMES and viewer.schemes:
        return _is_entitled(person, viewer, day)
    return false()


def lives_in(person: ColumnElement[Any], viewer: Viewer, day: Any) -> Condition:
    """Whether a person lives in one of the viewer's facilities on a day."""
    stay = aliased(Stay)
    where = [stay.person_id == person, stay.facility_id.in_(viewer.facilities), stay.admitted_on <= day]
    where.append(or_(stay.discharged_on.is_(None), stay.discharged_on > day))
    return exists(select(stay.id).where(*where).correlate_except(stay))


def _belongs(person: ColumnElement[Any], division: ColumnElement[int], day: Any, *, lead: bool) -> Condition:
    """Whether somebody lives or is registered in a territory on a day; the last place known counts until another begins."""
    residence, later = aliased(Residence), aliased(Residence)
    follows = [later.person_id == residence.person_id, later.base == residence.base]
    follows += [later.valid_from > residence.valid_from, later.valid_from <= day]
    last = ~exists(select(later.id).where(*follows).correlate(residence))
    begun = residence.valid_from <= day
    if lead:
        there = within(residence.division_id, division)
        return person.in_(select(residence.person_id).where(there, begun, last))
    there = inside(residence.division_id, division)
    found = select(residence.id).where(residence.person_id == person, begun, there, last)
    return exists(found.correlate_except(residence))


def _is_offered(person: ColumnElement[Any], viewer: Viewer, day: Any) -> Condition:
    """Whether a person was offered a place in one of the viewer's facilities and has not been settled on a day."""
    made, phase = aliased(Application), aliased(ApplicationPhase)
    where = [made.person_id == person, phase.facility_id.in_(viewer.facilities), phase.status.in_(OFFERED)]
    where += [phase.valid_from <= day, or_(phase.valid_to.is_(None), phase.valid_to > day)]
    found = select(made.id).join(phase, phase.application_id == made.id).where(*where)
    return exists(found.correlate_except(made, phase))


def inside(place: Any, division: ColumnElement[int]) -> Condition:
    """Whether the division of a key lies in a territory: two rows by their keys and a comparison of paths."""
    own, territory = aliased(Division), aliased(Division)
    found = select(own.id).join(territory, own.path.between(territory.path, territory.path + "~"))
    return exists(found.where(own.id == place, territory.id == division).correlate_except(own, territory))


def is_served(person: ColumnElement[Any], viewer: Viewer, day: Any, *, now: bool = False) -> Condition:
    """Whether the viewer's organisation serves a person by an order made by a day; with `now`, one that is open."""
    order = aliased(ServiceOrder)
    where = [order.person_id == person, own_order(order, viewer), order.ordered_on <= day]
    if now:
        where += [order.completed_at.is_(None), order.ended_at.is_(None)]
    return exists(select(order.id).where(*where).correlate_except(order))


def own_order(order: Any, viewer: Viewer) -> Condition:
    """Whether an order was given to the viewer's organisation."""
    if viewer.organisation is None:
        return false()
    provider = aliased(ServiceProvider)
    own = select(provider.id).where(provider.organisation_id == viewer.organisation)
    return order.provider_id.in_(own)  # type: ignore[no-any-return]


def _called(person: ColumnElement[Any], division: ColumnElement[int], day: Any) -> Condition:
    """Whether a person called, or somebody for them, or is to be served, within the viewer's division."""
    call, request, order = aliased(HotlineCall), aliased(ServiceRequest), aliased(ServiceOrder)
    days = ((call, call.called_on), (request, request.requested_on), (order, order.ordered_on))
    return or_(
        *[
            exists(
                select(made.id)
                .where(made.person_id == person, on <= day, inside(made.division_id, division))
                .correlate_except(made)
            )
            for made, on in days
        ]
    )


def _is_entitled(person: ColumnElement[Any], viewer: Viewer, day: Any) -> Condition:
    """Whether a person was entitled by one of the viewer's schemes by a day: what was paid is looked into afterwards too."""
    right = aliased(Entitlement)
    where = [right.person_id == person, right.scheme_id.in_(viewer.schemes), right.valid_from <= day]
    return exists(select(right.id).where(*where).correlate_except(right))


def own_scheme(row: Any, viewer: Viewer) -> list[Condition]:
    """That a record about money belongs to one of the viewer's schemes; nothing where it names none."""
    if hasattr(row, "scheme_id"):
        return [row.scheme_id.in_(viewer.schemes)]
    if hasattr(row, "entitlement_id"):
        right = aliased(Entitlement)
        found = select(right.id).where(right.id == row.entitlement_id, right.scheme_id.in_(viewer.schemes))
        return [exists(found.correlate_except(right))]
    return []
