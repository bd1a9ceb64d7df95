"""Where people wish to go: lists of sites by division, bed type and means, near ones first, drawn once for rows of luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eldersim.beds import CHOICES, TYPES
from eldersim.laws import Law
from eldersim.streams import words

FEWEST_ROWS, MOST_ROWS, ROWS_A_HOME = 64, 4096, 4
"""Different lists for people of one division, bed type and means: enough that every home stands on some."""

WISHES = 21
"""The stream of random numbers for the lists; it does not depend on the replication, as places do not move."""

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sites:
    """What a person sees of each site: division, price band, and its own luck number."""

    division: Integers
    price: Integers
    group: Integers
    identity: Integers


@dataclass(frozen=True, slots=True)
class Wishes:
    """Lists by [division, type, means, row]: up to `CHOICES` sites, -1 beyond; how many are near; how many there are."""

    choice: Integers
    first: Integers
    number: Integers


def rows_for(homes: int) -> int:
    """How many different lists a division with so many homes needs: a power of two, so that a few bits of luck choose one."""
    return int(min(MOST_ROWS, max(FEWEST_ROWS, 1 << max(0, ROWS_A_HOME * homes - 1).bit_length())))


def luck(sites: Sites, *, rows: int, seed: int = 0) -> Floats:
    """One exponential number for each row and site, which depends on the site's identity and nothing else."""
    found = np.empty((rows, len(sites.identity)))
    for place, identity in enumerate(sites.identity.tolist()):
        drawn = words(seed, identity, WISHES, rows=rows, width=1)[:, 0]
        found[:, place] = Law("exponential", (1.0,)).draw(drawn)
    return found


def wishes(sites: Sites, attraction: Floats, near: Integers, *, drawn: Floats, own: int, bands: int) -> Wishes:
    """The lists when sites draw people by ``attraction[site, type]``; zero means a type is not offered.

    ``near[division]`` ranks all divisions by nearness; the first ``own`` choices are at home, the rest further away, one
    from each group of sites that share a list.
    """
    divisions = len(near)
    shape = (divisions, TYPES, bands, len(drawn))
    choice = np.full((*shape, CHOICES), -1, np.int64)
    first, number = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for kind in range(TYPES):
        for band in range(bands):
            there = np.flatnonzero((attraction[:, kind] > 0) & (sites.price <= band))
            if len(there) == 0:
                continue
            order = _order(drawn[:, there] / attraction[there, kind])
            for division in range(divisions):
                tier = near[division][sites.division[there]]
                _fill(choice[division, kind, band], first[division, kind, band], there, order, tier, sites.group, own)
            number[:, kind, band] = (choice[:, kind, band] >= 0).sum(axis=-1)
    return Wishes(choice, np.minimum(np.maximum(first, 1), number), number)


def _order(keys: Floats) -> Integers:
    return np.argsort(keys, axis=1, kind="stable")


def _fill(
    choice: Integers, first: Integers, there: Integers, order: Integers, tier: Integers, group: Integers, own: int
) -> None:
    """The lists of one division, type and band, row by row; ``first`` counts those at home."""
    ranked = np.take_along_axis(np.broadcast_to(tier, order.shape), order, axis=1)
    sorted_by_tier = np.take_along_axis(order, np.argsort(ranked, axis=1, kind="stable"), axis=1)
    for row, positions in enumerate(sorted_by_tier.tolist()):
        taken: list[int] = []
        groups: set[int] = set()
        at_home = 0
        for position in positions:
            site = int(there[position])
            home = tier[position] == 0
            if group[site] in groups or (home and at_home == own and len(there) > own):
                continue
            groups.add(int(group[site]))
            taken.append(site)
            at_home += bool(home)
            if len(taken) == CHOICES:
                break
        choice[row, : len(taken)] = taken
        first[row] = at_home
