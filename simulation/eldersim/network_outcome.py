"""How people fared in a network run: who was refused, waited, gave up, how long they stayed; people present and blocked.

Every measure is a numerator and a denominator for each copy, so that replications are pooled by sums and not by means
of ratios. People present at the start count towards occupancy, never towards arrivals or waits.
"""

from __future__ import annotations

import numpy as np

from eldersim.network_observed import (
    Floats,
    Integers,
    Observed,
    Ratio,
    Where,
    began_within,
    fate_known,
    gave_up,
    refused,
    weigh,
)
from eldersim.network_rules import DIVERTED, DONE, ENDED_BLOCKED, REFUSED


def arrivals(seen: Observed, where: Where) -> Ratio:
    """Arrivals per unit of time."""
    return Ratio(seen.count(seen.chosen(where)), seen.length())


def throughput(seen: Observed, where: Where) -> Ratio:
    """People who get a bed per unit of time."""
    return Ratio(seen.count(began_within(seen, where)), seen.length())


def departures(seen: Observed, where: Where) -> Ratio:
    """People per unit of time who leave for good after a stay."""
    visits = seen.run.visits
    over = (visits["fate"] == DONE) | (visits["fate"] == ENDED_BLOCKED)
    gone = over & (visits["then"] < 0) & (seen.left >= seen.start) & (seen.left < seen.end)
    return Ratio(seen.count(seen.chosen(where, within=False) & gone), seen.length())


def refusals(seen: Observed, where: Where) -> Ratio:
    """Refused people per unit of time."""
    return Ratio(seen.count(seen.chosen(where) & refused(seen)), seen.length())


def abandonments(seen: Observed, where: Where) -> Ratio:
    """People who give up per unit of time."""
    return Ratio(seen.count(seen.chosen(where) & gave_up(seen)), seen.length())


def share_refused(seen: Observed, where: Where) -> Ratio:
    """Refused arrivals among all arrivals; without a place, people refused everywhere among those from outside."""
    chosen = seen.chosen(where)
    if where.places is not None:
        return Ratio(seen.count(chosen & refused(seen)), seen.count(chosen))
    lost = chosen & ~seen.internal & (seen.run.visits["fate"] == REFUSED)
    return Ratio(seen.count(lost), seen.count(chosen & seen.run.journeys.first))


def share_giving_up(seen: Observed, where: Where) -> Ratio:
    """Arrivals who give up among all arrivals whose fate is known."""
    chosen = seen.arriving(where) & fate_known(seen)
    return Ratio(seen.count(chosen & gave_up(seen)), seen.count(chosen))


def share_waiting(seen: Observed, where: Where) -> Ratio:
    """Arrivals who join a waiting list among all arrivals (refused ones included in the denominator)."""
    chosen = seen.arriving(where)
    return Ratio(seen.count(chosen & (seen.began > seen.asked) & ~refused(seen)), seen.count(chosen))


def share_finding_full(seen: Observed, where: Where) -> Ratio:
    """Arrivals who do not get a bed at once among all arrivals."""
    chosen = seen.arriving(where)
    return Ratio(seen.count(chosen & (seen.began > seen.asked)), seen.count(chosen))


def share_admitted_waiting(seen: Observed, where: Where) -> Ratio:
    """Those who joined a waiting list among those not refused."""
    chosen = seen.arriving(where) & ~refused(seen)
    return Ratio(seen.count(chosen & (seen.began > seen.asked)), seen.count(chosen))


def wait_of_admitted(seen: Observed, where: Where) -> Ratio:
    """The mean wait of those who got a bed, zeros and time displaced from it included."""
    chosen = seen.chosen(where) & (seen.began < np.inf)
    return Ratio(seen.total(seen.waited, chosen), seen.count(chosen))


def wait_of_delayed(seen: Observed, where: Where) -> Ratio:
    """The mean wait of those who got a bed and had to wait."""
    chosen = seen.chosen(where) & (seen.began < np.inf) & (seen.waited > 0)
    return Ratio(seen.total(seen.waited, chosen), seen.count(chosen))


