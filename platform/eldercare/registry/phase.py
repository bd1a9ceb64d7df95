"""Moving a facility or an application from one state to the next on a day."""

from datetime import date
from typing import Any

from sqlalchemy import select

from eldercare.kit.errors import NotFound
from eldercare.registry.application import ApplicationPhase
from eldercare.registry.change import Writer
from eldercare.registry.draft import called, refuse
from eldercare.registry.entity import Record
from eldercare.registry.facility import FacilityPhase
from eldercare.registry.provider import ProviderPhase
from eldercare.registry.rules import rule
from eldercare.registry.service import service_rule
from eldercare.registry.service_platform import PlatformPhase

STEPS: dict[type[Record], dict[str, list[str]]] = {
    FacilityPhase: rule("facility_transitions"),
    ApplicationPhase: rule("application_transitions"),
    ProviderPhase: service_rule("provider_transitions"),
    PlatformPhase: service_rule("platform_transitions"),
}
"""What may follow each state, one step at a time."""


def move_on(writer: Writer, noun: type[Record], owner: dict[str, int], *, status: Any, on: date, **values: Any) -> Any:
    """End the open phase of an owner and begin the next; a second move on one day replaces the first, which the log keeps."""
    current = open_phase(writer, noun, owner)
    step = {**values, "status": status}
    if current is not None and status not in STEPS[noun][current.status]:
        refuse(
            "TRANSITION",
            f"What is {current.status.en} ({current.status.zh}) cannot become {status.en} ({status.zh}).",
            f"It can become {', '.join(STEPS[noun][current.status]) or 'nothing else'}.",
            "status",
        )
    if current is None:
        return writer.create(noun, {**owner, **step, "valid_from": on})
    if on < current.valid_from:
        refuse("BEFORE_CURRENT_STATE", f"The present {called(noun)} began later than {on}.", "Check the day.", "on")
    if on == current.valid_from:
        return writer.correct(noun, current.id, step)
    writer.end(noun, current.id, on)
    return writer.create(noun, {**owner, **step, "valid_from": on})


def open_phase(writer: Writer, noun: type[Record], owner: dict[str, int]) -> Any:
    """The phase of an owner that has not ended, if any."""
    found: Any = noun
    conditions = [getattr(found, name) == key for name, key in owner.items()]
    return writer.session.scalars(select(found).where(*conditions, found.valid_to.is_(None))).one_or_none()


def the_open_phase(writer: Writer, noun: type[Record], owner: dict[str, int]) -> Any:
    """The phase of an owner that has not ended, or `NotFound`."""
    found = open_phase(writer, noun, owner)
    if found is None:
        raise NotFound("NO_STATE", f"There is no open {called(noun)}.", remedy="Record its first state.", path=("id",))
    return found
