"""Closed forms of queueing theory that stand beside a simulated number: loss, delay, patience, priorities, networks.

Rates are per unit of time, means in that unit; ``load`` is arrival rate x mean stay (erlangs, the beds demand would fill).
Reports show these next to the simulation; the simulation never uses them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eldersim.errors import NoAnswer


class UnstableQueueError(NoAnswer):
    """Demand is at least what the beds can serve, so the waiting list grows without end."""


@dataclass(frozen=True, slots=True)
class Delay:
    """The steady state of a queue without abandonment: waits in the unit of time, queue and occupied in people."""

    beds: int
    load: float
    probability_of_waiting: float
    mean_wait: float
    mean_queue: float
    mean_stay: float

    @property
    def utilisation(self) -> float:
        """The share of the beds that is occupied."""
        return self.load / self.beds

    @property
    def mean_time_in_system(self) -> float:
        """Waiting and staying together."""
        return self.mean_wait + self.mean_stay

    @property
    def mean_wait_of_delayed(self) -> float:
        """The mean wait of those who wait at all."""
        return self.mean_wait / self.probability_of_waiting

    def probability_of_waiting_beyond(self, time: float) -> float:
        """The share of people who wait longer than ``time`` (exponential stays, first come first served)."""
        return self.probability_of_waiting * math.exp(-time / self.mean_wait_of_delayed)

    def wait_quantile(self, share: float) -> float:
        """The wait that ``share`` of the people do not exceed (exponential stays, first come first served)."""
        if share <= 1 - self.probability_of_waiting:
            return 0.0
        return self.mean_wait_of_delayed * math.log(self.probability_of_waiting / (1 - share))


@dataclass(frozen=True, slots=True)
class Abandonment:
    """The steady state of a queue whose people give up: shares of arrivals, queue and occupied in people."""

    probability_of_waiting: float
    probability_of_abandoning: float
    mean_queue: float
    mean_occupied: float
    mean_wait: float


def erlang_b(beds: int, load: float) -> float:
    """The share of arrivals that find all beds full and go elsewhere (Erlang 1917; any distribution of stays).

    >>> round(erlang_b(3, 2.0), 8)
    0.21052632
    """
    _at_least_zero(beds=beds, load=load)
    if load == 0:
        return 1.0 if beds == 0 else 0.0
    inverse = 1.0
    for bed in range(1, beds + 1):
        inverse = 1.0 + inverse * bed / load
    return 1.0 / inverse


def erlang_c(beds: int, load: float) -> float:
    """The share of arrivals that wait when nobody gives up (Erlang 1917).

    >>> round(erlang_c(1, 0.9), 8)
    0.9
    """
    _stable(beds, load)
    blocked = erlang_b(beds, load)
    return blocked / (1 - load / beds * (1 - blocked))


def delay(arrival_rate: float, mean_stay: float, beds: int) -> Delay:
    """The M/M/c queue: Poisson referrals, exponential stays, nobody gives up.

    >>> found = delay(0.32, 600.0, 200)
    >>> round(found.mean_wait, 4), round(found.wait_quantile(0.9), 3)
    (34.324, 114.071)
    """
    load = arrival_rate * mean_stay
    waiting = erlang_c(beds, load)
    wait = waiting * mean_stay / (beds - load)
    return Delay(beds, load, waiting, wait, arrival_rate * wait, mean_stay)


def single_bed(arrival_rate: float, mean_stay: float, stay_deviation: float) -> Delay:
    """The M/G/1 queue (Pollaczek 1930, Khinchine 1932): one bed, any stay with this mean and standard deviation.

    >>> round(single_bed(0.8, 1.0, 0.0).mean_wait, 6)
    2.0
    """
    load = arrival_rate * mean_stay
    _stable(1, load)
    wait = arrival_rate * (mean_stay**2 + stay_deviation**2) / (2 * (1 - load))
    return Delay(1, load, load, wait, arrival_rate * wait, mean_stay)


def regular_arrivals(interval_transform: Callable[[float], float], mean_interval: float, mean_stay: float) -> Delay:
    """The GI/M/1 queue (Kendall 1951): ``interval_transform(s)`` is the mean of exp(-s x time between arrivals).

    >>> found = regular_arrivals(lambda s: math.exp(-1.25 * s), 1.25, 1.0)
    >>> round(found.probability_of_waiting, 6), round(found.mean_wait, 6)
    (0.62863, 1.692731)
    """
    load = mean_stay / mean_interval
    _stable(1, load)
    root = 0.5
    for _ in range(10_000):
        following = interval_transform((1 - root) / mean_stay)
        if abs(following - root) < 1e-15:
            break
        root = following
    wait = root * mean_stay / (1 - root)
    return Delay(1, load, root, wait, wait / mean_interval, mean_stay)


def smallest_beds(load: float, *, target: float, measure: Callable[[int, float], float] = erlang_b) -> int:
    """The fewest beds for which ``measure(beds, load)`` is at most ``target``.

    >>> smallest_beds(20.0, target=0.02), smallest_beds(20.0, target=0.05)
    (28, 26)
    """
    beds = 1 if measure is erlang_b else math.floor(load) + 1
    while measure(beds, load) > target:
        beds += 1
    return beds


def priority_waits(rates: Sequence[float], mean_stay: float, beds: int) -> list[float]:
    """Mean waits by class, most urgent first; nobody in a bed is displaced (Cobham 1954; Kella & Yechiali 1985).

    >>> [round(wait, 4) for wait in priority_waits([0.3, 0.5], 1.0, 1)]
    [1.1429, 5.7143]
    """
    waiting = erlang_c(beds, math.fsum(rates) * mean_stay)
    residual = waiting * mean_stay / beds
    return _cobham(residual, [rate * mean_stay / beds for rate in rates])


def single_bed_priority_waits(
    rates: Sequence[float], mean_stays: Sequence[float], stay_deviations: Sequence[float]
) -> list[float]:
    """Mean waits by class at one bed, any stays, nobody displaced (Cobham 1954).

    >>> [round(wait, 6) for wait in single_bed_priority_waits([0.2, 0.3], [0.5, 2.0], [0.0, 1.0])]
    [0.861111, 2.87037]
    """
    moments = [m**2 + s**2 for m, s in zip(mean_stays, stay_deviations, strict=True)]
    residual = math.fsum(rate * moment for rate, moment in zip(rates, moments, strict=True)) / 2
    loads = [rate * stay for rate, stay in zip(rates, mean_stays, strict=True)]
    _stable(1, math.fsum(loads))
    return _cobham(residual, loads)


def displacing_times(
    rates: Sequence[float], mean_stays: Sequence[float], stay_deviations: Sequence[float]
) -> list[float]:
    """Mean times in the system by class at one bed where the more urgent displace the less urgent, who resume later.

    Preemptive resume M/G/1 (Kleinrock 1976, vol. 2, 3.4).

    >>> [round(time, 4) for time in displacing_times([0.3, 0.5], [1.0, 1.0], [1.0, 1.0])]
    [1.4286, 7.1429]
    """
    times, before, residual = [], 0.0, 0.0
    for rate, stay, deviation in zip(rates, mean_stays, stay_deviations, strict=True):
        residual += rate * (stay**2 + deviation**2) / 2
        after = before + rate * stay
        _stable(1, after)
        times.append(stay / (1 - before) + residual / ((1 - before) * (1 - after)))
        before = after
    return times


def erlang_a(arrival_rate: float, mean_stay: float, beds: int, mean_patience: float) -> Abandonment:
    """The M/M/n+M queue (Palm 1957): people give up after an exponential patience.

    >>> found = erlang_a(6.0, 1.0, 5, 2.0)
    >>> round(found.probability_of_abandoning, 8), round(found.mean_wait, 8)
    (0.22638661, 0.45277322)
    """
    return patient_queue(
        arrival_rate, mean_stay, beds, survival=lambda time: math.exp(-time / mean_patience), reach=mean_patience
    )


def patient_queue(
    arrival_rate: float, mean_stay: float, beds: int, *, survival: Callable[[float], float], reach: float
) -> Abandonment:
    """The M/M/n+G queue: ``survival(t)`` is the share still willing to wait after ``t``, ``reach`` its rough length.

    Source: Baccelli & Hebuterne 1981; Zeltyn & Mandelbaum 2005, theorem 2.1, by quadrature on a fine grid.

    >>> found = patient_queue(0.36, 30.0, 10, survival=lambda t: math.exp(-((t / 40) ** 2)), reach=40.0)
    >>> round(found.probability_of_abandoning, 5), round(found.mean_queue, 4)
    (0.12577, 3.8083)
    """
    grid = _offered_wait(arrival_rate, beds / mean_stay, survival, reach)
    everybody = math.fsum(weight for weight, _, _ in grid)
    idle = 1 / (arrival_rate * erlang_b(beds - 1, arrival_rate * mean_stay))
    scale = 1 / (idle + everybody)
    lost = math.fsum(weight * gone for weight, gone, _ in grid) * scale
    wait = math.fsum(weight * waited for weight, _, waited in grid) * scale
    return Abandonment(everybody * scale, lost, arrival_rate * wait, arrival_rate * (1 - lost) * mean_stay, wait)


def residents_without_limit(
    rate: Callable[[float], float], survival: Callable[[float], float], time: float, *, since: float, steps: int = 4000
) -> float:
    """The expected residents at ``time`` if beds never run out: M_t/G/infinity (Eick, Massey & Whitt 1993).

    ``rate(t)`` is the arrival rate, ``survival(age)`` the share still resident ``age`` after arriving; empty at ``since``.

    >>> round(residents_without_limit(lambda t: 70.0, lambda a: math.exp(-a / 1.6), 100.0, since=0.0), 4)
    112.0
    """
    if time <= since:
        return 0.0
    width = (time - since) / (2 * steps)
    weights = (1 if i in (0, 2 * steps) else 4 if i % 2 else 2 for i in range(2 * steps + 1))
    return width / 3 * math.fsum(w * rate(time - i * width) * survival(i * width) for i, w in enumerate(weights))


def network_rates(outside: Mapping[str, float], routing: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """Arrivals per unit of time at each place of a network, those who come back included (Jackson 1957).

    >>> rates = network_rates({"home": 1.0}, {"home": {"ward": 0.5}, "ward": {"home": 0.2}})
    >>> round(rates["home"], 4), round(rates["ward"], 4)
    (1.1111, 0.5556)
    """
    names = sorted({*outside, *routing, *(to for row in routing.values() for to in row if to != "exit")})
    rates = {name: outside.get(name, 0.0) for name in names}
    for _ in range(100_000):
        following = {
            to: outside.get(to, 0.0) + math.fsum(rates[at] * routing.get(at, {}).get(to, 0.0) for at in names)
            for to in names
        }
        moved = max(abs(following[name] - rates[name]) for name in names)
        rates = following
        if moved < 1e-14 * max(1.0, *rates.values()):
            return rates
    raise UnstableQueueError(
        "NETWORK_NEVER_LEFT", "Nobody ever leaves this network.", remedy="Route some people to exit.", path=["routing"]
    )


def jackson(
    outside: Mapping[str, float],
    routing: Mapping[str, Mapping[str, float]],
    *,
    mean_stays: Mapping[str, float],
    beds: Mapping[str, int],
) -> dict[str, Delay]:
    """The steady state of each place of an open network with exponential stays (Jackson 1957).

    >>> found = jackson({"a": 2.0}, {"a": {"exit": 1.0}}, mean_stays={"a": 1.0}, beds={"a": 3})
    >>> round(found["a"].mean_wait, 6)
    0.444444
    """
    return {name: delay(rate, mean_stays[name], beds[name]) for name, rate in network_rates(outside, routing).items()}


def overflow_moments(beds: int, load: float) -> tuple[float, float]:
    """Mean and variance of the people who overflow into unlimited other beds (Kosten 1937; Riordan, Wilkinson 1956).

    >>> [round(moment, 6) for moment in overflow_moments(10, 8.0)]
    [0.973289, 1.985661]
    """
    average = load * erlang_b(beds, load)
    return average, average * (1 - average + load / (beds + 1 + average - load))


def _cobham(residual: float, loads: Sequence[float]) -> list[float]:
    waits, before = [], 0.0
    for load in loads:
        waits.append(residual / ((1 - before) * (1 - before - load)))
        before += load
    return waits


def _offered_wait(
    rate: float, speed: float, survival: Callable[[float], float], reach: float
) -> list[tuple[float, float, float]]:
    """The virtual wait on a Simpson grid: weight, share gone by then, mean time waited when offered that wait."""
    count = 8000
    width = _far_enough(rate, speed, survival, reach) / count
    waited, grid = 0.0, []
    for i in range(count + 1):
        time = i * width
        if i:
            waited += width * (survival(time - width) + 4 * survival(time - width / 2) + survival(time)) / 6
        simpson = width / 3 * (1 if i in (0, count) else 4 if i % 2 else 2)
        grid.append((simpson * math.exp(rate * waited - speed * time), 1 - survival(time), waited))
    return grid


def _far_enough(rate: float, speed: float, survival: Callable[[float], float], reach: float) -> float:
    end, area = 0.0, 0.0
    step = reach / 50
    while speed * end - rate * area < 40 and end < 1e6 * reach:
        area += step * survival(end + step / 2)
        end += step
    return end


def _stable(beds: int, load: float) -> None:
    _at_least_zero(beds=beds, load=load)
    if load >= beds:
        raise UnstableQueueError(
            "QUEUE_UNSTABLE",
            f"A load of {load:g} needs more than {beds} beds: the waiting list grows without end and has no steady state.",
            remedy=f"Give at least {math.floor(load) + 1} beds, or look at the growth over time instead.",
            path=["beds"],
        )


def _at_least_zero(**amounts: float) -> None:
    for name, amount in amounts.items():
        if not amount >= 0:
            raise UnstableQueueError(
                "NEGATIVE_AMOUNT",
                f"{name} is {amount}, which is not an amount.",
                remedy="Give zero or more.",
                path=[name],
            )
