"""The frozen start of a study: the registry at a date as the simulation takes it, with where each figure came from."""

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.metadata import version
from typing import Any

from sqlalchemy import Date, literal
from sqlalchemy.orm import Session

from eldercare.kit.errors import NotFound
from eldercare.planning.area import area_of, areas, group_shares
from eldercare.planning.assumption import assumed
from eldercare.planning.outcome import Taken
from eldercare.planning.population import Band, population, total
from eldercare.planning.snapshot import Applicant, Place, Resident, Snapshot, find_territory, take
from eldercare.planning.statement import statement
from eldercare.planning.study import Study, StudyBaseline
from eldercare.registry.division import Division
from eldercare.registry.membership import GroupCategory
from eldercare.registry.person import Sex
from eldercare.registry.query import View
from eldercare.registry.rules import BED_CLASSES, INSTITUTIONAL_KINDS, PUBLIC_OWNERSHIPS
from eldersim import baseline as sim
from eldersim.ability import fitted
from eldersim.calibration import asking
from eldersim.demography import from_bands
from eldersim.parameters import Parameters, standard

FEN = 100


@dataclass(frozen=True)
class World:
    """A baseline of the simulation, and how it is kept with a study."""

    baseline: sim.Baseline

    @cached_property
    def digest(self) -> str:
        """The same for two starts exactly when they hold the same."""
        return self.baseline.digest

    @property
    def classes(self) -> dict[int, tuple[str, str]]:
        """The priority classes with their names in English and Chinese."""
        return {number: (name["en"], name["zh"]) for number, name in assumed("classes").items()}

    def write(self) -> bytes:
        """The content to keep, compressed."""
        return zlib.compress(self.baseline.to_json(), 9)

    @staticmethod
    def read(content: bytes) -> "World":
        """The start that was kept."""
        return World(sim.Baseline.from_json(zlib.decompress(content)))


@dataclass(frozen=True)
class Frozen:
    """A frozen start with its territory and the statement of what was taken from where."""

    territory: int
    code: str
    name: str
    world: World
    taken: tuple[Taken, ...]
    code_version: str

    @staticmethod
    def stored(session: Session, study: Study) -> "Frozen":
        """The start a study was asked for with, however the registry has changed since."""
        territory = session.get_one(Division, study.territory_id)
        content = session.get_one(StudyBaseline, study.baseline).content
        taken = tuple(Taken.model_validate(each) for each in study.taken)
        return Frozen(territory.id, territory.code, territory.name, World.read(content), taken, study.code_version)


def freeze(session: Session, territory: str, as_of: date) -> Frozen:
    """Freeze the registry at a date for a territory; the same registry gives the same digest on every database.

    `NotFound` for an unknown territory (TERRITORY_UNKNOWN), one without institutional beds (NO_BEDS) or without any
    count of older people (POPULATION_UNKNOWN).
    """
    snapshot = take(session, territory, as_of, INSTITUTIONAL_KINDS, BED_CLASSES["INSTITUTIONAL"])
    if not snapshot.places:
        raise NotFound(
            "NO_BEDS",
            f"{snapshot.name} has no institutional beds on {as_of}.",
            remedy="Choose a territory with institutions, or another date.",
            path=("territory",),
        )
    division = find_territory(session, territory, as_of)
    view = View(as_of=literal(as_of, Date))
    homes = areas(session, division, view)
    bands, source = population(session, division, homes, view, as_of)
    shares = group_shares(session, division, view, total(bands.values()))
    parameters = _parameters(snapshot)
    world = World(_baseline(snapshot, homes, bands, shares, parameters))
    taken = statement(snapshot, source, shares, demand=_demand(world.baseline), parameters=parameters)
    return Frozen(division.id, division.code, division.name, world, taken, code_version())


def code_version() -> str:
    """The version of the program that computes."""
    return version("eldercare")


def _demand(start: sim.Baseline) -> float:
    """Applications in the first year."""
    offered = frozenset(sim.BED_TYPES.index(place.bed_type) for place in start.places if place.open)
    found = asking(start, start.parameters, years=1, offered=offered)
    return math.fsum(found.intensity[0].tolist())


def _parameters(snapshot: Snapshot) -> Parameters:
    """The simulation's parameters, with what the registry's own rules say in their place."""
    days = snapshot.priority.promotion()
    return standard() if days is None else standard().changed({"waiting.promotion": days})


