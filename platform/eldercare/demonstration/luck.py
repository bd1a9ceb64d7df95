"""Draws that are the same on every machine, database and Python version."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")

MASK = (1 << 64) - 1


class Weighted(Generic[T]):
    """Values with weights that need not add up to one."""

    __slots__ = ("bounds", "total", "values")

    def __init__(self, weights: Mapping[T, float] | Iterable[tuple[T, float]]) -> None:
        pairs: list[tuple[T, float]] = list(weights.items() if isinstance(weights, Mapping) else weights)
        self.values: list[T] = [value for value, _ in pairs]
        self.bounds = list(accumulate(weight for _, weight in pairs))
        self.total = self.bounds[-1]

    def at(self, share: float) -> T:
        """The value at a share, 0 to 1, of the total weight."""
        return self.values[min(bisect_right(self.bounds, share * self.total), len(self.values) - 1)]


class Luck:
    """One stream of draws (SplitMix64) that depends on nothing but the seed and the words it is opened with.

    Python's own generator promises the same stream only for a few of its methods; this one is ours.

    >>> Luck(1, "person", 7).below(1000) == Luck(1, "person", 7).below(1000)
    True
    """

    __slots__ = ("state",)

    def __init__(self, seed: int, *words: str | int) -> None:
        text = "/".join(map(str, (seed, *words))).encode()
        self.state = int.from_bytes(blake2b(text, digest_size=8).digest(), "big")

    def bits(self) -> int:
        """The next 64 bits."""
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def share(self) -> float:
        """A number from 0 up to, but not including, 1."""
        return (self.bits() >> 11) * 2.0**-53

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, but not including, the limit."""
        return (self.bits() * limit) >> 64

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both possible."""
        return low + self.below(high - low + 1)

    def hit(self, chance: float) -> bool:
        """Whether something of this chance happens."""
        return self.share() < chance

    def one(self, values: Sequence[T]) -> T:
        """One of the values, all equally likely."""
        return values[self.below(len(values))]

    def of(self, weighted: Weighted[T]) -> T:
        """One of the values by their weights."""
        return weighted.at(self.share())

    def some(self, values: Iterable[T], count: int) -> list[T]:
        """That many of the values, none twice, in the order drawn (Fisher-Yates, stopped early)."""
        order = list(values)
        for place in range(count):
            other = place + self.below(len(order) - place)
            order[place], order[other] = order[other], order[place]
        return order[:count]

    def mixed(self, values: Sequence[T]) -> list[T]:
        """The values in another order."""
        return self.some(values, len(values))


def apportioned(
    total: int, weights: Sequence[float], *, least: int = 0, most: Sequence[int] | None = None
) -> list[int]:
    """Whole numbers that add up to the total, near to the weights: each at least `least`, at most its own `most`.

    Largest remainders; what the limits take away goes to the next in line. ValueError when the limits leave no solution.
    """
    limits = list(most) if most is not None else [total] * len(weights)
    if least * len(weights) > total or sum(limits) < total:
        raise ValueError(f"{total} cannot be shared out among {len(weights)} within their limits")
    exact = [weight * total / sum(weights) for weight in weights]
    parts = [min(max(int(part), least), limit) for part, limit in zip(exact, limits, strict=True)]
    order = sorted(range(len(parts)), key=lambda place: (int(exact[place]) - exact[place], place))
    _level(parts, total, order, least, limits)
    return parts


def _level(parts: list[int], total: int, order: list[int], least: int, limits: list[int]) -> None:
    """Add or take one at a time in the given order until the parts add up."""
    missing = total - sum(parts)
    step = 1 if missing > 0 else -1
    while missing:
        for place in order if step > 0 else reversed(order):
            if missing and least <= parts[place] + step <= limits[place]:
                parts[place] += step
                missing -= step
