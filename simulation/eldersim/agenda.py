"""What a scenario's measures do to beds on their days: each kind of measure is one plain function over the conductor's beds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from eldersim import measures as kinds
from eldersim.baseline import Baseline
from eldersim.beds import CLASS_BITS, FIRST_RANK, RANKS, TYPES
from eldersim.conductor import WEEK, Beds, Process
from eldersim.entities import CLASSES
from eldersim.errors import InvalidInput
from eldersim.layout import TYPE
from eldersim.population import LEVELS
from eldersim.sampling import DAY
from eldersim.scenario import Scenario, day_of

Integers = npt.NDArray[np.int64]
Step = tuple[int, Callable[[Beds], None]]


def steps(scenario: Scenario, baseline: Baseline) -> list[Step]:
    """What happens on which second, in the order of time and then of the scenario."""
    found: list[Step] = []
    for measure in scenario.measures:
        start = day_of(measure.start, baseline.date)
        act = ACTS.get(type(measure))
        if act is not None:
            late = (
                measure.works_days
                if isinstance(measure, kinds.ChildcareConversion)
                else getattr(measure, "lead_days", 0)
            )
            found.append(((start + late) * DAY, partial(act, measure)))
        until = getattr(measure, "until", None)
        if until is not None:
            found.append((day_of(until, baseline.date) * DAY, partial(_reopen, measure)))
    return sorted(found, key=lambda step: step[0])


def spread(number: int, weights: Sequence[float]) -> list[int]:
    """A number over places in proportion to weights, by largest remainders; evenly if all weights are zero.

    >>> spread(10, [1, 1, 1]), spread(5, [0, 3, 1])
    ([4, 3, 3], [0, 4, 1])
    """
    given = np.array(weights, float) if sum(weights) > 0 else np.ones(len(weights))
    exact = number * given / given.sum()
    whole = np.floor(exact + 1e-9).astype(int)
    rest = np.argsort(-(exact - whole), kind="stable")[: number - int(whole.sum())]
    whole[rest] += 1
    return [int(each) for each in whole]


def ranks_of(order: kinds.PriorityOrder) -> Integers:
    """The rank of each class and level, flat; classes left out of an order come after those named."""
    table = np.full((CLASSES + 1, CLASS_BITS), FIRST_RANK, np.int64)
    if order.order is not None:
        places = {number: place for place, group in enumerate(order.order) for number in group}
        for number in range(1, CLASSES + 1):
            table[number] = FIRST_RANK + places.get(number, len(order.order))
    elif order.by == "class":
        table[1:] = FIRST_RANK + np.arange(CLASSES)[:, None]
    elif order.by == "level":
        table[:, :LEVELS] = FIRST_RANK + (LEVELS - 1 - np.arange(LEVELS))
    return table.reshape(-1)


def ranks_by(policy: Callable[[int, int], int]) -> Integers:
    """The ranks of a policy of your own: a plain function from priority class (1 to 8) and ability level (0 to 4) to a number.

    Who has the lowest number is first; those with equal numbers wait in order of time. Give the result to `Beds.order`.

    >>> severe_first = ranks_by(lambda priority_class, level: 0 if level >= 3 else 1)
    >>> int(severe_first[8 * CLASS_BITS + 4]) < int(severe_first[1 * CLASS_BITS + 0])
    True
    """
    given = {(c, level): policy(c, level) for c in range(1, CLASSES + 1) for level in range(LEVELS)}
    places = {number: place for place, number in enumerate(sorted(set(given.values())))}
    if len(places) > RANKS - FIRST_RANK:
        raise InvalidInput(
            "RANKS_TOO_MANY",
            f"The policy makes {len(places)} ranks; there is room for {RANKS - FIRST_RANK}.",
            remedy="Put classes and levels into fewer groups.",
        )
    table = np.full((CLASSES + 1, CLASS_BITS), FIRST_RANK, np.int64)
    for (priority_class, level), number in given.items():
        table[priority_class, level] = FIRST_RANK + places[number]
    return table.reshape(-1)


def _add(measure: kinds.AddBeds, beds: Beds) -> None:
    kind = TYPE[measure.bed_type]
    sites = beds.where.chosen(facility=measure.facility, division=measure.division)
    wanted = [beds.occupied()[site, kind] + beds.waiting()[site, kind] for site in sites]
    present = [int(beds.planned[site, kind]) for site in sites]
    weights = wanted if sum(wanted) else present if sum(present) else [int(beds.planned[site].sum()) for site in sites]
    for site, more in zip(sites, spread(measure.beds, weights), strict=True):
        if more:
            beds.change_site(site, kind, more)


def _close(measure: kinds.CloseBeds, beds: Beds) -> None:
    kind = TYPE[measure.bed_type]
    sites = beds.where.chosen(facility=measure.facility, division=measure.division)
    for site, fewer in zip(sites, _empty_first(beds, sites, kind, measure.beds), strict=True):
        if fewer:
            beds.change_site(site, kind, -fewer)


def _empty_first(beds: Beds, sites: Sequence[int], kind: int, number: int) -> list[int]:
    """How many beds each site gives: empty ones in proportion, then the occupied ones; never more than there are."""
    there = beds.planned[sites, kind]
    empty = np.maximum(there - beds.occupied()[sites, kind], 0)
    number = min(number, int(there.sum()))
    first = np.minimum(spread(min(number, int(empty.sum())), empty.tolist()), empty)
    rest = number - int(first.sum())
    return [int(each) for each in first + np.array(spread(rest, (there - first).tolist()), dtype=int)]


def _convert(measure: kinds.ConvertBeds, beds: Beds) -> None:
    sites = beds.where.chosen(facility=measure.facility, division=measure.division)
    old, new = TYPE[measure.from_type], TYPE[measure.to_type]
    for site, number in zip(sites, _empty_first(beds, sites, old, measure.beds), strict=True):
        if number:
            _convert_on(beds, site, old, new, number, measure.works_days)


def _convert_on(beds: Beds, site: int, old: int, new: int, number: int, works_days: int) -> None:
    beds.change_site(site, old, -number)
    ready = number - _overhang(beds, site, old)
    if works_days == 0:
        beds.change_site(site, new, max(0, ready))
        ready = max(0, ready)
    else:
        ready = 0
    if ready < number:
        beds.clock.process(_deliver(beds, site, old, new, number - ready, works_days))


def _overhang(beds: Beds, site: int, kind: int) -> int:
    """Residents beyond the beds there are."""
    return max(0, int(beds.occupied()[site, kind] - beds.planned[site, kind]))


def _deliver(beds: Beds, site: int, old: int, new: int, number: int, works_days: int) -> Process:
    """Beds to be converted become ready once their residents have left and the works are done; looked at every week."""
    if works_days:
        yield beds.clock.timeout(works_days * DAY)
    while number > 0:
        ready = max(0, number - _overhang(beds, site, old))
        if ready:
            beds.change_site(site, new, ready)
            beds.refresh()
            number -= ready
        if number:
            yield beds.clock.timeout(WEEK)


def _open(measure: kinds.OpenFacility, beds: Beds) -> None:
    for site in beds.where.sites_of(measure.facility):
        if beds.where.sites[site][1] == measure.price:
            for bed_type, number in measure.beds.items():
                beds.change_site(site, TYPE[bed_type], number)


def _shut(measure: kinds.CloseFacility, beds: Beds) -> None:
    beds.shut(measure.facility)


def _emergency(measure: kinds.EmergencyClosure, beds: Beds) -> None:
    beds.move_out(measure.facility)


def _reopen(measure: Any, beds: Beds) -> None:
    beds.reopen(measure.facility)


def _merge(measure: kinds.MergeFacility, beds: Beds) -> None:
    _merge_into(beds, measure.facility, measure.into)


def _merge_into(beds: Beds, facility: str, into: str) -> None:
    target = beds.where.sites_of(into)[0]
    for site in beds.where.sites_of(facility):
        for kind in range(TYPES):
            if beds.planned[site, kind]:
                beds.change_site(target, kind, int(beds.planned[site, kind]))
    beds.move_out(facility)


def _merge_small(measure: kinds.MergeSmall, beds: Beds) -> None:
    """Facilities below both numbers go to the largest other one of their division, smallest first."""
    size = {each.code: int(beds.planned[beds.where.sites_of(each.code)].sum()) for each in beds.where.facilities}
    people = {each.code: int(beds.occupied()[beds.where.sites_of(each.code)].sum()) for each in beds.where.facilities}
    small = [
        each
        for each in beds.where.facilities
        if each.code not in beds.closed
        and 0 < size[each.code] < measure.beds_below
        and people[each.code] < measure.residents_below
    ]
    for facility in sorted(small, key=lambda each: (size[each.code], each.code)):
        others = [each for each in beds.where.facilities if each.division == facility.division and each not in small]
        open_ = [each for each in others if each.code not in beds.closed and size[each.code] > 0]
        if open_:
            _merge_into(beds, facility.code, max(open_, key=lambda each: (size[each.code], each.code)).code)


def _upgrade(measure: kinds.UpgradeFacility, beds: Beds) -> None:
    for site in beds.where.sites_of(measure.facility):
        number = int(beds.planned[site, TYPE["ORDINARY"]] * measure.share)
        if number:
            _convert_on(beds, site, TYPE["ORDINARY"], TYPE["NURSING"], number, measure.works_days)


def _join(measure: kinds.JoinGroup, beds: Beds) -> None:
    beds.join(measure.facilities, measure.group)


def _reserve(measure: kinds.Reserve, beds: Beds) -> None:
    sites = beds.where.chosen(facility=measure.facility, division=measure.division)
    types = range(TYPES) if measure.bed_type is None else [TYPE[measure.bed_type]]
    pools = [(site, kind) for site in sites for kind in types if beds.planned[site, kind] > 0]
    if measure.share is not None:
        kept = [int(beds.planned[each] * measure.share) for each in pools]
    else:
        kept = spread(measure.beds or 0, [int(beds.planned[each]) for each in pools])
    for (site, kind), number in zip(pools, kept, strict=True):
        beds.reserve(site * TYPES + kind, number, measure.classes, trunk=measure.trunk)


def _order(measure: kinds.PriorityOrder, beds: Beds) -> None:
    beds.order(ranks_of(measure))


def _allocate(measure: kinds.Allocation, beds: Beds) -> None:
    beds.policy(measure.policy == "emptiest")


def _price(measure: kinds.Price, beds: Beds) -> None:
    for site in beds.where.chosen(facility=measure.facility, division=measure.division):
        beds.prices[site] = max(0, beds.prices[site] + measure.bands)


def _home(measure: kinds.HomeCare, beds: Beds) -> None:
    divisions = beds.where.divisions
    if measure.division is not None:
        beds.home(divisions.index(measure.division), measure.slots)
        return
    weights = [float((beds.planned[beds.where.chosen(facility=None, division=each)]).sum()) for each in divisions]
    for number, slots in enumerate(spread(measure.slots, weights)):
        beds.home(number, slots)


def _staff(measure: kinds.Staff, beds: Beds) -> None:
    sites = beds.where.chosen(facility=measure.facility, division=measure.division)
    codes = list(dict.fromkeys(beds.where.sites[site][0] for site in sites))
    weights = [float((beds.planned[beds.where.sites_of(code)] / beds.staff_ratio).sum()) for code in codes]
    for code, caregivers in zip(codes, spread(measure.caregivers, weights), strict=True):
        beds.staff[code] = caregivers
        beds.sync()
        beds.use(code)


def _childcare(measure: kinds.ChildcareConversion, beds: Beds) -> None:
    number = int(measure.places * measure.beds_per_place)
    if number:
        _add(
            kinds.AddBeds.model_validate(
                {
                    "bed_type": measure.bed_type,
                    "beds": number,
                    "facility": measure.facility,
                    "division": measure.division,
                }
            ),
            beds,
        )


ACTS: dict[type[kinds.Measure], Callable[[Any, Beds], None]] = {
    kinds.AddBeds: _add,
    kinds.ConvertBeds: _convert,
    kinds.CloseBeds: _close,
    kinds.OpenFacility: _open,
    kinds.CloseFacility: _shut,
    kinds.EmergencyClosure: _emergency,
    kinds.MergeFacility: _merge,
    kinds.MergeSmall: _merge_small,
    kinds.UpgradeFacility: _upgrade,
    kinds.JoinGroup: _join,
    kinds.Reserve: _reserve,
    kinds.PriorityOrder: _order,
    kinds.Allocation: _allocate,
    kinds.Price: _price,
    kinds.HomeCare: _home,
    kinds.Staff: _staff,
    kinds.ChildcareConversion: _childcare,
}
"""Measures about beds; the others change people or their luck and are told by `eldersim.effects`."""