def wait_of_gone(seen: Observed, where: Where) -> Ratio:
    """The mean wait of those who gave up."""
    chosen = seen.chosen(where) & gave_up(seen)
    return Ratio(seen.total(seen.between(seen.asked, seen.left), chosen), seen.count(chosen))


def wait_of_all(seen: Observed, where: Where) -> Ratio:
    """The mean wait of all who were not refused, those who gave up included."""
    admitted, gone = wait_of_admitted(seen, where), wait_of_gone(seen, where)
    return Ratio(admitted.above + gone.above, admitted.below + gone.below)


def wait_until_admission(seen: Observed, where: Where) -> Ratio:
    """The mean wait of those admitted within the window, whenever they came."""
    chosen = began_within(seen, where)
    return Ratio(seen.total(seen.between(seen.asked, seen.began), chosen), seen.count(chosen))


def share_waiting_beyond(seen: Observed, where: Where, time: float) -> Ratio:
    """The share of those who got a bed whose wait was longer than ``time``."""
    chosen = seen.chosen(where) & (seen.began < np.inf)
    return Ratio(seen.count(chosen & (seen.waited > time)), seen.count(chosen))


def wait_quantile(seen: Observed, where: Where, share: float) -> Ratio:
    """The wait that a share of those who got a bed did not exceed; NaN in a copy where nobody did."""
    chosen = np.flatnonzero(seen.chosen(where) & (seen.began < np.inf))
    if seen.copies == 1 and len(chosen):
        return Ratio(np.array([np.quantile(seen.waited[chosen], share)]), seen.each(1.0))
    copy, waits = seen.run.journeys.copy[chosen], seen.waited[chosen]
    order = np.lexsort((waits, copy))
    parts = np.split(waits[order], np.cumsum(np.bincount(copy, minlength=seen.copies))[:-1])
    return Ratio(np.array([np.quantile(part, share) if len(part) else np.nan for part in parts]), seen.each(1.0))


def wait_offered(seen: Observed, where: Where) -> Ratio:
    """The mean wait that arrivals would have had with endless patience, one list, first come first served.

    Who gave up would have got the first bed freed after everybody ahead had left the list.
    """
    above, below = np.zeros(seen.copies), np.zeros(seen.copies)
    for copy in range(seen.copies):
        mine = np.flatnonzero(seen.chosen(where, within=False) & (seen.run.journeys.copy == copy))
        offered = _offered(seen, mine[np.argsort(seen.asked[mine], kind="stable")])
        above[copy], below[copy] = offered.sum(), len(offered)
    return Ratio(above, below)


def _offered(seen: Observed, order: Integers) -> Floats:
    asked, gone = seen.asked[order], gave_up(seen)[order]
    off_list = np.where(gone, seen.left[order], seen.began[order])
    cleared = np.maximum.accumulate(np.where(off_list < np.inf, off_list, 0.0))
    freed = np.sort(seen.left[order][(seen.began[order] < np.inf) & (seen.left[order] < np.inf)])
    place = np.searchsorted(freed, cleared, side="right")
    start = np.where(gone, np.append(freed, np.inf)[place], seen.began[order])
    return np.asarray((start - asked)[seen.window[order] & (start < np.inf)])


def occupied(seen: Observed, where: Where) -> Ratio:
    """The time average of people in beds, those who keep a bed while blocked included."""
    held = seen.area(seen.began, seen.left, seen.chosen(where, within=False))
    return Ratio(held - seen.paused(where), seen.length())


def queue(seen: Observed, where: Where) -> Ratio:
    """The time average of people on waiting lists, displaced people included."""
    chosen = seen.chosen(where, within=False)
    waited = seen.area(seen.queued_since, np.minimum(seen.began, seen.left), chosen)
    return Ratio(waited + seen.paused(where), seen.length())


