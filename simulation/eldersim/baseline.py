"""The frozen start of every scenario: places, residents with the time they have stayed, a waiting list, people, parameters."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from eldersim import baseline_json
from eldersim.demand import Demand
from eldersim.entities import (
    BED_TYPES,
    CLASSES,
    NURSING_TYPES,
    Applicant,
    Division,
    Facility,
    Place,
    Resident,
    known,
)
from eldersim.errors import InvalidInput
from eldersim.parameters import Parameters, standard
from eldersim.population import LEVELS, Population

__all__ = [
    "BED_TYPES",
    "CLASSES",
    "NURSING_TYPES",
    "Applicant",
    "Baseline",
    "Demand",
    "Division",
    "Facility",
    "Place",
    "Population",
    "Resident",
]


@dataclass(frozen=True, eq=False)
class Baseline:
    """A territory on a date, before any scenario.

    Without ``demand`` applications are calibrated so that they balance what leaves now (Little's law: residents over mean
    stay, for each bed type) and grow with ``population``; without a population they stay as they are.

    >>> one = Baseline("X", date(2020, 1, 1), (Division("1"),), (Facility("A", "1"),), (Place("A", "NURSING", 20),))
    >>> Baseline.from_json(one.to_json()).digest == one.digest
    True
    """

    name: str
    date: date
    divisions: tuple[Division, ...]
    facilities: tuple[Facility, ...]
    places: tuple[Place, ...]
    residents: tuple[Resident, ...] = ()
    waiting: tuple[Applicant, ...] = ()
    population: Population | None = None
    parameters: Parameters = field(default_factory=standard)
    demand: Demand | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be: unknown codes, levels and classes outside their range, more residents than a code can hold."""
        divisions = _distinct([each.code for each in self.divisions], "divisions")
        facilities = _distinct([each.code for each in self.facilities], "facilities")
        for index, facility in enumerate(self.facilities):
            known(facility.division, divisions, "DIVISION_UNKNOWN", ("facilities", index, "division"))
        _distinct([(each.facility, each.bed_type, each.price) for each in self.places], "places")
        for index, place in enumerate(self.places):
            known(place.facility, facilities, "FACILITY_UNKNOWN", ("places", index, "facility"))
            known(place.bed_type, BED_TYPES, "BED_TYPE_UNKNOWN", ("places", index, "bed_type"))
            _need(place.licensed >= 0 and place.open >= 0, "Beds below zero.", ("places", index))
            for number, beds in place.reserved:
                _class(number, ("places", index, "reserved"))
                _need(beds >= 0, "Beds below zero.", ("places", index, "reserved"))
        self._check_people(divisions, facilities)

    def _check_people(self, divisions: frozenset[str], facilities: frozenset[str]) -> None:
        sites = {(place.facility, place.price) for place in self.places}
        for index, resident in enumerate(self.residents):
            where = ("residents", index)
            known(resident.facility, facilities, "FACILITY_UNKNOWN", (*where, "facility"))
            known(resident.bed_type, BED_TYPES, "BED_TYPE_UNKNOWN", (*where, "bed_type"))
            _need((resident.facility, resident.price) in sites, "Their facility has no places at that price.", where)
            _person(resident.level, resident.stayed_days, where)
            _class(resident.priority_class, where)
        for index, applicant in enumerate(self.waiting):
            at = ("waiting", index)
            for facility in applicant.facilities:
                known(facility, facilities, "FACILITY_UNKNOWN", (*at, "facilities"))
            if applicant.bed_type is not None:
                known(applicant.bed_type, BED_TYPES, "BED_TYPE_UNKNOWN", (*at, "bed_type"))
            if applicant.division is not None:
                known(applicant.division, divisions, "DIVISION_UNKNOWN", (*at, "division"))
            _person(applicant.level, applicant.waited_days, at)
            _class(applicant.priority_class, at)

    @cached_property
    def digest(self) -> str:
        """The same for two baselines exactly when they hold the same."""
        return hashlib.sha256(self.to_json()).hexdigest()

    def to_json(self) -> bytes:
        """Canonical content, to be kept with a study."""
        return baseline_json.write(self)

    @staticmethod
    def from_json(content: bytes) -> Baseline:
        """The baseline that was kept; `InvalidInput` (BASELINE_UNREADABLE) if these bytes are none."""
        return Baseline(**baseline_json.read(content))


def _distinct(names: list[str] | list[tuple[str, str, int]], what: str) -> frozenset[str]:
    found: set[object] = set()
    for index, name in enumerate(names):
        _need(name not in found, f"{name!r} occurs twice.", (what, index))
        found.add(name)
    return frozenset(str(name) for name in names)


def _person(level: int | None, days: int, path: tuple[str | int, ...]) -> None:
    _need(level is None or 0 <= level < LEVELS, "The ability level is not 0 to 4.", path)
    _need(days >= 0, "The time so far is below zero.", path)


def _class(number: int, path: tuple[str | int, ...]) -> None:
    _need(1 <= number <= CLASSES, f"The priority class is not 1 to {CLASSES}.", path)


def _need(true: bool, message: str, path: tuple[str | int, ...]) -> None:
    if not true:
        raise InvalidInput(
            "BASELINE_WRONG", f"{'.'.join(map(str, path))}: {message}", remedy="Correct the baseline.", path=path
        )
