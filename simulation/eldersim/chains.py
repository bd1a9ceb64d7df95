"""Exact answers of small Markov chains: birth and death, over time and at rest, kept beds, and blocking between two places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from eldersim.errors import NoAnswer

Vector = npt.NDArray[np.float64]


class ChainTooLargeError(NoAnswer):
    """A chain has more states than can be solved."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the people at one place are expected to be at a time: people, and what has been accumulated since the start."""

    time: float
    in_system: float
    occupied: float
    waiting: float
    share_full: float
    arrivals: float
    found_full: float
    gave_up: float
    waiting_time: float
    bed_time: float


@dataclass(frozen=True, slots=True)
class Tandem:
    """The steady state of two places in a row, where who must move keeps the first bed until a second is free."""

    refused: float
    throughput: float
    queue: float
    in_service: float
    blocked: float
    occupied_after: float
    share_after_full: float


def at_rest(births: Sequence[float], deaths: Sequence[float]) -> Vector:
    """The stationary distribution of a birth and death chain; ``births[n]`` leads from n to n+1, ``deaths[n]`` from n+1 to n.

    >>> at_rest([2.0, 2.0, 2.0], [1.0, 2.0, 3.0]).round(4).tolist()
    [0.1579, 0.3158, 0.3158, 0.2105]
    """
    with np.errstate(divide="ignore"):
        steps = np.log(np.asarray(births, dtype=float)) - np.log(np.asarray(deaths, dtype=float))
    heights = np.concatenate([[0.0], np.cumsum(steps)])
    weights = np.exp(heights - heights.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def queue_at_rest(
    rate: float, mean_stay: float, beds: int, *, places_to_wait: int, mean_patience: float | None = None
) -> Vector:
    """The distribution of people at one place with a capped waiting list: M/M/c/K, with patience M/M/c/K+M.

    >>> round(float(queue_at_rest(3.0, 1.0, 3, places_to_wait=3)[-1]), 8)
    0.16981132
    """
    top = beds + places_to_wait
    give_up = 0.0 if mean_patience is None else 1 / mean_patience
    deaths = [min(n, beds) / mean_stay + max(0, n - beds) * give_up for n in range(1, top + 1)]
    return at_rest([rate] * top, deaths)


def kept_beds(
    priority_rate: float, general_rate: float, mean_stay: float, *, beds: int, kept: int
) -> tuple[float, float]:
    """The shares of priority and of general referrals refused when the last ``kept`` free beds are for priority (Miller 1969).

    >>> [round(share, 8) for share in kept_beds(0.04, 0.08, 400.0, beds=50, kept=5)]
    [0.00056285, 0.20781468]
    """
    births = [priority_rate + (general_rate if beds - n > kept else 0.0) for n in range(beds)]
    shares = at_rest(births, [n / mean_stay for n in range(1, beds + 1)])
    return float(shares[-1]), float(shares[beds - kept :].sum())


def finite_population(people: int, rate_each: float, mean_stay: float, beds: int, *, places_to_wait: int = 0) -> Vector:
    """The distribution of residents and waiting when ``people`` in all may ask (Engset 1918; machine repair).

    >>> round(float(finite_population(4, 0.5, 1.0, 2)[-1]), 6)
    0.333333
    """
    top = min(people, beds + places_to_wait)
    births = [(people - n) * rate_each for n in range(top)]
    return at_rest(births, [min(n, beds) / mean_stay for n in range(1, top + 1)])


def over_time(
    rate: Callable[[float], float],
    mean_stay: float,
    beds: Sequence[tuple[float, int]],
    *,
    times: Sequence[float],
    residents: int = 0,
    mean_patience: float | None = None,
    places_to_wait: int | None = None,
    states: int = 500,
) -> list[Expected]:
    """Expected people at each of ``times``: the Kolmogorov forward equations of a queue with changing rate and beds.

    ``beds`` are (from time, beds) steps; values at a step are those just before it. ``states`` cuts an unlimited list.

    >>> found = over_time(lambda t: 70.0, 1.6, [(0.0, 400)], times=[1.0], residents=180)[0]
    >>> round(found.occupied, 3)
    148.398
    """
    from scipy.integrate import solve_ivp  # type: ignore[attr-defined]  # scipy carries no types

    top = states if places_to_wait is None else max(count for _, count in beds) + places_to_wait
    state = np.zeros(top + 1 + 5)
    state[residents] = 1.0
    clock, found = beds[0][0], []
    moments = sorted({*times, *(start for start, _ in beds[1:] if start < max(times))})
    for moment in moments:
        count = [number for start, number in beds if start <= clock][-1]
        room = top if places_to_wait is None else count + places_to_wait
        flow = _Flow(rate, 1 / mean_stay, 0.0 if mean_patience is None else 1 / mean_patience, count, room, top)
        state = solve_ivp(flow, (clock, moment), state, method="LSODA", rtol=1e-9, atol=1e-11).y[:, -1]
        clock = moment
        if moment in times:
            found.append(_expected(moment, state, count, room))
    return found


def tandem(
    rate: float, mean_stays: tuple[float, float], beds: tuple[int, int], *, places_to_wait: int, moving: float = 1.0
) -> Tandem:
    """Two places in a row with blocking after service (Perros 1994); a share ``moving`` of the first goes on to the second.

    >>> found = tandem(0.12, (90.0, 150.0), (12, 6), places_to_wait=5, moving=0.3)
    >>> round(found.refused, 6), round(found.blocked, 6)
    (0.106602, 1.055316)
    """
    first, second = beds
    room = first + places_to_wait
    states = [
        (n, b, m)
        for n in range(room + 1)
        for m in range(second + 1)
        for b in range(min(n, first) + 1)
        if b == 0 or m == second
    ]
    if len(states) > 5_000:
        raise ChainTooLargeError(
            "CHAIN_TOO_LARGE",
            f"The chain has {len(states)} states.",
            remedy="Shorten the waiting list.",
            path=["places_to_wait"],
        )
    shares = _solve(states, _TandemMoves(rate, mean_stays, beds, room, moving))
    people, blocked, after = (np.array(column, dtype=float) for column in zip(*states, strict=True))
    held = np.minimum(people, first)
    total = {
        name: float((shares * values).sum())
        for name, values in (("blocked", blocked), ("after", after), ("held", held))
    }
    refused = float(shares[people == room].sum())
    return Tandem(
        refused,
        rate * (1 - refused),
        float((shares * (people - held)).sum()),
        total["held"] - total["blocked"],
        total["blocked"],
        total["after"],
        float(shares[after == second].sum()),
    )


@dataclass(frozen=True, slots=True)
class _Flow:
    """The derivative of the state probabilities, followed by five accumulated amounts."""

    rate: Callable[[float], float]
    leave: float
    give_up: float
    beds: int
    room: int
    top: int

    def __call__(self, time: float, state: Vector) -> Vector:
        shares, people = state[: self.top + 1], np.arange(self.top + 1)
        held = np.minimum(people, self.beds)
        waiting = people - held
        rate = self.rate(time)
        up = np.where(people < self.room, rate, 0.0) * shares
        down = (held * self.leave + waiting * self.give_up) * shares
        change = np.zeros_like(state)
        change[: self.top + 1] = -down - up
        change[1 : self.top + 1] += up[:-1]
        change[: self.top] += down[1:]
        full = float(shares[people >= self.beds].sum())
        queue, bed = float((shares * waiting).sum()), float((shares * held).sum())
        change[self.top + 1 :] = rate, rate * full, queue * self.give_up, queue, bed
        return change


@dataclass(frozen=True, slots=True)
class _TandemMoves:
    """The moves out of a state (people at the first place, of them blocked, people at the second)."""

    rate: float
    mean_stays: tuple[float, float]
    beds: tuple[int, int]
    room: int
    moving: float

    def __call__(self, state: tuple[int, int, int]) -> list[tuple[tuple[int, int, int], float]]:
        people, blocked, after = state
        serving = (min(people, self.beds[0]) - blocked) / self.mean_stays[0]
        moves = [((people - 1, blocked, after), serving * (1 - self.moving))]
        if after < self.beds[1]:
            moves.append(((people - 1, blocked, after + 1), serving * self.moving))
        else:
            moves.append(((people, blocked + 1, after), serving * self.moving))
        freed = (people - 1, blocked - 1, after) if blocked else (people, 0, after - 1)
        moves.append((freed, after / self.mean_stays[1]))
        if people < self.room:
            moves.append(((people + 1, blocked, after), self.rate))
        return [(to, speed) for to, speed in moves if speed > 0]


def _solve(states: Sequence[Any], moves: Callable[[Any], list[tuple[Any, float]]]) -> Vector:
    """The stationary distribution of a chain given by its moves."""
    index = {state: i for i, state in enumerate(states)}
    balance = np.zeros((len(states), len(states)))
    for state, i in index.items():
        for to, speed in moves(state):
            balance[index[to], i] += speed
            balance[i, i] -= speed
    balance[-1, :] = 1.0
    right = np.zeros(len(states))
    right[-1] = 1.0
    return np.asarray(np.linalg.solve(balance, right), dtype=np.float64)


def _expected(time: float, state: Vector, beds: int, room: int) -> Expected:
    shares = state[:-5]
    people = np.arange(len(shares))
    held = np.minimum(people, beds)
    return Expected(
        time,
        float((shares * people).sum()),
        float((shares * held).sum()),
        float((shares * (people - held)).sum()),
        float(shares[people >= beds].sum()),
        *(float(amount) for amount in state[-5:]),
    )