def in_system(seen: Observed, where: Where) -> Ratio:
    """The time average of people waiting or in beds."""
    return Ratio(occupied(seen, where).above + queue(seen, where).above, seen.length())


def blocked(seen: Observed, where: Where) -> Ratio:
    """The time average of people who keep a bed because the next place has none."""
    return Ratio(seen.area(seen.ended, seen.left, seen.chosen(where, within=False)), seen.length())


def in_service(seen: Observed, where: Where) -> Ratio:
    """The time average of people in beds whose stay is not over."""
    return Ratio(occupied(seen, where).above - blocked(seen, where).above, seen.length())


def time_in_system(seen: Observed, where: Where) -> Ratio:
    """The mean time from the first arrival to the last departure of people who came in the window, were let in and have left."""
    journeys = seen.run.journeys
    first = np.flatnonzero(journeys.first & seen.chosen(where))
    then, other = seen.run.visits["then"], seen.run.visits["other"]
    came, at, last = seen.asked[first], first, seen.left[first]
    turned = np.isin(seen.run.visits["fate"][at], (REFUSED,))
    while True:
        fate = seen.run.visits["fate"][at]
        following = np.where(fate == DIVERTED, other[at], then[at])
        moving = (following >= 0) & (seen.asked[following] < np.inf)
        if not moving.any():
            break
        at = np.where(moving, following, at)
        last = seen.left[at]
    done = (last < np.inf) & ~turned
    copy = seen.run.journeys.copy[first[done]]
    spans = weigh(copy, (last - came)[done], seen.copies)
    return Ratio(spans, np.bincount(copy, minlength=seen.copies).astype(np.float64))


def time_here(seen: Observed, where: Where) -> Ratio:
    """The mean time from asking at a place to leaving it, of those who got a bed and have left."""
    chosen = seen.chosen(where) & (seen.began < np.inf) & (seen.left < np.inf)
    return Ratio(seen.total(seen.between(seen.asked, seen.left), chosen), seen.count(chosen))


def length_of_stay(seen: Observed, where: Where) -> Ratio:
    """The mean time in bed, blocked time included, of stays begun in the window and over."""
    chosen = began_within(seen, where) & (seen.left < np.inf)
    return Ratio(seen.total(seen.between(seen.began, seen.left), chosen), seen.count(chosen))


def blocking_time(seen: Observed, where: Where) -> Ratio:
    """The mean time a bed is kept after the stay, of those who move on from these places."""
    chosen = seen.chosen(where, within=False) & (seen.ended >= seen.start) & (seen.ended < seen.end)
    moved = chosen & (seen.run.visits["then"] >= 0) & (seen.left < np.inf)
    return Ratio(seen.total(seen.between(seen.ended, seen.left), moved), seen.count(moved))


def blocking_time_of_all(seen: Observed, where: Where) -> Ratio:
    """The mean time a bed is kept after the stay, of everybody whose stay ends here."""
    chosen = (
        seen.chosen(where, within=False) & (seen.ended >= seen.start) & (seen.ended < seen.end) & (seen.left < np.inf)
    )
    return Ratio(seen.total(seen.between(seen.ended, seen.left), chosen), seen.count(chosen))


def load_offered(seen: Observed, where: Where) -> Ratio:
    """The beds the arrivals would fill if none were refused and none gave up: their drawn stays over time."""
    return Ratio(seen.total(seen.run.visits["service"] / seen.run.ticks, seen.chosen(where)), seen.length())


def discharges(seen: Observed, where: Where) -> Ratio:
    """People who leave a bed per unit of time."""
    chosen = seen.chosen(where, within=False) & (seen.began < np.inf)
    return Ratio(seen.count(chosen & (seen.left >= seen.start) & (seen.left < seen.end)), seen.length())


def share_waiting_within(seen: Observed, where: Where, time: float) -> Ratio:
    """The share of those who got a bed whose wait was at most ``time``."""
    beyond = share_waiting_beyond(seen, where, time)
    return Ratio(beyond.below - beyond.above, beyond.below)