def _baseline(
    snapshot: Snapshot,
    homes: Sequence[Division],
    bands: dict[str, tuple[Band, ...]],
    shares: dict[str, float],
    parameters: Parameters,
) -> sim.Baseline:
    codes = {place.facility: place.code for place in snapshot.places}
    prices = {place.facility: _price(place) for place in snapshot.places}
    places = sorted((_place(each, snapshot) for each in snapshot.places), key=lambda p: (p.facility, p.bed_type))
    residents = [_resident(each, codes, prices, snapshot.as_of) for each in snapshot.residents]
    waiting = [_applicant(each, codes, snapshot.as_of) for each in snapshot.applicants]
    people = from_bands(
        {code: _by_sex(area) for code, area in bands.items()},
        fitted(parameters),
        year=snapshot.as_of.year,
        group_shares=shares,
    )
    return sim.Baseline(
        name=snapshot.name,
        date=snapshot.as_of,
        divisions=tuple(sim.Division(each.code, each.name) for each in homes),
        facilities=_facilities(snapshot, homes),
        places=tuple(places),
        residents=tuple(sorted(residents, key=_order)),
        waiting=tuple(sorted(waiting, key=_order)),
        population=people,
        parameters=parameters,
    )


def _facilities(snapshot: Snapshot, homes: Sequence[Division]) -> tuple[sim.Facility, ...]:
    first = {place.code: place for place in snapshot.places}
    return tuple(
        sim.Facility(
            code, area_of(place.path, homes).code, place.name, place.ownership in PUBLIC_OWNERSHIPS, place.group
        )
        for code, place in sorted(first.items())
    )


def _place(place: Place, snapshot: Snapshot) -> sim.Place:
    reserved = [pair for category, beds in place.reserved for pair in _reserve(snapshot, category, beds)]
    return sim.Place(place.code, place.bed_type.value, place.open, price=_price(place), reserved=tuple(reserved))


def _reserve(snapshot: Snapshot, category: GroupCategory, beds: int) -> list[tuple[int, int]]:
    """Beds kept for a group, which all of its classes may use: the beds stand with the first class, none with the others."""
    first, *others = snapshot.priority.of_category(category)
    return [(first, beds), *((number, 0) for number in others)]


def _price(place: Place) -> int:
    """The band a place's monthly fee falls into; the lowest where the fee is not known."""
    return 0 if place.fee is None else sum(place.fee > limit * FEN for limit in assumed("price_bands"))


def _resident(resident: Resident, codes: dict[int, str], prices: dict[int, int], as_of: date) -> sim.Resident:
    return sim.Resident(
        facility=codes[resident.facility],
        bed_type=resident.bed_type.value,
        stayed_days=(as_of - resident.admitted_on).days,
        level=resident.level,
        age=resident.age,
        sex=_sex(resident.sex),
        priority_class=resident.priority_class,
        price=prices[resident.facility],
    )


def _applicant(applicant: Applicant, codes: dict[int, str], as_of: date) -> sim.Applicant:
    return sim.Applicant(
        waited_days=(as_of - applicant.applied_on).days,
        priority_class=applicant.priority_class,
        level=applicant.level,
        age=applicant.age,
        sex=_sex(applicant.sex),
        bed_type=None if applicant.bed_type is None else applicant.bed_type.value,
        facilities=tuple(codes[each] for each in applicant.preferred if each in codes),
    )


def _sex(sex: Sex) -> str:
    """As the life tables have it; the few whose sex is not stated count as women, who are the majority of the old."""
    return "male" if sex == Sex.MALE else "female"


def _by_sex(bands: Sequence[Band]) -> dict[str, dict[int, float]]:
    """Five-year bands by sex; bands of both sexes are halved, missing ones are empty."""
    found: dict[str, dict[int, float]] = {"male": {}, "female": {}}
    for band in bands:
        for name in ("male", "female") if band.sex is None else (_sex(band.sex),):
            people = band.people / 2 if band.sex is None else float(band.people)
            found[name][band.age_from] = found[name].get(band.age_from, 0.0) + people
    return found


def _order(person: Any) -> tuple[str, ...]:
    """An order that does not depend on the keys of a database."""
    return tuple(f"{getattr(person, name)!s:>12}" for name in person.__slots__)
