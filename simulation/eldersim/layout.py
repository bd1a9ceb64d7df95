"""Where beds are: sites (a facility at a price), their pools by bed type, home care, and who shares a waiting list."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from eldersim.baseline import Baseline
from eldersim.beds import TYPES
from eldersim.entities import BED_TYPES, Facility
from eldersim.measures import OpenFacility
from eldersim.preferences import Sites
from eldersim.records import fresh_pools
from eldersim.scenario import Scenario

Integers = npt.NDArray[np.int64]
TYPE = {name: number for number, name in enumerate(BED_TYPES)}


@dataclass(slots=True)
class Layout:
    """Sites of the baseline and of facilities a scenario opens; after them one site of home care for each division.

    ``beds[site, type]`` are usable at the start, ``licensed`` those that exist; pool = site * TYPES + type.
    """

    divisions: tuple[str, ...]
    facilities: tuple[Facility, ...]
    sites: tuple[tuple[str, int], ...]
    beds: Integers
    licensed: Integers
    home_care: Integers
    reserves: dict[int, tuple[int, int, bool]] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """The number of pools, home care included."""
        return (len(self.sites) + len(self.divisions)) * TYPES

    def facility(self, code: str) -> Facility:
        """The facility with a code."""
        return next(each for each in self.facilities if each.code == code)

    def sites_of(self, code: str) -> list[int]:
        """The sites of a facility."""
        return [number for number, (facility, _) in enumerate(self.sites) if facility == code]

    def chosen(self, *, facility: str | None, division: str | None) -> list[int]:
        """The sites of a facility, of a division, or all."""
        if facility is not None:
            return self.sites_of(facility)
        homes = {each.code: each.division for each in self.facilities}
        return [n for n, (code, _) in enumerate(self.sites) if division is None or homes[code] == division]

    def seen(self) -> Sites:
        """What people see of the sites when they choose."""
        homes = {each.code: self.divisions.index(each.division) for each in self.facilities}
        groups = group_numbers(self, {each.code: each.group for each in self.facilities if each.group})
        return Sites(
            division=np.array([homes[code] for code, _ in self.sites], np.int64),
            price=np.array([price for _, price in self.sites], np.int64),
            group=np.array(groups, np.int64),
            identity=np.array([zlib.crc32(f"{code}/{price}".encode()) for code, price in self.sites], np.int64),
        )

    def pools(self) -> npt.NDArray[Any]:
        """The records of all pools at the start."""
        pools = fresh_pools(self.width)
        count = len(self.sites) * TYPES
        pools["beds"][:count] = self.beds.reshape(-1)
        pools["beds"][count::TYPES] = self.home_care
        for pool, (beds, entitled, trunk) in self.reserves.items():
            pools["reserved"][pool], pools["entitled"][pool], pools["trunk"][pool] = beds, entitled, trunk
        pools["lead"], pools["mate"] = links(self, {f.code: f.group for f in self.facilities if f.group})
        return pools


def layout(baseline: Baseline, scenario: Scenario) -> Layout:
    """The sites of a baseline and of all facilities that a scenario opens."""
    opened = [measure for measure in scenario.measures if isinstance(measure, OpenFacility)]
    new = tuple(Facility(each.facility, each.division, public=each.public) for each in opened)
    codes = {each.code for each in baseline.facilities}
    facilities = (*baseline.facilities, *(each for each in new if each.code not in codes))
    sites = list(dict.fromkeys((place.facility, place.price) for place in baseline.places))
    sites += [(each.facility, each.price) for each in opened if (each.facility, each.price) not in sites]
    number = {site: n for n, site in enumerate(sites)}
    usable, licensed = np.zeros((len(sites), TYPES), np.int64), np.zeros((len(sites), TYPES), np.int64)
    reserves: dict[int, tuple[int, int, bool]] = {}
    for place in baseline.places:
        site, kind = number[place.facility, place.price], TYPE[place.bed_type]
        usable[site, kind], licensed[site, kind] = place.open, place.licensed
        if place.reserved:
            kept = sum(beds for _, beds in place.reserved)
            last = max(number for number, _ in place.reserved)
            reserves[site * TYPES + kind] = (kept, bits(range(1, last + 1)), place.trunk)
    home = np.array([each.home_care for each in baseline.divisions], np.int64)
    divisions = tuple(each.code for each in baseline.divisions)
    return Layout(divisions, facilities, tuple(sites), usable, licensed, home, reserves)


def bits(classes: Any) -> int:
    """Priority classes as bits of a number."""
    return sum(1 << number for number in set(classes))


def group_numbers(where: Layout, groups: dict[str, str]) -> list[int]:
    """For each site the first site that shares its list; facilities of one group share one."""
    leads: dict[str, int] = {}
    found = []
    for number, (code, _) in enumerate(where.sites):
        group = groups.get(code)
        found.append(number if group is None else leads.setdefault(group, number))
    return found


def links(where: Layout, groups: dict[str, str]) -> tuple[Integers, Integers]:
    """For each pool the pool whose list is used, and the next pool in the circle of those that share it."""
    lead, mate = np.arange(where.width), np.arange(where.width)
    numbers = group_numbers(where, groups)
    for first in set(numbers):
        members = [site for site, number in enumerate(numbers) if number == first]
        _circle(members, lead, mate)
    return lead, mate


def _circle(members: Sequence[int], lead: Integers, mate: Integers) -> None:
    for site, following in zip(members, [*members[1:], members[0]], strict=True):
        for kind in range(TYPES):
            lead[site * TYPES + kind] = members[0] * TYPES + kind
            mate[site * TYPES + kind] = following * TYPES + kind
