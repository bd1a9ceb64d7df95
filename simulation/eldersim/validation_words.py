"""Translates the names of expected numbers, such as mean_wait_urgent or prob_wait_gt_30, into measures of a network run."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from eldersim.network import Network
from eldersim.network_observed import Where
from eldersim.validation_case import UnknownKindError
from eldersim.validation_runs import Measure

OUTSIDE = "outside"
DAYS_A_YEAR = {"hour": 8760.0, "day": 365.0, "week": 365.0 / 7, "month": 12.0, "year": 1.0}
NAMES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "prob_loss",
            "prob_lost",
            "prob_rejected",
            "prob_blocked",
            "prob_refused",
            "prob_refusal",
            "prob_referral_lost",
            "prob_overflow",
            "prob_balk",
        ),
        "share_refused",
    ),
    **dict.fromkeys(("prob_wait", "prob_wait_on_arrival", "prob_delay", "prob_waiting"), "share_waiting"),
    **dict.fromkeys(("prob_wait_given_admitted", "prob_wait_admitted"), "share_admitted_waiting"),
    **dict.fromkeys(
        (
            "prob_abandon",
            "prob_renege",
            "prob_reneged",
            "prob_reneging",
            "prob_leave_waiting",
            "prob_died_waiting",
            "prob_die_waiting",
        ),
        "share_giving_up",
    ),
    **dict.fromkeys(
        (
            "mean_wait",
            "mean_wait_fifo",
            "mean_wait_admitted",
            "mean_wait_of_admitted",
            "mean_wait_of_served",
            "mean_wait_served",
        ),
        "wait_of_admitted",
    ),
    **dict.fromkeys(("mean_wait_of_delayed", "mean_wait_delayed"), "wait_of_delayed"),
    **dict.fromkeys(("mean_wait_all_joining", "mean_wait_joining", "mean_wait_of_all_joining"), "wait_of_all"),
    **dict.fromkeys(("mean_wait_of_reneged", "mean_wait_reneged", "mean_wait_of_abandoned"), "wait_of_gone"),
    "mean_offered_wait": "wait_offered",
    **dict.fromkeys(
        ("mean_occupied", "mean_bed_occupancy", "mean_beds_occupied", "mean_beds_used", "mean_bed_use"), "occupied"
    ),
    **dict.fromkeys(("utilisation", "utilization", "occupancy", "mean_utilisation"), "utilisation"),
    **dict.fromkeys(("mean_queue", "mean_number_waiting", "mean_waiting"), "queue"),
    **dict.fromkeys(("mean_in_system", "mean_number_in_system", "mean_number"), "in_system"),
    "mean_blocked": "blocked",
    "mean_in_service": "in_service",
    "mean_open_beds": "open_beds",
    **dict.fromkeys(("throughput", "throughput_served", "admission_rate"), "throughput"),
    "abandonment_rate": "abandonments",
    "arrival_rate": "arrivals",
    **dict.fromkeys(("referrals_lost", "lost", "refused", "loss_rate", "rejection_rate"), "refusals"),
    "offered_load": "load_offered",
    **dict.fromkeys(("mean_length_of_stay", "mean_los", "length_of_stay"), "length_of_stay"),
    **dict.fromkeys(("mean_blocking_time_per_transfer", "mean_blocking_time"), "blocking_time"),
    **dict.fromkeys(("variance_occupied", "var_occupied"), "variance_occupied"),
    "peakedness": "peakedness",
    **dict.fromkeys(("prob_empty", "prob_idle"), "share_of_time_empty"),
    **dict.fromkeys(("prob_full", "prob_all_beds_full", "prob_all_full"), "share_of_time_full"),
    **dict.fromkeys(("call_congestion", "loss_probability"), "share_refused"),
    "time_congestion": "share_of_time_full",
}
TIME_NAMES = (
    "mean_time_in_system",
    "mean_time_in_system_admitted",
    "mean_total_time_in_system",
    "mean_response_time",
    "mean_sojourn_time",
)
FULL = re.compile(r"^prob_(?:station_?)?(.+?)_full$")
BEYOND = re.compile(r"^prob_wait_(?:gt|over|exceeds)_?([0-9.]+)(?:_(.+))?$")
WITHIN = re.compile(r"^prob_wait_(?:le|within)_?([0-9.]+)(?:_(.+))?$")
QUANTILE = re.compile(r"^wait_p([0-9]+)(?:_(.+))?$")


def measure_for(name: str, network: Network, *, unit: str = "day") -> tuple[Measure, float]:
    """The measure that a name asks for, and the factor to its unit.

    Raises UnknownKindError for a name that is not known.
    """
    if name.endswith("_per_year"):
        measure, _ = measure_for(name.removesuffix("_per_year"), network)
        return measure, DAYS_A_YEAR.get(unit, 365.0)
    for pattern, function in (
        (BEYOND, "share_waiting_beyond"),
        (WITHIN, "share_waiting_within"),
        (QUANTILE, "wait_quantile"),
    ):
        found = pattern.match(name)
        if found:
            number = float(found[1]) / 100 if pattern is QUANTILE else float(found[1])
            return Measure(function, _where(found[2], network, name), number), 1.0
    full = FULL.match(name)
    if full and name not in NAMES:
        return Measure("share_of_time_full", _where(full[1], network, name)), 1.0
    return _plain(name, network), 1.0


def _plain(name: str, network: Network) -> Measure:
    known = sorted((*NAMES, *TIME_NAMES), key=len, reverse=True)
    stems = [word for word in known if name == word or name.startswith(f"{word}_")]
    for stem in stems:
        rest = name[len(stem) + 1 :]
        try:
            where = _where(rest or None, network, name)
        except UnknownKindError:
            continue
        if stem in TIME_NAMES:
            return Measure("time_here" if where.places is not None else "time_in_system", where)
        return _narrowed(stem, where, network)
    raise UnknownKindError(
        "MEASURE_UNKNOWN",
        f"There is no measure {name!r}.",
        remedy=_nearest(name),
        path=[name],
    )


def _nearest(name: str) -> str:
    """The known names most like this one, or all of them."""
    near = difflib.get_close_matches(name, [*NAMES, *TIME_NAMES], n=3, cutoff=0.5)
    return f"Perhaps {' or '.join(near)}." if near else f"Known are {', '.join(sorted((*NAMES, *TIME_NAMES)))}."


def _where(words: str | None, network: Network, name: str) -> Where:
    """The group or place named at the end of a measure's name; places may be numbered from 1."""
    if words is None or words in ("all", "total", "overall"):
        # People of a finite population who are outside are not in the system.
        inside = tuple(i for i, place in enumerate(network.places) if place.name != OUTSIDE)
        return Where() if len(inside) == len(network.places) else Where(places=inside)
    groups = [group.name for group in network.groups]
    places = [place.name for place in network.places]
    if words in groups:
        return Where(groups=(groups.index(words),))
    if words in places:
        return Where(places=(places.index(words),))
    if words.isdigit() and 1 <= int(words) <= len(places):
        return Where(places=(int(words) - 1,))
    for group in groups:
        for place in places:
            if words in (f"{group}_{place}", f"{place}_{group}", f"{group}_at_{place}"):
                return Where((places.index(place),), (groups.index(group),))
    raise UnknownKindError(
        "MEASURE_UNKNOWN", f"{name!r} names no group or place of the model.", remedy="Use their names.", path=[name]
    )


def _narrowed(stem: str, where: Where, network: Network) -> Measure:
    """A name without a place may still mean one: where people overflow from or to, or the way out of the network."""
    if where == Where() and stem == "prob_overflow":
        return Measure(NAMES[stem], _overflowing(network))
    if where == Where() and stem == "peakedness":
        targets = [place.overflow for place in network.places if place.overflow is not None]
        return Measure(NAMES[stem], Where(places=(network.number(targets[0]),)) if targets else where)
    if where == Where() and NAMES[stem] == "throughput":
        return Measure("departures")
    return Measure(NAMES[stem], where)


def _overflowing(network: Network) -> Where:
    return Where(places=tuple(i for i, place in enumerate(network.places) if place.overflow is not None))
